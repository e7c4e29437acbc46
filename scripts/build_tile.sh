#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Verilate the tile for one shape and build it into a shared object for the engine `rtl` (model/xt_rtl.h). The engine calls
# this on demand; calling it by hand is of use to look at the generated C++ (--keep).
#
# usage: build_tile.sh --out FILE.so --rtl DIR --runtime LIB.a --shape "N M CodeBits AdcBits AdcShare BlMax StateBits ProbBits"
#                      [--planted] [--wave] [--cxxflags "..."] [--include "DIR ..."] [--keep]
# Writes FILE.so aside and renames it; everything the tools say goes to FILE.log. Exit code 0 built, 1 failed, 2 usage.
set -euo pipefail
{ # read as a whole before it runs: an edit of this file does not disturb a build under way
model=$(cd "$(dirname "$0")/../model" && pwd)

out="" rtl="" runtime="" shape="" wave=0 cxxflags="-O2" include="" keep=0 planted=0
usage() { echo "build_tile.sh: $1 (see the head of the script)" >&2; exit 2; }
while [ $# -gt 0 ]; do
  case $1 in
    --wave) wave=1; shift; continue ;;
    --planted) planted=1; shift; continue ;;
    --keep) keep=1; shift; continue ;;
    --out|--rtl|--runtime|--shape|--cxxflags|--include) [ $# -ge 2 ] || usage "$1 needs a value" ;;
    *) usage "unknown option $1" ;;
  esac
  case $1 in
    --out) out=$2 ;; --rtl) rtl=$2 ;; --runtime) runtime=$2 ;; --shape) shape=$2 ;;
    --cxxflags) cxxflags=$2 ;; --include) include=$2 ;;
  esac
  shift 2
done
for v in out rtl runtime shape; do [ -n "${!v}" ] || usage "--$v is missing"; done
read -r n m code adc share bl state prob rest <<<"$shape"
[ -n "${prob:-}" ] && [ -z "${rest:-}" ] || usage "--shape needs eight numbers"
out=$(cd "$(dirname "$out")" && pwd)/$(basename "$out")

rm -rf "$out".build.*   # left by a build that was killed; the caller holds the lock of this file
work=$(mktemp -d "$out.build.XXXXXX")
[ $keep = 1 ] || trap 'rm -rf "$work"' EXIT
exec 3>&2 >"${out%.so}.log" 2>&1
set -x

trace=(); vm_trace=0
if [ $wave = 1 ]; then
  trace=(--trace-fst --trace-structs --trace-max-width 1048576 --trace-max-array 1024); vm_trace=1
fi
ccache=$(command -v ccache || true)
lint=(-Wall)
props=("$model"/../testbench/block/*/*_props.sv)  # the invariants of every block, bound to it
if [ $planted = 1 ]; then  # any bug of testbench/bugs.toml, chosen when the tile is made
  scripts=$(cd "$(dirname "$0")" && pwd)
  "$scripts/plant.py" "$rtl" "$work/rtl"
  rtl=$work/rtl lint=(-Wno-lint) props=()  # the comparison has to find them
fi

# Unrolling 17 covers the bit planes of the pulse generators; more only costs compile time. Without -fno-localize every wide
# variable of every function is zeroed at each evaluation, used or not.
verilator --cc --assert "${lint[@]}" -fno-localize --unroll-count 17 --top-module xt_sim --prefix Vxt_sim --Mdir "$work/v" --timescale 1ns/1ns \
  -GN="$n" -GM="$m" -GCodeBits="$code" -GAdcBits="$adc" -GAdcShare="$share" -GBlMax="$bl" -GStateBits="$state" -GProbBits="$prob" \
  "${trace[@]}" -I"$rtl" -y "$rtl" -y "$rtl/array" +libext+.sv \
  "$model/xt_public.vlt" "$rtl/xt_pkg.sv" "$rtl/array/xt_sim.sv" "${props[@]}"

cd "$work/v"
cp "$model/xt_tile_so.cpp" .
includes=()
for d in $include; do includes+=(-isystem "$d"); done
# Generated code is not ours to warn about; -fno-gnu-unique and hidden symbols let several tiles live in one process.
common=(-std=gnu++17 -fPIC -fvisibility=hidden -fno-gnu-unique -faligned-new -fcf-protection=none
  -DVERILATOR=1 -DVM_COVERAGE=0 -DVM_SC=0 -DVM_TRACE=$vm_trace -DVM_TRACE_FST=$vm_trace -DVM_TRACE_VCD=0
  -DXT_TILE_SHAPE="$n,$m,$code,$adc,$share,$bl,$state,$prob" -DXT_TILE_WAVE=$wave
  -I"$model/../refc" -I"$model" -isystem . "${includes[@]}")
export CCACHE_BASEDIR="$work"
# Three translation units (parsing Verilator's headers costs more than most of the generated files).
for f in Vxt_sim*__Slow.cpp Vxt_sim__Syms.cpp; do echo "#include \"$f\""; done >slow.cpp
for f in Vxt_sim*.cpp; do
  case $f in *__Slow.cpp|*__Syms.cpp) ;; *) echo "#include \"$f\"" ;; esac
done >fast.cpp
$ccache g++ "${common[@]}" $cxxflags -w -c fast.cpp & fast=$!
$ccache g++ "${common[@]}" -O0 -w -c slow.cpp  # start-up only
$ccache g++ "${common[@]}" $cxxflags -Wall -Wextra -Wshadow -Werror -c xt_tile_so.cpp
wait $fast

printf '{ global: xt_tile_so_face; local: *; };\n' >face.map
g++ -shared -o tile.so fast.o slow.o xt_tile_so.o "$runtime" -Wl,--version-script=face.map -Wl,--no-undefined -Wl,-z,now -pthread -lz
mv tile.so "$out"
exit 0
}
