#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Checks GTKWave save files against the header of a dump (VCD): every signal named exists with exactly that range, bits
taken out of it lie inside, every group is closed and not empty, every translation file exists and is not empty.

usage: check_gtkw.py DUMP.vcd FILE.gtkw...
Prints one line per fault, then `N checked, M faults`; exit code 0 without faults.
"""
import re
import sys

if __name__ == "__main__" and {"-h", "--help"} & set(sys.argv[1:]):
    sys.exit(print(__doc__.strip()))

NAME = re.compile(r"^(?:\((\d+)\))?(xt_sim\.[\w.$]+(?:\[\d+\](?=\[|$))*?)(\[(\d+):(\d+)\])?$")


def declared(vcd):
    """{full name: (hi, lo) or None}"""
    scope, out = [], {}
    with open(vcd, encoding="latin-1") as f:
        for line in f:
            w = line.split()
            if line.startswith("$scope"):
                scope.append(w[2])
            elif line.startswith("$upscope"):
                scope.pop()
            elif line.startswith("$var"):
                span = re.match(r"\[(\d+):(\d+)\]$", w[5])
                if (span is None) != (int(w[2]) == 1 and w[5] == "$end"):
                    raise SystemExit(f"{vcd}: cannot read: {line}")
                out[".".join(scope + [w[4]])] = (int(span[1]), int(span[2])) if span else None
            elif line.startswith("$enddefinitions"):
                break
    return out


def check(path, signals, fault):
    checked, groups, table = 0, [], None
    for n, line in enumerate(open(path, encoding="latin-1"), 1):
        line = line.rstrip("\n")

        def say(text):
            fault(f"{path}:{n}: {text}")

        if line.startswith("@"):
            flags = int(line[1:], 16)
            begin, end = flags & 0x800000, flags & 0x1000000
            continue
        if line.startswith("^1 "):
            table = line[3:]
            try:
                rows = open(table, encoding="ascii").read().splitlines()
            except OSError as x:
                rows = []
                say(f"{table}: {x.strerror}")
            if not rows or not all(re.match(r"[0-9a-f]+ \S", r) for r in rows):
                say(f"{table}: no table")
            checked += 1
            continue
        if not line or line[0] in "[*":
            continue
        if line.startswith("-"):
            if begin:
                groups.append([line, 0])
            elif end:
                if not groups or groups[-1][0] != line:
                    say(f"group '{line[1:]}' ends but did not begin")
                    continue
                if groups.pop()[1] == 0:
                    say(f"group '{line[1:]}' is empty")
                checked += 1
            continue
        if groups:
            groups[-1][1] += 1
        else:
            say("a signal outside of all groups")
        bundle = line.startswith("#")
        alias = re.match(r"[+#]\{([^}]+)\} (.*)$", line)
        parts = (alias[2] if alias else line).split()
        if bundle and len(parts) < 2 or not bundle and len(parts) != 1:
            say(f"{len(parts)} parts: {line[:80]}")
        for part in parts:
            checked += 1
            m = NAME.match(part)
            if m is None:
                say(f"not a signal: {part}")
                continue
            name, span = m[2], (int(m[4]), int(m[5])) if m[3] else None
            if span is None and name not in signals and name.endswith("[0]"):  # a vector of one bit
                name, span = name[:-3], (0, 0)
            elif span == (0, 0):
                say(f"{part}: GTKWave calls it {name}[0]")
            if name not in signals:
                say(f"{name}: not in the dump")
            elif signals[name] != span:
                say(f"{name}: {span} here, {signals[name]} in the dump")
            elif m[1] is not None and (span is None or int(m[1]) > span[0] - span[1]):
                say(f"{part}: no such bit")
    if groups:
        fault(f"{path}: group '{groups[-1][0]}' does not end")
    return checked


def main():
    signals, faults, checked = declared(sys.argv[1]), [], 0
    for path in sys.argv[2:]:
        n = check(path, signals, faults.append)
        if n < 10:
            faults.append(f"{path}: names next to nothing ({n})")
        checked += n
    for f in faults:
        print(f)
    print(f"{checked} checked, {len(faults)} faults")
    sys.exit(1 if faults or not checked else 0)


main()
