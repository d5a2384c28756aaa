#!/bin/sh
# Runs inside every PC once: two small packages in a repository of its own (Packages files are made by hand, so that no other tool is needed), and a service to restart.
set -eu
mkdir -p /var/cache/bench-repo
cd /var/cache/bench-repo
: >Packages
for name in bench-compiler bench-editor; do
  mkdir -p "$name/DEBIAN" "$name/usr/share/$name"
  printf 'Package: %s\nVersion: 1.0\nArchitecture: all\nMaintainer: Labkit <labkit@example.org>\nDescription: for the benchmark\n' "$name" >"$name/DEBIAN/control"
  dd if=/dev/zero bs=1024 count=64 2>/dev/null >"$name/usr/share/$name/data"
  dpkg-deb --root-owner-group -Znone -b "$name" "$name.deb" >/dev/null
  { dpkg-deb -f "$name.deb"; printf 'Filename: ./%s.deb\nSize: %s\nSHA256: %s\n\n' "$name" "$(stat -c %s "$name.deb")" "$(sha256sum "$name.deb" | cut -d' ' -f1)"; } >>Packages
  rm -r "$name"
done
echo 'deb [trusted=yes] file:/var/cache/bench-repo ./' >/etc/apt/sources.list.d/bench.list
apt-get -q update -o Dir::Etc::sourcelist=/etc/apt/sources.list.d/bench.list -o Dir::Etc::sourceparts=/nowhere >/dev/null
printf '[Unit]\nDescription=for the benchmark\n[Service]\nType=oneshot\nRemainAfterExit=yes\nExecStart=/bin/true\n' >/etc/systemd/system/bench.service
systemctl daemon-reload
systemctl start bench
