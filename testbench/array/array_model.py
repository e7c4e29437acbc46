#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Independent model of the devices and the front end (rtl/SPEC.md sections 8 to 10), and the maker of
the scripts that tb_array.sv plays.

usage: array_model.py N M ADCBITS ADCSHARE ADCKIND STATEBITS SEED [--corrupt] > script
--corrupt: one expected value in the script is wrong (the bench must notice).
"""
import math
import pathlib
import random
import sys
import tomllib

if __name__ == "__main__" and {"-h", "--help"} & set(sys.argv[1:]):
    sys.exit(print(__doc__.strip()))

T = tomllib.loads((pathlib.Path(__file__).resolve().parents[2] / "rtl/xt_params.toml").read_text())["const"]
U32 = 0xFFFFFFFF
MAG_BITS = 6  # of tb_array's codes


def mix(x):
    x &= U32
    x ^= x >> 16
    x = x * T["HASH_M1"] & U32
    x ^= x >> 15
    x = x * T["HASH_M2"] & U32
    return x ^ x >> 16


def gauss(w):
    return sum(w.to_bytes(4, "little")) - 510


def q12(c, s):
    return 4096 + ((s * c) >> 4)


def clamp(v, lo, hi):
    return min(max(v, lo), hi)


FIELDS = ("dw shift c_dtod up_down c_ud w_max w_min c_wmax c_wmin gamma_up gamma_down c_c2c stuck round law "
          "exp_amp_up exp_amp_down exp_slope_up exp_slope_down exp_offset_up exp_offset_down "
          "mtj_up mtj_down mtj_half c_vc mtj_read").split()
HALF, GATED, PASSIVE = range(3)  # cells
LINEAR, EXP, MTJ = range(3)  # laws


class Array:
    def __init__(self, n, m, sw):
        self.n, self.m, self.sw = n, m, sw
        self.k = n * m

    def word(self, dom, ctr, idx):
        key = mix(self.seed + dom * T["HASH_DOMAIN"] + ctr * T["HASH_SEED"])
        return mix(key + idx * T["HASH_INDEX"])

    def fabricate(self, cfg, front, units):
        self.cfg, self.front, self.seed, self.units = cfg, front, front["seed"], units
        self.pulse_ctr = self.read_ctr = self.cmp_ctr = 0
        fs = self.fs = 1 << (self.sw - 1)
        self.w, self.wmax, self.wmin = [], [], []
        self.step_up, self.step_down, self.shape_up, self.shape_down = [], [], [], []
        for idx in range(3 * self.k):
            c = cfg[idx // self.k]
            s = [gauss(self.word(T["DOM_FAB"], f, idx)) for f in range(4)]
            gain = clamp(q12(c["c_dtod"], s[0]), 512, 32767)
            r = clamp(c["up_down"] + ((s[1] * c["c_ud"]) >> 4), -3686, 3686)
            step_up = clamp((c["dw"] * gain * (4096 + r) + 2**23) >> 24, 1, 32767)
            step_down = clamp((c["dw"] * gain * (4096 - r) + 2**23) >> 24, 1, 32767)
            bound = []
            for mean, spread, x in ((c["w_max"], c["c_wmax"], s[2]), (c["w_min"], c["c_wmin"], s[3])):
                bound.append(clamp((mean * q12(spread, x)) >> 12, max(1, (mean * 614) >> 12),
                                   min((mean * 4506) >> 12, fs - 1)))
            wmax, wmin = bound[0], -bound[1]
            if c["law"] == MTJ:
                own = (gauss(self.word(T["DOM_FAB"], 5, idx)) * c["c_vc"]) >> 8
                shape_up = shape_down = clamp(own, -8192, 8191)
            elif c["law"] == EXP:
                shape_up, shape_down = (self.exp_shape(c[f"exp_slope_{side}"], bound[0] + bound[1])
                                        for side in ("up", "down"))
            else:
                shape_up, shape_down = (min(32767, (step * gamma * 2**(self.sw - 3) + 4096 * b // 2) // (4096 * b))
                                        for step, gamma, b in ((step_up, c["gamma_up"], bound[0]),
                                                               (step_down, c["gamma_down"], bound[1])))
                shape_up = -shape_up
            if c["dw"] == 0:
                step_up = step_down = shape_up = shape_down = 0
            w = 0
            if c["law"] == MTJ:
                w = wmax if self.word(T["DOM_FAB"], 6, idx) & 1 else wmin
            word = self.word(T["DOM_FAB"], 4, idx)
            if (word & 0xFFFF) < c["stuck"]:
                w = wmax = wmin = wmin + (((word >> 16) * (wmax - wmin)) >> 16)
            for a, v in ((self.w, w), (self.step_up, step_up), (self.step_down, step_down), (self.shape_up, shape_up),
                         (self.shape_down, shape_down), (self.wmax, wmax), (self.wmin, wmin)):
                a.append(v)

    def exp_shape(self, slope, span):
        size = min(32767, (abs(slope) * 2**(self.sw - 3) + span // 2) // span)
        return size if slope > 0 else -size

    def exp_step(self, c, side, step, shape, w):
        e = clamp(((shape * w) >> (self.sw - 3)) + c[f"exp_offset_{side}"], -12288, 8191)
        octave, f = divmod(e, 1024)
        m = 2**20 + f * (677 + ((347 * f) >> 10))
        assert abs(m / 2**20 / 2**(f / 1024) - 1) < .0028
        p = m << octave if octave >= 0 else m >> -octave
        y = max(0, 4096 - ((c[f"exp_amp_{side}"] * p) >> 20))
        return min(2**20 - 1, (step * y) >> 12)

    def pulse(self, sel, cell, rows, cols, row_amp, col_amp, duration):
        """rows, cols: {line: polarity} of the driven lines; amplitudes by line."""
        c = self.cfg[sel]

        def hit(i, j, up, half, amplitude):
            self.step(c, sel * self.k + i * self.m + j, up, half, amplitude, duration)
        for i, rp in rows.items():
            for j, cp in cols.items():
                if cell == GATED:
                    hit(i, j, rp != cp, False, col_amp[j])
                elif rp != cp:
                    hit(i, j, rp == 1, False, row_amp[i] + col_amp[j])
        if cell == PASSIVE:
            for i, rp in rows.items():
                for j in set(range(self.m)) - set(cols):
                    hit(i, j, rp == 1, True, row_amp[i])
            for j, cp in cols.items():
                for i in set(range(self.n)) - set(rows):
                    hit(i, j, cp == 0, True, col_amp[j])
        self.pulse_ctr = (self.pulse_ctr + 1) & U32

    def flip(self, c, up, half, amplitude, shape, duration):
        """Probability of a flip, Q32."""
        own = (shape >> 1) - c["mtj_half"] if half else shape
        return self.flip_at(c["mtj_up" if up else "mtj_down"] - 128 * amplitude + own, duration)

    def flip_at(self, octaves, duration):
        q = clamp(octaves, -8192, 2047)
        octave, f = divmod(q, 256)
        f *= 4
        t = duration * (2**20 + f * (677 + ((347 * f) >> 10)))
        lam = min(t << octave + 20 if octave >= -20 else t >> -20 - octave, 2**44)
        if lam < 2**32:
            x = lam >> 8
            flip = x - (x * x >> 33)
        else:
            r = (lam >> 24) % 4096
            e = math.floor(65536 * math.exp(-min(lam >> 36, 255) / 16) + .5)
            flip = (65536 - ((e * (65536 - r + (r * r >> 17))) >> 16)) * 65536
        want = 1 - math.exp(-duration * 2**(q / 256))
        assert abs(flip / 2**32 - want) <= 2**-14 + want * .0035, (flip / 2**32, want)  # .28 % are the arc's
        return flip

    def step(self, c, idx, up, half, amplitude, duration):
        word = self.word(T["DOM_PULSE"], self.pulse_ctr, idx)
        w, shift = self.w[idx], 12 + c["shift"]
        step, shape = (self.step_up[idx], self.shape_up[idx]) if up else (self.step_down[idx], self.shape_down[idx])
        if c["law"] == MTJ:
            t = 2**20 - 1 if c["dw"] > 0 and word < self.flip(c, up, half, amplitude, shape, duration) else 0
        elif half:
            t = 0
        elif c["law"] == EXP:
            t = self.exp_step(c, "up" if up else "down", step, shape, w)
        else:
            t = max(0, step + ((shape * w) >> (self.sw - 3)))
        v = t * q12(c["c_c2c"], gauss(word))
        if c["round"]:
            r = 2**(shift - 1) if shift > 0 else 0
        else:
            r = (word ^ (word >> 16)) & 0xFFFF
            r = r >> (16 - shift) if shift <= 16 else r << (shift - 16)
        dw = (v + r) >> shift
        self.w[idx] = clamp(w + dw if up else w - dw, self.wmin[idx], self.wmax[idx])

    def disturb(self, sel, direction, times, polarity):
        """A read drove line i for times[i] cycles."""
        for s in ((0, 2), (1,), (2,), (0,), (0, 1, 2))[sel & 15]:
            c = self.cfg[s]
            if c["law"] != MTJ or c["mtj_read"] == -8192 or c["dw"] == 0:
                continue
            for line, t in times.items():
                up = polarity[line] != direction
                for other in range(self.n if direction else self.m):
                    i, j = (other, line) if direction else (line, other)
                    idx = s * self.k + i * self.m + j
                    flips = self.word(T["DOM_DISTURB"], self.read_ctr, idx) < self.flip_at(
                        c["mtj_read"] + (self.shape_up[idx] >> 1), t)
                    w = self.w[idx] + (2**30 if up else -2**30) * flips
                    self.w[idx] = clamp(w, self.wmin[idx], self.wmax[idx])

    def digest(self, sel):
        return sum(w * (2 * k + 1) * T["DIGEST_MUL"]
                   for k, w in enumerate(self.w[sel * self.k:(sel + 1) * self.k])) & U32

    # ---- front end (section 8)

    def error(self, f, k):
        return gauss(self.word(T["DOM_AFE"], f, k))

    def reference(self, direction, driven):
        """m of the reference device that a driven line meets."""
        m = (self.error(0, driven + 65536 * direction) * self.front["ref_spread"]) >> 8
        return clamp(m, 1 - self.fs, self.fs - 1)

    def back(self, sel, direction, drive, line):
        """Current that the line's mirror takes off."""
        cref = (0, 1, 1, 1, 256)[sel & 15]
        against = (1, 0, 0, 0, sel >> 4)[sel & 15]  # of R
        total = 0
        for d, pol in drive.items():
            i, j = (line, d) if direction else (d, line)
            r = self.w[2 * self.k + i * self.m + j]
            g = cref * (self.fs + self.reference(direction, d)) + against * (self.fs + r)
            total += g if pol else -g
        return total

    def loaded(self, sel, direction, drive, line):
        """Current and what the mirror takes off, of a line that ends in a load resistor."""
        cur, back = self.current(sel, direction, drive, line), self.back(sel, direction, drive, line)
        if not self.front["load"]:
            return cur, back
        gamma = sel >> 4
        cref = (0, 1, 1, 1, 256)[sel & 15]
        counts = ({0: 1, 2: -1}, {1: 1}, {2: 1}, {0: 1}, {0: gamma, 1: 256, 2: -gamma})[sel & 15]
        connected = range(self.m if direction else self.n) if self.front["load_all"] else drive
        gp = gm = 0
        for d in connected:
            i, j = (line, d) if direction else (d, line)
            gm += cref * (self.fs + self.reference(direction, d))
            for s, coef in counts.items():
                g = abs(coef) * (self.fs + self.w[s * self.k + i * self.m + j])
                gp, gm = (gp + g, gm) if coef > 0 else (gp, gm + g)
        gl = (self.front["load"] * self.fs * (256 if sel & 15 == 4 else 1)) >> 4
        kp, km = 2**20 * gl // (gl + gp), 2**20 * gl // (gl + gm)
        taken = (back * km) >> 20
        return (((cur + back) * kp) >> 20) - taken, taken

    def mismatch(self, direction, line):
        return clamp(self.error(1, line + 65536 * direction) * self.front["mirror"], -65536, 65536)

    def compare(self, unit, trial, v, rng, kind, adc_bits):
        dac = -(256 << (adc_bits - 1))
        for b in range(adc_bits):
            if (trial + (1 << (adc_bits - 1))) >> b & 1:
                root2 = (16, 23, 32, 45, 64, 91, 128, 181, 256, 362, 512, 724)[b]
                weight = (self.error(4 + b, 0 if kind else unit) * self.front["adc_weight"] * root2) >> 16
                dac += 256 * 2**b + weight
        half = 2**(rng - 1) if rng > 0 else 0
        offset = (self.error(2, unit) * self.front["adc_offs"]) >> 8
        gain = clamp(self.error(3, unit) * self.front["adc_gain"], -65536, 65536)
        noise = (gauss(self.word(T["DOM_CMP"], self.cmp_ctr, unit)) * self.front["cmp_noise"]) >> 8
        return (256 * (v + half) + ((v * gain) >> 12)) >> rng >= dac + offset + noise

    def value(self, sel, i, j):
        """sel: gamma above four bits of the select."""
        a, c, r = (self.w[s * self.k + i * self.m + j] for s in range(3))
        return (a - r, c, r, a, 256 * c + (sel >> 4) * (a - r))[sel & 15]

    def current(self, sel, direction, drive, line):
        """Current of one sensed line; drive: {driven line: polarity}."""
        cref = (0, 1, 1, 1, 256)[sel & 15]
        return sum((1 if pol else -1) * ((self.value(sel, line, d) if direction else self.value(sel, d, line))
                                         - cref * self.reference(direction, d)) for d, pol in drive.items())

    def noise(self, sel, direction, line):
        noise = (gauss(self.word(T["DOM_READ"], self.read_ctr, line + direction * 65536)) * self.front["read_noise"]) >> 8
        return 256 * noise if sel & 15 == 4 else noise


def bits(lines):
    return sum(1 << i for i in lines)


def drive_words(drive):
    return bits(drive), bits(i for i, p in drive.items() if p)


def amp_word(amps):
    """Bit b of line k at b * lines + k."""
    return sum(bits(k for k, v in enumerate(amps) if v >> b & 1) << b * len(amps) for b in range(T["AMP_BITS"]))


def random_cfg(rnd, fs, corner):
    exp = {"law": rnd.choice((LINEAR, EXP, MTJ, MTJ))}  # EXP: ReRAM-ES and its like, or anything
    for side in ("up", "down"):
        exp[f"exp_amp_{side}"] = rnd.choice((-4851, -333, 2000, -111554, rnd.randint(-131071, 131071)))
        for what in ("slope", "offset"):
            exp[f"exp_{what}_{side}"] = rnd.choice((-7387, 3694, rnd.randint(-2000, 2000), rnd.randint(-32767, 32767)))

    for side in ("up", "down"):  # chances of about a half, or anything
        exp[f"mtj_{side}"] = rnd.choice((-300, rnd.randint(-2500, 500), rnd.randint(-8192, 2047)))
    exp["mtj_read"] = rnd.choice((-8192, -1500, rnd.randint(-2500, 500), rnd.randint(-8192, 2047)))
    exp.update(mtj_half=rnd.choice((0, 300, 7000, rnd.randint(0, 16383))), c_vc=rnd.choice((0, 0, 300, rnd.randint(0, 65535))))

    def pick(lo, hi):
        if corner:
            return rnd.choice((lo, hi, rnd.randint(lo, hi)))
        return rnd.randint(lo, hi)

    if exp["law"] == MTJ:
        sw = fs.bit_length()
        return dict(dw=rnd.choice((0, 1, 1, 8191)), shift=pick(-12, min(0, 18 - sw)), c_dtod=pick(0, 4434),
                    up_down=pick(-3686, 3686), c_ud=pick(0, 4434), w_max=pick(1, fs - 1), w_min=pick(1, fs - 1),
                    c_wmax=pick(0, 4434), c_wmin=pick(0, 4434), gamma_up=0, gamma_down=0, c_c2c=0,
                    stuck=rnd.choice((0, 5000)), round=rnd.randint(0, 1), **exp)
    if not corner and rnd.random() < 0.7:  # a plausible device: some hundred steps over the range
        w_max = rnd.randint(fs // 4, fs - 1)
        return dict(dw=rnd.randint(1024, 2047), shift=rnd.choice((-6, -3, 0, 2, 4)), c_dtod=pick(0, 200),
                    up_down=pick(-400, 400), c_ud=pick(0, 100), w_max=w_max, w_min=rnd.randint(fs // 4, fs - 1),
                    c_wmax=pick(0, 150), c_wmin=pick(0, 150), gamma_up=pick(0, 5000), gamma_down=pick(0, 5000),
                    c_c2c=pick(0, 300), stuck=rnd.choice((0, 0, 2000)), round=rnd.randint(0, 1), **exp)
    return dict(dw=pick(0, 8191), shift=pick(-12, 20), c_dtod=pick(0, 4434), up_down=pick(-3686, 3686),
                c_ud=pick(0, 4434), w_max=pick(1, fs - 1), w_min=pick(1, fs - 1), c_wmax=pick(0, 4434),
                c_wmin=pick(0, 4434), gamma_up=pick(0, 16384), gamma_down=pick(0, 16384), c_c2c=pick(0, 4434),
                stuck=pick(0, 65535) if rnd.random() < 0.3 else 0, round=pick(0, 1), **exp)


def random_front(rnd, chapter):
    """Global fields in the order of their addresses: ideal (chapter 0), each error or none, at any size."""
    def pick(most):
        return rnd.choice((0, rnd.randint(1, most // 64), rnd.randint(0, most), most)) if chapter else 0
    return dict(seed=rnd.getrandbits(32), read_noise=rnd.choice((0, rnd.randint(0, 2000), rnd.randint(0, 2**24))),
                int_max=rnd.choice((0, rnd.randint(1, 2**12), rnd.randint(1, 2**20), U32)) if chapter else 0,
                ref_spread=pick(65535), mirror=pick(65535), adc_offs=pick(65535), adc_gain=pick(65535),
                adc_weight=pick(65535), cmp_noise=pick(65535),
                load=rnd.choice((0, 1, rnd.randint(1, 500), rnd.randint(1, 2**24))) if chapter else 0, load_all=rnd.randint(0, 1))


def random_drive(rnd, lines, density, polarity=None):
    return {i: rnd.randint(0, 1) if polarity is None else polarity for i in range(lines) if rnd.random() < density}


def main(argv):
    corrupt = "--corrupt" in argv
    n, m, adc_bits, share, kind, sw, seed = (int(a, 0) for a in argv if not a.startswith("--"))
    rnd = random.Random(seed)
    fs, lines = 1 << (sw - 1), max(n, m)
    units = -(-lines // share)
    a = Array(n, m, sw)
    out = []

    def digests():
        out.append("D " + " ".join(f"{a.digest(s):x}" for s in range(3)))

    def states():
        out.extend(f"W {i // a.k} {i % a.k} {w & (2 * fs - 1):x}" for i, w in enumerate(a.w))

    def read():
        sel, direction, serial = rnd.randint(0, 4), rnd.randint(0, 1), rnd.randint(0, 1)
        if sel == 4:
            sel += rnd.choice((1, 256, rnd.randint(1, 256))) << 4
        driven, sensed = (m, n) if direction else (n, m)
        rng = rnd.choice((0, 1, rnd.randint(0, 40), max(0, sw - adc_bits + rnd.randint(0, 4)))) + (8 if sel > 3 else 0)
        acc, ref, over = [0] * sensed, [0] * sensed, [False] * sensed
        most = a.front["int_max"] * (256 if sel & 15 == 4 else 1)
        hold = f"{sel:x} {direction:x} {rng:x}"
        out.append(f"Z {hold}")
        drive = random_drive(rnd, driven, rnd.random())
        times, polarity = {}, {}
        for s in range(rnd.randint(1, 9)):
            if serial or rnd.random() < 0.2:
                drive = random_drive(rnd, driven, rnd.random())
            else:  # pulse width: lines only fall
                drive = {i: p for i, p in drive.items() if rnd.random() < 0.8}
            empty = (0, 0)
            rows, cols = (empty, drive_words(drive)) if direction else (drive_words(drive), empty)
            out.append(f"I {hold} {serial:x} {rows[0]:x} {rows[1]:x} {cols[0]:x} {cols[1]:x}")

            def charge(held, current):
                return (held + (current << MAG_BITS)) >> 1 if serial else held + current
            for i, p in drive.items():
                times[i] = times.get(i, 0) + 1
                polarity[i] = p
            into = [a.loaded(sel, direction, drive, x) for x in range(sensed)]
            acc = [charge(v, cur) for v, (cur, _) in zip(acc, into)]
            if a.front["mirror"]:
                ref = [charge(v, taken) for v, (_, taken) in zip(ref, into)]
            if most:
                over = [o or abs(v) > most for o, v in zip(over, acc)]
                acc = [clamp(v, -most, most) for v in acc]
        out.append(f"H {hold}")
        acc = [v - ((a.mismatch(direction, x) * ref[x]) >> 20) + a.noise(sel, direction, x) for x, v in enumerate(acc)]
        a.disturb(sel, direction, times, polarity)
        a.read_ctr = (a.read_ctr + 1) & U32
        adcmax = 2**(adc_bits - 1) - 1
        for slot in range(share):
            code = [-2**(adc_bits - 1)] * units
            steps = range(-adcmax + 1, adcmax + 1) if kind else range(adc_bits - 1, -1, -1)
            steps = list(steps) if len(steps) < 40 else sorted(rnd.sample(steps, 40))
            at = [u * share + slot for u in range(units)]
            reached = bits(u for u, x in enumerate(at) if x < sensed and over[x])
            for b in steps + [None]:
                if b is None:  # LATCH: any code, no one looks
                    trial = [rnd.randint(-2**(adc_bits - 1), 2**(adc_bits - 1) - 1) for _ in range(units)]
                else:
                    trial = [b if kind else x + 2**b for x in code]
                cmp = [b is not None and x < sensed and a.compare(u, t, acc[x], rng, kind, adc_bits)
                       for u, (t, x) in enumerate(zip(trial, at))]
                if b is not None:
                    a.cmp_ctr = (a.cmp_ctr + 1) & U32
                code = [t if c and b is not None else x for t, c, x in zip(trial, cmp, code)]
                word = sum((t & (2**adc_bits - 1)) << (u * adc_bits) for u, t in enumerate(trial))
                out.append(f"S {hold} {slot:x} {b is not None:x} {word:x} {bits(u for u, c in enumerate(cmp) if c):x} "
                           f"{reached if b is not None else 0:x}")

    def pulses():
        sel, cell = rnd.randint(0, 2), rnd.randint(HALF, PASSIVE)
        for _ in range(rnd.randint(1, 12)):
            if rnd.random() < 0.1:
                rows, cols = random_drive(rnd, n, 2, 1), random_drive(rnd, m, 2, 0)
            else:
                rp = None if cell == GATED or rnd.random() < 0.3 else rnd.randint(0, 1)
                cp = None if cell == GATED or rp is None else rnd.choice((1 - rp, 1 - rp, rp))
                rows, cols = random_drive(rnd, n, rnd.random(), rp), random_drive(rnd, m, rnd.random(), cp)
            r, c = drive_words(rows), drive_words(cols)
            most = rnd.choice((0, 3, 31))
            row_amp, col_amp = ([rnd.randint(0, most) if i in driven else 0 for i in range(count)]
                                for driven, count in ((rows, n), (cols, m)))
            duration = rnd.choice((1, 1, rnd.randint(1, 255), rnd.randint(1, 255 << MAG_BITS)))
            for k in range(rnd.choice((0, 0, 2)), -1, -1):  # only the last cycle acts
                out.append(f"P {sel:x} {cell:x} {k == 0:x} {duration:x} {r[0]:x} {r[1]:x} {amp_word(row_amp):x} "
                           f"{c[0]:x} {c[1]:x} {amp_word(col_amp):x}")
            a.pulse(sel, cell, rows, cols, row_amp, col_amp, duration)

    budget = max(2, min(40, 60000 // a.k))
    for chapter in range(3):
        cfg = [random_cfg(rnd, fs, chapter == 2) for _ in range(3)]
        front = random_front(rnd, chapter)
        for s in range(3):
            out.extend(f"C {s * 32 + i:x} {cfg[s][f] & U32:x}" for i, f in enumerate(FIELDS))
        out += [f"C {96 + i:x} {v:x}" for i, v in enumerate(front.values())] + ["F"]
        a.fabricate(cfg, front, units)
        digests()
        states()
        for _ in range(budget):
            if rnd.random() < 0.3:
                out.append("X")
            if rnd.random() < 0.6:
                pulses()
                digests()
            else:
                read()
                digests()
        for _ in range(5):  # states loaded from outside
            i = rnd.randrange(3 * a.k)
            a.w[i] = rnd.randint(-fs, fs - 1)
            out.append(f"V {i // a.k} {i % a.k} {a.w[i] & (2 * fs - 1):x}")
        out.append("R")
        digests()
        pulses()
        digests()
        states()
    if corrupt:
        at = max(i for i, x in enumerate(out) if x.startswith("D "))
        f = out[at].split()
        out[at] = " ".join(f[:2] + [f"{int(f[2], 16) ^ 1:x}"] + f[3:])
    print("\n".join(out))


if __name__ == "__main__":
    main(sys.argv[1:])
