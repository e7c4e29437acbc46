#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Format C and C++ (clang-format of Debian 12, .clang-format) and mend what can be mended in the rest (scripts/format.py).
# usage: scripts/format.sh [--check] [FILE...]     FILE: default all files of the repository; --check changes nothing
# Exit: 0 in form, 1 not, 2 usage. Without clang-format C and C++ are left out, and it says so.
. "$(dirname "$0")/help.sh"
set -euo pipefail
cd "$(dirname "$0")/.."

check=0
if [ "${1:-}" = --check ]; then
  check=1
  shift
fi
case ${1:-} in -*) echo "format.sh: '$1' is unknown; there is --check" >&2; exit 2 ;; esac

if [ $# -gt 0 ]; then
  all=("$@")
else
  mapfile -t all < <(git ls-files -co --exclude-standard 2>/dev/null ||
    find . -type f -not -path './.*/*' -not -path './build*/*' -not -path './out/*' | cut -c3-)
fi
files=() c=()
for f in "${all[@]}"; do
  [ -f "$f" ] || continue
  files+=("$f")
  case $f in *.c | *.h | *.cpp) head -4 "$f" | grep -q "do not edit" || c+=("$f") ;; esac
done

bad=0
if [ $# = 0 ] && [ ${#files[@]} = 0 ]; then
  echo "format.sh: no files found" >&2
  exit 1
fi
if [ ${#files[@]} -gt 0 ]; then
  if [ $check = 1 ]; then
    scripts/format.py "${files[@]}" || bad=1
  else
    scripts/format.py --fix "${files[@]}" || bad=1
  fi
fi
if [ ${#c[@]} -gt 0 ]; then
  formatter=$(command -v clang-format-14 || command -v clang-format || true)
  if [ -z "$formatter" ] || ! "$formatter" --version | grep -q "version 14\."; then
    echo "format: C and C++ not looked at: clang-format 14 is missing (apt-get install clang-format)"
  elif [ $check = 1 ]; then
    "$formatter" --dry-run --Werror "${c[@]}" || bad=1
    echo "format: ${#c[@]} files of C and C++ looked at by clang-format"
  else
    "$formatter" -i "${c[@]}"
    echo "format: ${#c[@]} files of C and C++ formatted"
  fi
fi
exit $bad
