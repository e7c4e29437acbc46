#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# The example of a virtual platform, built outside of the repository as a user would, runs on both models with the same
# numbers; a wrong argument is refused. usage: host_example.sh
. "$(dirname "$0")/../../scripts/help.sh"
set -euo pipefail
repo=$(cd "$(dirname "$0")/../.." && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cp -r "$repo/model/example" "$work/platform"
cd "$work/platform"
export CXXFLAGS="-Wall -Wextra -Wpedantic"
{ cmake -B build -DCROSSTRAIN="$repo" && cmake --build build -j2; } >log 2>&1 || { tail -20 log; exit 1; }
if grep -q 'host.cpp.*warning' log; then grep warning log; exit 1; fi
for kind in lt rtl; do build/host $kind >$kind; done
cat lt
cmp lt rtl
if build/host both >log 2>&1; then echo "'both' was taken"; exit 1; fi
if cmake -B other -DCROSSTRAIN=/nowhere >log 2>&1; then echo "a wrong folder was taken"; exit 1; fi
grep -q 'DCROSSTRAIN=<folder of crosstrain> is needed' log
echo "4 passed, 0 failed"
