#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Show one operation of a run as a waveform: rerun the configuration on the RTL, from the checkpoint of its run folder if
# that lies before the operation, else from the start; dump that operation and the one before it; write the GTKWave
# save files (waves/gen_gtkw.py); open GTKWave if there is a display.
#
# usage: scripts/wave.sh CONFIG OPERATION [--tile K] [--checkpoint DIR] [--out DIR] [--data DIR] [--view NAME] [--no-view]
#   OPERATION     what the counter OPS of the tile shows before it (the programming of the initial weights counts too)
#   --tile        tile, that is layer, from 0 (default 0)
#   --checkpoint  run folder (default: that of the configuration, if it has a checkpoint); it is only read
#   --out         folder of the files (default out/wave/CONFIG-tileK-opN)
#   --view        overview, forward, sar, update or transfer (default: by the operation)
# Environment: CROSSTRAIN, the program (default build/crosstrain).
# Exit code: 0 done, 1 no such operation, 2 command line or configuration, 3 file, else that of crosstrain.
set -euo pipefail
repo=$(cd "$(dirname "$0")/.." && pwd)
prog=${CROSSTRAIN:-$repo/build/crosstrain}

fail() { echo "wave.sh: $2" >&2; exit "$1"; }
number() { [[ $2 =~ ^[0-9]{1,15}$ ]] || fail 2 "$1: '$2' is not a whole number from 0"; }

config="" operation="" tile=0 folder="" out="" data=() view="" show=1
while [ $# -gt 0 ]; do
  case $1 in
    -h|--help) sed -n '3,/^# Exit/s/^# \{0,1\}//p' "$0"; exit 0 ;;
    --no-view) show=0; shift; continue ;;
    --tile|--checkpoint|--out|--data|--view) [ $# -ge 2 ] || fail 2 "$1 needs a value" ;;
    -*) fail 2 "unknown option $1 (try --help)" ;;
    *)
      if [ -z "$config" ]; then config=$1
      elif [ -z "$operation" ]; then operation=$1
      else fail 2 "'$1' is too much: CONFIG OPERATION"
      fi
      shift; continue ;;
  esac
  case $1 in
    --tile) tile=$2 ;; --checkpoint) folder=$2 ;; --out) out=$2 ;; --data) data=(--data "$2") ;; --view) view=$2 ;;
  esac
  shift 2
done
[ -n "$operation" ] || fail 2 "usage: wave.sh CONFIG OPERATION [--tile K] ... (--help tells the rest)"
number OPERATION "$operation"; operation=$((10#$operation))
number --tile "$tile"; tile=$((10#$tile))
case $view in ""|overview|forward|sar|update|transfer) ;;
  *) fail 2 "--view: '$view' is unknown; there are overview, forward, sar, update, transfer" ;;
esac
[ -f "$config" ] && [ -r "$config" ] || fail 2 "$config: no such configuration"
[ -x "$prog" ] || fail 2 "$prog: no such program: build it (scripts/setup.sh) or set CROSSTRAIN"

name=$(basename "${config%.*}")
out=${out:-out/wave/$name-tile$tile-op$operation}
mkdir -p "$out" 2>/dev/null && [ -w "$out" ] || fail 3 "$out: cannot write there"
out=$(cd "$out" && pwd)
work=$(mktemp -d "$out/.work.XXXXXX") || fail 3 "$out: cannot write there"
pid=""
cleanup() {
  if [ -n "$pid" ]; then kill "$pid" 2>/dev/null || true; wait "$pid" 2>/dev/null || true; fi
  rm -rf "$work"
}
trap cleanup EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

# The one line that the program says when it fails, with our name.
said() { sed -n '$s/^crosstrain: //p' "$work/err"; }

# OPS of the tile at a checkpoint: the reference goes on from a copy, one operation is enough. More epochs than any run has:
# a complete run goes on too.
ops_at() {
  rm -rf "$work/probe"
  cp -r "$1" "$work/probe"
  { "$prog" train "$config" --engine ref --resume --quiet --out "$work/probe" --epochs 100000 "${data[@]}" \
      --trace /dev/fd/3 3>&1 >/dev/null 2>"$work/err" || true; } |
    awk -F'\t' -v tile="$tile" '
      $5 != "END" { next }
      $1 == tile { split($NF, c, ","); print c[1] - 1; exit }
      $1 == 0 && $4 == "UPDATE" && ++samples == 2 { exit }  # no such tile'
  rm -rf "$work/probe"
}

# ---- where to start
if [ -n "$folder" ]; then
  [ -d "$folder" ] || fail 3 "$folder: no such run folder"
  [ -f "$folder/checkpoint.h5" ] || fail 3 "$folder: its checkpoint (checkpoint.h5) is gone; without --checkpoint the run starts anew"
else
  run_out=$(sed -n '/^run:/,/^[^ #]/s/^ *out: *"\{0,1\}\([^"# ]*\).*/\1/p' "$config" | head -1)
  folder=${run_out:-out/$name}
  [ -f "$folder/checkpoint.h5" ] || folder=""
fi
resume=() at=0
if [ -n "$folder" ]; then
  at=$(ops_at "$folder")
  if [ -z "$at" ]; then
    text=$(said)
    case $text in ""|*/dev/fd/3*) ;; *) fail 2 "$text" ;; esac  # no such tile: we closed the trace
    fail 2 "--tile: $tile: the network has no such tile"
  fi
  if [ "$operation" -ge "$at" ]; then
    cp -r "$folder" "$work/run" 2>/dev/null || fail 3 "$folder: cannot be copied to $out"
    resume=(--resume)
    echo "from the checkpoint of $folder (operation $at of tile $tile)"
  else
    echo "operation $operation is before the checkpoint of $folder ($at): from the start"
  fi
else
  echo "no checkpoint: from the start"
fi

# ---- the run, up to the operation
dump=$work/dump.fst
from=$((operation > 0 ? operation - 1 : 0))  # its command is loaded while the one before runs
"$prog" train "$config" --engine rtl "${resume[@]}" --quiet --out "$work/run" "${data[@]}" --wave "$dump" \
  --wave-from "$from" --wave-to "$operation" --wave-tile "$tile" >/dev/null 2>"$work/err" &
pid=$!
# The library that writes the dump keeps FILE.hier until it closes it: then there is no need to go on.
stopped=0
while kill -0 "$pid" 2>/dev/null; do
  if [ -f "$dump" ] && [ ! -e "$dump.hier" ]; then
    sleep 0.1
    [ -e "$dump.hier" ] || { stopped=1; kill -TERM "$pid" 2>/dev/null || true; break; }
  fi
  sleep 0.05
done
code=0
wait "$pid" || code=$?
pid=""
if [ "$code" != 0 ] && { [ $stopped = 0 ] || [ "$code" != 143 ]; }; then
  text=$(said)
  case $text in *"had no operation"*) ;; *) fail "$code" "${text:-crosstrain ended with code $code: $(tail -1 "$work/err")}" ;; esac
fi
if [ ! -f "$dump" ]; then
  end=$(ops_at "$work/run")
  fail 1 "operation $operation is past the end of the run: tile $tile ends after operation $((${end:-$at} - 1))"
fi
# The window of operation K opens at K - 1: is K in it?
prefix=$out/$name-tile$tile-op$operation
shape=()
if command -v fst2vcd >/dev/null; then
  list=$("$repo/waves/gen_gtkw.py" --dump "$dump" --list)
  kind=$(awk -v k="$operation" '$1 == k { op = $2 } END { print op }' <<<"$list")
  [ -n "$kind" ] || fail 1 "operation $operation is past the end of the run: tile $tile ends after operation $(tail -1 <<<"$list" | cut -d' ' -f1)"
  shape=(--operation "$operation")
else
  # Without fst2vcd: the lines of the tile from `info`, the rest from the run's full configuration.
  kind=""
  key() { sed -n "/^tile:/,/^[^ ]/s/^ *$1: *//p" "$work/run/config.yaml" | head -1; }
  lines=$("$prog" info "$config" "${data[@]}" | sed -n "s/^layer $tile: \([0-9]*\) lines in.*, \([0-9]*\) out.*/\1 \2/p")
  shape=(--shape "$lines $(key code_bits) $(key adc_bits) $(key adc_share) $(key bl_max) $(key state_bits) $(key prob_bits)")
fi
mv "$dump" "$prefix.fst" || fail 3 "$prefix.fst: cannot write"
"$repo/waves/gen_gtkw.py" --dump "$prefix.fst" "${shape[@]}" || exit 2
if [ -z "$view" ]; then
  case $kind in
    FORWARD|BACKWARD|READ) view=forward ;; UPDATE) view=update ;; TRANSFER) view=transfer ;; *) view=overview ;;
  esac
fi
echo "operation $operation of tile $tile${kind:+: $kind}"
echo "wrote $prefix.fst"
for v in overview forward sar update transfer; do echo "      $prefix.$v.gtkw"; done

open=(gtkwave --rcvar "zoom_pow10_snap off" "$prefix.fst" "$prefix.$view.gtkw")
if [ $show = 1 ] && [ -n "${DISPLAY:-}${WAYLAND_DISPLAY:-}" ] && command -v gtkwave >/dev/null; then
  rm -rf "$work"
  exec "${open[@]}"
fi
command -v gtkwave >/dev/null || echo "gtkwave is not installed (apt-get install gtkwave)"
echo "to open: gtkwave $prefix.fst $prefix.$view.gtkw"
