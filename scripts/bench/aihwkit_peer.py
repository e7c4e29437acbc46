#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""IBM's aihwkit on the work of a run of crosstrain: network, devices, converters, rates, pulse trains and the order of the samples
are read from the resolved config.yaml of a run's folder, the initial weights from its checkpoint. What has no counterpart is refused.

usage: aihwkit_peer.py RUN MNIST_DIR [--batch B]     RUN: the folder of `crosstrain train ... --epochs 0`
       aihwkit_peer.py --check
Trains one epoch on one thread and prints one line of JSON: samples, cpu and wall (seconds of the training alone), pulses and
pulses_transfer (per sample), accuracy (of the whole test set), versions.
Pulses: aihwkit counts them on GPUs only. Here each layer's x and d of every update are kept and its pulses computed afterwards:
BL sum_i p_i sum_j p_j, their exact mean. Those of transfers follow from A, which is read at 21 times (not timed), as the mean
over the columns, since every column has its turn. --check: the same on small arrays whose noiseless steps count every pulse;
exit code 1 if they differ by more than 2 %.
"""
import argparse
import gzip
import json
import pathlib
import sys
import time

if __name__ == "__main__" and {"-h", "--help"} & set(sys.argv[1:]):  # also without what follows
    sys.exit(print(__doc__.strip()))

import aihwkit
import h5py
import numpy as np
import torch
import yaml
from aihwkit.nn import AnalogLinear, AnalogSequential
from aihwkit.optim import AnalogSGD
from aihwkit.simulator.configs import (BoundManagementType, ConstantStepDevice, IOParameters, NoiseManagementType, SingleRPUConfig,
                                       SoftBoundsDevice, TransferCompound, UnitCellRPUConfig, UpdateParameters)

import samples

SNAPSHOTS = 20
MODELS = {"constant_step": ConstantStepDevice, "soft_bounds": SoftBoundsDevice}
SAME_NAME = ("dw_min", "dw_min_dtod", "dw_min_std", "up_down", "up_down_dtod", "w_max", "w_min", "w_max_dtod", "w_min_dtod",
             "corrupt_devices_prob")
# keys that must have these values, since aihwkit has nothing else that does the same
ONLY = {"network.activation": ["tanh"], "tile.w_scale_log2": [0], "tile.adc_offset": [0], "tile.out_noise": [0],
        "algorithm.name": ["shd", "sgd"], "network.output": ["logistic", "softmax"], "algorithm.pulse_type": ["stochastic"], "algorithm.transfer_pulse": ["stochastic"],
        "algorithm.transfer_lr_per": ["visit"], "algorithm.zero_shift_pairs": [0], "data.kind": ["idx"], "run.epochs": [0],
        "device.A.model": list(MODELS), "device.C.model": list(MODELS), "device.A.corrupt_devices_prob": [0],
        "device.C.corrupt_devices_prob": [0]}


def checked(path):
    c = yaml.safe_load(path.read_text())
    for key, allowed in ONLY.items():
        value = c
        for word in key.split("."):
            value = value[word]
        if any(v not in allowed for v in (value if isinstance(value, list) else [value])):
            sys.exit(f"{path}: {key}: {value} has no counterpart in aihwkit; there is {', '.join(map(str, allowed))}")
    for key, value in c.get("front_end", {}).items():  # preset and what can be wrong with a front end
        if value not in ("ideal", 0):
            sys.exit(f"{path}: front_end.{key}: {value} has no counterpart in aihwkit; there is none but the ideal front end")
    return c


def device(d):
    return MODELS[d["model"]](**{k: d[k] for k in SAME_NAME})


def converters(tile, log2_bound, noise_management=NoiseManagementType.NONE):
    """DAC and ADC of one kind of read; both sides have 2^bits - 1 codes, 0 in the middle."""
    return IOParameters(inp_res=1 / (2 ** tile["code_bits"] - 2), out_res=1 / (2 ** tile["adc_bits"] - 2),
                        out_bound=2.0 ** log2_bound, out_noise=0.0, noise_management=noise_management,
                        bound_management=BoundManagementType.NONE)


def update_of(a, longest):
    return UpdateParameters(desired_bl=longest, update_management=a["update_management"],
                            update_bl_management=a["update_bl_management"])


def granularities(c):
    """What aihwkit divides by to get pulses from a rate: that of the gradient's array, that of the transfer's."""
    slow = c["device"]["C"]["dw_min"]
    return ((c["device"]["A"]["dw_min"] + slow) / 2 if c["algorithm"]["name"] == "shd" else slow), slow


def rate(c, k):
    """The rate of layer k whose pulses are those of ours: aihwkit takes the mean step of A and C for A's."""
    a = c["algorithm"]
    return a["fast_lr"][k] * granularities(c)[0] / c["device"]["A"]["dw_min"] if a["name"] == "shd" else a["lr"][k]


def layer_config(c, k):
    a, tile = c["algorithm"], c["tile"]
    if a["name"] == "shd":
        rpu = UnitCellRPUConfig(device=TransferCompound(
            unit_cell_devices=[device(c["device"]["A"]), device(c["device"]["C"])], gamma=0.0, fast_lr=rate(c, k),
            transfer_lr=a["transfer_lr"][k], scale_transfer_lr=False, transfer_every=a["transfer_every"], units_in_mbatch=False,
            n_reads_per_transfer=1, transfer_columns=True, transfer_forward=converters(tile, tile["range_transfer"][k]),
            transfer_update=UpdateParameters(desired_bl=a["transfer_bl"])))
    else:
        rpu = SingleRPUConfig(device=device(c["device"]["C"]))
    rpu.forward = converters(tile, tile["range_forward"][k])
    rpu.backward = converters(tile, tile["range_backward"][k], NoiseManagementType.ABS_MAX)
    rpu.update = update_of(a, a["desired_bl"])
    rpu.mapping.max_input_size = rpu.mapping.max_output_size = 0  # one tile a layer
    rpu.mapping.digital_bias = False
    return rpu


def initial(run, c):
    """Weights of every layer as the checkpoint has them: (outputs, inputs), and the row of the bias."""
    with h5py.File(run / "checkpoint.h5") as f:
        states = [f[f"layer{k}/C"][...] / 2 ** (c["tile"]["state_bits"] - 1) for k in range(len(c["network"]["hidden"]) + 1)]
    return [(torch.tensor(s[:-1].T, dtype=torch.float32), torch.tensor(s[-1], dtype=torch.float32)) for s in states]


class Trainer:
    """A network and the x and d of its updates."""

    def __init__(self, c, weights):
        self.c = c
        layers = []
        for k, (w, bias) in enumerate(weights):
            layer = AnalogLinear(w.shape[1], w.shape[0], bias=True, rpu_config=layer_config(c, k))
            layer.set_weights(w, bias)
            layers += [layer, torch.nn.Tanh()]
        self.net = AnalogSequential(*layers[:-1])
        self.tiles = list(self.net.analog_tiles())
        self.optimizer = AnalogSGD(self.net.parameters(), lr=1.0)
        self.optimizer.regroup_param_groups(self.net)
        shd = c["algorithm"]["name"] == "shd"
        for k, group in enumerate(self.optimizer.param_groups):
            group["lr"] = 1.0 if shd else rate(c, k)  # shd: no use is made of it, but 0 would switch updates off
        reduction = dict(reduction="sum")  # as if every sample of a batch came alone
        self.loss = (torch.nn.BCEWithLogitsLoss if c["network"]["output"] == "logistic" else torch.nn.CrossEntropyLoss)(**reduction)
        self.updates = [[] for _ in self.tiles]
        for tile, updates in zip(self.tiles, self.updates):
            self.watch(tile, updates)

    @staticmethod
    def watch(tile, updates):
        update = tile.update

        def kept(x, d):
            updates.append((x, d))
            update(x, d)
        tile.update = kept

    def train(self, x, y, batch):
        net, loss, optimizer = self.net, self.loss, self.optimizer
        for i in range(0, len(x), batch):
            optimizer.zero_grad()
            loss(net(x[i:i + batch]), y[i:i + batch]).backward()
            optimizer.step()

    def accuracy(self, x, y):
        with torch.no_grad():
            right = sum(int((self.net(x[i:i + 100]).argmax(1) == y[i:i + 100].argmax(1)).sum()) for i in range(0, len(x), 100))
        return right / len(x)

    def pulses(self, k):
        """Of the gradient, of layer k, all updates."""
        x, d = (torch.cat([u[i] for u in self.updates[k]]).numpy() for i in (0, 1))
        if x.shape[1] < self.tiles[k].tile.get_x_size():
            x = np.concatenate([x, np.ones((len(x), 1), x.dtype)], axis=1)
        a = self.c["algorithm"]
        return mean_pulses(x, d, rate(self.c, k), granularities(self.c)[0], a["desired_bl"], a["update_management"],
                           a["update_bl_management"]).sum()

    def transfer_pulses(self):
        """Of a transfer in each layer as A is now, summed."""
        return sum(transfer_pulses(hidden(tile), self.c, k) for k, tile in enumerate(self.tiles))


def mean_pulses(x, d, lr, granularity, longest, management=True, length_management=True):
    """Mean number of pulses of each update: rows of x and d are vectors."""
    x, d = np.abs(x, dtype=np.float64), np.abs(d, dtype=np.float64)
    xm, dm = (v.max(axis=1, keepdims=True) for v in (x, d))
    some = (xm * dm > 0)[:, 0]
    x, d, xm, dm = x[some], d[some], xm[some], dm[some]
    k = lr * xm * dm / granularity
    length = np.minimum(np.ceil(k), longest) if length_management else np.full_like(k, longest)
    gain = np.sqrt(lr / (granularity * length))
    split = np.sqrt(dm * np.minimum(1, longest / k) / xm) if management or length_management else 1.0  # beyond it d clips, not x
    mean = np.zeros(len(some))
    mean[some] = (length * np.minimum(1, gain * split * x).sum(axis=1, keepdims=True)
                  * np.minimum(1, gain / split * d).sum(axis=1, keepdims=True))[:, 0]
    return mean


def hidden(tile, index=0):
    return tile.get_hidden_parameters()[f"hidden_weights_{index}"].numpy()


def transfer_pulses(a, c, k):
    """Mean number of pulses of a transfer, over the columns of A."""
    bound, step = 2.0 ** c["tile"]["range_transfer"][k], 1 / (2 ** c["tile"]["adc_bits"] - 2)
    read = np.clip(np.round(a.T / (2 * bound * step)) * 2 * bound * step, -bound, bound)
    algorithm = c["algorithm"]
    return mean_pulses(np.ones((len(read), 1)), read, algorithm["transfer_lr"][k], granularities(c)[1],
                       algorithm["transfer_bl"]).mean() / algorithm["transfer_every"]


def mnist(folder, kind):
    def data(name, offset):
        plain = folder / name.removesuffix(".gz")
        with (plain.open("rb") if plain.exists() else gzip.open(folder / name)) as f:
            return np.frombuffer(f.read(), np.uint8, offset=offset)
    x = data(f"{kind}-images-idx3-ubyte.gz", 16)
    y = data(f"{kind}-labels-idx1-ubyte.gz", 8)
    return torch.tensor(x.reshape(len(y), -1) / 255, dtype=torch.float32), torch.eye(10)[torch.tensor(y.astype(np.int64))]


def measure(run, folder, batch):
    c = checked(run / "config.yaml")
    weights = initial(run, c)
    x, y = mnist(folder, "train")
    count = min(c["data"]["limit"] or len(x), len(x))
    order = torch.tensor(samples.order(c["seed"], 0, count))
    x, y = x[order], y[order]
    Trainer(c, weights).train(x[:20 * batch], y[:20 * batch], batch)  # what PyTorch does once is not timed
    t = Trainer(c, weights)
    shd = c["algorithm"]["name"] == "shd"
    ends = [count * k // SNAPSHOTS // batch * batch for k in range(SNAPSHOTS)] + [count]
    cpu = wall = 0.0
    transfers = [0.0]  # A begins at 0
    for begin, end in zip(ends, ends[1:]):
        wall -= time.perf_counter()
        cpu -= time.process_time()
        t.train(x[begin:end], y[begin:end], batch)
        cpu += time.process_time()
        wall += time.perf_counter()
        transfers.append(t.transfer_pulses() if shd else 0.0)
    transfer = float(np.trapezoid(transfers, ends)) / count
    gradient = float(sum(t.pulses(k) for k in range(len(t.tiles)))) / count
    return dict(samples=count, cpu=cpu, wall=wall, pulses=gradient + transfer, pulses_transfer=transfer,
                accuracy=t.accuracy(*mnist(folder, "t10k")), aihwkit=aihwkit.__version__, torch=torch.__version__)


def check():
    """Counted pulses against computed ones: steps without spread, noise or bounds are a counter."""
    plain = dict(model="constant_step", dw_min_dtod=0, dw_min_std=0, up_down=0, up_down_dtod=0, w_max=1000, w_min=-1000,
                 w_max_dtod=0, w_min_dtod=0, corrupt_devices_prob=0)
    worst = 0.0
    for name, longest, length_management in (("sgd", 31, True), ("sgd", 5, True), ("sgd", 10, False), ("shd", 31, True)):
        c = dict(device=dict(A=dict(plain, dw_min=0.004), C=dict(plain, dw_min=0.0004)),
                 tile=dict(code_bits=7, adc_bits=9, range_forward=[2], range_backward=[0], range_transfer=[1]),
                 algorithm=dict(name=name, lr=[0.01], fast_lr=[0.05], transfer_lr=[0.01], transfer_every=1, transfer_bl=10,
                                desired_bl=longest, update_management=True, update_bl_management=length_management))
        tile = next(AnalogLinear(20, 10, bias=False, rpu_config=layer_config(c, 0)).analog_tiles())
        tile.set_learning_rate(1.0 if name == "shd" else rate(c, 0))
        tile.tile.set_weights(torch.zeros(10, 20))
        planes = [("A", 0.004), ("C", 0.0004)] if name == "shd" else [("C", 0.0004)]
        state = lambda i: hidden(tile, i).copy() if name == "shd" else tile.tile.get_weights().numpy().copy()
        before, counted, computed = [state(i) for i in range(len(planes))], dict(A=0.0, C=0.0), dict(A=0.0, C=0.0)
        for _ in range(3000):
            x, d = torch.relu(torch.randn(1, 20)).clamp(max=1), torch.randn(1, 10) * 0.3
            tile.update(x, d)
            for i, (plane, step) in enumerate(planes):
                after = state(i)
                counted[plane] += np.abs(after - before[i], dtype=np.float64).sum() / step
                before[i] = after
            computed[planes[0][0]] += mean_pulses(x.numpy(), d.numpy(), rate(c, 0), granularities(c)[0], longest, True,
                                                  length_management).sum()
            if name == "shd":
                computed["C"] += transfer_pulses(before[0], c, 0)
        for plane, _ in planes:
            off = computed[plane] / counted[plane] - 1
            worst = max(worst, abs(off))
            print(f"{name}, trains of {'at most ' if length_management else ''}{longest}, plane {plane}: counted {counted[plane]:.0f},"
                  f" computed {computed[plane]:.0f} ({100 * off:+.2f} %)")
    return worst <= 0.02


def main():
    p = argparse.ArgumentParser(usage=__doc__.split("usage: ")[1].split("\nTrains")[0])
    p.add_argument("run", type=pathlib.Path, nargs="?")
    p.add_argument("data", type=pathlib.Path, nargs="?")
    p.add_argument("--batch", type=int, default=1)
    p.add_argument("--check", action="store_true")
    a = p.parse_args()
    torch.set_num_threads(1)
    if a.check:
        sys.exit(0 if check() else 1)
    if not a.run or not a.data or a.batch < 1:
        p.error("the folder of a run, that of MNIST and a batch of at least 1 are needed")
    print(json.dumps(measure(a.run, a.data, a.batch)))


if __name__ == "__main__":
    main()
