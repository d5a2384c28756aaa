#!/bin/sh
# Makes a clone ready to run: what apt must bring, Node 24 and the npm packages of the lock file, the built program.
# Usage: sh scripts/setup.sh [COMMAND:PACKAGE]...   A package is installed by apt only where its command is missing.
# Afterwards node is node_modules/node/bin/node. Ends with 7 when something is missing that it cannot get.
set -eu
root=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd)
cd "$root"
PATH=$PATH:/usr/local/sbin:/usr/sbin:/sbin
scratch=''
trap 'allow_starts; [ -z "$scratch" ] || rm -rf -- "$scratch"' EXIT
trap 'exit 130' INT TERM

say() { printf 'setup: %s\n' "$*" >&2; }
stop() {
  say "$1"
  say "hint: $2"
  exit 7
}

as_root() {
  if [ "$(id -u)" = 0 ]; then "$@"; else
    command -v sudo >/dev/null || stop "not root, and there is no sudo" "run this as root: su -c 'sh scripts/setup.sh'"
    sudo -- "$@"
  fi
}

# Under sudo the clone still belongs to a person, who must be able to change what npm writes.
as_owner() {
  owner=$(stat -c %u .)
  if [ "$(id -u)" != 0 ] || [ "$owner" = 0 ]; then "$@"; else
    setpriv --reuid="$owner" --regid="$(stat -c %g .)" --clear-groups \
      env HOME="$(getent passwd "$owner" | cut -d: -f6)" "$@"
  fi
}

# Servers are wanted for their programs only: none is started now (policy-rc.d: invoke-rc.d(8)) nor at the next boot.
policy=/usr/sbin/policy-rc.d
made_policy=''
forbid_starts() {
  [ -e "$policy" ] || { as_root sh -c "printf '#!/bin/sh\nexit 101\n' >$policy && chmod 755 $policy" && made_policy=yes; }
}
allow_starts() {
  [ -z "$made_policy" ] || as_root rm -f "$policy"
  made_policy=''
}
disable_services() {
  command -v systemctl >/dev/null || return 0
  for package; do
    for unit in $(dpkg -L "$package" | sed -n 's|^.*/systemd/system/\([^/@]*\.service\)$|\1|p' | sort -u); do
      as_root systemctl --quiet disable "$unit" 2>/dev/null || :
    done
  done
}

apt_install() {
  command -v apt-get >/dev/null || stop "missing: $*" "this is not Debian or Ubuntu: install them with your package manager"
  say "apt-get install $*"
  log=$(mktemp)
  forbid_starts
  if ! { as_root apt-get -q update && as_root env DEBIAN_FRONTEND=noninteractive apt-get -q -o DPkg::Lock::Timeout=300 install -y --no-install-recommends "$@"; } >"$log" 2>&1; then
    tail -n 15 "$log" >&2
    rm -f "$log"
    stop "apt-get could not install: $*" "are the package sources reachable? try: apt-get update"
  fi
  allow_starts
  disable_services "$@"
  rm -f "$log"
}

install_commands() {
  missing=''
  for pair; do
    command -v "${pair%%:*}" >/dev/null || missing="$missing ${pair#*:}"
  done
  # shellcheck disable=SC2086 # a list of package names
  [ -z "$missing" ] || apt_install $missing
}

# A school whose proxy signs anew has its certificate in the system's store, which Node from npm does not read by itself.
certificates=/etc/ssl/certs/ca-certificates.crt
if [ -z "${NODE_EXTRA_CA_CERTS:-}" ] && [ -r "$certificates" ]; then
  NODE_EXTRA_CA_CERTS=$certificates
  export NODE_EXTRA_CA_CERTS
fi

# npm runs under the same major version of Node as the program, so that native modules are built for it.
node_24_path() {
  case $(node --version 2>/dev/null || :) in
    v24.*) command -v npm >/dev/null && return ;;
  esac
  command -v npm >/dev/null || apt_install npm
  scratch=$(as_owner mktemp -d)
  say 'npm install node@24 npm@11 (for this set-up only)'
  as_owner npm install --prefix "$scratch" --no-save --no-audit --no-fund --loglevel=error node@24 npm@11 >&2 ||
    stop 'npm could not fetch Node 24' 'is the npm registry reachable? npm ping'
  PATH=$scratch/node_modules/node/bin:$scratch/node_modules/.bin:$PATH
}

install_packages() {
  stamp=node_modules/.labkit-lock
  lock=$(cksum <package-lock.json)
  [ -x node_modules/node/bin/node ] && [ "$(cat "$stamp" 2>/dev/null)" = "$lock" ] && return
  node_24_path
  say 'npm ci'
  as_owner env PATH="$PATH" npm ci --no-audit --no-fund --loglevel=error >&2 ||
    stop 'npm ci failed' 'is the npm registry reachable? npm ping'
  build_ciphers
  as_owner sh -c "printf '%s\n' '$lock' >$stamp"
}

# npm builds ssh2's compiled ciphers for whichever Node headers it is set up with; compiled for another Node they are
# silently left out, and big copies take three times the processor time. The project's Node brings its headers along.
build_ciphers() {
  headers=$(echo "$root"/node_modules/node/node_modules/node-*/include/node)
  if [ -d "$headers" ]; then
    as_owner env PATH="$PATH" npm_config_nodedir="${headers%/include/node}" \
      npm rebuild --loglevel=error ssh2 cpu-features >&2 || :
  fi
  node_modules/node/bin/node -e 'process.exit(require("ssh2/lib/protocol/crypto.js").bindingAvailable ? 0 : 1)' ||
    say 'note: without compiled ciphers big copies take longer; to have them: apt-get install g++ make python3, then remove node_modules and run this again'
}

# The same rule as in bin/lab, which must not find anything left to build.
build() {
  program=dist/cli/bin.js
  if [ -e "$program" ] && [ -z "$(find src scripts/build.ts package.json -newer "$program" -print -quit)" ]; then return; fi
  say 'node scripts/build.ts'
  as_owner env PATH="$root/node_modules/node/bin:$PATH" node scripts/build.ts >&2 || {
    say 'the build failed'
    exit 1
  }
}

install_commands "$@"
install_packages
build
