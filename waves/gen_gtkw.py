#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Save files of GTKWave for a dump of one tile (crosstrain train ... --wave FILE.fst).

One file per view: overview, forward (one read), sar (one conversion), update (one coincidence update), transfer.
Everything follows from the parameters of the tile, so the files fit any width. They are taken from the dump itself
(fst2vcd, package gtkwave) or from --shape. Names of operations, record kinds and arrays come from rtl/xt_params.toml.

usage: gen_gtkw.py --dump FILE.fst [--out PREFIX] [--shape "N M CodeBits AdcBits AdcShare BlMax StateBits ProbBits"]
                   [--operation K] [--marker TIME] [--lines 6] [--views overview,sar] [--groups Rows,Columns] [--list]
Writes PREFIX.<view>.gtkw and PREFIX.<what>.txt (PREFIX: FILE without .fst). --operation: marker and zoom on the
operation that finds K in the counter OPS (with --shape and no fst2vcd: neither); --marker: the marker there instead.
--list: the operations of the dump, nothing written.
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

FRAME = 200  # pixels that GTKWave's zoom speaks of
# Flags of a trace in a save file (GTKWave's analyzer.h).
HEX, DEC, BIN, ASCII = 0x22, 0x24, 0x28, 0x820
SIGNED = 0x420
ANALOG = 0x8420  # steps, signed
TRANSLATED = 0x2022
BLANK, STRETCH = 0x200, 0x20000
GROUP, GROUP_END = 0x800200, 0x1000200
CLOSED, CLOSED_END = 0xC00200, 0x1401200
ORANGE, YELLOW, GREEN = 2, 3, 4  # blue and violet are too dark on black


class Bad(Exception):
    pass


# ---------------------------------------------------------------- the dump

def vcd_of(dump):
    tool = shutil.which("fst2vcd")
    if tool is None:
        return None
    if not os.path.isfile(dump):
        raise Bad(f"{dump}: no such file")
    return subprocess.Popen([tool, dump], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
                            encoding="latin-1")


def read_dump(dump):
    """Parameters of the tile and [(OPS before, op, first time, last time)] of the operations."""
    proc = vcd_of(dump)
    if proc is None:
        return None, []
    names, scope = {}, []
    params = {TOP + p: p for p in SHAPE}
    wanted = {TOP + "op_busy_o": "busy", TOP + "trace_o.op": "op", TILE + "u_count.counters_q": "counters"}
    shape, now, ops, op, start, time = {}, {}, [], None, 0, 0
    for line in proc.stdout:
        if line.startswith("$scope"):
            scope.append(line.split()[2])
        elif line.startswith("$upscope"):
            scope.pop()
        elif line.startswith("$var"):
            f = line.split()
            full = ".".join(scope + [f[4]])
            if full in params or full in wanted:
                names.setdefault(f[3], []).append(full)
        elif line.startswith("$enddefinitions"):
            break

    def instant():  # all values of one time are known
        nonlocal op, start
        busy = now.get("busy") == "1"
        if busy and op is None:
            op, start = int(now.get("counters", "0")[-64:], 2), time
        elif not busy and op is not None:
            ops.append((op, int(now["op"], 2), start, time))
            op = None

    for line in proc.stdout:
        line = line.strip()
        if line.startswith("#"):
            instant()
            time = int(line[1:])
            continue
        value, _, code = line[1:].partition(" ") if line[:1] == "b" else (line[:1], "", line[1:])
        for full in names.get(code, ()):
            if full in params:
                shape[params[full]] = int(value, 2)
            elif not set(value) - {"0", "1"}:
                now[wanted[full]] = value
    instant()
    if op is not None and start < time:  # the run ended inside; else the first edge after the window
        ops.append((op, int(now["op"], 2), start, time))
    proc.wait()
    if proc.returncode != 0 or len(shape) != len(SHAPE):
        raise Bad(f"{dump}: not a dump of crosstrain's tile (top module xt_sim)")
    return tuple(shape[p] for p in SHAPE), ops


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
            out.append(f"^1 {tables[self.table]}")
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
    def __init__(self, shape, lines):
        (self.N, self.M, self.code_bits, self.adc_bits, self.share, self.bl_max, self.state_bits,
         self.prob_bits) = shape
        self.L = max(self.N, self.M)
        self.P = -(-self.L // self.share)
        self.lines = lines
        self.col_mag = max(self.code_bits, self.adc_bits) - 1
        gain = self.gain_bits = desc.load()["const"]["GAIN_BITS"] + 1  # a gain may round up to 2^GAIN_BITS
        self.row_acc = max(self.code_bits - 1 + gain, self.prob_bits + 1)
        self.col_acc = max(self.col_mag + gain, self.prob_bits + 1)

    # -- pieces

    @staticmethod
    def vec(name, width, alias=None, flags=None, **more):
        """A vector of width > 1; Verilator dumps [0:0] as a vector too, a scalar has width None."""
        return Signal(name, None if width is None else width - 1, 0, alias, flags, **more)

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
                self.step(), v(TILE + "u_seq.state_ascii", 40, "state", ASCII, color=YELLOW),
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
                self.control("pulse", "pulse"), self.sequencer("now", "latch", "latch")]

    def drives(self, side, polarity=True):
        n, short = (self.N, "row") if side == "row" else (self.M, "col")
        act, pol = TOP + short + "_act", TOP + short + "_pol"
        out = [self.vec(act, n, f"{side}s driven", BIN if n <= 16 else HEX)]
        if polarity:
            out.append(self.vec(pol, n, f"{side}s polarity", BIN if n <= 16 else HEX))
        color = GREEN if side == "row" else ORANGE
        out += [self.bit(act, n, i, f"{side} {i}", color=color) for i in self.first(n)]
        return out

    def codes_in(self, side):
        """Magnitudes and signs of the first lines; bit b of line l is bit b*lines + l."""
        n, short = (self.N, "row") if side == "row" else (self.M, "col")
        mag = self.code_bits - 1 if side == "row" else self.col_mag
        letter = "x" if side == "row" else "d"
        name = f"{TILE}{short}_mag"
        out = [self.vec(f"{TILE}{short}_neg", n, f"{letter} < 0", BIN if n <= 16 else HEX)]
        for i in self.first(n):
            out.append(self.field(name, mag * n, [b * n + i for b in reversed(range(mag))], f"|{letter}{i}|", DEC))
        return out

    def thresholds(self, side):
        n, short = (self.N, "row") if side == "row" else (self.M, "col")
        bits = self.row_acc if side == "row" else self.col_acc
        name = f"{TILE}u_{short}_enc.acc_q"
        return [self.field(name, bits * n, [b * n + i for b in reversed(range(self.prob_bits + 1))],
                           f"threshold {side} {i}", DEC) for i in self.first(n)]

    def fires(self, side):
        n, short = (self.N, "row") if side == "row" else (self.M, "col")
        name = f"{TILE}u_{short}_enc.fire_o"
        return ([self.vec(name, n, f"{side}s fire next", BIN if n <= 16 else HEX)]
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
        return ([self.vec(TOP + "cmp", self.P, "comparators", BIN if self.P <= 16 else HEX)]
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
        gain, shift = self.gain_bits, desc.register_bits(t["csr"]["UPD_EXP"])
        return [v(TILE + "u_upd_mgr.mode", mode, "mode", TRANSLATED, table="mode"), v(TILE + "bl", bl, "pulse train BL", DEC),
                v(TILE + "clip", None, "clipped"), v(TILE + "any_neg", None, "some x < 0"),
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
                ("Lines", self.drives("row", False)[:1] + self.drives("col", False)[:1], False),
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
                                self.sequencer("now", "latch", "latch"), self.record("slot", "bit", DEC),
                                self.control("adc_slot", "share slot", DEC),
                                self.control("range", "log2 of the step", DEC)], False)] + (
                                    [("Held value", held, False)] if held else []) + [
                    ("SAR code", self.trials(2, height=4), False),
                    ("SAR code (bits)", self.lanes(TOP + "sar_code", self.P, 2, "trial of unit", BIN), False),
                    ("Comparators", self.comparators(self.lines), False),
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

    VIEWS = {"overview": overview, "forward": forward, "sar": sar, "update": update, "transfer": transfer_view}


_params = None


def params():
    """Name tables of rtl/xt_params.toml: {table: {value: name}}; "counter": names in order."""
    global _params
    if _params is None:
        toml = desc.load()
        number = {t: {desc.number(v): n for n, v in toml[t].items()}
                  for t in ("op", "status", "kind", "sel", "counter")}
        number["kind"][0] = "-"
        number["mode"] = {v: n[4:] for n, v in toml["enum"].items() if n.startswith("UPD_")}
        number["step"] = dict(enumerate(toml["step"]))
        number["counter"] = [n for _, n in sorted(number["counter"].items())]
        _params = number
    return _params


def write(path, text):
    try:
        with open(path + ".tmp", "w", encoding="ascii") as f:
            f.write(text)
        os.replace(path + ".tmp", path)
    except OSError as x:
        with contextlib.suppress(OSError):
            os.remove(path + ".tmp")
        raise Bad(f"{path}: {x.strerror}") from x


def translate(prefix):
    """Tables value -> name for GTKWave (hex values). Absolute paths: GTKWave reads them from where it was started."""
    files = {}
    for table in ("op", "kind", "sel", "status", "mode", "step"):
        width = 1 if table in ("sel", "mode", "step") else 2
        path = os.path.abspath(f"{prefix}.{table}.txt")
        write(path, "".join(f"{v:0{width}x} {n}\n" for v, n in sorted(params()[table].items())))
        files[table] = path
    return files


def save_file(view, groups, dump, tables, span, marker):
    pane, signals = 1000, 280  # pixels: wave area, names
    out = ["[*] crosstrain: view " + view, f'[dumpfile] "{os.path.abspath(dump)}"', "[timestart] 0",
           f"[size] {pane + signals + 160} 900", f"[signals_width] {signals}", "[sst_expanded] 0"]
    if span:
        start, end = span
        margin = max(20, (end - start) // 20)
        first = max(0, start - margin)
        out[2] = f"[timestart] {first}"
        zoom = -math.log2((end + margin - first) / pane * FRAME)
        out.insert(3, f"*{zoom:.6f} {start if marker is None else marker}" + " -1" * 26)
    for name, sigs, closed in groups:
        if not sigs:
            continue
        out += [f"@{CLOSED if closed else GROUP:x}", "-" + name]
        for s in sigs:
            out += s.lines(tables)
        out += [f"@{CLOSED_END if closed else GROUP_END:x}", "-" + name]
    return "\n".join(out + ["[pattern_trace] 1", "[pattern_trace] 0", ""])


def main():
    p = argparse.ArgumentParser(description="GTKWave save files for a dump of one tile.")
    p.add_argument("--dump", required=True, metavar="FILE.fst")
    p.add_argument("--out", metavar="PREFIX")
    p.add_argument("--shape", metavar='"' + " ".join(SHAPE) + '"')
    p.add_argument("--operation", type=int, metavar="K")
    p.add_argument("--marker", type=int, metavar="TIME")
    p.add_argument("--lines", type=int, default=6, metavar="COUNT")
    p.add_argument("--views", default=",".join(Views.VIEWS))
    p.add_argument("--list", action="store_true")
    p.add_argument("--groups", metavar="NAME,NAME", help="only these groups, open (waves/render.sh)")
    a = p.parse_args()
    prefix = a.out or (a.dump[:-4] if a.dump.endswith(".fst") else a.dump)
    views = a.views.split(",")
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
        if len(given) != len(SHAPE) or min(given) < 1:
            raise Bad(f"--shape: '{a.shape}' is not eight positive numbers ({' '.join(SHAPE)})")
    shape, ops = (given, []) if given and a.operation is None and not a.list else read_dump(a.dump)
    if given and shape and given != shape:
        raise Bad(f"--shape: {given} is not that of {a.dump}: {shape}")
    shape = shape or given
    if shape is None:
        raise Bad("fst2vcd (package gtkwave) is not installed: give --shape")
    if a.list:
        for k, op, start, end in ops:
            print(f"{k} {params()['op'].get(op, hex(op))} {start} {end}")
        return
    span = None
    if a.operation is not None and ops:
        hits = [o for o in ops if o[0] == a.operation]
        if not hits:
            raise Bad(f"--operation: {a.operation} is not in {a.dump}: it has {ops[0][0]} to {ops[-1][0]}")
        span = hits[-1][2:]  # RESET also finds the number of what follows it
    if span is None and a.marker is not None:
        span = (a.marker, a.marker + 10)
    all_views = Views(shape, a.lines)
    tables = translate(prefix)
    for v in views:
        groups = Views.VIEWS[v](all_views)
        if a.groups:
            groups = [(name, sigs, False) for name, sigs, _ in groups if name in a.groups.split(",")]
        write(f"{prefix}.{v}.gtkw", save_file(v, groups, a.dump, tables, span, a.marker))


if __name__ == "__main__":
    try:
        main()
    except Bad as bad:
        print(f"gen_gtkw.py: {bad}", file=sys.stderr)
        sys.exit(2)
    except BrokenPipeError:
        sys.exit(2)
