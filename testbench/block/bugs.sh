#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Every bug of bugs.tsv that is planted in a block must fail the check that its row names. usage: bugs.sh BLOCK ROOM
# A check R1, R2 ... is a property: then nothing else judges. Any other is a test of the room: then only it runs.
. "$(dirname "$0")/../../scripts/help.sh"
set -u
here=$(cd "$(dirname "$0")" && pwd)
block=$1 room=$2 k=0 failed=0
while IFS=$'\t' read -r name where bug check what; do
  [ "$name" = "$block" ] || continue
  k=$((k + 1))
  id=$(printf 'bug%02d' $k)
  case $check in
    R[0-9]*) said=$(XT_ROOM_BUG=$id XT_ROOM_PROPERTIES=1 "$room" 2>&1) want="property $block\.$check fails" ;;
    *) said=$(XT_ROOM_BUG=$id XT_ROOM_TEST=$check "$room" 2>&1) want=":$check:" ;;
  esac
  if ! grep -qE "$want" <<<"$said"; then
    printf '%s of %s is not seen by %s: %s\n  %s -> %s\n%s\n' "$id" "$block" "$check" "$what" "$where" "$bug" "$said"
    failed=$((failed + 1))
  fi
done <"$here/bugs.tsv"
echo "$((k - failed)) passed, $failed failed"
[ $k -gt 0 ] && [ $failed = 0 ]
