#!/bin/sh
# Builds a file system for a program and then becomes the program. The script has to run in new
# namespaces of mounts and processes (see own_root.ts):
#
#   own_root.sh PLACE TABLE DIRECTORIES FILES COUNT [DIRECTORY OPTIONS]... PROGRAM [ARGUMENT]...
#
# PLACE is an empty directory to build at. TABLE is an fstab(5) that binds files and directories of the
# host; DIRECTORIES and FILES list their mount points, one a line. Each of COUNT directories of the host
# is bound at /mnt/0, /mnt/1, ... with its mount options.
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
# shellcheck disable=SC2086 # The variables are lists of words.
mkdir -p ./old ./proc ./tmp $directories $points
for file in $files; do : >"$file"; done
# /proc is mounted last and hides the table, which names paths of the host.
printf '%s' "$table" >./proc/table
mount --all --fstab "$place/proc/table"

index=0
while [ "$index" -lt "$count" ]; do
  # The directory is checked and bound as the working directory: a path could lead elsewhere by the
  # time of the mount.
  cd -P "$1"
  if [ "$(pwd -P)" != "$1" ]; then
    echo "\"$1\" leads elsewhere than when it was checked" >&2
    exit 1
  fi
  point=$place/mnt/$index
  # Linux refuses to bind a read-only file system of the host for writing; it is bound read-only then.
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
# The host's programs are below /old until the old root is unmounted. `umount` runs with /old for its
# root, so that it finds its libraries.
PATH=/old/usr/sbin:/old/usr/bin:/old/sbin:/old/bin:/usr/sbin:/usr/bin:/sbin:/bin \
  chroot /old umount -l /
cd /
# The shell has set these variables, and they name paths of the host.
unset PWD OLDPWD
exec "$@"
