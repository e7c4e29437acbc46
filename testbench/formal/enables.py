#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Every register of the tile that is wider than 32 bits has an enable, so that a synthesis tool can gate its clock.

usage: enables.py. Yosys elaborates a 40 x 36 tile and infers the enables; one that is missing is named. FREE names the
registers that may change in every cycle, and why. Exit code: 0; 1 a register without an enable, or one of FREE that has
one or is not there; 2 usage.
"""
import json
import subprocess
import sys
import tempfile
from pathlib import Path

RTL = Path(__file__).resolve().parents[2] / "rtl"
MOST = 32
FREE = {
    "xt_seq.array_o": "the control of the boundary: it is something else in nearly every cycle of an operation",
}
if len(sys.argv) > 1:
    sys.exit(print(__doc__.strip()) if sys.argv[1] in ("-h", "--help") else 2)

with tempfile.TemporaryDirectory() as folder:
    files = " ".join(line for line in (RTL / "xt.f").read_text().split() if line.endswith(".sv"))
    names = [RTL / Path(f).name for f in files.split()]
    script = f"""read_verilog -sv {' '.join(str(n) for n in names if n.name.startswith('xt_') and 'top' not in n.name)}
chparam -set N 40 -set M 36 xt_tile
hierarchy -check -top xt_tile
proc
opt_expr
opt_clean
opt_dff
opt_clean
write_json {folder}/tile.json
"""
    done = subprocess.run(["yosys", "-q", "-p", script], cwd=RTL, capture_output=True, text=True)
    if done.returncode:
        sys.exit(done.stdout + done.stderr)
    design = json.loads(Path(f"{folder}/tile.json").read_text())

passed = failed = 0
free = set()
for name, module in design["modules"].items():
    block = name.split("\\")[-1]
    bits = {bit: net for net, n in sorted(module["netnames"].items(), key=lambda item: item[1]["hide_name"], reverse=True)
            for bit in n["bits"]}
    for cell in module["cells"].values():
        if "ff" not in cell["type"] or "Q" not in cell["connections"]:
            continue
        q = cell["connections"]["Q"]
        register = f"{block}.{bits[q[0]]}"
        if len(q) <= MOST:
            continue
        if "EN" in cell["connections"]:
            passed += 1
        elif register in FREE:
            free.add(register)
            passed += 1
        else:
            failed += 1
            print(f"{register}: {len(q)} bits without an enable")
for register in sorted(set(FREE) - free):
    failed += 1
    print(f"{register}: of FREE, but not a wide register without an enable")
print(f"{passed} passed, {failed} failed")
sys.exit(bool(failed))
