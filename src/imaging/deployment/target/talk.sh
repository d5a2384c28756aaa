# shellcheck shell=dash
# Requests to the boot service (docs/netboot-protocol.md). Secrets travel in curl's configuration file, never in its arguments.

# allow SECRET: what the next requests carry.
allow() {
  (umask 077 && printf 'header = "Authorization: Bearer %s"\n' "$1" >"$work/auth")
}

# send PATH ANSWER FIELD...: POSTs form fields, keeps the body in ANSWER, prints the status (000 when nobody answered to the end).
send() {
  send_path=$1 send_answer=$2
  shift 2
  for send_field in "$@"; do
    set -- "$@" --data-urlencode "$send_field"
    shift
  done
  # A long answer may take its time; nothing for half a minute is none, and so is one that was cut off.
  send_status=$(
    curl --silent --show-error --noproxy '*' --output "$send_answer" --write-out '%{http_code}' --connect-timeout 5 --speed-limit 1 --speed-time 30 \
      --max-filesize 33554432 --config "$work/auth" "$@" "$server$send_path" 2>>"$work/log"
  ) || send_status=000
  echo "$send_status"
}

# first_words FILE: the plain line a refusal carries.
first_words() {
  head -c 200 "$1" 2>/dev/null | head -n 1 | printable
}

# ask SECONDS PATH ANSWER FIELD...: repeats a request over lost answers and restarts of the service until it is answered; 0 when it was granted, 1 when it was refused or the time is over ($ask_trouble says which).
ask() {
  ask_end=$(($(uptime_cs) + $1 * 100)) ask_pause=1
  shift
  while :; do
    ask_status=$(send "$@")
    case $ask_status in
      200) return 0 ;;
      429) ;;
      4*)
        ask_trouble="the server refused: $(first_words "$2")"
        return 1
        ;;
    esac
    if [ "$(uptime_cs)" -ge "$ask_end" ]; then
      ask_trouble="the server at $server does not answer (last: $ask_status)"
      return 1
    fi
    sleep "$ask_pause"
    [ "$ask_pause" -ge 8 ] || ask_pause=$((ask_pause * 2))
  done
}

# read_identity: what the PC says of itself, as its boot loader does (SMBIOS).
read_identity() {
  uuid=$(read_attribute "$sysfs/class/dmi/id/product_uuid" | tr 'A-Z' 'a-z')
  serial=$(read_attribute "$sysfs/class/dmi/id/product_serial")
  maker=$(read_attribute "$sysfs/class/dmi/id/sys_vendor")
  product=$(read_attribute "$sysfs/class/dmi/id/product_name")
  asset=$(read_attribute "$sysfs/class/dmi/id/chassis_asset_tag")
  firmware=bios platform=pcbios secure_boot=0
  [ -d "$sysfs/firmware/efi" ] || return 0
  firmware=uefi platform=efi
  mount -t efivarfs efivarfs "$sysfs/firmware/efi/efivars" 2>/dev/null
  # Four bytes of attributes, then the value (Documentation/filesystems/efivarfs.rst; UEFI specification 3.3).
  secure_boot=$(tail -c 1 "$sysfs/firmware/efi/efivars/SecureBoot-8be4df61-93ca-11d2-aa0d-00e098032b8c" 2>/dev/null | od -An -tu1 | tr -d ' ')
}

# get_token: from the kernel line, else for the identity (a boot loader that carries no secrets).
get_token() {
  token=$(kernel_value labkit_token "$kernel_line")
  if [ -z "$token" ]; then
    : >"$work/auth"
    ask 120 /boot/identify "$work/token" "mac=$mac" "uuid=$uuid" "serial=$serial" "manufacturer=$maker" "product=$product" \
      "asset=$asset" "platform=$platform" "buildarch=$(uname -m)" "secureboot=$secure_boot" || return 1
    read -r token <"$work/token"
  fi
  fits "$token" '[A-Za-z0-9_-]{16,128}' && return 0
  ask_trouble='the server gave no token'
  return 1
}

# get_job: reads the job once; a reply that was cut off is asked for again with the same nonce.
get_job() {
  nonce=$(head -c 24 /dev/urandom | base64 | tr '+/' '-_')
  allow "$token"
  job_tries=0
  while :; do
    ask 120 /boot/job "$work/job.text" "nonce=$nonce" "mac=$mac" "uuid=$uuid" "serial=$serial" || return 1
    rm -rf "$job" && mkdir -p "$job"
    ask_trouble=$(parse_job "$work/job.text" "$job")
    case $? in
      0) break ;;
      2) return 1 ;;
    esac
    job_tries=$((job_tries + 1))
    [ "$job_tries" -lt 3 ] || return 1
  done
  rm -f "$work/job.text"
  server=$(cat "$job/server")
  allow "$(cat "$job/session")"
}

# tell STAGE FIELD...: a report that is repeated for $tell_patience seconds until it is answered.
tell() {
  tell_stage=$1
  shift
  ask "$tell_patience" /boot/report "$work/reply.$tell_stage" "stage=$tell_stage" "firmware=$firmware" "$@"
}
