#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Dumps and GTKWave save files: for tiles of two shapes, every signal that a save file names exists in the dump with the
# right width and every group has signals; scripts/wave.sh finds the operation, and refuses in one line what cannot be.
# usage: run.sh [PROGRAM]     Prints `N passed, M failed`; exit code 0, 1 a failure, 77 skipped (no fst2vcd).
set -uo pipefail
here=$(cd "$(dirname "$0")" && pwd)
repo=$(cd "$here/../.." && pwd)
CROSSTRAIN=$(realpath "${1:-$repo/build/crosstrain}")
export CROSSTRAIN
command -v fst2vcd >/dev/null || { echo "skipped: fst2vcd (package gtkwave) is not installed"; exit 77; }
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work" || exit 1
passed=0 failed=0
ok() { passed=$((passed + 1)); }
bad() { failed=$((failed + 1)); echo "FAILED: $*"; [ ! -s log ] || sed 's/^/  /' log | tail -5; }

# One tile of 65 x 10: more devices than a dump has of an array.
cat >digits.yaml <<'Y'
seed: 3
data: {kind: digits, size: 8, train_samples: 12, test_samples: 4}
network: {hidden: []}
tile: {code_bits: 6, adc_bits: 7}
device:
  A: {dw_min: 0.004}
run: {epochs: 1, checkpoint_every: 5}
Y
# Tile 0 of 3 x 1: a single column, shared converters, gated cells, bit-serial reads.
awk 'BEGIN { for (i = 0; i < 24; i++) print (i * 7) % 11 "," (i * 5) % 13 "," i % 2 }' >table.csv
cat >table.yaml <<'Y'
seed: 4
data: {kind: csv, train: table.csv}
network: {hidden: [1], init: [0.4]}
tile: {adc_bits: 5, adc_share: 2, state_bits: 12, prob_bits: 12, cell: gated, read: bit_serial}
algorithm: {transfer_every: 2}
device:
  A: {dw_min: 0.02}
  C: {dw_min: 0.02}
run: {epochs: 1}
Y

# wave CONFIG OPERATION KIND TILE: dump, save files, check
wave() {
  local prefix=out-$1-$2/$1-tile$4-op$2
  if scripts_wave "$1.yaml" "$2" --tile "$4" --out "out-$1-$2" && grep -q "^operation $2 of tile $4: $3\$" log; then
    ok
  else
    bad "$1: operation $2 of tile $4"
    return
  fi
  fst2vcd "$prefix.fst" >"$1.vcd" 2>/dev/null && [ -s "$1.vcd" ] && ok || bad "$1: fst2vcd"
  local v
  for v in overview forward sar update transfer; do
    if python3 "$here/check_gtkw.py" "$1.vcd" "$prefix.$v.gtkw" >log 2>&1; then ok; else bad "$1: view $v"; fi
  done
}
scripts_wave() { "$repo/scripts/wave.sh" "$@" --no-view >log 2>&1; }
# refuse CODE TEXT ARGUMENTS: one line of that text, that code
refuse() {
  local want=$1 text=$2 code
  shift 2
  scripts_wave "$@"
  code=$?
  if [ $code = "$want" ] && [ "$(grep -c '^wave.sh: ' log)" = 1 ] && grep -q "^wave.sh: .*$text" log; then ok
  else bad "code $code, not $want with '$text': wave.sh $*"
  fi
}

wave digits 66 UPDATE 0     # 65 lines programmed, then FORWARD, UPDATE ...
wave table 3 FORWARD 0      # 3 lines programmed

# The check itself finds faults: another name, another width, an empty group.
good=out-digits-66/digits-tile0-op66.sar.gtkw
spoil() {
  sed "$1" "$good" >spoilt.gtkw
  if cmp -s "$good" spoilt.gtkw || python3 "$here/check_gtkw.py" digits.vcd spoilt.gtkw >log 2>&1; then bad "not found: $1"
  else ok
  fi
}
if [ -s "$good" ]; then
  spoil 's/sar_bit/sar_bitt/'
  spoil 's/sar_bit\[3:0\]/sar_bit[4:0]/'
  spoil '/^@420$/,/rails/{/xt_sim/d}'
  other=out-table-3/table-tile0-op3.sar.gtkw
  if [ -s "$other" ] && ! cmp -s <(grep xt_sim "$good") <(grep xt_sim "$other"); then ok; else bad "two shapes, the same save file"; fi
fi

# From a checkpoint: the same records as from the start, whatever the time.
records() {  # of a VCD: the changes of the trace's signals, in order
  awk '/^\$var/ { if ($5 ~ /^trace_|^digest_/ && !($4 in id)) id[$4] = $5; next }
       /^#/ { times++; next }
       times > 1 && /^b/ { if ($2 in id) print id[$2], $1; next }
       times > 1 { c = substr($0, 2); if (c in id) print id[c], substr($0, 1, 1) }' "$1"
}
sed 's/epochs: 1/epochs: 2/' digits.yaml >two.yaml
if "$CROSSTRAIN" train two.yaml --epochs 1 --engine ref --out run --quiet >log 2>&1; then ok; else bad "training"; fi
wave two 100 UPDATE 0       # 65 lines, 12 samples, 4 tests: 93 is the first one after the checkpoint
records two.vcd >start
if scripts_wave two.yaml 100 --checkpoint run --out out-checkpoint && grep -q '^from the checkpoint of run (operation 93 ' log; then
  ok
else
  bad "from the checkpoint"
fi
fst2vcd out-checkpoint/two-tile0-op100.fst >checkpoint.vcd 2>/dev/null
records checkpoint.vcd >resumed
if [ "$(wc -l <start)" -gt 100 ] && cmp start resumed >log 2>&1; then ok; else bad "start and checkpoint differ"; fi
refuse 1 "past the end of the run" digits.yaml 5000 --checkpoint run --out late
refuse 3 "checkpoint.* is gone" digits.yaml 5 --checkpoint out-digits-66 --out gone
refuse 3 "no such run folder" digits.yaml 5 --checkpoint nowhere --out gone
touch file
refuse 3 "cannot write" digits.yaml 5 --out file/folder
refuse 2 "not a whole number" digits.yaml five
refuse 2 "no such configuration" nowhere.yaml 5
refuse 2 "has tiles 0 to 0" digits.yaml 5 --tile 3 --out tile
refuse 2 "no such tile" digits.yaml 5 --tile 3 --checkpoint run --out tile
sed 's/seed: 3/seed: 5/' digits.yaml >other.yaml
refuse 2 "another configuration" other.yaml 5 --checkpoint run --out other

echo "$passed passed, $failed failed"
[ $failed = 0 ]
