# shellcheck shell=dash
# Reads a job (docs/netboot-protocol.md, "The job"). Each value ends up in a file of its own: nothing the server sends is ever run.

# job_grammar: one extended regular expression a line; every line of a job must fit one of them whole.
job_grammar() {
  cat <<'GRAMMAR'
job lab\.job/1
host [A-Za-z0-9_][A-Za-z0-9._-]{0,252}
hostname [A-Za-z0-9_]([A-Za-z0-9._-]{0,61}[A-Za-z0-9_])?
(seat|room)( .{0,120})?
server https?://[][A-Za-z0-9.:-]+(/[A-Za-z0-9._~-]+)*
session [A-Za-z0-9_-]{16,128}
now [1-9][0-9]{0,10}
bytes [1-9][0-9]{0,14}
disk only
disk fingerprint [^ ](.{0,78}[^ ])? [^ ]{1,80} (-|[1-9][0-9]{0,15})
firmware( [a-z0-9-]{0,20})?
kind (archive|disk|rescue)
image [A-Za-z0-9][A-Za-z0-9._-]{0,99}
stamp [0-9a-f]{64}
partition (esp|bios|root|swap|data) [1-9][0-9]{0,8} (vfat|ext4|ntfs|swap|none) (grows|-)
file [A-Za-z0-9][A-Za-z0-9._-]{0,99} (root-archive [1-9][0-9]{0,14} [1-9][0-9]{0,9} 0|partition [1-9][0-9]{0,14} [1-9][0-9]{0,9} [1-9][0-9]{0,2})
chunk [A-Za-z0-9][A-Za-z0-9._-]{0,99} (0|[1-9][0-9]{0,6}) [0-9a-f]{64}
domain( ([A-Za-z0-9]([A-Za-z0-9.-]{0,251}[A-Za-z0-9])?)?)?
timezone [A-Za-z][A-Za-z0-9_+-]*(/[A-Za-z0-9_+-]+){0,2}
locale [A-Za-z][A-Za-z0-9_.@-]{0,40}
keymap [a-z][a-z0-9-]{0,40}
sshkey (ssh-ed25519|ssh-rsa|ecdsa-sha2-nistp(256|384|521)|sk-(ssh-ed25519|ecdsa-sha2-nistp256)@openssh\.com) [A-Za-z0-9+/]+=*( .{0,200})?
user [a-z_][a-z0-9_-]{0,31}
after (reboot|poweroff)
GRAMMAR
}

# fits VALUE PATTERN: whether the whole value fits an extended regular expression; bytes, not letters, are counted.
fits() {
  printf '%s\n' "$1" | LC_ALL=C grep -Eqx -- "$2"
}

# keep_job_line LINE FOLDER: keeps the value of a line that fits the grammar; only what may repeat may come twice.
keep_job_line() {
  case $1 in
    *' '*) job_key=${1%% *} job_value=${1#* } ;;
    *) job_key=$1 job_value='' ;;
  esac
  case $job_key in
    partition | file | sshkey) ;;
    *) [ ! -e "$2/$job_key" ] || return 1 ;;
  esac
  printf '%s\n' "$job_value" >>"$2/$job_key"
}

# check_chunks FOLDER: every file has all its chunks in order, and the sizes add up.
check_chunks() {
  awk -v total="$(cat "$1/bytes")" '
    FILENAME ~ /\/file$/ { wanted[$1] = int(($3 + $4 - 1) / $4); sum += $3; if (seen[$1]++) bad = 1; next }
    { if (!($1 in wanted) || $2 != 0 + count[$1]++) bad = 1 }
    END {
      for (name in wanted) if (count[name] != wanted[name]) bad = 1
      exit bad || sum != total
    }' "$1/file" "$1/chunk"
}

# check_layout FOLDER: partitions and files fit together; prints what does not. An archive is unpacked into an ext4 root; a disk image brings its root as a partition of its own.
check_layout() {
  awk -v kind="$(cat "$1/kind")" '
    function wrong(why) { if (!said++) print why }
    BEGIN {
      system_of["esp"] = " vfat "; system_of["bios"] = " none "; system_of["swap"] = " swap "
      system_of["data"] = " vfat ext4 ntfs none "; system_of["root"] = kind == "disk" ? " ext4 ntfs " : " ext4 "
    }
    FILENAME ~ /\/partition$/ {
      count++; filesystem[count] = $3; role[count] = $1
      if (!index(system_of[$1], " " $3 " ")) wrong("the partition " $1 " cannot have the file system " $3)
      if ($1 != "data" && seen[$1]++) wrong("it has two partitions " $1)
      next
    }
    $2 == "root-archive" { archives++; if (kind != "archive") wrong("an archive in a disk image") }
    $2 == "partition" {
      if (kind != "disk") wrong("a partition image beside an archive")
      if ($5 > count) wrong("the file " $1 " is for partition " $5 " of " count)
      else if (filesystem[$5] == "none" || filesystem[$5] == "swap") wrong("the file " $1 " is for a partition without files")
      if (brought[$5]++) wrong("two files are for partition " $5)
    }
    END {
      if (!seen["root"]) wrong("no partition root")
      if (kind == "archive" && archives != 1) wrong("it has " archives + 0 " archives, not one")
      for (at = 1; kind == "disk" && at <= count; at++)
        if (role[at] == "root" && !brought[at]) wrong("no file for the partition root")
      exit said > 0
    }' "$1/partition" "$1/file"
}

# wrong_job WHY: prints it.
wrong_job() {
  echo "the job is wrong: $1"
  return 2
}

# parse_job TEXT FOLDER: checks the job in the file TEXT whole and fills the (empty) FOLDER with a file for each key.
# Returns 1 for a job that is cut off, 2 for one that is wrong, and prints why.
parse_job() {
  [ "$(tail -n 1 "$1" | tr '\n' '|')" = 'end|' ] || {
    echo 'the job is cut off: its end is missing'
    return 1
  }
  [ "$(LC_ALL=C tr -dc '\000-\011\013-\037\177' <"$1" | wc -c)" -eq 0 ] || wrong_job 'it holds control characters' || return
  [ "$(head -n 1 "$1")" = 'job lab.job/1' ] || wrong_job 'it is of a form this system does not know' || return
  # Thousands of lines are judged by one process, not by one each.
  job_grammar >"$2/grammar"
  sed '$d' "$1" >"$2/lines"
  job_stranger=$(LC_ALL=C grep -Envx -f "$2/grammar" "$2/lines" | head -n 1 | cut -d ' ' -f 1)
  [ -z "$job_stranger" ] || wrong_job "line $job_stranger" || return
  grep '^chunk ' "$2/lines" | cut -d ' ' -f 2- >"$2/chunk"
  grep -v '^chunk ' "$2/lines" >"$2/others"
  while IFS= read -r job_line; do
    keep_job_line "$job_line" "$2" || wrong_job "$job_key comes twice" || return
  done <"$2/others"
  job_wanted='host server session now kind hostname'
  [ "$(cat "$2/kind" 2>/dev/null)" = rescue ] || job_wanted="$job_wanted disk image stamp bytes partition file"
  for job_key in $job_wanted; do
    [ -e "$2/$job_key" ] || wrong_job "no $job_key" || return
  done
  [ "$(cat "$2/kind")" != rescue ] || return 0
  check_chunks "$2" || wrong_job 'its chunks do not add up' || return
  job_trouble=$(check_layout "$2") || wrong_job "$job_trouble"
}
