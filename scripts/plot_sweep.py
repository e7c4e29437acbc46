#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Plot tables of sweeps (crosstrain sweep FILE --plot, or by hand): one panel per table, a line per combination of the
other varied keys, mean over the seeds with bars from the smallest to the largest.

usage: plot_sweep.py TABLE.csv [TABLE.csv ...] --out FILE.png [--x KEY]... [--y COLUMN] [--title TEXT]...
       plot_sweep.py TABLE.csv [TABLE.csv ...] --table [--y COLUMN]     as text: mean, smallest, largest and number of seeds
                                                  of every point; * the best mean
       plot_sweep.py --check [--out FILE.png]     whether matplotlib (package python3-matplotlib) is there, and FILE can be
                                                  written
--x: the key on the x axis, once or once per table (default: the number that is varied most); NAME=NUMBER/KEY
plots NUMBER / KEY and calls it NAME. --y: accuracy (default), best, loss, cycles or pulses.
Exit code 0, or 2 with one line that says what is wrong.
"""
import argparse
import csv
import os
import re
import sys

RESULTS = ["seed", "accuracy", "best", "loss", "cycles", "pulses", "exit", "error", "folder"]
MARKERS = "osD^vP*X"


class Bad(Exception):
    pass


def pyplot():
    try:
        import matplotlib
    except ImportError:
        debian = "/usr/bin/python3"  # it has Debian's packages; another one may come first in PATH
        if os.path.realpath(sys.executable) != os.path.realpath(debian) and os.path.exists(debian):
            os.execv(debian, [debian, *sys.argv])
        raise Bad("matplotlib is missing (apt-get install python3-matplotlib)") from None
    matplotlib.use("Agg")
    from matplotlib import pyplot as plt
    return plt


def check_place(out):
    if not out.endswith(".png"):
        raise Bad(f"{out}: a name that ends in .png is expected")
    if os.path.lexists(out) and not os.path.isfile(out):
        raise Bad(f"{out}: only a regular file is replaced")
    folder = os.path.dirname(out) or "."
    if not os.access(folder, os.W_OK | os.X_OK):
        raise Bad(f"{out}: {'cannot write there' if os.path.isdir(folder) else 'no such folder'}")


def number(text):
    try:
        return float(text)
    except ValueError:
        return None


def read(path):
    try:
        with open(path, newline="", encoding="utf-8") as f:
            rows = list(csv.DictReader(f))
    except (OSError, UnicodeDecodeError, csv.Error) as x:
        raise Bad(f"{path}: {x}") from None
    keys = [k for k in (rows[0] if rows else []) if k not in RESULTS]
    if not rows or any(c not in rows[0] for c in RESULTS):
        raise Bad(f"{path}: not the table of a sweep")
    return keys, rows


def varied(keys, rows):
    return [k for k in keys if len({r[k] for r in rows}) > 1]


def choose_x(keys, rows, path):
    def count(*some):
        return len({tuple(r[k] for k in some) for r in rows})
    words = [k for k in varied(keys, rows) if any(number(r[k]) is None for r in rows)]
    numbers = [k for k in varied(keys, rows) if k not in words and not any(count(w, k) == count(w) for w in words)]
    if not numbers:
        raise Bad(f"{path}: no number is varied by itself: say what goes on the x axis (--x KEY)")
    return max(reversed(numbers), key=count)


def axis(given, keys, rows, path):
    """Name of the axis, key, and the number that a row has there."""
    name, key, over = given, given, None
    m = re.fullmatch(r"([^=]+)=([0-9.eE+-]+)/(.+)", given or "")
    if m:
        name, over, key = m[1], number(m[2]), m[3]
    if key is None:
        name = key = choose_x(keys, rows, path)
    if key not in keys:
        raise Bad(f"{path}: '{key}' is not varied; there are {', '.join(keys)}")
    def at(row):
        v = number(row[key])
        return v if v is None or over is None else over / v
    return name, key, at


def line_keys(keys, rows, x):
    """The fewest keys that tell the lines apart: none that another one, or the x axis, decides."""
    chosen, groups = [], len({r[x] for r in rows})
    for k in varied(keys, rows):
        more = len({(r[x], *(r[c] for c in chosen), r[k]) for r in rows})
        if more > groups:
            chosen.append(k)
            groups = more
    return chosen


def joint(keys):
    """Keys that are varied together: a line each, planes in one."""
    planes = {}
    for k in keys:
        first, *plane, last = k.split(".")
        planes.setdefault((first, last), []).extend(plane)
    return "\n".join(f"{first}.{{{','.join(sorted(p))}}}.{last}" if len(p) > 1 else ".".join([first, *p, last])
                     for (first, last), p in planes.items())


def draw(ax, path, given, y):
    keys, rows = read(path)
    name, x, at = axis(given, keys, rows, path)
    by = line_keys(keys, rows, x)
    done = [r for r in rows if r["exit"] == "0" and number(r[y]) is not None]
    if not done:
        raise Bad(f"{path}: no point is finished")
    words = sorted({r[x] for r in done}) if any(at(r) is None for r in done) else None
    scale = 100 if y in ("accuracy", "best") else 1
    lines = {}
    for r in done:
        place = words.index(r[x]) if words else at(r)
        lines.setdefault(tuple(r[k] for k in by), {}).setdefault(place, []).append(scale * number(r[y]))
    for k, (which, points) in enumerate(lines.items()):
        xs = sorted(points)
        mean = [sum(points[p]) / len(points[p]) for p in xs]
        low = [m - min(points[p]) for m, p in zip(mean, xs)]
        high = [max(points[p]) - m for m, p in zip(mean, xs)]
        label = ", ".join(f"{key.split('.')[-1]} {v}" if key != "algorithm.name" else v for key, v in zip(by, which))
        ax.errorbar(xs, mean, yerr=[low, high], marker=MARKERS[k % len(MARKERS)], markersize=4, capsize=3,
                    linewidth=1.4, label=label)
    every = sorted({p for points in lines.values() for p in points})
    if words:
        ax.set_xticks(range(len(words)), words)
    elif every[0] > 0 and every[-1] / every[0] >= 20:
        ax.set_xscale("log")
    same = [k for k in varied(keys, rows) if k != x and k not in by and all(r[k] == r[x] for r in rows)]
    ax.set_xlabel(joint([name, *same]) if name == x else name)
    ax.grid(alpha=0.3)
    if by:
        ax.legend(fontsize="small")
    if len(done) < len(rows):
        ax.text(0.98, 0.02, f"{len(rows) - len(done)} of {len(rows)} points are missing", transform=ax.transAxes,
                ha="right", fontsize="small")


def print_table(path, y):
    keys, rows = read(path)
    by, scale, points = varied(keys, rows), 100 if y in ("accuracy", "best") else 1, {}
    for r in rows:
        points.setdefault(tuple(r[k] for k in by), []).extend([scale * number(r[y])] if number(r[y]) is not None else [])
    mean = {p: sum(v) / len(v) for p, v in points.items() if v}
    best = (min if y == "loss" else max)(mean, key=mean.get, default=None)
    lines = [[*by, y, "smallest", "largest", "seeds", ""]]
    for p, v in points.items():
        figures = [f"{x:.6g}" if scale == 1 else f"{x:.2f}" for x in (mean[p], min(v), max(v))] if v else ["-"] * 3
        lines.append([*p, *figures, str(len(v)), "*" * (p == best)])
    widths = [max(map(len, column)) for column in zip(*lines)]
    for row in lines:
        print("  ".join(map(str.rjust, row, widths)).rstrip())


def main(argv):
    parser = argparse.ArgumentParser(add_help=False)
    parser.add_argument("tables", nargs="*")
    parser.add_argument("--out")
    parser.add_argument("--x", action="append", default=[])
    parser.add_argument("--y", default="accuracy", choices=RESULTS[1:6])
    parser.add_argument("--title", action="append", default=[])
    parser.add_argument("--table", action="store_true")
    parser.add_argument("--check", action="store_true")
    parser.add_argument("-h", "--help", action="store_true")
    a = parser.parse_args(argv)
    if a.help:
        print(__doc__)
        return
    if a.table:
        if not a.tables or a.out:
            raise Bad("--table: TABLE.csv is needed, and no --out (--help)")
        for table in a.tables:
            print_table(table, a.y)
        return
    plt = pyplot()
    if a.out:
        check_place(a.out)
    if a.check:
        return
    if not a.tables or not a.out:
        raise Bad("TABLE.csv and --out FILE.png are needed (--help)")
    n = len(a.tables)
    if len(a.x) not in (0, 1, n):
        raise Bad(f"--x: {len(a.x)} keys for {n} tables")
    fig, panels = plt.subplots(1, n, figsize=(1.2 + 3.8 * n, 3.6), sharey=True, squeeze=False)
    for k, (ax, table) in enumerate(zip(panels[0], a.tables)):
        draw(ax, table, a.x[k % len(a.x)] if a.x else None, a.y)
        if k < len(a.title):
            ax.set_title(a.title[k], fontsize="medium")
    panels[0][0].set_ylabel({"accuracy": "accuracy, %", "best": "best accuracy, %"}.get(a.y, a.y))
    fig.tight_layout()
    aside = f"{a.out}.tmp.png"
    try:
        fig.savefig(aside, dpi=110, metadata={"Software": None})
        os.replace(aside, a.out)
    except OSError as x:
        raise Bad(f"{a.out}: {x.strerror}") from None


if __name__ == "__main__":
    try:
        main(sys.argv[1:])
    except Bad as x:
        print(f"plot_sweep.py: {x}", file=sys.stderr)
        sys.exit(2)
