#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Every engine trains to the same bits and counts the same cycles: every configuration of testbench/configs and some below that
# combine the rest of the options, each shortened, on synthetic data. Compared with ref: checkpoints (device states, generators,
# registers, counters, trace order), metrics.csv and summary.yaml (cycles, accuracy). Engines that compare two others (lockstep) are left out.
# usage: engines_agree.sh [PROGRAM]
# Prints `N passed, M failed`; exit code 0, 1 a failure.
. "$(dirname "$0")/../../scripts/help.sh"
set -uo pipefail
here=$(cd "$(dirname "$0")" && pwd)
repo=$(cd "$here/../.." && pwd)
CROSSTRAIN=$(realpath "${1:-$repo/build/crosstrain}")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work" || exit 1
passed=0 failed=0
ok() { passed=$((passed + 1)); }
bad() { failed=$((failed + 1)); echo "FAILED: $*"; [ ! -s log ] || sed 's/^/  /' log | tail -5; }

engines=$("$CROSSTRAIN" version | awk -F: '/^  / && $2 !~ /comparison/ { sub(/^ */, "", $1); print $1 }')
for e in ref rtl systemc systemc-lt; do
  grep -qx -e "$e" <<<"$engines" || bad "crosstrain version does not list engine $e"
done
[ $failed = 0 ] || { echo "$passed passed, $failed failed"; exit 1; }
others=$(grep -vx ref <<<"$engines")

# Few shapes, since every engine with RTL builds each of them: hidden layers of ten.
narrow() { sed -i -E 's/^(  hidden:) \[[0-9]+\]/\1 [10]/; s/^(  hidden:) \[[0-9]+, [0-9]+\]/\1 [10, 10]/' "$1"; }

. "$repo/testbench/cases.sh"

same() { "$CROSSTRAIN" compare "$1/checkpoint.h5" "$2/checkpoint.h5" >log 2>&1; }

# agree NAME A B: the runs in folders A and B are the same
agree() {
  if same "$2" "$3" && grep -qE '^equal: [1-9][0-9]* numbers' log; then ok; else bad "$1: checkpoints of $2 and $3"; fi
  if cmp "$2/metrics.csv" "$3/metrics.csv" >log 2>&1; then ok; else bad "$1: metrics.csv of $2 and $3"; fi
  # not every engine counts what pulses do to binary devices
  if diff <(sed '/^switching:$/,$d' "$2/summary.yaml") <(sed '/^switching:$/,$d' "$3/summary.yaml") >log 2>&1; then ok
  else bad "$1: summary.yaml of $2 and $3"; fi
}

for path in configs/*.yaml; do
  name=$(basename "$path" .yaml)
  small "$name" 1 || continue
  case $name in own_*) ;; *) narrow "$name.yaml" ;; esac
  began=$SECONDS
  if train "$name.yaml" --engine ref --out "$name-ref"; then ok; else bad "$name: ref"; continue; fi
  # the last line of metrics.csv: 14 samples, and cycles
  cycles=$(awk -F, 'NR == 1 { for (i = 1; i <= NF; i++) c[$i] = i } END { if ($c["samples"] == 14) print $c["CYCLES"] }' "$name-ref/metrics.csv")
  if [ "${cycles:-0}" -gt 0 ]; then ok; else bad "$name: no cycles of 14 samples in metrics.csv"; fi
  # at the same time: the first use of a shape builds its RTL
  declare -A run=()
  for e in $others; do
    "$CROSSTRAIN" train "$name.yaml" --engine "$e" --out "$name-$e" --data data --quiet >"log-$e" 2>&1 &
    run[$e]=$!
  done
  for e in $others; do
    if wait "${run[$e]}"; then agree "$name" "$name-ref" "$name-$e"; else cp "log-$e" log; bad "$name: $e"; fi
    case $name in
      own_m*)
        if grep -q '^  all: .*, flips: [1-9]' "$name-ref/summary.yaml" && grep -q "^  not_counted_by: $e$" "$name-$e/summary.yaml"; then ok
        else bad "$name: who counts flips"; fi ;;
    esac
  done
  same "$name-ref" "$name-systemc"
  printf '%-16s %9s cycles, %s, %3d s\n' "$name" "$cycles" "$(grep -o 'equal: .*' log || echo differs)" $((SECONDS - began))
done

# From a checkpoint of any engine the next epoch on any other is that of a run without a break.
name=own_column
small $name 2
if train $name.yaml --engine ref --out two; then ok; else bad "$name: two epochs"; fi
before=systemc-lt
for e in $engines; do
  if train $name.yaml --engine $before --epochs 1 --out "$before-$e" && train $name.yaml --engine "$e" --resume --out "$before-$e"; then
    agree "$name" two "$before-$e"
  else
    bad "$name: $e after $before"
  fi
  before=$e
done

# Measured ranges do not depend on the engine.
auto=(--set tile.range_forward=auto --set tile.range_backward=auto)
if train own_ttv1.yaml "${auto[@]}" --engine ref --out auto-ref; then ok; else bad "measured ranges: ref"; fi
for e in $others; do
  if train own_ttv1.yaml "${auto[@]}" --engine "$e" --out "auto-$e"; then agree "measured ranges" auto-ref "auto-$e"; else bad "measured ranges: $e"; fi
done

# Nor on whether invariants are checked.
for e in rtl systemc; do
  if train own_ttv1.yaml "${auto[@]}" --no-invariants --engine "$e" --out "unchecked-$e"; then agree "no invariants" auto-ref "unchecked-$e"
  else bad "no invariants: $e"; fi
done
if train own_ttv1.yaml --no-invariants --engine ref --out unchecked-ref || ! grep -q 'engine ref has no invariants' log; then bad "ref without invariants is not refused"
else ok; fi

# The comparison sees a difference: another seed, and an error in the RTL.
name=own_sgd
differs() {  # WHAT FOLDER
  same $name-ref "$2"
  if [ $? = 1 ] && grep -q 'the checkpoints differ: ' log; then ok; else bad "$1 is not seen"; fi
}
for e in $engines; do
  if train $name.yaml --engine "$e" --seed 7 --out "seed-$e"; then differs "another seed on $e" "seed-$e"; else bad "$name: another seed on $e"; fi
done
if cmp -s $name-ref/metrics.csv seed-ref/metrics.csv; then bad "another seed, the same metrics.csv"; else ok; fi
if train $name.yaml --engine systemc --plant BITORDER --out bug; then differs "a seeded bug" bug; else bad "$name: a seeded bug"; fi

echo "$passed passed, $failed failed"
[ $failed = 0 ]
