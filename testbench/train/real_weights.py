#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""scripts/real_weights.py and the command `samples` it takes its data from: a step goes down the gradient that finite
differences give, for every activation and output; the samples are those of the table, in the program's codes; a problem
without noise is learned; what is not known is refused in one line.

usage: real_weights.py CROSSTRAIN      Prints `N passed, M failed`; exit code 0, 1 a failure, 77 skipped (no numpy, yaml).
"""
import os
import pathlib
import re
import subprocess
import sys
import tempfile

if __name__ == "__main__" and {"-h", "--help"} & set(sys.argv[1:]):
    sys.exit(print(__doc__.strip()))

SCRIPT = pathlib.Path(__file__).resolve().parents[2] / "scripts" / "real_weights.py"
sys.path.insert(0, str(SCRIPT.parent))
try:
    import real_weights
except SystemExit as x:
    print(f"skipped: {x}")
    sys.exit(77)
numpy = real_weights.numpy

PROGRAM = os.path.abspath(sys.argv[1])
passed = failed = 0


def check(good, what):
    global passed, failed
    passed, failed = passed + bool(good), failed + (not good)
    if not good:
        print(f"FAILED: {what}")


def loss(net, x, target):
    """The cross entropy, written out."""
    for w in net.weights[:-1]:
        x = numpy.append(net.act(x @ w), 1)
    z = x @ net.weights[-1]
    if net.output is real_weights.softmax:
        return numpy.log(numpy.exp(z).sum()) - z @ target
    return float(numpy.sum(numpy.log(1 + numpy.exp(z)) - z * target))


def gradients():
    rng = numpy.random.default_rng(int(os.environ.get("XT_TEST_SEED", "1")))
    for activation in real_weights.ACTIVATIONS:
        for output in real_weights.OUTPUTS:
            network = {"hidden": [5, 4], "activation": activation, "output": output, "init": ["auto", 1, 0.7]}
            net = real_weights.Network({"seed": 3, "network": network}, 6, 3)
            x, target = numpy.append(rng.uniform(-1, 1, 6), 1), numpy.eye(3)[1]
            before, h = [w.copy() for w in net.weights], 1e-6
            numeric = []
            for w in net.weights:
                g = numpy.zeros_like(w)
                for at in numpy.ndindex(w.shape):
                    was = w[at]
                    w[at] = was + h
                    up = loss(net, x, target)
                    w[at] = was - h
                    g[at] = (up - loss(net, x, target)) / (2 * h)
                    w[at] = was
                numeric.append(g)
            net.step(x, target, 0.1)
            worst = max(numpy.abs(b - 0.1 * g - w).max() for b, g, w in zip(before, numeric, net.weights))
            check(worst < 1e-6 and any(numpy.abs(g).max() > 1e-3 for g in numeric), f"{activation}, {output}: {worst}")


def run(*args):
    return subprocess.run([str(a) for a in args], capture_output=True, text=True, check=False)


def table(folder):
    """0 1 2 3 4 as inputs: codes -63 -32 0 32 63 (nearest); the class is whether it is above 2."""
    (folder / "t.csv").write_text("".join(f"{k % 5},{4 - k % 5},{'ab'[k % 5 > 2]}\n" for k in range(40)))
    (folder / "c.yaml").write_text("data: {kind: csv, train: t.csv, test: t.csv}\nnetwork: {hidden: []}\nrun: {epochs: 20}\n")
    r = run(PROGRAM, "samples", folder / "c.yaml", "--data", folder, "--out", folder / "s")
    check(r.returncode == 0 and r.stdout == f"{folder}/s: 40 + 40 samples, 2 inputs, 2 classes\n", r.stdout + r.stderr)
    x, label = (numpy.load(folder / "s" / f"train.{name}.npy") for name in ("x", "label"))
    codes = numpy.array([-63, -31, 0, 32, 63])
    check(x.shape == (40, 2) and numpy.abs(x[:5, 0] - codes).max() <= 1 and (x[:, 0] == -x[:, 1]).sum() >= 24, "codes")
    check(label.tolist() == [int(k % 5 > 2) for k in range(40)], "labels")
    check((numpy.load(folder / "s" / "test.x.npy") == x).all(), "the test")
    r = run(PROGRAM, "samples", folder / "c.yaml", "--data", folder, "--out", folder / "t.csv" / "s")
    check(r.returncode == 3 and r.stderr.count("\n") == 1, f"a folder that cannot be made: {r.stderr}")
    r = run(PROGRAM, "samples", folder / "c.yaml", "--data", folder)
    check(r.returncode == 2, "no --out")


def script(folder):
    def weights(*args):
        return run(SCRIPT, folder / "c.yaml", "--data", folder, "--program", PROGRAM, *args)

    def refused(words, *args):
        r = weights(*args)
        check(r.returncode == 2 and r.stderr.count("\n") == 1 and words in r.stderr, f"{args}: {r.stderr}")
    r = weights("--lr", "0.000001", "--lr", "1", "--seeds", "2")
    lines = r.stdout.splitlines()
    check(r.returncode == 0 and len(lines) == 3, r.stdout + r.stderr)
    check(re.fullmatch(r"lr 1 +test +100\.00 % \(100\.00 to 100\.00\)", lines[-1]), f"a line apart: {lines[-1]}")
    check(all("validation" in line for line in lines[:2]), "the rate is chosen on the validation")
    check(weights("--lr", "1", "--seeds", "2").stdout.splitlines() == lines[-1:], "the same again, with the rate given")
    refused("no.csv", "--set", "data.train=no.csv")
    refused("nowhere", "--program", "nowhere")
    refused("--seeds", "--seeds", "0")
    refused("network.activation", "--set", "network.activation=step")
    for key in ("activation", "output"):
        try:
            network = {"hidden": [], "activation": "tanh", "output": "softmax", "init": [1], key: "other"}
            real_weights.Network({"seed": 1, "network": network}, 2, 2)
            check(False, f"network.{key}: other is taken")
        except real_weights.Bad as x:
            check(f"network.{key}: 'other'" in str(x), str(x))
    try:
        network = {"hidden": [], "activation": "tanh", "output": "softmax", "init": [1], "dropout": 0.5}
        real_weights.Network({"seed": 1, "network": network}, 2, 2)
        check(False, "network.dropout is taken")
    except real_weights.Bad as x:
        check("network.dropout is not known" in str(x), str(x))


def main():
    with tempfile.TemporaryDirectory() as work:
        gradients()
        table(pathlib.Path(work))
        script(pathlib.Path(work))
    print(f"{passed} passed, {failed} failed")
    sys.exit(1 if failed or not passed else 0)


main()
