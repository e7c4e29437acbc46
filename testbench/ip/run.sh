#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# The descriptions in rtl/ip through foreign readers (check.py --foreign). Not part of the default tests. usage: run.sh
# The virtual environment is build/ip-venv, made on first use (needs python3-venv and PyPI). Exit code: 0 passed, 1 failed,
# 2 set-up.
. "$(dirname "$0")/../../scripts/help.sh"
set -u
here=$(cd "$(dirname "$0")" && pwd)
venv=$here/../../build/ip-venv
if ! "$venv/bin/python" -c 'import systemrdl, peakrdl_ipxact' 2>/dev/null; then
  python3 -m venv "$venv" && "$venv/bin/pip" install -q -r "$here/requirements.txt" \
    || { echo "run.sh: cannot make $venv (python3-venv and PyPI are needed)" >&2; exit 2; }
fi
exec "$venv/bin/python" "$here/check.py" --foreign
