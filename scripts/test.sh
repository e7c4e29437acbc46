#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Set up, build, and run every default test; exit code 0 only if all pass.
# usage: scripts/test.sh [OPTIONS of ctest]
set -euo pipefail
cd "$(dirname "$0")/.."
scripts/setup.sh --test
exec ctest --test-dir build --output-on-failure -j "$(nproc)" "$@"
