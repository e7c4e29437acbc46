#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Copy a block with the bugs of bugs.tsv planted, each behind a run-time selector: plant.py bugs.tsv BLOCK.sv OUT.sv

Row k of a block replaces the expression between @{ and }@ by (($root.room.bug_i == k) ? (bug) : (expression)); with bug_i = 0 the
copy is the block. The text with the expression must occur once in the file."""
import csv
import pathlib
import re
import sys


def main():
    table, source, out = map(pathlib.Path, sys.argv[1:4])
    text = source.read_text()
    planted = []
    with table.open(newline="") as f:
        rows = [r for r in csv.DictReader(f, delimiter="\t", quoting=csv.QUOTE_NONE) if r["block"] == source.stem]
    for k, row in enumerate(rows, 1):
        before, expr, after = re.fullmatch(r"(.*)@\{(.*)\}@(.*)", row["where"]).groups()
        at = text.count(before + expr + after)
        if at != 1:
            sys.exit(f"{table}: {source.name} has {at} times: {before + expr + after}")
        at = text.index(before + expr + after) + len(before)
        planted.append((at, at + len(expr), k, row["bug"]))
    for start, end, k, bug in sorted(planted, reverse=True):
        expr = text[start:end]
        text = f"{text[:start]}(($root.room.bug_i == 8'd{k}) ? ({bug}) : ({expr})){text[end:]}"
    out.write_text(text)


main()
