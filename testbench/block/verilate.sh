#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Verilate the room of one block. usage: verilate.sh RTL_DIR BLOCK OUT_DIR
# Writes OUT_DIR/room.cpp, the one file to compile.
. "$(dirname "$0")/../../scripts/help.sh"
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
rtl=$1 block=$2 out=$3
mkdir -p "$out"
rm -f "$out"/Vroom*.cpp  # their number changes
dir=$rtl
[ -e "$rtl/$block.sv" ] || dir=$rtl/array
"$here/plant_block.py" "$dir/$block.sv" "$out/$block.sv"
# The joints of the pins may be narrower or wider than the vectors that carry them.
verilator --cc --assert -Wno-WIDTH -Wno-LITENDIAN --top-module room --prefix Vroom --Mdir "$out" \
  --timescale 1ns/1ns --unroll-count 17 -fno-localize \
  -I"$rtl" -y "$rtl" -y "$rtl/array" +libext+.sv "$rtl/xt_pkg.sv" \
 "$out/$block.sv" "$here/$block/${block}_dut.sv" "$here/room.sv" "$here/$block/${block}_props.sv"
{
  for f in "$out"/Vroom*.cpp; do echo "#include \"$f\""; done
  echo "#include \"$here/room.cpp\""
} >"$out/room.cpp"
