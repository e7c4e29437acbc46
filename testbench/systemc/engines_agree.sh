#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Every engine trains to the same bits and counts the same cycles: every configuration of testbench/configs and some below that
# combine the rest of the options, each shortened, on synthetic data. Compared with ref: checkpoints (device states, generators,
# registers, counters, trace order), metrics.csv and summary.yaml (cycles, accuracy). Engine lockstep is ref and rtl: left out.
# usage: engines_agree.sh [PROGRAM]
# Prints `N passed, M failed`; exit code 0, 1 a failure.
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

engines=$("$CROSSTRAIN" train --help | tr -s ' \n' ' ' | grep -oE '(Engines:|;) [a-z][a-z-]*:' | grep -oE '[a-z][a-z-]*:$' | tr -d : | grep -vx lockstep)
for e in ref rtl systemc systemc-lt; do
  grep -qx -e "$e" <<<"$engines" || bad "train --help does not list engine $e"
done
[ $failed = 0 ] || { echo "$passed passed, $failed failed"; exit 1; }
others=$(grep -vx ref <<<"$engines")

# MNIST's and iris's shapes under their names; every class occurs in any ten rows.
mkdir data
python3 - <<'P'
import gzip, struct
state = 1
def rnd(n):
    global state
    state = (state * 1103515245 + 12345) & 0x7FFFFFFF
    return (state >> 16) % n
def idx(name, n):
    pixels, labels = bytearray(), bytearray(k % 10 for k in range(n))
    for label in labels:  # a cross at the label's place, and noise
        for y in range(28):
            for x in range(28):
                on = abs(x - 4 - 2 * label) < 2 or abs(y - 22 + label) < 2
                pixels.append(255 - rnd(80) if on else rnd(40) if rnd(4) == 0 else 0)
    with gzip.open(f"data/{name}-images-idx3-ubyte.gz", "wb") as f:
        f.write(struct.pack(">IIII", 0x803, n, 28, 28) + pixels)
    with gzip.open(f"data/{name}-labels-idx1-ubyte.gz", "wb") as f:
        f.write(struct.pack(">II", 0x801, n) + labels)
idx("train", 20)
idx("t10k", 10)
with open("data/iris.data", "w") as f:
    for k in range(150):
        f.write(",".join(f"{1 + k // 50 * (c + 1) / 2 + rnd(20) / 10:.1f}" for c in range(4)) + f",Iris-{'abc'[k // 50]}\n")
P

mkdir configs
cp "$repo"/testbench/configs/*.yaml configs/
cat >configs/own_gated.yaml <<'Y'
seed: 2
data: {kind: csv, train: iris.data, test_fraction: 0.1}
network: {hidden: [7], activation: relu, output: softmax}
tile: {code_bits: 6, adc_bits: 5, adc_share: 2, state_bits: 12, prob_bits: 12, cell: gated, read: bit_serial, adc_offset: -1, out_noise: 0.02}
algorithm: {transfer_every: 2, pulse_type: low_discrepancy}
device: {A: {dw_min: 0.02, rounding: nearest}, C: {dw_min: 0.02}}
Y
cat >configs/own_column.yaml <<'Y'
seed: 9007199254740991
data: {kind: digits, size: 9}
network: {hidden: [1], activation: sigmoid}
tile: {adc_share: 3, cell: gated, state_bits: 20, prob_bits: 9, out_noise: 0.1, w_scale_log2: [0, 1]}
algorithm: {zero_shift_pairs: 11, transfer_pulse: counted, transfer_every: 1}
device: {A: {dw_min: 0.003, up_down: 0.1, up_down_dtod: 0.2, corrupt_devices_prob: 0.05}, C: {model: linear_step, gamma_up: 0.5, gamma_down: 0.9}}
run: {threads: 3}
Y
cat >configs/own_sgd.yaml <<'Y'
seed: 5
data: {kind: csv, train: iris.data, label: last, signed: false}
network: {hidden: [], output: softmax, init: [0.9]}
tile: {code_bits: 8, adc_bits: 12, adc_share: 64, bl_max: 255, state_bits: 24, prob_bits: 8, read: bit_serial}
algorithm: {name: sgd, lr: [0.05], desired_bl: 255, update_management: false, update_bl_management: false}
Y
cat >configs/own_serial.yaml <<'Y'
seed: 6
data: {kind: digits, size: 8}
network: {hidden: [], init: [0]}
tile: {code_bits: 2, adc_bits: 4, bl_max: 1, state_bits: 8, prob_bits: 10, cell: half, read: bit_serial}
algorithm: {zero_shift_pairs: 40, transfer_lr_per: sample, transfer_pulse: low_discrepancy, desired_bl: 1, transfer_bl: 1}
device: {A: {dw_min: 0.05, w_max: 0.06, w_min: -0.008}, C: {dw_min: 0.05, model: constant_step, dw_min_std: 0}, R: {dw_min: 0.05}}
Y

train() { "$CROSSTRAIN" train "$@" --data data --quiet >log 2>&1; }
same() { "$CROSSTRAIN" compare "$1/checkpoint.h5" "$2/checkpoint.h5" >log 2>&1; }

# small NAME EPOCHS: NAME.yaml, the resolved configuration (one key per line) with little to do
small() {
  train "configs/$1.yaml" --engine ref --epochs 0 --overwrite --out "whole-$1" || { bad "$1: cannot be read"; return 1; }
  sed -E 's/^(  (limit|train_samples):) .*/\1 14/; s/^(  (test_limit|test_samples):) .*/\1 10/
          s/^(  epochs:) .*/\1 '"$2"'/; s/^(  log_every:) .*/\1 5/; s/^(  checkpoint_every:) .*/\1 0/' "whole-$1/config.yaml" >"$1.yaml"
  [ "$(grep -cE '^  (limit|train_samples): 14$' "$1.yaml")" = 2 ] || { bad "$1: not made small"; return 1; }
}

# agree NAME A B: the runs in folders A and B are the same
agree() {
  if same "$2" "$3" && grep -qE '^equal: [1-9][0-9]* numbers' log; then ok; else bad "$1: checkpoints of $2 and $3"; fi
  local f
  for f in metrics.csv summary.yaml; do
    if cmp "$2/$f" "$3/$f" >log 2>&1; then ok; else bad "$1: $f of $2 and $3"; fi
  done
}

for path in configs/*.yaml; do
  name=$(basename "$path" .yaml)
  small "$name" 1 || continue
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
