#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# The pictures of waves/README.md: four operations of testbench/configs/tour.yaml, one of mtj/tour.yaml, and the mismatch of a
# seeded bug, drawn by GTKWave without a display.
# usage: waves/render.sh [DIR]      DIR: where the pictures go (default waves/)
# Needs gtkwave, xvfb, xauth and ImageMagick (convert). Environment: CROSSTRAIN, the program (default build/crosstrain).
. "$(dirname "$0")/../scripts/help.sh"
set -euo pipefail
repo=$(cd "$(dirname "$0")/.." && pwd)
for tool in gtkwave xvfb-run xauth convert fst2vcd; do
  command -v $tool >/dev/null || { echo "render.sh: $tool is not installed (apt-get install gtkwave xvfb xauth imagemagick)" >&2; exit 2; }
done
to=$(realpath "${1:-$repo/waves}")
[ -d "$to" ] && [ -w "$to" ] || { echo "render.sh: $to: cannot write there" >&2; exit 3; }
prog=$(realpath "${CROSSTRAIN:-$repo/build/crosstrain}")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$repo"

# picture NAME VIEW OPERATION HEIGHT FIRST LAST LINES GROUPS: of tile 1; FIRST and LAST: cycles of the operation shown
# (LAST 0: all). Of $config.
config=testbench/configs/tour.yaml
picture() {
  local name=$1 view=$2 op=$3 height=$4 first=$5 last=$6 start end
  local prefix=$work/$op/tour-tile1-op$op
  [ -f "$prefix.fst" ] || "$prog" wave $config "$op" --tile 1 --from-start --out "$work/$op" --no-view >"$work/log" ||
    { cat "$work/log" >&2; exit 1; }
  read -r start end < <(waves/gen_gtkw.py --dump "$prefix.fst" --list | awk -v k="$op" '$1 == k { s = $3; e = $4 } END { print s, e }')
  waves/gen_gtkw.py --dump "$prefix.fst" --operation "$op" --views "$view" --lines "$7" --groups "$8"
  [ "$last" = 0 ] || end=$((start + 10 * (last + 1)))  # 10 ns per cycle
  start=$((start + 10 * first))
  draw "$name" "$prefix" "$view" "$height" $start $end -1
}
# draw NAME PREFIX VIEW HEIGHT START END MARKER: times; MARKER -1: none
draw() {
  local name=$1 prefix=$2 view=$3 height=$4
  sed -i "s/^\[size\].*/[size] 1100 $height/" "$prefix.$view.gtkw"
  cat >"$work/view.tcl" <<T
gtkwave::setZoomRangeTimes ${5}ns ${6}ns
gtkwave::setMarker $7
gtkwave::/File/Grab_To_File $work/grab.png
gtkwave::/File/Quit
T
  rm -f "$work/grab.png"
  timeout 120 xvfb-run -a -s "-screen 0 1100x${height}x24" gtkwave --nomenu \
    --rcvar "enable_vert_grid off" --rcvar "enable_horiz_grid off" -S "$work/view.tcl" "$prefix.fst" \
    "$prefix.$view.gtkw" >"$work/log" 2>&1 || true
  [ -s "$work/grab.png" ] || { cat "$work/log" >&2; echo "render.sh: GTKWave drew no picture" >&2; exit 1; }
  # Names and waves only, in few colours: small.
  convert "$work/grab.png" -gravity NorthWest -chop 42x48 +dither -colors 24 -define png:compression-level=9 "$work/out.png"
  mv "$work/out.png" "$to/$name.png"
  echo "$name.png: $(stat -c %s "$to/$name.png") bytes"
}
# Tile 1 programs its 5 lines first; then FORWARD, BACKWARD, UPDATE per sample, a transfer in every second UPDATE.
picture forward forward 503 1255 0 0 5 "Operation,Read,Input codes of the rows,Rows,Integrators,Codes read"
picture sar sar 503 1270 14 25 3 "Operation,Conversion,Held value,SAR code,SAR code (bits),Comparators,Result"
picture update update 505 1145 0 0 5 "Operation,Update manager,Rows,Columns,Coincidences"
picture transfer transfer 508 1510 0 0 5 "Operation,Transfer,Rows,Integrators (line of A - R),Codes read,Columns,C"
config=testbench/configs/mtj/tour.yaml
picture mtj mtj 152 1330 0 0 3 "Operation,Pulses,Reset,Driven row alone,Driven column alone,Set"

# The mismatch: ten cycles before and after the marker.
"$prog" train testbench/configs/tour.yaml --engine lockstep --plant PTR --no-view --out "$work/bug" >"$work/log" 2>&1 && exit 1
marker=$(sed -n 's/^the marker is on the mismatch, at \([0-9]*\) ns/\1/p' "$work/log")
prefix=$(sed -n 's/^wrote \(.*\)\.fst/\1/p' "$work/log")
[ -n "$marker" ] || { cat "$work/log" >&2; exit 1; }
waves/gen_gtkw.py --dump "$prefix.fst" --marker "$marker" --views transfer --lines 4 --groups "Operation,Transfer,Rows"
draw mismatch "$prefix" transfer 745 $((marker - 200)) $((marker + 100)) "$marker"
