#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Samples per CPU second on one core, as ratios in one run: engine `ref` against aihwkit's Tiki-Taka, and the engines against
each other.

usage: scripts/bench.py --data MNIST_DIR [--rounds R] [--no-peer]
aihwkit comes from PyPI into build/bench-venv (its PyTorch is some gigabytes); without it (--no-peer) only our engines run.
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

REPO = pathlib.Path(__file__).resolve().parent.parent
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


def ours(config, engine, data, short, long):
    times = []
    text = pathlib.Path(config).read_text()
    for limit in (short, long):
        with tempfile.TemporaryDirectory() as folder:
            limited = pathlib.Path(folder) / "config.yaml"
            limited.write_text(re.sub(r"\n  limit: .*", "", text).replace("  kind: idx\n", f"  kind: idx\n  limit: {limit}\n  test_limit: 1\n"))
            times.append(run([CROSSTRAIN, "train", limited, "--engine", engine, "--data", data, "--epochs", "1", "--quiet",
                              "--out", folder + "/out"])[0])
    return (long - short) / (times[1] - times[0])


def main():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("--data", required=True, type=pathlib.Path, help="folder of the four gzipped files of MNIST")
    p.add_argument("--rounds", type=int, default=3)
    p.add_argument("--no-peer", action="store_true")
    a = p.parse_args()
    if not CROSSTRAIN.exists():
        sys.exit("bench.py: build/crosstrain is missing: run scripts/setup.sh")
    configs = REPO / "testbench/configs"
    peer_script = REPO / "scripts/bench/aihwkit_tt.py"
    jobs = {
        "ref       784-256-128-10": lambda: ours(configs / "bench.yaml", "ref", a.data, 1000, 21000),
        "ref       784-128-10": lambda: ours(configs / "mnist.yaml", "ref", a.data, 1000, 21000),
        "rtl       784-128-10": lambda: ours(configs / "mnist.yaml", "rtl", a.data, 100, 4100),
        "lockstep  784-128-10": lambda: ours(configs / "mnist.yaml", "lockstep", a.data, 100, 4100),
    }
    if not a.no_peer:
        if not (VENV / "bin/python").exists():
            print("installing aihwkit into build/bench-venv (once)")
            subprocess.run([sys.executable, "-m", "venv", VENV], check=True)
            subprocess.run([VENV / "bin/pip", "install", "-q", *PEER], check=True)
        for device in ("soft_bounds", "reram_sb"):
            jobs[f"aihwkit 1.1.0 TT {device:11s} 784-256-128-10"] = lambda d=device: float(
                run([VENV / "bin/python", peer_script, a.data, "--samples", "1000", "--device", d])[1].split()[-1])
    rates = {name: [] for name in jobs}
    ours("%s/mnist.yaml" % configs, "lockstep", a.data, 1, 2)  # builds the tiles' RTL
    for _ in range(a.rounds):
        for name, job in jobs.items():
            rates[name].append(job())
    print(f"one core, {a.rounds} rounds, samples per CPU second: median (smallest, largest)")
    medians = {name: statistics.median(r) for name, r in rates.items()}
    for name, r in rates.items():
        print(f"{name:46s} {medians[name]:9.1f}  ({min(r):.1f}, {max(r):.1f})")
    names = list(jobs)
    for name in names[4:]:
        print(f"ratio ref / {name}: {medians[names[0]] / medians[name]:.1f}")
    print(f"ratio lockstep / ref, 784-128-10: {medians[names[3]] / medians[names[1]]:.4f}")


if __name__ == "__main__":
    main()
