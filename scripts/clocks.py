#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Where the clocks of a training sample go: the rules of rtl/SPEC.md ("Clocks of a host that never waits") for a network of
one tile per layer whose operations have fixed lengths, and a host that gives FORWARD, BACKWARD and UPDATE in the order of
`crosstrain train`.

usage: clocks.py [--bits B] [--read CYCLES] [--update CYCLES] [--others CYCLES] [--through] LAYERS    (784-256-128-10)
--bits: width of the streams, a multiple of 32 (128); --read, --update, --others: cycles of FORWARD and BACKWARD (77), of the
first layer's UPDATE (183), of those above (150). --through: what it would be if a packet's codes followed those of the answer
that they are made of beat by beat (they do not: the host needs an answer whole).

Prints the clocks per sample, and of every operation that others wait for: load (its packet, from the cycle after the answer
that it needs), wait (until START), array, answer (from END to the last word). Exit code: 0; 2 usage.
"""
import argparse
import re
import sys

SAMPLES = 40  # the last ones are in step


def packets(sizes, words, cycles):
    """Of all samples, in the host's order: tile, name, beats in and out, cycles, number of the packet that it needs."""
    read, update, others = cycles
    shapes = list(zip([n + 1 for n in sizes], sizes[1:]))  # a row for the bias

    def beats(codes, per_word):
        return -(-codes // (per_word * words))
    out = []
    for _ in range(SAMPLES):
        need = None
        for t, (n, m) in enumerate(shapes):
            out.append({"tile": t, "op": "FORWARD", "in": 1 + beats(n, 4), "out": 1 + beats(m, 2), "cycles": read, "need": need})
            need = len(out) - 1
        for t in range(len(shapes) - 1, -1, -1):
            n, m = shapes[t]
            d = {"tile": t, "in": 1 + beats(m, 4), "need": need}
            if t > 0:
                out.append({**d, "op": "BACKWARD", "out": 1 + beats(n, 2), "cycles": read})
                need = len(out) - 1
            out.append({**d, "op": "UPDATE", "out": 1, "cycles": others if t else update})
    return out


def clocks(all_packets, through):
    """Adds to every packet when it may begin, its last word is with the tile, START, END, and the last word of its answer."""
    waiting, before, turn, free = [], {}, 0, 0
    b1 = t1 = t2 = -1

    def answered(p):
        nonlocal turn, free
        while "answered" not in p:
            free = max(free, min(at for at, _ in waiting))
            at, q = min((w for w in waiting if w[0] <= free), key=lambda w: ((w[1]["tile"] - turn) % 16, w[0]))
            waiting.remove((at, q))
            q["answered"] = free = free + q["out"]
            turn = (q["tile"] + 1) % 16
        return p["answered"]
    for p in all_packets:
        mine = before.setdefault(p["tile"], [])
        p["from"] = 0
        if p["need"] is not None:
            needed = all_packets[p["need"]]
            p["from"] = answered(needed) + 1 - (min(p["in"], needed["out"]) - 1 if through else 0)
        if len(mine) >= 3:  # credits
            p["from"] = max(p["from"], answered(mine[-3]) + 1)
        for k in range(p["in"]):
            b1 = max(p["from"], b1 + 1, t2 + 1)
            t1, t2 = max(b1 + 1, t1 + 1, mine[-1]["start"] + 1 if k == 0 and mine else 0), t1
        p["loaded"] = t1
        p["start"] = max(t1 + 1, mine[-1]["put"] if mine else 0) + 1
        p["end"] = p["start"] + p["cycles"] - 1
        p["put"] = max(p["end"], answered(mine[-1]) + 1 if mine else 0)
        mine.append(p)
        waiting.append((p["put"] + 1, p))
    answered(all_packets[-1])


def main():
    parser = argparse.ArgumentParser(prog="clocks.py", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--bits", type=int, default=128)
    parser.add_argument("--read", type=int, default=77)
    parser.add_argument("--update", type=int, default=183)
    parser.add_argument("--others", type=int, default=150)
    parser.add_argument("--through", action="store_true")
    parser.add_argument("layers", metavar="LAYERS")
    a = parser.parse_args()
    if not re.fullmatch(r"[1-9]\d*(-[1-9]\d*){1,16}", a.layers):
        parser.error(f"{a.layers}: numbers of units with - between them are wanted, as 784-128-10")
    if a.bits < 32 or a.bits % 32 or min(a.read, a.update, a.others) < 2:
        parser.error("--bits is a multiple of 32, cycles are 2 or more")
    sizes = [int(n) for n in a.layers.split("-")]
    sent = packets(sizes, a.bits // 32, (a.read, a.update, a.others))
    clocks(sent, a.through)
    per = len(sent) // SAMPLES
    sample = sent[-2 * per:-per]
    path, p = [], sample[-1]
    while p["need"] is not None:
        path.insert(0, p)
        p = sent[p["need"]]
    path.insert(0, p)
    after = sent[-per]["start"] - p["start"]  # of the next sample's first operation
    chain = sum(q["cycles"] for q in path)
    print(f"{a.layers}, {a.bits} bits: {after} clocks per sample, {chain} of the chain, {after / chain:.2f} times")
    print(f"{'operation':<14}{'load':>6}{'wait':>6}{'array':>7}{'answer':>8}")
    rows = []
    for k, q in enumerate(path):
        begin = q["from"] if k else q["start"]  # the first one's packet comes while the last UPDATE runs
        end = path[k + 1]["from"] if k + 1 < len(path) else p["start"] + after
        load = max(q["loaded"] - begin + 1, 0) if k else 0
        rows.append((load, q["start"] - begin - load, q["cycles"], end - q["end"] - 1))
        print(f"{q['op']} {q['tile'] + 1:<{13 - len(q['op'])}}" + "{:>6}{:>6}{:>7}{:>8}".format(*rows[-1]))
    print(f"{'sum':<14}" + "{:>6}{:>6}{:>7}{:>8}".format(*(sum(c) for c in zip(*rows))))


if __name__ == "__main__":
    sys.exit(main())
