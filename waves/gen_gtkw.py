#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Save files of GTKWave, and command files of Surfer, for a dump of one tile (crosstrain train ... --wave FILE.fst).

One file per view: overview, forward (one read), sar (one conversion), update (one coincidence update), transfer; of tiles
with binary devices (Mtj 1) also mtj (one MTJ_UPDATE, with devices that it flips and half-selected ones beside them).
Everything follows from the parameters of the tile, so the files fit any width. They are taken from the dump itself, read
as VCD (--vcd, else fst2vcd of package gtkwave). Names of operations, record kinds and arrays come from
rtl/xt_params.toml.

usage: gen_gtkw.py --dump FILE.fst [--vcd FILE.vcd] [--shape "N M CodeBits AdcBits AdcShare AdcKind BlMax StateBits ProbBits Mtj AccBits AccGang"]
                   [--operation K] [--marker TIME] [--lines 6] [--views overview,sar] [--groups Rows,Columns] [--list]
Writes beside the dump FILE.<view>.gtkw, FILE.<what>.txt that they read, and FILE.<view>.sucl; the folder may be moved.
--shape: what the dump must have. --operation: zoom on the operation that finds K in the counter OPS, the marker on its
start; --marker: the marker there instead. --list: the operations of the dump, nothing written.
Exit code 0, or 2 with one line that says what is wrong.
"""
import argparse
import contextlib
import math
import os
import shutil
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "scripts"))
from gen import desc  # noqa: E402  (the description's own reader)

TOP = "xt_sim.xt_sim."
TILE = TOP + "u_tile."
SHAPE = tuple(desc.load()["shape"])
MAX_ARRAY = 1024  # longest array in a dump: --trace-max-array of scripts/build_tile.sh

# The zoom is -log2 of the time of FRAME pixels. GTKWave starts a view where the save file says only if the width of the
# waves, from there, ends inside the dump; else at the dump's start. A save file asks for a size of the window, and the
# window manager gives one.
FRAME = 200
WINDOW = "1340 690"  # pixels: with title and borders it fits a screen of 1366 x 768
NAMES = 280  # of them for the names
PANE = 960  # for the operation, a little less than the waves then have
WIDEST = 3840  # the waves of any window

LISTED = 16  # lines: of a wider vector the lines that are 1 are listed
# Flags of a trace in a save file (GTKWave's analyzer.h).
HEX, DEC, BIN, ASCII = 0x22, 0x24, 0x28, 0x820
SIGNED = 0x420
ANALOG, STEPS = 0x8420, 0x8024  # steps, signed and not
TRANSLATED = 0x2022
BLANK, STRETCH = 0x200, 0x20000
GROUP, GROUP_END = 0x800200, 0x1000200
CLOSED, CLOSED_END = 0xC00200, 0x1401200
ORANGE, YELLOW, GREEN = 2, 3, 4  # blue and violet are too dark on black


class Bad(Exception):
    pass


# ---------------------------------------------------------------- the dump

# Vectors with a bit per line
LINE_VECTORS = ([TOP + v for v in ("row_act", "row_pol", "col_act", "col_pol", "cmp", "over")]
                + [TILE + v for v in ("row_neg", "col_neg", "u_row_enc.fire_o", "u_col_enc.fire_o")])


WEIGHTS = TOP + "u_analog.u_array.u_plane_C.w"  # states of binary devices


class Dump:
    """A dump of one tile, read as VCD."""

    def __init__(self, file, vcd):
        self.file = file
        self.ops = []  # (OPS before, code, first time, last time)
        self.end = 0  # time
        self.values = set()  # of the vectors with a bit per line, as text
        self.driven = [(0, "0", "0")]  # (time, rows, columns) as text, from there on
        self.moves = []  # (time, device, state before, after) of C, as text
        parameters = {}
        if not os.path.isfile(file):
            raise Bad(f"{file}: no such file")
        with self.open(vcd) as lines:
            self.read(lines, parameters)
        if len(parameters) != len(SHAPE):
            raise Bad(f"{file}: not a dump of crosstrain's tile (top module xt_sim)")
        self.shape = tuple(parameters[p] for p in SHAPE)

    @contextlib.contextmanager
    def open(self, vcd):
        if vcd:
            try:
                with open(vcd, encoding="latin-1") as f:
                    yield f
            except OSError as x:
                raise Bad(f"{vcd}: {x.strerror}") from x
            return
        tool = shutil.which("fst2vcd")
        if tool is None:
            raise Bad("fst2vcd (package gtkwave) is not installed: give --vcd")
        with subprocess.Popen([tool, self.file], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
                              encoding="latin-1") as proc:
            yield proc.stdout
        if proc.returncode != 0:
            raise Bad(f"{self.file}: not an FST that fst2vcd can read")

    def read(self, lines, parameters):
        names, scope = {}, []
        what = {TOP + "op_busy_o": "busy", TOP + "trace_o.op": "op", TILE + "u_count.counters_q": "counters"}
        what.update((TOP + p, p) for p in SHAPE)
        what.update((v, "lines") for v in LINE_VECTORS)
        drives = {TOP + "row_act": "rows", TOP + "col_act": "columns"}
        now, op, start, time, changed = {}, None, 0, 0, 0
        for line in lines:
            if line.startswith("$scope"):
                scope.append(line.split()[2])
            elif line.startswith("$upscope"):
                scope.pop()
            elif line.startswith("$var"):
                f = line.split()
                if (full := ".".join(scope + [f[4]])) in what:
                    names.setdefault(f[3], []).append(what[full])
                if full in drives:
                    names.setdefault(f[3], []).append(drives[full])
                elif full.startswith(WEIGHTS + "["):
                    names.setdefault(f[3], []).append(int(full[len(WEIGHTS) + 1:-1]))
            elif line.startswith("$enddefinitions"):
                break

        def instant():  # all values of one time are known
            nonlocal op, start
            busy = now.get("busy") == "1"
            if busy and op is None:
                op, start = int(now.get("counters", "0")[-64:], 2), time
            elif not busy and op is not None:
                self.ops.append((op, int(now["op"], 2), start, time))
                op = None
            if (drive := (now.get("rows", "0"), now.get("columns", "0"))) != self.driven[-1][1:]:
                self.driven.append((time, *drive))

        for line in lines:
            line = line.strip()
            if line.startswith("#"):
                instant()
                time = int(line[1:])
                continue
            changed = time
            value, _, code = line[1:].partition(" ") if line[:1] == "b" else (line[:1], "", line[1:])
            for name in names.get(code, ()):
                if name in SHAPE:
                    parameters[name] = int(value, 2)
                elif name == "lines":
                    self.values.add(value)
                elif not set(value) - {"0", "1"}:
                    if isinstance(name, int) and name in now:
                        self.moves.append((time, name, now[name], value))
                    now[name] = value
        instant()
        if op is not None and start < changed:  # the dump ends inside
            self.ops.append((op, int(now["op"], 2), start, changed))
        self.end = time

    def operation(self, k):
        """First and last time of the operation that finds k in OPS."""
        hits = [o for o in self.ops if o[0] == k]
        if not hits:
            there = f"{self.ops[0][0]} to {self.ops[-1][0]}" if self.ops else "none"
            raise Bad(f"--operation: {k} is not in {self.file}: it has {there}")
        return hits[-1][2:]  # RESET also finds the number of what follows it


    def examples(self, span):
        """Devices that an MTJ_UPDATE shows something with: {what: (row, column)}."""
        n, m = self.shape[:2]
        begin, end = span or (0, self.end)
        found, start = {}, 0

        def state(text):  # a VCD leaves out zeros in front
            return int(text, 2) - (int(text[0]) << len(text) if len(text) == self.shape[SHAPE.index("StateBits")] else 0)

        for time, k, before, after in self.moves:
            if not begin < time <= end:
                continue
            while start + 1 < len(self.driven) and self.driven[start + 1][0] < time:
                start += 1  # what was driven until then
            rows, columns = (set(lines_in(v)) for v in self.driven[start][1:])
            i, j = divmod(k, m)
            if i not in rows or j not in columns:
                found.setdefault("Flips half selected", (i, j))
                continue
            found.setdefault("Set" if state(after) > state(before) else "Reset", (i, j))
            others = [c for c in range(m) if c not in columns]
            if others:
                found.setdefault("Driven row alone", (i, others[0]))
            others = [r for r in range(n) if r not in rows]
            if others:
                found.setdefault("Driven column alone", (others[0], j))
        return found


def lines_in(value):
    """Numbers of the bits that are 1, from bit 0 on."""
    return [len(value) - 1 - i for i, bit in enumerate(value) if bit == "1"][::-1]


# ---------------------------------------------------------------- save files

class Signal:
    """name hi:lo of the dump; bits: only these, most significant first."""

    def __init__(self, name, hi, lo=0, alias=None, flags=None, bits=None, height=0, color=None, table=None):
        self.name, self.hi, self.lo, self.alias, self.bits = name, hi, lo, alias, bits
        self.flags = flags if flags is not None else (BIN if hi is None else HEX)
        self.height, self.color, self.table = height, color, table

    def lines(self, tables):
        # GTKWave calls a vector of one bit name[0].
        span = "" if self.hi is None else f"[{self.hi}:{self.lo}]" if self.hi > self.lo else f"[{self.lo}]"
        whole = self.name + span
        out = [f"[color] {self.color}"] if self.color else []
        out.append(f"@{self.flags:x}")
        if self.table:
            out.append(f"^1 {tables}.{self.table}.txt")
        if self.bits is None or not self.hi:
            out.append(f"+{{{self.alias}}} {whole}" if self.alias else whole)
        elif len(self.bits) == 1:
            out.append(f"+{{{self.alias}}} ({self.hi - self.bits[0]}){whole}")
        else:
            parts = " ".join(f"({self.hi - b}){whole}" for b in self.bits)
            out.append(f"#{{{self.alias}}} {parts}")
        if self.height:
            out.append(f"@{STRETCH:x}")
            out += ["-"] * self.height
        return out


class Views:
    def __init__(self, shape, lines, examples):
        (self.N, self.M, self.code_bits, self.adc_bits, self.share, self.kind, self.bl_max, self.state_bits,
         self.prob_bits, self.mtj, self.acc_bits, self.acc_gang) = shape
        self.L = max(self.N, self.M)
        self.P = -(-self.L // self.share)
        self.lines, self.examples = lines, examples
        self.col_mag = max(self.code_bits, self.adc_bits) - 1
        gain = self.gain_bits = desc.load()["const"]["GAIN_BITS"] + 1  # a gain may round up to 2^GAIN_BITS

    # -- pieces

    @staticmethod
    def vec(name, width, alias=None, flags=None, **more):
        """A vector of width > 1; Verilator dumps [0:0] as a vector too, a scalar has width None."""
        return Signal(name, None if width is None else width - 1, 0, alias, flags, **more)

    def per_line(self, name, width, alias):
        """A vector with a bit per line: the bits, or the list of those that are 1."""
        if width <= LISTED:
            return self.vec(name, width, alias, BIN)
        return self.vec(name, width, alias, TRANSLATED, table="lines")

    def bit(self, name, width, i, alias, **more):
        if width == 1:
            return Signal(name, 0, 0, alias, BIN, **more)
        return Signal(name, width - 1, 0, alias, BIN, bits=[i], **more)

    def record(self, field, alias, flags, **more):
        """A field of the trace record."""
        return self.vec(f"{TOP}trace_o.{field}", desc.load()["trace"][field][0], alias, flags, **more)

    def control(self, field, alias, flags=BIN, **more):
        """A field of the array boundary's control."""
        t = desc.load()
        return self.vec(f"{TOP}ctl.{field}", desc.boundary_bits(t, t["boundary"][field][0]), alias, flags, **more)

    def sequencer(self, what, field, alias, flags=BIN, **more):
        """A field of what the sequencer says: what = now, next, event_now."""
        t = desc.load()
        bits = desc.boundary_bits(t, t[what.removesuffix("_now")][field][0])
        return self.vec(f"{TILE}{what}.{field}", bits, alias, flags, **more)

    def register(self, name, alias, flags, **more):
        """What a register of the tile holds."""
        return self.vec(f"{TILE}regs.{name.lower()}", desc.register_bits(desc.load()["csr"][name]), alias, flags, **more)

    def status(self, name, signal, alias, flags, **more):
        """A signal that a read-only register shows."""
        return self.vec(TILE + signal, dict(desc.status_fields(desc.load()))[name], alias, flags, **more)

    def step(self):
        return self.vec(TILE + "u_seq.step_q", desc.bits(len(desc.load()["step"])), "step of the plan", TRANSLATED, table="step",
                        color=YELLOW)

    def field(self, name, width, bits, alias, flags, **more):
        return Signal(name, width - 1, 0, alias, flags, bits=bits, **more)

    def first(self, n):
        return range(min(n, self.lines))

    def operation(self):
        v = self.vec
        return [v(TOP + "clk_i", None, "clock"),
                self.record("op", "operation", TRANSLATED, table="op", color=YELLOW),
                self.step(), v(TILE + "u_seq.state_ascii", 48, "state", ASCII, color=YELLOW),
                self.record("cycle", "cycle in operation", DEC)]

    def phase_slot(self):
        return [self.record("phase", "phase / share slot", DEC),
                self.record("slot", "slot / SAR bit", DEC)]

    def stream(self, p, alias):
        v = self.vec
        return [v(f"{TOP}{p}_valid_{'i' if p == 's' else 'o'}", None, alias + " valid"),
                v(f"{TOP}{p}_ready_{'o' if p == 's' else 'i'}", None, alias + " ready"),
                v(f"{TOP}{p}_last_{'i' if p == 's' else 'o'}", None, alias + " last"),
                v(f"{TOP}{p}_data_{'i' if p == 's' else 'o'}", 32, alias + " data", HEX)]

    def strobes(self):
        return [self.control("sel", "array", TRANSLATED, table="sel"), self.control("dir", "dir (1: columns driven)"),
                self.control("clear", "clear"), self.control("integ", "integrate"), self.control("hold", "hold"),
                self.control("pulse", "pulse"), self.control("act", "pulse acts"), self.sequencer("now", "latch", "latch")]

    def drives(self, side, polarity=True):
        n, short = (self.N, "row") if side == "row" else (self.M, "col")
        act, pol = TOP + short + "_act", TOP + short + "_pol"
        out = [self.per_line(act, n, f"{side}s driven")]
        if polarity:
            out.append(self.per_line(pol, n, f"{side}s polarity 1"))
        if n > LISTED:
            out.append(self.count(f"{short}s_driven", n, f"{side}s driven"))
        color = GREEN if side == "row" else ORANGE
        out += [self.bit(act, n, i, f"{side} {i}", color=color) for i in self.first(n)]
        return out

    def count(self, signal, lines, of):
        return self.vec(TOP + signal, lines.bit_length(), "number of " + of, STEPS, height=1)

    def codes_in(self, side):
        """Magnitudes and signs of the first lines; bit b of line l is bit b*lines + l."""
        n, short = (self.N, "row") if side == "row" else (self.M, "col")
        mag = self.code_bits - 1 if side == "row" else self.col_mag
        letter = "x" if side == "row" else "d"
        name = f"{TILE}u_{short}_enc.mag_q"
        out = [self.per_line(f"{TILE}{short}_neg", n, f"{letter} < 0")]
        for i in self.first(n):
            out.append(self.field(name, mag * n, [b * n + i for b in reversed(range(mag))], f"|{letter}{i}|", DEC))
        return out

    def thresholds(self, side):
        """Bit b of line l is bit b*pitch + l."""
        n, short = (self.N, "row") if side == "row" else (self.M, "col")
        name, pitch = f"{TILE}u_{short}_enc.t_q", (n + 31) // 32 * 32
        return [self.field(name, self.prob_bits * pitch, [b * pitch + i for b in reversed(range(self.prob_bits))],
                           f"threshold {side} {i}", DEC) for i in self.first(n)]

    def fires(self, side):
        n, short = (self.N, "row") if side == "row" else (self.M, "col")
        name = f"{TILE}u_{short}_enc.fire_o"
        return ([self.per_line(name, n, f"{side}s fire next")]
                + [self.bit(name, n, i, f"{side} {i} fires next") for i in self.first(n)])

    def integrators(self, lines, height=2):
        if self.L > MAX_ARRAY:
            return []
        return [self.vec(f"{TOP}u_analog.u_afe.acc[{i}]", 64, f"integrator {i}", ANALOG, height=height, color=ORANGE)
                for i in range(min(lines, self.L))]

    def lanes(self, name, lanes, count, alias, flags, **more):
        w = self.adc_bits
        return [self.field(name, lanes * w, list(range(i * w + w - 1, i * w - 1, -1)), f"{alias} {i}", flags, **more)
                for i in range(min(count, lanes))]

    def trials(self, count, flags=ANALOG, height=2):
        return self.lanes(TOP + "sar_code", self.P, count, "SAR code unit", flags,
                          height=height if flags == ANALOG else 0, color=YELLOW)

    def comparators(self, count):
        return ([self.per_line(TOP + "cmp", self.P, "comparators that are 1")]
                + ([self.count("cmps_high", self.P, "comparators that are 1")] if self.P > LISTED else [])
                + [self.bit(TOP + "cmp", self.P, i, f"comparator {i}") for i in range(min(count, self.P))])

    def codes_out(self, count):
        return self.lanes(TILE + "codes", self.L, count, "code line", SIGNED)

    def devices(self, array, places, height=1):
        """States of devices (row, column) of a plane."""
        k = self.N * self.M
        if 1 << (k - 1).bit_length() > MAX_ARRAY:
            return []
        name = list(desc.load()["plane"])[array]
        return [self.vec(f"{TOP}u_analog.u_array.u_plane_{name}.w[{i * self.M + j}]", self.state_bits, f"{name}({i},{j})",
                         ANALOG, height=height, color=YELLOW) for i, j in places]

    def digest(self, array):
        planes = list(desc.load()["plane"])
        return self.field(f"{TOP}digest_o", 32 * len(planes), list(range(32 * array + 31, 32 * array - 1, -1)),
                          f"digest of {planes[array]}", HEX)

    def manager(self):
        v, t = self.vec, desc.load()
        mode, bl = desc.bits(1 + max(params()["mode"])), desc.register_bits(t["csr"]["UPD_BL"])
        gain, shift = self.gain_bits, desc.register_bits(t["csr"]["UPD_EXP"]) + 1  # signed
        return [v(TILE + "u_upd_mgr.mode_q", mode, "mode", TRANSLATED, table="mode"), v(TILE + "bl", bl, "pulse train BL", DEC),
                v(TILE + "clip", None, "clipped"), v(TILE + "phases", 4, "phases", BIN),
                v(TILE + "row_gain", gain, "gain rows", DEC), v(TILE + "row_shift", shift, "shift rows", DEC),
                v(TILE + "col_gain", gain, "gain columns", DEC), v(TILE + "col_shift", shift, "shift columns", DEC)]

    def transfer(self):
        v, line = self.vec, desc.load()["command"]["arg"][0]
        return [self.status("xfer_ptr", "ptr", "transfer pointer", ANALOG if self.N > 1 else DEC, height=1 if self.N > 1 else 0),
                self.status("xfer_ptr", "ptr", "pointer", DEC), self.status("xfer_count", "count", "updates since", DEC),
                self.register("XFER_EVERY", "transfer every", DEC), v(TILE + "due", None, "due after an update"), self.step(),
                self.sequencer("event_now", "load_line", "line to the rows"), v(TILE + "line", line, "line", DEC),
                self.sequencer("event_now", "transferred", "done")]

    def counters(self):
        names = params()["counter"]
        return [self.field(TILE + "counters", 64 * len(names), list(range(64 * k + 63, 64 * k - 1, -1)), n, DEC)
                for k, n in enumerate(names)]

    def trace(self):
        v = self.vec
        return [v(TOP + "trace_valid_o", None, "record"), self.record("order", "order", DEC),
                self.record("kind", "kind", TRANSLATED, table="kind"), *self.phase_slot(),
                self.record("status", "status", TRANSLATED, table="status"),
                self.record("info", "info", DEC), self.record("ncodes", "codes in answer", DEC)]

    # -- views: [(group, [signals], closed)]

    def overview(self):
        return [("Operation", self.operation(), False), ("Command stream", self.stream("s", "command"), False),
                ("Result stream", self.stream("m", "result"), False), ("Array boundary", self.strobes(), False),
                ("Lines", [s for side in ("row", "col") for s in self.drives(side, False) if "driven" in s.alias], False),
                ("Transfer", self.transfer()[1:6], False), ("Trace record", self.trace(), False),
                ("Counters", self.counters(), True)]

    def forward(self):
        sense = self.integrators(self.lines)
        return [("Operation", self.operation(), False), ("Read", self.strobes()[:5], False),
                ("Input codes of the rows", self.codes_in("row"), False), ("Rows", self.drives("row"), False),
                ("Columns", self.drives("col"), True)] + (
                    [("Integrators", sense, False)] if sense else []) + [
                        ("Converters", self.trials(min(self.lines, 3)), False),
                        ("Codes read", self.codes_out(self.lines), False)]

    def sar(self):
        v = self.vec
        held = self.integrators(2, 3)
        return [("Operation", self.operation(), False),
                ("Conversion", [self.control("hold", "hold"), self.sequencer("now", "sar", "trial"),
                                self.sequencer("now", "latch", "latch"), self.record("slot", "number of the trial" if self.kind else "bit", DEC),
                                self.control("adc_slot", "share slot", DEC),
                                self.control("range", "log2 of the step", DEC)], False)] + (
                                    [("Held value", held, False)] if held else []) + [
                    ("SAR code", self.trials(2, height=4), False),
                    ("SAR code (bits)", self.lanes(TOP + "sar_code", self.P, 2, "trial of unit", BIN), False),
                    ("Comparators", self.comparators(self.lines)
                     + [self.per_line(TOP + "over", self.P, "integrators at their limit")], False),
                    ("Result", [self.register("ADC_OFFSET", "offset", SIGNED)] + self.codes_out(self.lines)
                     + [v(TILE + "rails", desc.load()["trace"]["info"][0], "lines at a rail", DEC)], False)]

    def update(self):
        # of the last row (the bias of a layer: always driven hardest) and the first
        a = self.devices(0, sorted({(i, j) for i in (self.N - 1, 0) for j in range(min(self.M, 2))}))
        return [("Operation", self.operation() + self.phase_slot(), False),
                ("Update manager", self.manager(), False),
                ("Row codes", self.codes_in("row"), True), ("Column codes", self.codes_in("col"), True),
                ("Row thresholds", self.thresholds("row"), True),
                ("Column thresholds", self.thresholds("col"), True),
                ("Encoders", self.fires("row") + self.fires("col"), True),
                ("Array", [self.control("sel", "array", TRANSLATED, table="sel"),
                           self.control("pulse", "pulse")], False),
                ("Rows", self.drives("row"), False), ("Columns", self.drives("col"), False),
                ("Coincidences", [self.vec(TILE + "hits_valid", None, "counted (a cycle later)"),
                                  self.vec(TILE + "hits", 32, "devices pulsed", DEC), self.digest(0)]
                 + a, False)]

    def transfer_view(self):
        c = self.devices(1, [(i, 0) for i in self.first(self.N)])
        return [("Operation", self.operation() + self.phase_slot(), False), ("Transfer", self.transfer(), False),
                ("Array", self.strobes(), False), ("Rows", self.drives("row"), False)] + (
                    [("Integrators (line of A - R)", self.integrators(2), False)] if self.L <= MAX_ARRAY else []) + [
                    ("Converters", self.trials(2), False), ("Codes read", self.codes_out(self.lines), False),
                    ("Operand of the columns", self.codes_in("col"), False), ("Update manager", self.manager(), True),
                    ("Columns", self.drives("col"), False), ("C", [self.digest(1)] + c, False)]

    def amplitude(self, side, i):
        """Of a line; bit b of line l is bit b*lines + l."""
        n, bits = self.N if side == "row" else self.M, desc.load()["const"]["AMP_BITS"]
        return self.field(f"{TOP}{side}_amp", bits * n, [b * n + i for b in reversed(range(bits))], f"amplitude {side} {i}", DEC)

    def seen(self, place):
        """What a device sees, and its state."""
        i, j = place
        out = []
        for side, k, n, color in (("row", i, self.N, GREEN), ("col", j, self.M, ORANGE)):
            out += [self.bit(f"{TOP}{side}_act", n, k, f"{side} {k} driven", color=color),
                    self.bit(f"{TOP}{side}_pol", n, k, f"{side} {k} polarity"), self.amplitude(side, k)]
        return out + self.devices(list(desc.load()["plane"]).index("C"), [place])

    def mtj_view(self):
        amplitudes = [("Row amplitudes", [self.amplitude("row", i) for i in self.first(self.N)], True),
                      ("Column amplitudes", [self.amplitude("col", j) for j in self.first(self.M)], False)]
        return [("Operation", self.operation() + self.phase_slot(), False),
                ("Pulses", [self.register("CELL_MODE", "cells", TRANSLATED, table="cell"), self.register("MTJ_RATE", "MTJ_RATE", DEC),
                            self.control("pulse", "pulse"), self.control("duration", "duration", DEC),
                            self.control("act", "pulse acts")], False),
                ("Rows", self.drives("row"), False), ("Columns", self.drives("col"), False), *amplitudes,
                *((f"{what}: C({i},{j})", self.seen((i, j)), False) for what, (i, j) in self.examples.items()),
                ("C", [self.vec(TILE + "hits", 32, "devices pulsed", DEC), self.digest(1)], False)]

    VIEWS = {"overview": overview, "forward": forward, "sar": sar, "update": update, "transfer": transfer_view, "mtj": mtj_view}


_params = None


def params():
    """Name tables of rtl/xt_params.toml: {table: {value: name}}; "counter": names in order."""
    global _params
    if _params is None:
        toml = desc.load()
        number = {t: {desc.number(v): n for n, v in toml[t].items()}
                  for t in ("op", "status", "kind", "sel", "counter")}
        number["kind"][0] = "-"
        number["cell"] = {desc.number(v): n for n, v in toml["cell"].items()}
        number["mode"] = {v: n[4:] for n, v in toml["enum"].items() if n.startswith("UPD_")}
        number["step"] = dict(enumerate(toml["step"]))
        number["counter"] = [n for _, n in sorted(number["counter"].items())]
        _params = number
    return _params


def write(path, text):
    if os.path.exists(path) and not os.path.isfile(path):
        raise Bad(f"{path} is there and no regular file: it is not replaced")
    try:
        with open(path + ".tmp", "w", encoding="utf-8", errors="surrogateescape") as f:  # names of files are any bytes
            f.write(text)
        os.replace(path + ".tmp", path)
    except OSError as x:
        with contextlib.suppress(OSError):
            os.remove(path + ".tmp")
        raise Bad(f"{path}: {x.strerror}") from x


def lines_of(value):
    """The 1s of a value in binary: how many, and where."""
    where = lines_in(value)
    spans = []
    for i in where:
        if spans and spans[-1][1] == i - 1:
            spans[-1][1] = i
        else:
            spans.append([i, i])
    return f"{len(where)}: " + " ".join(f"{a}-{b}" if b > a else f"{a}" for a, b in spans) if where else "none"


def translate(prefix, dump):
    """Tables value -> text for GTKWave (hex values)."""
    for table in ("op", "kind", "sel", "status", "mode", "step", "cell"):
        width = 1 if table in ("sel", "mode", "step", "cell") else 2
        write(f"{prefix}.{table}.txt", "".join(f"{v:0{width}x} {n}\n" for v, n in sorted(params()[table].items())))
    texts = {f"{int(v, 2):0{-(-len(v) // 4)}x}": lines_of(v) for v in dump.values if not set(v) - {"0", "1"}}
    write(f"{prefix}.lines.txt", "".join(f"{v} {t}\n" for v, t in sorted(texts.items())))


def window(dump, span, marker):
    """First time and zoom of a view of span (None: around the marker) and the marker, in windows of any size."""
    start, end = span or (marker - 100, marker + 200)
    if marker is not None:
        start, end = min(start, marker), max(end, marker)
    first = max(0, start - (end - start) // 32)
    time = max(end - first, 100) * 33 / 32 / PANE  # of a pixel
    if first + time * WIDEST > dump.end:  # the dump is cut: less, but from there (1: the zoom is rounded when it is written)
        time = max(dump.end - first - 1, 1) / WIDEST
        if marker is not None and first + time * PANE < marker:
            first = max(0, marker - 100)
            time = max(dump.end - first - 1, 1) / WIDEST
    return first, -math.log2(time * FRAME)


def save_file(view, groups, dump, prefix, span, marker):
    """Names of files are relative to the save file: GTKWave takes them so if [savefile] is."""
    base = os.path.basename(prefix)
    out = ["[*] crosstrain: view " + view, f'[dumpfile] "{os.path.basename(dump.file)}"', f'[savefile] "{base}.{view}.gtkw"',
           f"[size] {WINDOW}", f"[signals_width] {NAMES}", "[sst_expanded] 0"]
    if span or marker is not None:
        first, zoom = window(dump, span, marker)
        begin, end = span or (-1, -1)
        out += [f"[timestart] {first}", f"*{zoom:.6f} {begin if marker is None else marker} {begin} {end}" + " -1" * 24,
                "[markername] Abegin", "[markername] Bend"]
    for name, sigs, closed in groups:
        if not sigs:
            continue
        out += [f"@{CLOSED if closed else GROUP:x}", "-" + name]
        for s in sigs:
            out += s.lines(base)
        out += [f"@{CLOSED_END if closed else GROUP_END:x}", "-" + name]
    return "\n".join(out + ["[pattern_trace] 1", "[pattern_trace] 0", ""])


def command_file(groups, span, marker):
    """For Surfer, which cannot put a signal together from bits: whole signals only, by their own names."""
    out = []
    for name, sigs, _ in groups:
        # One bit of a vector and arrays have no name there; a signal is not added twice in a group.
        whole = dict.fromkeys(s.name for s in sigs if s.bits is None and "[" not in s.name)
        if whole:
            out += ["divider_add " + name] + ["variable_add " + v for v in whole]
    if span:
        margin = max((span[1] - span[0]) // 32, 10)
        out += [f"cursor_set {span[0] if marker is None else marker}",
                f"zoom_to {max(0, span[0] - margin)} {span[1] + margin}"]
    return "\n".join(out + [""])


def main():
    p = argparse.ArgumentParser(description="GTKWave save files for a dump of one tile.")
    p.add_argument("--dump", required=True, metavar="FILE.fst")
    p.add_argument("--vcd", metavar="FILE.vcd")
    p.add_argument("--shape", metavar='"' + " ".join(SHAPE) + '"')
    p.add_argument("--operation", type=int, metavar="K")
    p.add_argument("--marker", type=int, metavar="TIME")
    p.add_argument("--lines", type=int, default=6, metavar="COUNT")
    p.add_argument("--views", help="default: all (mtj: of tiles with binary devices)")
    p.add_argument("--list", action="store_true")
    p.add_argument("--groups", metavar="NAME,NAME", help="only these groups, open (waves/render.sh)")
    a = p.parse_args()
    prefix = a.dump[:-4] if a.dump.endswith(".fst") else a.dump
    views = a.views.split(",") if a.views else []
    for v in views:
        if v not in Views.VIEWS:
            raise Bad(f"--views: '{v}' is unknown; there are {', '.join(Views.VIEWS)}")
    if not 1 <= a.lines <= 64:
        raise Bad(f"--lines: {a.lines}; 1 to 64 is allowed")
    given = None
    if a.shape:
        try:
            given = tuple(int(x) for x in a.shape.split())
        except ValueError:
            given = ()
        if len(given) != len(SHAPE) or min(given) < 0:
            raise Bad(f"--shape: '{a.shape}' is not twelve numbers ({' '.join(SHAPE)})")
    dump = Dump(a.dump, a.vcd)
    if given and given != dump.shape:
        raise Bad(f"--shape: {given} is not that of {a.dump}: {dump.shape}")
    if a.list:
        for k, op, start, end in dump.ops:
            print(f"{k} {params()['op'].get(op, hex(op))} {start} {end}")
        return
    span = dump.operation(a.operation) if a.operation is not None else None
    mtj = dump.shape[SHAPE.index("Mtj")] == 1
    if "mtj" in views and not mtj:
        raise Bad(f"--views: mtj: {a.dump} is of a tile without binary devices")
    views = views or [v for v in Views.VIEWS if mtj or v != "mtj"]
    all_views = Views(dump.shape, a.lines, dump.examples(span) if mtj else {})
    translate(prefix, dump)
    for v in views:
        groups = Views.VIEWS[v](all_views)
        if a.groups:
            groups = [(name, sigs, False) for name, sigs, _ in groups if name.split(":")[0] in a.groups.split(",")]
        write(f"{prefix}.{v}.gtkw", save_file(v, groups, dump, prefix, span, a.marker))
        write(f"{prefix}.{v}.sucl", command_file(groups, span, a.marker))


if __name__ == "__main__":
    try:
        main()
    except Bad as bad:
        print(f"gen_gtkw.py: {bad}", file=sys.stderr)
        sys.exit(2)
    except BrokenPipeError:
        sys.exit(2)
