#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Install the Debian 12 packages that crosstrain needs and this machine lacks, then configure and build it in build/.
# usage: scripts/setup.sh [--test]     --test: also what only the tests need (Icarus, Yosys, GTKWave and a screen for it,
#                                      clang-format, the packages of `crosstrain report`)
. "$(dirname "$0")/help.sh"
set -euo pipefail
cd "$(dirname "$0")/.."

packages="gcc g++ clang make cmake ninja-build pkg-config ccache python3 verilator zlib1g-dev libyaml-dev libcsv-dev libhdf5-dev libsystemc-dev check"
case ${1:-} in
  "") ;;
  --test) packages="$packages iverilog yosys gtkwave clang-format xvfb xauth openbox imagemagick libopenmpi-dev python3-numpy python3-matplotlib python3-jinja2 python3-yaml" ;;
  *) echo "setup.sh: '$1' is unknown; there is --test" >&2; exit 2 ;;
esac
[ $# -le 1 ] || { echo "setup.sh: '$2' is too much" >&2; exit 2; }

if [ -e build ] && [ ! -w build ]; then  # somebody else's clone
  [ -x build/crosstrain ] && { echo "build/ belongs to $(stat -c %U build): used as it is"; exit 0; }
  echo "setup.sh: build/ belongs to $(stat -c %U build) and holds no program: build a clone of your own" >&2
  exit 2
fi
[ -w . ] || { echo "setup.sh: $PWD belongs to $(stat -c %U .): build a clone of your own" >&2; exit 2; }
mkdir -p build

failed() {
  tail -5 build/apt.log >&2
  echo "setup.sh: apt-get $1 failed: see build/apt.log" >&2
  exit 2
}
# install PACKAGES: apt-get's output goes to build/apt.log; what it is at, a line per fifth
install() {
  DEBIAN_FRONTEND=noninteractive $as_root apt-get -qq -o APT::Status-Fd=1 -o DPkg::Lock::Timeout=600 install -y --no-install-recommends "$@" \
    2>>build/apt.log | awk -F: -v log_file=build/apt.log '
      $1 == "dlstatus" { tell("fetched", $3); next }
      $1 == "pmstatus" { tell("installed", $3); next }
      { print >>log_file }
      function tell(what, percent) {
        if (int(percent / 20) == at[what] || percent < 20) return
        at[what] = int(percent / 20)
        print "  " what " " at[what] * 20 " %"
        fflush()
      }'
}

missing=""
for p in $packages; do
  [ "$(dpkg-query -W -f '${db:Status-Status}' "$p" 2>/dev/null)" = installed ] || missing="$missing $p"
done
if [ -n "$missing" ]; then
  as_root=""
  if [ "$(id -u)" != 0 ]; then
    command -v sudo >/dev/null || { echo "setup.sh: root (or sudo) is needed to install:$missing" >&2; exit 2; }
    as_root=sudo
  fi
  : >build/apt.log
  echo "installing, with what they need (some minutes):$missing"
  $as_root apt-get -qq -o DPkg::Lock::Timeout=600 update 2>>build/apt.log || failed update
  # shellcheck disable=SC2086
  install $missing || failed install
fi

echo "building in build/"
cmake -S . -B build -G Ninja >build/setup.log 2>&1 || { tail -20 build/setup.log >&2; exit 2; }
cmake --build build
