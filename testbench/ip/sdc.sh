#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# rtl/ip/xt_top.sdc in OpenSTA, on the gates of a small xt_top: every name in it is found, and the multicycle paths are there.
# usage: sdc.sh LIBERTY   LIBERTY: a cell library that has a flip-flop with asynchronous set and reset (Debian's qflow-tech-osu018
# has one) and a buffer BUFX2 from A to Y. Exit code: 0 passed, 1 failed, 2 usage or set-up.
. "$(dirname "$0")/../../scripts/help.sh"
set -u
root=$(cd "$(dirname "$0")/../.." && pwd)
[ $# = 1 ] && [ -r "$1" ] || { echo "sdc.sh: the argument is a liberty file (see the head of the script)" >&2; exit 2; }
lib=$(cd "$(dirname "$1")" && pwd)/$(basename "$1")
for t in yosys sta; do
  command -v $t >/dev/null || { echo "sdc.sh: $t is not installed (packages yosys, opensta)" >&2; exit 2; }
done
out=$(mktemp -d) || exit 2
trap 'rm -rf "$out"' EXIT
cd "$root/rtl" || exit 2
cat >"$out/synth.ys" <<EOF
read_verilog -sv $(grep '\.sv$' xt.f | tr '\n' ' ')
chparam -set Tiles 1 -set N 3 -set M 2 -set CodeBits 3 -set AdcBits 4 -set ProbBits 8 -set BlMax 3 -set Trace 0 xt_top
synth -top xt_top
dfflibmap -liberty $lib
abc -liberty $lib
splitnets
insbuf -buf BUFX2 A Y
opt_clean -purge
write_verilog -noattr -noexpr $out/netlist.v
EOF
yosys -q -s "$out/synth.ys" >"$out/log" 2>&1 || { tail -5 "$out/log" >&2; echo "sdc.sh: synthesis failed" >&2; exit 2; }
cat >"$out/sta.tcl" <<EOF
read_liberty $lib
read_verilog $out/netlist.v
link_design xt_top
set xt_period 10.0
source $root/rtl/ip/xt_top.sdc
puts "a path of two cycles:"
report_checks -through [get_pins "*/u_csr/regs_o\[0\]"]
puts "the longest:"
report_checks
EOF
sta -exit "$out/sta.tcl" >"$out/said" 2>&1
cut -c1-200 "$out/said"
! grep -qE 'Warning|Error|No paths found' "$out/said" && grep -q '^ *20.00 *20.00 *clock clk' "$out/said" && echo "2 passed, 0 failed"
