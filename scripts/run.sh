#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# The main job: set up and build, then train the built-in digits through the RTL in lockstep with the golden reference.
# usage: scripts/run.sh [OPTIONS of crosstrain train]
# The results go to out/digits in the current folder, or out/digits-2, out/digits-3 ... if that holds a run already; the last
# lines say where. --resume goes on with a run that was stopped; `crosstrain train --help` tells the rest.
. "$(dirname "$0")/help.sh"
set -euo pipefail
repo=$(cd "$(dirname "$0")/.." && pwd)
new=--new engine="--engine lockstep"
for word in "$@"; do
  case $word in --resume | --continue | --overwrite | --new | --out | --out=* | -o*) new="" ;; esac
  case $word in --engine | --engine=* | -e*) engine="" ;; esac
  case $word in # a mistyped option is told now, not after the build
    --*) grep -qF "\"$(cut -d= -f1 <<<"${word#--}")" "$repo"/refc/train/cli{_train.c,.h} ||
      { echo "run.sh: crosstrain train has no option '$word' (refc/train/README.md)" >&2; exit 2; } ;;
  esac
done
"$repo/scripts/setup.sh"
exec "$repo/build/crosstrain" train "$repo/testbench/configs/digits.yaml" $engine $new "$@"
