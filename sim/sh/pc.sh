#!/bin/sh
# Makes one simulated PC out of the namespaces it was started in: its root over the shared base, then its own first process.
# Usage: pc.sh FOLDER BASE NAME; the PC's settings are shell assignments in a file of FOLDER.
set -eu
folder=$1 base=$2 name=$3
ip='' prefix='' gateway='' machine_id='' serial='' uuid='' product=''
. "$folder/pcs/$name/settings"
ram=$folder/ram
say() { echo "$1 $name ${2:-}" >"$ram/said"; }
trap '[ $? = 0 ] || say failed "$(tail -n 3 "$folder/pcs/$name/log" | tr "\n" " ")"' EXIT

read -r pid _ </proc/self/stat
echo "$pid" >"$folder/pcs/$name/pid"
echo "$name" >/proc/sys/kernel/hostname

cd "$ram/$name"
mkfifo -m 600 go
mkdir -m 755 upper work root
mkdir -m 755 upper/etc upper/etc/ssh
echo "$name" >upper/etc/hostname
echo "$machine_id" >upper/etc/machine-id
{
  printf '127.0.0.1\tlocalhost\n127.0.1.1\t%s\n' "$name"
  cat "$folder/hosts"
} >upper/etc/hosts
mount -t overlay -o "lowerdir=$folder/layer:$base,upperdir=upper,workdir=work" overlay root

mount -t proc -o nosuid,nodev,noexec proc root/proc
mount -t sysfs -o nosuid,nodev,noexec,ro sysfs root/sys
mount -t devpts -o newinstance,ptmxmode=0666,mode=0620,gid=5 devpts root/dev/pts
ln -sf pts/ptmx root/dev/ptmx
# What a PC must not do to the machine that carries it: change its settings, or pull its emergency brake.
mount --bind root/proc/sys root/proc/sys
mount -o remount,bind,ro root/proc/sys
[ ! -e root/proc/sysrq-trigger ] || mount --bind root/dev/null root/proc/sysrq-trigger

# The keyboard and the mouse are the PC's own, not the machine's.
[ ! -e root/proc/bus/input/devices ] ||
  mount --bind root/usr/local/lib/labkit-sim/input-devices root/proc/bus/input/devices

# Hardware identity of its own: a class folder with this PC's network interfaces and an invented mainboard.
mkdir class
mount -t tmpfs -o mode=755,size=64k class class
mkdir -p class/net class/dmi/id class/thermal/thermal_zone0 class/block class/hwmon
mount --bind root/sys/class/net class/net
(
  cd class/dmi/id
  echo Labkit >sys_vendor
  echo "$product" >product_name
  echo "$serial" >product_serial
  echo "$uuid" >product_uuid
  echo "B$serial" >board_serial
  echo "$product" >board_name
  chmod 400 product_serial product_uuid board_serial
  cd ../../thermal/thermal_zone0
  echo x86_pkg_temp >type
  echo 46000 >temp
)
mount --rbind class root/sys/class

say waiting
read -r _ <go
{
  echo 'link set lo up'
  echo "addr add $ip/$prefix dev eth0"
  echo 'link set eth0 up'
  echo "route add default via $gateway"
} | ip -batch -

exec 3>"$ram/said"
trap - EXIT
cd root
pivot_root . mnt
# A PC cannot set the machine's clock, load modules, reboot it, or make itself a door to its disks.
exec chroot . /usr/bin/setpriv --bounding-set=-sys_time,-sys_module,-sys_rawio,-sys_boot,-mknod -- \
  /usr/bin/env -i PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin LC_ALL=C.UTF-8 \
  /usr/local/lib/labkit-sim/first-process "$name"
