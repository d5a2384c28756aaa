# shellcheck shell=dash
# Reads a job (docs/netboot-protocol.md, "The job"). Each value ends up in a file of its own: nothing the server sends is ever run.

# job_pattern KEY: the extended regular expression a whole value must fit; fails for a key that nobody knows.
job_pattern() {
  case $1 in
    job) echo 'lab\.job/1' ;;
    host) echo '[A-Za-z0-9_][A-Za-z0-9._-]{0,252}' ;;
    hostname) echo '[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?' ;;
    seat | room) echo '.{0,120}' ;;
    server) echo 'https?://[][A-Za-z0-9.:-]+(/[A-Za-z0-9._~-]+)*' ;;
    session) echo '[A-Za-z0-9_-]{16,128}' ;;
    now) echo '[0-9]{1,11}' ;;
    bytes) echo '[0-9]{1,15}' ;;
    disk) echo '(only|fingerprint .{1,80} [^ ]{1,80} (-|[0-9]{1,16}))' ;;
    firmware) echo '[a-z0-9-]{0,20}' ;;
    kind) echo '(archive|disk)' ;;
    image) echo '[A-Za-z0-9][A-Za-z0-9._-]{0,99}' ;;
    stamp) echo '[0-9a-f]{64}' ;;
    partition) echo '(esp|bios|root|swap|data) [1-9][0-9]{0,8} (vfat|ext4|ntfs|swap|none) (grows|-)' ;;
    file) echo '[A-Za-z0-9][A-Za-z0-9._-]{0,99} (root-archive|partition) [1-9][0-9]{0,14} [1-9][0-9]{0,9} [0-9]{1,3}' ;;
    chunk) echo '[A-Za-z0-9][A-Za-z0-9._-]{0,99} [0-9]{1,7} [0-9a-f]{64}' ;;
    domain) echo '([A-Za-z0-9]([A-Za-z0-9.-]{0,251}[A-Za-z0-9])?)?' ;;
    timezone) echo '[A-Za-z][A-Za-z0-9_+-]*(/[A-Za-z0-9_+-]+){0,2}' ;;
    locale) echo '[A-Za-z][A-Za-z0-9_.@-]{0,40}' ;;
    keymap) echo '[a-z][a-z0-9-]{0,40}' ;;
    sshkey) echo '(ssh-ed25519|ssh-rsa|ecdsa-sha2-nistp(256|384|521)|sk-(ssh-ed25519|ecdsa-sha2-nistp256)@openssh\.com) [A-Za-z0-9+/]+=*( .{0,200})?' ;;
    user) echo '[a-z_][a-z0-9_-]{0,31}' ;;
    after) echo '(reboot|poweroff)' ;;
    *) return 1 ;;
  esac
}

# fits VALUE PATTERN: whether the whole value fits; bytes, not letters, are counted.
fits() {
  printf '%s\n' "$1" | LC_ALL=C grep -Eqx -- "$2"
}

# keep_job_line LINE FOLDER: judges one line and keeps its value; prints what is wrong with it.
keep_job_line() {
  case $1 in
    *' '*) job_key=${1%% *} job_value=${1#* } ;;
    *) job_key=$1 job_value='' ;;
  esac
  job_wanted=$(job_pattern "$job_key") || {
    echo "unknown key: $job_key"
    return 1
  }
  fits "$job_value" "$job_wanted" || {
    echo "value of $job_key"
    return 1
  }
  case $job_key in
    partition | file | sshkey) ;;
    *) [ ! -e "$2/$job_key" ] || {
      echo "$job_key twice"
      return 1
    } ;;
  esac
  printf '%s\n' "$job_value" >>"$2/$job_key"
}

# check_chunks FOLDER: every file has all its chunks in order, and the sizes add up.
check_chunks() {
  awk -v total="$(cat "$1/bytes")" '
    FILENAME ~ /\/file$/ { wanted[$1] = int(($3 + $4 - 1) / $4); sum += $3; if (seen[$1]++) bad = 1; next }
    { if (!($1 in wanted) || $2 != count[$1]++) bad = 1 }
    END {
      for (name in wanted) if (count[name] != wanted[name]) bad = 1
      exit bad || sum != total
    }' "$1/file" "$1/chunk"
}

# parse_job TEXT FOLDER: checks the job in the file TEXT whole and fills the (empty) FOLDER with a file for each key.
# Returns 1 for a job that is cut off, 2 for one that is wrong, and prints why.
parse_job() {
  [ "$(tail -n 1 "$1" | tr '\n' '|')" = 'end|' ] || {
    echo 'the job is cut off: its end is missing'
    return 1
  }
  if [ "$(LC_ALL=C tr -dc '\000-\011\013-\037\177' <"$1" | wc -c)" -ne 0 ]; then
    echo 'the job holds control characters'
    return 2
  fi
  [ "$(head -n 1 "$1")" = 'job lab.job/1' ] || {
    echo 'the job is not of a form this system knows'
    return 2
  }
  # Thousands of chunk lines are judged by one process, not by one each.
  grep '^chunk ' "$1" | cut -d ' ' -f 2- >"$2/chunk"
  if LC_ALL=C grep -Evqx -- "$(job_pattern chunk)" "$2/chunk"; then
    echo 'the job is wrong: a chunk line'
    return 2
  fi
  grep -v '^chunk ' "$1" | sed '$d' >"$2/lines"
  while IFS= read -r job_line; do
    job_trouble=$(keep_job_line "$job_line" "$2") || {
      echo "the job is wrong: $job_trouble"
      return 2
    }
  done <"$2/lines"
  for job_key in host server session now disk kind image stamp bytes partition file hostname after; do
    [ -e "$2/$job_key" ] || {
      echo "the job is wrong: no $job_key"
      return 2
    }
  done
  check_chunks "$2" || {
    echo 'the job is wrong: its chunks do not add up'
    return 2
  }
}
