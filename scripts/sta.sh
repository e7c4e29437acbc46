#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Static timing of the tile: see sta.py.
exec python3 "$(dirname "$0")/sta.py" "$@"
