#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Verilator -Wall, Icarus -Wall and Yosys read the tile's periphery (rtl/*.sv) at several shapes, or xt_top with 1 to 16 tiles;
# any message is an error. Illegal parameters are refused. Of the trace nothing is left with Trace = 0.
# Usage: lint.sh [top] [-q] [--kept DIR]   -q: only Verilator and Icarus; --kept: a run without a finding leaves a mark in DIR, and
# the same files are not read again by the same tools
. "$(dirname "$0")/help.sh"
set -u
root=$(cd "$(dirname "$0")/.." && pwd)
cd "$root/rtl" || exit 2
for t in verilator iverilog yosys; do
  command -v $t >/dev/null || { echo "lint.sh: $t is not installed" >&2; exit 2; }
done
out=$(mktemp -d) || exit 2
trap 'rm -rf "$out"' EXIT
src=$(grep '\.sv$' xt.f | tr '\n' ' ')
bad=0
count=0

# report <tool> <shape> <exit code>: quiet means clean
report() {
  if [ "$3" -ne 0 ] || [ -s "$out/log" ]; then
    echo "lint.sh: $1, $2:" >&2
    cat "$out/log" >&2
    bad=1
  fi
  count=$((count + 1))
}

# every parameter set: NAME=value ... of $module
module=xt_tile
shape() {
  v="" i="" y=""
  for kv in "$@"; do
    v="$v -G$kv"
    i="$i -P$module.$kv"
    y="$y -set ${kv%%=*} ${kv#*=}"
  done
  # shellcheck disable=SC2086  # lists of words
  verilator --lint-only -Wall --top-module $module $v $src >"$out/log" 2>&1
  report verilator "$*" $?
  # shellcheck disable=SC2086
  iverilog -g2012 -Wall -s $module $i -o "$out/o" $src >"$out/log" 2>&1
  report iverilog "$*" $?
  [ "$yosys" = 1 ] || return
  yosys -q -e "implicitly declared" -e "is assigned in a block" \
    -p "read_verilog -sv $src; chparam $y $module; hierarchy -check -top $module; proc; opt_clean; check -assert" \
    >"$out/log" 2>&1
  report yosys "$*" $?
}

# refused <parameter> <NAME=value>...: an illegal parameter stops elaboration in all three tools, by its name
refused() {
  p=$1
  shift
  v="" i="" y=""
  for kv in "$@"; do
    v="$v -G$kv"
    i="$i -P$module.$kv"
    y="$y -set ${kv%%=*} ${kv#*=}"
  done
  # shellcheck disable=SC2086
  verilator --lint-only --top-module $module $v $src >"$out/verilator" 2>&1 \
    && { echo "lint.sh: verilator accepts $*" >&2; bad=1; }
  # shellcheck disable=SC2086
  iverilog -g2012 -s $module $i -o "$out/o" $src >"$out/iverilog" 2>&1 \
    && { echo "lint.sh: iverilog accepts $*" >&2; bad=1; }
  tools="verilator iverilog"
  if [ "$yosys" = 1 ]; then
    yosys -q -p "read_verilog -sv $src; chparam $y $module; hierarchy -check -top $module" >"$out/yosys" 2>&1 \
      && { echo "lint.sh: yosys accepts $*" >&2; bad=1; }
    tools="$tools yosys"
  fi
  for t in $tools; do
    grep -q "xt_illegal_parameter_$p" "$out/$t" || { echo "lint.sh: $t on $*: no clear message" >&2; bad=1; }
  done
  count=$((count + 1))
}

# xt_top on the bus: of equal and of different shapes
top() {
  # With several tiles Verilator 5.006 compares names inside xt_encoder and xt_xfer with those of the instance above
  # them (VARHIDDEN); with one tile it does not, and that run keeps the warning.
  for of in "Tiles=1 N=5 M=6" "Tiles=1 N=5 M=6 Mtj=1 AccBits=20 AccGang=1" "Tiles=3 N=5 M=6" "Tiles=16 N=5 M=6" "Tiles=3 Ns=256'h002100030001 Ms=256'h001100050001" \
    "Tiles=2 N=7 Ms=256'h00020009 AdcShare=3"; do
    hidden="-Wno-VARHIDDEN" v="" i=""
    [ "${of%% *}" != Tiles=1 ] || hidden=""
    for kv in $of; do
      v="$v -G$kv"
      i="$i -Pxt_top.$kv"
    done
    # shellcheck disable=SC2086  # lists of words
    verilator --lint-only -Wall $hidden --top-module xt_top $v $src >"$out/log" 2>&1
    report verilator "$of" $?
    # shellcheck disable=SC2086
    verilator --lint-only -Wall $hidden --timescale 1ns/1ns --top-module xt_top_sim $v $src \
      array/xt_plane.sv array/xt_array.sv array/xt_afe.sv array/xt_analog.sv array/xt_top_sim.sv >"$out/log" 2>&1
    report "verilator, simulation top" "$of" $?
    # shellcheck disable=SC2086
    iverilog -g2012 -Wall -s xt_top $i -o "$out/o" $src >"$out/log" 2>&1
    report iverilog "$of" $?
  done
  [ "$yosys" = 0 ] || for of in "-set Tiles 1 -set N 3 -set M 2" "-set Tiles 3 -set Ns 256'h000200010003 -set Ms 256'h000300010002"; do
    yosys -q -e "implicitly declared" -e "is assigned in a block" \
      -p "read_verilog -sv $src; chparam $of xt_top; hierarchy -check -top xt_top; proc; opt_clean; check -assert" \
      >"$out/log" 2>&1
    report yosys "$of" $?
  done
  module=xt_top
  refused Tiles Tiles=0 N=3 M=2
  refused Trace Tiles=1 N=3 M=2 Trace=2
  refused AdcShare Tiles=2 N=3 M=2 AdcShare=0
  refused StreamBits Tiles=2 N=3 M=2 StreamBits=31
  refused Tiles Tiles=17 N=3 M=2
  refused Ns Tiles=3 N=3 M=2 "Ns=256'h00030001"
  refused Ns Tiles=1 M=2 "Ns=256'h00030001"
  refused Ms Tiles=2 N=3 "Ms=256'h00030000"
  refused M Tiles=2 N=3 ProbBits=8 "Ms=256'h00810001"
}

# a tile
tile() {
  shape N=1 M=1
  shape N=7 M=1 AdcShare=3
  shape N=3 M=5 CodeBits=8 AdcBits=4 ProbBits=12 BlMax=255 StateBits=24
  refused N ProbBits=8 N=129 M=2
  shape N=5 M=3 CodeBits=4 Mtj=1
  shape N=3 M=4 Mtj=1 AccBits=24 AccGang=1
  shape N=5 M=3 AdcKind=1 AdcBits=6 AdcShare=2
  refused AdcShare N=3 M=5 AdcShare=65
  refused ProbBits N=3 M=5 ProbBits=17
  refused Trace N=3 M=5 Trace=2
  module=xt_reset_sync
  shape Stages=3
  verilator --lint-only -Wall --top-module xt_tile -GN=3 -GM=5 -F xt.f >"$out/log" 2>&1
  report verilator "-F xt.f" $?
  for k in 2048 4096; do
    verilator --lint-only -Wall --top-module xt_tile -GN=$k -GM=$k -F xt.f >"$out/log" 2>&1
    report verilator "N=$k M=$k" $?
  done
  iverilog -g2012 -Wall -s xt_tile -Pxt_tile.N=3 -Pxt_tile.M=5 -o "$out/o" -c xt.f >"$out/log" 2>&1
  report iverilog "-c xt.f" $?
  module=xt_tile
  if [ "$yosys" = 1 ]; then
    yosys -q -p "read_verilog -sv $src; chparam -set Trace 0 xt_trace; hierarchy -check -top xt_trace; proc; opt; select -assert-none t:*" >"$out/log" 2>&1
    report "yosys, cells of xt_trace" Trace=0 $?
  fi
  yosys=0 # Yosys adds half a minute a shape here, and no findings
  shape N=1 M=7
  shape N=3 M=5
  shape N=33 M=17 CodeBits=2 AdcBits=12 ProbBits=8 BlMax=1 StateBits=8
  shape N=33 M=17 AdcShare=3 CodeBits=5 AdcBits=10 ProbBits=13
  shape N=7 M=9 AdcKind=1 AdcBits=12
  shape N=784 M=128
  shape N=3 M=5 Trace=0
  refused Trace N=3 M=5 Trace=-1
  refused N N=0 M=5
  refused M N=3 M=0
  refused M ProbBits=8 N=2 M=129
  refused ProbBits N=3 M=5 ProbBits=7
  refused CodeBits N=3 M=5 CodeBits=1
  refused AdcBits N=3 M=5 AdcBits=3
  refused AdcShare N=3 M=5 AdcShare=0
  refused BlMax N=3 M=5 BlMax=0
  refused StateBits N=3 M=5 StateBits=25
  refused StreamBits N=3 M=5 StreamBits=16
  refused StreamBits N=3 M=5 StreamBits=96
  refused StreamBits N=3 M=5 StreamBits=2048
  refused CodeBits N=3 M=5 CodeBits=9
  refused AdcBits N=3 M=5 AdcBits=13
  refused AdcKind N=3 M=5 AdcKind=2
  refused BlMax N=3 M=5 BlMax=256
  refused StateBits N=3 M=5 StateBits=7
  shape N=1 M=7 Mtj=1 CodeBits=2
  shape N=33 M=17 Mtj=1 CodeBits=8
  refused Mtj N=3 M=5 Mtj=2
  shape N=1 M=1 Mtj=1 AccBits=12 CodeBits=2
  shape N=33 M=17 Mtj=1 AccBits=32 CodeBits=8
  shape N=784 M=128 Mtj=1 AccBits=24 AccGang=6
  refused AccBits N=3 M=5 AccBits=12
  refused AccBits N=3 M=5 Mtj=1 AccBits=11
  refused AccBits N=3 M=5 Mtj=1 AccBits=33
  refused AccGang N=3 M=6 Mtj=1 AccBits=24 AccGang=2
  refused AccGang N=3 M=6 Mtj=1 AccGang=1
  refused AccGang N=3 M=128 Mtj=1 AccBits=24 AccGang=7
}

what=tile yosys=1 kept=""
while [ $# -gt 0 ]; do
  case $1 in
    top) what=top ;;
    -q) yosys=0 ;;
    --kept) [ $# -ge 2 ] || { echo "lint.sh: --kept needs a folder" >&2; exit 2; }
            kept=$2; shift ;;
    *) echo "lint.sh: '$1' is unknown; there are top, -q and --kept DIR" >&2; exit 2 ;;
  esac
  shift
done
if [ -n "$kept" ]; then
  mark=$kept/lint.$({ echo "$what $yosys"; verilator --version; iverilog -V; yosys -V
                      cat xt.f ./*.sv ./*.svh array/* "$root/scripts/lint.sh"; } 2>/dev/null | sha256sum | cut -d ' ' -f 1)
  if [ -e "$mark" ]; then
    echo "lint of $what: $(cat "$mark") checks, no warning (kept: the same files as then)"
    exit 0
  fi
fi
$what
[ $bad = 0 ] || exit 1
echo "lint of $what: $count checks, no warning"
if [ -n "$kept" ]; then
  mkdir -p "$kept" && echo "$count" >"$out/mark" && mv "$out/mark" "$mark"
fi
