# SPDX-License-Identifier: Apache-2.0
"""SystemVerilog: the package, the packed structs, the register file, the lists of planes, cells and laws."""
from . import desc as d

HEAD = [f"// {d.LICENCE}", f"// {d.NOTE}"]


def lookup(name, width, arg_bits, rows, default="0"):
    """A function from a code to a number; rows: (code, value)."""
    out = [f"  function automatic logic [{width - 1}:0] {name}(input logic [{arg_bits - 1}:0] code);", "    case (code)"]
    out += [f"      {arg_bits}'d{c}: {name} = {width}'h{v:x};" for c, v in rows]
    return out + [f"      default: {name} = {width}'h{default};", "    endcase", "  endfunction"]


# Shapes and slices of the tiles of xt_top: constants of its elaboration.
SLICES = """\
  // xt_top's tiles: lines of tile t by its list of 16 bits per tile (0: all have `same`), and of those before it
  function automatic int lines_of(input logic [255:0] list, input int same, input int t);
    lines_of = 32'(16'(list >> (16 * t)));  // a tile that does not exist has 0
    if (lines_of == 0) lines_of = same;
  endfunction
  function automatic int lines_before(input logic [255:0] list, input int same, input int t);
    integer s;
    lines_before = 0;
    for (s = 0; s < t; s = s + 1) lines_before = lines_before + lines_of(list, same, s);
  endfunction
  // its units of `share` lines of its longer side, and those before it
  function automatic int units_of(input logic [255:0] ns, input int n, input logic [255:0] ms, input int m, input int share, input int t);
    units_of = lines_of(ns, n, t);
    if (lines_of(ms, m, t) > units_of) units_of = lines_of(ms, m, t);
    if (share >= 1) units_of = (units_of + share - 1) / share;  // else refused
  endfunction
  function automatic int units_before(input logic [255:0] ns, input int n, input logic [255:0] ms, input int m, input int share, input int t);
    integer s;
    units_before = 0;
    for (s = 0; s < t; s = s + 1) units_before = units_before + units_of(ns, n, ms, m, share, s);
  endfunction
  // a list that is neither 0 nor has an entry for each of so many tiles and for no other
  function automatic logic list_wrong(input logic [255:0] list, input int tiles);
    integer s;
    list_wrong = 1'b0;
    for (s = 0; s < 16; s = s + 1) begin
      if (list != 256'd0 && (list[16 * s +: 16] != 16'd0) != (s < tiles)) list_wrong = 1'b1;
    end
  endfunction"""


def built(t):
    """Whether an operation is one of a tile with these parameters."""
    names = sorted({o["built"] for o in t["op"].values() if "built" in o}, key=list(t["shape"]).index)
    out = ["  // of a tile with these parameters", f"  function automatic logic op_built(input logic [7:0] code, {', '.join(f'input int {n}' for n in names)});",
           "    case (code)"]
    out += [f"      8'd{o['code']}: op_built = ({o['built']} != 0);" for o in t["op"].values() if "built" in o]
    return out + ["      default: op_built = op_known(code);", "    endcase", "  endfunction"]


def package(t):
    out = HEAD + ["`default_nettype none", "/* verilator lint_off UNUSEDPARAM */", "package xt_pkg;"]
    out.append(f"  localparam logic [31:0] PARAM_HASH = 32'h{d.canonical_hash(t):08x};")
    for n, v, w, c in d.constants(t):
        out.append(f"  localparam logic [{w - 1}:0] {n} = {w}'h{v:x};" + (f"  // {c}" if c else ""))
    for n, v in (t["csr"] | t["top_csr"]).items():
        if v[1] != "ro":
            out.append(f"  localparam logic [31:0] RST_{n} = 32'h{v[2]:x};")
            if isinstance(v[3], int):
                out.append(f"  localparam logic [31:0] MIN_{n} = 32'h{v[3]:x};")
            if isinstance(v[4], int):
                out.append(f"  localparam logic [31:0] MAX_{n} = 32'h{v[4]:x};")
    for what, k in (("taps", 0), ("steps", 1)):
        out += lookup(f"lfsr_{what}", 32, 6, [(w, v[k]) for w, v in t["lfsr"].items()])
    # what a command is, by its code
    ops = t["op"].values()
    steps = list(t["step"])
    out += lookup("op_known", 1, 8, [(o["code"], 1) for o in ops])
    out += built(t)
    out += lookup("op_step", d.bits(len(steps)), 8, [(o["code"], steps.index(o["step"])) for o in ops])
    out += lookup("op_sel_most", 4, 8, [(o["code"], o["sel"]) for o in ops])
    for col, names in (("arg", d.ARG), ("in", d.IN), ("out", d.OUT), ("info", d.INFO)):
        out += lookup(f"op_{col}", 3, 8, [(o["code"], names.index(o[col])) for o in ops])
    out += lookup("op_in_short", 3, 8, [(o["code"], d.IN.index(o.get("short", o["in"]))) for o in ops])  # with sel 1
    # registers of a tile: is there one
    words = [v[0] for v in t["csr"].values()] + [0x40 + k for k in range(2 * len(t["counter"]))]
    out += lookup("csr_known", 1, 8, [(w, 1) for w in words])
    # the plan: a step as the bits of xt_step_t
    fields = d.step_fields(t)
    rows = []
    for k, s in enumerate(t["step"].values()):
        values, word = d.step_values(t, s), 0
        for n, w in fields:
            word = word << w | values[n]
        rows.append((k, word))
    out += lookup("step", sum(w for _, w in fields), d.bits(len(steps)), rows)
    # coefficient of a plane in a read select: -1, 0, 1
    for p in t["plane"]:
        out += lookup(f"sel_{p.lower()}", 2, d.bits(max(len(t["sel"]), len(t["plane"]))),
                      [(v[0], v[1].get(p, 0) & 3) for v in t["sel"].values()])
    out += lookup("sel_reference", 9, d.bits(max(len(t["sel"]), len(t["plane"]))), [(v[0], d.reference(v)) for v in t["sel"].values()])
    # with weights a select is in 2^-bits of a state
    out += lookup("sel_fraction", 6, d.bits(max(len(t["sel"]), len(t["plane"]))),
                  [(v[0], d.fraction(v)) for v in t["sel"].values() if len(v) > 3])
    out.append(SLICES)
    return "\n".join(out + ["endpackage", "/* verilator lint_on UNUSEDPARAM */", "`default_nettype wire", ""])


def struct(name, fields, comment):
    out = [f"// {comment}", "typedef struct packed {"]
    out += [f"  logic [{w - 1}:0] {n};" + (f"  // {c}" if c else "") for n, w, c in fields]
    return out + [f"}} {name};", f"localparam int {name.upper()}_BITS = {sum(w for _, w, _ in fields)};", ""]


def types(t):
    out = HEAD + ["// At compilation-unit scope: Icarus 11 has no structs in packages.", "`ifndef XT_TYPES_SVH", "`define XT_TYPES_SVH",
                  "/* verilator lint_off UNUSEDPARAM */"]
    out += struct("xt_regs_t", [(n.lower(), d.register_bits(v), v[5]) for n, v in d.registers(t, "rw").items()],
                  "Registers that xt_csr keeps (signed ones: two's complement).")
    out += struct("xt_status_t", [(n, w, "") for n, w in d.status_fields(t)], "What registers show that xt_csr does not keep.")
    out += struct("xt_csr_set_t", [("data", 32, "what is written")] + [(n.lower(), 1, v[5]) for n, v in d.registers(t, "state").items()]
                  + [("counter", 1, "a word of a counter"), ("word", 6, "which: 2 k + 1 is the high word of counter k")],
                  "Writes of registers that blocks keep (made by xt_csr): taken at the end of this cycle.")
    out += struct("xt_step_t", [(n, w, "") for n, w in d.step_fields(t)], "A step of the plan: xt_pkg::step().")
    for n, what in (("command", "A command, checked: what the sequencer runs."), ("now", "What this cycle is (made by xt_seq)."),
                    ("next", "What the next cycle is (made by xt_seq)."), ("event", "What the end of this cycle does (made by xt_seq).")):
        out += struct(f"xt_{n}_t", [(f, d.boundary_bits(t, v[0]), v[1]) for f, v in t[n].items()], what)
    out += struct("xt_array_ctl_t", [(n, d.boundary_bits(t, v[0]), v[1]) for n, v in t["boundary"].items()],
                  "Control of the array boundary (SPEC section 8).")
    out += struct("xt_trace_t", [(n, v[0], v[2]) for n, v in t["trace"].items()], "Record of a cycle (SPEC section 11), but for its vectors.")
    return "\n".join(out + ["/* verilator lint_on UNUSEDPARAM */", "`endif", ""])


def planes(t):
    """Included in xt_array: an instance of xt_plane per plane, and the sum of their currents."""
    out = HEAD + ["// Included in xt_array: its planes, and the sum of their currents."]
    for n, v in t["plane"].items():
        out += ["", f"// {n}: {v[1]}", f"logic [(CurBits << LB)-1:0] cur_{n};", f"logic [(64 << LB)-1:0] cond_{n};",
                f"logic [1:0] coef_{n};", f"assign coef_{n} = xt_pkg::sel_{n.lower()}(ctl_i.sel);",
                f"xt_plane #(", f"  .Plane({v[0]}), .N(N), .M(M), .StateBits(StateBits), .CurBits(CurBits)", f") u_plane_{n} (",
                "  .clk_i(clk_i),", "  .ctl_i(ctl_i),", "  .row_act_i(row_act),", "  .row_pol_i(row_pol),", "  .col_act_i(col_act),",
                "  .col_pol_i(col_pol),", "  .row_amp_i(row_amp_i),", "  .col_amp_i(col_amp_i),", f"  .coef_i(coef_{n}),", "  .pulse_ctr_i(pulse_ctr_q),",
                "  .read_ctr_i(read_ctr_i),", "  .cfg_valid_i(cfg_valid_i),", "  .cfg_addr_i(cfg_addr_i),", "  .cfg_data_i(cfg_data_i),",
                "  .fabricate_i(fabricate_i),", "  .rescan_i(rescan_i),", f"  .cur_o(cur_{n}),", f"  .cond_o(cond_{n}),",
                f"  .digest_o(digest_o[{32 * v[0]} +: 32])", ");"]
    names = list(t["plane"])
    coefs = ", ".join(f"coef_{n} != 2'd0" for n in names)
    at = "{l[LB-1:0], {CB{1'b0}}} +: CurBits"
    to = "{l[LB-1:0], {SB{1'b0}}} +: SumBits"
    out += ["", "// Only where the front end looks, and a copy where one plane is read: the sum of all in every cycle would cost more",
            "// than the tile.", "always @* begin : sum", "  if (ctl_i.integ && !clk_i) begin", f"    case ({{{coefs}}})"]
    for k, n in enumerate(names):
        out += [f"      {len(names)}'b{1 << (len(names) - 1 - k):0{len(names)}b}:",
                f"        if (SumBits == CurBits) cur_o = (SumBits << LB)'(cur_{n});",
                "        else", "          for (int l = 0; l < (ctl_i.dir ? N : M); l++)",
                f"            cur_o[{to}] = SumBits'($signed(cur_{n}[{at}]));"]
    loop = "for (int l = 0; l < (ctl_i.dir ? N : M); l++)"

    def add_up(weight):
        return "\n            + ".join(f"{weight(n)}SumBits'($signed(cur_{n}[{at}]))" for n in names)
    out += ["      default:", f"        {loop}", f"          cur_o[{to}] =\n            {add_up(lambda n: '')};", "    endcase"]
    for sel, v in t["sel"].items():  # with weights: the coefficient is the sign
        if len(v) > 3:
            out += [f"    if (ctl_i.sel == xt_pkg::SEL_{sel})", f"      {loop}",
                    f"        cur_o[{to}] =\n            "
                    + add_up(lambda n, w=v[2]: f"SumBits'({w[n] if isinstance(w[n], int) else 'ctl_i.' + w[n]}) * ") + ";"]
    out += ["    if (spread_q != 32'd0)", f"      {loop}",
            f"        cur_o[{to}] = cur_o[{to}]\n            - SumBits'(cref) * SumBits'(ref_sum);"]
    # the planes that count with a sign, by their weights

    def counting(sign, term):
        def weight(n):
            w = "64'sd1"
            for sel, v in t["sel"].items():
                if len(v) > 3 and n in v[2]:
                    of = f"64'sd{v[2][n]}" if isinstance(v[2][n], int) else f"64'($signed({{1'b0, ctl_i.{v[2][n]}}}))"
                    w = f"(ctl_i.sel == xt_pkg::SEL_{sel}) ? {of} : {w}"
            return w
        return [f"((coef_{n} == 2'b{sign & 3:02b}) ? ({weight(n)})\n           * {term(n)} : 64'sd0)"
                for n in names if any(v[1].get(n) == sign for v in t["sel"].values())]
    line = "{l[LB-1:0], 6'd0} +: 64"

    def conductance(n):
        return f"$signed(cond_{n}[{line}])"
    reference = "64'($signed({1'b0, cref}))"
    plus = "\n        + ".join(counting(1, conductance))
    minus = "\n        + ".join([f"{reference} * ref_cond"] + counting(-1, conductance))
    taken = f"$signed(taken[{line}])"
    out += ["    if (load_q != 32'd0)", f"      {loop}",
            f"        cur_o[{to}] = SumBits'(\n        divided(64'($signed(cur_o[{to}])) + {taken}, load_cond,\n        {plus})"
            f"\n        - divided({taken}, load_cond,\n        {minus}));",
            "  end", "end", ""]
    out += ["// Only with loads, or with mirrors that have errors: the reference devices, and the planes that count against.",
            "/* verilator lint_off LATCH */  // as the outputs", "always @* begin : against", "  if (ctl_i.integ && !clk_i && (mirror_q | load_q) != 32'd0)", f"    {loop}",
            f"      taken[{line}] = {reference} * (level + ref_sum)\n        + "
            + "\n        + ".join(counting(-1, lambda n: f"(level - 64'($signed(cur_{n}[{at}])))")) + ";", "end", "/* verilator lint_on LATCH */", "",
            "// What the mirrors take off.", "always @* begin : back", "  if (ctl_i.integ && !clk_i && mirror_q != 32'd0)", f"    {loop}",
            f"      if (load_q == 32'd0) back_o[{line}] = taken[{line}];",
            f"      else back_o[{line}] = divided({taken}, load_cond,\n        {minus});", "end", ""]
    return "\n".join(out)


def dispatch(t, section, selector, name, ports, call, body=("    {label}: {call}",), local=()):
    """A task that calls the one of `section` that `selector` names, each within `body`; the last is the default."""
    out = [f"task automatic {name}(", f"    {ports});", *local, f"  case ({selector})"]
    names = list(t[section])
    for n in names:
        label = "default" if n == names[-1] else f"xt_pkg::{section.upper()}_{n}"
        out += [line.replace("{label}", label).replace("{call}", f"{section}_{n.lower()}{call};") for line in body]
    return out + ["  endcase", "endtask", ""]


def cells(t):
    """Included in xt_plane: how drives meet."""
    out = HEAD + ["// Included in xt_plane: the cells (SPEC section 7), and which of them a pulse acts through.", ""]
    out += [f'`include "array/xt_cell_{n.lower()}.svh"' for n in t["cell"]]
    amp = t["const"]["AMP_BITS"]
    return "\n".join(out + [""] + dispatch(
        t, "cell", "cell_mode", "cell_meet",
        f"input logic [{d.bits(len(t['cell'])) - 1}:0] cell_mode, input logic row_act, input logic row_pol, input logic [{amp - 1}:0] row_amp,\n"
        f"    input logic col_act, input logic col_pol, input logic [{amp - 1}:0] col_amp, output logic hit, output logic half,\n"
        f"    output logic up, output logic [{amp}:0] amplitude",
        "(row_act, row_pol, row_amp, col_act, col_pol, col_amp, hit, half, up, amplitude)"))


def laws(t):
    """Included in xt_plane: what a pulse does."""
    out = HEAD + ["// Included in xt_plane: the laws (SPEC section 9), and which of them a plane has.", ""]
    out += [f'`include "array/xt_law_{n.lower()}.svh"' for n in t["law"]]
    dur = t["const"]["DUR_BITS"]
    law = "cfg_q[xt_pkg::DEV_LAW[4:0]][7:0]"
    out += [""] + dispatch(
        t, "law", law, "law_fabricate",
        "input logic up, input logic [31:0] k, input logic signed [63:0] step, input logic signed [63:0] wmax,\n"
        "    input logic signed [63:0] wmin, output logic [15:0] shape", "_fabricate(up, k, step, wmax, wmin, shape)")
    out += dispatch(
        t, "law", law, "law_start",
        "input logic [31:0] k, input logic signed [63:0] wmax, input logic signed [63:0] wmin, output logic signed [63:0] w0",
        "_start(k, wmax, wmin, w0)")
    # A loop of each law's own, which the simulator can do by the vector. Not straight into met_step: Icarus 11 forgets
    # the index of an argument that is an output.
    return "\n".join(out + dispatch(
        t, "law", law, "law_steps",
        f"input logic up, input logic half, input logic [{dur - 1}:0] duration",
        "_step(up, half, amps ? met_amp[m][AMP_BITS:0] : '0, duration, met_fixed[m][31:16], met_fixed[m][15:0],\n"
        "                        met_state[m] ^ OFFSET, met_word[m], t)",
        ["    {label}:", "      for (logic [31:0] l = 32'd0; l < 32'(BATCH); l = l + 32'd1) begin",
         "        m = l[BATCH_BITS-1:0];", "        {call}", "        met_step[m] = t;", "      end"],
        ["  logic [BATCH_BITS-1:0] m;", "  logic [31:0] t;"]))


def source(s, w):
    if s[0].islower():
        return f"status_i.{s}"
    return f"xt_pkg::{s}" if s.isupper() and len(s) > 1 else f"{w}'({s})"


def shown(t, n):
    """What a read gives of a register that xt_csr does not keep."""
    parts = [source(s, w) for s, w in t["csr_value"][n]]
    total = sum(w for _, w in t["csr_value"][n])
    pad = [f"{32 - total}'d0"] if total < 32 else []
    return "{" + ", ".join(pad + parts) + "}" if pad or len(parts) > 1 else parts[0]


def fits(n, v):
    """Whether the write data is legal."""
    if isinstance(v[3], str):  # signed
        most = {"ADCMAX": "AdcMax", "SMAX": "SumMax"}[v[4]]
        signed = f"(wdata_i <= {most}) || (wdata_i >= 32'd0 - {most})"
        exists = {"CAL": "(32'(regs_q.cal_sel) < Units)", "ACC": "acc_exists"}.get(n)
        return f"{exists} && ({signed})" if exists else signed
    high = {"BLMAX": "32'(BlMax)", "N1": "32'(N - 1)", "PROB1": "32'((1 << ProbBits) - 1)", "GEN1": "gen_most"}.get(v[4], f"xt_pkg::MAX_{n}")
    parts = [f"(wdata_i >= xt_pkg::MIN_{n})"] if v[3] else []
    parts += ["gen_exists"] if v[4] == "GEN1" else []
    parts += [f"(wdata_i <= {high})"] if v[4] != 0xFFFFFFFF else []
    return " && ".join(parts) or "1'b1"


def csr(t):
    arms, resets, writes = [], [], []
    for n, v in t["csr"].items():
        f, access, w = n.lower(), v[1], d.register_bits(v)
        arms += [f"        xt_pkg::CSR_{n}: begin"]
        if access == "ro":
            arms += ["          writable = 1'b0;"]
        else:
            arms += [f"          fits = {fits(n, v)};"]
        if access == "wo":
            arms += ["          waits = 1'b0;"]
        elif access == "rw":
            arms += [f"          value = 32'($signed(regs_q.{f}));" if isinstance(v[3], str) else f"          value = 32'(regs_q.{f});"]
            resets.append(f"      regs_q.{f} <= {w}'(xt_pkg::RST_{n});")
            writes.append(f"        xt_pkg::CSR_{n}: regs_q.{f} <= wdata_i[{w - 1}:0];")
        elif n != "ACC":  # of a memory: a cycle later
            arms += [f"          value = {shown(t, n)};"]
        arms += ["        end"]
    sets = [f"  assign set_o.{n.lower()} = store && (addr_i == xt_pkg::CSR_{n});" for n in d.registers(t, "state")]
    return "\n".join(HEAD + f"""\
// xt_csr: registers.
//
// Operation. One access port: a request is taken in the cycle valid_i is high; acknowledge, read data and status
//   follow in the next cycle. Refusals of a write, in order: ADDRESS, READONLY, BUSY, VALUE.
//   Reads always work; an unknown address reads 0 with status ADDRESS.
//   Registers with access rw are kept here; state registers and counters in the blocks: set_o tells a write of them.
//   A read of a counter's low word keeps its high word; a read of any high word gives what was kept.
//   ACC is a memory's: read in the cycle of the request, status_i.acc shows it in that of the acknowledge, and is 0 in others.
// Parameters. All of xt_tile (they are readable).
// Timing. A register has its new value in the cycle of the acknowledge. One request per cycle. set_o and abort_o are of
//   the request's cycle.
// Trace record. none.
// Golden counterpart. refc/xt_csr.c
// Invariants. R1 a register is always within its legal range. R2 no register changes while busy. R3 nothing changes in
//   the blocks (set_o, abort_o) without a write that is answered OK. R4 what a block is told is within the register's range.
`default_nettype none
`include "xt_types.svh"
module xt_csr #(
  parameter int N = 784,
  parameter int M = 128,
  parameter int CodeBits = 7,
  parameter int AdcBits = 9,
  parameter int AdcShare = 1,
  parameter int AdcKind = 0,
  parameter int BlMax = 31,
  parameter int StateBits = 16,
  parameter int ProbBits = 16,
  parameter int Mtj = 0,
  parameter int AccBits = 0,
  parameter int AccGang = 0
) (
  input  wire logic clk_i,
  input  wire logic rst_ni,
  // access
  input  wire logic valid_i,
  input  wire logic write_i,
  input  wire logic [7:0] addr_i,
  input  wire logic [31:0] wdata_i,
  output logic ack_o,
  output logic [31:0] rdata_o,
  output logic [2:0] status_o,
  // the tile
  input  wire xt_status_t status_i,
  input  wire logic [{64 * len(t['counter']) - 1}:0] counters_i,
  output xt_regs_t regs_o,
  output xt_csr_set_t set_o,
  output logic abort_o      // ABORT is written to CONTROL
);

  localparam logic [31:0] Units = 32'((((N > M) ? N : M) + AdcShare - 1) / AdcShare);
  localparam logic [31:0] AdcMax = 32'((1 << (AdcBits - 1)) - 1);
  localparam logic [31:0] Sums = 32'(M >> AccGang);
  localparam logic [31:0] SumMax = 32'((64'd1 << ((AccBits != 0) ? AccBits - 1 : 0)) - 64'd1);
  localparam logic [7:0] COUNTERS_END = xt_pkg::CSR_COUNTERS + 8'd2 * xt_pkg::NUM_COUNTERS;

  xt_regs_t regs_q;
  logic [31:0] rdata_q;
  logic [31:0] high_q;  // high word of the counter whose low word was read last

  // The generator that GEN_SEL names: is there one, its largest state.
  logic column;
  logic gen_exists;
  logic [31:0] gen_most;
  assign column = regs_q.gen_sel[16];
  assign gen_exists = (32'(regs_q.gen_sel[15:0]) < (column ? 32'(M) : 32'(N)));
  assign gen_most = column ? 32'((2 << ProbBits) - 1) : 32'((1 << ProbBits) - 1);

  // The sum that ACC_SEL names: is there one.
  logic acc_exists;
  assign acc_exists = (AccBits != 0) && (32'(regs_q.acc_sel[31:16]) < 32'(N)) && (32'(regs_q.acc_sel[15:0]) < Sums);

  // Counters: word 2 k of counter k, 2 k + 1 its high one.
  logic counter;
  logic [5:0] word;
  assign counter = (addr_i >= xt_pkg::CSR_COUNTERS) && (addr_i < COUNTERS_END);
  assign word = 6'(addr_i - xt_pkg::CSR_COUNTERS);

  // Address decode, whether the write data is legal, and what a read gives.
  logic known;
  logic writable;
  logic waits;  // a write has to wait until the tile is not busy
  logic fits;
  logic [31:0] value;
  always @* begin
    known = 1'b1;
    writable = 1'b1;
    waits = 1'b1;
    fits = 1'b0;
    value = 32'd0;
    if (valid_i) begin
      case (addr_i)
{chr(10).join(arms)}
        default: begin
          known = counter;
          fits = 1'b1;
          if (counter) value = word[0] ? high_q : counters_i[32'(word) * 32 +: 32];
        end
      endcase
    end
  end

  logic [2:0] status_d;
  always @* begin
    status_d = xt_pkg::CSR_ST_OK;
    if (!known) status_d = xt_pkg::CSR_ST_ADDRESS;
    else if (write_i && !writable) status_d = xt_pkg::CSR_ST_READONLY;
    else if (write_i && waits && status_i.busy) status_d = xt_pkg::CSR_ST_BUSY;
    else if (write_i && !fits) status_d = xt_pkg::CSR_ST_VALUE;
  end

  logic store;
  assign store = valid_i && write_i && (status_d == xt_pkg::CSR_ST_OK);

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      ack_o <= 1'b0;
      rdata_q <= 32'd0;
      status_o <= 3'd0;
    end else begin
      ack_o <= valid_i;
      rdata_q <= (valid_i && !write_i) ? value : 32'd0;
      status_o <= valid_i ? status_d : 3'd0;
    end
  end

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
{chr(10).join(resets)}
    end else if (store) begin
      case (addr_i)
{chr(10).join(writes)}
        default: ;
      endcase
    end
  end

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) high_q <= 32'd0;
    else if (valid_i && !write_i && counter && !word[0]) high_q <= counters_i[32'(word) * 32 + 32 +: 32];
  end

  assign rdata_o = (AccBits != 0) ? rdata_q | status_i.acc : rdata_q;
  assign regs_o = regs_q;
  assign set_o.data = wdata_i;
{chr(10).join(sets)}
  assign set_o.counter = store && counter;
  assign set_o.word = word;
  assign abort_o = store && (addr_i == xt_pkg::CSR_CONTROL) && wdata_i[0];

endmodule
`default_nettype wire
""".split("\n"))
