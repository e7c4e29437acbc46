#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Samples per CPU second of aihwkit's Tiki-Taka (TransferCompound) on MNIST, one thread, batch 1.

usage: aihwkit_tt.py MNIST_DIR [--samples N] [--device soft_bounds|reram_sb] [--lr R]
MNIST_DIR holds train-images-idx3-ubyte.gz and train-labels-idx1-ubyte.gz. Prints one line: name, samples per CPU second.
soft_bounds: the network, steps, bounds, spreads, pulse train and transfer period of testbench/configs/bench.yaml.
"""
import argparse
import gzip
import pathlib
import sys
import time

if {"-h", "--help"} & set(sys.argv[1:]):  # also without what follows
    sys.exit(print(__doc__.strip()))

import numpy as np
import torch
from aihwkit.nn import AnalogLinear, AnalogSequential
from aihwkit.optim import AnalogSGD
from aihwkit.simulator.configs import SoftBoundsDevice, TransferCompound, UnitCellRPUConfig
from aihwkit.simulator.presets import TikiTakaReRamSBPreset


def mnist(folder, count):
    def data(name, offset):
        with gzip.open(folder / name) as f:
            return np.frombuffer(f.read(), np.uint8, offset=offset)
    x = data("train-images-idx3-ubyte.gz", 16).reshape(-1, 784)[:count]
    y = data("train-labels-idx1-ubyte.gz", 8)[:count]
    return torch.tensor(x / 255.0, dtype=torch.float32), torch.tensor(y.astype(np.int64))


def config(name):
    rpu = TikiTakaReRamSBPreset() if name == "reram_sb" else soft_bounds()
    rpu.mapping.max_input_size = rpu.mapping.max_output_size = 0  # one tile a layer
    rpu.mapping.digital_bias = False
    return rpu


def soft_bounds():
    device = dict(w_max=0.9, w_min=-0.9, dw_min_dtod=0.3, w_max_dtod=0.3, w_min_dtod=0.3, dw_min_std=0.3)
    rpu = UnitCellRPUConfig(device=TransferCompound(
        unit_cell_devices=[SoftBoundsDevice(dw_min=0.004, **device), SoftBoundsDevice(dw_min=0.0004, **device)],
        transfer_every=1, n_reads_per_transfer=1, units_in_mbatch=False))
    rpu.update.desired_bl = 31
    return rpu


def main():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("folder", type=pathlib.Path)
    p.add_argument("--samples", type=int, default=2000)
    p.add_argument("--device", choices=("soft_bounds", "reram_sb"), default="soft_bounds")
    p.add_argument("--lr", type=float, default=0.05)
    a = p.parse_args()
    torch.set_num_threads(1)
    torch.manual_seed(1)
    x, y = mnist(a.folder, a.samples)
    sizes = (784, 256, 128, 10)
    layers = []
    for i in range(3):
        layers.append(AnalogLinear(sizes[i], sizes[i + 1], bias=True, rpu_config=config(a.device)))
        layers.append(torch.nn.Tanh() if i < 2 else torch.nn.LogSoftmax(dim=1))
    net = AnalogSequential(*layers)
    opt = AnalogSGD(net.parameters(), lr=a.lr)
    opt.regroup_param_groups(net)
    loss = torch.nn.NLLLoss()
    start = time.process_time()
    for i in range(a.samples):
        opt.zero_grad()
        loss(net(x[i:i + 1]), y[i:i + 1]).backward()
        opt.step()
    print(f"aihwkit {a.device}\t{a.samples / (time.process_time() - start):.1f}")


if __name__ == "__main__":
    main()
