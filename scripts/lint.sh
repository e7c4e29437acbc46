#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Verilator -Wall, Icarus -Wall and Yosys read the periphery (rtl/*.sv) at several shapes; any message is an error.
# Usage: lint.sh [-q] (-q: only Verilator and Icarus)
set -u
root=$(cd "$(dirname "$0")/.." && pwd)
cd "$root/rtl" || exit 2
for t in verilator iverilog yosys; do
  command -v $t >/dev/null || { echo "lint.sh: $t is not installed" >&2; exit 2; }
done
out=$(mktemp -d) || exit 2
trap 'rm -rf "$out"' EXIT
src="xt_pkg.sv"
for f in xt_*.sv; do [ "$f" = xt_pkg.sv ] || src="$src $f"; done
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

# every parameter set: NAME=value ...
shape() {
  v="" i="" y=""
  for kv in "$@"; do
    v="$v -G$kv"
    i="$i -Pxt_tile.$kv"
    y="$y -set ${kv%%=*} ${kv#*=}"
  done
  # shellcheck disable=SC2086  # lists of words
  verilator --lint-only -Wall --top-module xt_tile $v $src >"$out/log" 2>&1
  report verilator "$*" $?
  # shellcheck disable=SC2086
  iverilog -g2012 -Wall -s xt_tile $i -o "$out/o" $src >"$out/log" 2>&1
  report iverilog "$*" $?
  [ "$yosys" = 1 ] || return
  yosys -q -e "implicitly declared" -e "is assigned in a block" \
    -p "read_verilog -sv $src; chparam $y xt_tile; hierarchy -check -top xt_tile; proc; opt_clean; check -assert" \
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
    i="$i -Pxt_tile.$kv"
    y="$y -set ${kv%%=*} ${kv#*=}"
  done
  # shellcheck disable=SC2086
  verilator --lint-only --top-module xt_tile $v $src >"$out/verilator" 2>&1 \
    && { echo "lint.sh: verilator accepts $*" >&2; bad=1; }
  # shellcheck disable=SC2086
  iverilog -g2012 -s xt_tile $i -o "$out/o" $src >"$out/iverilog" 2>&1 \
    && { echo "lint.sh: iverilog accepts $*" >&2; bad=1; }
  tools="verilator iverilog"
  if [ "$yosys" = 1 ]; then
    yosys -q -p "read_verilog -sv $src; chparam $y xt_tile; hierarchy -check -top xt_tile" >"$out/yosys" 2>&1 \
      && { echo "lint.sh: yosys accepts $*" >&2; bad=1; }
    tools="$tools yosys"
  fi
  for t in $tools; do
    grep -q "xt_illegal_parameter_$p" "$out/$t" || { echo "lint.sh: $t on $*: no clear message" >&2; bad=1; }
  done
  count=$((count + 1))
}

yosys=1
[ "${1:-}" = -q ] && yosys=0
shape N=1 M=1
shape N=7 M=1 AdcShare=3
shape N=3 M=5 CodeBits=8 AdcBits=4 ProbBits=12 BlMax=255 StateBits=24
refused N ProbBits=8 N=129 M=2
refused AdcShare N=3 M=5 AdcShare=65
refused ProbBits N=3 M=5 ProbBits=17
yosys=0 # Yosys adds half a minute a shape here, and no findings
shape N=1 M=7
shape N=3 M=5
shape N=33 M=17 CodeBits=2 AdcBits=12 ProbBits=8 BlMax=1 StateBits=8
shape N=33 M=17 AdcShare=3 CodeBits=5 AdcBits=10 ProbBits=13
shape N=784 M=128
refused M ProbBits=8 N=2 M=129
refused CodeBits N=3 M=5 CodeBits=9
refused AdcBits N=3 M=5 AdcBits=13
refused BlMax N=3 M=5 BlMax=256
refused StateBits N=3 M=5 StateBits=7
[ $bad = 0 ] && echo "lint: $count checks, no warning"
exit $bad
