#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Timing diagrams of rtl/INTEGRATION.md, drawn from a simulation of timing_tb.sv in Icarus.

usage: timing.py [--check]     writes the diagrams into the page, or compares them; exit 77 without Icarus
"""
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

if __name__ == "__main__" and {"-h", "--help"} & set(sys.argv[1:]):
    sys.exit(print(__doc__.strip()))

HERE = pathlib.Path(__file__).resolve().parent
RTL = HERE.parent.parent / "rtl"
PAGE = RTL / "INTEGRATION.md"
KIND = {1: "INT", 2: "HOLD", 3: "SAR", 4: "PUL", 5: "END"}
# what is drawn: section: [(label, signal)]; None: an empty line
DRAWN = {
    "command": [("s_axis_tvalid_i", "tvalid"), ("s_axis_tready_o", "tready"), ("s_axis_tdata_i", "tdata"),
                ("s_axis_tlast_i", "tlast"), None, ("op_busy_o", "busy"), ("cycle", "number"), ("", "state"), ("trace_valid_o", "trace"),
                None, ("ctl.clear", "clear"), ("ctl.integ", "integ"), ("row_act[1:0]", "act"), ("row_pol[1:0]", "pol"),
                ("ctl.hold", "hold"), ("sar_code unit 0", "code"), ("cmp unit 0", "cmp"), None, ("m_axis_tvalid_o", "mvalid"),
                ("m_axis_tready_i", "mready"), ("m_axis_tdata_o", "mdata"), ("m_axis_tlast_o", "mlast"), ("irq_o", "irq")],
    "register": [("awvalid, wvalid", "awvalid"), ("awready, wready", "awready"), ("awaddr", "awaddr"), ("wdata", "wdata"),
                 ("bvalid", "bvalid"), ("bresp", "bresp"), None, ("arvalid", "arvalid"), ("arready", "arready"),
                 ("araddr", "araddr"), ("rvalid", "rvalid"), ("rdata", "rdata"), ("rresp", "rresp"), None,
                 ("csr_valid_i", "csr_valid"), ("csr_write_i", "csr_write"), ("csr_addr_i", "csr_addr"),
                 ("csr_wdata_i", "csr_wdata"), ("csr_ack_o", "csr_ack"), ("csr_rdata_o", "csr_rdata"),
                 ("csr_status_o", "csr_status")],
    "cut": [("awvalid, wvalid", "awvalid"), ("awready, wready", "awready"), ("awaddr", "awaddr"), ("wdata", "wdata"),
            ("csr_valid_i", "csr_valid"), ("csr_ack_o", "csr_ack"), ("bvalid", "bvalid"), None, ("op_busy_o", "busy"),
            ("cycle", "number"), ("", "state"), ("row_act[1:0]", "act"), None, ("m_axis_tvalid_o", "mvalid"),
            ("m_axis_tready_i", "mready"), ("m_axis_tdata_o", "mdata"), ("m_axis_tlast_o", "mlast"), ("irq_o", "irq")],
}
BITS = {"tvalid", "tready", "tlast", "busy", "trace", "clear", "integ", "hold", "cmp", "mvalid", "mready", "mlast", "irq",
        "awvalid", "awready", "bvalid", "arvalid", "arready", "rvalid", "csr_valid", "csr_write", "csr_ack"}
WIDTH = 5


def simulate():
    """Section: list of cycles, each signal: text."""
    with tempfile.TemporaryDirectory() as d:
        sources = [RTL / "xt_pkg.sv"] + sorted(f for f in RTL.glob("xt_*.sv") if f.name != "xt_pkg.sv")
        subprocess.run(["iverilog", "-g2012", "-I", RTL, "-s", "timing_tb", "-o", f"{d}/tb", *sources,
                        HERE / "timing_tb.sv"], check=True)
        said = subprocess.run(["vvp", "-n", f"{d}/tb"], check=True, capture_output=True, text=True).stdout
    cycles = {}
    for line in said.replace("\n+ ", " ").splitlines():
        section, *pairs = line.split()
        cycles.setdefault(section, []).append(dict(p.split("=") for p in pairs))
    for section, c in [(s, c) for s in ("command", "cut") for c in cycles[s]]:
        kind = KIND.get(int(c["kind"]), "STA" if c["cycle"] == "0" else "CLR" if c["clear"] == "1" else
                        "LAT" if section == "command" else "GAP")
        c["state"] = kind if c["busy"] == "1" else ""
        c["number"] = c["cycle"] if c["busy"] == "1" else ""
    for c in cycles["register"] + cycles["cut"]:
        assert c["awvalid"] == c["wvalid"] and c["awready"] == c["wready"]  # drawn as one
    return cycles


def value(text):
    return text if len(text) < 3 or not re.fullmatch(r"[0-9a-f]+", text) else text.lstrip("0") or "0"


def draw(section, cycles):
    out = []
    for signal in DRAWN[section]:
        if signal is None:
            out.append("")
            continue
        label, name = signal
        line, last = f"{label:16}", None
        for c in cycles:
            if name in BITS:
                edge = "" if last in (None, c[name]) else "/" if c[name] == "1" else "\\"
                line += edge + ("‾" if c[name] == "1" else "_") * (WIDTH - len(edge))
                last = c[name]
            else:
                text = value(c[name])
                line += f"|{text:{WIDTH - 1}}" if text != last else " " * WIDTH
                last = text
        out.append(line.rstrip())
    return "\n".join(out)


def main(argv):
    if not shutil.which("iverilog"):
        print("timing.py: iverilog is missing (apt-get install iverilog): nothing compared")
        return 77
    page = text = PAGE.read_text()
    for section, cycles in simulate().items():
        mark = f"<!-- {section}: drawn by testbench/docs/timing.py -->\n"
        at = text.index(mark) + len(mark)
        end = text.index("```\n", text.index("```", at) + 3) + 4
        text = text[:at] + "```\n" + draw(section, cycles) + "\n```\n" + text[end:]
    if argv[1:] == ["--check"]:
        print("timing diagrams: " + ("as simulated" if text == page else "rtl/INTEGRATION.md differs: run timing.py"))
        return text != page
    PAGE.write_text(text)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv))
