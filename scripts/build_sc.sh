#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Verilate xt_top with some tiles of one shape and build it into a shared object for the SystemC platform (model/xt_sc_rtl.h).
# The programs call this on demand; calling it by hand is of use to look at the generated C++ (--keep).
#
# usage: build_sc.sh --out FILE.so --rtl DIR --runtime LIB.a --tiles N
#                    --shape "N M CodeBits AdcBits AdcShare BlMax StateBits ProbBits"
#                    [--planted] [--cxxflags "..."] [--include "DIR ..."] [--keep]
# Writes FILE.so aside and renames it; everything the tools say goes to FILE.log. Exit code 0 built, 1 failed, 2 usage.
set -euo pipefail
model=$(cd "$(dirname "$0")/../model" && pwd)

out="" rtl="" runtime="" shape="" tiles="" cxxflags="-O2" include="" keep=0 planted=0
usage() { echo "build_sc.sh: $1 (see the head of the script)" >&2; exit 2; }
while [ $# -gt 0 ]; do
  case $1 in
    --planted) planted=1; shift; continue ;;
    --keep) keep=1; shift; continue ;;
    --out|--rtl|--runtime|--shape|--cxxflags|--include|--tiles) [ $# -ge 2 ] || usage "$1 needs a value" ;;
    *) usage "unknown option $1" ;;
  esac
  case $1 in
    --out) out=$2 ;; --rtl) rtl=$2 ;; --runtime) runtime=$2 ;; --shape) shape=$2 ;;
    --cxxflags) cxxflags=$2 ;; --include) include=$2 ;; --tiles) tiles=$2 ;;
  esac
  shift 2
done
for v in out rtl runtime shape tiles; do [ -n "${!v}" ] || usage "--$v is missing"; done
read -r n m code adc share bl state prob rest <<<"$shape"
[ -n "${prob:-}" ] && [ -z "${rest:-}" ] || usage "--shape needs eight numbers"
out=$(cd "$(dirname "$out")" && pwd)/$(basename "$out")

rm -rf "$out".build.*   # left by a build that was killed; the caller holds the lock of this file
work=$(mktemp -d "$out.build.XXXXXX")
[ $keep = 1 ] || trap 'rm -rf "$work"' EXIT
exec 3>&2 >"${out%.so}.log" 2>&1
set -x

ccache=$(command -v ccache || true)
lint=(-Wall)
props=("$model"/../testbench/block/*/*_props.sv)  # the invariants of every block, bound to it
if [ $planted = 1 ]; then  # any bug of testbench/bugs.toml, chosen when the tile is made
  scripts=$(cd "$(dirname "$0")" && pwd)
  "$scripts/plant.py" "$rtl" "$work/rtl"
  rtl=$work/rtl lint=(-Wno-lint) props=()  # the comparison has to find them
fi

# The precision must be SystemC's. --flatten: one name per state, however many tiles. The rest as in build_tile.sh.
verilator --sc --assert "${lint[@]}" -Wno-VARHIDDEN --flatten --unroll-count 17 -fno-localize \
  --top-module xt_sc_top --prefix Vxt_sc_top --Mdir "$work/v" --timescale 1ns/1ps -GTiles="$tiles" \
  -GN="$n" -GM="$m" -GCodeBits="$code" -GAdcBits="$adc" -GAdcShare="$share" -GBlMax="$bl" -GStateBits="$state" -GProbBits="$prob" \
  -I"$rtl" -y "$rtl" -y "$rtl/array" +libext+.sv \
  "$model/xt_public.vlt" "$rtl/xt_pkg.sv" "$model/xt_sc_top.sv" "${props[@]}"

cd "$work/v"
cp "$model/xt_sc_so.cpp" .
for ((t = 0; t < tiles; t++)); do echo "XT_SC_TILE($t)"; done >xt_sc_tiles.inc
includes=()
for d in $include; do includes+=(-isystem "$d"); done
# Generated code is not ours to warn about; -fno-gnu-unique and hidden symbols let several tiles live in one process.
common=(-std=gnu++17 -fPIC -fvisibility=hidden -fno-gnu-unique -faligned-new -fcf-protection=none
  -DVERILATOR=1 -DVM_COVERAGE=0 -DVM_SC=1 -DVM_TRACE=0 -DVM_TRACE_FST=0 -DVM_TRACE_VCD=0
  -DXT_TILE_SHAPE="$n,$m,$code,$adc,$share,$bl,$state,$prob" -DXT_SC_TILES="$tiles"
  -I"$model/../refc" -I"$model" -isystem . "${includes[@]}")
export CCACHE_BASEDIR="$work"
# Three translation units (parsing Verilator's headers costs more than most of the generated files); the slow one runs at
# start and when a snapshot is loaded only.
for f in Vxt_sc_top*__Slow.cpp Vxt_sc_top__Syms.cpp; do echo "#include \"$f\""; done >slow.cpp
for f in Vxt_sc_top*.cpp; do
  case $f in *__Slow.cpp|*__Syms.cpp) ;; *) echo "#include \"$f\"" ;; esac
done >fast.cpp
$ccache g++ "${common[@]}" $cxxflags -w -c fast.cpp & fast=$!
$ccache g++ "${common[@]}" -O0 -w -c slow.cpp
$ccache g++ "${common[@]}" $cxxflags -Wall -Wextra -Wshadow -Werror -c xt_sc_so.cpp
wait $fast

printf '{ global: xt_sc_so_face; local: *; };\n' >face.map
g++ -shared -o tile.so fast.o slow.o xt_sc_so.o "$runtime" -Wl,--version-script=face.map -Wl,--no-undefined -Wl,-z,now -pthread -lsystemc
mv tile.so "$out"
