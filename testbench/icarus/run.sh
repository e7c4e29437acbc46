#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# The Icarus bench of the periphery at several shapes. Usage: run.sh [--plant BUG]   BUG: of testbench/bugs.toml
# run.sh --netlist: the same bench on the gates that Yosys makes of a 3 x 5 tile, and of one with the accumulator.
. "$(dirname "$0")/../../scripts/help.sh"
set -u
root=$(cd "$(dirname "$0")/../.." && pwd)
out=$(mktemp -d) || exit 2
trap 'rm -rf "$out"' EXIT
command -v iverilog >/dev/null || { echo "run.sh: iverilog is not installed" >&2; exit 2; }
if [ "${1:-}" = --netlist ]; then
  # netlist N M [NAME=VALUE ...]: parameters of xt_tile, and what the bench calls them
  netlist() {
    n=$1 m=$2 defines=""
    shift 2
    for p in "$@"; do defines="$defines -DTB_$(echo "${p%%=*}" | sed 's/Bits//; s/^AccGang$/Gang/' | tr a-z A-Z)=${p#*=}"; done
    "$root/scripts/synth.sh" "$@" "$n" "$m" "$out/netlist.v" || exit 1
    # shellcheck disable=SC2086  # a list of words
    iverilog -g2012 -DTB_NETLIST -DTB_N="$n" -DTB_M="$m" $defines -I"$root/rtl" -s xt_tile_tb -o "$out/tb" "$root/rtl/xt_pkg.sv" "$out/netlist.v" "$root/testbench/icarus/xt_tile_tb.sv" || exit 2
    vvp -n "$out/tb" | tee "$out/log"
    grep -q ' passed, 0 failed$' "$out/log" || exit 1
  }
  netlist 3 5
  netlist 3 4 Mtj=1 AccBits=12 AccGang=1
  exit
fi
bad=0
rtl=$root/rtl plant=""
case ${1:-} in
  "") ;;
  --plant) [ $# = 2 ] || { echo "run.sh: --plant needs a name" >&2; exit 2; }
    rtl=$out/rtl plant=+plant=$2
    "$root/scripts/plant.py" "$root/rtl" "$rtl" || exit 2 ;;
  *) echo "run.sh: '$1' is unknown (see the head of the script)" >&2; exit 2 ;;
esac
src=""
for f in tile cmd csr seq upd_mgr encoder amp acc coinc adc xfer prog result count trace; do src="$src $rtl/xt_$f.sv"; done
src="$src $rtl/xt_ram.sv"
run() {
  # shellcheck disable=SC2086  # lists of words
  if ! iverilog -g2012 -Wall -Wno-timescale -I"$rtl" "$@" -s xt_tile_tb -o "$out/tb" \
    "$rtl/xt_pkg.sv" $src "$root/testbench/icarus/xt_tile_tb.sv" >"$out/log" 2>&1; then
    cat "$out/log" >&2
    exit 2
  fi
  vvp -n "$out/tb" $plant | tee "$out/log" || bad=1
  grep -q ' passed, 0 failed$' "$out/log" || bad=1
}
run
run -DTB_N=1 -DTB_M=1
run -DTB_N=7 -DTB_M=1 -DTB_SHARE=3
run -DTB_N=1 -DTB_M=7 -DTB_CODE=4 -DTB_ADC=10
run -DTB_N=7 -DTB_M=9 -DTB_SHARE=3 -DTB_CODE=8
run -DTB_N=33 -DTB_M=17 -DTB_MTJ=1
run -DTB_N=3 -DTB_M=5 -DTB_CODE=8 -DTB_MTJ=1
run -DTB_N=2 -DTB_M=2 -DTB_CODE=2 -DTB_ADC=4 -DTB_MTJ=1
run -DTB_N=7 -DTB_M=9 -DTB_MTJ=1 -DTB_ACC=24
run -DTB_N=3 -DTB_M=8 -DTB_MTJ=1 -DTB_ACC=12 -DTB_GANG=2
run -DTB_N=1 -DTB_M=2 -DTB_CODE=2 -DTB_MTJ=1 -DTB_ACC=32 -DTB_GANG=1
run -DTB_N=5 -DTB_M=3 -DTB_SHARE=2 -DTB_ADC=6 -DTB_KIND=1
exit $bad
