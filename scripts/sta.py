#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Static timing of xt_tile: Yosys and abc map it to a standard-cell library, OpenSTA looks for its longest paths.

usage: sta.sh [--liberty FILE] [--driver CELL] [--clock NS] [--flat] [--path] [N M ...]

For every shape N x M (16 16 if none is given) a table with a row per block, hierarchy kept: area, area per line, flip-flops,
the longest path that begins and ends in the block or at its ports (levels: gates on it; delay, setup time included), and the
longest path of the whole tile with the blocks that it goes through. --flat: also the tile as one block, as a synthesis tool
without hierarchy makes it (abc sees across the blocks; takes minutes at 16 16, much longer above). --path prints the longest
path of the tile gate by gate. --clock (default 5 ns: the 200 MHz of the summaries) is what slack is against.

Gates have no wires: no wire load, no clock tree. Inputs come from, and outputs go to, registers (0 ns). abc sizes and buffers
against one driver and one load (--driver, 0.05 pF). FILE is any liberty file; by default that of OSU's .18 um cells, from
Debian's package qflow-tech-osu018 (fetched and unpacked into build/liberty, not installed).
Exit code: 0 done, 1 a tool failed, 2 usage or a tool is missing.
"""
import argparse
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BLOCKS = "tile cmd csr seq upd_mgr encoder coinc adc xfer prog result count trace".split()
PACKAGE = "qflow-tech-osu018"
LIBERTY = "usr/share/qflow/tech/osu018/osu018_stdcells.lib"


def stop(text, code=2):
    print(f"sta.sh: {text}", file=sys.stderr)
    sys.exit(code)


def run(command, log, cwd=None):
    with open(log, "w") as out:
        code = subprocess.run(command, cwd=cwd, stdout=out, stderr=subprocess.STDOUT).returncode
    text = Path(log).read_text()
    if code:
        print("\n".join(text.splitlines()[-20:]), file=sys.stderr)
        stop(f"{command[0]} failed", 1)
    return text


def default_liberty():
    if (installed := Path("/") / LIBERTY).exists():
        return installed
    folder = ROOT / "build" / "liberty"
    if not (folder / LIBERTY).exists():
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=folder) as work:
            run(["apt-get", "download", PACKAGE], f"{work}/log", work)
            run(["dpkg-deb", "-x", str(next(Path(work).glob("*.deb"))), f"{work}/x"], f"{work}/log")
            shutil.copytree(f"{work}/x", folder, dirs_exist_ok=True)
    return folder / LIBERTY


def buffer_of(text):
    """The second smallest buffer of a library: one input pin, one output pin whose function is that input."""
    found = []
    for cell in re.split(r"\n\s*cell\s*\(", text)[1:]:
        pins = re.findall(r"\bpin\s*\(\s*\"?(\w+)\"?\s*\)", cell)
        function = re.findall(r"\bfunction\s*:\s*\"\(?\s*(\w+)\s*\)?\"", cell)
        area = re.search(r"\barea\s*:\s*([\d.]+)", cell)
        if len(pins) == 2 and len(function) == 1 and function[0] in pins and area and "latch" not in cell and "ff" not in cell:
            found.append((float(area[1]), re.match(r"\s*\"?(\w+)", cell)[1]))
    if not found:
        stop("the library has no buffer that could be found; name one with --driver")
    return sorted(found)[min(1, len(found) - 1)][1]


def one_by_one(netlist):
    """Bit by bit what is assigned to a concatenation: OpenSTA does not read that."""
    widths, out = {}, []

    def bits(side):
        found = []
        for name, const, high, low in re.findall(r"(\\\S+ |\d+'b([01xz]+)|\w+)\s*(?:\[(\d+)(?::(\d+))?\])?", side):
            if const:
                found += [f"1'b{b}" for b in const]
            elif high:
                found += [f"{name}[{k}]" for k in range(int(high), int(low or high) - 1, -1)]
            else:
                h, l = widths.get(name.strip(), (None, None))
                found += [name] if h is None else [f"{name}[{k}]" for k in range(h, l - 1, -1)]
        return found
    for line in netlist.splitlines():
        if line.startswith("module "):
            widths = {}
        if m := re.match(r"\s*(?:input|output|wire) \[(\d+):(\d+)\] (\S+?) ?;", line):
            widths[m[3]] = (int(m[1]), int(m[2]))
        if m := re.match(r"\s*assign \{(.*)\} = (.*);", line):
            to, of = bits(m[1]), bits(m[2])
            if len(to) != len(of):
                stop(f"widths differ in the netlist: {line.strip()}", 1)
            out += [f"  assign {a} = {b};" for a, b in zip(to, of)]
        else:
            out.append(line)
    return "\n".join(out) + "\n"


def synthesize(work, shape, liberty, driver, clock, flat):
    """Writes work/netlist.v (modules named as their sources); returns the statistics of Yosys."""
    (work / "constraints").write_text(f"set_driving_cell {driver}\nset_load 0.05 [all_outputs]\n")
    files = " ".join(["xt_pkg.sv"] + [f"xt_{b}.sv" for b in BLOCKS])
    (work / "synth.ys").write_text(f"""\
read_verilog -sv {files}
chparam -set N {shape[0]} -set M {shape[1]} xt_tile
hierarchy -check -top xt_tile
synth {'-flatten ' if flat else ''}-top xt_tile
dfflibmap -liberty {liberty}
abc -constr {work}/constraints -D {int(clock * 1000)} -liberty {liberty}
setundef -zero
splitnets
opt_clean -purge
check -mapped
tee -o {work}/stat stat -liberty {liberty}
write_verilog -noattr -noexpr -nohex {work}/yosys.v
""")
    run(["yosys", "-q", "-e", "implicitly declared", "-e", "is assigned in a block", "-s", str(work / "synth.ys")], work / "yosys.log",
        ROOT / "rtl")
    names = {}

    def plain(match):
        whole = match[0].strip()
        if whole not in names:
            base = whole.split("\\")[-1]
            same = [n for n in names.values() if n.split("__")[0] == base]
            names[whole] = base if not same else f"{base}__{len(same) + 1}"
        return names[whole] + " "
    text = re.sub(r"\\\$paramod\S*\\(xt_\w+) ", plain, (work / "yosys.v").read_text())
    (work / "netlist.v").write_text(one_by_one(text))
    stats, name = {}, None
    for line in (work / "stat").read_text().splitlines():
        if line.startswith("=== design hierarchy"):  # sums of the above
            break
        if m := re.match(r"=== (\S+) ===", line):
            name = names.get("\\" + m[1].lstrip("\\"), m[1].lstrip("\\").split("\\")[-1])
            stats[name] = {"area": 0.0, "ff": 0}
        elif name and (m := re.search(r"Chip area for .*: ([\d.]+)", line)):
            stats[name]["area"] = float(m[1])
        elif name and (m := re.match(r"\s+(\S*DFF\S*)\s+(\d+)", line, re.I)):
            stats[name]["ff"] += int(m[2])
    return stats


def longest(work, liberty, module, clock):
    """The longest path of a module: (delay with setup, [(instance path, cell)], slack), from OpenSTA's report."""
    (work / "sta.tcl").write_text(f"""\
read_liberty {liberty}
read_verilog {work}/netlist.v
link_design {module}
if {{[llength [get_ports -quiet clk_i]]}} {{ create_clock -name clk -period {clock} [get_ports clk_i] }} \\
else {{ create_clock -name clk -period {clock} }}
set_input_delay 0 -clock clk [all_inputs]
set_output_delay 0 -clock clk [all_outputs]
if {{[llength [get_ports -quiet rst_ni]]}} {{ set_false_path -from [get_ports rst_ni] }}
if {{[llength [get_ports -quiet clk_i]]}} {{ set_false_path -from [get_ports clk_i] }}
report_checks -path_delay max -format full -digits 4
""")
    text = run(["sta", "-no_splash", "-exit", str(work / "sta.tcl")], work / "sta.log")
    if re.search(r"^Error", text, re.M):
        print(text[-2000:], file=sys.stderr)
        stop(f"OpenSTA does not read {module}", 1)
    gates, required, arrival, setup = [], None, None, 0.0
    start = end = "?"
    for line in text.splitlines():
        if m := re.match(r"\s+([\d.]+)\s+([\d.]+) [\^v] (\S+)/(\S+) \((\w+)\)", line):
            gates.append((m[3], m[5]))
        elif m := re.match(r"Startpoint: (\S+)", line):
            start = m[1]
        elif m := re.match(r"Endpoint: (\S+)", line):
            end = m[1]
        elif (m := re.match(r"\s+([\d.]+)\s+data arrival time", line)) and arrival is None:
            arrival = float(m[1])
        elif m := re.match(r"\s+(-?[\d.]+)\s+-?[\d.]+\s+library setup time", line):
            setup = -float(m[1])
    if arrival is None:
        return None
    if gates and "DFF" in gates[0][1].upper():  # clock to output
        gates = gates[1:]
    gates = [g for g in gates if "DFF" not in g[1].upper()]
    return {"delay": arrival + setup, "gates": gates, "start": start, "end": end}


def block_names(path, work):
    """The blocks that a path of the tile goes through, in order."""
    kinds = {i: k for k, i in re.findall(r"\n\s+(xt_\w+?)(?:__\d+)?\s+(u_\w+) \(", (work / "netlist.v").read_text())}
    order = []
    for place in [path["start"]] + [g[0] for g in path["gates"]] + [path["end"]]:
        name = place.split("/")[0] if "/" in place else None
        what = kinds.get(name)
        if what and (not order or order[-1] != what):
            order.append(what)
    return order


def main():
    parser = argparse.ArgumentParser(prog="sta.sh", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--liberty", type=Path)
    parser.add_argument("--driver")
    parser.add_argument("--clock", type=float, default=5.0)
    parser.add_argument("--flat", action="store_true")
    parser.add_argument("--path", action="store_true")
    parser.add_argument("shape", nargs="*", type=int, metavar="N M")
    a = parser.parse_args()
    shape = a.shape or [16, 16]
    if len(shape) % 2 or any(not 1 <= v <= 32768 for v in shape):
        stop("shapes are pairs of numbers of lines, 1..32768 each")
    if a.clock <= 0:
        stop("--clock is a time in ns above 0")
    for tool, package in (("yosys", "yosys"), ("yosys-abc", "yosys"), ("sta", "opensta")):
        if not shutil.which(tool):
            stop(f"{tool} is not installed (apt-get install {package})")
    if a.liberty and not a.liberty.is_file():
        stop(f"{a.liberty}: no such file")
    liberty = (a.liberty or default_liberty()).resolve()
    driver = a.driver or buffer_of(liberty.read_text())

    for n, m in zip(shape[::2], shape[1::2]):
        lines = {"xt_encoder": n, "xt_encoder__2": m, "xt_adc": max(n, m), "xt_cmd": n + m, "xt_coinc": n + m,
                 "xt_prog": m, "xt_result": max(n, m), "xt_xfer": n + m, "xt_tile": n + m}
        print(f"xt_tile {n}x{m}, {liberty.name}, driver {driver}, clock {a.clock:g} ns (no wires)")
        print(f"{'block':<16}{'area':>11}{'per line':>10}{'ff':>7}{'levels':>8}{'ns':>8}{'slack':>8}  longest path")
        for flat in (False, True) if a.flat else (False,):
            with tempfile.TemporaryDirectory() as folder:
                work = Path(folder)
                stats = synthesize(work, (n, m), liberty, driver, a.clock, flat)
                blocks = ["xt_tile"] if flat else [b for b in stats if b.startswith("xt_") and b != "xt_tile"] + ["xt_tile"]
                for b in blocks:
                    path = longest(work, liberty, b, a.clock)
                    row = dict(stats[b])
                    if b == "xt_tile" and not flat:  # its statistics are of itself; the table's row is the whole
                        row = {k: sum(s[k] for name, s in stats.items() if name.startswith("xt_")) for k in row}
                    per = f"{row['area'] / lines[b]:.0f}" if b in lines else "-"
                    name = {"xt_encoder": "xt_encoder rows", "xt_encoder__2": "xt_encoder cols"}.get(b, b)
                    if b == "xt_tile":
                        name = "flat" if flat else "tile"
                    if path is None:
                        print(f"{name:<16}{row['area']:>11.0f}{per:>10}{row['ff']:>7}{'-':>8}{'-':>8}{'-':>8}  no path")
                        continue
                    where = f"{path['start']} -> {path['end']}"
                    if b == "xt_tile" and not flat:
                        where = " > ".join(block_names(path, work))
                    print(f"{name:<16}{row['area']:>11.0f}{per:>10}{row['ff']:>7}{len(path['gates']):>8}{path['delay']:>8.2f}"
                          f"{a.clock - path['delay']:>8.2f}  {where}", flush=True)
                    if a.path and b == "xt_tile":
                        print("\n".join(f"    {place} ({cell})" for place, cell in path["gates"]))


if __name__ == "__main__":
    main()
