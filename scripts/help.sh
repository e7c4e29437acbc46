# SPDX-License-Identifier: Apache-2.0
# Sourced by the scripts: with -h or --help among its arguments, a script prints its head and ends.
# shellcheck shell=sh
for help_word in "$@"; do
  case $help_word in
    -h | --help) sed '1,2d; /^#/!Q; s/^# \{0,1\}//' "$0"; exit 0 ;;
  esac
done
