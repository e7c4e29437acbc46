#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# xt_top on its pins, Verilated, against the golden reference of every tile.
# usage: run.sh [--tiles T] [--shape "N M AdcShare"] [--plant BUG] [--refc LIB.a]   one run
#        run.sh clocks [--refc LIB.a] the clocks of a host that never waits, on several shapes
#        run.sh all [--refc LIB.a]    1 and 3 tiles must pass, every bug of testbench/bugs.toml with the check `top` must be found
# XT_TEST_SEED=<number> repeats a run, XT_TEST_ROUNDS=<number> makes it longer. Exit code: 0 passed, 1 failed, 2 usage or set-up.
. "$(dirname "$0")/../../scripts/help.sh"
set -u
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
tiles=3 shape="5 6 1" bug="" refc="" all=0 clocks=0
usage() { echo "run.sh: $1 (see the head of the script)" >&2; exit 2; }
[ "${1:-}" = all ] && { all=1; shift; }
[ "${1:-}" = clocks ] && { clocks=1; shift; }
while [ $# -gt 0 ]; do
  [ $# -ge 2 ] || usage "$1 needs a value"
  case $1 in
    --tiles) tiles=$2 ;; --shape) shape=$2 ;; --plant) bug=$2 ;; --refc) refc=$2 ;;
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

# build <tiles> <shape> [planted|plain]: $exe; plain: without properties, quick to build
build() {
  local n m share rtl=$root/rtl lint=-Wall level=-O1 props=("$root"/testbench/block/*/*_props.sv)
  if [ -n "${3:-}" ]; then
    lint=-Wno-lint props=()  # the bench has to find the bugs
    if [ "$3" = planted ]; then
      rtl=$work/rtl
      "$root/scripts/plant.py" "$root/rtl" "$rtl" || exit 2
    else
      level=-O0
    fi
  fi
  read -r n m share <<<"$2"
  exe=$work/$1-$n-$m-$share-${3:-}
  verilator --cc --exe --build -j 2 --assert $lint -Wno-VARHIDDEN --timescale 1ns/1ns --top-module xt_top_sim -Mdir "$exe" -o test_top \
    -GTiles="$1" -GN="$n" -GM="$m" -GAdcShare="$share" -I"$rtl" -y "$rtl" -y "$rtl/array" +libext+.sv \
    -CFLAGS "-std=c++17 $level -DVL_USER_STOP -I$here -I$root/refc -DXT_TOP_TILES=$1 -DXT_TOP_N=$n -DXT_TOP_M=$m -DXT_TOP_SHARE=$share" \
    "$here/public.vlt" "$rtl/xt_pkg.sv" "$rtl/array/xt_top_sim.sv" "${props[@]}" "$here/test_top.cpp" "$refc" >"$work/log" 2>&1 \
    || { cat "$work/log" >&2; exit 2; }
  exe=$exe/test_top
}

bad=0
if [ $clocks = 1 ]; then
  for s in "1/1 1 1" "2/3 5 1" "3/7 9 4" "2/33 17 1"; do
    build "${s%/*}" "${s#*/}" plain && "$exe" +clocks || bad=1
  done
  exit $bad
fi
if [ $all = 0 ]; then
  build "$tiles" "$shape" "${bug:+planted}"
  exec "$exe" ${bug:+"+plant=$bug"}
fi
build 3 "5 6 1" && "$exe" || bad=1
build 1 "7 3 3" && "$exe" || bad=1
build 3 "5 6 1" planted
for b in $("$root/scripts/plant.py" --list top | cut -f1); do
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
exit $bad
