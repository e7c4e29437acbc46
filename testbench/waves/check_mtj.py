#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The devices that a view of MTJ_UPDATE shows do what their groups say, read from the dump (VCD) by itself: a device that is
set or reset changes its sign that way within the operation, at the end of a cycle in which both of its lines were
driven; of a device of a driven row or column alone that line was driven in the operation while the other was not.

usage: check_mtj.py DUMP.vcd FILE.mtj.gtkw GROUP...      GROUP: as many groups of each name must be there, no others
Prints one line per fault, then `N checked, M faults`; exit code 0 without faults.
"""
import re
import sys

if __name__ == "__main__" and {"-h", "--help"} & set(sys.argv[1:]):
    sys.exit(print(__doc__.strip()))

PLANE = "xt_sim.xt_sim.u_analog.u_array.u_plane_C."


def changes(vcd, wanted):
    """{name: [(time, bits)]} of some signals; bits with their leading zeros."""
    scope, code, width, out = [], {}, {}, {name: [] for name in wanted}
    time = 0
    with open(vcd, encoding="latin-1") as f:
        for line in f:
            w = line.split()
            if not w:
                continue
            if w[0] == "$scope":
                scope.append(w[2])
            elif w[0] == "$upscope":
                scope.pop()
            elif w[0] == "$var":
                name = ".".join([*scope, w[4]])
                if name in out:
                    code.setdefault(w[3], []).append(name)
                    width[name] = int(w[2])
            elif w[0][0] == "#":
                time = int(w[0][1:])
            elif w[0][0] in "b01":
                value, of = (w[0][1:], w[1]) if w[0][0] == "b" else (w[0][0], w[0][1:])
                for name in code.get(of, ()):
                    out[name].append((time, value.zfill(width[name])))
    return out


def before(values, time):
    """The value until then."""
    return [v for t, v in values if t < time][-1]


def driven(values, line, begin, end):
    """Times in begin..end at which a value with the line driven begins."""
    return [t for t, v in values if begin <= t <= end and v[-1 - line] == "1"]


def main():
    vcd, save, *want = sys.argv[1:]
    with open(save, encoding="latin-1") as f:
        text = f.read()
    begin, end = (int(t) for t in re.search(r"^\*\S+ \d+ (\d+) (\d+) ", text, re.M).groups())
    groups = [(what, int(i), int(j)) for what, i, j in re.findall(r"^@800200\n-(.*): C\((\d+),(\d+)\)$", text, re.M)]
    m = max(int(c) for c in re.findall(r"xt_sim\.col_act\[(\d+):0\]", text)) + 1
    rows, columns = "xt_sim.xt_sim.row_act", "xt_sim.xt_sim.col_act"
    got = changes(vcd, {rows, columns, *(f"{PLANE}w[{i * m + j}]" for _, i, j in groups)})
    faults = [] if sorted(g[0] for g in groups) == sorted(want) else [f"groups {groups}, not {want}"]
    for what, i, j in groups:
        state = got[f"{PLANE}w[{i * m + j}]"]
        flips = [t for t, v in state if begin < t <= end and v != before(state, t)]
        if what in ("Set", "Reset"):
            signs = [(before(state, t)[0], before([*state, (end + 1, "")], t + 1)[0]) for t in flips]
            both = [before(got[rows], t)[-1 - i] == before(got[columns], t)[-1 - j] == "1" for t in flips]
            if ("1", "0") [:: 1 if what == "Set" else -1] not in signs or not all(both):
                faults.append(f"C({i},{j}): {what}, but {signs} at {flips}, lines driven: {both}")
        else:
            of, line, other, other_line = (rows, i, columns, j) if "row" in what else (columns, j, rows, i)
            alone = [t for t in driven(got[of], line, begin, end) if before(got[other], t + 1)[-1 - other_line] == "0"]
            if not alone:
                faults.append(f"C({i},{j}): {what}, but never alone")
    for fault in faults:
        print(fault)
    print(f"{len(groups)} checked, {len(faults)} faults")
    sys.exit(1 if faults or not groups else 0)


main()
