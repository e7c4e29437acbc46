#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Install the Debian 12 packages that crosstrain needs and this machine lacks, then configure and build it in build/.
# usage: scripts/setup.sh [--test]     --test: also what only the tests need (Icarus, Yosys, GTKWave's fst2vcd, clang-format,
#                                      the packages of `crosstrain report`)
set -euo pipefail
cd "$(dirname "$0")/.."

packages="gcc g++ make cmake ninja-build pkg-config ccache python3 verilator zlib1g-dev libyaml-dev libcsv-dev libhdf5-dev libsystemc-dev check"
case ${1:-} in
  "") ;;
  --test) packages="$packages iverilog yosys gtkwave clang-format libopenmpi-dev python3-matplotlib python3-jinja2 python3-yaml" ;;
  *) echo "setup.sh: '$1' is unknown; there is --test" >&2; exit 2 ;;
esac

missing=""
for p in $packages; do
  [ "$(dpkg-query -W -f '${db:Status-Status}' "$p" 2>/dev/null)" = installed ] || missing="$missing $p"
done
if [ -n "$missing" ]; then
  echo "installing:$missing"
  as_root=""
  if [ "$(id -u)" != 0 ]; then
    command -v sudo >/dev/null || { echo "setup.sh: root (or sudo) is needed to install:$missing" >&2; exit 2; }
    as_root=sudo
  fi
  $as_root apt-get update -qq
  # shellcheck disable=SC2086
  DEBIAN_FRONTEND=noninteractive $as_root apt-get install -y -qq --no-install-recommends $missing >/dev/null
fi

mkdir -p build
cmake -S . -B build -G Ninja >build/setup.log 2>&1 || { tail -20 build/setup.log >&2; exit 2; }
cmake --build build
