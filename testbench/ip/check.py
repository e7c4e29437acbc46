#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The descriptions in rtl/ip against what they describe.

usage: check.py              the IP-XACT file is well formed, has every register of rtl/REGISTERS.md at its address with its
                             access, and the ports of xt_top as Yosys sees them at two shapes; exit 77 without Yosys.
                             rtl/INTEGRATION.md names every port, every parameter, and what a host has to save
       check.py --foreign    SystemRDL compiled by systemrdl-compiler, IP-XACT read by peakrdl-ipxact (PyPI; run.sh makes the
                             environment): the same registers, fields, resets in both, at several shapes
Prints "N passed, M failed"; exit code 0 if none failed.
"""
import ast
import fnmatch
import json
import operator
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import xml.etree.ElementTree as ET

if __name__ == "__main__" and {"-h", "--help"} & set(sys.argv[1:]):
    sys.exit(print(__doc__.strip()))

RTL = pathlib.Path(__file__).resolve().parents[2] / "rtl"
NS = "{http://www.accellera.org/XMLSchema/IPXACT/1685-2014}"
SHAPES = ({"Tiles": 1}, {"Tiles": 3, "N": 5, "M": 7, "CodeBits": 5, "AdcBits": 10, "AdcShare": 2, "BlMax": 7, "ProbBits": 12, "StateBits": 8},
          {"Tiles": 3, "Ns": 0x0021_0003_0001, "Ms": 0x0011_0005_0001, "AdcShare": 2}, {"Tiles": 2, "N": 3, "Ms": 0x0004_0002})
RDL_PARAMETERS = ("Tiles", "N", "M", "CodeBits", "AdcBits", "AdcShare", "BlMax", "StateBits", "ProbBits")
passed = failed = 0


def check(good, what):
    global passed, failed
    passed += bool(good)
    failed += not good
    if not good:
        print("FAIL " + what)


def value(text, given):
    """An expression of IP-XACT: numbers, parameters, + - * / << >> & > == ?: and brackets."""
    text = re.sub(r"'h([0-9a-fA-F]+)", r"0x\1", text)
    text = re.sub(r"\(([^()]*) > ([^()]*) \? ([^()]*) : ([^()]*)\)", r"(\3 if \1 > \2 else \4)", text)
    ops = {ast.Add: operator.add, ast.Sub: operator.sub, ast.Mult: operator.mul, ast.Div: operator.floordiv, ast.LShift: operator.lshift,
           ast.RShift: operator.rshift, ast.BitAnd: operator.and_, ast.Gt: operator.gt, ast.Eq: operator.eq}

    def of(n):
        if isinstance(n, ast.Constant):
            return n.value
        if isinstance(n, ast.Name):
            return given[n.id]
        if isinstance(n, ast.BinOp):
            return ops[type(n.op)](of(n.left), of(n.right))
        if isinstance(n, ast.Compare):
            return int(ops[type(n.ops[0])](of(n.left), of(n.comparators[0])))
        if isinstance(n, ast.IfExp):
            return of(n.body) if of(n.test) else of(n.orelse)
        raise ValueError(f"expression {text}")

    return of(ast.parse(text, mode="eval").body)


def shape_of(component, given):
    """All parameters, those of `given` replaced; one may be an expression of those before it."""
    out = {}
    for p in component.iter(NS + "parameter"):
        name = p.get("parameterId")
        out[name] = given[name] if name in given else value(p.find(NS + "value").text, out)
    return out


def xact_registers(component, given):
    """{byte address: (name, access)} with the tiles unrolled."""
    out = {}
    for block in component.iter(NS + "addressBlock"):
        base = value(block.find(NS + "baseAddress").text, given)
        groups = [(base, block)]
        for f in block.findall(NS + "registerFile"):
            at, step = value(f.find(NS + "addressOffset").text, given), value(f.find(NS + "range").text, given)
            groups += [(base + at + k * step, f) for k in range(value(f.find(NS + "dim").text, given))]
        for at, group in groups:
            for r in group.findall(NS + "register"):
                address = at + value(r.find(NS + "addressOffset").text, given)
                check(address not in out, f"two registers at {address:#x}")
                out[address] = (r.find(NS + "name").text, r.find(NS + "access").text)
    return out


def page_registers():
    """{(own, word address): (name, access)} of rtl/REGISTERS.md."""
    access = {"ro": "read-only", "wo": "write-only"}
    out, own = {}, False
    for line in (RTL / "REGISTERS.md").read_text(encoding="utf-8").splitlines():
        own = own or line.startswith("## Registers behind")
        m = re.match(r"\| (0x\w+)(?:, (0x\w+))? \| (\w+) \| (\w+) \|", line)
        if m and m[2]:
            out[own, int(m[1], 16)] = (m[3] + "_LOW", "read-write")
            out[own, int(m[2], 16)] = (m[3] + "_HIGH", "read-write")
        elif m:
            out[own, int(m[1], 16)] = (m[3], access.get(m[4], "read-write"))
    return out


def yosys_ports(given):
    with tempfile.TemporaryDirectory() as folder:
        sets = " ".join(f"-set {n} 256'h{v:x}" if n in ("Ns", "Ms") else f"-set {n} {v}" for n, v in given.items())
        script = f"read_verilog -sv xt_pkg.sv xt_top.sv; chparam {sets} xt_top; write_json {folder}/ports.json"
        subprocess.run(["yosys", "-q", "-p", script], cwd=RTL, check=True)
        modules = json.loads((pathlib.Path(folder) / "ports.json").read_text())["modules"]
    return {n: (p["direction"], len(p["bits"])) for n, p in modules["xt_top"]["ports"].items()}


def section(page, head):
    return page.split(f"\n{head}\n")[1].split("\n## ")[0]


def spelled(text):
    """Patterns of the names in backquotes: a{b,c}d is abd and acd, * anything."""
    out = set()
    for name in re.findall(r"`([^`\n]+)`", text):
        m = re.fullmatch(r"([^{]*)\{([^}]*)\}(.*)", name)
        out |= {m[1] + part + m[3] for part in m[2].split(",")} if m else {name}
    return out


def integration(component):
    """rtl/INTEGRATION.md beside the description and the modules: nothing that a system has to connect, set or save is left out."""
    page, registers = (RTL / "INTEGRATION.md").read_text(encoding="utf-8"), (RTL / "REGISTERS.md").read_text(encoding="utf-8")
    top = spelled(section(page, "## Ports of xt_top"))
    ports = [p.find(NS + "name").text for p in component.iter(NS + "port")]
    for port in ports:
        plain = re.sub("_[io]$", "", port)  # buses are named without direction
        check(any(fnmatch.fnmatch(port, n) or fnmatch.fnmatch(plain, n) for n in top) or port in ("clk_i", "rst_ni"), f"INTEGRATION.md: port {port} of xt_top")
    tile = top | spelled(section(page, "## Ports of xt_tile"))
    mine = re.findall(r"^  (?:input|output) .*?(\w+),?$", (RTL / "xt_tile.sv").read_text(encoding="utf-8"), re.M)
    for port in mine:
        check(port in tile or port in ("clk_i", "rst_ni"), f"INTEGRATION.md: port {port} of xt_tile")
    parameters = re.findall(r"^\| (\w+) \|", section(registers, "## Elaboration parameters"), re.M)[1:]
    words = set(re.findall(r"\w+", section(page, "## Parameters")))
    for name in parameters + ["Tiles", "Ns", "Ms", "Trace", "StreamBits"]:
        check(name in words, f"INTEGRATION.md: parameter {name}")
    saved = set(re.findall(r"\w+", next(p for p in page.split("\n\n") if p.startswith("Counters have 64 bits"))))
    state = re.findall(r"^\| \S+ \| (\w+) \| state \|", registers, re.M)
    for name in state:
        check(name in saved, f"INTEGRATION.md: register {name} is not among what is saved")
    check(len(ports) > 40 and len(mine) > 25 and len(parameters) > 9 and len(state) > 5, "ports, parameters, state registers found")


def here():
    component = ET.parse(RTL / "ip/xt_top.xml").getroot()
    check(component.tag == NS + "component", "no component")
    integration(component)
    page = page_registers()
    check(len(page) > 80, "registers of the page")
    for given in SHAPES:
        shape = shape_of(component, given)
        found = xact_registers(component, shape)
        want = {}
        for (own, word), what in page.items():
            for k in [0x20000] if own else [0x1000 * t for t in range(shape["Tiles"])]:
                want[k + 4 * word] = what
        for address in sorted(set(found) | set(want)):
            check(found.get(address) == want.get(address), f"{shape['Tiles']} tiles, {address:#x}: {found.get(address)}, not {want.get(address)}")
        if not shutil.which("yosys"):
            print("yosys is not installed: ports are not compared")
            return 77
        ports = {}
        for p in component.iter(NS + "port"):
            left = p.find(f".//{NS}left")
            ports[p.find(NS + "name").text] = ({"in": "input", "out": "output"}[p.find(f".//{NS}direction").text],
                                               1 if left is None else value(left.text, shape) + 1)
        seen = yosys_ports({n: shape[n] for n in given})
        for n in sorted(set(ports) | set(seen)):
            check(ports.get(n) == seen.get(n), f"port {n}: {ports.get(n)}, not {seen.get(n)}")
        physical = {e.find(NS + "name").text for e in component.iter(NS + "physicalPort")}
        check(physical <= set(ports), f"bus interfaces name {physical - set(ports)}")
    files = {f.find(NS + "name").text for f in component.iter(NS + "file")}
    check(all((RTL / "ip" / f).exists() for f in files), "a file that does not exist")
    return 0


def foreign():
    from peakrdl_ipxact import IPXACTImporter
    from systemrdl import RDLCompiler
    from systemrdl.node import RegNode

    def registers(root):
        """{byte address: [(field, high, low, sw access, on write, reset)]}"""
        out = {}
        for r in root.descendants(unroll=True):
            if isinstance(r, RegNode):
                out[r.absolute_address] = [(f.inst_name, f.high, f.low, f.get_property("sw").name, str(f.get_property("onwrite")),
                                            f.get_property("reset")) for f in r.fields()]
        return out

    for given in SHAPES + ({"Tiles": 16},):
        component = ET.parse(RTL / "ip/xt_top.xml")
        shape = shape_of(component.getroot(), given)
        compiler = RDLCompiler()
        compiler.compile_file(str(RTL / "ip/xt_top.rdl"))
        ours = registers(compiler.elaborate("xt_top", parameters={n: v for n, v in shape.items() if n in RDL_PARAMETERS}))
        # the importer takes numbers only
        for e in component.getroot().iter():
            if e.tag in (NS + "dim", NS + "value") and e.text:
                e.text = f"{value(e.text, shape):d}"
        with tempfile.NamedTemporaryFile(suffix=".xml") as f:
            component.write(f.name, encoding="utf-8", xml_declaration=True)
            importer = RDLCompiler()
            IPXACTImporter(importer).import_file(f.name)
        theirs = registers(importer.elaborate())
        check(len(ours) > 80, f"{len(ours)} registers")
        for address in sorted(set(ours) | set(theirs)):
            check(ours.get(address) == theirs.get(address), f"{given}, {address:#x}: SystemRDL {ours.get(address)}, IP-XACT {theirs.get(address)}")
    return 0


if __name__ == "__main__":
    if sys.argv[1:] not in ([], ["--foreign"]):
        sys.exit(f"check.py: unknown option {sys.argv[1]} (see --help)")
    skip = foreign() if sys.argv[1:] else here()
    print(f"{passed} passed, {failed} failed")
    sys.exit(1 if failed or passed == 0 else skip)
