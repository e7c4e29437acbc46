#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# xt_top driven by a foreign client, cocotbext-axi (PyPI), in Icarus Verilog. Not part of the default tests.
# usage: run.sh [--tiles T] [--plant BUG]
# XT_TEST_SEED=<number> repeats a run, XT_TEST_TRANSACTIONS=<number> (default 10000). Exit code: 0 passed, 1 failed, 2 usage or set-up.
# The virtual environment is build/cocotb-venv, made on first use (needs a Python with a shared library, python3-venv, and PyPI).
. "$(dirname "$0")/../../scripts/help.sh"
set -u
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
tiles=2 bug=""
while [ $# -gt 0 ]; do
  [ $# -ge 2 ] || { echo "run.sh: $1 needs a value (see the head of the script)" >&2; exit 2; }
  case $1 in
    --tiles) tiles=$2 ;; --plant) bug=$2 ;;
    *) echo "run.sh: unknown option $1 (see the head of the script)" >&2; exit 2 ;;
  esac
  shift 2
done
case $tiles in [1-9]|1[0-5]) ;; *) echo "run.sh: --tiles is 1..15, not '$tiles'" >&2; exit 2 ;; esac
for t in iverilog vvp python3; do
  command -v $t >/dev/null || { echo "run.sh: $t is not installed" >&2; exit 2; }
done
venv=$root/build/cocotb-venv
if ! "$venv/bin/python" -c 'import cocotb, cocotbext.axi' 2>/dev/null; then
  python3 -m venv "$venv" && "$venv/bin/pip" install -q -r "$here/requirements.txt" \
    || { echo "run.sh: cannot make $venv (python3-venv and PyPI are needed)" >&2; exit 2; }
fi
export XT_TEST_SEED=${XT_TEST_SEED:-$(od -An -N4 -tu4 /dev/urandom | tr -d ' ')}
export XT_TEST_TRANSACTIONS=${XT_TEST_TRANSACTIONS:-10000} XT_TILES=$tiles XT_ROOT=$root
echo "XT_TEST_SEED=$XT_TEST_SEED, $tiles tiles, at least $XT_TEST_TRANSACTIONS transactions"
work=$(mktemp -d "${TMPDIR:-/tmp}/xt_cocotb.XXXXXX") || exit 2
trap 'rm -rf "$work"' EXIT
cd "$work" || exit 2
rtl=$root/rtl
if [ -n "$bug" ]; then
  rtl=$work/rtl
  "$root/scripts/plant.py" "$root/rtl" "$rtl" || exit 2
fi
# Every file by name: of a library (-y) Icarus reads each as if it were the first, and the types twice.
src=("$rtl/xt_pkg.sv")
for f in "$rtl"/xt_*.sv "$rtl"/array/xt_*.sv; do [ "$f" = "$rtl/xt_pkg.sv" ] || src+=("$f"); done
iverilog -g2012 -DTB_TILES="$tiles" -I"$rtl" -s tb_axi -o tb.vvp "${src[@]}" "$here/tb_axi.sv" >log 2>&1 \
  || { cat log >&2; exit 2; }
lib=$("$venv/bin/cocotb-config" --lib-dir)
PYTHONHOME=$("$venv/bin/python" -c 'import sys; print(sys.base_prefix)') \
PYTHONPATH=$here:$("$venv/bin/python" -c 'import site; print(site.getsitepackages()[0])') PYTHONDONTWRITEBYTECODE=1 \
LIBPYTHON_LOC=$("$venv/bin/cocotb-config" --libpython) MODULE=test_axi TOPLEVEL=tb_axi TOPLEVEL_LANG=verilog \
COCOTB_RESULTS_FILE=$work/results.xml COCOTB_REDUCED_LOG_FMT=1 COCOTB_LOG_LEVEL=INFO \
  vvp -M "$lib" -m "$("$venv/bin/cocotb-config" --lib-name vpi icarus)" tb.vvp ${bug:+"+plant=$bug"} >out 2>&1
grep -E 'FAIL|^protocol violation|^XT_TEST_SEED|^[0-9]+ passed, ' out | head -40
if ! grep -q '^[1-9][0-9]* passed, 0 failed$' out; then
  grep -q 'passed, ' out || tail -40 out >&2
  echo "again: XT_TEST_SEED=$XT_TEST_SEED XT_TEST_TRANSACTIONS=$XT_TEST_TRANSACTIONS $0 --tiles $tiles${bug:+ --plant $bug}" >&2
  exit 1
fi
