#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Samples per CPU second on one core: the engines, their ratios to each other, and aihwkit's Tiki-Taka beside them (README.md
says why no ratio to it is printed).

usage: scripts/bench/bench.py --data MNIST_DIR [--rounds R] [--no-peer]
aihwkit comes from PyPI into build/bench-venv (its PyTorch is some gigabytes); without it (--no-peer) only our engines run.
The rows of engines systemc and systemc-lt need a program built with SystemC.
Our rates are (samples of a long run - samples of a short run) / (time of the long run - time of the short run): start-up,
initial programming and evaluation are outside, as they are for the peer. Rounds alternate; medians are printed.
"""
import argparse
import os
import pathlib
import re
import statistics
import subprocess
import sys
import tempfile

REPO = pathlib.Path(__file__).resolve().parent.parent.parent
CROSSTRAIN = REPO / "build/crosstrain"
VENV = REPO / "build/bench-venv"
PEER = ["aihwkit==1.1.0", "torch==2.12.0", "torchvision==0.27.0", "numpy"]


def one_core():
    os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})


def run(command):
    """CPU seconds and output of a command: a busy machine slows both sides, CPU time hardly."""
    before = os.times()
    done = subprocess.run(command, preexec_fn=one_core, capture_output=True, text=True)
    if done.returncode != 0:
        sys.exit(f"bench.py: {' '.join(map(str, command))}\n{done.stdout}{done.stderr}")
    after = os.times()
    return sum(after[2:4]) - sum(before[2:4]), done.stdout


def engines():
    """Names of the engines that the program was built with."""
    text = subprocess.run([CROSSTRAIN, "version"], capture_output=True, text=True).stdout
    return re.findall(r"^  ([a-z-]+):", text, re.MULTILINE)


def ours(config, engine, data, short, long):
    """Samples per CPU second, and CPU seconds of the whole long run."""
    times = []
    text = pathlib.Path(config).read_text()
    for limit in (short, long):
        with tempfile.TemporaryDirectory() as folder:
            limited = pathlib.Path(folder) / "config.yaml"
            limited.write_text(re.sub(r"\n  limit: .*", "", text).replace("  kind: idx\n", f"  kind: idx\n  limit: {limit}\n  test_limit: 1\n"))
            times.append(run([CROSSTRAIN, "train", limited, "--engine", engine, "--data", data, "--epochs", "1", "--quiet",
                              "--out", folder + "/out"])[0])
    return (long - short) / (times[1] - times[0]), times[1]


def main():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("--data", required=True, type=pathlib.Path, help="folder of the four gzipped files of MNIST")
    p.add_argument("--rounds", type=int, default=3)
    p.add_argument("--no-peer", action="store_true")
    a = p.parse_args()
    if a.rounds < 1:
        p.error("--rounds must be at least 1")
    if not CROSSTRAIN.exists():
        sys.exit("bench.py: build/crosstrain is missing: run scripts/setup.sh")
    configs = REPO / "testbench/configs"
    peer_script = REPO / "scripts/bench/aihwkit_tt.py"
    big, small = "784-256-128-10", "784-128-10"
    jobs = {}  # by (who, network): samples per CPU second and the CPU seconds of the whole run, where that is ours

    def add(engine, network, short, long):
        config = configs / ("bench.yaml" if network == big else "mnist.yaml")
        jobs[engine, network] = lambda: ours(config, engine, a.data, short, long)

    built = engines()
    if not {"ref", "rtl", "lockstep"} <= set(built):
        sys.exit("bench.py: build/crosstrain version does not list the engines")
    add("ref", big, 1000, 21000)
    add("ref", small, 1000, 21000)
    for engine, short, long in (("rtl", 100, 4100), ("lockstep", 100, 4100), ("systemc", 100, 4100), ("systemc-lt", 1000, 21000)):
        if engine in built:
            add(engine, small, short, long)
        else:
            print(f"no row {engine}: the program was built without SystemC (apt-get install libsystemc-dev)")
    if not a.no_peer:
        if not (VENV / "bin/python").exists():
            print("installing aihwkit into build/bench-venv (once)")
            subprocess.run([sys.executable, "-m", "venv", VENV], check=True)
            subprocess.run([VENV / "bin/pip", "install", "-q", *PEER], check=True)
        for device in ("soft_bounds", "reram_sb"):
            jobs[f"aihwkit 1.1.0 TT {device}", big] = lambda d=device: (float(
                run([VENV / "bin/python", peer_script, a.data, "--samples", "1000", "--device", d])[1].split()[-1]), None)
    rates = {name: [] for name in jobs}
    whole = {name: [] for name in jobs}
    for engine in ("lockstep", "systemc"):  # builds the tiles' RTL
        if (engine, small) in jobs:
            ours(configs / "mnist.yaml", engine, a.data, 1, 2)
    for _ in range(a.rounds):
        for name, job in jobs.items():
            rate, seconds = job()
            rates[name].append(rate)
            whole[name].append(seconds)
    print(f"one core, {a.rounds} rounds, samples per CPU second: median (smallest, largest)")
    medians = {name: statistics.median(r) for name, r in rates.items()}
    for (who, network), r in rates.items():
        print(f"{who:30s} {network:15s} {medians[who, network]:9.1f}  ({min(r):.1f}, {max(r):.1f})")
    print(f"ratio lockstep / ref, {small}: {medians['lockstep', small] / medians['ref', small]:.4f}")
    for engine, base in (("systemc", "rtl"), ("systemc-lt", "ref")):
        if (engine, small) in jobs:
            by_run = statistics.median(whole[base, small]) / statistics.median(whole[engine, small])
            print(f"ratio {engine} / {base}, {small}: {medians[engine, small] / medians[base, small]:.2f}"
                  f" (of whole runs, initial weights included: {by_run:.2f})")


if __name__ == "__main__":
    main()
