#!/bin/sh
# Builds the Debian or Ubuntu root file system every simulated PC starts from, once, under a temporary name.
# Usage: build-base.sh TARGET SUITE MIRROR COMPONENTS PACKAGES(comma-separated)
# A second builder of the same TARGET waits for the first one and finds it done.
set -eu
target=$1 suite=$2 mirror=$3 components=$4 packages=$5
PATH=$PATH:/usr/local/sbin:/usr/sbin:/sbin
export DEBIAN_FRONTEND=noninteractive LC_ALL=C

mkdir -p "${target%/*}"
exec 9>"$target.lock"
flock 9
[ ! -d "$target" ] || exit 0
work=$(mktemp -d "$target.new-XXXXXX")
trap 'rm -rf -- "$work"' EXIT
trap 'exit 130' INT TERM
chmod 755 "$work"
root=$work

in_root() { unshare --mount --pid --fork --kill-child --propagation private --root="$root" -- "$@"; }

debootstrap --variant=minbase --components="$components" --include="$packages" "$suite" "$root" "$mirror" >"$target.log" 2>&1 || {
  tail -n 15 "$target.log" >&2
  exit 1
}

# Two packages in two versions each; the second one brings a service.
repository=$root/srv/repository
mkdir -p "$repository"
for version in 1.0 1.1; do
  for name in labkit-chalk labkit-abacus; do
    tree=$(mktemp -d "$root/tmp/deb-XXXXXX")
    chmod 755 "$tree"
    mkdir -p "$tree/DEBIAN" "$tree/usr/bin"
    printf '#!/bin/sh\n[ "${1:-}" != serve ] || exec sleep infinity\necho "%s %s"\n' "$name" "$version" >"$tree/usr/bin/$name"
    chmod 755 "$tree/usr/bin/$name"
    printf 'Package: %s\nVersion: %s\nArchitecture: all\nSection: education\nPriority: optional\nMaintainer: Labkit <labkit@example.org>\nDescription: sample package of the simulated room\n' \
      "$name" "$version" >"$tree/DEBIAN/control"
    if [ "$name" = labkit-abacus ]; then
      mkdir -p "$tree/usr/lib/systemd/system"
      printf '[Unit]\nDescription=Sample service of the simulated room\n\n[Service]\nExecStart=/usr/bin/labkit-abacus serve\n\n[Install]\nWantedBy=multi-user.target\n' \
        >"$tree/usr/lib/systemd/system/labkit-abacus.service"
    fi
    dpkg-deb --root-owner-group --build "$tree" "$repository/${name}_${version}_all.deb" >/dev/null
    rm -rf -- "$tree"
  done
done
(
  cd "$repository"
  for file in *.deb; do
    dpkg-deb --field "$file"
    printf 'Filename: ./%s\nSize: %s\nSHA256: %s\n\n' "$file" "$(stat -c %s "$file")" "$(sha256sum "$file" | cut -d' ' -f1)"
  done >Packages
  printf 'Origin: Labkit\nLabel: Labkit sample repository\nSuite: stable\nDate: %s\nSHA256:\n %s %s Packages\n' \
    "$(date -Ru)" "$(sha256sum Packages | cut -d' ' -f1)" "$(stat -c %s Packages)" >Release
)
rm -rf -- "$root/etc/apt/sources.list" "$root/etc/apt/sources.list.d" "$root/var/lib/apt/lists"
mkdir -p "$root/etc/apt/sources.list.d" "$root/var/lib/apt/lists/partial"
echo 'deb [trusted=yes] file:/srv/repository ./' >"$root/etc/apt/sources.list.d/labkit.list"
# The lists of a PC that was used yesterday: an install works without an update first.
in_root apt-get -q -o APT::Sandbox::User=root update >>"$target.log" 2>&1

for account in tech labadmin; do
  in_root useradd --create-home --shell /bin/bash "$account"
  in_root install -d -m 700 -o "$account" -g "$account" "/home/$account/.ssh"
done
in_root usermod --append --groups sudo tech
install -d -m 700 "$root/root/.ssh"
echo 'labadmin ALL=(ALL) NOPASSWD: ALL' >"$root/etc/sudoers.d/labadmin"
chmod 440 "$root/etc/sudoers.d/labadmin"

in_root ln -sf /usr/share/zoneinfo/Asia/Shanghai /etc/localtime
echo Asia/Shanghai >"$root/etc/timezone"
for tool in systemctl timedatectl; do
  [ ! -e "$root/usr/bin/$tool" ] || in_root dpkg-divert --local --rename --quiet --divert "/usr/bin/$tool.distribution" --add "/usr/bin/$tool"
done
rm -rf -- "$root"/etc/ssh/ssh_host_* "$root"/var/cache/apt/archives/*.deb "$root"/etc/machine-id "$root"/etc/hostname
mkdir -p "$root/run/sshd" "$root/run/systemd/system"
[ -c "$root/dev/null" ] && [ -c "$root/dev/ptmx" ] || { echo "debootstrap made no device nodes in $root/dev" >&2; exit 1; }

trap - EXIT
mv -- "$work" "$target"
