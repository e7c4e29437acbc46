#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Binary devices that vary: a network trained in place on them, against one trained on ideal devices and then copied to them
# (crosstrain eval --onto). Prints a line per spread: test accuracy in %, mean (smallest to largest) over the seeds.
# usage: in_situ.sh [--seeds N] [--data DIR] [--set KEY=VALUE]... CONFIG KEY VALUE...
#   KEY: mtj.resistance_dtod, mtj.tmr, mtj.corrupt_devices_prob or front_end.load; VALUE: the spreads. --seeds: 1 to N (default 3).
# Environment: CROSSTRAIN, the program (default build/crosstrain). Exit code 0, 2 usage, else that of the run that failed.
. "$(dirname "$0")/help.sh"
set -euo pipefail
repo=$(cd "$(dirname "$0")/.." && pwd)
program=$(realpath "${CROSSTRAIN:-$repo/build/crosstrain}")
seeds=3 more=()
die() { echo "in_situ.sh: $*" >&2; exit 2; }
while [ $# -gt 0 ]; do
  case $1 in
    --seeds) [[ "${2:-}" =~ ^[1-9][0-9]*$ ]] || die "--seeds: '${2:-}' is not a number from 1"; seeds=$2; shift 2 ;;
    --data) [ -d "${2:-}" ] || die "--data: '${2:-}' is no folder"; XT_DATA=$(realpath "$2"); export XT_DATA; shift 2 ;;
    --set) [ $# -gt 1 ] || die "--set: KEY=VALUE is missing"; more+=(--set "$2"); shift 2 ;;
    -*) die "'$1' is unknown (--help)" ;;
    *) break ;;
  esac
done
[ $# -ge 3 ] || die "CONFIG, KEY and a VALUE are needed (--help)"
config=$1 key=$2
shift 2
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
run() { "$program" "$@" >"$work/log" || exit $?; }
train() { run train "$config" --quiet --out "$work/$1" --seed "$2" "${more[@]}" "${@:3}"; }
# What is wrong is told before the first network is trained.
check() (
  for k in "${!more[@]}"; do
    if [[ ${more[k]} == run.epochs=* ]]; then unset "more[k-1]" "more[k]"; fi
  done
  train check 1 --epochs 0
  for value in "$@"; do
    run eval "$work/check" --onto "$key=$value"
    train check-value 1 --epochs 0 --overwrite --set "$key=$value"
  done
)
percent() { awk '/^test_accuracy: / { print 100 * $2 }' "$work/$1/summary.yaml"; }

check "$@"
for seed in $(seq "$seeds"); do
  train "ideal-$seed" "$seed"
  echo "none $(percent "ideal-$seed") -" >>"$work/all"
  for value in "$@"; do
    run eval "$work/ideal-$seed" --onto "$key=$value"
    copied=$(sed -n 's/.* test accuracy \([0-9.]*\) %.*/\1/p' "$work/log")
    train "spread" "$seed" --set "$key=$value" --overwrite
    echo "$value $(percent spread) $copied" >>"$work/all"
  done
done
awk -v key="$key" 'function figure(k) { return sprintf("%6.2f (%.2f to %.2f)", sum[k] / n[k], least[k], most[k]) }
  function add(k, v) { if (!n[k]++ || v < least[k]) least[k] = v; if (n[k] == 1 || v > most[k]) most[k] = v; sum[k] += v }
  !($1 in seen) { seen[$1]; order[++points] = $1 }
  { add($1 " in", $2); if ($3 != "-") add($1 " copied", $3) }
  END { printf "%-28s%-28s%s\n", key, "trained in place", "trained ideal, then copied"
    for (p = 1; p <= points; p++) { k = order[p]; printf "%-28s%-28s%s\n", k, figure(k " in"), (k " copied" in n) ? figure(k " copied") : "" } }' "$work/all"
