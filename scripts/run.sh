#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# The main job: set up and build, then train the built-in digits through the RTL in lockstep with the golden reference.
# usage: scripts/run.sh [OPTIONS of crosstrain train]
set -euo pipefail
cd "$(dirname "$0")/.."
scripts/setup.sh
exec build/crosstrain train testbench/configs/digits.yaml --engine lockstep "$@"
