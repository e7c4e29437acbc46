#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Verilator -Wall, Icarus -Wall and Yosys read xt_top with 1 and 3 tiles; any message is an error. Illegal Tiles are refused.
# Usage: lint_top.sh [-q] (-q: only Verilator and Icarus)
set -u
root=$(cd "$(dirname "$0")/.." && pwd)
cd "$root/rtl" || exit 2
for t in verilator iverilog yosys; do
  command -v $t >/dev/null || { echo "lint_top.sh: $t is not installed" >&2; exit 2; }
done
out=$(mktemp -d) || exit 2
trap 'rm -rf "$out"' EXIT
src="xt_pkg.sv"
for f in xt_*.sv; do [ "$f" = xt_pkg.sv ] || src="$src $f"; done
bad=0
count=0
report() { # tool, shape, exit code
  if [ "$3" -ne 0 ] || [ -s "$out/log" ]; then
    echo "lint_top.sh: $1, $2:" >&2
    cat "$out/log" >&2
    bad=1
  fi
  count=$((count + 1))
}
# With several tiles Verilator 5.006 compares names inside xt_encoder and xt_xfer with those of the instance above
# them (VARHIDDEN); with one tile it does not, and that run keeps the warning.
for tiles in 1 3 16; do
  hidden=""
  [ $tiles = 1 ] || hidden=-Wno-VARHIDDEN
  # shellcheck disable=SC2086  # lists of words
  verilator --lint-only -Wall $hidden --top-module xt_top -GTiles=$tiles -GN=5 -GM=6 $src >"$out/log" 2>&1
  report verilator "Tiles=$tiles" $?
  # shellcheck disable=SC2086
  verilator --lint-only -Wall $hidden --timescale 1ns/1ns --top-module xt_top_sim -GTiles=$tiles -GN=5 -GM=6 $src \
    array/xt_array.sv array/xt_afe.sv array/xt_top_sim.sv >"$out/log" 2>&1
  report "verilator, simulation top" "Tiles=$tiles" $?
  # shellcheck disable=SC2086
  iverilog -g2012 -Wall -s xt_top -Pxt_top.Tiles=$tiles -Pxt_top.N=5 -Pxt_top.M=6 -o "$out/o" $src >"$out/log" 2>&1
  report iverilog "Tiles=$tiles" $?
done
[ "${1:-}" = -q ] || for tiles in 1 3; do
  yosys -q -e "implicitly declared" -e "is assigned in a block" \
    -p "read_verilog -sv $src; chparam -set Tiles $tiles -set N 3 -set M 2 xt_top; hierarchy -check -top xt_top; proc; opt_clean; check -assert" \
    >"$out/log" 2>&1
  report yosys "Tiles=$tiles" $?
done
for tiles in 0 17; do
  # shellcheck disable=SC2086
  verilator --lint-only --top-module xt_top -GTiles=$tiles $src >"$out/log" 2>&1 && { echo "lint_top.sh: verilator accepts Tiles=$tiles" >&2; bad=1; }
  # shellcheck disable=SC2086
  iverilog -g2012 -s xt_top -Pxt_top.Tiles=$tiles -o "$out/o" $src >>"$out/log" 2>&1 && { echo "lint_top.sh: iverilog accepts Tiles=$tiles" >&2; bad=1; }
  [ "$(grep -c xt_illegal_parameter_Tiles "$out/log")" -ge 2 ] || { echo "lint_top.sh: Tiles=$tiles: no clear message" >&2; cat "$out/log" >&2; bad=1; }
  count=$((count + 1))
done
[ $bad = 0 ] && echo "lint_top: $count checks, no warning"
exit $bad
