#!/bin/sh
# The supervisor of a simulated room: first process of its own PID, mount and network namespaces. Everything a room
# consists of hangs on it, so that the kernel takes all of it away when it ends, however it ends.
# Usage: room.sh FOLDER BASE DISK-SIZE attached|kept. Prints "ready"; attached, it ends when its standard input does.
set -eu
folder=$1 base=$2 disk=$3 mode=$4
exec 5<&0
here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)

# /proc is still the machine's: the number in it is the one others know this process by.
read -r pid _ </proc/self/stat
echo "$pid" >"$folder/supervisor.pid"

hostname controller
ram=$folder/ram
mount -t tmpfs -o mode=700,size=16m labkit-sim "$ram"
mkfifo "$ram/said"
exec 4<>"$ram/said"

{
  echo 'link set lo up'
  echo 'link add bridge0 type bridge'
  while read -r gateway; do echo "addr add $gateway dev bridge0"; done <"$folder/gateways"
  echo 'link set bridge0 up'
} | ip -batch -
echo 1 >/proc/sys/net/ipv4/ip_forward

count=0
while read -r name _; do
  count=$((count + 1))
  # Each PC has a disk of its own, so that one can be full; it takes memory only for what is written.
  mkdir "$ram/$name"
  mount -t tmpfs -o "mode=755,size=$disk" "$name" "$ram/$name"
  setsid unshare --pid --fork --kill-child --mount --propagation private --net --ipc --uts -- \
    sh "$here/pc.sh" "$folder" "$base" "$name" </dev/null >>"$folder/pcs/$name/log" 2>&1 4>&- &
done <"$folder/plan"

# waits until every PC said the word
gather() {
  left=$count
  while [ "$left" -gt 0 ]; do
    read -r word name detail <&4
    [ "$word" = "$1" ] || { echo "$name: $word $detail" >&2; exit 1; }
    left=$((left - 1))
  done
}

gather waiting
number=0
while read -r name mac; do
  number=$((number + 1))
  read -r pc <"$folder/pcs/$name/pid"
  echo "link add pc$number type veth peer name eth0 address $mac netns /proc/$pc/ns/net"
  echo "link set pc$number master bridge0 up alias $name"
done <"$folder/plan" | ip -batch -
while read -r name _; do echo go >"$ram/$name/go"; done <"$folder/plan"
gather up

echo ready
exec >/dev/null
if [ "$mode" = kept ]; then sleep infinity & else cat >/dev/null <&5 & fi
wait $!
