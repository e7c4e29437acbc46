#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# The compiler, through ccache where that is installed and can keep its files (HOME may be missing, or not ours to write).
# usage: ccache.sh COMPILER [ARGUMENT...]
case ${1:-} in '' | -h | --help) sed -n '3,4s/^# //p' "$0"; exit 0 ;; esac
kept=${CCACHE_DIR:-$(ccache -k cache_dir 2>/dev/null)}
if [ -n "$kept" ] && mkdir -p "$kept/tmp" 2>/dev/null && [ -w "$kept/tmp" ] && command -v ccache >/dev/null; then
  exec ccache "$@"
fi
exec "$@"
