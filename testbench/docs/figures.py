#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Figures that pages show under a command are those that it prints now.

usage: figures.py BUILD     the build folder. Prints `N passed, M failed`
A transcript's lines must come in the output in their order; "..." stands for any. scripts/run.sh is compared with the same run
on the reference (its line `matched` needs lockstep, testbench/newcomer/run.sh has it). scripts/synth.sh takes a minute: its last
line names the RTL that it read, and that is compared. Numbers that the table of tests gives in words are counted.
"""
import pathlib
import re
import subprocess
import sys
import tempfile
import tomllib

if __name__ == "__main__" and {"-h", "--help"} & set(sys.argv[1:]):
    sys.exit(print(__doc__.strip()))

REPO = pathlib.Path(__file__).resolve().parent.parent.parent


def transcript(page, command):
    """The lines under `$ command` in a page."""
    block = re.search(r"^\$ " + re.escape(command) + r"\n(.*?)^(?:```|\$ )", (REPO / page).read_text(), re.M | re.S)
    if not block:
        sys.exit(f"figures.py: {page} has no '$ {command}'")
    return block[1].splitlines()


def missing(said, printed):
    """The first line of `said` that does not come, in its place, in `printed`."""
    rest = iter(line.rstrip() for line in printed)
    free = True  # lines may be left out here
    for line in said:
        if line.strip() == "...":
            free = True
            continue
        for now in rest:
            if now == line.rstrip():
                break
            if not free:
                return f"{line}\n  now: {now}"
        else:
            return line
        free = False
    return None


def output(*command):
    done = subprocess.run([str(c) for c in command], cwd=REPO, capture_output=True, text=True)
    if done.returncode:
        sys.exit(f"figures.py: {' '.join(map(str, command))}: exit code {done.returncode}: {done.stderr[-500:]}")
    return done.stdout.splitlines()


NUMBERS = ("ten", "eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen", "twenty")


def miscounted():
    """A line for every number in words that is not what there is."""
    page = " ".join((REPO / "testbench/README.md").read_text().split())
    proofs = tomllib.loads((REPO / "testbench/formal/proofs.toml").read_text())
    shapes = re.search(r"enum \{(.*?)\bSTIM_SHAPES\b", (REPO / "testbench/lockstep/stimulus.h").read_text(), re.S)
    counts = ((r"random operations on (\w+) odd shapes", len(re.findall(r"\bSTIM_\w+", shapes[1]))),
              (r"invariants of (\w+) blocks", sum((REPO / f"rtl/{name}.sv").exists() for name in proofs)))
    for pattern, count in counts:
        said = re.search(pattern, page)
        yield said and dict(zip(NUMBERS, range(10, 21))).get(said[1]) == count, f"testbench/README.md: '{said and said[0]}': there are {count}"


def main():
    build = pathlib.Path(sys.argv[1]).resolve()
    with tempfile.TemporaryDirectory() as out:
        digits = output(build / "crosstrain", "train", "testbench/configs/digits.yaml", "--engine", "ref", "--out", f"{out}/digits")
    cases = [
        ("README.md", "scripts/run.sh", digits, lambda line: not line.startswith(("matched", "files"))),
        ("testbench/README.md", "build/testbench/lockstep/test_cycles", output(build / "testbench/lockstep/test_cycles"), None),
        ("testbench/configs/README.md", "build/crosstrain info testbench/configs/digits.yaml",
         output(build / "crosstrain", "info", "testbench/configs/digits.yaml"), None),
        ("rtl/README.md", "scripts/synth.sh 16 16", output("scripts/synth.sh", "--rtl"), lambda line: line.startswith("RTL ")),
    ]
    failed = 0
    for page, command, printed, wanted in cases:
        said = [line for line in transcript(page, command) if line == "..." or not wanted or wanted(line)]
        bad = missing(said, printed) if [line for line in said if line != "..."] else "(no line to compare)"
        failed += bad is not None
        if bad is not None:
            print(f"FAILED: {page}: under '$ {command}', not what it prints: {bad}")
    counted = list(miscounted())
    for good, text in counted:
        failed += not good
        if not good:
            print(f"FAILED: {text}")
    print(f"{len(cases) + len(counted) - failed} passed, {failed} failed")
    sys.exit(failed != 0)


main()
