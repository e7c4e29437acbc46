#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Devices and front end against testbench/array/array_model.py, in Icarus and Verilator.
# usage: run.sh [smoke|full]    XT_TEST_SEED=<number> repeats a run; XT_TEST_KEEP=1 keeps the files
. "$(dirname "$0")/../../scripts/help.sh"
set -u
here=$(cd "$(dirname "$0")" && pwd)
rtl=$(cd "$here/../../rtl" && pwd)
level=${1:-smoke}
seed=${XT_TEST_SEED:-$(od -An -N4 -tu4 /dev/urandom | tr -d ' ')}
case $level in smoke|full) ;; *) echo "run.sh: smoke or full, not '$level'" >&2; exit 2 ;; esac
for t in iverilog verilator g++ python3; do
  command -v $t >/dev/null || { echo "run.sh: $t is not installed" >&2; exit 2; }
done
work=$(mktemp -d "${TMPDIR:-/tmp}/xt_array.XXXXXX")
[ "${XT_TEST_KEEP:-0}" = 1 ] || trap 'rm -rf "$work"' EXIT
echo "XT_TEST_SEED=$seed"
src="$rtl/xt_pkg.sv $rtl/array/xt_plane.sv $rtl/array/xt_array.sv $rtl/array/xt_afe.sv $rtl/array/xt_analog.sv $here/tb_array.sv"
command -v ccache >/dev/null && export OBJCACHE=ccache
passed=0; failed=0
check() { # name, expected (same|differ), output file
  local line
  line=$(grep '^compared' "$3")
  if [[ $2 = same && $line =~ ^compared\ [1-9][0-9]*\ differed\ 0$ ]] ||
     [[ $2 = differ && $line =~ ^compared\ [1-9][0-9]*\ differed\ [1-9][0-9]*$ ]]; then
    passed=$((passed + 1)); echo "ok   $1: $line"
  else
    failed=$((failed + 1)); echo "FAIL $1: $(tail -3 "$3" | tr '\n' ';')"
    echo "     again: XT_TEST_SEED=$seed XT_TEST_KEEP=1 $0 $level   (files in $work)"
  fi
}
# N M AdcBits AdcShare AdcKind StateBits
shapes="5,3,9,1,0,16 1,1,4,1,1,8 33,7,8,3,0,24 6,40,12,64,1,12"
[ $level = full ] && shapes="$shapes 64,32,9,1,0,16 3,97,6,2,1,24 70,65,9,4,0,8 2,1,5,1,0,17"
for s in $shapes; do
  IFS=, read -r n m adc share kind sw <<<"$s"
  name=N$n-M$m-adc$adc-share$share-kind$kind-sw$sw; dir=$work/$name; mkdir -p "$dir"
  python3 "$here/array_model.py" $n $m $adc $share $kind $sw $seed >"$dir/script" || exit 2
  python3 "$here/array_model.py" $n $m $adc $share $kind $sw $seed --corrupt >"$dir/corrupt" || exit 2
  iverilog -g2012 -I"$rtl" -o "$dir/tb.vvp" -s tb_array -Ptb_array.N=$n -Ptb_array.M=$m -Ptb_array.AdcBits=$adc \
    -Ptb_array.AdcShare=$share -Ptb_array.AdcKind=$kind -Ptb_array.StateBits=$sw $src >"$dir/iverilog.log" 2>&1 ||
    { cat "$dir/iverilog.log"; exit 2; }
  vvp "$dir/tb.vvp" +script="$dir/script" >"$dir/icarus.out" 2>&1
  check "$name icarus" same "$dir/icarus.out"
  verilator --binary --timing --assert -Wall -j 2 -I"$rtl" --top-module tb_array -GN=$n -GM=$m -GAdcBits=$adc -GAdcShare=$share -GAdcKind=$kind \
    -GStateBits=$sw --Mdir "$dir/obj" -o tb $src >"$dir/verilator.log" 2>&1 ||
    { cat "$dir/verilator.log"; exit 2; }
  "$dir/obj/tb" +script="$dir/script" >"$dir/verilator.out" 2>&1
  check "$name verilator" same "$dir/verilator.out"
  "$dir/obj/tb" +script="$dir/corrupt" >"$dir/corrupt.out" 2>&1
  check "$name corrupted expectation is noticed" differ "$dir/corrupt.out"
done
echo "$passed passed, $failed failed"
[ $failed = 0 ] && [ $passed -gt 0 ]
