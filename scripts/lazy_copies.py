#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Changes the C++ that Verilator 5.006 has made: what an edge writes to a wide register goes into a copy (__Vdly__),
made before and moved back after in every clock cycle, written or not; now only in cycles that write. Registers that are
written in other ways than those known here stay as they are. build_tile.sh calls it.

usage: lazy_copies.py DIR     Prints how many registers it found. Exit code: 0; 2 usage.
"""
import argparse
import collections
import pathlib
import re

NAME = r"((?:vlSelf->)?__Vdly__\w+)"
INTO = re.compile(rf" *VL_ASSIGN_W\((\d+), *{NAME}, *vlSelf->\w+\);")
BACK = re.compile(rf" *VL_ASSIGN_W\(\d+, *vlSelf->\w+, *{NAME}\);")
WHOLE = re.compile(rf" *VL_(?:ASSIGN_W|CONST_W_\dX)\(\d+, *{NAME},(?! *vlSelf->\w+\);)")
PART = re.compile(rf" *VL_CONST(?:HI|LO)_W_\dX\((?:\d+, *)+{NAME},")
MADE = re.compile(rf" *(?:VlWide<\d+>\S* {NAME};|VL_(?:ZERO|RAND_RESET)_W\(\d+, *{NAME}\);).*")
LEAST = 1024  # bits


def kind(line, name):
    return next((k for k in (INTO, BACK, WHOLE, PART, MADE) if (m := k.match(line)) and name in m.groups()), None)


def main(folder):
    files = {f: f.read_text().split("\n") for f in sorted([*folder.glob("*.cpp"), *folder.glob("*root.h")])}
    uses = collections.defaultdict(list)
    for f, lines in files.items():
        for k, line in enumerate(lines):
            for name in set(re.findall(NAME, line)):
                uses[name].append((f, k, kind(line, name)))
    done = 0
    for name, where in uses.items():
        into = [files[f][k].strip() for f, k, what in where if what is INTO]
        if len(into) != 1 or int(INTO.match(into[0])[1]) < LEAST or any(what is None for *_, what in where):
            continue
        flag = name.replace("__Vdly__", "xt_wrote__")
        declared = [(f, k, MADE) for f, k, _ in uses[name[8:]]] if name.startswith("vlSelf->") else where
        for f, k, what in [*where, *(declared if declared is not where else [])]:
            line = files[f][k]
            if what is INTO:
                line = f"{flag} = false;"
            elif what is BACK:
                line = f"if ({flag}) {{ {line.strip()} }}"
            elif what is WHOLE:
                line = f"{flag} = true; {line.strip()}"
            elif what is PART:
                line = f"if (!{flag}) {{ {into[0]} {flag} = true; }} {line.strip()}"
            elif line.lstrip().startswith("VlWide<"):
                line = f"bool {flag.split('->')[-1]}; {line.strip()}"
            files[f][k] = line
        done += 1
    for f, lines in files.items():
        f.write_text("\n".join(lines))
    print(f"{done} registers are copied in cycles only that write them")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("dir", type=pathlib.Path)
    options = parser.parse_args()
    if not options.dir.is_dir():
        parser.error(f"{options.dir} is no folder")
    main(options.dir)
