#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# The newcomer's hour: a bare Debian 12 (debootstrap, minbase, git), a fresh clone in it, and the commands of the pages played there
# from their text alone; outputs are compared with what the pages print, GTKWave's windows are kept as pictures at three sizes of
# screen. Not a default test: tens of minutes, the network, root.
# usage: run.sh [--quick] [--to DIR] [--base DIR] [--mirror URL] [--apt-cache DIR] [--commit REV]
#   --quick         scripts/setup.sh --test instead of scripts/test.sh: everything but the tests
#   --to DIR        log and pictures (default out/newcomer)
#   --base DIR      the bare system, made if it is not there and kept (default: made anew, gone at the end)
#   --mirror URL    Debian's mirror (default http://deb.debian.org/debian)
#   --apt-cache DIR packages that were fetched before, kept there
#   --commit REV    what is cloned (default HEAD: what is not committed is not played)
# Needs debootstrap, python3, git, xvfb and ImageMagick (import). Prints `N passed, M failed`; exit code 0, 1 a failure, 2 usage, set-up.
. "$(dirname "$0")/../../scripts/help.sh"
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
repo=$(cd "$here/../.." && pwd)
quick="" to=$PWD/out/newcomer base="" mirror=http://deb.debian.org/debian cache="" commit=HEAD
usage() { echo "run.sh: $1 (--help)" >&2; exit 2; }
while [ $# -gt 0 ]; do
  case $1 in
    --quick) quick=--quick; shift; continue ;;
    --to | --base | --mirror | --apt-cache | --commit) [ $# -ge 2 ] || usage "$1 needs a value" ;;
    *) usage "'$1' is unknown" ;;
  esac
  case $1 in
    --to) to=$(realpath -m "$2") ;; --base) base=$(realpath -m "$2") ;; --mirror) mirror=$2 ;; --apt-cache) cache=$(realpath -m "$2") ;;
    --commit) commit=$2 ;;
  esac
  shift 2
done
[ "$(id -u)" = 0 ] || usage "root is needed: chroot"
for tool in debootstrap git python3 Xvfb import; do
  command -v $tool >/dev/null || usage "$tool is missing (apt-get install debootstrap git python3 xvfb imagemagick)"
done

work=$(mktemp -d "${TMPDIR:-/var/tmp}/newcomer.XXXXXX")
root=$work/root
finish() {
  for m in var/cache/apt/archives dev sys proc; do
    if mountpoint -q "$root/$m"; then umount -lR "$root/$m"; fi
  done
  if mountpoint -q "$root/proc" || mountpoint -q "$root/dev"; then echo "run.sh: $root is still mounted: left there" >&2
  else rm -rf --one-file-system "$work"; fi
}
trap finish EXIT
[ -n "$base" ] || base=$work/base
if [ ! -e "$base/etc/debian_version" ]; then
  echo "debootstrap: a bare Debian 12 in $base"
  debootstrap --variant=minbase --include=git bookworm "$base" "$mirror" >"$work/log" || { tail -5 "$work/log" >&2; exit 2; }
fi
cp -a "$base" "$root"
mount -t proc proc "$root/proc"
mount -t sysfs -o ro sysfs "$root/sys"
mount --rbind --make-rslave /dev "$root/dev"
if [ -n "$cache" ]; then
  mkdir -p "$cache/partial"
  mount --bind "$cache" "$root/var/cache/apt/archives"
fi
cp /etc/resolv.conf "$root/etc/resolv.conf"
[ -x "$root/usr/bin/git" ] || chroot "$root" sh -c 'apt-get update -qq && apt-get install -y -qq --no-install-recommends git' >"$work/log" 2>&1 ||
  { tail -5 "$work/log" >&2; exit 2; }
git clone -q --no-hardlinks "$repo" "$root/root/crosstrain"
git -C "$root/root/crosstrain" checkout -q "$(git -C "$repo" rev-parse "$commit")"
git -C "$root/root/crosstrain" remote remove origin

mkdir -p "$to"
"$here/play.py" --root "$root" --to "$to" $quick
