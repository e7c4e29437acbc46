#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Sweeps through the command line: the same table whoever ran which point, when, and however often it was interrupted.

usage: sweep.py CROSSTRAIN [PART ...]     PART: a function of this file; default all
Without mpirun (package openmpi-bin), or without the module beside the program, the part about MPI is left out; without
matplotlib that about plots.
"""
import csv
import filecmp
import os
import pathlib
import pty
import random
import re
import select
import shutil
import signal
import subprocess
import sys
import tempfile
import time

if __name__ == "__main__" and {"-h", "--help"} & set(sys.argv[1:]):
    sys.exit(print(__doc__.strip()))

PROGRAM = os.path.abspath(sys.argv[1])
PLOT = pathlib.Path(__file__).resolve().parents[2] / "scripts" / "plot_sweep.py"
ENV = {**{k: v for k, v in os.environ.items() if not k.startswith(("OMPI_", "PMI", "SLURM_", "XT_DATA"))},
       "OMPI_ALLOW_RUN_AS_ROOT": "1", "OMPI_ALLOW_RUN_AS_ROOT_CONFIRM": "1", "OMPI_MCA_rmaps_base_oversubscribe": "1"}
passed = failed = 0

BASE = """data: {kind: digits, train_samples: 200, test_samples: 60, size: 8}
network: {hidden: [6]}
tile: {out_noise: 0.02}
run: {epochs: 2, log_every: 100, checkpoint_every: 60}
"""
SWEEP = """base: base.yaml
list:
  - {algorithm.name: shd, algorithm.fast_lr: 0.064, algorithm.transfer_lr: [0.1, 0.2]}
  - {algorithm.name: sgd, algorithm.lr: 2e-2}
grid:
  device.A.up_down, device.C.up_down: [0, 0.1]
  device.C.dw_min_dtod: [0, 0.3]
seeds: [1, 9223372036854775807]
"""
HEADER = ("algorithm.name,algorithm.fast_lr,algorithm.transfer_lr,algorithm.lr,device.A.up_down,device.C.up_down,"
          "device.C.dw_min_dtod,seed,accuracy,best,loss,cycles,pulses,exit,error,folder")


def check(good, what):
    global passed, failed
    passed, failed = passed + bool(good), failed + (not good)
    if not good:
        print(f"FAILED: {what}")
    return good


def run(*args, env=None, **more):
    return subprocess.run([str(a) for a in args], capture_output=True, text=True, timeout=250, env=env or ENV,
                          cwd=folder, check=False, **more)


def sweep(*args):
    return run(PROGRAM, "sweep", *args)


def start(*args):
    return subprocess.Popen([str(a) for a in args], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=ENV,
                            cwd=folder, start_new_session=True)


def write(name, text):
    (folder / name).write_text(text)


def rows(out):
    with open(folder / out / "sweep.csv", newline="") as f:
        return list(csv.DictReader(f))


def finished(out):
    try:
        return sum(r["exit"] == "0" for r in rows(out))
    except OSError:
        return 0


def begun(out):
    """Run folders with a checkpoint: more of them than rows while points are at work."""
    return len(list((folder / out).glob("*/checkpoint.h5")))


def until(condition, seconds=120):
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            return False
        time.sleep(0.005)
    return True


def same_table(out, what):
    table = (folder / out / "sweep.csv").read_bytes()
    other = [f"{a} for {b}" for a, b in zip(table.splitlines(), whole.splitlines()) if a != b]
    return check(table == whole, f"{what}: another table: {other[:1]}")


def refused(words, *args, code=2):
    r = sweep(*args)
    lines = r.stderr.splitlines()
    check(r.returncode == code and len(lines) == 1 and words in lines[0],
          f"{args}: exit code {r.returncode} for {code}, '{r.stderr}' for '{words}'")


def children(pid):
    found = []
    for task in pathlib.Path(f"/proc/{pid}/task").glob("*/children"):
        try:
            found += [int(p) for p in task.read_text().split()]
        except OSError:
            pass  # it has ended
    return found


def alive(pid):
    """It runs: one that nobody has waited for does not."""
    try:
        with open(f"/proc/{pid}/stat", encoding="ascii") as f:
            return f.read().rpartition(") ")[2][0] not in "ZX"
    except OSError:
        return False


# ---- one machine

def a_sweep():
    global whole
    write("base.yaml", BASE)
    write("s.yaml", SWEEP)
    r = sweep("s.yaml", "--out", "one", "-j", "1")
    check(r.returncode == 0 and "16 points, 0 failed" in r.stdout, f"a sweep: {r.returncode} {r.stderr}")
    whole = (folder / "one" / "sweep.csv").read_bytes()
    check(whole.decode().splitlines()[0] == HEADER, "the header")
    table = rows("one")
    check(len(table) == 16 and all(r["exit"] == "0" and r["error"] == "" for r in table), "sixteen rows")
    check([r["seed"] for r in table[:2]] == ["1", "9223372036854775807"], "seeds vary fastest, and exactly")
    check(table[0]["algorithm.transfer_lr"] == "[0.1, 0.2]" and table[8]["algorithm.lr"] == "0.02", "values of lists")
    check(all(r["device.A.up_down"] == r["device.C.up_down"] for r in table), "joint keys")
    check(len({r["folder"] for r in table}) == 16, "a folder each")
    random.seed(int(os.environ.get("XT_TEST_SEED", "1")))
    for r in random.sample(table, 3):  # what `train` makes of the same keys
        keys = [f"--set={k}={r[k]}" for k in HEADER.split(",")[:8]]
        t = run(PROGRAM, "train", "base.yaml", "-q", "--out", f"train-{r['folder']}", *keys)
        here, there = folder / f"train-{r['folder']}", folder / "one" / r["folder"]
        equal = all(filecmp.cmp(here / n, there / n, shallow=False)
                    for n in ("checkpoint.h5", "metrics.csv", "summary.yaml"))
        check(t.returncode == 0 and equal, f"{r['folder']}: train makes another run: {t.stderr}")
        summary = (here / "summary.yaml").read_text()
        for name, column in (("\ntest_accuracy", "accuracy"), ("best_test_accuracy", "best"), ("CYCLES", "cycles"),
                             ("PULSES", "pulses")):
            check(f"{name}: {r[column]}\n" in summary, f"column {column}")
        loss = (here / "metrics.csv").read_text().splitlines()[-1].split(",")[2]
        check(loss == r["loss"], "column loss")
    again = sweep("s.yaml", "--out", "one")
    check(again.returncode == 0 and again.stdout.count("\n") == 1, "nothing left to do")
    same_table("one", "nothing left to do")
    check(sweep("s.yaml", "--out", "two", "-j", "2", "-q").returncode == 0, "two at a time")
    same_table("two", "two at a time")


def validation():
    """Columns accuracy and best are of the validation where there is one."""
    write("v.yaml", "base: base.yaml\ngrid:\n  data.validation: [0, 0.25]\n")
    check(sweep("v.yaml", "--out", "v", "-q").returncode == 0, "a sweep with a validation")
    table = rows("v")
    for r, held, n in zip(table, ("test", "validation"), (60, 50)):
        summary = (folder / "v" / r["folder"] / "summary.yaml").read_text()
        check(f"\n{held}_accuracy: {r['accuracy']}\nbest_{held}_accuracy: {r['best']}\n{held}_samples: {n}\n" in summary,
              f"validation {r['data.validation']}: {r['accuracy']} in {summary}")


def grows():
    """A point keeps its folder, whatever stands around it, and is not run again."""
    write("more.yaml", SWEEP.replace("[0, 0.3]", "[0.6, 0.3, 0]"))
    before = {p: p.stat().st_mtime_ns for p in (folder / "two").glob("*/checkpoint.h5")}
    check(sweep("more.yaml", "--out", "two", "-q").returncode == 0, "more points")
    check(len(rows("two")) == 24 and finished("two") == 24, "more points: rows")
    check(all(p.stat().st_mtime_ns == t for p, t in before.items()), "more points: finished ones are not run again")


def interrupted():
    """Ctrl-C, SIGTERM, SIGKILL at any time; the same command goes on."""
    for sig, code in ((signal.SIGINT, 130), (signal.SIGTERM, 143), (signal.SIGKILL, -9)):
        out = f"sig{sig.value}"
        p = start(PROGRAM, "sweep", "s.yaml", "--out", out, "-j", "2")
        check(until(lambda: begun(out) >= 4), "it begins")
        kids = children(p.pid)
        if sig == signal.SIGINT:
            os.killpg(p.pid, sig)  # as a terminal does
        else:
            p.send_signal(sig)
        _, err = p.communicate(timeout=60)
        check(p.returncode == code, f"{sig.name}: exit code {p.returncode} for {code}: {err}")
        if sig != signal.SIGKILL:
            check("the same command goes on" in err and err.count("\n") == 1, f"{sig.name}: '{err}'")
            check(0 < sum(r["exit"] == "" for r in rows(out)) < 16, f"{sig.name}: rows of both kinds")
        check(until(lambda kids=kids: not any(map(alive, kids)), 60),
              f"{sig.name}: its runs ended with it")
        r = sweep("s.yaml", "--out", out, "-j", "2")
        check(r.returncode == 0 and "points are finished" in r.stdout or sig == signal.SIGKILL, f"{sig.name}: it goes on")
        same_table(out, sig.name)


def orphan():
    """A line with the time left, on a terminal; and a point does not outlive its sweep: it stops."""
    write("long.yaml", "base: base.yaml\nlist: [{run.epochs: 1000}]\n")
    master, terminal = pty.openpty()
    p = subprocess.Popen([PROGRAM, "sweep", "long.yaml", "--out", "long"], stdout=terminal, cwd=folder, env=ENV)
    os.close(terminal)
    shown = ""
    while not re.search(r"\r0 of 1 points, 1 running  (?!0\.0)\d+\.\d %  \d+:\d\d:\d\d left\x1b\[K", shown):
        text = os.read(master, 4096).decode() if select.select([master], [], [], 60)[0] else ""
        shown += text
        if not text:
            break
    check(text, f"time left: {shown[-300:]!r}")
    kids = children(p.pid)
    p.kill()
    p.wait(timeout=60)
    os.close(master)
    check(kids and until(lambda: not any(map(alive, kids)), 60), "the run ends")
    check(not list((folder / "long").glob("*/summary.yaml")), "before its time")


def killed_point():
    """A point that is killed from outside is a row, and the next time it is run."""
    p = start(PROGRAM, "sweep", "s.yaml", "--out", "kill", "-j", "1")
    check(until(lambda: begun("kill") >= 2 and children(p.pid)), "it begins")
    kid = children(p.pid)
    if kid:
        os.kill(kid[0], signal.SIGKILL)
    _, err = p.communicate(timeout=60)
    bad = [r for r in rows("kill") if r["exit"] != "0"]
    check(p.returncode == 137 and len(bad) == 1 and bad[0]["exit"] == "137" and bad[0]["error"] == "killed by signal 9",
          f"a killed point: {p.returncode} {bad} {err}")
    check("1 of 16 points failed, the first is algorithm.name=" in err and err.count("\n") == 1, f"'{err}'")
    check(sweep("s.yaml", "--out", "kill").returncode == 0, "it is run again")
    same_table("kill", "after a killed point")


def failing_points():
    # found before anything runs
    write("bad.yaml", "base: base.yaml\ngrid: {device.C.w_max: [0.5, 1.5, 0.9], seed: [1, 2]}\n")
    refused("bad.yaml: 2 of 6 points cannot run (--keep-going runs the others; errors: bad/sweep.csv), the first is "
            "device.C.w_max=1.5 seed=1: device.C.w_max: 1.5 is beyond a full-scale state", "bad.yaml", "--out", "bad")
    check([r["exit"] for r in rows("bad")] == ["", "", "2", "2", "", ""], "error rows")
    check("full-scale" in rows("bad")[2]["error"] and rows("bad")[2]["device.C.w_max"] == "1.5", "their texts")
    check(not list((folder / "bad").glob("*/")), "nothing has run")
    r = sweep("bad.yaml", "--out", "bad", "--keep-going")
    check(r.returncode == 2 and "2 of 6 points failed" in r.stderr, f"--keep-going: {r.returncode} {r.stderr}")
    check([r["exit"] for r in rows("bad")] == ["0", "0", "2", "2", "0", "0"], "the others have run")
    write("bad.yaml", "base: base.yaml\ngrid: {algorithm.name: [sgd, adam], algorithm.lr: [[.1, .2, .3], 0.1]}\n")
    refused("3 of 4 points cannot run", "bad.yaml", "--out", "bad2")
    check("bad.yaml:2: algorithm.lr: 3 values" in rows("bad2")[0]["error"], "a point's error has its line")
    # only when it runs: a file where the folder should be
    write("few.yaml", "base: base.yaml\nseeds: [1, 2, 3]\n")
    sweep("few.yaml", "--out", "few")
    names = [r["folder"] for r in rows("few")]
    shutil.rmtree(folder / "few" / names[1])
    write(f"few/{names[1]}", "in the way")
    r = sweep("few.yaml", "--out", "few")
    check(r.returncode == 3 and "1 of 3 points failed, the first is seed=2: " in r.stderr, f"a point fails: {r.stderr}")
    check([r["exit"] for r in rows("few")] == ["0", "3", "0"], "its row")
    os.remove(folder / "few" / names[1])
    check(sweep("few.yaml", "--out", "few").returncode == 0 and finished("few") == 3, "run again")


def bad_files():
    table = [("", "a configuration is missing"), ("base: none.yaml\n", "none.yaml: No such file"),
             ("base: base.yaml\nbase: base.yaml\n", "x.yaml:2: base: key given twice"),
             ("base: [a]\n", "x.yaml:1: base: a single value is expected"), ("base: base.yaml\ngird: {}\n",
              "x.yaml:2: gird: unknown key; a sweep has base, out, list, grid, seeds"),
             ("base: base.yaml\ngrid:\n  device.C.dw: [1]\n", "x.yaml:3: device.C.dw: unknown key"),
             ("base: base.yaml\ngrid:\n  run.out: [a]\n", "x.yaml:3: run.out: every point has a folder of its own"),
             ("base: base.yaml\ngrid:\n  device.C.dw_min: 0.1\n", "x.yaml:3: device.C.dw_min: a list of values"),
             ("base: base.yaml\ngrid:\n  device.C.dw_min: []\n", "x.yaml:3: device.C.dw_min: no value"),
             ("base: base.yaml\ngrid:\n  device.C.dw_min:\n    - 0.1\n    - 7\n",
              "x.yaml:5: device.C.dw_min: 7 is out of range: 0 to 1 is allowed"),
             ("base: base.yaml\ngrid:\n  seed: [[1]]\n", "x.yaml:3: seed: single values are expected"),
             ("base: base.yaml\ngrid: [1]\n", "x.yaml:2: grid: keys are expected in it"),
             ("base: base.yaml\nlist: {seed: 1}\n", "x.yaml:2: list: a list of points is expected"),
             ("base: base.yaml\nlist: [1]\n", "x.yaml:2: list: keys are expected"),
             ("base: base.yaml\nlist: []\n", "x.yaml:2: list: no point in it"),
             ("base: base.yaml\nlist:\n  - {seed: 1, seed: 2}\n", "x.yaml:3: seed: key given twice"),
             ("base: base.yaml\nlist:\n  - {data.kind: foo}\n", "x.yaml:3: data.kind: 'foo' is not allowed"),
             ("base: base.yaml\nseeds: 3\n", "x.yaml:2: seeds: a list of values is expected"),
             ("base: base.yaml\nseeds: [1, -1]\n", "x.yaml:2: seed: -1 is out of range"),
             ("base: base.yaml\nseeds: [1]\ngrid: {seed: [2]}\n", "seed: varied in line"),
             ("base: base.yaml\nlist: [{run.epochs: 1}]\ngrid:\n  run.epochs: [2]\n",
              "x.yaml:4: run.epochs: varied in line 2 already"),
             ("base: base.yaml\nseeds: [1, 2, 1]\n", "x.yaml: points 1 and 3 are the same run: seed=1; seed=1"),
             ("base: base.yaml\nlist:\n  - {device.C.dw_min: 0.002}\n  - {device.C.dw_min: 2.0e-3}\n",
              "points 1 and 2 are the same run"), ("base: base.yaml\n---\nbase: base.yaml\n", "more than one YAML document"),
             ("base: &b base.yaml\nseeds: [*b]\n", "x.yaml:2: seed: single values are expected")]
    for text, words in table:
        write("x.yaml", text)
        refused(words, "x.yaml", "--out", "x")
    write("x.yaml", "base: base.yaml\nseeds: [1, 2]\n")
    refused("--set: seed: the sweep varies it (x.yaml:2)", "x.yaml", "--set", "seed=3")
    refused("no-such.yaml: No such file", "no-such.yaml")
    write("y.yaml", "base: broken.yaml\nseeds: [1]\n")
    write("broken.yaml", "run: {epochs: x}\n")
    refused("broken.yaml:1: run.epochs: 'x' is not an integer", "y.yaml", "--out", "y")


def options():
    """--set is for every point; paths start at the sweep file; out: of the file."""
    os.makedirs(folder / "sub", exist_ok=True)
    write("sub/t.yaml", "base: ../base.yaml\nout: chosen\nseeds: [5]\n")
    r = sweep("sub/t.yaml", "--set", "run.epochs=1", "--set", "network.hidden=[4, 5]", "-q")
    names = [r["folder"] for r in rows("chosen")] if check(r.returncode == 0, f"options: {r.stderr}") else []
    text = (folder / "chosen" / names[0] / "config.yaml").read_text() if names else ""
    check("hidden: [4, 5]" in text and "epochs: 1\n" in text and "seed: 5\n" in text, "--set for every point")
    # what is no table stays
    os.makedirs(folder / "pipe")
    os.mkfifo(folder / "pipe" / "sweep.csv")
    refused("pipe/sweep.csv: only a regular file is replaced", "s.yaml", "--out", "pipe", code=3)
    os.remove(folder / "pipe" / "sweep.csv")
    write("pipe/base.yaml", BASE)
    write("pipe/sweep.csv", SWEEP)
    refused("pipe/sweep.csv: is the sweep file", "pipe/sweep.csv", "--out", "pipe")
    r = sweep("s.yaml", "--out", "pipe2", "--plot=s.yaml")
    check(r.returncode == 4 and (folder / "s.yaml").read_text() == SWEEP, f"--plot onto the sweep: {r.stderr}")
    check(not (folder / "pipe2").exists(), "nothing has run")
    # one at a time
    p = start(PROGRAM, "sweep", "s.yaml", "--out", "busy", "-j", "1")
    check(until(lambda: begun("busy") >= 1), "it begins")
    refused("busy: a run writes into this folder", "s.yaml", "--out", "busy", code=3)
    p.send_signal(signal.SIGTERM)
    check(p.wait(timeout=60) == 143, "the first goes on unharmed")
    check(not (folder / "busy" / ".lock").exists(), "no lock stays behind")


def examples():
    """The sweeps of testbench/configs: every point can run."""
    files = sorted((PLOT.parents[1] / "testbench" / "configs" / "sweeps").glob("*.yaml"))
    check(len(files) > 2, "there are examples")
    for f in files:
        if f.name != "base.yaml":
            r = sweep(f, "--set", "data.kind=digits", "--out", f"example-{f.stem}", "--check")  # no data set needed
            check(r.returncode == 0 and "0 of them finished" in r.stdout, f"{f.name}: {r.stderr}")
            check(all(r["exit"] == "" for r in rows(f"example-{f.stem}")), f"{f.name}: nothing has run")


def text_table():
    """plot_sweep.py --table: seeds put together."""
    (folder / "t.csv").write_text("algorithm.lr,tile.cell,seed,accuracy,best,loss,cycles,pulses,exit,error,folder\n"
                                  "0.1,half,1,0.5,0.6,2,1,1,0,,a\n0.1,half,2,0.7,0.8,3,1,1,0,,b\n"
                                  "0.2,half,1,0.9,0.9,4,1,1,0,,c\n0.2,half,2,,,,,,3,bad,d\n0.3,half,1,,,,,,,,e\n")
    want = [["algorithm.lr", "accuracy", "smallest", "largest", "seeds"], ["0.1", "60.00", "50.00", "70.00", "2"],
            ["0.2", "90.00", "90.00", "90.00", "1", "*"], ["0.3", "-", "-", "-", "0"]]
    r = run(PLOT, "t.csv", "--table")
    check(r.returncode == 0 and [line.split() for line in r.stdout.splitlines()] == want, f"--table: {r.stdout}{r.stderr}")
    r = run(PLOT, "t.csv", "--table", "--y", "loss")
    check("2.5 2 3 2 *" in " ".join(r.stdout.splitlines()[1].split()), f"--table --y loss: {r.stdout}")
    for args in (("--table",), ("t.csv", "--table", "--out", "x.png")):
        r = run(PLOT, *args)
        check(r.returncode == 2 and r.stderr.count("\n") == 1 and "--table" in r.stderr, f"{args}: {r.stderr}")


def plots():
    if run(PLOT, "--check").returncode:
        print("without matplotlib (apt-get install python3-matplotlib): plots not tested")
        return
    r = sweep("s.yaml", "--out", "one", "--plot", "-q")
    picture = folder / "one" / "sweep.png"
    check(r.returncode == 0 and picture.exists() and picture.read_bytes()[:4] == b"\x89PNG", f"--plot: {r.stderr}")
    r = sweep("s.yaml", "--out", "one", "--plot=two.png", "-q")
    check(r.returncode == 0 and (folder / "two.png").exists(), "--plot=FILE")
    table = folder / "one" / "sweep.csv"
    r = run(PLOT, table, table, "--out", "3.png", "--x", "device.C.dw_min_dtod", "--x", "n=1/algorithm.fast_lr", "--y",
            "loss")
    check(r.returncode == 0 and (folder / "3.png").exists(), f"two panels: {r.stderr}")
    for args, words in (((table, "--out", "4.png", "--x", "foo"), "'foo' is not varied"),
                        (("base.yaml", "--out", "4.png"), "not the table of a sweep"),
                        ((table, "--out", "nowhere/4.png"), "nowhere/4.png: no such folder"),
                        ((table, "--out", "4.jpg"), "4.jpg: a name that ends in .png"),
                        ((table, "--out", "folder.png"), "folder.png: only a regular file is replaced")):
        os.makedirs(folder / "folder.png", exist_ok=True)
        r = run(PLOT, *args)
        check(r.returncode == 2 and words in r.stderr and r.stderr.count("\n") == 1, f"{args}: '{r.stderr}'")


# ---- several processes

def mpirun(*args):
    return start("mpirun", *args)


def ranks(p):
    """The processes of mpirun, first one first; none until all are there."""
    def rank(pid):
        with open(f"/proc/{pid}/environ", "rb") as f:
            return int(f.read().split(b"OMPI_COMM_WORLD_RANK=")[1].split(b"\0")[0])
    try:
        return sorted(children(p.pid), key=rank)
    except (OSError, IndexError):
        return []


def at_work(p):
    return len(ranks(p)) == 3 and all(children(k) for k in ranks(p))


def mpi():
    module = os.path.join(os.path.dirname(PROGRAM), "crosstrain_mpi.so")
    if not shutil.which("mpirun") or not os.path.exists(module):
        print("without mpirun (apt-get install libopenmpi-dev): sweeps under MPI not tested")
        return
    p = mpirun("-n", "3", PROGRAM, "sweep", "s.yaml", "--out", "mpi")
    out, err = p.communicate(timeout=250)
    said = [line for line in err.splitlines() if line and not line.startswith("[hwloc/linux]")]  # it misses /sys in a chroot
    check(p.returncode == 0 and "16 points, 0 failed" in out and not said, f"three processes: {p.returncode} {err}")
    same_table("mpi", "three processes")
    check(sorted(x.name for x in (folder / "mpi").iterdir()) == sorted([r["folder"] for r in rows("mpi")] + ["sweep.csv"]),
          "nothing else in the folder")
    # one is killed: mpirun ends the others, and the same command goes on
    for k in (1, 0):
        p = mpirun("-n", "3", PROGRAM, "sweep", "s.yaml", "--out", f"mpik{k}")
        check(until(lambda p=p, k=k: begun(f"mpik{k}") >= 4 and at_work(p)), "all three are at work")
        if ranks(p):
            os.kill(ranks(p)[k], signal.SIGKILL)
        _, err = p.communicate(timeout=250)
        check(p.returncode != 0, "mpirun says that one was killed")
        p = mpirun("-n", "3", PROGRAM, "sweep", "s.yaml", "--out", f"mpik{k}")
        _, err = p.communicate(timeout=250)
        check(p.returncode == 0, f"it goes on: {err}")
        same_table(f"mpik{k}", f"process {k} killed")
    # one is killed, and mpirun lets the others go on
    p = mpirun("--enable-recovery", "-n", "3", PROGRAM, "sweep", "s.yaml", "--out", "mpir", "--patience", "8")
    check(until(lambda: begun("mpir") >= 4 and at_work(p)), "all three are at work")
    if ranks(p):
        os.kill(ranks(p)[2], signal.SIGKILL)
    _, err = p.communicate(timeout=250)
    check(p.returncode == 0 and "process 2 does not answer" in err, f"the others do its points: {p.returncode} {err}")
    same_table("mpir", "a killed process, recovery")
    # one is asked to end: its points go on elsewhere, at once
    p = mpirun("-n", "3", PROGRAM, "sweep", "s.yaml", "--out", "mpit")
    check(until(lambda: begun("mpit") >= 4 and at_work(p)), "all three are at work")
    if ranks(p):
        os.kill(ranks(p)[1], signal.SIGTERM)
    _, err = p.communicate(timeout=250)
    check(p.returncode == 0, f"one leaves: {p.returncode} {err}")
    same_table("mpit", "one leaves")
    # errors: one line, from the first process
    write("x.yaml", "base: base.yaml\ngrid: {foo: [1]}\n")
    p = mpirun("-n", "3", PROGRAM, "sweep", "x.yaml", "--out", "x")
    _, err = p.communicate(timeout=60)
    check(p.returncode == 2 and err.count("x.yaml:2: foo: unknown key") == 1, f"an error: {p.returncode} {err}")
    p = mpirun("-n", "2", PROGRAM, "sweep", "s.yaml", "--out", "p", "--plot=s.yaml")
    _, err = p.communicate(timeout=60)
    check(p.returncode == 4 and "s.yaml: a name that ends in .png" in err, f"an error of the first: {err}")
    write("t.yaml", SWEEP.replace("2e-2", "3e-2"))
    p = mpirun("-n", "1", PROGRAM, "sweep", "s.yaml", "--out", "d", ":", "-n", "1", PROGRAM, "sweep", "t.yaml", "--out", "d")
    _, err = p.communicate(timeout=60)
    check(p.returncode == 2 and "process 1: s.yaml or its base differ" in err, f"two sweeps: {p.returncode} {err}")
    # a program without the module
    with tempfile.TemporaryDirectory(prefix="xt-sweep-") as alone:  # /dev/shm may refuse to run it
        shutil.copy(PROGRAM, f"{alone}/crosstrain")
        p = mpirun("-n", "2", f"{alone}/crosstrain", "sweep", "s.yaml", "--out", "e")
        _, err = p.communicate(timeout=60)
    check(p.returncode == 2 and err.count("this build has no MPI: install libopenmpi-dev") == 1, f"no MPI: {err}")
    check(not (folder / "e").exists(), "no MPI: nothing has run")
    libraries = subprocess.run(["ldd", PROGRAM], capture_output=True, text=True, check=False).stdout
    check("libmpi" not in libraries, "the program itself needs no MPI")


if __name__ == "__main__":
    # in memory where it can be: what is tested is not how fast the disk takes some thousand checkpoints
    memory = "/dev/shm" if "TMPDIR" not in os.environ and os.access("/dev/shm", os.W_OK | os.X_OK) else None
    with tempfile.TemporaryDirectory(prefix="xt-sweep-", dir=memory) as name:
        folder = pathlib.Path(name)
        whole = b""
        for part in (a_sweep, validation, grows, interrupted, orphan, killed_point, failing_points, bad_files, options, examples, text_table, plots, mpi):
            if part != a_sweep and sys.argv[2:] and part.__name__ not in sys.argv[2:]:
                continue
            begin = time.monotonic()
            part()
            print(f"{part.__name__}: {time.monotonic() - begin:.1f} s")
    print(f"{passed} passed, {failed} failed")
    sys.exit(failed != 0)
