#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# scripts/in_situ.sh: every figure of its table is what runs of crosstrain say one by one; what is wrong ends it in one line.
# usage: in_situ.sh CROSSTRAIN     Prints `N passed, M failed`; exit code 0, 1 a failure.
. "$(dirname "$0")/../../scripts/help.sh"
set -uo pipefail
script=$(cd "$(dirname "$0")/../../scripts" && pwd)/in_situ.sh
CROSSTRAIN=$(realpath "$1")
export CROSSTRAIN
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work" || exit 1
passed=0 failed=0
ok() { passed=$((passed + 1)); }
bad() { failed=$((failed + 1)); echo "FAILED: $*"; }
cat >m.yaml <<'Y'
data: {kind: digits, size: 8, train_samples: 200, test_samples: 100}
network: {hidden: [], output: softmax}
tile: {cell: gated, read: bit_serial, range_forward: 4}
algorithm: {name: mtj, lr: 0.03}
mtj: {devices_per_weight: 8}
run: {epochs: 1}
Y
key=mtj.corrupt_devices_prob
accuracy() { sed -n 's/^test_accuracy: //p' "$1/summary.yaml" | awk '{ printf "%.2f", 100 * $1 }'; }
for seed in 1 2; do
  "$CROSSTRAIN" train m.yaml -q --set mtj.gain=0.5 --seed $seed --out ideal-$seed >log 2>&1 || bad "ideal devices"
  "$CROSSTRAIN" train m.yaml -q --set mtj.gain=0.5 --seed $seed --out stuck-$seed --set $key=0.4 >log 2>&1 || bad "stuck devices"
  "$CROSSTRAIN" eval ideal-$seed --onto $key=0.4 | sed -n 's/.* test accuracy \([0-9.]*\) %.*/\1/p' >copied-$seed
done
figure() { printf '%s\n' "$@" | sort -n | awk '{ s += $1; v[NR] = $1 } END { printf "%.2f (%.2f to %.2f)", s / NR, v[1], v[NR] }'; }
{
  echo "$key trained in place trained ideal, then copied"
  echo "none $(figure "$(accuracy ideal-1)" "$(accuracy ideal-2)")"
  echo "0.4 $(figure "$(accuracy stuck-1)" "$(accuracy stuck-2)") $(figure "$(cat copied-1)" "$(cat copied-2)")"
} >want
"$script" --seeds 2 --set mtj.gain=0.5 m.yaml $key 0.4 >out 2>log
if [ $? = 0 ] && diff <(tr -s ' ' <out | sed 's/ $//; s/( /(/g') want; then ok; else bad "the table"; cat log; fi
if [ "$(sed -n 3p want)" != "0.4 $(sed -n '2s/none //p' want) $(sed -n '2s/none //p' want)" ]; then ok; else bad "stuck devices change nothing"; fi
refuse() {
  local want=$1 text=$2 code
  shift 2
  "$script" "$@" >out 2>log
  code=$?
  if [ $code = "$want" ] && grep -q -- "$text" log; then ok; else bad "code $code, not $want with '$text': $*"; fi
}
refuse 2 "CONFIG, KEY and a VALUE" m.yaml $key
refuse 2 "'0' is not a number" --seeds 0 m.yaml $key 0.1
refuse 2 "is no folder" --data nowhere m.yaml $key 0.1
refuse 2 "'--foo' is unknown" --foo
refuse 2 "mtj.delta=20" --seeds 1 m.yaml mtj.delta 20
refuse 2 "nowhere.yaml" nowhere.yaml $key 0.1
printf '#!/bin/sh\necho "$*" >>calls\nexec "%s" "$@"\n' "$CROSSTRAIN" >program
chmod +x program
CROSSTRAIN=$work/program refuse 2 "corrupt_devices_prob: 2 is out of range" --set run.epochs=3 m.yaml $key 0.1 2
if [ -s calls ] && ! grep '^train' calls | grep -qv -- '--epochs 0'; then ok; else bad "trained before a wrong value was told"; fi
echo "$passed passed, $failed failed"
[ $failed = 0 ]
