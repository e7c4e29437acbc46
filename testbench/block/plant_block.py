#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Copies a block with its bugs of bugs.tsv planted (scripts/plant.py): +plant=bugK turns the K-th of the block on, K from 01.

usage: plant_block.py BLOCK.sv OUT.sv. Exit code: 0; 2 usage, or a bug that does not find its place."""
import csv
import pathlib
import sys

here = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(here.parents[1] / "scripts"))
sys.dont_write_bytecode = True
from plant import planted  # noqa: E402

if __name__ == "__main__" and {"-h", "--help"} & set(sys.argv[1:]):
    sys.exit(print(__doc__.strip()))


def main(source, out):
    with open(here / "bugs.tsv", newline="", encoding="utf-8") as f:
        rows = [r for r in csv.DictReader(f, delimiter="\t", quoting=csv.QUOTE_NONE) if r["block"] == source.stem]
    bugs = {f"bug{k:02}": {"in": source.name, "from": r["where"], "to": r["bug"]} for k, r in enumerate(rows, 1)}
    out.write_text(planted(source.read_text(), bugs))


if len(sys.argv) != 3:
    sys.exit(2)
main(*map(pathlib.Path, sys.argv[1:]))
