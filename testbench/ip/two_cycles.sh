#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Registers that rtl/ip/xt_top.sdc gives two cycles may arrive a cycle late: a tile in which they do is compared with the tile as
# it is, every register written in every cycle around the one in which a packet becomes complete. And the comparison sees it
# where such a register must be in time: with every register late the tiles differ.
# usage: two_cycles.sh   Exit code: 0 passed, 1 failed, 2 set-up.
. "$(dirname "$0")/../../scripts/help.sh"
set -u
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
for t in verilator g++ make; do
  command -v $t >/dev/null || { echo "two_cycles.sh: $t is not installed" >&2; exit 2; }
done
export OBJCACHE="$root/scripts/ccache.sh" CXX="$root/scripts/ccache.sh g++"
work=$(mktemp -d "${TMPDIR:-/tmp}/xt_two.XXXXXX") || exit 2
trap 'rm -rf "$work"' EXIT
export CCACHE_BASEDIR=$work
slow=$(sed -n 's/^foreach {from to} {\(.*\)} {$/\1/p' "$root/rtl/ip/xt_top.sdc")
[ -n "$slow" ] || { echo "two_cycles.sh: rtl/ip/xt_top.sdc names no bits" >&2; exit 2; }

width=$(sed -n 's/^localparam int XT_REGS_T_BITS = \([0-9]*\);/\1/p' "$root/rtl/xt_types.svh")

# late <FROM TO ...>: $work/rtl with these bits of regs_o a cycle late
late() {
  rm -rf "$work/rtl"
  cp -r "$root/rtl" "$work/rtl"
  python3 - "$work/rtl/xt_tile.sv" "$width" "$@" <<'PY' || exit 2
import sys
path, width, *bits = sys.argv[1], *map(int, sys.argv[2:])
text = open(path).read()
mask = sum((1 << (high + 1)) - (1 << low) for low, high in zip(bits[::2], bits[1::2]))
new = f"""  xt_regs_t regs;
  xt_regs_t regs_now;
  xt_regs_t regs_late_q;
  always_ff @(posedge clk_i) regs_late_q <= regs_now;
  assign regs = (regs_now & ~{width}'h{mask:x}) | (regs_late_q & {width}'h{mask:x});
"""
for old, its in (("  xt_regs_t regs;\n", new), (".regs_o(regs)", ".regs_o(regs_now)")):
    if text.count(old) != 1:
        sys.exit(f"two_cycles.sh: xt_tile.sv has not once: {old}")
    text = text.replace(old, its)
open(path, "w").write(text)
PY
}

# said <rtl> <to>: what a tile with those sources does
said() {
  verilator --cc --exe --build -j 2 -Wno-lint --timescale 1ns/1ns --top-module xt_sim -Mdir "$work/obj" -o two_cycles \
    -GN=5 -GM=4 -GAdcShare=2 -GMtj=1 -GAccBits=16 -I"$1" -y "$1" -y "$1/array" +libext+.sv -CFLAGS "-std=c++17 -O1 -I$here -I$root/refc" \
    "$1/xt_pkg.sv" "$1/array/xt_sim.sv" "$here/two_cycles.cpp" >"$work/log" 2>&1 || { tail -20 "$work/log" >&2; exit 2; }
  "$work/obj/two_cycles" >"$2" || exit 2
  rm -rf "$work/obj"
}

bad=0 passed=0
said "$root/rtl" "$work/now"
# shellcheck disable=SC2086  # pairs of numbers
late $slow
said "$work/rtl" "$work/late"
if cmp -s "$work/now" "$work/late"; then
  echo "ok   registers of the constraints may be late: $(wc -l <"$work/now") cases"
  passed=$((passed + 1))
else
  diff "$work/now" "$work/late" | head -4
  echo "FAIL $(diff "$work/now" "$work/late" | grep -c '^<') of $(wc -l <"$work/now") cases differ: a register of the constraints is looked at a cycle early"
  bad=$((bad + 1))
fi
late 0 $((width - 1))
said "$work/rtl" "$work/late"
for name in TIMEOUT GEN_SEL CAL_SEL ACC_SEL CELL_MODE UPD_MODE UPD_EXP SCALE_D_EXP MTJ_RATE ACC_EXP ACC_RATE; do
  if diff "$work/now" "$work/late" | grep -q "^< $name "; then
    echo "ok   $name may not be late"
    passed=$((passed + 1))
  else
    echo "FAIL $name may be late, too"
    bad=$((bad + 1))
  fi
done
echo "$passed passed, $bad failed"
exit $((bad > 0))
