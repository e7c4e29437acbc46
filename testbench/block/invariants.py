#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Every invariant R1, R2 ... in the header of a module of rtl/ is an assertion of that name in
testbench/block/NAME/NAME_props.sv, and has a bug that breaks it in bugs.tsv if the module has a room.

usage: invariants.py     prints "N passed, M failed"; exit code 0 if none failed
Not assertions: those that compare two runs."""
import csv
import pathlib
import re
import sys

if __name__ == "__main__" and {"-h", "--help"} & set(sys.argv[1:]):
    sys.exit(print(__doc__.strip()))

here = pathlib.Path(__file__).resolve().parent
rtl = here.parents[1] / "rtl"
COMPARE_RUNS = {"xt_tile.R2", "xt_top.R1", "xt_top.R2"}  # lockstep under back-pressure; testbench/top; xt_axil.R1

with open(here / "bugs.tsv", newline="", encoding="utf-8") as f:
    broken = {f"{r['block']}.{r['check']}" for r in csv.DictReader(f, delimiter="\t", quoting=csv.QUOTE_NONE)}
passed, failed = 0, 0
for module in sorted([*rtl.glob("*.sv"), *(rtl / "array").glob("*.sv")]):
    name = module.stem
    text = module.read_text(encoding="utf-8")
    header = text[: text.find("\nmodule ")]
    at = header.find("Invariants")
    numbers = set(re.findall(r"\bR\d+\b", header[at:])) if at >= 0 else set()
    props = here / name / f"{name}_props.sv"
    labels = set(re.findall(r"\b(R\d+): assert", props.read_text(encoding="utf-8"))) if props.exists() else set()
    for r in sorted(numbers | labels):
        wrong = []
        if r not in numbers:
            wrong.append("is an assertion, but not in the header")
        elif f"{name}.{r}" not in COMPARE_RUNS and r not in labels:
            wrong.append("is no assertion")
        if (here / name / f"{name}_dut.sv").exists() and f"{name}.{r}" not in broken:
            wrong.append("has no bug that breaks it")
        for what in wrong:
            print(f"{name}.{r} {what}")
        passed += not wrong
        failed += bool(wrong)
print(f"{passed} passed, {failed} failed")
sys.exit(failed != 0 or passed == 0)
