#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Proves the invariants of blocks for every length of run: the assertions of testbench/block/NAME/NAME_props.sv, which
simulations check, by property directed reachability (Yosys, yosys-abc). What is proved, of which sizes: proofs.toml. A row
with `parts` is of several blocks, connected in a file of this folder, which has the assertions.

Of every property: the block keeps it (pdr; induction over four cycles where the table says so); its cover is reached
(bmc3: the proof says something); every bug of testbench/block/bugs.tsv that breaks it is refuted (bmc3: the proof would
have failed).

usage: prove.py [--keep DIR] [--kept DIR] [BLOCK ...]
--keep: scripts and logs of the tools stay there. --kept: what the tools said of the same files is taken from there.
Prints a row per property, and "N passed, M failed"; exit code 0 if none failed, 1 not, 2 set-up."""
import argparse
import concurrent.futures
import csv
import functools
import hashlib
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import time
import tomllib

here = pathlib.Path(__file__).resolve().parent
root = here.parents[1]
rtl = root / "rtl"
rooms = root / "testbench/block"
sys.path.insert(0, str(root / "scripts"))
sys.dont_write_bytecode = True
from plant import planted  # noqa: E402

FRAMES = 100     # of a search for a cover or a bug
SECONDS = 600   # of one proof, on a machine that is busy with other things
STATEMENT = re.compile(r'\b([RA]\d+): (assert|assume) (\(.*?\))\s*else \$error\("[^"]*"\);', re.S)
BIND = re.compile(r"^bind \w+ (.*?;)\n", re.S | re.M)
# A run begins with a reset, and a reset may come at any time.
RESET = """
  logic formal_begun_q;
  initial formal_begun_q = 1'b0;
  always_ff @(posedge clk_i) formal_begun_q <= 1'b1;
  always_comb assume (formal_begun_q || !rst_ni);
"""
# No -zero: a register without a reset begins with any value (-zinit gives it an input).
YOSYS = """read_verilog -defer -sv -formal -I{rtl} {rtl}/xt_pkg.sv {inside}props.sv block.sv
hierarchy -check -top {block} {parameters}
proc -norom
flatten
delete -output o:*{memory}
async2sync
dffunmap
setundef -undriven -anyseq
opt -full
techmap
opt -fast
dffunmap
abc -g AND -fast
opt_clean
write_aiger -I -B -zinit block.aig
"""
ABC = "read_aiger block.aig; fold; strash; scorr; {engine}"


def stop(text):
    print(f"prove.py: {text}", file=sys.stderr)
    sys.exit(2)


def one_property(text, wanted, cover):
    """The property module as Yosys reads it, with one assertion, or the opposite of its cover in that place; and the
    instance that its bind makes."""
    def statement(m):
        if m[2] == "assume":
            return f"assume {m[3]};"
        if m[1] != wanted:
            return ";"
        return f"assert (!({cover}));" if cover else f"assert {m[3]};"
    text = STATEMENT.sub(statement, text)
    bind = BIND.search(text)
    return (text[:bind.start()] + text[bind.end():], bind[1]) if bind else (text, "")


def own_sources(block, row, wanted, cover, bug):
    """(properties or parts, module to be proved): what Yosys reads of one task."""
    if "parts" in row:
        parts = {p: (rtl / f"{p}.sv").read_text() for p in row["parts"]}
        for name, b in (bug or {}).items():
            parts[b["in"]] = planted(parts[b["in"]], {name: b}, on=True)
        text, _ = one_property((here / f"{block}.sv").read_text(), wanted, cover)
        instance, props = "", "".join(parts.values())
    else:
        props, instance = one_property((rooms / block / f"{block}_props.sv").read_text(), wanted, cover)
        text = (rtl / f"{block}.sv").read_text()
        if bug:
            text = planted(text, bug, on=True)
    end = text.rindex("endmodule")
    return props, f"{text[:end]}  {instance}\n{RESET}{text[end:]}"


@functools.cache
def same_for_all():
    """What every task reads beside its own files, and the tools."""
    texts = [(rtl / name).read_bytes() for name in ("xt_pkg.sv", "xt_types.svh")]
    for tool in ("yosys", "yosys-abc"):
        texts.append(pathlib.Path(shutil.which(tool)).read_bytes())
    return hashlib.sha256(b"".join(hashlib.sha256(t).digest() for t in texts)).hexdigest()


def check(task, kept):
    """What the tools say: (True, seconds) proved; (False, frame) refuted; (None, why)."""
    block, row, wanted, cover, bug, work = task
    work.mkdir(parents=True)
    props, text = own_sources(block, row, wanted, cover, bug)
    (work / "props.sv").write_text(props)
    (work / "block.sv").write_text(text)
    chparam = " ".join(f"-chparam {k} {v}" for k, v in (row["parameters"] | row.get("with", {}).get(wanted, {})).items())
    inside = [rtl / f"{m}.sv" for m in row.get("inside", [])]
    (work / "block.ys").write_text(YOSYS.format(rtl=rtl, block=block, parameters=chparam, inside="".join(f"{m} " for m in inside),
                                                memory="\nmemory -nomap\nmemory_map" if inside else ""))
    engine = f"pdr -nc -T {SECONDS}"  # generalization by counterexamples (Hassan, Bradley, Somenzi, FMCAD 2013)
    if (cover or bug) and "parts" not in row:
        engine = f"bmc3 -F {FRAMES} -T {SECONDS}"
    elif wanted in row.get("induction", []):
        engine = "bmc3 -F 10; ind -F 4"  # ind is the step alone
    commands = (["yosys", "-q", "-l", "yosys.log", "block.ys"], ["yosys-abc", "-c", ABC.format(engine=engine)])
    if not kept:
        return run(work, commands)
    own = [(work / name).read_text() for name in ("props.sv", "block.sv", "block.ys")]
    own += [m.read_text() for m in inside]
    key = hashlib.sha256(json.dumps([same_for_all(), commands, own]).replace(str(root), "").encode()).hexdigest()
    if (kept / key).exists():
        return tuple(json.loads((kept / key).read_text()))
    said = run(work, commands)
    if said[0] is not None:
        kept.mkdir(parents=True, exist_ok=True)
        (work / "said").write_text(json.dumps(said))
        shutil.move(work / "said", kept / key)
    return said


def run(work, commands):
    """As check()."""
    begin = time.monotonic()
    for command in commands:
        done = subprocess.run(command, cwd=work, capture_output=True, text=True, check=False)
        if done.returncode != 0:
            return None, (done.stdout + done.stderr).strip().splitlines()[-1:]
    (work / "abc.log").write_text(done.stdout)
    refuted = re.search(r"was asserted in frame (\d+)", done.stdout)
    if refuted:
        return False, int(refuted[1])
    if "Property proved" in done.stdout or "Networks are equivalent" in done.stdout:
        return True, time.monotonic() - begin
    return None, done.stdout.strip().splitlines()[-1:]


def tasks_of(table, bugs, work):
    """(block, property, kind, task) of everything that is to be done."""
    for block, row in table.items():
        text = (here / f"{block}.sv" if "parts" in row else rooms / block / f"{block}_props.sv").read_text()
        for wanted in sorted({m[1] for m in STATEMENT.finditer(text) if m[2] == "assert"}):
            if wanted in row.get("left", {}):
                print(f"{block} {wanted}: left to simulation: {row['left'][wanted]}")
                continue
            at = work / block / wanted
            yield block, wanted, "proof", (block, row, wanted, None, None, at / "proof")
            yield block, wanted, "cover", (block, row, wanted, row.get(wanted), None, at / "cover")
            known = row["bugs"] if "parts" in row else [r for r in bugs if r["block"] == block]
            mine = [(k, r) for k, r in enumerate(known, 1) if r["check"] == wanted]
            for k, r in mine:
                bug = {f"bug{k:02}": {"in": r.get("part", block), "from": r["where"], "to": r["bug"]}}
                yield block, wanted, f"bug{k:02}", (block, row, wanted, None, bug, at / f"bug{k:02}")
            if not mine:
                yield block, wanted, "no bug", None


def verdict(kind, task, said):
    """(whether it passed, text)."""
    if task is None:
        return False, "no bug of bugs.tsv breaks it"
    if kind == "cover" and task[3] is None:
        return False, "has no cover in proofs.toml"
    outcome, what = said
    if outcome is None:
        return False, f"{kind}: {what}"
    if kind == "proof":
        return outcome, f"proved in {what:.1f} s" if outcome else f"FAILS in frame {what}"
    if kind == "cover":
        return not outcome, "its cover is never reached" if outcome else f"cover reached in frame {what}"
    return not outcome, f"{kind} is not found" if outcome else f"{kind} refuted in frame {what}"


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--keep", type=pathlib.Path)
    parser.add_argument("--kept", type=pathlib.Path)
    parser.add_argument("blocks", nargs="*")
    args = parser.parse_args()
    for tool in ("yosys", "yosys-abc"):
        if not shutil.which(tool):
            stop(f"{tool} is not installed")
    table = tomllib.loads((here / "proofs.toml").read_text())
    for block in args.blocks:
        if block not in table:
            stop(f"{block} is not in proofs.toml")
    table = {b: r for b, r in table.items() if not args.blocks or b in args.blocks}
    with open(rooms / "bugs.tsv", newline="", encoding="utf-8") as f:
        bugs = list(csv.DictReader(f, delimiter="\t", quoting=csv.QUOTE_NONE))
    if args.keep and args.keep.exists():
        stop(f"{args.keep} exists")
    work = args.keep or pathlib.Path(tempfile.mkdtemp(prefix="xt_formal."))
    passed = failed = 0
    try:
        todo = list(tasks_of(table, bugs, work))
        with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
            jobs = [pool.submit(check, t, args.kept) if t and not (k == "cover" and t[3] is None) else None for _, _, k, t in todo]
            rows = {}
            for (block, wanted, kind, task), job in zip(todo, jobs):
                ok, text = verdict(kind, task, job.result() if job else None)
                passed, failed = passed + ok, failed + (not ok)
                rows.setdefault((block, wanted), []).append(text if ok else f"FAILED: {text}")
        for (block, wanted), texts in rows.items():
            print(f"{block} {wanted}: {'; '.join(texts)}")
    finally:
        if not args.keep:
            shutil.rmtree(work, ignore_errors=True)
    print(f"{passed} passed, {failed} failed")
    return int(failed != 0 or passed == 0)


if __name__ == "__main__":
    sys.exit(main())
