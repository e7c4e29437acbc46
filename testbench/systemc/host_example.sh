#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# The example of a virtual platform runs on both models, with the same numbers.
# usage: host_example.sh PROGRAM
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
for kind in lt rtl; do "$1" $kind >"$work/$kind"; done
cat "$work/lt"
cmp "$work/lt" "$work/rtl"
