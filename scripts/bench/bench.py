#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Samples per CPU second on one core: crosstrain beside IBM's aihwkit at equal work, and crosstrain's engines beside each other.

usage: scripts/bench/bench.py --data MNIST_DIR [--samples N] [--rounds R] [--minutes M] [--engines LIST] [--batches LIST]
                              [--no-peer | --venv DIR] [--busy] [--history] [--sizes LIST | --threads T]
--samples  of the epoch's beginning, for both sides (default 10000; engines beside each other: 2000 at most)
--rounds   all rows in turn, so many times (default 3); round r has seed r on both sides
--minutes  no round begins that would end later
--engines  of those that are built, a comma between them (default all); rtl and lockstep also without their invariants
--batches  of aihwkit, for every algorithm (default 1,8,32)
--venv     where setup_peer.sh has put aihwkit (default ~/.cache/crosstrain/peer-venv); --no-peer: without it
--busy     measures on a busy machine too and marks what was disturbed; else that is refused
--history  appends every figure that changed to history.tsv, with the commit
--sizes    instead of all that: ref with bench.yaml and two hidden layers of so many neurons, 512,1024,2048,4096 say
--threads  instead of all that: wall time of ref with bench.yaml, and with two hidden layers of 1024, on one thread and on T
Exit code: 0, 1 a program failed or the machine is busy, 2 command line or set-up.
"""
import argparse
import csv
import datetime
import json
import os
import pathlib
import re
import resource
import statistics
import subprocess
import sys
import tempfile
import time

HERE = pathlib.Path(__file__).resolve().parent
REPO = HERE.parent.parent
CROSSTRAIN = REPO / "build/crosstrain"
CONFIGS = REPO / "testbench/configs"
SGD = ["algorithm.name=sgd", "algorithm.lr=[0.016]"]
BATCHES = (1, 8, 32)
# name, keys that differ from bench.yaml, engines
COMPARED = [("shd", [], ("ref", "rtl", "lockstep")),
            ("sgd, constant step", [*SGD, "device.C.model=constant_step", "device.C.dw_min=0.001"], ("ref", "rtl")),
            ("sgd, soft bounds", SGD, ("ref",))]
NETWORK = "784-256-128-10"  # of bench.yaml
# engines beside each other: network, its algorithm, configuration, keys that differ from it, which engines (None: all)
BESIDE = {"784-128-10": ("SHD", "mnist.yaml", [], None),
          "784-100-10": ("MTJ, four devices a weight", "mtj/mnist.yaml", ["network.hidden=[100]"], ("ref", "lockstep"))}
CHECKED, UNCHECKED = ("rtl", "lockstep"), ", unchecked"  # engines that are measured with invariants and without
SMALL_SAMPLES = 2000
LEARNS = 0.02  # a batch still learns if its accuracy is at most so much below that of batch 1
OTHERS, SHARE = 0.1, 0.95  # busy: other processes use more cores than that, or the program gets less than that of its core
TRIES = 3
HISTORY = ["figure", "samples", "median", "smallest", "largest", "commit", "date", "machine"]


class Failed(Exception):
    """Its text is the message, its code the exit code."""

    def __init__(self, text, code=1):
        super().__init__(text)
        self.code = code


# The machine

def busy_seconds(stat):
    """Of all processors since they started, from the text of /proc/stat; what a hypervisor took is busy too."""
    user, nice, system, _, _, irq, softirq, steal = map(int, re.match(r"cpu +(.*)", stat)[1].split()[:8])
    return (user + nice + system + irq + softirq + steal) / os.sysconf("SC_CLK_TCK")


def own_seconds():
    return sum(sum(resource.getrusage(who)[:2]) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))


class Watch:
    """With it: how many cores others used meanwhile, and the CPU seconds and the wall time of what ran."""

    def __enter__(self):
        self.at = busy_seconds(pathlib.Path("/proc/stat").read_text()), own_seconds(), time.monotonic()
        return self

    def __exit__(self, *_):
        now = busy_seconds(pathlib.Path("/proc/stat").read_text()), own_seconds(), time.monotonic()
        all_of_them, self.cpu, self.wall = (b - a for a, b in zip(self.at, now))
        self.others = max(0.0, (all_of_them - self.cpu) / self.wall)


def is_busy(others, share):
    return others > OTHERS or share < SHARE


def machine():
    found = re.search(r"^model name\s*: (.*)", pathlib.Path("/proc/cpuinfo").read_text(), re.MULTILINE)
    return found[1] if found else os.uname().machine


# The two sides

def run(command, cores=1):
    """Its output; on so many cores, the last ones."""
    done = subprocess.run(command, capture_output=True, text=True,
                          preexec_fn=lambda: os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[-cores:]))
    if done.returncode != 0:
        raise Failed(f"{' '.join(map(str, command))}\n{done.stdout}{done.stderr}".rstrip())
    return done.stdout


def engines_built():
    return re.findall(r"^  ([a-z-]+):", run([CROSSTRAIN, "version"]), re.MULTILINE)


def train(config, sets, engine, data, seed, samples, test, folder, epochs=1, threads=1):
    """One run, watched. An engine's name may end in UNCHECKED."""
    options = ["--no-invariants"] if engine.endswith(UNCHECKED) else []
    keys = [f"data.limit={samples}", f"data.test_limit={test}", *sets]
    with Watch() as w:
        run([CROSSTRAIN, "train", CONFIGS / config, *options, "--engine", engine.removesuffix(UNCHECKED), "--data", data, "--seed", str(seed), "--epochs", str(epochs),
             "--threads", str(threads), "--quiet", "--out", folder, *[word for key in keys for word in ("--set", key)]], threads)
    return w


def summary(text):
    """Training pulses and test accuracy of a summary.yaml."""
    found = [re.search(pattern, text, re.MULTILINE) for pattern in (r"^training:\n(?:  .*\n)*?  PULSES: (\d+)$",
                                                                    r"^test_accuracy: ([\d.]+)$")]
    if None in found:
        raise Failed("summary.yaml of crosstrain has no pulses or no accuracy")
    return int(found[0][1]), float(found[1][1])


def ours(config, sets, engine, data, seed, samples, test):
    """The time of a run less that of the same run without its epoch: data, initial weights and evaluation are outside."""
    with tempfile.TemporaryDirectory() as folder:
        out = f"{folder}/out"
        start = train(config, sets, engine, data, seed, samples, test, f"{folder}/start", epochs=0)
        whole = train(config, sets, engine, data, seed, samples, test, out)
        pulses, accuracy = summary(pathlib.Path(out, "summary.yaml").read_text())
    seconds = whole.cpu - start.cpu
    if seconds <= 0:
        raise Failed(f"{engine}: {samples} samples are too few to be timed")
    return dict(rate=samples / seconds, pulses=pulses / samples, accuracy=accuracy,
                others=max(start.others, whole.others), share=(start.cpu + whole.cpu) / (start.wall + whole.wall))


def peer(python, sets, data, seed, samples, batch):
    with tempfile.TemporaryDirectory() as folder:
        train("bench.yaml", sets, "ref", data, seed, samples, 1, folder + "/begin", epochs=0)  # its keys and initial weights
        with Watch() as w:
            text = run([python, HERE / "aihwkit_peer.py", folder + "/begin", data, "--batch", str(batch)])
    try:
        m = json.loads(text.splitlines()[-1])
        return dict(rate=m["samples"] / m["cpu"], pulses=m["pulses"], accuracy=m["accuracy"], others=w.others,
                    share=m["cpu"] / m["wall"], versions=f"aihwkit {m['aihwkit']}, torch {m['torch']}")
    except (IndexError, ValueError, KeyError, TypeError, ZeroDivisionError):
        raise Failed(f"aihwkit_peer.py --batch {batch} printed no result: {text.strip()[-200:]}") from None


# Rows and rounds

def calm(name, job, allowed):
    """A measurement that nothing disturbed, or marked as disturbed where that is allowed."""
    for _ in range(TRIES):
        m = job()
        m["busy"] = is_busy(m["others"], m["share"])
        if not m["busy"] or allowed:
            return m
    raise Failed(f"the machine was busy in {TRIES} runs of {name}: others used {m['others']:.2f} cores, the run got "
                 f"{100 * m['share']:.0f} % of its own; --busy measures all the same and marks it")


def forms(engine):
    """What of an engine is measured."""
    return [engine, engine + UNCHECKED] if engine in CHECKED else [engine]


def rows_of(a, built):
    """By (group, who): what is called with a seed and returns a measurement."""
    rows = {}
    for group, sets, engines in COMPARED:
        for engine in [e for e in engines if e in built]:
            for who in forms(engine):
                # the evaluation of the others is that of ref, bit for bit, and takes long
                rows[group, who] = lambda seed, s=sets, e=who: ours("bench.yaml", s, e, a.data, seed, a.samples, 0 if e == "ref" else 1)
        if a.python:
            for batch in a.batches or BATCHES:
                rows[group, f"aihwkit, batch {batch}"] = lambda seed, s=sets, b=batch: peer(a.python, s, a.data, seed, a.samples, b)
    for network, (_, config, sets, engines) in BESIDE.items():
        for engine in [e for e in built if not engines or e in engines]:
            for who in forms(engine):
                rows[network, who] = lambda seed, c=config, s=sets, e=who: ours(c, s, e, a.data, seed, min(a.samples, SMALL_SAMPLES), 1)
    return rows


def same_bits(results):
    """All engines have the pulses of ref, or they did something else; their accuracy is then that of ref."""
    for group, who in results:
        if who.startswith(CHECKED) and (group, "ref") in results and group not in BESIDE:
            for r, (own, ref) in enumerate(zip(results[group, who], results[group, "ref"])):
                if own["pulses"] != ref["pulses"]:
                    raise Failed(f"{group}, round {r + 1}: {who} gave {own['pulses']} pulses per sample, ref {ref['pulses']}")
                own["accuracy"] = ref["accuracy"]


def rounds(rows, a):
    results = {row: [] for row in rows}
    begin, longest, done = time.monotonic(), 0.0, 0
    while done < a.rounds and not (done and a.minutes and time.monotonic() - begin + longest > 60 * a.minutes):
        at = time.monotonic()
        for (group, who), job in rows.items():
            results[group, who].append(calm(f"{group}: {who}", lambda: job(done + 1), a.busy))
        longest = max(longest, time.monotonic() - at)
        done += 1
    same_bits(results)
    return results, done


# What is printed

def spread(measured, key):
    values = [m[key] for m in measured]
    return statistics.median(values), min(values), max(values)


def table(results, samples):
    """Lines."""
    out = []
    mark = lambda measured: " BUSY" if any(m["busy"] for m in measured) else ""
    groups = list(dict.fromkeys(group for group, _ in results))
    for group in [g for g in groups if g not in BESIDE]:
        measured = {who: m for (g, who), m in results.items() if g == group}
        out += ["", f"{group}, {NETWORK}, the first {samples} samples",
                f"{'':20}{'samples per CPU second':>32}{'pulses per sample':>30}{'test accuracy %':>26}{'ref is':>10}"]
        base = spread(measured["ref"], "rate")[0]
        for who, m in measured.items():
            text = ["{:.0f} ({:.0f}, {:.0f})".format(*spread(m, "rate")), "{:.0f} ({:.0f}, {:.0f})".format(*spread(m, "pulses")),
                    "{:.2f} ({:.2f}, {:.2f})".format(*(100 * v for v in spread(m, "accuracy")))]
            out.append(f"{who:20}{text[0]:>32}{text[1]:>30}{text[2]:>26}{base / spread(m, 'rate')[0]:>9.1f}x{mark(m)}")
        out += best_batch(measured, base)
    for network in [g for g in groups if g in BESIDE]:
        engines = {who: m for (g, who), m in results.items() if g == network}
        out += ["", f"engines, {network}, {BESIDE[network][0]}, the first {min(samples, SMALL_SAMPLES)} samples: samples per CPU second"]
        base = spread(engines["ref"], "rate")[0]
        for who, m in engines.items():
            rate = "{:.0f} ({:.0f}, {:.0f})".format(*spread(m, "rate"))
            out.append(f"{who:20}{rate:>32}   {spread(m, 'rate')[0] / base:.3f} of ref{mark(m)}")
    return out


def best_batch(measured, base):
    """The line that says what the peer's best batch is."""
    peers = {who: (spread(m, "rate")[0], spread(m, "accuracy")[0]) for who, m in measured.items() if who.startswith("aihwkit")}
    one = peers.get("aihwkit, batch 1")
    if not one or len(peers) < 2:
        return []
    learn = {who: rate for who, (rate, accuracy) in peers.items() if accuracy >= one[1] - LEARNS}
    best = max(learn, key=learn.get)
    lost = [who.split()[-1] for who in peers if who not in learn]
    return [f"ref is {base / one[0]:.1f} times aihwkit at batch 1, {base / learn[best]:.1f} times at batch {best.split()[-1]}, the fastest"
            " that still learns" + (f"; batch {', '.join(lost)} does not" if lost else "")]


def figures(results, samples):
    """(name, samples, median, smallest, largest) of everything that a history keeps."""
    for (group, who), m in results.items():
        for key, unit, scale, places in (("rate", "samples/s", 1, 1), ("pulses", "pulses/sample", 1, 1), ("accuracy", "accuracy %", 100, 2)):
            if key == "rate" or group not in BESIDE:
                yield (f"{group}, {who}: {unit}", min(samples, SMALL_SAMPLES) if group in BESIDE else samples,
                       *(round(scale * v, places) for v in spread(m, key)))


# The history

def commit():
    """Of a tree that is as committed, but for the history itself."""
    git = lambda *words: subprocess.run(["git", "-C", REPO, *words], capture_output=True, text=True)
    changed = git("status", "--porcelain", "--untracked-files=no", "--", ".", ":!scripts/bench/history.tsv")
    head = git("rev-parse", "--short=12", "HEAD")
    if changed.returncode or head.returncode:
        raise Failed(f"--history: {REPO} is no git repository", 2)
    if changed.stdout:
        raise Failed("--history: the tree has changes that are not committed, so no commit stands for its figures", 2)
    return head.stdout.strip()


def changed(figure, lines):
    """Nothing like it before, or a spread that has nothing in common with the last one."""
    name, samples, _, low, high = figure
    last = [l for l in lines if (l["figure"], l["samples"], l["machine"]) == (name, str(samples), machine())]
    return not last or high < float(last[-1]["smallest"]) or low > float(last[-1]["largest"])


def append_history(path, measured, head, today):
    """How many lines were appended."""
    lines = []
    if path.exists():
        with path.open(newline="") as f:
            reader = csv.DictReader(f, delimiter="\t")
            lines = list(reader)
            if reader.fieldnames != HISTORY:
                raise Failed(f"{path}: its columns are not {' '.join(HISTORY)}", 2)
    new = [f for f in measured if changed(f, lines)]
    aside = path.with_suffix(".new")
    with aside.open("w", newline="") as f:
        writer = csv.DictWriter(f, HISTORY, delimiter="\t", lineterminator="\n")
        writer.writeheader()
        writer.writerows(lines)
        writer.writerows(dict(zip(HISTORY, (*figure, head, today, machine()))) for figure in new)
    aside.rename(path)
    return len(new)


# The command line

def numbers(text):
    values = [int(word) for word in text.split(",")]
    if min(values) < 1:
        raise ValueError
    return values


def arguments():
    cache = pathlib.Path(os.environ.get("XDG_CACHE_HOME") or pathlib.Path.home() / ".cache")
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter, allow_abbrev=False,
                                usage=argparse.SUPPRESS, add_help=False)
    p.add_argument("--data", required=True, type=pathlib.Path)
    p.add_argument("--samples", type=int, default=10000)
    p.add_argument("--rounds", type=int, default=3)
    p.add_argument("--minutes", type=float)
    p.add_argument("--engines")
    p.add_argument("--batches", type=numbers)
    p.add_argument("--no-peer", action="store_true")
    p.add_argument("--venv", type=pathlib.Path, default=cache / "crosstrain/peer-venv")
    p.add_argument("--busy", action="store_true")
    p.add_argument("--history", action="store_true")
    p.add_argument("--sizes", type=numbers)
    p.add_argument("--threads", type=int)
    p.add_argument("-h", "--help", action="help")
    a = p.parse_args()
    for name, least in (("samples", 2), ("rounds", 1), ("minutes", 0.1)):
        if getattr(a, name) is not None and getattr(a, name) < least:
            p.error(f"--{name} is at least {least}")
    if a.history and (a.sizes or a.threads):
        p.error("--history keeps no sizes, no threads")
    cores = len(os.sched_getaffinity(0))
    if a.threads is not None and (a.sizes or not 2 <= a.threads <= cores):
        p.error(f"--threads is 2 or more, at most as many as there are cores ({cores}), and goes without --sizes")
    if a.history and (a.busy or a.rounds < 3):
        p.error("--history keeps figures of at least 3 rounds on a machine that is not busy")
    return a


def prepare(a):
    """What must be there: names of the engines to measure; a.python becomes the peer's or None."""
    if not CROSSTRAIN.exists():
        raise Failed("build/crosstrain is missing: run scripts/setup.sh", 2)
    if not any((a.data / ("train-images-idx3-ubyte" + end)).exists() for end in ("", ".gz")):
        raise Failed(f"--data {a.data}: MNIST's train-images-idx3-ubyte (.gz) is not there", 2)
    built = engines_built()
    asked = a.engines.split(",") if a.engines else built
    if "ref" not in asked or not set(asked) <= set(built):
        raise Failed(f"--engines {a.engines}: ref and any of the others that are built: {', '.join(built)}", 2)
    a.python = None if a.no_peer or a.sizes or a.threads else a.venv / "bin/python"
    if a.python and not a.python.exists():
        raise Failed(f"aihwkit is not in {a.venv}: scripts/bench/setup_peer.sh puts it there, --venv names another folder, "
                     "--no-peer does without", 2)
    return asked


def look_around(allowed):
    with Watch() as w:
        time.sleep(2)
    if w.others > OTHERS and not allowed:
        raise Failed(f"the machine is busy: other processes use {w.others:.2f} of {os.cpu_count()} cores; --busy measures all the same "
                     "and marks it")


# Planes that fit no cache

def crosspoints_of(neurons):
    return 785 * neurons + (neurons + 1) * neurons + (neurons + 1) * 10


def two_runs(a, sets, samples, seed, threads=1):
    """Of ref: one, and one three times as long, whose difference is without the start and the making of devices. Watches and pulses."""
    watched, pulses = [], []
    with tempfile.TemporaryDirectory() as folder:
        for k in (1, 3):
            out = f"{folder}/{k}"
            watched.append(train("bench.yaml", sets, "ref", a.data, seed, k * samples, 1, out, threads=threads))
            pulses.append(summary(pathlib.Path(out, "summary.yaml").read_text())[0])
    return watched, pulses


def size(a, neurons, seed):
    """ref on 784-neurons-neurons-10."""
    samples = min(20000, max(1, round(2e9 / crosspoints_of(neurons))))  # as much work each; three times as many there are
    (short, long), pulses = two_runs(a, [f"network.hidden=[{neurons},{neurons}]"], samples, seed)
    if long.cpu - short.cpu < .1:
        raise Failed(f"--sizes: {3 * samples} samples took {long.cpu:.2f} CPU seconds with {neurons} neurons, {samples} took {short.cpu:.2f}: "
                     "too alike to tell a rate")
    return dict(seconds=(long.cpu - short.cpu) / (2 * samples), pulses=(pulses[1] - pulses[0]) / (2 * samples),
                others=max(short.others, long.others), share=(short.cpu + long.cpu) / (short.wall + long.wall))


def sizes(a):
    """Prints a line per size."""
    measured = {n: [] for n in a.sizes}
    for r in range(a.rounds):
        for n in a.sizes:
            measured[n].append(calm(f"{n} neurons", lambda: size(a, n, r + 1), a.busy))
    print(f"{machine()}, one core, ref, SHD, {a.rounds} rounds in turn: medians")
    print("network                 samples/s  ns per sample and crosspoint  pulses/sample  ns per pulse")
    for n, m in measured.items():
        seconds, pulses = (spread(m, key)[0] for key in ("seconds", "pulses"))
        print(f"{f'784-{n}-{n}-10':22}{1 / seconds:>11.1f}{1e9 * seconds / crosspoints_of(n):>30.2f}{pulses:>15.0f}{1e9 * seconds / pulses:>14.1f}"
              + (" BUSY" if any(x["busy"] for x in m) else ""))


# Threads

def wall(a, sets, samples, seed, threads):
    """Seconds of a sample."""
    (short, long), _ = two_runs(a, sets, samples, seed, threads)
    return dict(seconds=(long.wall - short.wall) / (2 * samples), others=max(short.others, long.others), share=1)


def threads(a):
    """Prints a line per network."""
    networks = {"784-256-128-10": ([], 7000), "784-1024-1024-10": (["network.hidden=[1024,1024]"], 2000)}
    measured = {(n, t): [] for n in networks for t in (1, a.threads)}
    for r in range(a.rounds):
        for (n, t), m in measured.items():
            m.append(calm(f"{n}, {t} threads", lambda: wall(a, *networks[n], r + 1, t), a.busy))
    print(f"{machine()}, ref, SHD, {a.rounds} rounds in turn, us per sample (wall time): median (smallest, largest)")
    for n in networks:
        one, more = ([1e6 * v for v in spread(measured[n, t], "seconds")] for t in (1, a.threads))
        texts = ["{:.1f} ({:.1f}, {:.1f})".format(*v) for v in (one, more)]
        print(f"{n:18} one thread {texts[0]}, {a.threads} threads {texts[1]}: {one[0] / more[0]:.2f} times as fast"
              + (" BUSY" if any(x["busy"] for t in (1, a.threads) for x in measured[n, t]) else ""))


def build_tiles(a, engines):
    for engine in [e for e in engines if e not in ("ref", "systemc-lt")]:
        with tempfile.TemporaryDirectory() as folder:
            wanted = [(c, s) for _, c, s, engines in BESIDE.values() if not engines or engine in engines]
            wanted += [("bench.yaml", [])] * (engine == "rtl")
            for who in forms(engine):
                for k, (config, sets) in enumerate(wanted):
                    train(config, sets, who, a.data, 1, 1, 1, f"{folder}/{who}-{k}")


def main():
    a = arguments()
    engines = prepare(a)
    head = commit() if a.history else None
    look_around(a.busy)
    if a.sizes or a.threads:
        sizes(a) if a.sizes else threads(a)
        return
    build_tiles(a, engines)
    results, done = rounds(rows_of(a, engines), a)
    everything = [m for measured in results.values() for m in measured]
    versions = {m["versions"] for m in everything if "versions" in m}
    print(f"{machine()}, one core, {done} rounds in turn, seeds 1 to {done}: median (smallest, largest)")
    for v in versions:
        print(v)
    print(f"other processes used at most {max(m['others'] for m in everything):.2f} cores, runs had at least "
          f"{100 * min(m['share'] for m in everything):.0f} % of theirs"
          + (": BUSY, rows so marked are no figures to quote" if any(m["busy"] for m in everything) else ""))
    print("\n".join(table(results, a.samples)))
    if a.history:
        if done < 3:
            raise Failed(f"--history: only {done} rounds in {a.minutes:g} minutes, nothing was appended")
        all_figures = list(figures(results, a.samples))
        new = append_history(HERE / "history.tsv", all_figures, head, datetime.date.today().isoformat())
        print(f"\nhistory.tsv: {new} of {len(all_figures)} figures changed and were appended")


if __name__ == "__main__":
    try:
        main()
    except Failed as failure:
        print(f"bench.py: {failure}", file=sys.stderr)
        sys.exit(failure.code)
