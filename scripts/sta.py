#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Static timing of xt_tile: Yosys and abc map it to a standard-cell library, OpenSTA looks for its longest paths.

usage: sta.sh [--liberty FILE] [--driver CELL] [--clock NS] [--flat] [--path] [--block NAME] [--set NAME=VALUE ...] [N M ...]

For every shape N x M (16 16 if none is given) a table with a row per block, hierarchy kept: area, area per line, flip-flops,
the longest path that begins and ends in the block or at its ports (levels: gates on it; delay, setup time included; its
registers or ports), and the longest path of the whole tile with the blocks whose gates it goes through. Below it: of every
register and output the longest path, counted by the number of blocks whose gates are on it. --flat: also the tile as one
block, as a synthesis tool without hierarchy makes it (abc sees across the blocks); --only-flat: that alone. --path prints
the longest path of the tile gate by gate. --block NAME: that block alone, without the rest of the tile (xt_encoder: its rows,
xt_encoder__2: its columns); its parameters are those of the tile. --set: a parameter of xt_tile. --clock (default 5 ns: the 200 MHz of the summaries) is
what slack is against.

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
BLOCKS = "tile cmd csr seq upd_mgr encoder amp acc ram coinc adc xfer prog result count trace".split()
PACKAGE = "qflow-tech-osu018"
LIBERTY = "usr/share/qflow/tech/osu018/osu018_stdcells.lib"
INSTANCES = {"xt_encoder": "u_row_enc", "xt_encoder__2": "u_col_enc"}  # of a module that is there twice


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


# For delay at the clock: choices of structure, balanced, restructured, mapped, buffered and sized. Choices (dch) of a large
# flat tile take hours, so it goes without.
CHOICES = "dch -f; "
SCRIPT = "strash; {choices}if -g -K 6; strash; &get -n; &synch2; &nf {D}; &put; buffer -c; upsize {D}; dnsize {D}; stime -p"
MOST_FLAT = 64  # lines of a flat tile with choices


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


def synthesize(work, shape, liberty, driver, clock, flat, block, parameters):
    """Writes work/netlist.v (modules named as their sources); returns the statistics of Yosys."""
    (work / "constraints").write_text(f"set_driving_cell {driver}\nset_load 0.05 [all_outputs]\n")
    choices = "" if flat and sum(shape) > MOST_FLAT else CHOICES
    (work / "script").write_text(SCRIPT.format(choices=choices, D=f"-D {clock * 1000:.0f}"))
    files = " ".join(["xt_pkg.sv"] + [f"xt_{b}.sv" for b in BLOCKS])
    tile = f"""\
read_verilog -sv {files}
chparam -set N {shape[0]} -set M {shape[1]}{parameters} xt_tile
hierarchy -check -top xt_tile
"""
    top = "xt_tile"
    yosys = ["yosys", "-q", "-e", "implicitly declared", "-e", "is assigned in a block", "-s"]
    if block:
        (work / "ls.ys").write_text(tile + f"write_rtlil {work}/tile.il\ntee -o {work}/ls dump xt_tile/u_*\n")
        run(yosys + [str(work / "ls.ys")], work / "yosys.log", ROOT / "rtl")
        cells = re.findall(r"^ *cell (\S+) \\(u_\w+)", (work / "ls").read_text(), re.M)
        whole = [kind for kind, name in cells if name == INSTANCES.get(block, name) and kind.split("\\")[-1] == block.split("__")[0]]
        if not whole:
            stop(f"xt_tile has no block {block}")
        top = whole[0]
        tile = f"read_rtlil {work}/tile.il\nhierarchy -top {top}\n"
    (work / "synth.ys").write_text(f"""\
{tile}synth {'-flatten ' if flat else ''}-top {top}
dfflibmap -liberty {liberty}
abc -script {work}/script -constr {work}/constraints -liberty {liberty}
setundef -zero
splitnets
opt_clean -purge
check -mapped
tee -o {work}/stat stat -liberty {liberty}
write_verilog -noattr -noexpr -nohex {work}/yosys.v
""")
    run(yosys + [str(work / "synth.ys")], work / "yosys.log", ROOT / "rtl")
    text = (work / "yosys.v").read_text()
    names = {m[1]: name for name, i in INSTANCES.items() if (m := re.search(rf"^ *(\S+) +{i} \(", text, re.M))}
    if block:
        names["\\" + top] = block
    text = re.sub(r"\\\$paramod\S*\\(xt_\w+) ", lambda m: names.setdefault(m[0].strip(), m[1]) + " ", text)
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


class Netlist:
    """What a place in the netlist is called in the RTL: registers by what they hold, blocks by their modules."""

    def __init__(self, text):
        self.modules = {i: m for m, i in re.findall(r"\n\s+(xt_\w+)\s+\\?(?:\w+\.)*(u_\w+) +\(", text)}
        self.kinds = {i: re.sub(r"__\d+$", "", m) for i, m in self.modules.items()}
        self.registers = {}
        for body in re.split(r"\nmodule ", text)[1:]:
            module = re.match(r"(\w+)", body)[1]
            found = re.findall(r"\n\s+\w*DFF\w*\s+(\S+) \((.*?)\);", body, re.S | re.I)
            for name, pins in found:
                if q := re.search(r"\.Q\(\\?(.*?) ?\)", pins):
                    self.registers[module, name] = re.sub(r"\s*\[\d+\]", "", q[1])

    def block(self, place):
        inside = [self.kinds[i] for i in re.split(r"[/.]", place)[:-1] if i in self.kinds]
        return inside[-1] if inside else None

    def word(self, module, place):
        """Start or end of a path: block and register, or a port."""
        if "/" in place:
            instance, name = re.split(r"[/.]", place)[-2:]
            return f"{self.kinds.get(instance, instance)}.{self.registers.get((self.modules.get(instance), name), name)}"
        name = self.registers.get((module, place), place)
        return re.sub(r"\[\d+\]", "", name)

    def through(self, path):
        """The blocks whose gates a path of the tile goes through, in order."""
        order = []
        for place in [g[0] for g in path["gates"]]:
            what = self.block(place)
            if what and (not order or order[-1] != what):
                order.append(what)
        return order


def longest(work, liberty, module, clock, count=1):
    """The longest paths of a module, to `count` different ends, longest first: delay with setup, gates, start, end."""
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
report_checks -path_delay max -format full -digits 4 -group_count {count} -endpoint_count 1
""")
    text = run(["sta", "-no_splash", "-exit", str(work / "sta.tcl")], work / "sta.log")
    if re.search(r"^Error", text, re.M):
        print(text[-2000:], file=sys.stderr)
        stop(f"OpenSTA does not read {module}", 1)
    found = []
    for part in re.split(r"^Startpoint: ", text, flags=re.M)[1:]:
        arrival = re.search(r"^\s+([\d.]+)\s+data arrival time", part, re.M)
        if not arrival:
            continue
        setup = re.search(r"^\s+(-?[\d.]+)\s+-?[\d.]+\s+library setup time", part, re.M)
        gates = [(m[0], m[1]) for m in re.findall(r"^\s+[\d.]+\s+[\d.]+ [\^v] (\S+)/\S+ \((\w+)\)", part, re.M)]
        found.append({"delay": float(arrival[1]) - (float(setup[1]) if setup else 0.0),
                      "gates": [g for g in gates if "DFF" not in g[1].upper()], "start": part.split()[0],
                      "end": re.search(r"^Endpoint: (\S+)", part, re.M)[1]})
    return sorted(found, key=lambda path: -path["delay"])


def main():
    parser = argparse.ArgumentParser(prog="sta.sh", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--liberty", type=Path)
    parser.add_argument("--driver")
    parser.add_argument("--clock", type=float, default=5.0)
    parser.add_argument("--flat", action="store_true")
    parser.add_argument("--only-flat", action="store_true")
    parser.add_argument("--block", metavar="NAME")
    parser.add_argument("--path", action="store_true")
    parser.add_argument("--set", metavar="NAME=VALUE", action="append", default=[])
    parser.add_argument("shape", nargs="*", type=int, metavar="N M")
    a = parser.parse_args()
    shape = a.shape or [16, 16]
    if len(shape) % 2 or any(not 1 <= v <= 32768 for v in shape):
        stop("shapes are pairs of numbers of lines, 1..32768 each")
    if wrong := [s for s in a.set if not re.fullmatch(r"[A-Z]\w*=\d+", s) or s[:2] in ("N=", "M=")]:
        stop(f"--set {wrong[0]}: a parameter of xt_tile but N and M, and a number, are wanted: NAME=VALUE")
    a.set = [s.split("=") for s in a.set]
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
        print(f"xt_tile {n}x{m}{''.join(f', {k} {v}' for k, v in a.set)}, {liberty.name}, driver {driver}, clock {a.clock:g} ns (no wires)")
        print(f"{'block':<16}{'area':>11}{'per line':>10}{'ff':>7}{'levels':>8}{'ns':>8}{'slack':>8}  longest path")
        for flat in [False] * (not a.only_flat) + [True] * (a.flat or a.only_flat):
            with tempfile.TemporaryDirectory() as folder:
                table(Path(folder), (n, m), liberty, driver, flat, lines, a)


def table(work, shape, liberty, driver, flat, lines, a):
    stats = synthesize(work, shape, liberty, driver, a.clock, flat, a.block, "".join(f" -set {s[0]} {s[1]}" for s in a.set))
    netlist = Netlist((work / "netlist.v").read_text())
    blocks = [b for b in stats if b.startswith("xt_") and b != "xt_tile"]
    for b in [a.block] if a.block else ["xt_tile"] if flat else blocks + ["xt_tile"]:
        whole = b == "xt_tile" and not flat
        paths = longest(work, liberty, b, a.clock, 100000 if whole else 1)
        row = dict(stats[b])
        if whole:  # its statistics are of itself; the table's row is the whole
            row = {k: sum(s[k] for name, s in stats.items() if name.startswith("xt_")) for k in row}
        per = f"{row['area'] / lines[b]:.0f}" if b in lines else "-"
        name = {"xt_encoder": "xt_encoder rows", "xt_encoder__2": "xt_encoder cols", "xt_tile": "flat" if flat else "tile"}.get(b, b)
        head = f"{name:<16}{row['area']:>11.0f}{per:>10}{row['ff']:>7}"
        if not paths:
            print(f"{head}{'-':>8}{'-':>8}{'-':>8}  no path")
            continue
        path = paths[0]
        where = f"{netlist.word(b, path['start'])} -> {netlist.word(b, path['end'])}"
        if whole:
            where += f" through {' > '.join(netlist.through(path))}"
        print(f"{head}{len(path['gates']):>8}{path['delay']:>8.2f}{a.clock - path['delay']:>8.2f}  {where}", flush=True)
        if whole:
            by_blocks = {}
            for p in paths:
                by_blocks.setdefault(len(netlist.through(p)), []).append(p)
            for k in sorted(by_blocks):
                worst = by_blocks[k][0]
                print(f"  through {k} blocks: {len(by_blocks[k])} ends, longest {worst['delay']:.2f} ns, {len(worst['gates'])} levels: "
                      f"{netlist.word(b, worst['start'])} -> {netlist.word(b, worst['end'])} through {' > '.join(netlist.through(worst))}")
        if a.path and b == "xt_tile":
            print("\n".join(f"    {place} ({cell})" for place, cell in path["gates"]))


if __name__ == "__main__":
    main()
