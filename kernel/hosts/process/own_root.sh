#!/bin/sh
# Gives a program a file system of its own and becomes it. It runs in new namespaces of mounts and
# processes (see own_root.ts):
#
#   own_root.sh PLACE TABLE DIRECTORIES FILES COUNT [DIRECTORY OPTIONS]... PROGRAM [ARGUMENT]...
#
# PLACE is an empty directory to build at. TABLE is an fstab(5) of what is bound from the host;
# DIRECTORIES and FILES are where, one a line. Each of COUNT directories of the host is bound at
# /mnt/0, /mnt/1, ... with its mount options.
set -eu
place=$1 table=$2 directories=$3 files=$4 count=$5
shift 5
newline='
'

mount -t tmpfs -o size=1m,mode=755,nosuid,nodev,noexec kernel "$place"
cd "$place"
points= index=0
while [ "$index" -lt "$count" ]; do
  points=$points$newline./mnt/$index index=$((index + 1))
done
IFS=$newline
set -f
# shellcheck disable=SC2086 # They are lists.
mkdir -p ./old ./proc ./tmp $directories $points
for file in $files; do : >"$file"; done
# /proc is mounted last, over the table: the program need not see what is where on the host.
printf '%s' "$table" >./proc/table
mount --all --fstab "$place/proc/table"

index=0
while [ "$index" -lt "$count" ]; do
  # A directory that was entered stays that one, whatever becomes of its path: it is looked at and
  # bound as the working directory, by no name.
  cd -P "$1"
  if [ "$(pwd -P)" != "$1" ]; then
    echo "\"$1\" leads elsewhere than when it was checked" >&2
    exit 1
  fi
  point=$place/mnt/$index
  # What a file system of the host may not be written to stays so, whatever was asked for.
  reason=$(mount --no-canonicalize -o "bind,nosuid,nodev,noexec,$2" . "$point" 2>&1) ||
    mount -o remount,bind,nosuid,nodev,noexec,ro "$point" || {
    echo "$reason" >&2
    exit 1
  }
  shift 2
  index=$((index + 1))
done

cd "$place"
mount -o remount,ro,nosuid,nodev,noexec "$place"
pivot_root . old
# The programs are below /old until the old root is given up, which is its own root there.
PATH=/old/usr/sbin:/old/usr/bin:/old/sbin:/old/bin:/usr/sbin:/usr/bin:/sbin:/bin \
  chroot /old umount -l /
cd /
# The shell has made them, and they name places of the host.
unset PWD OLDPWD
exec "$@"
