#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Verilate the tile for one shape, or with --top xt_top as a SystemC module with a tile per --shape, and build it into a
# shared object for the engine `rtl` (model/xt_rtl.h) or the SystemC platform (model/xt_sc_rtl.h). The programs call this on
# demand; calling it by hand is of use to look at the generated C++ (--keep).
#
# usage: build_tile.sh --out FILE.so --rtl DIR --runtime LIB.a --shape "N M CodeBits AdcBits AdcShare AdcKind BlMax StateBits ProbBits Mtj AccBits AccGang"
#                      [--top [--shape ...]...] [--stream BITS] [--planted] [--unchecked] [--wave] [--cxx COMPILER] [--or-gxx] [--cxxflags "..."] [--include DIR]... [--keep]
# Writes FILE.so aside and renames it; everything the tools say goes to FILE.log. Exit code 0 built, 1 failed, 2 usage,
# 3 a tool is missing (its name on stderr), 128 + N stopped by signal N: the tools too, and nothing is left.
. "$(dirname "$0")/help.sh"
set -euo pipefail
{ # read as a whole before it runs: an edit of this file does not disturb a build under way
scripts=$(cd "$(dirname "$0")" && pwd)
model=$(cd "$scripts/../model" && pwd)

out="" rtl="" runtime="" shapes=() top=0 wave=0 cxx=g++ cxxflags="-O2" stream=32 keep=0 planted=0 unchecked=0 or_gxx=0 includes=()
usage() { echo "build_tile.sh: $1 (see the head of the script)" >&2; exit 2; }
while [ $# -gt 0 ]; do
  case $1 in
    --wave) wave=1; shift; continue ;;
    --planted) planted=1 unchecked=1; shift; continue ;;  # the comparison has to find the bug
    --unchecked) unchecked=1; shift; continue ;;
    --top) top=1; shift; continue ;;
    --keep) keep=1; shift; continue ;;
    --or-gxx) or_gxx=1; shift; continue ;;
    --out|--rtl|--runtime|--shape|--stream|--cxx|--cxxflags|--include) [ $# -ge 2 ] || usage "$1 needs a value" ;;
    *) usage "unknown option $1" ;;
  esac
  case $1 in
    --out) out=$2 ;; --rtl) rtl=$2 ;; --runtime) runtime=$2 ;; --shape) shapes+=("$2") ;;
    --stream) stream=$2 ;; --cxx) cxx=$2 ;; --cxxflags) cxxflags=$2 ;; --include) includes+=(-isystem "$2") ;;
  esac
  shift 2
done
for v in out rtl runtime shapes; do [ -n "${!v:-}" ] || usage "--${v%s} is missing"; done
[ $top = 0 ] || [ $wave = 0 ] || usage "--wave and --top exclude each other"
[ $top = 0 ] || [ "$stream" = 32 ] || usage "--stream and --top exclude each other: its streams have 32 bits"
[ $top = 1 ] || [ ${#shapes[@]} = 1 ] || usage "several --shape without --top"
[ ${#shapes[@]} -le 16 ] || usage "xt_top has 16 tiles at most"
ns="" ms="" common=""
for shape in "${shapes[@]}"; do
  read -r n m code adc share kind bl state prob mtj acc gang rest <<<"$shape"
  [ -n "${gang:-}" ] && [ -z "${rest:-}" ] || usage "--shape needs twelve numbers"
  ns=$(printf %04x "$n")$ns ms=$(printf %04x "$m")$ms
  [ "${common:=$code $adc $share $kind $bl $state $prob $mtj $acc $gang}" = "$code $adc $share $kind $bl $state $prob $mtj $acc $gang" ] || usage "tiles of one xt_top differ in N and M only"
done
out=$(cd "$(dirname "$out")" && pwd)/$(basename "$out") rtl=$(realpath "$rtl") runtime=$(realpath "$runtime")
for tool in verilator python3 g++ "$cxx"; do
  command -v $tool >/dev/null || { echo "$tool is not installed (apt-get install $tool)" >&2; exit 3; }
done

log=${out%.so}.log
clean() { rm -rf "$out".build.*; }  # also of a build that was killed; the caller holds the lock of this file
# Every tool is a process group of its own, so that it can be stopped with all that it has started.
set -m
stop() {
  trap '' INT TERM HUP
  for job in $(jobs -p); do kill -TERM -- "-$job" || true; done
  # not `wait`: a second signal that came before the first line cuts it short, however often
  while [ -n "$(jobs -pr)" ]; do sleep .02; done
  rm -f "$log"
  exit $((128 + $1))
}
trap 'stop 1' HUP
trap 'stop 2' INT
trap 'stop 15' TERM
clean
[ $keep = 1 ] || trap clean EXIT
work=$(mktemp -d "$out.build.XXXXXX")
exec >"$log" 2>&1
set -x
run() { "$@" </dev/null & wait $!; }

# Names without the folders above: Verilator takes no spaces in them, and generated code is the same wherever it is made.
cd "$work"
ln -s "$model" model
ln -s "$model/../refc" refc
ln -s "$model/../testbench/block" rooms

# What differs: the top module, the source of ours around it, the libraries.
if [ $top = 0 ]; then
  module=xt_sim source=rtl/array/xt_sim.sv built=xt_built_tile libs=(-lz)
  options=(--cc --timescale 1ns/1ns -GN="$n" -GM="$m" -GStreamBits="$stream") defines=(-DXT_TILE_STREAM="$stream" -DVM_SC=0 -DXT_TILE_WAVE=$wave -DXT_TILE_SHAPE="${shapes[0]// /,}")
else
  # The precision must be SystemC's. --flatten: one name per state, however many tiles.
  module=xt_sc_top source=model/xt_sc_top.sv built=xt_built_top libs=(-lsystemc)
  options=(--sc --timescale 1ns/1ps -Wno-VARHIDDEN --flatten -GTiles=${#shapes[@]} -GNs="256'h$ns" -GMs="256'h$ms")
  defines=(-DVM_SC=1)
fi
defines+=(-DXT_TILE_ACC=$((acc > 0)))
if [ $wave = 1 ]; then
  options+=(--trace-fst --trace-structs --trace-max-width 1048576 --trace-max-array 1024)
fi
lint=(-Wall)
props=(--assert rooms/*/*_props.sv)  # the invariants of every block, bound to it
[ $unchecked = 0 ] || props=()
if [ $planted = 1 ]; then  # any bug of testbench/bugs.toml, chosen when the tile is made
  run "$scripts/plant.py" "$rtl" rtl
  lint=(-Wno-lint)
else
  ln -s "$rtl" rtl
fi

# Loops stay loops (--unroll-count), and so does what one does with the words of a vector (-fno-expand): unrolled they are
# megabytes that take a compiler minutes.
run verilator "${lint[@]}" "${options[@]}" --unroll-count 3 -fno-expand -fno-dfg --top-module $module --prefix V$module --Mdir v \
  -GCodeBits="$code" -GAdcBits="$adc" -GAdcShare="$share" -GAdcKind="$kind" -GBlMax="$bl" -GStateBits="$state" -GProbBits="$prob" -GMtj="$mtj" \
  -GAccBits="$acc" -GAccGang="$gang" \
  -Irtl -y rtl -y rtl/array +libext+.sv model/xt_public.vlt rtl/xt_pkg.sv "$source" "${props[@]}"

cd v
[ $top = 1 ] || sed -i 's/^\( *vlSelf->__VicoTriggered.at(0U) = \)(0U == vlSelf->__VicoIterCount);/\1xt_inputs_changed \&\& (0U == vlSelf->__VicoIterCount);/' V$module*.cpp
# Variables of tasks are local to the generated functions, so that loops over devices keep them in machine registers.
# Verilator zeroes every wide one at each evaluation, used or not: its last word is enough, whose upper bits nothing
# writes (all else is written before it is read: the same results with -ftrivial-auto-var-init=pattern).
sed -Ei '/^    VlWide<[0-9]+>[^ ]* \w+;$/{N;s/^(    VlWide<([0-9]+)>[^ ]* (\w+);)\n    VL_ZERO_W\([0-9]+, \3\);$/\1 \3.at(\2U - 1U) = 0U;/}' V$module*.cpp
run "$scripts/lazy_copies.py" .
run "$scripts/fused_words.py" .
cp "../model/$built.cpp" .
for t in "${!shapes[@]}"; do echo "XT_SC_TILE($t, ${shapes[t]// /, })"; done >xt_sc_tiles.inc
# Generated code is not ours to warn about; -fno-gnu-unique (clang makes no such symbols) and hidden symbols let several
# tiles live in one process.
common=(-std=gnu++17 -fPIC -fvisibility=hidden -faligned-new -fcf-protection=none
  -DVERILATOR=1 -DVM_COVERAGE=0 -DVM_TRACE=$wave -DVM_TRACE_FST=$wave -DVM_TRACE_VCD=0 "${defines[@]}"
  -I../refc -I../model -isystem . "${includes[@]}")
gcc=("$scripts/ccache.sh" g++ -fno-gnu-unique "${common[@]}") fast=("$scripts/ccache.sh" "$cxx" "${common[@]}")
case $cxx in *clang*) ;; *) fast+=(-fno-gnu-unique) ;; esac
# Three translation units (parsing Verilator's headers costs more than most of the generated files); the slow one runs at
# start and when a snapshot is loaded only.
for f in xt_generated.h V${module}*__Slow.cpp V${module}__Syms.cpp; do echo "#include \"$f\""; done >slow.cpp
for f in xt_generated.h V${module}*.cpp; do
  case $f in *__Slow.cpp|*__Syms.cpp) ;; *) echo "#include \"$f\"" ;; esac
done >fast.cpp
"${fast[@]}" $cxxflags -w -c fast.cpp </dev/null & running=$!
run "${gcc[@]}" -O0 -w -c slow.cpp
run "${gcc[@]}" $cxxflags -Wall -Wextra -Wshadow -Werror -c $built.cpp
# --or-gxx: a clang that does not find its library is no reason to have no tile
wait $running || { [ $or_gxx = 1 ] && run "${gcc[@]}" $cxxflags -w -c fast.cpp; }

printf '{ global: %s_functions; local: *; };\n' $built >symbols.map
run g++ -shared -o tile.so fast.o slow.o $built.o "$runtime" -Wl,--version-script=symbols.map -Wl,--no-undefined -Wl,-z,now -pthread \
  "${libs[@]}" -Wl,--as-needed -latomic  # a runtime that clang compiled needs it
mv tile.so "$out"
exit 0
}
