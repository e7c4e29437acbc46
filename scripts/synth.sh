#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Yosys synthesizes xt_tile to gates and prints a table of cells, one row per module, and which RTL they are of: a CRC of it
# without comments and blanks.
# Usage: synth.sh [NAME=VALUE ...] [N M [netlist.v]] (default 16 16; other parameters of xt_tile; the netlist as Verilog,
#                                                     module by module)
#        synth.sh --rtl             only the line that names the RTL
. "$(dirname "$0")/help.sh"
set -u
root=$(cd "$(dirname "$0")/.." && pwd)
set="" shown=""
while [ $# -gt 0 ]; do
  case $1 in
    *=*[!0-9]* | *=) echo "synth.sh: '$1': a parameter is a number" >&2; exit 2 ;;
    *=*) set="$set -set ${1%%=*} ${1#*=}" shown="$shown $1" ;;
    *) break ;;
  esac
  shift
done
netlist=${3:-}
[ -z "$netlist" ] || { d=$(cd "$(dirname "$netlist")" && pwd) || exit 2; netlist=$d/$(basename "$netlist"); }
cd "$root/rtl" || exit 2
src="xt_pkg.sv"
for f in tile cmd csr seq upd_mgr encoder amp acc ram coinc adc xfer prog result count trace; do src="$src xt_$f.sv"; done
name_rtl() {
  # shellcheck disable=SC2086  # a list of words
  echo "RTL $(sed 's|//.*||' $src xt_types.svh | tr -d ' \t\r\n' | cksum | cut -d' ' -f1)"
}
[ "${1:-}" != --rtl ] || { name_rtl; exit 0; }
n=${1:-16}
m=${2:-16}
for v in "$n" "$m"; do
  case $v in '' | *[!0-9]*) echo "synth.sh: '$v' is not a number of lines" >&2; exit 2 ;; esac
done
command -v yosys >/dev/null || { echo "synth.sh: yosys is not installed" >&2; exit 2; }
out=$(mktemp -d) || exit 2
trap 'rm -rf "$out"' EXIT

write=""
[ -z "$netlist" ] || write="write_verilog -noattr $out/netlist.v"
cat >"$out/synth.ys" <<EOF
read_verilog -sv $src
chparam -set N $n -set M $m$set xt_tile
hierarchy -check -top xt_tile
tee -o $out/rows.txt dump xt_tile/u_row_enc
synth -top xt_tile
check -assert
tee -o $out/stat.txt stat
$write
EOF
if ! yosys -q -e "implicitly declared" -e "is assigned in a block" -s "$out/synth.ys" >"$out/log" 2>&1; then
  tail -20 "$out/log" >&2
  echo "synth.sh: synthesis of ${n}x$m failed" >&2
  exit 1
fi
if grep -q Warning "$out/log"; then
  grep Warning "$out/log" >&2
  echo "synth.sh: warnings" >&2
  exit 1
fi
[ -z "$netlist" ] || mv "$out/netlist.v" "$netlist"

# One row per module: cells by kind; the name of a derived module ends in its original name.
echo "xt_tile ${n}x$m$shown: cells per module ($(yosys -V | cut -d' ' -f1,2), generic gates)"
rows=$(sed -n 's/^ *cell \([^ ]*\) .*/\1/p' "$out/rows.txt") awk '
  function row(name, cells, ff, mux, logic) { printf "%-14s %8s %8s %8s %8s\n", name, cells, ff, mux, logic }
  function flush() { if (name != "" && name != "hierarchy") row(name, cells, ff, mux, cells - ff - mux - subs) }
  /^===/ {
    flush()
    name = $2
    if ($0 ~ /design hierarchy/) name = "hierarchy"
    sub(/^\$paramod(\$[0-9a-f]+)?\\/, "", name)
    sub(/\\.*/, "", name)
    if (name == "xt_encoder") name = name ($2 == ENVIRON["rows"] ? " row" : " col")
    cells = ff = mux = subs = 0
    next
  }
  /Number of cells:/ { cells = $4; if (name == "hierarchy") total = $4 }
  /\$_A?L?S?DFF/ { ff += $2; if (name == "hierarchy") tff += $2 }
  /\$_N?MUX_/ { mux += $2; if (name == "hierarchy") tmux += $2 }
  /\$paramod/ && name != "hierarchy" && NF == 2 { subs += $2 }
  BEGIN { row("module", "cells", "ff", "mux", "logic") }
  END { flush(); row("total", total, tff, tmux, total - tff - tmux) }
' "$out/stat.txt"
name_rtl
