# SPDX-License-Identifier: Apache-2.0
"""C: constants and X-macro tables (xt_params.h), structs and the plan of the operations (xt_types.h)."""
from . import desc as d

HEAD = [f"/* {d.LICENCE} */", f"/* {d.NOTE} */"]
C_BOUND = {"ADCMAX": "adc_max", "-ADCMAX": "-adc_max", "SMAX": "smax", "-SMAX": "-smax", "BLMAX": "bl_max", "FS1": "fs1",
           "LAWS": "(int)XT_NUM_LAWS - 1", "N1": "n1", "PROB1": "prob1", "GEN1": "gen1", "TILES": "tiles", "SOURCES": "sources"}
SHAPE_FIELD = {"N": "n", "M": "m", "CodeBits": "code_bits", "AdcBits": "adc_bits", "AdcShare": "adc_share", "AdcKind": "adc_kind",
               "BlMax": "bl_max", "StateBits": "state_bits", "ProbBits": "prob_bits", "Mtj": "mtj", "AccBits": "acc_bits",
               "AccGang": "acc_gang"}


def bound(v):
    if isinstance(v, int):
        return f"{v:#x}" if v > 0xFFFF else str(v)
    return C_BOUND[v]


def table(name, args, rows):
    args, _, note = args.partition("): ")
    return ["", f"/* X({args})" + (f": {note}" if note else "") + " */", f"#define XT_{name}_TABLE(X) \\", " \\\n".join(f"  X({r})" for r in rows)]


def quoted(s):
    return '"' + s.replace('"', '\\"') + '"'


def value(parts):
    """Expression over `shape` and `view` of a read-only register."""
    shift, out = 0, []
    for s, w in reversed(parts):
        e = f"view->{s}" if s[0].islower() else f"shape->{SHAPE_FIELD[s]}" if s in SHAPE_FIELD else f"XT_{s}"
        out.append(f"(uint32_t)({e})" + (f" << {shift}" if shift else ""))
        shift += w
    return " | ".join(reversed(out))


def params(t):
    out = HEAD + ["#ifndef XT_PARAMS_H", "#define XT_PARAMS_H", "", "#include <stdint.h>", "",
                  f"#define XT_PARAM_HASH UINT32_C(0x{d.canonical_hash(t):08x})"]
    for n, v, w, c in d.constants(t):
        val = f"UINT32_C(0x{v:x})" if w == 32 and not n.startswith("NUM_") else str(v)
        out.append(f"#define XT_{n} {val}" + (f" /* {c} */" if c else ""))
    for sec, name in (("op", "OP"), ("status", "ST"), ("csr_status", "CSR_ST"), ("kind", "KIND"), ("counter", "CNT"),
                      ("plane", "PLANE"), ("sel", "SEL")):
        out += table(name, "NAME, value, text", [f"{n}, {d.number(v)}, {quoted(d.text(v) or n)}" for n, v in t[sec].items()])
    out += table("OP_PARTS", "NAME, XT_IN_*, of sel 1, XT_OUT_*): payloads of packets and answers",
                 [f"{n}, XT_IN_{o['in']}, XT_IN_{o.get('short', o['in'])}, XT_OUT_{o['out']}" for n, o in t["op"].items()])
    out += table("OP_BUILT", "NAME, parameter): operations that only a tile has in which this field of struct xt_shape is not 0",
                 [f"{n}, {SHAPE_FIELD[o['built']]}" for n, o in t["op"].items() if "built" in o])
    out += ["", "/* X(a, NAME, value): the planes, for a macro that needs an argument of its own. */", "#define XT_PLANE_TABLE_WITH(X, a) \\",
            " \\\n".join(f"  X(a, {n}, {v[0]})" for n, v in t["plane"].items())]
    for sec in ("cell", "law"):
        out += table(sec.upper(), "NAME, name, value, text",
                     [f"{n}, {n.lower()}, {v[0]}, {quoted(v[1])}" for n, v in t[sec].items()])
    out += ["", "/* Access of a register: of a tile RO, RW, STATE (kept in a block), WO (reads 0); of xt_top RO, RW, RW1C, RW1S. */"]
    out += [f"#define XT_ACCESS_{a.upper()} {k}" for k, a in enumerate(d.ACCESS)]
    for sec, name, note in (
            ("csr", "CSR", "the user's: adc_max, bl_max, n1 = N - 1, prob1 = 2^ProbBits - 1, gen1 = largest state\n"
             " * of the generator that GEN_SEL names, -1 if there is none, smax = 2^(AccBits-1) - 1"),
            ("top_csr", "TOP_CSR", "the user's: tiles = a bit per tile, sources = these and bit XT_NO_TILE")):
        out += table(name, "NAME, address, XT_ACCESS_*, reset, smallest, largest): " + note,
                     [f"{n}, 0x{v[0]:02x}, XT_ACCESS_{v[1].upper()}, {bound(v[2])}, {bound(v[3])}, {bound(v[4])}" for n, v in t[sec].items()])
    out += table("CSR_VALUE", "NAME, value): of RO and STATE registers; shape and view (struct xt_csr_view *) are the user's",
                 [f"{n}, {value(v)}" for n, v in t["csr_value"].items()])
    for sec, name in (("device", "DEV"), ("device_global", "DEV_GLOBAL")):
        out += table(name, "NAME, name, field, smallest, largest, text): fs1 = 2^(StateBits-1) - 1 is the user's",
                     [f"{n}, {n.lower()}, {v[0]}, {bound(v[1])}, {bound(v[2])}, {quoted(v[3])}" for n, v in t[sec].items()])
    legal = {"ANY": "true", "BELOW_N": "v < (uint64_t)shape->n", "PROB": "v >> shape->prob_bits == 0"}
    out += table("SNAPSHOT", "name, type, legal, rtl, text): legal: expression of `v` and `shape`",
                 [f"{n}, uint{v[0]}_t, ({legal.get(v[1]) or f'v >> {v[1]} == 0'}), {v[2]}, {quoted(v[3])}" for n, v in t["snapshot"].items()])
    low, rows = sum(v[0] for v in t["trace"].values()), []
    for n, v in t["trace"].items():
        low -= v[0]
        rows.append(f"{n}, {v[0]}, {low}, {int(v[1] == 'END')}, {quoted(v[2])}")
    out += table("TRACE", "name, bits, lowest bit in xt_trace_t, only in END, text", rows)
    out += table("TRACE_VECTOR", "name, element, count, kinds, text",
                 [f"{n}, {v[0]}, {v[1]}, {v[2]}, {quoted(v[3])}" for n, v in t["trace_vector"].items()])
    out += table("SHAPE", "Name, default, smallest, largest, text): elaboration parameters",
                 [f"{n}, {v[0]}, {v[1]}, {v[2]}, {quoted(v[3])}" for n, v in t["shape"].items()])
    out += table("SHAPE_FIELD", "Name, name", [f"{n}, {SHAPE_FIELD[n]}" for n in t["shape"]])
    out += table("LFSR", "width, taps, steps): generators of section 6", [f"{w}, 0x{v[0]:x}, {v[1]}" for w, v in t["lfsr"].items()])
    return "\n".join(out + ["", "#endif", ""])


def struct(name, comment, fields):
    out = ["", f"/* {comment} */", f"struct {name} {{"]
    return out + [f"  {decl};" + (f" /* {c} */" if c else "") for decl, c in fields] + ["};"]


def weights(t):
    """Read selects with weights (a number, or the register of the name), and the binary places that these add."""
    weighted = {n: v[2] for n, v in t["sel"].items() if len(v) > 3}
    rows = [f"{n}, {p}, {w if isinstance(w, int) else f'reg[XT_CSR_{w.upper()}]'}" for n, v in weighted.items() for p, w in v.items()]
    places = [f"{n}, {d.fraction(t['sel'][n])}" for n in weighted]
    out = []
    for name, args, items in (
            ("WEIGHT", "SEL, PLANE, weight): of read selects whose coefficient is a sign and a weight; reg is the user's", rows),
            ("FRACTION", "SEL, bits): what such a select senses is in 2^-bits of a state", places)):
        out += table(f"SEL_{name}", args, items) if items else ["", f"#define XT_SEL_{name}_TABLE(X)"]
    return out


def types(t):
    out = HEAD + ["#ifndef XT_TYPES_H", "#define XT_TYPES_H", "", '#include "xt_params.h"']
    out += struct("xt_shape", "Elaboration parameters.", [(f"int32_t {SHAPE_FIELD[n]}", f"{v[1]}..{v[2]}: {v[3]}") for n, v in t["shape"].items()])
    span = lambda v: f"{v[1]}..{v[2]}: {v[3]}"
    out += struct("xt_dev_cfg", "Section 10: the devices of one plane.", [(f"int32_t {n.lower()}", span(v)) for n, v in t["device"].items()])
    out += struct("xt_array_cfg", "Section 10: all planes.", [("struct xt_dev_cfg dev[XT_NUM_PLANES]", ", ".join(t["plane"]))]
                  + [(f"uint32_t {n.lower()}", span(v)) for n, v in t["device_global"].items()])
    out += struct("xt_csr_view", "What RO and STATE registers show, beside constants.", [(f"uint32_t {n}", f"{w} bits") for n, w in d.status_fields(t)])
    out += struct("xt_snapshot", "Section 12: what a run must keep to resume. The memory belongs to the caller.",
                  [("int32_t *w[XT_NUM_PLANES]", "[n*m] each: k = i*m + j"), ("uint32_t *row_gen, *col_gen", "[n], [m]: pulse generators")]
                  + [(f"uint{v[0]}_t {n}", v[3]) for n, v in t["snapshot"].items()]
                  + [("int16_t *cal", "[units]: offset corrections of the converters"),
                     ("int32_t *acc", "[n * (m >> acc_gang)]: sums of the accumulator; not looked at if acc_bits is 0"), ("uint64_t counters[XT_NUM_COUNTERS]", ""), ("uint32_t csr[256]", "by address; only RW registers count")])
    types_of = {"BIT": "const uint32_t", "CODE": "const int16_t"}
    out += struct("xt_record", "Section 11: the record of a cycle. Vectors are valid during the sink's call; NULL: all zero. BIT: line i is bit i%32 of word\n * i/32.",
                  [(f"uint{v[0]}_t {n}", v[2] + ("" if v[1] == "ALL" else f" ({v[1]})")) for n, v in t["trace"].items()]
                  + [(f"{types_of[v[0]]} *{n}", f"[{v[1].lower()}] {v[2]}: {v[3]}") for n, v in t["trace_vector"].items()]
                  + [("uint32_t digest[XT_NUM_PLANES]", "END"), ("uint64_t counters[XT_NUM_COUNTERS]", "END")])
    out += struct("xt_op", "What a command is ([op] of the description).",
                  [("uint8_t known, step, sel_most", ""), ("uint8_t arg, in, in_short, out, info", "XT_ARG_*, XT_IN_*, of sel 1, XT_OUT_*, XT_INFO_*")])
    out += struct("xt_step", "A step of the plan ([step] of the description).",
                  [("uint8_t seq", "XT_SEQ_*"), ("uint8_t sel_arg, sel", "READ: the command's select, or sel"), ("uint8_t range", "READ: address of the register"),
                   ("uint8_t drive", "READ: XT_DRIVE_*"), ("uint8_t plane_from, plane", "PULSE, ALTERNATE: XT_PLANE_FROM_*, plane"),
                   ("uint8_t by", "PULSE: XT_BY_*"), ("uint8_t add", "PULSE: sign of the change is + sign(x d)"), ("uint8_t next", "XT_STEP_*"),
                   ("uint8_t cond, then", "instead of next if XT_COND_* holds")])
    steps = list(t["step"])
    out += ["", "/* Initializers: struct xt_op by code, struct xt_step by XT_STEP_*, coefficients of the planes by select. */", "#define XT_OPS \\", "  { \\"]
    out += [f"    [XT_OP_{n}] = {{1, XT_STEP_{o['step']}, {o['sel']}, XT_ARG_{o['arg']}, XT_IN_{o['in']}, XT_IN_{o.get('short', o['in'])}, XT_OUT_{o['out']}, XT_INFO_{o['info']}}}, \\" for n, o in t["op"].items()]
    out += ["  }", "#define XT_STEPS \\", "  { \\"]
    for n, s in t["step"].items():
        v = d.step_values(t, s)
        out.append(f"    [XT_STEP_{n}] = {{XT_SEQ_{s['seq']}, {v['sel_arg']}, {v['sel']}, XT_CSR_{s.get('range', 'RANGE_READ')}, XT_DRIVE_{d.DRIVE[v['drive']]}, "
                   f"XT_PLANE_FROM_{d.PLANE_FROM[v['plane_from']]}, {v['plane']}, XT_BY_{d.BY[v['by']]}, {v['add']}, XT_STEP_{steps[v['next']]}, "
                   f"XT_COND_{d.COND[v['cond']]}, XT_STEP_{steps[v['then']]}}}, \\")
    out += ["  }", "#define XT_SELS \\", "  { \\"]
    out += [f"    [XT_SEL_{n}] = {{" + ", ".join(str(v[1].get(p, 0)) for p in t["plane"]) + "}, \\" for n, v in t["sel"].items()]
    return "\n".join(out + ["  }"] + weights(t) + ["", "#endif", ""])
