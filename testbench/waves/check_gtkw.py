#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Checks GTKWave save files against the header of a dump (VCD): every signal named exists with exactly that range, bits
taken out of it lie inside, every group is closed and not empty, every translation file stands beside the save file and is not
empty; a list of lines says what its value is, and every value of a signal shown as a list has one. GTKWave starts the
view where the file says in every window (only if it ends inside the dump), and even a small one shows the operation and
the marker.

usage: check_gtkw.py DUMP.vcd FILE.gtkw...
Prints one line per fault, then `N checked, M faults`; exit code 0 without faults.
"""
import os
import re
import sys

if __name__ == "__main__" and {"-h", "--help"} & set(sys.argv[1:]):
    sys.exit(print(__doc__.strip()))

NARROW, WIDEST = 1000, 3840  # pixels of waves
TRANSLATED = 0x2022  # flags of a signal that a table is for
NAME = re.compile(r"^(?:\((\d+)\))?(xt_sim\.[\w.$]+(?:\[\d+\](?=\[|$))*?)(\[(\d+):(\d+)\])?$")


def declared(vcd):
    """{full name: (hi, lo) or None}, {full name: values}, last time"""
    scope, out, codes, values, end = [], {}, {}, {}, 0
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
                codes[".".join(scope + [w[4]])] = w[3]
            elif line.startswith("$enddefinitions"):
                break
        for line in f:
            if line.startswith("#"):
                end = int(line[1:])
            elif line.startswith("b"):
                value, _, code = line[1:].partition(" ")
                values.setdefault(code.strip(), set()).add(value)
    return out, {name: values.get(code, set()) for name, code in codes.items()}, end


def read_table(path):
    with open(path, encoding="ascii") as f:
        return dict(row.split(None, 1) for row in f.read().splitlines())


def lines_value(text):
    """The number whose 1s a list names, and how many there are."""
    if text == "none":
        return 0, 0
    count, where = text.split(":")
    value = 0
    for span in where.split():
        a, _, b = span.partition("-")
        for i in range(int(a), int(b or a) + 1):
            value |= 1 << i
    return value, int(count)


def check_view(path, end, fault):
    with open(path, encoding="latin-1") as f:
        text = f.read()
    start = re.search(r"^\[timestart\] (\d+)$", text, re.M)
    times = re.search(r"^\*(-[0-9.]+) (\d+) (\d+) (\d+) ", text, re.M)
    if not start or not times:
        fault(f"{path}: no view of an operation")
        return
    first, pixel = int(start[1]), 2 ** -float(times[1]) / 200
    marker, begin, end_of = (int(t) for t in times.groups()[1:])
    shown = [marker, begin, end_of] if begin <= marker <= end_of else [marker]  # an assertion may fail after the last record
    if first + WIDEST * pixel > end:
        fault(f"{path}: from {first} on a window of {WIDEST} pixels ends after the dump, at {end}")
    if min(shown) < first or max(shown) > first + NARROW * pixel:
        fault(f"{path}: marker, begin and end {shown} are not within {NARROW} pixels from {first}")


def check(path, signals, values, fault):
    checked, groups, table, lists, flags = 0, [], None, None, 0
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
            if "/" in table:
                say(f"{table}: not beside the save file")
            try:
                rows = read_table(os.path.join(os.path.dirname(path), table))
            except (OSError, ValueError) as x:
                rows = {}
                say(f"{table}: {x}")
            if not rows or not all(re.match(r"[0-9a-f]+$", r) for r in rows):
                say(f"{table}: no table")
            lists = rows if table.endswith(".lines.txt") else None
            for value, text in (lists or {}).items():
                if lines_value(text) != (int(value, 16), bin(int(value, 16)).count("1")):
                    say(f"{table}: {value} is not {text}")
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
            elif flags == TRANSLATED and lists:
                digits = -(-(span[0] + 1) // 4)
                if name.endswith(".row_act") and len(values[name]) < 3:
                    say(f"{name}: no operation drives rows")
                for v in values[name]:
                    if f"{int(v, 2):0{digits}x}" not in lists:
                        say(f"{name}: no list for {v}")
            elif m[1] is not None and (span is None or int(m[1]) > span[0] - span[1]):
                say(f"{part}: no such bit")
    if groups:
        fault(f"{path}: group '{groups[-1][0]}' does not end")
    return checked


def main():
    (signals, values, end), faults, checked = declared(sys.argv[1]), [], 0
    for path in sys.argv[2:]:
        n = check(path, signals, values, faults.append)
        if n < 10:
            faults.append(f"{path}: names next to nothing ({n})")
        checked += n
        check_view(path, end, faults.append)
    for f in faults:
        print(f)
    print(f"{checked} checked, {len(faults)} faults")
    sys.exit(1 if faults or not checked else 0)


main()
