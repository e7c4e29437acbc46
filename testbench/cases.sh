# SPDX-License-Identifier: Apache-2.0
# The training runs of engines_agree and golden: every configuration of testbench/configs and some that combine the rest of the
# options, in configs/ of the current folder, and synthetic data for them in data/. Sourced, with $repo and $CROSSTRAIN set and a
# function bad().

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
algorithm: {zero_shift_pairs: 11, transfer_pulse: counted, transfer_lr: [0.5], transfer_every: 1}
device: {A: {dw_min: 0.003, up_down: 0.1, up_down_dtod: 0.2, corrupt_devices_prob: 0.05}, C: {model: linear_step, gamma_up: 0.5, gamma_down: 0.9}}
run: {threads: 3}
Y
cat >configs/own_exp.yaml <<'Y'
seed: 8
data: {kind: csv, train: iris.data, test_fraction: 0.1}
network: {hidden: []}
tile: {cell: gated}
algorithm: {transfer_every: 1}
device: {A: {preset: reram_es, up_down: 0}, C: {preset: reram_es}, R: {preset: reram_es}}
Y
cat >configs/own_ttv1.yaml <<'Y'
seed: 9
data: {kind: csv, train: iris.data, test_fraction: 0.1}
network: {hidden: [], init: [0.3]}
tile: {read: bit_serial, out_noise: 0.05}
algorithm: {name: ttv1, gamma: 0.3, transfer_every: 2}
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
cat >configs/own_mtj.yaml <<'Y'
seed: 7
data: {kind: csv, train: iris.data, test_fraction: 0.1}
network: {hidden: [6], output: softmax}
tile: {code_bits: 6, cell: gated, read: bit_serial, pulse_width: 2, w_scale_log2: [0, 1], out_noise: 0.02}
algorithm: {name: mtj, lr: [0.03, 0.1], lr_decay: 0.7}
mtj: {devices_per_weight: [4, 2], gain: [0.5, 1.2], shared_source_lines: true, vc0_dtod: 0.03, resistance_dtod: 0.05, corrupt_devices_prob: 0.05, vc0_down: 0.51}
Y
cat >configs/own_mtj_batch.yaml <<'Y'
seed: 11
data: {kind: csv, train: iris.data, test_fraction: 0.1}
network: {hidden: [6], activation: relu, output: softmax}
tile: {code_bits: 5, cell: passive, adc_share: 2}
algorithm: {name: mtj, lr: [4, 8], lr_decay: 0.7}
mtj: {devices_per_weight: [4, 2], gain: [0.5, 1], batch: [3, 5], momentum: [0.75, 0], sum_bits: 14, delta: 12, tau0_ns: 2, full_scale: 0.4}
Y
cat >configs/own_mixed.yaml <<'Y'
seed: 10
data: {kind: csv, train: iris.data, test_fraction: 0.1}
network: {hidden: [5]}
tile: {cell: passive, adc_share: 2, state_bits: 20}
algorithm: {name: [mtj, shd], lr: 0.1, transfer_every: 2}
mtj: {devices_per_weight: 2, gain: 0.7, delta: 12, tau0_ns: 2, full_scale: 0.4}
Y
cat >configs/own_load.yaml <<'Y'
seed: 11
data: {kind: csv, train: iris.data, test_fraction: 0.1}
network: {hidden: [5]}
tile: {cell: passive, adc_share: 2, state_bits: 20}
front_end: {load: 0.4, mirror: 0.1, reference_spread: 0.5}
algorithm: {name: [mtj, shd], lr: 0.1, transfer_every: 2}
mtj: {devices_per_weight: 2, gain: 0.7, delta: 12, tau0_ns: 2, full_scale: 0.4, read_voltage: 0.2, vc0_dtod: 0.05}
Y

train() { "$CROSSTRAIN" train "$@" --data data --quiet >log 2>&1; }

# small NAME EPOCHS: NAME.yaml, the resolved configuration (one key per line) with little to do
small() {
  train "configs/$1.yaml" --engine ref --epochs 0 --overwrite --out "whole-$1" || { bad "$1: cannot be read"; return 1; }
  sed -E 's/^(  (limit|train_samples):) .*/\1 14/; s/^(  (test_limit|test_samples):) .*/\1 10/
          s/^(  epochs:) .*/\1 '"$2"'/; s/^(  log_every:) .*/\1 5/; s/^(  checkpoint_every:) .*/\1 0/' "whole-$1/config.yaml" >"$1.yaml"
  [ "$(grep -cE '^  (limit|train_samples): 14$' "$1.yaml")" = 2 ] || { bad "$1: not made small"; return 1; }
}
