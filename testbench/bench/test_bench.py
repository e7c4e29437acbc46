#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""scripts/bench/bench.py without aihwkit: what it refuses, what it makes of the outputs of both sides, its table and its history;
the order of samples against the program's own.

usage: test_bench.py SAMPLE_ORDER     (the program made of order.c)
Prints `N passed, M failed`; exit code 0 or 1.
"""
import pathlib
import subprocess
import sys
import tempfile

if {"-h", "--help"} & set(sys.argv[1:]):
    sys.exit(print(__doc__.strip()))

BENCH = pathlib.Path(__file__).resolve().parent.parent.parent / "scripts/bench"
sys.dont_write_bytecode = True
sys.path.insert(0, str(BENCH))
import bench
import samples

passed = failed = 0


def check(ok, what):
    global passed, failed
    passed, failed = passed + bool(ok), failed + (not ok)
    if not ok:
        print(f"FAILED: {what}")


def refused(what, function, *words, code=None):
    """It ends with a message that has these words."""
    try:
        function()
    except bench.Failed as failure:
        check(all(w in str(failure) for w in words) and code in (None, failure.code), f"{what}: {failure}")
    else:
        check(False, f"{what} is not refused")


def ends(code, words, *options):
    done = subprocess.run([BENCH / "bench.py", *map(str, options)], capture_output=True, text=True, stdin=subprocess.DEVNULL)
    check(done.returncode == code and words in done.stderr and not done.stdout, f"{options}: {done.returncode} {done.stderr}")


def measured(rate, pulses=1.0, accuracy=0.9, others=0.0, share=1.0, **more):
    return dict(rate=rate, pulses=pulses, accuracy=accuracy, others=others, share=share, busy=bench.is_busy(others, share), **more)


def orders(program):
    for seed, epoch, count in ((1, 0, 1000), (7, 3, 257), (2 ** 63 - 1, 1, 2), (5, 0, 1)):
        theirs = subprocess.run([program, str(seed), str(epoch), str(count)], capture_output=True, text=True).stdout.split()
        check(theirs == [str(i) for i in samples.order(seed, epoch, count)], f"order of seed {seed}, epoch {epoch}, {count} samples")


def options(work):
    ends(2, "--data")
    ends(2, "--bogus", "--data", work, "--bogus")
    ends(2, "--samples is at least 2", "--data", work, "--samples", 1)
    ends(2, "--history keeps no sizes", "--data", work, "--history", "--sizes", "512")
    ends(2, "--history keeps no sizes, no threads", "--data", work, "--history", "--threads", 2)
    ends(2, "--threads is 2 or more", "--data", work, "--threads", 1)
    ends(2, "goes without --sizes", "--data", work, "--threads", 2, "--sizes", "512")
    ends(2, "invalid numbers value", "--data", work, "--sizes", "512,x")
    ends(2, "--rounds is at least 1", "--data", work, "--rounds", 0)
    ends(2, "--minutes is at least 0.1", "--data", work, "--minutes", 0)
    ends(2, "--batches", "--data", work, "--batches", "8,0")
    ends(2, "not busy", "--data", work, "--history", "--busy")
    ends(2, "at least 3 rounds", "--data", work, "--history", "--rounds", 2)
    ends(2, "is not there", "--data", work / "nowhere", "--no-peer")
    (work / "train-images-idx3-ubyte").touch()
    ends(2, "setup_peer.sh", "--data", work, "--venv", work / "nothing")
    ends(2, "--engines rtl", "--data", work, "--no-peer", "--engines", "rtl")
    ends(2, "--engines ref,abacus", "--data", work, "--no-peer", "--engines", "ref,abacus")


def busy_machine():
    """Two counts of /proc/stat: all kinds of work of others are seen, waiting is not."""
    idle = "cpu  100 0 50 9000 70 0 0 0 0 0\ncpu0 ...\n"
    check(abs(bench.busy_seconds(idle) * bench.os.sysconf("SC_CLK_TCK") - 150) < 1e-9, "busy seconds: user and system")
    check(abs(bench.busy_seconds("cpu  1 2 4 8 16 32 64 128 0 0\n") * bench.os.sysconf("SC_CLK_TCK") - 231) < 1e-9, "busy seconds: all kinds")
    check(not bench.is_busy(0.05, 0.99) and bench.is_busy(0.2, 0.99) and bench.is_busy(0.0, 0.9), "what is busy")
    spinner = subprocess.Popen([sys.executable, "-c", "while True: pass"])
    refused("a busy machine", lambda: bench.look_around(False), "busy", "--busy")
    bench.look_around(True)
    spinner.kill()
    spinner.wait()
    tried = []
    refused("a row that is always disturbed", lambda: bench.calm("a row", lambda: tried.append(1) or measured(1, others=1.0), False), "a row",
            "1.00 cores", code=1)
    check(len(tried) == bench.TRIES, "tries")
    check(bench.calm("a row", lambda: measured(1, others=1.0), True)["busy"], "marked where it is allowed")
    results = iter([measured(1, share=0.5), measured(2)])
    check(bench.calm("a row", lambda: next(results), False)["rate"] == 2, "a disturbed row is measured again")


def both_sides(work):
    text = "test_accuracy: 0.718100\ntraining:\n  OPS: 16000\n  PULSES: 66723718\nsetup_cycles: 2\n"
    check(bench.summary(text) == (66723718, 0.7181), "a summary")
    refused("a summary without pulses", lambda: bench.summary("test_accuracy: 0.7\n"), "no pulses")
    result = ('{"samples": 1000, "cpu": 0.5, "wall": 0.51, "pulses": 21791.4, "pulses_transfer": 0.0, "accuracy": 0.7339, '
              '"aihwkit": "1.1.0", "torch": "2"}')
    keep = bench.train
    bench.train = lambda *words, **more: None  # the initial weights need data
    try:
        for output, code, good in ((f"a warning\n{result}", 0, True), ("", 0, False), ("[]", 0, False), (result[:-20], 0, False),
                                   (result, 1, False)):
            python = work / "python"
            python.write_text(f"#!/bin/sh\ncat <<'E'\n{output}\nE\nexit {code}\n")
            python.chmod(0o755)
            one = lambda: bench.peer(python, [], work, 1, 1000, 8)
            if good:
                m = one()
                check((m["rate"], m["pulses"], m["accuracy"], m["versions"]) == (2000, 21791.4, 0.7339, "aihwkit 1.1.0, torch 2"), f"{m}")
            else:
                refused(f"a peer that says {output!r} with code {code}", one, "aihwkit_peer.py")
    finally:
        bench.train = keep
    group = bench.COMPARED[0][0]
    results = {(group, "ref"): [measured(9, 5, 0.8)], (group, "rtl"): [measured(1, 5, 0.1)]}
    bench.same_bits(results)
    check(results[group, "rtl"][0]["accuracy"] == 0.8, "rtl has the accuracy of ref")
    results[group, "rtl"][0]["pulses"] = 6
    refused("rtl with other pulses", lambda: bench.same_bits(results), "6 pulses")


def tables():
    group = bench.COMPARED[0][0]
    results = {(group, "ref"): [measured(r) for r in (1000, 1200, 1100)],
               (group, "aihwkit, batch 1"): [measured(r, 2, 0.90) for r in (100, 110, 120)],
               (group, "aihwkit, batch 8"): [measured(r, 2, 0.89) for r in (200, 220, 240)],
               (group, "aihwkit, batch 32"): [measured(r, 2, 0.5) for r in (400, 400, 400)],
               ("784-128-10", "ref"): [measured(100)], ("784-128-10", "lockstep"): [measured(10, share=0.1)]}
    lines = bench.table(results, 500)
    row = next(l for l in lines if l.startswith("aihwkit, batch 8"))
    check(row.split()[3:] == "220 (200, 240) 2 (2, 2) 89.00 (89.00, 89.00) 5.0x".split(), row)
    best = next(l for l in lines if l.startswith("ref is"))
    check("10.0 times aihwkit at batch 1, 5.0 times at batch 8," in best and best.endswith("batch 32 does not"), best)
    row = next(l for l in lines if l.startswith("lockstep"))
    check("0.100 of ref" in row and row.endswith("BUSY") and not any("BUSY" in l for l in lines if l != row), row)
    names = [f[0] for f in bench.figures(results, 500)]
    check(len(names) == len(set(names)) == 4 * 3 + 2, f"figures {names}")


def histories(work):
    path = work / "history.tsv"
    figure = lambda name, *values: (name, 500, *values)
    append = lambda *figures: bench.append_history(path, figures, "abc", "2026-01-01")
    check(append(figure("a", 2, 1, 3), figure("b", 5, 5, 5)) == 2, "two new figures")
    before = path.read_text()
    check(append(figure("a", 3, 2.5, 4), figure("b", 5, 5, 5)) == 0 and path.read_text() == before, "spreads that meet are no change")
    check(append(figure("a", 4, 3.5, 4), figure("b", 5, 5, 5)) == 1, "a spread apart from the last one is")
    check(append(figure("a", 2, 1, 3)) == 1, "the last line counts, not an earlier one")
    check(append(("a", 400, 2, 1, 3)) == 1, "other samples are another figure")
    lines = path.read_text().splitlines()
    check(len(lines) == 6 and lines[0].split("\t") == bench.HISTORY and lines[-1].split("\t")[:7] == "a 400 2 1 3 abc 2026-01-01".split(),
          f"lines {lines}")
    path.write_text("figure\tmedian\na\t1\n")
    refused("a history with other columns", lambda: append(figure("a", 2, 1, 3)), "columns", code=2)


def main():
    orders(sys.argv[1])
    with tempfile.TemporaryDirectory() as folder:
        for part in (options, both_sides, histories):
            part(pathlib.Path(folder))
    busy_machine()
    tables()
    print(f"{passed} passed, {failed} failed")
    return failed != 0


if __name__ == "__main__":
    sys.exit(main())
