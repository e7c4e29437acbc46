# SPDX-License-Identifier: Apache-2.0
"""Tables for the documentation: rtl/REGISTERS.md."""
from . import desc as d


def bound(v):
    """A legal bound of a register as the documentation writes it."""
    if isinstance(v, int):
        return f"{v:#x}" if v > 0xFFFF else str(v)
    return {"BLMAX": "BlMax", "FS1": "2^(StateBits-1) - 1", "LAWS": "laws - 1", "N1": "N - 1", "PROB1": "2^ProbBits - 1",
            "GEN1": "2^ProbBits - 1 (row), 2^(ProbBits+1) - 1 (column)"}.get(v, v)


def payload(o):
    return o["in"] + (f"; sel 1: {o['short']}" if "short" in o else "")


def registers(t):
    out = [f"<!-- {d.LICENCE} -->", f"<!-- {d.NOTE} -->", "# Parameters and registers", "",
           f"Parameter hash: `{d.canonical_hash(t):#010x}`", "", "## Elaboration parameters", "",
           "| name | default | smallest | largest | meaning |", "|---|---|---|---|---|"]
    out += [f"| {n} | {v[0]} | {v[1]} | {v[2]} | {v[3]} |" for n, v in t["shape"].items()]
    def row(v, n):
        reset = resets.get(n, v[2])
        reset = f"{reset:#x}" if isinstance(reset, int) and reset > 0xFFFF else reset
        span = v[4] if v[4] in ("TILES", "SOURCES") else bound(v[3]) + ".." + bound(v[4])
        if v[1] == "ro":
            span, bad = "", "any: READONLY"
        elif v[1] in ("rw1c", "rw1s") or (v[3] == 0 and v[4] == 0xFFFFFFFF):
            bad = "none"
        else:
            bad = "any other value: VALUE"
        text = v[5].replace("|", chr(92) + "|")
        return f"| 0x{v[0]:02x} | {n} | {v[1]} | {reset} | {span} | {bad} | {text} |"

    # what a read-only register shows after the reset, where it is not 0
    resets = {"ID": t["const"]["ID"], "TOP_ID": t["const"]["ID"], "PARAM_HASH": d.canonical_hash(t),
              "TOP_PARAM_HASH": d.canonical_hash(t), "TOP_TILES": "Tiles", "SHAPE": "of the shape", "CONFIG": "of the shape",
              "CONFIG2": "of the shape", "GEN": "of SEED"}
    head = ["", "| address | name | access | reset | range | refused writes | meaning |", "|---|---|---|---|---|---|---|"]
    out += ["", "## Registers (word addresses)", "",
            "Of a tile, 32 bits each. Access: ro; rw; state (rw, state of a block); wo (reads 0). A refused write changes nothing; at the",
            "tile's port it is answered with the status named here (table Register status), behind xt_top with OKAY, or SLVERR if register",
            "BUS_CTRL says so; BUS_STATUS keeps address and status. Besides the refusals of the table: every address that is not in it is",
            "ADDRESS (reads: data 0), and a legal or illegal write to an rw or state register or a counter of a tile is BUSY while that",
            "tile's STATUS bit 0 is 1 (SPEC.md section 3 says when). Order of the checks: ADDRESS, READONLY, BUSY, VALUE. Reads of the",
            "registers below are never refused. The read data of a write access is 0. ADC_OFFSET and CAL are two's complement in 32 bits.",
            "ADCMAX = 2^(AdcBits-1) - 1, SMAX = 2^(AccBits-1) - 1. A counter is two words, low first; its high word shows what the last read of a low word kept."] + head
    out += [row(v, n) for n, v in t["csr"].items()]
    out += [f"| 0x{0x40 + 2 * v[0]:02x}, 0x{0x41 + 2 * v[0]:02x} | {n} | rw | 0 | 0..0xffffffff | none | {v[1]} |" for n, v in t["counter"].items()]
    stride, base = t["top"]["TOP_TILE_STRIDE"], t["top"]["TOP_BASE"]
    out += ["", "## Registers behind xt_top (AXI4-Lite byte addresses)", "",
            f"Tile t, word address a: `t * {stride:#x} + 4 a`; xt_top's own, word address a of the table below: `{base:#x} + 4 a`.",
            "The two low bits of an address are ignored. Refused, nothing changed: no such tile or register (ADDRESS), a write that strobes",
            "some bytes only (PARTIAL; none: no write, OKAY), then the refusals of the table. xt_top's own registers are never BUSY.",
            "rw1c: a written 1 clears the bit; rw1s: sets it; other bits written are ignored. TILES: bits 0..Tiles-1; SOURCES: these and",
            f"bit {t['top']['NO_TILE']}, packets to tiles that do not exist.",
            f"On a memory-mapped host (TLM) the streams of TDEST t are at `{t['top']['STREAM_BASE']:#x} + t * {t['top']['STREAM_STRIDE']:#x}`."] + head
    out += [row(v, n) for n, v in t["top_csr"].items()]
    for sec, title in (("op", "Operations"), ("status", "Answer status"), ("csr_status", "Register status"), ("kind", "Trace record kinds")):
        out += ["", f"## {title}", "", "| value | name | meaning |", "|---|---|---|"]
        out += [f"| {d.number(v)} | {n} | {d.text(v)} |" for n, v in t[sec].items()]
    out += ["", "## Plan of the operations", "",
            "An operation starts at its first step and ends at END; a condition that holds sends it to the step named behind it.", "",
            "| operation | first step | argument | payload | answer | info | meaning |", "|---|---|---|---|---|---|---|"]
    out += [f"| {n} | {o['step']} | {o['arg']} | {payload(o)} | {o['out']} | {o['info']} | {o['text']} |" for n, o in t["op"].items()]
    out += ["", "| step | sequence | senses or pulses | range, rate | driven, sign | next |", "|---|---|---|---|---|---|"]
    for n, s in t["step"].items():
        follow = s.get("next", "") + (f"; {s['if']}: {s['then']}" if "if" in s else "")
        out.append(f"| {n} | {s['seq']} | {s.get('sel', s.get('plane', ''))} | {s.get('range', s.get('by', ''))} | {s.get('drive', s.get('sign', ''))} | {follow} |")
    out += ["", "## Planes and read selects", "", "| plane | index | meaning |", "|---|---|---|"]
    out += [f"| {n} | {v[0]} | {v[1]} |" for n, v in t["plane"].items()]
    out += ["", "| select | value | senses | meaning |", "|---|---|---|---|"]
    sign = {1: "+", -1: "-"}
    out += [f"| {n} | {v[0]} | {' '.join(sign[c] + p for p, c in v[1].items())} | {v[-1]} |" for n, v in t["sel"].items()]
    out += ["", "## Cells and laws", "", "| kind | value | name | meaning |", "|---|---|---|---|"]
    out += [f"| {sec} | {v[0]} | {n} | {v[1]} |" for sec in ("cell", "law") for n, v in t[sec].items()]
    out += ["", "## Fields of the behavioural devices", "",
            f"Configuration bus of the array (not silicon): field f of plane p at `p*{t['const']['CFG_STRIDE']} + f`, global field f at `{t['const']['CFG_GLOBALS']} + f`.", "",
            "| field | name | range | meaning |", "|---|---|---|---|"]
    out += [f"| {v[0]} | {n} | {bound(v[1])}..{bound(v[2])} | {v[3]} |" for n, v in t["device"].items()]
    out += [f"| global {v[0]} | {n} | {bound(v[1])}..{bound(v[2])} | {v[3]} |" for n, v in t["device_global"].items()]
    out += ["", "## Array boundary, control", "", "| field | bits | meaning |", "|---|---|---|"]
    out += [f"| {n} | {d.boundary_bits(t, v[0])} | {v[1]} |" for n, v in t["boundary"].items()]
    out += ["", "## Trace record", "", "| field | bits | kinds | meaning |", "|---|---|---|---|"]
    out += [f"| {n} | {v[0]} | {v[1]} | {v[2]} |" for n, v in t["trace"].items()]
    out += [f"| {n} | {v[1]} x {1 if v[0] == 'BIT' else 16} | {v[2]} | {v[3]} |" for n, v in t["trace_vector"].items()]
    out += ["", "## State kept to resume", "", "| field | bits | meaning |", "|---|---|---|"]
    out += [f"| {n} | {v[0]} | {v[3]} |" for n, v in t["snapshot"].items()]
    return "\n".join(out + [""])
