#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# xt_top on its pins, Verilated, against the golden reference of every tile.
# usage: run.sh [--tiles "NxM ..."] [--share AdcShare] [--stream BITS] [--acc AccBits] [--plant BUG] [--refc LIB.a]   one run; a shape
#                                     per tile; with AccBits > 0 also Mtj = 1
#        run.sh clocks [--refc LIB.a] the clocks of a host that never waits, on several shapes and widths
#        run.sh all [--refc LIB.a]    1 to 3 tiles, of equal and of different shapes, with streams of 32 to 1024 bits,
#                                     must pass; every bug of testbench/bugs.toml with the check `top`, with an accumulator `top_acc`,
#                                     must be found
# XT_TEST_SEED=<number> repeats a run, XT_TEST_ROUNDS=<number> makes it longer. Exit code: 0 passed, 1 failed, 2 usage or set-up.
. "$(dirname "$0")/../../scripts/help.sh"
set -u
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
tiles="1x1 3x5 33x17" share=1 stream=32 acc=0 bug="" refc="" all=0 clocks=0
usage() { echo "run.sh: $1 (see the head of the script)" >&2; exit 2; }
[ "${1:-}" = all ] && { all=1; shift; }
[ "${1:-}" = clocks ] && { clocks=1; shift; }
while [ $# -gt 0 ]; do
  [ $# -ge 2 ] || usage "$1 needs a value"
  case $1 in
    --tiles) tiles=$2 ;; --share) share=$2 ;; --stream) stream=$2 ;; --acc) acc=$2 ;; --plant) bug=$2 ;; --refc) refc=$2 ;;
    *) usage "unknown option $1" ;;
  esac
  shift 2
done
for t in verilator g++ gcc make; do
  command -v $t >/dev/null || { echo "run.sh: $t is not installed" >&2; exit 2; }
done
export OBJCACHE="$root/scripts/ccache.sh" CXX="$root/scripts/ccache.sh g++"
work=$(mktemp -d "${TMPDIR:-/tmp}/xt_top.XXXXXX") || exit 2
trap 'rm -rf "$work"' EXIT
export CCACHE_BASEDIR=$work
if [ -z "$refc" ]; then  # the reference alone: a few seconds
  refc=$work/libxt_refc.a
  (cd "$work" && gcc -std=c11 -O2 -I"$root/refc" -c "$root"/refc/xt_*.c "$root"/refc/fast/xt_*.c && ar rcs "$refc" xt_*.o) || exit 2
fi

# build <NxM ...> <share> [planted|plain]: $exe, of $stream bits, with sums of $acc bits; plain: without properties, quick to build. Equal shapes by N and M,
# others by Ns and Ms.
build() {
  local list=($1) share=$2 rtl=$root/rtl lint=-Wall level=-O1 props=("$root"/testbench/block/*/*_props.sv) shapes="" ns="" ms="" shape of
  if [ -n "${3:-}" ]; then
    lint=-Wno-lint props=()  # the bench has to find the bugs
    if [ "$3" = planted ]; then
      rtl=$work/rtl
      "$root/scripts/plant.py" "$root/rtl" "$rtl" || exit 2
    else
      level=-O0
    fi
  fi
  for shape in "${list[@]}"; do
    shapes+="{${shape/x/,}},"
    ns=$(printf '%04x' "${shape%x*}")$ns ms=$(printf '%04x' "${shape#*x}")$ms
  done
  of=(-GNs="256'h$ns" -GMs="256'h$ms")
  [[ " $1 " =~ ^(" ${list[0]}")+" "$ ]] && of=(-GN="${list[0]%x*}" -GM="${list[0]#*x}")
  exe=$work/${1// /-}-$share-$stream-$acc-${3:-}
  verilator --cc --exe --build -j 2 --assert $lint -Wno-VARHIDDEN --timescale 1ns/1ns --top-module xt_top_sim -Mdir "$exe" -o test_top \
    -GTiles="${#list[@]}" "${of[@]}" -GAdcShare="$share" -GStreamBits="$stream" -GMtj=$((acc > 0)) -GAccBits="$acc" -I"$rtl" -y "$rtl" -y "$rtl/array" +libext+.sv \
    -CFLAGS "-std=c++17 $level -DVL_USER_STOP -I$here -I$root/refc -DXT_TOP_SHAPES=$shapes -DXT_TOP_SHARE=$share -DXT_TOP_STREAM=$stream -DXT_TOP_ACC=$acc" \
    "$here/public.vlt" "$rtl/xt_pkg.sv" "$rtl/array/xt_top_sim.sv" "${props[@]}" "$here/test_top.cpp" "$refc" >"$work/log" 2>&1 \
    || { cat "$work/log" >&2; exit 2; }
  exe=$exe/test_top
}

bad=0
if [ $clocks = 1 ]; then
  for s in "1x1/1/32" "3x5 3x5/1/64" "7x9 1x4 9x7/4/32" "33x17 3x5/1/128" "33x70 5x3/1/256" "261x33 1x1/1/1024"; do
    stream=${s##*/} s=${s%/*}
    build "${s%/*}" "${s#*/}" plain && "$exe" +clocks || bad=1
  done
  exit $bad
fi
if [ $all = 0 ]; then
  build "$tiles" "$share" "${bug:+planted}"
  exec "$exe" ${bug:+"+plant=$bug"}
fi
build "1x1 3x5 33x17" 1 && "$exe" || bad=1
build "5x6 5x6 5x6" 1 && "$exe" || bad=1
build 7x3 3 && "$exe" || bad=1
stream=128
build "37x29 6x5" 2 plain && "$exe" || bad=1
stream=1024
build "261x70 7x9" 1 plain && "$exe" || bad=1
# bugs <check>: all of them are found
bugs() {
  for b in $("$root/scripts/plant.py" --list "$1" | cut -f1); do
    if "$exe" "+plant=$b" >"$work/out" 2>&1; then
      echo "FAIL $b is not found"
      bad=1
    elif grep -q '^FAIL' "$work/out"; then
      echo "ok   $b is found: $(grep '^FAIL' "$work/out")"
    else
      cat "$work/out" >&2
      exit 2
    fi
  done
}
stream=64 acc=12
build "3x5 9x7" 1 planted && "$exe" || bad=1
bugs top_acc
stream=32 acc=0
build "1x1 3x5 33x17" 1 planted
bugs top
exit $bad
