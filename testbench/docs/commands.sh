#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Every script and every command tells its use with --help and does nothing else; what a script does not know is refused at once.
# usage: commands.sh PROGRAM     Prints `N passed, M failed`; exit code 0, 1 a failure.
. "$(dirname "$0")/../../scripts/help.sh"
set -uo pipefail
repo=$(cd "$(dirname "$0")/../.." && pwd)
program=$(realpath "$1")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
passed=0 failed=0
ok() { passed=$((passed + 1)); }
bad() { failed=$((failed + 1)); echo "FAILED: $*"; sed 's/^/  /' "$work/log" | head -3; }
cd "$work" || exit 1

# says CODE WORDS COMMAND...: it ends with that code within seconds, says the words, and leaves no file
says() {
  local want=$1 words=$2 code
  shift 2
  mkdir "$work/in"
  cd "$work/in" || exit 1
  timeout 20 "$@" >"$work/log" 2>&1 </dev/null
  code=$?
  cd "$work" || exit 1
  if [ $code = "$want" ] && grep -qi -e "$words" "$work/log" && rmdir "$work/in" 2>/dev/null; then ok
  else bad "code $code, not $want with '$words', or files left: $*"; rm -rf "$work/in"; fi
}

scripts=0
while read -r script; do
  scripts=$((scripts + 1))
  says 0 usage "$repo/$script" --help
done < <(cd "$repo" && find rtl refc model testbench waves scripts -type f -perm -u+x \( -name '*.sh' -o -name '*.py' \) | sort)
[ $scripts -ge 25 ] && ok || bad "only $scripts scripts found"

says 0 usage "$program" --help
while read -r command; do
  says 0 usage "$program" "$command" --help
  says 0 usage "$program" help "$command"
done < <("$program" --help | awk '/^  [a-z]+ / { print $1 }')
says 2 "no command" "$program" nonsense --help

says 2 "'--bogus' is unknown" "$repo/scripts/test.sh" --bogus
says 2 "-R needs a value" "$repo/scripts/test.sh" -R
says 2 "no option '--bogus'" "$repo/scripts/run.sh" --bogus
says 2 "'--bogus' is unknown" "$repo/scripts/setup.sh" --bogus
says 2 "'--bogus' is unknown" "$repo/scripts/format.sh" --bogus
says 2 "'--bogus' is unknown" "$repo/scripts/lint.sh" --bogus

echo "$passed passed, $failed failed"
[ $failed = 0 ]
