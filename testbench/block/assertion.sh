#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# An assertion that fails ends a run as a mismatch: drives that stay after their last slot break R3 of xt_coinc. Tiles that are built
# without invariants (--no-invariants) run on; lockstep sees the drives.
# usage: assertion.sh TEST_ASSERTION
. "$(dirname "$0")/../../scripts/help.sh"
set -eu
root=$(cd "$(dirname "$0")/../.." && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cp -r "$root/rtl" "$work/rtl"
sed -i 's/end else if (live_q && !hold_i) begin/end else if (live_q \& all_i) begin/' "$work/rtl/xt_coinc.sv"
cmp -s "$root/rtl/xt_coinc.sv" "$work/rtl/xt_coinc.sv" && { echo "the bug has no place"; exit 1; }
export XT_RTL_DIR=$work/rtl
for engine in rtl lockstep; do
  "$1" $engine "xt_coinc_props.sv:"
  "$1" $engine unchecked
done
echo "4 passed, 0 failed"
