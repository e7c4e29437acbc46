#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The same network with real-valued weights: what a configuration's devices are to be measured against. Plain SGD, one
sample at a time, in double precision: the same samples (as the converters' input codes), the same order, layers,
activation, output and loss, as many epochs.

usage: real_weights.py CONFIG [--data DIR] [--set KEY=VALUE]... [--lr LR]... [--seeds N] [--validation PART]
                       [--program FILE]
--lr: learning rates to choose from (default 1 .3 .1 .03 .01 .003 .001; algorithm.lr is that of the devices). The one whose
mean over the seeds is best on the validation, a part of the training samples (default .2), then trains on all of them.
--seeds: 1 to N (default 5). --program: crosstrain (default build/crosstrain of this repository); it prepares the samples.
Needs python3-numpy and python3-yaml. Exit code 0, or 2 with one line that says what is wrong.
"""
import argparse
import itertools
import os
import pathlib
import subprocess
import sys
import tempfile

if __name__ == "__main__" and {"-h", "--help"} & set(sys.argv[1:]):
    sys.exit(print(__doc__.strip()))

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # the vectors are short
REPO = pathlib.Path(__file__).resolve().parent.parent
sys.path.insert(0, str(REPO / "scripts" / "bench"))

try:
    import numpy
    import yaml
except ImportError as missing:
    DEBIAN = "/usr/bin/python3"  # it has Debian's packages; another one may come first in PATH
    if os.path.realpath(sys.executable) != os.path.realpath(DEBIAN) and os.path.exists(DEBIAN):
        os.execv(DEBIAN, [DEBIAN, *sys.argv])
    sys.exit(f"real_weights.py: {missing.name} is missing (apt-get install python3-{missing.name})")
import samples  # noqa: E402

NETWORK = {"hidden", "activation", "output", "init"}  # what is known of this section; the devices' sections do not count


class Bad(Exception):
    pass


def samples_of(a, more):
    """Arrays of the program's command `samples`, and the resolved configuration."""
    with tempfile.TemporaryDirectory() as folder:
        command = [a.program, "samples", a.config, "--out", folder]
        for pair in [*a.set, *more]:
            command += ["--set", pair]
        if a.data:
            command += ["--data", a.data]
        try:
            done = subprocess.run(command, capture_output=True, text=True, check=False)
        except OSError as x:
            raise Bad(f"{a.program}: {x.strerror} (--program)") from None
        if done.returncode:
            raise Bad(done.stderr.strip())
        config = yaml.safe_load(pathlib.Path(folder, "config.yaml").read_text(encoding="utf-8"))
        full = (1 << config["tile"]["code_bits"] - 1) - 1
        parts = []
        for part in ("train", "test"):
            x = numpy.load(f"{folder}/{part}.x.npy") / full
            bias = numpy.ones((len(x), 1))
            parts += [numpy.hstack([x, bias]), numpy.load(f"{folder}/{part}.label.npy").astype(int)]
        classes = int(done.stdout.split()[-2])
    return config, classes, parts


def sigmoid(z):
    return 0.5 + 0.5 * numpy.tanh(z / 2)


def softmax(z):
    e = numpy.exp(z - z.max())
    return e / e.sum()


# As refc/train/tables.c and net.c have them. Activations: the function, and its slope from its value.
ACTIVATIONS = {"tanh": (lambda z: numpy.tanh(z), lambda v: 1 - v * v),
               "sigmoid": (sigmoid, lambda v: v * (1 - v)),
               "relu": (lambda z: numpy.clip(z, 0, 1), lambda v: (v > 0) & (v < 1))}
OUTPUTS = {"softmax": softmax, "logistic": sigmoid}


class Network:
    """Layers of weights [inputs + 1][outputs]; the last row is the bias's."""

    def __init__(self, c, inputs, classes):
        known = {"network.activation": (c["network"]["activation"], ACTIVATIONS),
                 "network.output": (c["network"]["output"], OUTPUTS)}
        for key, (word, allowed) in known.items():
            if word not in allowed:
                raise Bad(f"{key}: '{word}' is not known here")
        if unknown := set(c["network"]) - NETWORK:
            raise Bad(f"network.{min(unknown)} is not known here")
        self.act, self.slope = ACTIVATIONS[c["network"]["activation"]]
        self.output = OUTPUTS[c["network"]["output"]]
        sizes = [inputs, *c["network"]["hidden"], classes]
        draw = numpy.random.default_rng(c["seed"]).uniform
        # uniform, network.init times Xavier; auto is 1
        times = [1 if t == "auto" else t for t in c["network"]["init"]]
        self.weights = [t * (6 / (n + m)) ** 0.5 * draw(-1, 1, (n + 1, m))
                        for t, (n, m) in zip(times, itertools.pairwise(sizes), strict=True)]

    def step(self, x, target, lr):
        """One sample; x with its bias."""
        inputs = [x]
        for w in self.weights[:-1]:
            inputs.append(numpy.append(self.act(inputs[-1] @ w), 1))
        error = self.output(inputs[-1] @ self.weights[-1]) - target  # of either output with its cross entropy
        for k in reversed(range(len(self.weights))):
            below = (self.weights[k][:-1] @ error) * self.slope(inputs[k][:-1]) if k else None
            self.weights[k] -= lr * inputs[k][:, None] * error
            error = below

    def predict(self, x):
        for w in self.weights[:-1]:
            x = numpy.hstack([self.act(x @ w), numpy.ones((len(x), 1))])
        return (x @ self.weights[-1]).argmax(1)


def train(a, rate, more):
    """Accuracy, in %, after the last epoch, of what is held out or of the test."""
    c, classes, (x, label, test_x, test_label) = samples_of(a, more)
    if not len(test_x):
        raise Bad("there are no samples to evaluate")
    net = Network(c, x.shape[1] - 1, classes)
    targets = numpy.eye(classes)
    for epoch in range(c["run"]["epochs"]):
        lr = rate * c["algorithm"]["lr_decay"] ** epoch
        for i in samples.order(c["seed"], epoch, len(x)):
            net.step(x[i], targets[label[i]], lr)
    return 100 * float(numpy.mean(net.predict(test_x) == test_label))


def over_seeds(a, rate, more):
    return [train(a, rate, [*more, f"seed={seed}"]) for seed in range(1, a.seeds + 1)]


def line(name, results):
    return f"{name}  {sum(results) / len(results):6.2f} % ({min(results):.2f} to {max(results):.2f})"


def main(argv):
    parser = argparse.ArgumentParser(add_help=False)
    parser.add_argument("config", nargs="?")
    parser.add_argument("--data")
    parser.add_argument("--set", action="append", default=[])
    parser.add_argument("--lr", action="append", type=float, default=[])
    parser.add_argument("--seeds", type=int, default=5)
    parser.add_argument("--validation", type=float, default=0.2)
    parser.add_argument("--program", default=str(REPO / "build" / "crosstrain"))
    a = parser.parse_args(argv)
    if not a.config:
        raise Bad("CONFIG is needed (--help)")
    if a.seeds < 1:
        raise Bad(f"--seeds: {a.seeds}; at least 1 is needed")
    rates = a.lr or [1, 0.3, 0.1, 0.03, 0.01, 0.003, 0.001]
    best = rates[0]
    if len(rates) > 1:
        means = {}
        for rate in rates:
            held = over_seeds(a, rate, [f"data.validation={a.validation:g}"])
            means[rate] = sum(held) / len(held)
            print(line(f"lr {rate:<7g} validation", held), flush=True)
        best = max(means, key=means.get)
    print(line(f"lr {best:<7g} test      ", over_seeds(a, best, [])))


if __name__ == "__main__":
    try:
        main(sys.argv[1:])
    except Bad as bad:
        print(f"real_weights.py: {bad}", file=sys.stderr)
        sys.exit(2)
