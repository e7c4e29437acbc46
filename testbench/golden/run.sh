#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Results that must not change: every run of testbench/cases.sh on engine ref gives the figures of figures.tsv: datasets of its
# checkpoint (states, generators, registers, counters ...), columns of its metrics.csv, lines of its summary.yaml, and of the
# digits a trace of every cycle. What is new beside them is not looked at; nor what grows with the description: the counters in
# the checkpoint (metrics.csv has them) and the hash of the parameters.
# usage: run.sh PROGRAM DIGEST [--write]    --write: prints the table instead of comparing it
# Prints `N passed, M failed`; exit code 0, 1 a failure, 2 set-up.
. "$(dirname "$0")/../../scripts/help.sh"
set -uo pipefail
here=$(cd "$(dirname "$0")" && pwd)
repo=$(cd "$here/../.." && pwd)
[ $# -ge 2 ] || { echo "run.sh: PROGRAM and DIGEST are needed (see the head of the script)" >&2; exit 2; }
CROSSTRAIN=$(realpath "$1") digest=$(realpath "$2") write=${3:-}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work" || exit 2
bad() { echo "FAILED: $*"; [ ! -s log ] || tail -5 log; exit 1; }
. "$repo/testbench/cases.sh"

# One line per figure: case, file, name, value.
figures() {
  local path name
  for path in configs/*.yaml; do
    name=$(basename "$path" .yaml)
    small "$name" 1
    train "$name.yaml" --engine ref --out "$name" || bad "$name"
    "$digest" "$name/checkpoint.h5" >digests || bad "$name: its checkpoint cannot be read"
    awk -v OFS='\t' -v n="$name" '$1 !~ /^(config|format|param_hash|run\/(csv_bytes|setup|eval))$|counters$/ { print n, "checkpoint", $1, $2 }' digests
    awk -F, -v OFS='\t' -v n="$name" 'NR == 1 { for (c = 1; c <= NF; c++) head[c] = $c }
      NR > 1 { for (c = 1; c <= NF; c++) all[c] = all[c] " " $c } END { for (c = 1; c in all; c++) print n, "metrics", head[c], all[c] }' "$name/metrics.csv"
    awk -F': ' -v OFS='\t' -v n="$name" '/^[a-z_]+:$/ { part = $1 } /^  / { $1 = part ($0 ~ /^  - / ? k++ ":" : "") $1 } { gsub(/ /, "", $1); for (f = 3; f <= NF; f++) $2 = $2 ": " $f } NF > 1 { print n, "summary", $1, $2 }' "$name/summary.yaml"
  done
  # Cycle by cycle: not the fast forms.
  train digits.yaml --engine ref --out traced --trace trace.tsv || bad "digits with a trace"
  awk -F'\t' -v OFS='\t' 'NR == 1 { for (c = 1; c <= NF; c++) col[$c] = c; wanted = split("tile order cycle op kind sel phase slot row_act row_pol col_act col_pol trial cmp status info cycles codes digest_a digest_c digest_r", names, " "); next }
    { line = ""; for (k = 1; k <= wanted; k++) line = line "\t" $col[names[k]]; print line }' trace.tsv >trace.wanted
  printf 'digits\ttrace\trecords\t%s\n' "$(wc -l <trace.wanted)"
  printf 'digits\ttrace\tsha256\t%s\n' "$(sha256sum <trace.wanted | cut -c1-16)"
}

figures >now.tsv || exit 1
if [ "$write" = --write ]; then cat now.tsv; exit 0; fi
awk -F'\t' 'NR == FNR { now[$1 FS $2 FS $3] = $4; next }
  { key = $1 FS $2 FS $3 }
  !(key in now) { print "FAILED: " $1 ", " $2 ": " $3 " is missing"; failed++; next }
  now[key] != $4 { print "FAILED: " $1 ", " $2 ": " $3 " is " now[key] ", was " $4; failed++; next }
  { passed++ }
  END { print passed + 0 " passed, " failed + 0 " failed"; exit failed || !passed }' now.tsv "$here/figures.tsv"
