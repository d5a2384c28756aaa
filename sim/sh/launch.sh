#!/bin/sh
# Starts the supervisor of a room in namespaces of its own, and removes the run folder once it has ended.
# Usage: launch.sh FOLDER BASE DISK-SIZE attached|kept. If this process is killed, the room dies with it.
here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
setpriv --pdeathsig KILL -- unshare --pid --fork --kill-child --mount --propagation private --net --ipc --uts -- \
  sh "$here/room.sh" "$@"
code=$?
# The caller reads why a room did not come up from this descriptor: the folder is gone by then.
[ ! -s "$1/room.log" ] || tail -n 20 "$1/room.log"
rm -rf -- "$1"
exit "$code"
