#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# aihwkit and its PyTorch (some gigabytes) from PyPI, in a Python environment of their own outside the repository.
# usage: scripts/bench/setup_peer.sh [DIR]
# DIR: default crosstrain/peer-venv in $XDG_CACHE_HOME (~/.cache), where bench.py looks; needs python3-venv. pip's own settings
# hold, an index of smaller wheels among them. Exit code: 0, 2 usage or set-up.
. "$(dirname "$0")/../help.sh"
set -u
[ $# -le 1 ] || { echo "setup_peer.sh: '$2' is too much (see the head of the script)" >&2; exit 2; }
case ${1:-} in -*) echo "setup_peer.sh: '$1' is unknown (see the head of the script)" >&2; exit 2 ;; esac
here=$(cd "$(dirname "$0")" && pwd)
venv=${1:-${XDG_CACHE_HOME:-$HOME/.cache}/crosstrain/peer-venv}
python3 -m venv "$venv" && "$venv/bin/pip" install -q -r "$here/requirements.txt" \
  || { echo "setup_peer.sh: cannot make $venv: PyPI is needed, and python3-venv (apt-get install python3-venv)" >&2; exit 2; }
echo "check of how pulses are counted:"
exec "$venv/bin/python" "$here/aihwkit_peer.py" --check
