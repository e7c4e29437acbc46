#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Dumps and GTKWave save files: for tiles of two shapes, every signal that a save file names exists in the dump with the
# right width and every group has signals; `crosstrain wave` finds the operation, starts from a checkpoint without changing a
# record, refuses in one line what cannot be; a mismatch of lockstep makes its own, with the marker on it.
# usage: run.sh [PROGRAM]     Prints `N passed, M failed`; exit code 0, 1 a failure, 77 skipped (no fst2vcd).
. "$(dirname "$0")/../../scripts/help.sh"
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
  if show "$1.yaml" "$2" --tile "$4" --out "out-$1-$2" && grep -q "^operation $2 of tile $4: $3\$" log; then
    ok
  else
    bad "$1: operation $2 of tile $4"
    return
  fi
  fst2vcd "$prefix.fst" >"$1.vcd" 2>/dev/null && [ -s "$1.vcd" ] && ok || bad "$1: fst2vcd"
  local v views="overview forward sar update transfer"
  [ "$3" != MTJ_UPDATE ] || views="$views mtj"
  [ "$(cd "out-$1-$2" && echo ./*.gtkw | wc -w)" = "$(echo "$views" | wc -w)" ] && ok || bad "$1: other views than $views"
  for v in $views; do
    if python3 "$here/check_gtkw.py" "$1.vcd" "$prefix.$v.gtkw" >log 2>&1; then ok; else bad "$1: view $v"; fi
  done
}
show() { "$CROSSTRAIN" wave "$@" --no-view >log 2>&1; }
# refuse CODE TEXT ARGUMENTS: one line of that text, that code
refuse() {
  local want=$1 text=$2 code
  shift 2
  show "$@"
  code=$?
  if [ $code = "$want" ] && [ "$(grep -c '^crosstrain' log)" = 1 ] && grep -q "^crosstrain.*$text" log; then ok
  else bad "code $code, not $want with '$text': wave $*"
  fi
}

wave digits 66 UPDATE 0     # 65 lines programmed, then FORWARD, UPDATE ...
wave table 3 FORWARD 0      # 3 lines programmed

# Binary devices without transistors and with: a view of their own opens, with devices in it that flip, or only see one line.
cp "$repo/testbench/configs/mtj/tour.yaml" passive.yaml
sed 's/cell: passive/cell: gated/' passive.yaml >gated.yaml
mtj() {  # CONFIG OPERATION GROUP...
  local prefix=out-$1-$2/$1-tile1-op$2 name=$1
  wave "$1" "$2" MTJ_UPDATE 1
  if "$CROSSTRAIN" wave "$1.yaml" "$2" --tile 1 --out "out-$1-$2" --no-view | grep -q "^to open: .*\.mtj\.gtkw$"; then ok; else bad "$1: the view"; fi
  shift 2
  if "$here/check_mtj.py" $name.vcd "$prefix.mtj.gtkw" "$@" >log 2>&1; then ok; else bad "$prefix: devices"; fi
}
mtj passive 152 Reset "Driven row alone" "Driven column alone" Set
mtj gated 5 Set "Driven row alone" "Driven column alone"
spoilt=out-passive-152/passive-tile1-op152.mtj.gtkw
for spoil in 's/-Set: C(1,9)/-Reset: C(1,9)/' 's/-Set: C(1,9)/-Set: C(1,8)/' 's/row alone: C(3,0)/row alone: C(0,0)/'; do
  sed "$spoil" $spoilt >spoilt.gtkw
  mapfile -t groups < <(sed -n '/^@800200$/{n;s/^-\(.*\): C(.*/\1/p}' spoilt.gtkw)
  if cmp -s $spoilt spoilt.gtkw || "$here/check_mtj.py" passive.vcd spoilt.gtkw "${groups[@]}" >log 2>&1; then bad "not found: $spoil"
  else ok
  fi
done
refuse 2 "mtj is of networks with binary devices" digits.yaml 5 --view mtj

# The check itself finds faults: another name, another width, an empty group.
good=out-digits-66/digits-tile0-op66.sar.gtkw
spoil() {
  sed "$1" "$good" >spoilt.gtkw
  if cmp -s "$good" spoilt.gtkw || python3 "$here/check_gtkw.py" digits.vcd spoilt.gtkw >log 2>&1; then bad "not found: $1"
  else ok
  fi
}
if [ -s "$good" ]; then
  spoil 's/u_tile.rails/u_tile.railss/'
  spoil 's/rails\[15:0\]/rails[16:0]/'
  spoil '/^@420$/,/rails/{/xt_sim/d}'
  other=out-table-3/table-tile0-op3.sar.gtkw
  if [ -s "$other" ] && ! cmp -s <(grep xt_sim "$good") <(grep xt_sim "$other"); then ok; else bad "two shapes, the same save file"; fi
fi

# The way there does not matter: the RTL from the start, the reference and then the RTL, and a checkpoint give the same
# records, at other times.
records() {  # of operation $2 in a VCD: the changes of the trace's signals, in order
  awk -v from="$2" -v to="$3" '
       /^\$scope/ { scope[++deep] = $3; next }
       /^\$upscope/ { deep--; next }
       /^\$var/ {
         name = scope[deep] == "trace_o" ? "trace_" $5 : $5
         if (name ~ /^trace_|^digest_/ && !($4 in id)) id[$4] = name
         next
       }
       /^#/ { now = substr($0, 2) + 0; next }
       now <= from || now > to { next }
       /^b/ { if ($2 in id) print id[$2], $1; next }
       { c = substr($0, 2); if (c in id) print id[c], substr($0, 1, 1) }' "$1"
}
operation() {  # DUMP: the records of operation 100
  local start end
  fst2vcd "$1" >dump.vcd 2>/dev/null
  read -r start end < <("$repo/waves/gen_gtkw.py" --dump "$1" --list | awk '$1 == 100 { print $3, $4 }')
  records dump.vcd "$start" "$end"
}
sed 's/epochs: 1/epochs: 2/' digits.yaml >two.yaml
if "$CROSSTRAIN" train two.yaml --engine rtl --wave direct.fst --wave-from 99 --wave-to 100 --out direct --quiet >log 2>&1; then
  ok
else
  bad "training on the RTL"
fi
operation direct.fst >direct.txt
wave two 100 UPDATE 0       # 65 lines, 12 samples, 4 tests: 93 is the first one after the checkpoint
operation out-two-100/two-tile0-op100.fst >start.txt
if "$CROSSTRAIN" train two.yaml --epochs 1 --engine ref --out run --quiet >log 2>&1; then ok; else bad "training"; fi
if show two.yaml 100 --checkpoint run --out out-checkpoint && grep -q '^from operation .*, from the checkpoint of run$' log; then ok
else bad "from the checkpoint"
fi
operation out-checkpoint/two-tile0-op100.fst >checkpoint.txt
if [ "$(wc -l <direct.txt)" -gt 100 ]; then ok; else bad "no records"; fi
for way in start checkpoint; do
  if cmp direct.txt $way.txt >log 2>&1; then ok; else bad "the RTL from the start and '$way' differ"; fi
done
if show two.yaml 70 --checkpoint run --out out-early && grep -q 'is before the checkpoint of run: from the start' log; then ok
else bad "before the checkpoint"
fi
if show digits.yaml 70 --checkpoint run --out out-done && grep -q 'is before the checkpoint of run: from the start' log; then ok
else bad "before the checkpoint of a complete run"
fi
for op in 0 64 92; do  # initial weights; the last test sample
  if show digits.yaml $op --out out-$op && grep -q "^operation $op of tile 0: " log; then ok; else bad "operation $op"; fi
done

# A mismatch: the dump by itself, the marker on the record that the report names.
"$CROSSTRAIN" train digits.yaml --engine lockstep --plant PTR --out bug --no-view >log 2>&1
[ $? = 1 ] && ok || bad "a seeded bug, and not exit code 1"
op=$(sed -n 's/^tile 0: mismatch:.* operation \([0-9]*\),.*/\1/p' log)
order=$(sed -n 's/^tile 0: mismatch:.* order \([0-9]*\),.*/\1/p' log)
prefix=bug/mismatch/mismatch-tile0-op$op
marker=$(sed -n 's/^\*[-0-9.]* \([0-9]*\) .*/\1/p' "$prefix.update.gtkw" 2>/dev/null)
if [ -n "$marker" ] && grep -q "^the marker is on the mismatch, at $marker ns" log; then ok; else bad "no marker"; fi
views() {  # PREFIX: every save file opens on the operation
  fst2vcd "$1.fst" >views.vcd 2>/dev/null
  python3 "$here/check_gtkw.py" views.vcd "$1".*.gtkw >log 2>&1
}
if [ -s "$prefix.fst" ]; then
  if views "$prefix"; then ok; else bad "views of a mismatch"; fi
  fst2vcd "$prefix.fst" >bug.vcd 2>/dev/null
  shown=$(awk -v at="${marker:-0}" '/^\$scope/ { scope = $3 } /^\$var/ { if (scope == "trace_o" && $5 == "order") id = $4; next }
      /^#/ { if (substr($0, 2) + 0 > at) exit; next }
      /^b/ { if ($2 "" == id "") v = substr($1, 2) }  # names of a VCD may look like equal numbers: 9, 09
      END { for (i = 1; i <= length(v); i++) n = 2 * n + substr(v, i, 1); print n + 0 }' bug.vcd)
  if [ "$shown" = "$order" ]; then ok; else bad "the marker is on record $shown, the mismatch on $order"; fi
else
  bad "no dump of the mismatch"
fi
"$CROSSTRAIN" train digits.yaml --engine lockstep --plant PTR --out bug2 --no-wave >log 2>&1
if [ $? = 1 ] && [ ! -e bug2/mismatch ]; then ok; else bad "--no-wave"; fi
again=$(sed -n 's/^with a waveform: //p' log)
if bash -c "$again --out again --no-view" >log 2>&1 && grep -q "^the marker is on the mismatch, at $marker ns" log; then
  ok
else
  bad "the command to see it: $again"
fi

# A bug that no checkpoint holds (an answer is withdrawn after 30 words, which an invariant of xt_result sees): the replay goes
# from the start.
cp -r "$repo/rtl" rtl
sed -i 's/assign m_valid_o = valid_q;/reg [7:0] n_q; always @(posedge clk_i or negedge rst_ni) if (!rst_ni) n_q <= 0; \
  else if (m_valid_o \&\& m_ready_i) n_q <= n_q + 1; assign m_valid_o = valid_q \&\& n_q < 30;/' rtl/xt_result.sv
XT_RTL_DIR=$work/rtl "$CROSSTRAIN" train table.yaml --engine lockstep --out stuck --no-view >log 2>&1
if [ $? = 1 ] && grep -q 'an assertion of the RTL fails at xt_result_props' log && grep -q '^it does not come again' log && grep -q '^the marker is on the mismatch' log; then ok; else bad "a bug with a history"; fi
prefix=$(echo stuck/mismatch/*.fst)
if views "${prefix%.fst}"; then ok; else bad "views of a bug with a history"; fi

# GTKWave: called if there is a display, else told how.
mkdir bin
printf '#!/bin/sh\nprintf "%%s\\n" "$@" >%s/called\n' "$work" >bin/gtkwave
chmod +x bin/gtkwave
PATH=$work/bin:$PATH DISPLAY=:0 "$CROSSTRAIN" wave digits.yaml 66 --out seen >log 2>&1
if cmp -s <(tail -2 called) <(printf 'seen/digits-tile0-op66.%s\n' fst update.gtkw); then ok; else bad "GTKWave is not called"; fi
rm -f called
env -u DISPLAY -u WAYLAND_DISPLAY PATH="$work/bin:$PATH" "$CROSSTRAIN" wave digits.yaml 66 --out seen >log 2>&1
if [ $? = 0 ] && [ ! -e called ] && grep -q '^no display' log && grep -q '^to open: gtkwave seen/' log; then ok; else bad "no display"; fi
mkdir "it's"
cp digits.yaml $'z\xc3\xa4 \xff.yaml'  # a letter that is not ASCII, a byte that is no letter
env -u DISPLAY -u WAYLAND_DISPLAY PATH="$work/bin:$PATH" "$CROSSTRAIN" wave $'z\xc3\xa4 \xff.yaml' 66 --out $'it\'s/a \033[1m b' >log 2>&1
again=$(sed -n 's/^to open: //p' log)
if [ -n "$again" ] && ! grep -q $'\033' log && PATH=$work/bin:$PATH bash -c "$again" && [ -s "$(head -1 called)" ]; then ok; else bad "names that a shell has to quote: $again"; fi
mkdir bare
ln -s "$(command -v env)" "$(python3 -c 'import sys; print(sys.executable)')" bare/
[ -e bare/python3 ] || mv bare/python3.* bare/python3
DISPLAY=:0 PATH=$work/bare "$CROSSTRAIN" wave digits.yaml 66 --out bare-out >log 2>&1
if [ $? = 0 ] && grep -q '^gtkwave is not installed' log && diff -r out-digits-66 bare-out >>log -x '*.fst'; then ok; else bad "GTKWave missing: other save files"; fi

refuse 1 "past the end of the run: tile 0 ends after operation 92" digits.yaml 93
refuse 1 "past the end of the run" digits.yaml 5000 --checkpoint run --out late
refuse 3 "checkpoint is gone" digits.yaml 5 --checkpoint out-digits-66 --out gone
refuse 3 "no such run folder" digits.yaml 5 --checkpoint nowhere --out gone
touch file
refuse 3 "cannot make the folder" digits.yaml 5 --out file/folder
refuse 2 "the name of a folder is empty" digits.yaml 5 --out ''
mkdir odd; mkfifo odd/digits-tile0-op5.fst odd/digits-tile0-op66.sar.gtkw
refuse 3 "digits-tile0-op5.fst is there and no regular file" digits.yaml 5 --out odd
refuse 3 "no save files" digits.yaml 66 --out odd
refuse 2 "not a whole number" digits.yaml five
refuse 2 "nowhere.yaml" nowhere.yaml 5
refuse 2 "has tiles 0 to 0" digits.yaml 5 --tile 3 --out tile
refuse 2 "has no waves" digits.yaml 5 --engine ref
refuse 2 "is unknown; there are" digits.yaml 5 --view all
sed 's/seed: 3/seed: 5/' digits.yaml >other.yaml
refuse 2 "run/checkpoint.h5: made with another configuration" other.yaml 70 --checkpoint run --out other
mkdir -p out && cp -r run out/other  # the run of a configuration of the same name: not asked for
if show other.yaml 66 --out other && grep -q 'the checkpoint of out/other is of another configuration: from the start' log; then ok
else bad "a checkpoint of another configuration in the default folder"
fi
(ulimit -f 24; show digits.yaml 66 --out full)  # KiB
if [ $? = 3 ] && grep -q '^crosstrain: .*cannot' log; then ok; else bad "a file that cannot be written"; fi
(ulimit -f 24; show digits.yaml 0 --out cut)  # operation 0 needs no checkpoint: the dump alone
if [ $? = 3 ] && grep -q '^crosstrain: a waveform cannot be written' log; then ok; else bad "a dump that cannot be mapped"; fi
if ls cut/*.fst >/dev/null 2>&1; then bad "a dump that is cut is left"; else ok; fi
# Its last kilobytes, in a dump that is larger than what its writer keeps beside it.
dump() { "$CROSSTRAIN" train digits.yaml --engine rtl --out cut-run --overwrite --quiet --wave cut.fst --wave-to 30 >log 2>&1; }
if dump; then ok; else bad "a dump of 31 operations"; fi
size=$(($(stat -c %s cut.fst) / 1024))
(ulimit -f $((size - 2)); dump)
if [ $? = 3 ] && grep -q '^crosstrain: cut.fst: not a whole FST' log; then ok; else bad "a dump of train that is cut"; fi
sed 's/epochs: 1/epochs: 1000/; s/train_samples: 12/train_samples: 5000/' digits.yaml >long.yaml
"$CROSSTRAIN" wave long.yaml 9000000 --out long >log 2>&1 &
sleep 1.5
kill -TERM $!  # a shell's background ignores SIGINT
wait $!
if [ $? = 143 ] && grep -q '^crosstrain: stopped by signal 15' log; then ok; else bad "interrupted"; fi
if [ -z "$(find . -name '.work*' -o -name '*.tmp')" ]; then ok; else bad "scratch files are left: $(find . -name '.work*' -o -name '*.tmp')"; fi

echo "$passed passed, $failed failed"
[ $failed = 0 ]
