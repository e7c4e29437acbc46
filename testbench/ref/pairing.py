#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Every block has the same name in rtl/ and in refc/, a row in refc/README.md and a test that exists.

usage: pairing.py BUILD    the build folder, whose ctest knows the tests
Exit: 0 all paired, 1 not.
"""
import pathlib
import re
import subprocess
import sys

if __name__ == "__main__" and {"-h", "--help"} & set(sys.argv[1:]):
    sys.exit(print(__doc__.strip()))

REPO = pathlib.Path(__file__).resolve().parents[2]

# Why these stand alone. A name that finds its other side, or is gone, must leave the list.
RTL_ONLY = {
    "xt_pkg": "generated; in C: xt_params.h",
    "xt_top": "bus: tiles behind AXI; its tests compare every tile",
    "xt_axil": "bus",
    "xt_top_csr": "bus",
    "xt_stream_in": "bus",
    "xt_stream_out": "bus",
    "xt_reset_sync": "for the integrator to put in front",
    "xt_ram": "memory of the accumulator, for an SRAM to take its place",
    "xt_analog": "joins array and front end",
    "xt_sim": "wrapper: a tile and its array, for simulators",
    "xt_top_sim": "wrapper: xt_top and its arrays, for simulators",
    "xt_cells": "generated list of cells; in C: xt_cell.h",
    "xt_laws": "generated list of laws; in C: xt_law.h",
    "xt_planes": "generated list of planes; in C: struct xt_array",
}
REFC_ONLY = {
    "xt_params": "generated; in RTL: xt_pkg",
    "xt_bits": "helpers; in RTL: operators",
    "xt_dim": "sizes; in RTL: elaboration",
    "xt_drive": "what a line does; in RTL: ports",
    "xt_cell": "table of cells, what they share",
    "xt_law": "table of laws, what they share",
    "xt_device_count": "what pulses did to devices; no silicon",
    "xt_array_cfg": "check of a configuration",
    "xt_snapshot": "check and comparison of snapshots",
    "xt_beats": "packets on wide streams, for those who drive one",
    "xt_record": "text and comparison of records",
    "xt_cycles": "lengths of operations as formulas",
    "xt_clock": "clocks of a host on xt_top",
    "xt_room": "memory",
    "xt_tile_if": "what every engine offers",
    "xt_ref": "this engine",
}


def names(*patterns):
    return {p.stem for pattern in patterns for p in REPO.glob(pattern)}


def main():
    listing = subprocess.run(["ctest", "--test-dir", sys.argv[1], "-N"], capture_output=True, text=True, check=True).stdout
    tests = set(re.findall(r"Test +#\d+: (\S+)", listing))
    rtl = names("rtl/xt_*.sv", "rtl/xt_*.svh", "rtl/array/xt_*.sv", "rtl/array/xt_*.svh")
    refc = names("refc/xt_*.c", "refc/xt_*.h")
    rows = dict(re.findall(r"^\| `(xt_\w+)` \|.*\| `(\w+)` \|$", (REPO / "refc/README.md").read_text(), re.M))
    bad = [f"rtl/{n}: no refc/{n}" for n in sorted(rtl - refc - RTL_ONLY.keys())]
    bad += [f"refc/{n}: no rtl/{n}" for n in sorted(refc - rtl - REFC_ONLY.keys())]
    bad += [f"{n}: listed as RTL without a reference, but it is not" for n in sorted(RTL_ONLY.keys() - (rtl - refc))]
    bad += [f"{n}: listed as reference without RTL, but it is not" for n in sorted(REFC_ONLY.keys() - (refc - rtl))]
    bad += [f"{n}: no row in refc/README.md" for n in sorted((rtl & refc) - rows.keys())]
    bad += [f"{n}: a row in refc/README.md, but it is not on both sides" for n in sorted(rows.keys() - (rtl & refc))]
    bad += [f"{n}: its test {t} does not exist" for n, t in sorted(rows.items()) if t not in tests]
    for line in bad:
        print(line)
    print(f"{len(rtl & refc)} blocks paired, {len(bad)} failed")
    return 1 if bad or not rtl & refc else 0


if __name__ == "__main__":
    sys.exit(main())
