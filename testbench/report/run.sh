#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# `crosstrain report`: pages of finished and interrupted runs, of one in lockstep, of several side by side are sound and say what
# the runs say; what cannot be is refused in one line, nothing half written; in headless Chromium, where it is installed, every
# picture is drawn and nothing is asked for. And the capability that counts pulses: engines without it refuse.
# usage: run.sh [PROGRAM]     Prints `N passed, M failed`; exit code 0, 1 a failure, 77 skipped (no Python packages).
. "$(dirname "$0")/../../scripts/help.sh"
set -uo pipefail
here=$(cd "$(dirname "$0")" && pwd)
repo=$(cd "$here/../.." && pwd)
CROSSTRAIN=$(realpath "${1:-$repo/build/crosstrain}")
python=python3
$python -c 'import matplotlib, jinja2, yaml' 2>/dev/null || python=/usr/bin/python3
$python -c 'import matplotlib, jinja2, yaml' 2>/dev/null ||
  { echo "skipped: python3-matplotlib, python3-jinja2 or python3-yaml is not installed"; exit 77; }
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work" || exit 1
passed=0 failed=0
ok() { passed=$((passed + 1)); }
bad() { failed=$((failed + 1)); echo "FAILED: $*"; [ ! -s log ] || sed 's/^/  /' log | tail -5; }
train() { "$CROSSTRAIN" train "$@" --quiet >log 2>&1; }
# page FILE ARGUMENTS...: a report that succeeds; then check_page.py's arguments follow in the next call
report() { "$CROSSTRAIN" report "$@" >log 2>&1; }
sound() {  # PAGE ARGUMENTS of check_page.py
  if $python "$here/check_page.py" "$@" >log 2>&1; then ok; else bad "page $1"; fi
}
# refuse CODE TEXT ARGUMENTS: one line of that text, that code
refuse() {
  local want=$1 text=$2 code
  shift 2
  report "$@"
  code=$?
  if [ $code = "$want" ] && [ "$(wc -l <log)" = 1 ] && grep -q "^crosstrain.*$text" log; then ok
  else bad "code $code, not $want with '$text': report $*"
  fi
}

# SHD on two tiles, A brought to its symmetry point, devices of different symmetry points, pulses counted.
cat >shd.yaml <<'Y'
seed: 3
data: {kind: digits, size: 8, train_samples: 120, test_samples: 70}
network: {hidden: [9]}
algorithm: {zero_shift_pairs: 30, transfer_every: 2}
device:
  A: {dw_min: 0.01, up_down_dtod: 0.1, corrupt_devices_prob: 0.02}
  C: {dw_min: 0.004}
run: {epochs: 2, log_every: 40, count_pulses: true}
Y
# SGD on one tile: no A, cells of one phase, shared converters, read noise, a table with negative inputs.
awk 'BEGIN { srand(5); for (i = 0; i < 90; i++) { c = i % 3; for (k = 0; k < 4; k++) printf "%.2f,", c * (k + 1) / 2 + rand()
       print "kind" c } }' >table.csv
cat >sgd.yaml <<'Y'
seed: 4
data: {kind: csv, train: table.csv}
network: {hidden: [], output: softmax}
tile: {cell: gated, adc_share: 2, read: bit_serial, out_noise: 0.02}
algorithm: {name: sgd, lr: [0.1]}
device:
  C: {model: constant_step, dw_min: 0.01}
run: {epochs: 3, log_every: 30}
Y
train shd.yaml --out shd && train sgd.yaml --out sgd && ok || bad "training"

if report shd && grep -q '^wrote shd/report.html$' log; then ok; else bad "report shd"; fi
sound shd/report.html --run shd --figures 11 --says "Training run shd" --says "64-9-10, tanh in the hidden layer" \
  --says "finished" --says "omega0 = " --says "At a rail" --says "setup_unfinished_lines" --says "UPDATE with transfer" \
  --says "Endurance map of tile 1" --says "30 pairs of pulses" --says "Nothing is on record (engine ref)"
if report sgd --out sgd.html; then ok; else bad "report sgd"; fi
sound sgd.html --run sgd --figures 8 --says "4-3, softmax output" --says "run.count_pulses" --says "nothing is transferred from A" \
  --says "with read noise other draws" --says "2 lines share a converter"
# Samples held out of the training set: named so, and the matrix is of them.
train sgd.yaml --set data.validation=0.2 --out held && ok || bad "training with a validation"
if report held; then ok; else bad "report held"; fi
sound held/report.html --run held --figures 8 --says "take the place of the test" --says "(validation)" --says "every sample held out"
if report shd sgd --out both.html --export csv && [ ! -e csv/both.html ]; then ok; else bad "two runs side by side"; fi
sound both.html --run shd --run sgd --figures 13 --says "Training runs shd, sgd" --says "times the longest chain of"
cp both.html first.html
if report shd sgd --out both.html && cmp both.html first.html >log 2>&1; then ok; else bad "the same runs, another page"; fi

# Binary devices, and those of another kind above them.
cat >mtj.yaml <<'Y'
seed: 6
data: {kind: digits, size: 8, train_samples: 120, test_samples: 50}
network: {hidden: [9], output: softmax}
tile: {cell: passive, read: bit_serial}
algorithm: {name: [mtj, sgd], lr: 0.05}
mtj: {devices_per_weight: 4, gain: 0.5, delta: 14, full_scale: 0.1}
run: {epochs: 2, log_every: 40}
Y
train mtj.yaml --out mtj && train mtj.yaml --set algorithm.name=mtj --out binary && ok || bad "training of binary devices"
flips=$($python -c 'import yaml; n = yaml.safe_load(open("binary/summary.yaml"))["switching"]["layers"][0]["flips"]; print(f"{n:,}".replace(",", "\u202f"))')
if report mtj && report binary; then ok; else bad "report of binary devices"; fi
sound mtj/report.html --run mtj --figures 8 --says "mtj: binary magnetic devices" --says "From the first layer on: mtj, sgd" --says "flips by them"
sound binary/report.html --run binary --figures 7 --says "MTJ_UPDATE" --says "$flips"

# --export: every line of metrics.csv, every test sample; together they give the accuracy of the summary.
cat >exported.py <<'P'
import csv, sys, yaml
run, name = sys.argv[1:]
rows = list(csv.DictReader(open(f"csv/{name}-predictions.csv")))
summary = yaml.safe_load(open(f"{run}/summary.yaml"))
right = sum(r["label"] == r["predicted"] for r in rows)
noisy = name == "sgd"
assert len(rows) == summary["test_samples"] and (noisy or abs(right / len(rows) - summary["test_accuracy"]) < 1e-6), right
curves, metrics = (list(csv.DictReader(open(f))) for f in (f"csv/{name}-curves.csv", f"{run}/metrics.csv"))
assert len(curves) == len(metrics) > 2
for a, b in zip(curves, metrics):
    assert all(float(a[k] or -1) == float(b[k] or -1) for k in b), (a, b)
last = {k: float(v or 0) for k, v in metrics[-1].items()}
for k in ("PULSES", "CYCLES"):  # intervals add up to the training and its evaluations
    assert sum(float(r["interval_" + k]) for r in curves) == summary["training"][k] + (k == "CYCLES") * summary["evaluation_cycles"], k
P
for name in shd sgd; do
  if $python exported.py $name $name >log 2>&1; then ok; else bad "--export of $name"; fi
done

# Interrupted by a signal in mid-epoch, and before its first checkpoint; without the data set.
"$CROSSTRAIN" train shd.yaml --set run.epochs=100000 --out cut >log 2>&1 &
while [ "$(wc -l 2>/dev/null <cut/metrics.csv || echo 0)" -lt 3 ]; do sleep 0.05; done
kill -TERM $!
wait $!
[ $? = 143 ] && ok || bad "interrupted"
if report cut; then ok; else bad "report of an interrupted run"; fi
sound cut/report.html --figures 10 --says "interrupted: goes on with --resume"
mkdir begun
cp cut/config.yaml begun/
head -3 cut/metrics.csv >begun/metrics.csv
if report begun; then ok; else bad "report of a run without a checkpoint"; fi
sound begun/report.html --figures 3 --says "no checkpoint yet"
head -1 cut/metrics.csv >begun/metrics.csv
if report begun shd --out begun.html; then ok; else bad "a run without a line of metrics"; fi
sound begun.html --figures 10 --says "no checkpoint yet"
mkdir elsewhere
if (cd elsewhere && report ../sgd) && grep -q '^note: sgd: no confusion matrix: table.csv: No such file' elsewhere/log; then ok; else bad "without the data set"; fi
sound sgd/report.html --run sgd --figures 7 --says "No predictions: table.csv: No such file"
if (cd elsewhere && report ../sgd --data ..) && ! grep -q note elsewhere/log; then ok; else bad "--data"; fi
sed 's/^0/1/' table.csv >elsewhere/table.csv
if report sgd --data elsewhere && grep -q 'no confusion matrix: the data is not what' log; then ok; else bad "other data"; fi

# In lockstep: the shapes of testbench/configs/tour.yaml, which other tests build too.
if train "$repo/testbench/configs/tour.yaml" --set data.train_samples=12 --set data.test_samples=5 --engine lockstep --out lock; then ok; else bad "lockstep"; fi
if report lock; then ok; else bad "report of a run in lockstep"; fi
sound lock/report.html --run lock --says "Engine lockstep: " --says "That is every operation of the run."
mkdir lock/mismatch
cp "$repo/waves/sar.png" lock/mismatch/
touch lock/mismatch/mismatch-tile0-op7.fst
rm lock/summary.yaml
if report lock; then ok; else bad "report of a mismatch"; fi
sound lock/report.html --says "A mismatch was found" --says "gtkwave lock/mismatch/mismatch-tile0-op7.fst" --says "lock/mismatch/sar.png"

# Pictures of dumps, where GTKWave can draw: of a counter here.
if command -v gtkwave xvfb-run xauth vcd2fst >/dev/null; then
  awk 'BEGIN { print "$timescale 1 ns $end\n$scope module top $end\n$var wire 8 ! count [7:0] $end\n$upscope $end\n$enddefinitions $end"
       for (t = 0; t < 40; t++) { print "#" 10 * t; s = ""; for (b = 7; b >= 0; b--) s = s int(t / 2 ^ b) % 2; print "b" s " !" } }' >count.vcd
  mkdir lock/wave
  vcd2fst count.vcd lock/wave/count.fst >log 2>&1
  printf '[timestart] 0\n[size] 900 400\n*-5.0 0 -1\n@22\ntop.count[7:0]\n' >lock/wave/count.overview.gtkw
  if report lock --waves; then ok; else bad "--waves"; fi
  sound lock/report.html --says "lock/wave/count.overview.gtkw" --says "lock/mismatch/sar.png"
  if [ "$(grep -c '<img ' lock/report.html)" = 2 ]; then ok; else bad "--waves draws nothing"; fi
else
  echo "left out: --waves (packages gtkwave, xvfb, xauth)"
fi
mkdir waveless
ln -s "$(command -v env)" waveless/
ln -s "$(command -v $python)" waveless/python3
PATH=$work/waveless report lock --waves
if [ $? = 4 ] && [ "$(wc -l <log)" = 1 ] && grep -q 'apt-get install gtkwave xvfb xauth' log; then ok; else bad "--waves without GTKWave"; fi

# What cannot be: one line, and the page that was there stays.
cp shd/report.html was.html
refuse 2 "a run folder is missing"
refuse 2 "does not end in .html" shd --out shd/metrics.csv
refuse 3 "nowhere: no such run folder" nowhere
refuse 3 "not a run folder: no config.yaml" elsewhere
refuse 3 "elsewhere/no: no such folder" shd --out elsewhere/no/page.html
refuse 3 "shd: the same run twice" shd ./shd
mkdir elsewhere/page.html
refuse 3 "page.html: is not a regular file" shd --out elsewhere/page.html
touch file
refuse 3 "file: " shd --export file/tables
damage() {  # NAME, then a command that spoils spoilt/
  rm -rf spoilt
  cp -r shd spoilt
  (cd spoilt && eval "$2")
  cp was.html spoilt/report.html
  refuse 3 "$1" spoilt
  if cmp spoilt/report.html was.html >log 2>&1 && [ -z "$(find spoilt -name '.report*' -o -name '*.tmp')" ]; then ok
  else bad "a refused report leaves something: $(ls -A spoilt)"
  fi
}
damage "the checkpoint is cut" 'truncate -s 5000 checkpoint.h5'
damage "the checkpoint is damaged" 'printf "\1\2\3" | dd of=checkpoint.h5 bs=1 seek=9000 conv=notrunc 2>/dev/null'
damage "not a checkpoint" 'echo hello >checkpoint.h5'
damage "of another run than the checkpoint" 'sed -i "s/^seed: 3/seed: 5/" config.yaml'
damage "metrics.csv: line 3: 21 numbers" 'sed -i "3s/,.*//" metrics.csv'
damage "metrics.csv: line 1: not the head" 'echo hello >metrics.csv'
damage "summary.yaml: not " 'printf "a: [\n" >summary.yaml'
cp shd/config.yaml elsewhere/
sed -i 's/seed: 3/sead: 3/' elsewhere/config.yaml
report elsewhere
if [ $? = 2 ] && [ "$(wc -l <log)" = 1 ] && grep -q "sead" log; then ok; else bad "a broken configuration"; fi
(ulimit -f 100; report shd --out full.html) # KiB; the page has more
if [ $? = 3 ] && [ ! -e full.html ] && [ -z "$(find . -maxdepth 1 -name '.full*')" ] && [ "$(wc -l <log)" = 1 ]; then ok
else bad "a page that cannot be written"
fi
if [ -z "$(find "${TMPDIR:-/tmp}" -maxdepth 1 -name 'crosstrain-report-*' -newer shd.yaml)" ]; then ok; else bad "scratch folders are left"; fi

# Without the packages: one line that names those of apt.
mkdir bare
cat >bare.py <<'P'
import importlib.util, runpy, sys
importlib.util.find_spec = lambda name: None
sys.executable = "/usr/bin/python3"
sys.argv = sys.argv[1:]
sys.path.insert(0, sys.argv[0].rpartition("/")[0])
runpy.run_path(sys.argv[0], run_name="__main__")
P
printf '#!/bin/sh\nexec %s %s/bare.py "$@"\n' "$(command -v $python)" "$work" >bare/python3
chmod +x bare/python3
PATH=$work/bare:$PATH report shd
if [ $? = 4 ] && [ "$(wc -l <log)" = 1 ] && grep -q 'apt-get install python3-matplotlib python3-jinja2 python3-yaml' log; then ok; else bad "no packages"; fi
mkdir none
PATH=$work/none report shd
if [ $? = 4 ] && grep -q 'python3 cannot be run' log; then ok; else bad "no Python"; fi

# Pulses are counted by engines that can.
for engine in rtl systemc-lt; do
  "$CROSSTRAIN" version | grep -q "^  $engine:" || continue
  train shd.yaml --engine $engine --out other
  if [ $? = 2 ] && [ "$(wc -l <log)" = 1 ] && grep -q 'no pulse counts of devices' log; then ok; else bad "$engine counts pulses"; fi
done

# The check finds faults.
spoil() {
  sed "$1" shd/report.html >spoilt.html
  if cmp -s shd/report.html spoilt.html || $python "$here/check_page.py" spoilt.html --run shd >log 2>&1; then bad "not found: $1"; else ok; fi
}
spoil 's/<\/figcaption>//'
spoil 's/href="#energy"/href="#energie"/'
spoil 's/<link rel="icon" href="data:,">/<link rel="icon" href="icon.png">/'
spoil 's/<figcaption>Tile 0: all devices[^<]*/<figcaption>/'
spoil 's/95/59/; s/test accuracy.*%/test accuracy/'
$python "$here/browse.py" both.html begun.html lock/report.html >log 2>&1
case $? in
  0) ok ;;
  77) cat log ;;
  *) bad "in Chromium" ;;
esac
if [ "$($python "$here/browse.py" 2>/dev/null >/dev/null; echo $?)" != 77 ]; then
  sed 's/<h1>/<h1><img src="http:\/\/127.0.0.1:1\/x.png" alt="x">/' shd/report.html >spoilt.html
  if $python "$here/browse.py" spoilt.html >log 2>&1; then bad "Chromium sees no fault"; elif grep -q 'asks for http' log && grep -q console log; then ok; else bad "Chromium"; fi
fi

echo "$passed passed, $failed failed"
[ $failed = 0 ]
