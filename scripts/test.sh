#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Set up, build, and run every default test; exit code 0 only if all pass.
# usage: scripts/test.sh [OPTIONS of ctest]
# The options: -R, -E, -L, -LE EXPRESSION, -j N, -N, -V, -VV, -Q, --timeout S, --repeat MODE:N, --rerun-failed, --stop-on-failure,
# --schedule-random, --output-log FILE, --output-junit FILE.
. "$(dirname "$0")/help.sh"
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
# ctest takes what it does not know for nothing, after minutes of building.
value=""
for word in "$@"; do
  [ -z "$value" ] || { value=""; continue; }
  case $word in
    -R | -E | -L | -LE | -j | --timeout | --repeat | --output-log | --output-junit) value=$word ;;
    -j[0-9]* | -N | -V | -VV | -Q | --rerun-failed | --stop-on-failure | --schedule-random | --output-on-failure) ;;
    *) echo "test.sh: '$word' is unknown; --help lists the options of ctest that there are" >&2; exit 2 ;;
  esac
done
[ -z "$value" ] || { echo "test.sh: $value needs a value" >&2; exit 2; }
"$here/setup.sh" --test
cd "$here/.."
exec ctest --test-dir build --output-on-failure -j "$(nproc)" "$@"
