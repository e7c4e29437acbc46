#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# The cache of built tiles: what is kept is found again, wherever the clone stands and whatever its path is made of; what was
# cut or changed is built again; building is stopped by a signal and leaves nothing; another user's clone can be used.
# usage: run.sh [PROGRAM]     Prints `N passed, M failed`; exit code 0, 1 a failure. Parts that need root are left out without.
. "$(dirname "$0")/../../scripts/help.sh"
set -uo pipefail
here=$(cd "$(dirname "$0")" && pwd)
repo=$(cd "$here/../.." && pwd)
CROSSTRAIN=$(realpath "${1:-$repo/build/crosstrain}")
work=$(mktemp -d)
trap 'chmod -R u+w "$work"; rm -rf "$work"' EXIT
cd "$work" || exit 1
passed=0 failed=0 least=23
ok() { passed=$((passed + 1)); }
bad() { failed=$((failed + 1)); echo "FAILED: $*"; sed 's/^/  /' log | tail -5; }
cat >tiny.yaml <<'Y'
data: {kind: digits, train_samples: 2, test_samples: 1, size: 8}
network: {hidden: []}
Y
runs=0
# train WORDS: a run on the RTL of 65x10; it says WORDS ('' nothing) and its results are those of the first one
train() {
  local code
  runs=$((runs + 1))
  "$CROSSTRAIN" train tiny.yaml --engine rtl --quiet --out "r$runs" >out 2>log
  code=$?
  if [ $code = 0 ] && cmp -s r1/checkpoint.h5 "r$runs/checkpoint.h5" && { [ -n "$1" ] || [ ! -s log ]; } && grep -q "$1" log <(echo)
  then ok; else bad "code $code, not '$1': $(cat log)"; fi
}

export XT_TILE_CACHE=$work/cache XT_TILE_CXXFLAGS=-O1
train "building the RTL of a 65x10 tile (once)"
train ""

# ---- another compiler, the same bits; one that is not there
if command -v clang++ >/dev/null; then XT_TILE_CXX=g++ train "(once)"; else echo "left out: the other compiler (needs clang)"; fi
XT_TILE_CXX=no-such-clang "$CROSSTRAIN" train tiny.yaml --engine rtl --quiet --out none >out 2>log
code=$?
[ $code = 4 ] && grep -q "no-such-clang is not installed" log && ok || bad "code $code without the compiler"
rm -rf none

# ---- a clang that does not work: g++, unless it was asked for
mkdir broken
printf '#!/bin/sh\nexit 1\n' >broken/clang++
chmod +x broken/clang++
mv cache kept
PATH=$work/broken:$PATH train "(once)"
mv cache without-clang
PATH=$work/broken:$PATH XT_TILE_CXX=clang++ "$CROSSTRAIN" train tiny.yaml --engine rtl --quiet --out none >out 2>log
code=$?
[ $code = 4 ] && [ ! -e none/checkpoint.h5 ] && ok || bad "code $code with a compiler that fails"
rm -rf none cache without-clang
mv kept cache

# ---- another clone with the same RTL
cp -r "$repo/rtl" "a clone"
XT_RTL_DIR="$work/a clone" train ""
echo "// not the same" >>"a clone/xt_adc.sv"
XT_RTL_DIR="$work/a clone" train "(once)"   # and its path may have spaces
rm "a clone/xt_adc.sv"
cp "$repo/rtl/xt_adc.sv" "a clone"

# ---- damage: cut, changed, empty, another thing altogether
so=$(ls -t cache/tile-*.so | tail -1)
for harm in 'truncate -s 30000' 'truncate -s -1' flip; do
  keep=$(stat -c %i "$so")
  case $harm in
    flip) python3 - "$so" <<'P'
import sys
with open(sys.argv[1], "r+b") as f:
    f.seek(100000)
    byte = f.read(1)[0]
    f.seek(100000)
    f.write(bytes([byte ^ 16]))
P
      ;;
    *) $harm "$so" ;;
  esac
  train "again: the kept one is damaged"
  [ "$(stat -c %i "$so")" != "$keep" ] && ok || bad "$harm: the file is the old one"
done
train ""

# ---- signals: the tools end with the program, nothing is left, the next run builds
for name in TERM HUP INT; do
  rm -rf cache stopped
  CCACHE_DISABLE=1 python3 - "$CROSSTRAIN" $name >log 2>&1 <<'P' && ok || bad "SIG$name while a tile is built"
import os, pathlib, signal, subprocess, sys, time
number = getattr(signal, "SIG" + sys.argv[2])
p = subprocess.Popen([sys.argv[1], "train", "tiny.yaml", "--engine", "rtl", "--quiet", "--out", "stopped"], start_new_session=True,
                     stderr=subprocess.PIPE, text=True)
cache = pathlib.Path("cache")
def tools():
    found = []
    for d in pathlib.Path("/proc").glob("[0-9]*"):
        try:
            if str((d / "cwd").readlink()).startswith(str(cache.resolve())): found.append(d)
        except OSError:
            pass
    return found
while not list(cache.glob("*.build.*/v/fast.cpp")):  # the compiler is at work
    if p.poll() is not None: sys.exit(f"it ended: {p.stderr.read()}")
    time.sleep(.02)
time.sleep(.2)
if not tools(): sys.exit("no tool at work")
p.send_signal(number) if sys.argv[2] != "INT" else os.killpg(p.pid, number)  # a terminal sends it to all
said = p.stderr.read()
code = p.wait()
if code != 128 + number: sys.exit(f"exit code {code}: {said}")
if said.count("\n") != 2 or f"stopped by signal {int(number)} " not in said: sys.exit(said)
left = [f.name for f in cache.iterdir() if not f.name.endswith(".lock")] + list(pathlib.Path("stopped").iterdir()) + tools()
if left: sys.exit(f"left behind: {left}")
P
done
train "(once)"

# ---- a clone in a path with spaces builds its tiles
mkdir -p "my clones/cross train/testbench" "my clones/tiles"
cp -r "$repo"/{rtl,refc,model,scripts} "my clones/cross train"
cp -r "$repo/testbench/block" "$repo/testbench/bugs.toml" "my clones/cross train/testbench"
include=$(verilator --getenv VERILATOR_ROOT)/include
for more in "" "--planted"; do
  if "my clones/cross train/scripts/build_tile.sh" --out "my clones/tiles/t.so" --rtl "my clones/cross train/rtl" \
    --runtime "$(dirname "$CROSSTRAIN")/model/libxt_verilated_rt.a" --shape "2 1 7 9 1 0 31 16 16 0 0 0" --cxxflags -O1 \
    --include "$include" --include "$include/vltstd" $more >log 2>&1 && [ -s "my clones/tiles/t.so" ]; then ok
  else cat "my clones/tiles/t.log" >>log; bad "build_tile.sh $more in a path with spaces"; fi
  rm -f "my clones/tiles/t.so"
done

# ---- no place for a tile, and a place in the user's own cache, when the clone belongs to another user
unset XT_TILE_CACHE
nobody() { setpriv --reuid=65534 --regid=65534 --clear-groups --no-new-privs env -u XDG_CACHE_HOME "$@"; }
if [ "$(id -u)" = 0 ] && nobody test -r "$repo/rtl/xt_pkg.sv" -a -x "$CROSSTRAIN" -a ! -w "$(dirname "$CROSSTRAIN")/tiles" &&
  [ -d "$(dirname "$CROSSTRAIN")/tiles" ]; then
  mkdir -m 777 home theirs
  chmod 755 "$work"
  sed -i 's/size: 8/size: 9/' tiny.yaml  # a shape that no test has built there
  cd theirs || exit 1
  nobody HOME=/nonexistent "$CROSSTRAIN" train ../tiny.yaml --engine rtl --quiet --out a >../out 2>../log
  code=$?
  cd ..
  [ $code = 4 ] && [ "$(wc -l <log)" = 1 ] && grep -q "no place for the built RTL tile; .*/tiles: Permission denied; .*XT_TILE_CACHE" log && ok ||
    bad "code $code without a place"
  cd theirs || exit 1
  nobody HOME="$work/home" "$CROSSTRAIN" train ../tiny.yaml --engine rtl --quiet --out b >../out 2>../log
  code=$?
  cd ..
  [ $code = 0 ] && ls home/.cache/crosstrain/tiles/tile-82x10-*.so >/dev/null 2>&1 && ok || bad "code $code with a home"
  # HOME not to be written, so without ccache's files
  cd theirs || exit 1
  nobody HOME=/nonexistent XT_TILE_CACHE="$work/theirs/tiles" "$CROSSTRAIN" train ../tiny.yaml --engine rtl --quiet --out c >../out 2>../log
  code=$?
  cd ..
  [ $code = 0 ] && cmp -s theirs/b/checkpoint.h5 theirs/c/checkpoint.h5 && ok || bad "code $code with XT_TILE_CACHE and no home"
else
  echo "left out: another user's clone (needs root, and build/tiles for root alone)"
  least=20
fi

echo "$passed passed, $failed failed"
[ $failed = 0 ] && [ $passed -ge $least ]
