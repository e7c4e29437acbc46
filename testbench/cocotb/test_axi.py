# SPDX-License-Identifier: Apache-2.0
"""xt_top driven by a foreign client: AxiLiteMaster, AxiStreamSource and AxiStreamSink of cocotbext-axi, random stalls on every channel.

The register model comes from rtl/xt_params.toml, the expected statuses and lengths from rtl/SPEC.md sections 2, 3 and 13.
Run by run.sh. Environment: XT_TEST_SEED, XT_TEST_TRANSACTIONS, XT_ROOT (the repository).
"""
import itertools
import logging
import os
import pathlib
import random
import tomllib

import cocotb
from cocotb.clock import Clock
from cocotb.triggers import ClockCycles, RisingEdge
from cocotbext.axi import (AxiLiteBus, AxiLiteMaster, AxiResp, AxiStreamBus, AxiStreamFrame, AxiStreamSink,
                           AxiStreamSource)

P = tomllib.loads((pathlib.Path(os.environ["XT_ROOT"]) / "rtl/xt_params.toml").read_text())
OP, TOP = {n: op["code"] for n, op in P["op"].items()}, P["top"]
ST = {n: v[0] for n, v in P["status"].items()}
CS = {n: v[0] for n, v in P["csr_status"].items()}
N, M, TILES = 5, 6, int(os.environ["XT_TILES"])
MB, ADCMAX, BLMAX = 6, 255, 31
CMAX = (1 << MB) - 1
BOUND = {"ADCMAX": ADCMAX, "-ADCMAX": -ADCMAX, "BLMAX": BLMAX, "N1": N - 1, "PROB1": (1 << 16) - 1}
M32 = 0xFFFFFFFF
SEED = int(os.environ["XT_TEST_SEED"])
TRANSACTIONS = int(os.environ["XT_TEST_TRANSACTIONS"])


def fnv():
    """The hash that PARAM_HASH must show, as the generated C header has it."""
    text = (pathlib.Path(os.environ["XT_ROOT"]) / "refc/xt_params.h").read_text()
    return int(text.split("XT_PARAM_HASH UINT32_C(")[1].split(")")[0], 16)


class Reg:
    def __init__(self, name, v):
        self.name, self.addr, self.access, self.reset = name, v[0], v[1], v[2]
        self.lo, self.hi = BOUND.get(v[3], v[3]), BOUND.get(v[4], v[4])


REGS = [Reg(n, v) for n, v in P["csr"].items()]
OWN = {n: Reg(n, v) for n, v in P["top_csr"].items()}
OWN_WORDS = {g.addr for g in OWN.values()}
FIXED = {"ID": P["const"]["ID"], "PARAM_HASH": fnv(), "SHAPE": M << 16 | N,
         "CONFIG": 9 << 24 | 1 << 16 | 16 << 8 | 7, "CONFIG2": 16 << 8 | BLMAX}
MOVING = ("STATUS", "XFER_PTR", "XFER_COUNT", "LOWDISC", "GEN", "LAST_XFER_LINE", "LAST_XFER_BL", "LAST_XFER_RAILS")
EVENTS = ("ANSWER", "DONE", "IDLE", "ERROR")  # kinds with sticky bits
ALL = (1 << TILES) - 1


class Bench:
    def __init__(self, dut):
        self.dut = dut
        self.rng = random.Random(SEED)
        self.passed = self.failed = 0
        self.count = dict(reads=0, writes=0, refused=0, packets=0, no_tile=0, errors=0, answers=0, answer_words=0)
        self.value = [{g.name: g.reset for g in REGS if g.access == "rw"} for _ in range(TILES)]
        self.ready = [False] * TILES          # RESET has been given
        self.ops = [0] * TILES                # OPS counter: commands answered since RESET
        self.errs = [0] * TILES
        self.due = {t: [] for t in range(16)}  # expected answers by TID
        self.writing = None                   # tile whose register is being written
        self.reading = None
        self.sending = None                   # tile that a packet is on its way to
        self.stop = False
        self.event = dict.fromkeys(EVENTS, 0)  # sticky bits, their enables, those of the levels
        self.enable = dict.fromkeys(EVENTS, 0)
        self.level = dict.fromkeys((*EVENTS, "SPACE"), 0)
        self.bus_event = False                # None: unknown
        self.bus_enable = 0
        self.slverr = 0                       # register BUS_CTRL
        self.answers = 0

    def check(self, ok, text):
        if ok:
            self.passed += 1
            return
        self.failed += 1
        self.dut._log.error("FAIL %s", text)
        assert self.failed < 10, "too many failures"

    def pause(self):
        """A stall pattern: bursts of a random density."""
        rng = random.Random(self.rng.getrandbits(32))
        while True:
            p = rng.choice((0.0, 0.1, 0.5, 0.8, 0.95))
            for _ in range(rng.randrange(5, 200)):
                yield rng.random() < p

    async def start(self):
        d = self.dut
        cocotb.start_soon(Clock(d.clk, 10, units="ns").start())
        self.axil = AxiLiteMaster(AxiLiteBus.from_prefix(d, "s_axil"), d.clk, d.rst_n, reset_active_level=False)
        self.source = AxiStreamSource(AxiStreamBus.from_prefix(d, "s_axis"), d.clk, d.rst_n, reset_active_level=False, byte_size=32)
        self.sink = AxiStreamSink(AxiStreamBus.from_prefix(d, "m_axis"), d.clk, d.rst_n, reset_active_level=False, byte_size=32)
        for log in (self.axil.write_if.log, self.axil.read_if.log, self.source.log, self.sink.log):
            log.setLevel(logging.WARNING)
        w, r = self.axil.write_if, self.axil.read_if
        for ch in (w.aw_channel, w.w_channel, w.b_channel, r.ar_channel, r.r_channel, self.source, self.sink):
            ch.set_pause_generator(self.pause())
        d.rst_n.value = 0
        await ClockCycles(d.clk, 5)
        d.rst_n.value = 1
        await ClockCycles(d.clk, 2)
        for t in range(TILES):
            await self.configure(t)

    async def configure(self, t):
        d, rng = self.dut, self.rng
        d.cfg_tile.value = t

        async def one(a, v):
            d.cfg_valid.value, d.cfg_addr.value, d.cfg_data.value = 1, a, v & M32
            await RisingEdge(d.clk)
            d.cfg_valid.value = 0
        for s in range(3):
            fields = [1500, -1, 133, 100, 88, 20000, 21000, 133, 133, 4096, 3000, 133, 500, 0] + [0] * 7
            for k, v in enumerate(fields):
                await one(s * 32 + k, v)
        await one(96, rng.getrandbits(32))
        await one(97, 500)
        d.fabricate.value = 1
        await RisingEdge(d.clk)
        d.fabricate.value = 0
        await RisingEdge(d.clk)

    # ------------------------------------------------------------ registers
    def refusal(self, resp, ok, text):
        """Checks a response. ok: True, False, or None where both are right."""
        bad = AxiResp.SLVERR if self.slverr else AxiResp.OKAY
        want = (AxiResp.OKAY, bad) if ok is None else (AxiResp.OKAY,) if ok else (bad,)
        self.check(resp in want, f"{text}: {resp.name}")
        if ok is False or resp == AxiResp.SLVERR:
            self.count["refused"] += 1
            self.bus_event = True
        elif ok is None and not self.slverr and not self.bus_event:
            self.bus_event = None

    async def read(self, addr, ok, expect=None, what="", size=None):
        """A read from addr to the end of its word, or of size bytes."""
        size = size or 4 - addr % 4
        res = await self.axil.read(addr, size)
        self.count["reads"] += 1
        value = int.from_bytes(bytes(res.data), "little")
        self.refusal(AxiResp(res.resp), ok, f"read of {addr:05x} ({what})")
        if ok is False:
            expect = 0
        if expect is not None:
            expect = (expect & M32) >> 8 * (addr % 4) & (1 << 8 * size) - 1
            self.check(value == expect, f"read of {addr:05x} ({what}): {value:08x}, expected {expect:08x}")
        return value

    async def write(self, addr, data, ok, what=""):
        """ok: True, False, or None where both are right. data: an int, or bytes for a partial write."""
        raw = data if isinstance(data, bytes) else (data & M32).to_bytes(4, "little")
        res = await self.axil.write(addr, raw)
        self.count["writes"] += 1
        self.refusal(AxiResp(res.resp), ok, f"write of {data} to {addr:05x} ({what})")
        return ok is True

    @staticmethod
    def tile_addr(t, a):
        return t * TOP["TOP_TILE_STRIDE"] + 4 * a

    @staticmethod
    def own_addr(name):
        return TOP["TOP_BASE"] + 4 * OWN[name].addr

    def idle(self, t):
        return not self.due[t] and self.sending != t

    def nowhere(self):
        known = {g.addr for g in REGS} | set(range(0x40, 0x40 + 2 * len(P["counter"])))
        k = self.rng.randrange(3)
        if k == 0:
            return self.tile_addr(self.rng.randrange(TILES, 32), self.rng.randrange(1024))
        if k == 1:
            return TOP["TOP_BASE"] + 4 * self.rng.choice([a for a in range(0x8000) if a not in OWN_WORDS])
        return self.tile_addr(self.rng.randrange(TILES), self.rng.choice([a for a in range(1024) if a not in known]))

    async def reader(self, n):
        rng = self.rng
        for _ in range(n):
            k = rng.randrange(10)
            if k == 0:
                await self.read(self.nowhere(), False, what="nowhere")
            elif k == 1:
                at = rng.randrange(4)  # bytes and halves, and what is left of a word
                await self.read(self.own_addr("TOP_ID") + at, True, FIXED["ID"], "part of a word", rng.choice((1, 4 - at)))
            elif k == 2:
                name, v = rng.choice((("TOP_ID", FIXED["ID"]), ("TOP_PARAM_HASH", FIXED["PARAM_HASH"]), ("TOP_TILES", TILES)))
                await self.read(self.own_addr(name), True, v, name)
            else:
                t = rng.randrange(TILES)
                g = rng.choice(REGS)
                while self.writing == t:
                    await RisingEdge(self.dut.clk)
                self.reading = t
                expect = self.value[t][g.name] if g.access == "rw" else 0 if g.access == "wo" else FIXED.get(g.name)
                await self.read(self.tile_addr(t, g.addr), True, None if g.name in MOVING else expect, g.name)
                self.reading = None

    async def writer(self, n):
        rng = self.rng
        for _ in range(n):
            k = rng.randrange(10)
            t = rng.randrange(TILES)
            g = rng.choice([g for g in REGS if g.access == "rw"])
            addr = self.tile_addr(t, g.addr)
            if k == 0:
                await self.write(self.nowhere(), rng.getrandbits(32), False, "nowhere")
            elif k == 1:
                start = rng.randrange(4)
                size = rng.randrange(1, 5 - start) if start else rng.randrange(1, 4)
                await self.write(addr + start, rng.randbytes(size), False, "partial")
            elif k == 2:
                ro = rng.choice([g for g in REGS if g.access == "ro"])
                await self.write(self.tile_addr(t, ro.addr), rng.getrandbits(32), False, ro.name)
            elif k == 3:
                name = rng.choice([g.name for g in OWN.values() if g.access == "ro"])
                await self.write(self.own_addr(name), rng.getrandbits(32), False, name)
            elif k == 4 and g.hi - g.lo < M32:
                bad = rng.choice((g.lo - 1, g.hi + 1, g.hi + rng.randrange(1, 1 << 20)))
                await self.write(addr, bad, False, g.name)
            elif not self.idle(t):
                await self.write(addr, self.value[t][g.name], None, g.name)  # BUSY or not: nothing changes
            else:
                self.writing = t
                while self.reading == t:
                    await RisingEdge(self.dut.clk)
                v = rng.choice((g.lo, g.hi, rng.randint(g.lo, g.hi)))
                if g.name == "PROG_ITERS":
                    v = min(v, 3)
                if g.name == "READ_ENC":
                    v = 1  # short reads
                if g.name == "TIMEOUT":
                    v = rng.choice((0, M32))
                if await self.write(addr, v, True, g.name):
                    self.value[t][g.name] = v
                self.writing = None

    # ------------------------------------------------------------ packets
    def codes(self, lines):
        words = []
        for i in range(0, lines, 4):
            w = 0
            for k in range(4):
                c = self.rng.randint(-CMAX, CMAX) if i + k < lines else self.rng.randint(-128, 127)
                w |= (c & 0xFF) << (8 * k)
            words.append(w)
        return words

    def packet(self):
        rng = self.rng
        op = rng.choice(list(OP.values()))
        head, body = op, []
        if op in (OP["FORWARD"], OP["UPDATE"]):
            body += self.codes(N)
        if op in (OP["BACKWARD"], OP["UPDATE"]):
            body += self.codes(M)
        if op == OP["PROGRAM"]:
            body += [(rng.randint(-ADCMAX, ADCMAX) & 0xFFFF) | (rng.randint(-ADCMAX, ADCMAX) & 0xFFFF) << 16
                     for _ in range((M + 1) // 2)]
        if op in (OP["READ"], OP["PROGRAM"]):
            head |= rng.randrange(4 if op == OP["READ"] else 3) << 8 | rng.randrange(N) << 16
        if op == OP["ZERO_SHIFT"]:
            head |= rng.randrange(3) << 8 | rng.randint(1, 10) << 16
        words = [head] + body
        if rng.random() < 0.3:
            k = rng.randrange(6)
            if k == 0:
                words[0] = words[0] & ~0xFF | rng.choice((0, 9, 128, 255))
            elif k == 1 and len(words) > 1:
                words.pop()
            elif k == 2:
                words += [rng.getrandbits(32) for _ in range(rng.randint(1, 6))]
            elif k == 3:
                words[0] |= 1 << rng.randint(8, 15)
            elif k == 4:
                words[0] |= rng.choice((N << 16, 0x7000 << 16) if op != OP["ZERO_SHIFT"] else (0,))
                if op == OP["ZERO_SHIFT"]:
                    words[0] &= 0xFFFF
            elif len(words) > 1:
                words[1] = 0x80 | words[1] & ~0xFF if op != OP["PROGRAM"] else 0x7FFF
        return words

    def expect(self, t, words):
        """(op, status, payload words) by the checks of SPEC section 2, in their order."""
        head = words[0]
        op, sel, flags, arg = head & 0xFF, head >> 8 & 15, head >> 12 & 15, head >> 16
        if t >= TILES:
            return op, ST["ERR_TILE"], {0}
        v, x, d = self.value[t], (N + 3) // 4, (M + 3) // 4
        body = {OP["FORWARD"]: x, OP["BACKWARD"]: d, OP["UPDATE"]: x + d, OP["PROGRAM"]: (M + 1) // 2}.get(op, 0)
        out = {OP["FORWARD"]: M, OP["BACKWARD"]: N, OP["TRANSFER"]: M, OP["READ"]: M, OP["PROGRAM"]: M}.get(op, 0)
        top_sel = {OP["READ"]: 3, OP["PROGRAM"]: 2, OP["ZERO_SHIFT"]: 2}.get(op, 0)
        signed = arg - 65536 if arg & 0x8000 else arg
        exponent = signed + (v["SCALE_D_EXP"] if v["UPD_MODE"] == 0 else v["UPD_EXP"])
        if op in (OP["READ"], OP["PROGRAM"]):
            bad_arg = arg >= N
        elif op == OP["ZERO_SHIFT"]:
            bad_arg = arg == 0
        elif op == OP["UPDATE"]:
            bad_arg = not 0 <= exponent <= 63
        else:
            bad_arg = arg != 0
        status = "OK"
        if op not in OP.values():
            status = "ERR_OPCODE"
        elif len(words) < 1 + body:
            status = "ERR_SHORT"
        elif len(words) > 1 + body:
            status = "ERR_LONG"
        elif op != OP["RESET"] and not self.ready[t]:
            status = "ERR_ORDER"
        elif flags or sel > top_sel:
            status = "ERR_FLAGS"
        elif bad_arg:
            status = "ERR_ARG"
        elif self.bad_code(op, words):
            status = "ERR_CODE"
        if op == OP["RESET"] and status == "OK":
            self.ready[t] = True
            self.ops[t] = self.errs[t] = 0
        else:
            self.ops[t] += 1
            self.errs[t] += status != "OK"
        payload = {(out + 1) // 2 if status == "OK" else 0}
        if op == OP["UPDATE"] and status == "OK" and v["UPD_ANSWER"] and v["XFER_EVERY"]:
            payload.add((M + 1) // 2)  # if a transfer is due
        return op, ST[status], payload

    @staticmethod
    def bad_code(op, words):
        def lanes(ws, lines, bits):
            per = 32 // bits
            for i in range(lines):
                c = ws[i // per] >> (bits * (i % per)) & ((1 << bits) - 1)
                yield c - (1 << bits) if c >> (bits - 1) else c
        if op == OP["PROGRAM"]:
            return any(abs(c) > ADCMAX for c in lanes(words[1:], M, 16))
        bad, at = False, 1
        if op in (OP["FORWARD"], OP["UPDATE"]):
            bad |= any(abs(c) > CMAX for c in lanes(words[at:], N, 8))
            at += (N + 3) // 4
        if op in (OP["BACKWARD"], OP["UPDATE"]):
            bad |= any(abs(c) > CMAX for c in lanes(words[at:], M, 8))
        return bad

    async def send(self, dest, words):
        while dest < TILES and self.writing == dest:
            await RisingEdge(self.dut.clk)
        self.sending = dest
        e = self.expect(dest, words)
        self.due[dest].append(e)
        self.count["packets"] += 1
        self.count["no_tile"] += dest >= TILES
        self.count["errors"] += e[1] != ST["OK"]
        # only the first word's TDEST counts
        dests = [dest] + [self.rng.randrange(16) for _ in words[1:]]
        await self.source.send(AxiStreamFrame(words, tdest=dests))
        await self.source.wait()
        self.sending = None

    async def sender(self, n):
        for _ in range(n):
            dest = self.rng.randrange(TILES) if self.rng.random() < 0.85 else self.rng.randrange(TILES, 16)
            await self.send(dest, self.packet())
            if self.rng.random() < 0.3:
                await ClockCycles(self.dut.clk, self.rng.randrange(1, 400))

    async def receiver(self):
        while True:
            f = await self.sink.recv(compact=False)
            words = list(f.tdata)
            ids = f.tid if isinstance(f.tid, list) else [f.tid]
            t = ids[0]
            self.count["answers"] += 1
            self.count["answer_words"] += len(words)
            self.answers += 1
            self.check(all(i == t for i in ids), f"TID changes within a packet: {ids}")
            if not self.due[t]:
                self.check(False, f"an answer of {t} that nobody waits for: {words}")
                continue
            op, status, payload = self.due[t].pop(0)
            info = words[0] >> 16
            source = 1 << (t if t < TILES else TOP["NO_TILE"])
            for kind in EVENTS:
                self.event[kind] |= source & (ALL if kind in ("DONE", "IDLE") else M32) * (kind != "ERROR" or status != ST["OK"])
            self.check(words[0] & 0xFF == op, f"tile {t}: answer to operation {words[0] & 0xFF}, expected {op}")
            self.check(words[0] >> 8 & 0xFF == status, f"tile {t}, operation {op}: status {words[0] >> 8 & 0xFF}, expected {status}")
            self.check(len(words) - 1 in payload, f"tile {t}, operation {op}: {len(words)} words, expected 1 and {payload}")
            if status != ST["OK"] or op in (OP["RESET"], OP["ZERO_SHIFT"]):
                self.check(info == 0, f"tile {t}, operation {op}: info {info}")
            if op in (OP["UPDATE"], OP["TRANSFER"]):
                self.check(info <= BLMAX, f"tile {t}: BL {info}")
            lines = (N if op == OP["BACKWARD"] else M) if len(words) > 1 else 0
            halves = [h - 65536 if h & 0x8000 else h for w in words[1:] for h in (w & 0xFFFF, w >> 16)]
            self.check(all(abs(h) <= ADCMAX for h in halves), f"tile {t}: codes {halves}")
            self.check(not any(halves[lines:]), f"tile {t}: lanes past the last line {halves[lines:]}")

    # ------------------------------------------------------------ quiet points
    async def settle(self):
        for _ in range(200000):
            if not any(self.due.values()):
                break
            await RisingEdge(self.dut.clk)
        self.check(not any(self.due.values()), "answers are missing")
        await ClockCycles(self.dut.clk, 5)
        await self.read(self.own_addr("ANSWERS"), True, self.answers, "ANSWERS")
        await self.events()
        bad = self.tile_addr(self.rng.randrange(TILES), 0x05)
        for _ in range(2):  # BUS_STATUS tells the first since the clear
            await self.write(self.own_addr("BUS_EVENT"), 1, True, "BUS_EVENT")
            self.bus_event = False
            self.slverr = self.rng.randrange(2)
            await self.write(self.own_addr("BUS_CTRL"), self.slverr, True, "BUS_CTRL")
            await self.write(bad, 0, False, "STATUS")
            await self.read(self.nowhere(), False, what="nowhere")
            await self.read(self.own_addr("BUS_STATUS"), True, CS["READONLY"] << 20 | 1 << 18 | bad, "BUS_STATUS")
        await self.write(self.own_addr("BUS_EVENT"), 1, True, "BUS_EVENT")
        self.bus_event = False
        part = self.tile_addr(self.rng.randrange(TILES), 0x10) + 1
        await self.write(part, b"x", False, "a byte")
        await self.read(self.own_addr("BUS_STATUS"), True, CS["PARTIAL"] << 20 | 1 << 18 | part, "BUS_STATUS")
        if self.rng.random() < 0.3:
            await self.reset_tile(self.rng.randrange(TILES))
        for t in range(TILES):
            await self.read(self.tile_addr(t, 0x40), True, self.ops[t], "OPS")
            await self.read(self.tile_addr(t, 0x40 + 2 * P["counter"]["ERRORS"][0]), True, self.errs[t], "ERRORS")
            await self.read(self.tile_addr(t, 0x05), True, 2 * self.ready[t], "STATUS")
            for g in REGS:
                if g.access == "rw":
                    await self.read(self.tile_addr(t, g.addr), True, self.value[t][g.name], g.name)
        for kind in EVENTS:
            mask = ALL | (1 << TOP["NO_TILE"] if kind in ("ANSWER", "ERROR") else 0)
            clear = self.rng.getrandbits(17)
            await self.write(self.own_addr(f"{kind}_EVENT"), clear | 1 << 31, True, f"{kind}_EVENT")
            self.event[kind] &= ~clear
            for which, enables in (("ENABLE", self.enable), ("LEVEL_ENABLE", self.level)):
                enables[kind] = self.rng.choice((0, self.rng.getrandbits(17))) & mask
                await self.write(self.own_addr(f"{kind}_{which}"), enables[kind], True, f"{kind}_{which}")
                await self.write(self.own_addr(f"{kind}_{which}"), mask + 1, False, f"{kind}_{which}")
        self.level["SPACE"] = self.rng.choice((0, self.rng.getrandbits(16) & ALL))
        await self.write(self.own_addr("SPACE_LEVEL_ENABLE"), self.level["SPACE"], True, "SPACE_LEVEL_ENABLE")
        self.bus_enable = self.rng.randrange(2)
        await self.write(self.own_addr("BUS_ENABLE"), self.bus_enable, True, "BUS_ENABLE")
        await self.events()

    async def events(self):
        """All event registers and the interrupt, while nothing is under way."""
        now = {"ANSWER": 0, "DONE": ALL, "IDLE": ALL, "ERROR": 0, "SPACE": ALL}
        want = 0
        for kind, level in now.items():
            await self.read(self.own_addr(f"{kind}_NOW"), True, level, f"{kind}_NOW")
            if kind in EVENTS:
                await self.read(self.own_addr(f"{kind}_EVENT"), True, self.event[kind], f"{kind}_EVENT")
                await self.read(self.own_addr(f"{kind}_ENABLE"), True, self.enable[kind], f"{kind}_ENABLE")
            sticky = self.event[kind] & self.enable[kind] if kind in EVENTS else 0
            want |= bool(sticky | level & self.level[kind]) << TOP["IRQ_" + kind]
        if self.bus_event is None:
            self.bus_event = bool(await self.read(self.own_addr("BUS_EVENT"), True, None, "BUS_EVENT"))
        else:
            await self.read(self.own_addr("BUS_EVENT"), True, self.bus_event, "BUS_EVENT")
        want |= (self.bus_event and self.bus_enable) << TOP["IRQ_BUS"]
        await self.read(self.own_addr("IRQ_STATUS"), True, want, "IRQ_STATUS")
        self.check(int(self.dut.irq.value) == bool(want), f"irq, IRQ_STATUS {want:x}")

    async def reset_tile(self, t):
        await self.write(self.own_addr("TILE_RESET"), 1 << t | 1 << 20, True, "TILE_RESET")
        while await self.read(self.own_addr("TILE_RESET"), True, None, "TILE_RESET"):
            pass
        self.value[t] = {g.name: g.reset for g in REGS if g.access == "rw"}
        self.ready[t], self.ops[t], self.errs[t] = False, 0, 0
        await self.read(self.tile_addr(t, 0x10), True, self.value[t]["SEED"], "SEED after the tile's reset")
        await self.write(self.tile_addr(t, P["csr"]["READ_ENC"][0]), 1, True, "READ_ENC")
        self.value[t]["READ_ENC"] = 1

    async def generators(self):
        """GEN of every line and side, and of lines that do not exist."""
        sel, gen = P["csr"]["GEN_SEL"][0], P["csr"]["GEN"][0]
        for t in range(TILES):
            for side, lines, bits in ((0, N, 16), (1, M, 17)):
                for i in range(lines + 1):
                    await self.write(self.tile_addr(t, sel), side << 16 | i, True, "GEN_SEL")
                    v = self.rng.randrange(1, 1 << bits)
                    await self.write(self.tile_addr(t, gen), v, i < lines, "GEN")
                    await self.read(self.tile_addr(t, gen), True, v if i < lines else 0, "GEN")
                    for bad in (0, 1 << bits):
                        await self.write(self.tile_addr(t, gen), bad, False, "GEN")
            await self.write(self.tile_addr(t, sel), 0, True, "GEN_SEL")

    async def walk(self):
        """Every register: reset value, both ends of the range, one past them, write to a read-only one."""
        for t, g in itertools.product(range(TILES), REGS):
            a = self.tile_addr(t, g.addr)
            if g.access == "wo":
                for v in (g.lo, g.hi):
                    await self.write(a, v, True, g.name)  # nothing runs
                await self.write(a, g.hi + 1, False, g.name)
                await self.read(a, True, 0, g.name)
                continue
            if g.access == "state" and g.name != "GEN":
                for v in (g.hi, g.lo):
                    await self.write(a, v, True, g.name)
                    await self.read(a, True, v, g.name)
                    await self.write(a, g.hi + 1, False, g.name)
                continue
            if g.name == "GEN":
                continue
            if g.access == "ro":
                v = await self.read(a, True, FIXED.get(g.name, 0), g.name)
                await self.write(a, v ^ 1, False, g.name)
                await self.read(a, True, v, g.name)
                continue
            await self.read(a, True, g.reset, g.name)
            for v in (g.lo, g.hi):
                await self.write(a, v, True, g.name)
                await self.read(a, True, v, g.name)
                if g.hi - g.lo < M32:
                    for bad in (g.lo - 1, g.hi + 1):
                        await self.write(a, bad, False, g.name)
                        await self.read(a, True, v, g.name)
            v = 1 if g.name == "READ_ENC" else g.reset
            await self.write(a, v, True, g.name)
            self.value[t][g.name] = v

    def transactions(self):
        return self.count["reads"] + self.count["writes"] + self.count["packets"]


@cocotb.test()
async def random_client(dut):
    b = Bench(dut)
    await b.start()
    cocotb.start_soon(b.receiver())
    await b.walk()
    await b.generators()
    for t in range(TILES):
        await b.send(t, [OP["READ"]])
        await b.send(t, [OP["RESET"]])
    await b.settle()
    while b.transactions() < TRANSACTIONS:
        jobs = [cocotb.start_soon(b.reader(150)), cocotb.start_soon(b.writer(150)), cocotb.start_soon(b.sender(100))]
        for j in jobs:
            await j
        await b.settle()
    b.check(int(dut.violations.value) == 0, f"{int(dut.violations.value)} protocol violations")
    c = b.count
    print(f"XT_TEST_SEED={SEED}: {b.transactions()} transactions: {c['reads']} reads, {c['writes']} writes, {c['refused']} refused; "
          f"{c['packets']} packets, {c['no_tile']} for no tile, {c['errors']} with an error; {c['answers']} answers, "
          f"{c['answer_words']} words; {int(dut.violations.value)} protocol violations in {int(dut.cycles.value)} cycles")
    print(f"{b.passed} passed, {b.failed} failed", flush=True)
    assert b.failed == 0
