#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Test vectors of the reference, computed from the text of rtl/SPEC.md with Python's unbounded integers.

usage: gen_vectors.py [--check]     writes vectors.h beside itself, or compares it
"""
import math
import os
import sys

if __name__ == "__main__" and {"-h", "--help"} & set(sys.argv[1:]):
    sys.exit(print(__doc__.strip()))

HERE = os.path.dirname(os.path.abspath(__file__))
M32 = 0xFFFFFFFF

# Constants as in rtl/xt_params.toml (typed again on purpose).
RECIP_BITS, GAIN_BITS = 26, 20
HASH_SEED, HASH_DOMAIN, HASH_INDEX = 0x9E3779B9, 0x85EBCA6B, 0xC2B2AE35
HASH_M1, HASH_M2, DIGEST_MUL = 0x7FEB352D, 0x846CA68B, 0x9E3779B1
DOM_FAB, DOM_PULSE, DOM_READ, DOM_AFE, DOM_CMP = 1, 2, 3, 4, 5
SEED_MUL, SEED_ADD_ROW, SEED_ADD_COL, WEYL = 25173, 13849, 6925, 40503
TAPS = {8: [8, 6, 5, 4], 9: [9, 5], 10: [10, 7], 11: [11, 9], 12: [12, 6, 4, 1], 13: [13, 4, 3, 1],
        14: [14, 5, 3, 1], 15: [15, 14], 16: [16, 15, 13, 4], 17: [17, 14]}
STEPS = {8: 8, 9: 9, 10: 10, 11: 11, 12: 11, 13: 13, 14: 14, 15: 15, 16: 16, 17: 17}


class Rng:
    def __init__(self, seed):
        self.s = seed

    def bits(self, n):
        v = 0
        for _ in range((n + 15) // 16):
            self.s = (self.s * 6364136223846793005 + 1442695040888963407) % 2**64
            v = v << 16 | self.s >> 48
        return v % 2**n

    def between(self, lo, hi):
        return lo + self.bits(64) % (hi - lo + 1)


# ---- section 1
def shr_round(v, r):
    return (v + 2 ** (r - 1)) >> r if r > 0 else v << -r


def recip(n):
    return (2**RECIP_BITS + n // 2) // n


def mix(x):
    x &= M32
    x ^= x >> 16
    x = x * HASH_M1 & M32
    x ^= x >> 15
    x = x * HASH_M2 & M32
    x ^= x >> 16
    return x


def key(seed, dom, ctr):
    return mix(seed + dom * HASH_DOMAIN + ctr * HASH_SEED)


def word(k, idx):
    return mix(k + idx * HASH_INDEX)


def gauss(w):
    return sum(w.to_bytes(4, "little")) - 510


def q12(c, s):
    return 4096 + ((s * c) >> 4)


def clamp(v, lo, hi):
    return hi if v > hi else lo if v < lo else v


# ---- section 5
def norm(f):
    s = max(0, f.bit_length() - GAIN_BITS)
    return (shr_round(f, s) if s > 0 else f), s


def um(mode, man, e, L, xm, dm, pb, sx=0, sxe=0, sd=0, sde=0):
    """bl, clip, gx, rx, gd, rd"""
    if xm == 0 or dm == 0:
        return 0, 0, 0, 0, 0, 0
    if mode == "MANUAL":
        return L, 0, sx, clamp(sxe - pb, -24, 40), sd, clamp(sde - pb, -24, 40)
    if mode == "COUNT":
        n = shr_round(dm * man, e)
        return min(n, L), int(n > L), 0, 0, man, clamp(e, -24, 40)
    Q = man * xm * dm
    if Q == 0:
        return 0, 0, 0, 0, 0, 0
    bl = min(-(-Q // 2**e), L) if mode == "UBLM" else L
    clip = int(Q > L * 2**e)
    V = Q * recip(bl)
    h = min(max(0, e + RECIP_BITS - V.bit_length()) >> 1, pb - 6)
    gx, s1 = norm(recip(xm))
    gd, s2 = norm(man * xm * recip(bl))
    return bl, clip, gx, clamp(RECIP_BITS - pb + h - s1, -24, 40), gd, clamp(e + RECIP_BITS - pb - h - s2, -24, 40)


def threshold(c, g, r, pb):
    return min(2**pb, shr_round(c * g, r))


# ---- section 6: the generator as a list of bits, newest first
def lfsr_slot(state, w):
    bits = [state >> i & 1 for i in range(w)]  # tap k is bit k-1
    for _ in range(STEPS[w]):
        b = 0
        for t in TAPS[w]:
            b ^= bits[t - 1]
        bits = [b] + bits[:-1]
    return sum(b << i for i, b in enumerate(bits))


def fold(v, w):
    pieces = [v >> at & (2**w - 1) for at in range(0, 32, w)]
    out = 0
    for piece in pieces:
        out ^= piece
    return out


def row_seed(seed, i, pb):
    return 2 ** (pb - 1) | fold(seed, pb - 1) ^ ((i * SEED_MUL + SEED_ADD_ROW) % 2 ** (pb - 1))


def col_seed(seed, j, pb):
    return 2**pb | fold(seed ^ seed >> 16, pb) ^ ((j * SEED_MUL + SEED_ADD_COL) % 2**pb)


# ---- section 9
def fabricate(c, seed, sw, idx):
    S = [gauss(word(key(seed, DOM_FAB, f), idx)) for f in range(4)]
    FS = 2 ** (sw - 1)
    gain = clamp(q12(c["c_dtod"], S[0]), 512, 32767)
    r = clamp(c["up_down"] + ((S[1] * c["c_ud"]) >> 4), -3686, 3686)
    step_up = clamp((c["dw"] * gain * (4096 + r) + 2**23) >> 24, 1, 32767)
    step_down = clamp((c["dw"] * gain * (4096 - r) + 2**23) >> 24, 1, 32767)
    wmax = clamp((c["w_max"] * q12(c["c_wmax"], S[2])) >> 12, max(1, (c["w_max"] * 614) >> 12),
                 min((c["w_max"] * 4506) >> 12, FS - 1))
    wmin = -clamp((c["w_min"] * q12(c["c_wmin"], S[3])) >> 12, max(1, (c["w_min"] * 614) >> 12),
                  min((c["w_min"] * 4506) >> 12, FS - 1))
    den = 4096 * wmax
    shape_up = -min(32767, (step_up * c["gamma_up"] * 2 ** (sw - 3) + den // 2) // den)
    den = 4096 * -wmin
    shape_down = min(32767, (step_down * c["gamma_down"] * 2 ** (sw - 3) + den // 2) // den)
    if c["dw"] == 0:
        step_up = step_down = shape_up = shape_down = 0
    w = 0
    stuck = word(key(seed, DOM_FAB, 4), idx)
    if (stuck & 0xFFFF) < c["stuck"]:
        w = wmax = wmin = wmin + (((stuck >> 16) * (wmax - wmin)) >> 16)
    return dict(step_up=step_up, step_down=step_down, shape_up=shape_up, shape_down=shape_down, lo=wmin, hi=wmax, w=w)


def pulse(c, dev, sw, up, w32):
    w = dev["w"]
    step, shape = (dev["step_up"], dev["shape_up"]) if up else (dev["step_down"], dev["shape_down"])
    t = max(0, step + ((shape * w) >> (sw - 3)))
    v = t * q12(c["c_c2c"], gauss(w32))
    T = 12 + c["shift"]
    if c["round"] == 0:
        r16 = (w32 ^ (w32 >> 16)) & 0xFFFF
        r = r16 >> (16 - T) if T <= 16 else r16 << (T - 16)
    else:
        r = 2 ** (T - 1) if T > 0 else 0
    dw = (v + r) >> T
    dev["w"] = clamp(w + dw if up else w - dw, dev["lo"], dev["hi"])


# ---- section 9, law EXP
def exp_shape(slope, sw, wmax, wmin):
    span = wmax - wmin
    size = min(32767, (abs(slope) * 2 ** (sw - 3) + span // 2) // span)
    return -size if slope < 0 else size


def exp_step(amp, offset, sw, step, shape, w):
    e = clamp((shape * w >> (sw - 3)) + offset, -12288, 8191)
    i, f = divmod(e, 1024)
    m = 2**20 + f * (677 + (347 * f >> 10))
    p = m << i if i >= 0 else m >> -i
    return min(2**20 - 1, step * max(0, 4096 - (amp * p >> 20)) >> 12)


# ---- section 9, law MTJ
EXP16 = [round(2**16 * math.exp(-k / 16)) for k in range(256)]


def mtj_flip(direction, half_field, amplitude, half, shape, duration):
    q = clamp(direction - 128 * amplitude + ((shape >> 1) - half_field if half else shape), -8192, 2047)
    frac, whole = 4 * (q % 256), q >> 8
    t = duration * (2**20 + frac * (677 + (347 * frac >> 10)))
    lam = min(t << (whole + 20) if whole >= -20 else t >> (-20 - whole), 2**44)
    if lam < 2**32:
        x = lam >> 8
        return x - (x * x >> 33)
    k, r = min(lam >> 36, 255), (lam >> 24) % 4096
    return (65536 - (EXP16[k] * (65536 - r + (r * r >> 17)) >> 16)) * 65536


def mtj_device(c, seed, idx):
    """shape, wmax, wmin, w."""
    bound = lambda f, z: clamp(c[f] * q12(c["c_" + f.replace("_", "")], z) >> 12, max(1, c[f] * 614 >> 12), min(c[f] * 4506 >> 12, 32767))
    draw = lambda f: word(key(seed, DOM_FAB, f), idx)
    hi, lo = bound("w_max", gauss(draw(2))), -bound("w_min", gauss(draw(3)))
    shape = clamp(gauss(draw(5)) * c["c_vc"] >> 8, -8192, 8192)
    w = hi if draw(6) & 1 else lo
    if (draw(4) & 0xFFFF) < c["stuck"]:
        w = hi = lo = lo + ((draw(4) >> 16) * (hi - lo) >> 16)
    return [shape, hi, lo, w]


# ---- MTJ_UPDATE: sections 4, 6, 7
def amplitude(v, mb):
    octave = v.bit_length() - 1
    return 2 * (mb - 1 - octave) + 1 - (v >> (octave - 1) & 1 if octave else 0)


def mtj_update(c, devs, n, m, mb, passive, shared, rate, width, x, d, seed, ctr, first):
    """Moves the devices; returns phases, cycles (PULSE_GAP 1, PULSE_SETTLE 2), pulse_ctr."""
    amp = [amplitude(abs(v), mb) + rate if v else None for v in d]
    phases, cycles, ctr = mtj_phases(c, devs, n, m, mb, passive, shared, amp, width, x, d, seed, ctr, first)
    return phases, 3 + cycles, ctr


def mtj_phases(c, devs, n, m, mb, passive, shared, amp, width, x, d, seed, ctr, first):
    """The phases alone. amp: of the columns, None: not driven."""
    on = [a is not None and a < 32 for a in amp]
    phases, cycles = 0, 0
    for phase in range(4):
        two = not passive and not shared
        if two and phase > 1:
            break
        row_sign = (-1 if phase else 1) if two else (-1 if phase & 2 else 1)
        col_sign = 0 if two else (-1 if phase & 1 else 1)
        rows = [i for i in range(n) if x[i] * row_sign > 0]
        cols = [j for j in range(m) if on[j] and d[j] * col_sign >= 0]
        if not rows or not cols:
            continue
        phases += 1
        for b in range(1 if passive else mb):
            t, k0 = width << b, key(seed, DOM_PULSE, ctr & M32)
            for i in range(n):
                for j in range(m):
                    row, col = i in rows and (passive or abs(x[i]) >> b & 1), j in cols
                    if not (row or col) or (not passive and not (row and col)):
                        continue
                    # -sign(x d); of half-selected devices: as the phase pulls
                    up = x[i] * d[j] < 0 if row and col else row_sign * col_sign < 0
                    a = (amplitude(abs(x[i]), mb) if passive and row else 0) + (amp[j] if col else 0)
                    dev = devs[i * m + j]
                    flip = mtj_flip(c["mtj_up" if up else "mtj_down"], c["mtj_half"], a, not (row and col), dev[0], t)
                    if c["dw"] and word(k0, first + i * m + j) < flip:
                        dev[3] = dev[1] if up else dev[2]
            ctr += 1
            cycles += t + 1
        cycles += 2
    return phases, cycles, ctr & M32


# ---- the accumulator: sections 4, 6
def accumulate(S, n, gang, most, x, d, shift):
    """Adds to the sums S[i][k]; returns the rows in which one was clipped."""
    clipped = 0
    for i in range(n):
        whole = [s + x[i] * ((v > 0) - (v < 0)) * shr_round(256 * abs(v), shift) for s, v in zip(S[i], d[::2**gang])]
        S[i] = [clamp(s, -most, most) for s in whole]
        clipped += S[i] != whole
    return clipped


def acc_update(c, devs, n, m, mb, gang, passive, shared, rate, decay, width, S, seed, ctr, first):
    """Moves the devices, lets the sums decay; returns as mtj_update."""
    phases, cycles = 0, 2
    for i in range(n):
        sums = [S[i][j >> gang] for j in range(m)]
        amp = []
        for s in sums:
            octave = max(abs(s).bit_length() - 1, 0)
            half = abs(s) >> (octave - 1) & 1 if octave else 0
            amp.append(max(0, rate - 2 * octave - half) if s else None)
        x = [(2**mb - 1) * (q == i) for q in range(n)]
        more, long, ctr = mtj_phases(c, devs, n, m, mb, passive, shared, amp, width, x, sums, seed, ctr, first)
        phases, cycles = phases + more, cycles + 2 + long
        kept = [abs(s) - (abs(s) + 2**decay - 1 >> decay) if decay else 0 for s in S[i]]
        S[i] = [-v if s < 0 else v for s, v in zip(S[i], kept)]
    return phases, cycles, ctr


# ---- section 8, cycle by cycle
def convert(v, rng, bits, offset):
    code = -(2 ** (bits - 1))
    for b in range(bits - 1, -1, -1):
        if v + (2 ** (rng - 1) if rng > 0 else 0) >= (code + 2**b) * 2**rng:
            code += 2**b
    most = 2 ** (bits - 1) - 1
    return clamp(clamp(code, -most, most) - offset, -most, most), int(code >= most or code <= -most)


FIELDS = ["dw", "shift", "c_dtod", "up_down", "c_ud", "w_max", "w_min", "c_wmax", "c_wmin", "gamma_up", "gamma_down",
          "c_c2c", "stuck", "round"]
DEVICES = 24  # per configuration
PULSES = 16   # per device


def random_dev(r, sw):
    FS = 2 ** (sw - 1)
    wild = r.between(0, 2) == 0
    return dict(dw=r.between(0, 8191) if wild else r.between(1024, 2047),
                shift=r.between(-12, 20) if wild else r.between(0, 9), c_dtod=r.between(0, 4434 if wild else 200),
                up_down=r.between(-3686, 3686), c_ud=r.between(0, 4434 if wild else 80), w_max=r.between(1, FS - 1),
                w_min=r.between(1, FS - 1), c_wmax=r.between(0, 4434 if wild else 200),
                c_wmin=r.between(0, 4434 if wild else 200), gamma_up=r.between(0, 16384), gamma_down=r.between(0, 16384),
                c_c2c=r.between(0, 4434 if wild else 200), stuck=r.between(0, 65535) if wild else 0,
                round=r.between(0, 1))


# ---- tables: p prints a line, r is the generator of numbers
def table(p, name, ctype, rows):
    p(f"static const {ctype} {name}[] = {{")
    for row in rows:
        p("  {" + ", ".join(str(v) for v in row) + "},")
    p("};")


def hashes(p, r):
    rows = []
    for _ in range(64):
        seed, dom, ctr, idx, c = r.bits(32), r.between(1, 3), r.bits(32), r.bits(32), r.between(0, 4434)
        w = word(key(seed, dom, ctr), idx)
        rows.append([f"{seed}U", dom, f"{ctr}U", f"{idx}U", c, f"{key(seed, dom, ctr)}U", f"{w}U", gauss(w),
                     q12(c, gauss(w))])
    p("struct hash_vector { uint32_t seed, dom, ctr, idx; int32_t c; uint32_t key, word; int32_t gauss, q12; };")
    table(p, "hash_vectors", "struct hash_vector", rows)


def shifts(p, r):
    rows = []
    for _ in range(64):
        v, s = r.bits(r.between(1, 50)), r.between(-12, 40)
        rows.append([f"{v}U" if v < 2**32 else f"UINT64_C({v})", s, f"UINT64_C({shr_round(v, s)})", v.bit_length()])
    for v, s in ((0, 0), (0, 40), (1, 1), (3, 1), (3, 2), (1, -12), (2**50 - 1, 1)):
        rows.append([f"UINT64_C({v})", s, f"UINT64_C({shr_round(v, s)})", v.bit_length()])
    p("struct shift_vector { uint64_t v; int32_t r; uint64_t rounded; int32_t bitlen; };")
    table(p, "shift_vectors", "struct shift_vector", rows)


def reciprocals(p):
    p("static const uint32_t recip_vectors[] = {0, " + ", ".join(str(recip(n)) for n in range(1, 256)) + "};")


def update_managers(p, r):
    modes = ["MANUAL", "UM", "UBLM", "COUNT"]
    rows = []
    for k in range(400):
        mode = modes[k % 4]
        pb = r.between(8, 16)
        xm = r.between(0, 1 if mode == "COUNT" else 127) if r.between(0, 3) == 0 else r.between(1, 127)
        dm = r.between(0, 2047) if r.between(0, 2) == 0 else r.between(0, 127)
        man, L = r.bits(r.between(0, 16)) if k % 3 else r.between(32768, 65535), r.between(1, 255)
        e = r.between(0, 63) if k % 5 == 0 else r.between(8, 32)
        sx, sxe, sd, sde = r.bits(16), r.between(0, 63), r.bits(16), r.between(0, 63)
        o = um(mode, man, e, L, xm, dm, pb, sx, sxe, sd, sde)
        cx, cd = r.between(0, xm), r.between(0, dm)
        tx = (2**pb if cx else 0) if mode == "COUNT" else threshold(cx, o[2], o[3], pb)
        td = threshold(cd, o[4], o[5], pb)
        rows.append([modes.index(mode), man, e, L, xm, dm, pb, sx, sxe, sd, sde, *o, cx, cd, tx, td])
    for man, e, L, xm, dm in ((32768, 15, 8, 2, 4), (32768, 15, 9, 2, 4), (32768, 15, 7, 2, 4), (32769, 15, 8, 2, 4),
                              (65535, 63, 1, 127, 2047), (1, 0, 255, 1, 255), (1, 0, 255, 1, 256), (1, 0, 1, 1, 1)):
        for mode in modes[1:]:  # Q = L 2^e and its neighbours; counts at a tie
            o = um(mode, man, e, L, xm, dm, 16)
            tx = (2**16 if xm else 0) if mode == "COUNT" else threshold(xm, o[2], o[3], 16)
            rows.append([modes.index(mode), man, e, L, xm, dm, 16, 0, 0, 0, 0, *o, xm, dm, tx,
                         threshold(dm, o[4], o[5], 16)])
    p("struct um_vector { int32_t mode; uint32_t man; int32_t e; uint32_t cap, xm, dm; int32_t pb; uint32_t sx; "
      "int32_t sxe; uint32_t sd; int32_t sde; uint32_t bl, clip, gx; int32_t rx; uint32_t gd; int32_t rd; "
      "uint32_t cx, cd, tx, td; };")
    table(p, "um_vectors", "struct um_vector", rows)


def generators(p, r):
    rows = []
    for w in range(8, 18):
        s = 1 + r.bits(64) % (2**w - 1)
        s1 = lfsr_slot(s, w)
        s9 = s1
        for _ in range(8):
            s9 = lfsr_slot(s9, w)
        rows.append([w, s, s1, s9])
    p("struct lfsr_vector { int32_t width; uint32_t state, after1, after9; };")
    table(p, "lfsr_vectors", "struct lfsr_vector", rows)


def encoders(p, r):
    rows = []
    for _ in range(60):
        pb = r.between(8, 16)
        seed, i = r.bits(32), r.between(0, 2 ** (pb - 1) - 1)
        n = r.bits(pb)
        rows.append([pb, f"{seed}U", i, row_seed(seed, i, pb), col_seed(seed, i, pb), n, n * WEYL % 2**pb,
                     int(format(n, f"0{pb}b")[::-1], 2)])
    p("struct encoder_vector { int32_t pb; uint32_t seed; int32_t line; uint32_t row, col, n, weyl, rev; };")
    table(p, "encoder_vectors", "struct encoder_vector", rows)


def conversions(p, r):
    rows = []
    for _ in range(300):
        bits, rng = r.between(4, 12), r.between(0, 40)
        v = r.between(-(2 ** (rng + bits)), 2 ** (rng + bits)) if r.between(0, 3) else r.between(-2**46, 2**46)
        if r.between(0, 3) == 0:  # right at a step
            v = r.between(-2 ** (bits - 1), 2 ** (bits - 1)) * 2**rng - (2 ** (rng - 1) if rng else 0) - r.between(0, 1)
        off = 0 if r.between(0, 1) else r.between(-(2 ** (bits - 1)) + 1, 2 ** (bits - 1) - 1)
        res, rail = convert(v, rng, bits, off)
        rows.append([bits, rng, off, f"INT64_C({v})", res, rail])
    p("struct adc_vector { int32_t bits; uint32_t range; int32_t offset; int64_t v; int32_t result, rail; };")
    table(p, "adc_vectors", "struct adc_vector", rows)


def read_noise(p, r):
    rows = []
    for k in range(40):
        seed, ctr, rn, d = r.bits(32), r.bits(32) if k else M32, r.between(0, 2**24), k % 2
        line = r.between(0, 1)
        rows.append([f"{seed}U", f"{ctr}U", rn, d, line,
                     (gauss(word(key(seed, DOM_READ, ctr), line + d * 65536)) * rn) >> 8])
    p("struct noise_vector { uint32_t seed, read_ctr, read_noise; int32_t dir, line; int64_t noise; };")
    table(p, "noise_vectors", "struct noise_vector", rows)


def devices(p, r):
    p(f"enum {{ VEC_DEVICES = {DEVICES}, VEC_PULSES = {PULSES} }};")
    p("struct device_vector { int32_t step_up, step_down, shape_up, shape_down, lo, hi, w; };")
    p("/* One row of the array: fabricated devices of array `sel`, then VEC_PULSES pulses on every device, bit p of `up`\n"
      " * the direction of pulse p, and the states and the array's digest after them. The rows above are never pulsed. */")
    p("struct fab_vector { int32_t sw, n, sel, row; uint32_t seed, up, pulse_ctr; int32_t cfg[14];\n"
      "  struct device_vector dev[VEC_DEVICES]; int32_t after[VEC_DEVICES]; uint32_t digest; };")
    p("static const struct fab_vector fab_vectors[] = {")
    for k in range(40):
        sw = 16 if k % 2 else r.between(8, 24)
        c = random_dev(r, sw)
        n, sel, seed, up, ctr = r.between(1, 5), r.between(0, 2), r.bits(32), r.bits(PULSES), r.bits(32)
        row = n - 1
        devs, after, digest = [], [], 0
        for kk in range(n * DEVICES):
            idx = (sel * n * DEVICES + kk) & M32
            d = fabricate(c, seed, sw, idx)
            if kk // DEVICES == row:
                devs.append(dict(d))
                for q in range(PULSES):
                    pulse(c, d, sw, up >> q & 1, word(key(seed, DOM_PULSE, (ctr + q) & M32), idx))
                after.append(d["w"])
            digest = (digest + d["w"] * ((2 * kk + 1) * DIGEST_MUL)) & M32
        p("  {%d, %d, %d, %d, %dU, %d, %dU, {%s}," % (sw, n, sel, row, seed, up, ctr,
                                                      ", ".join(str(c[f]) for f in FIELDS)))
        columns = ("step_up", "step_down", "shape_up", "shape_down", "lo", "hi", "w")
        p("   {" + ", ".join("{" + ", ".join(str(d[f]) for f in columns) + "}" for d in devs) + "},")
        p("   {" + ", ".join(map(str, after)) + "}, %dU}," % digest)
    p("};")


def exponential_steps(p, r):
    rows = []
    for k in range(120):
        sw, up, step = r.between(8, 24), r.between(0, 1), r.between(1, 32767)
        most = 2 ** (sw - 1)
        wmax, wmin = r.between(1, most - 1), -r.between(1, most - 1)
        wild = k % 3 == 0
        amp, slope, offset = (r.between(-b, b) for b in ((131071, 32767, 32767) if wild else (6000, 8000, 4000)))
        shape, w = exp_shape(slope, sw, wmax, wmin), r.between(-most, most - 1) if wild else r.between(wmin, wmax)
        rows.append((sw, up, step, wmax, wmin, amp, slope, offset, w, shape, exp_step(amp, offset, sw, step, shape, w)))
    p("struct exp_vector { int32_t sw, up, step, wmax, wmin, amp, slope, offset, w, shape, moved; };")
    table(p, "exp_vectors", "struct exp_vector", rows)


def mtj_flips(p, r):
    rows = []
    for k in range(300):
        direction, half_field = r.between(-8192, 2047), r.between(0, 16383) if k % 3 else r.between(0, 2000)
        if k % 2:
            direction = r.between(-1500, 2047)
        amp, half, shape, duration = r.between(0, 62 if k % 4 == 0 else 12), r.between(0, 1), r.between(-500, 500), r.between(1, 16320)
        if k % 5 == 0:
            shape, duration = r.between(-8192, 8192), r.between(1, 4)
        rows.append((direction, half_field, amp, half, shape, duration,
                     f"UINT64_C({mtj_flip(direction, half_field, amp, half, shape, duration)})"))
    p("struct flip_vector { int32_t direction, half_field, amplitude, half, shape, duration; uint64_t flip; };")
    table(p, "flip_vectors", "struct flip_vector", rows)


SWITCH_N, SWITCH_M = 5, 7
MTJ_FIELDS = ["dw", "w_max", "w_min", "c_wmax", "c_wmin", "stuck", "mtj_up", "mtj_down", "mtj_half", "c_vc"]


def mtj_updates(p, r):
    p(f"enum {{ SWITCH_N = {SWITCH_N}, SWITCH_M = {SWITCH_M} }};")
    p("/* MTJ_UPDATE of plane C of a fabricated tile of 16 state bits; PULSE_GAP 1, PULSE_SETTLE 2. cfg: " + ", ".join(MTJ_FIELDS) + ". */")
    p("struct switch_vector { int32_t code_bits, cell, shared, rate, dexp, width; uint32_t seed, pulse_ctr; int32_t cfg[10];\n"
      "  int8_t x[SWITCH_N], d[SWITCH_M]; int32_t before[SWITCH_N * SWITCH_M], after[SWITCH_N * SWITCH_M];\n"
      "  uint32_t phases, cycles, pulse_ctr_after; };")
    p("static const struct switch_vector switch_vectors[] = {")
    for k in range(60):
        mb, passive, shared, rate, width = r.between(1, 7), k % 3 == 2, k % 3 == 1, r.between(0, 24 if k % 5 == 0 else 8), r.between(1, 3)
        dexp = r.between(-rate, 3)
        c = dict(dw=int(k % 11 != 10), w_max=r.between(20000, 32767), w_min=r.between(10000, 32767), c_wmax=r.between(0, 60), c_wmin=r.between(0, 60),
                 stuck=r.between(0, 12000), mtj_up=r.between(-600, 600), mtj_down=r.between(-600, 600), mtj_half=r.between(0, 900),
                 c_vc=0 if k % 4 else r.between(0, 600))
        seed, ctr, first = r.bits(32), r.bits(32) if k % 7 else M32, SWITCH_N * SWITCH_M
        most = 2**mb - 1
        x = [r.between(0 if k % 4 == 0 else -most, most) * r.between(0, 1) for _ in range(SWITCH_N)]
        d = [r.between(-most, 0 if k % 9 == 0 else most) for _ in range(SWITCH_M)]
        devs = [mtj_device(c, seed, first + kk) for kk in range(SWITCH_N * SWITCH_M)]
        before = [v[3] for v in devs]
        phases, cycles, end = mtj_update(c, devs, SWITCH_N, SWITCH_M, mb, passive, shared, rate + dexp, width, x, d, seed, ctr, first)
        lists = ["{" + ", ".join(map(str, v)) + "}" for v in ([c[f] for f in MTJ_FIELDS], x, d, before, [v[3] for v in devs])]
        p(f"  {{{mb + 1}, {2 if passive else 1}, {int(shared)}, {rate}, {dexp}, {width}, {seed}U, {ctr}U, " + ",\n   ".join(lists)
          + f", {phases}, {cycles}, {end}U}},")
    p("};")


ACC_N, ACC_M, ACC_TIMES = 5, 8, 3


def accumulators(p, r):
    p(f"enum {{ ACC_N = {ACC_N}, ACC_M = {ACC_M}, ACC_TIMES = {ACC_TIMES} }};")
    p("/* ACC_TIMES times ACCUMULATE onto `start`, then ACC_UPDATE of plane C, as above. Sums: row i, k at i*MS + k. */")
    p("struct acc_vector { int32_t code_bits, acc_bits, acc_gang, cell, shared, exp, dexp[ACC_TIMES], rate, exponent, decay, width;\n"
      "  uint32_t seed, pulse_ctr; int32_t cfg[10], start[ACC_N * ACC_M]; int8_t x[ACC_TIMES][ACC_N], d[ACC_TIMES][ACC_M];\n"
      "  uint32_t clipped[ACC_TIMES]; int32_t sums[ACC_N * ACC_M], left[ACC_N * ACC_M], before[ACC_N * ACC_M], after[ACC_N * ACC_M];\n"
      "  uint32_t phases, cycles, pulse_ctr_after; };")
    p("static const struct acc_vector acc_vectors[] = {")
    for k in range(60):
        mb, acc_bits, gang = r.between(1, 7), (12, 13, 16, 24, 31, 32)[k % 6], r.between(0, 3)
        passive, shared, width = k % 3 == 2, k // 2 % 3 == 1, r.between(1, 3)
        most, ms, top = 2 ** (acc_bits - 1) - 1, ACC_M >> gang, 2**mb - 1
        exp, decay = r.between(0, 12), r.between(0, 15) * r.between(0, 1)
        dexp = [r.between(-exp, 4) for _ in range(ACC_TIMES)]
        rate, exponent = r.between(0, 2 * acc_bits), r.between(0, 5)
        start = [[0 if k % 4 == 0 else r.between(-most, most) >> r.between(0, acc_bits) for _ in range(ms)] for _ in range(ACC_N)]
        if k % 5 == 0:
            start[k % ACC_N][0] = most if k % 2 else -most
        S = [list(row) for row in start]
        x = [[r.between(-top, top) * r.between(0, 1) for _ in range(ACC_N)] for _ in range(ACC_TIMES)]
        d = [[r.between(-top, top) for _ in range(ACC_M)] for _ in range(ACC_TIMES)]
        clipped = [accumulate(S, ACC_N, gang, most, x[t], d[t], exp + dexp[t]) for t in range(ACC_TIMES)]
        sums = [list(row) for row in S]
        c = dict(dw=1, w_max=r.between(20000, 32767), w_min=r.between(10000, 32767), c_wmax=0, c_wmin=0, stuck=0,
                 mtj_up=r.between(-600, 600), mtj_down=r.between(-600, 600), mtj_half=r.between(0, 900), c_vc=0 if k % 4 else r.between(0, 600))
        seed, ctr, first = r.bits(32), r.bits(32), ACC_N * ACC_M
        devs = [mtj_device(c, seed, first + q) for q in range(ACC_N * ACC_M)]
        before = [v[3] for v in devs]
        phases, cycles, end = acc_update(c, devs, ACC_N, ACC_M, mb, gang, passive, shared, rate + exponent, decay, width, S, seed, ctr, first)
        braces = lambda v: "{" + ", ".join(braces(e) if isinstance(e, list) else str(e) for e in v) + "}"
        flat = lambda rows: braces(sum(rows, []))
        lists = [braces([c[f] for f in MTJ_FIELDS]), flat(start), braces(x), braces(d), braces(clipped), flat(sums), flat(S), braces(before),
                 braces([v[3] for v in devs])]
        p(f"  {{{mb + 1}, {acc_bits}, {gang}, {2 if passive else 1}, {int(shared)}, {exp}, {braces(dexp)}, {rate}, {exponent}, {decay}, {width},\n"
          f"   {seed}U, {ctr}U, " + ",\n   ".join(lists) + f", {phases}, {cycles}, {end}U}},")
    p("};")


# Section 8: what is fabricated; f: the fields, all by name.
def drawn(f, what, k):
    return gauss(word(key(f["seed"], DOM_AFE, what), k))


def spread(f, side, i):
    return clamp((drawn(f, 0, i + 65536 * side) * f["ref_spread"]) >> 8, 1 - f["fs"], f["fs"] - 1)


def mirror(f, direction, line):
    return clamp(drawn(f, 1, line + 65536 * direction) * f["mirror"], -65536, 65536)


def unit_offset(f, u):
    return (drawn(f, 2, u) * f["adc_offs"]) >> 8


def unit_gain(f, u):
    return clamp(drawn(f, 3, u) * f["adc_gain"], -65536, 65536)


def weight(f, u, b):
    root2 = round(16 * 2 ** (b / 2))
    return (drawn(f, 4 + b, 0 if f["ramp"] else u) * f["adc_weight"] * root2) >> 16


def comparison(f, v, rng, u, code):
    half = 2 ** (rng - 1) if rng else 0
    n = (gauss(word(key(f["seed"], DOM_CMP, f["cmp_ctr"]), u)) * f["cmp_noise"]) >> 8
    bits = f["bits"]
    dac = sum(256 * 2**b + weight(f, u, b) for b in range(bits) if (code + 2 ** (bits - 1)) >> b & 1) - 256 * 2 ** (bits - 1)
    return int(((256 * (v + half) + ((v * unit_gain(f, u)) >> 12)) >> rng) >= dac + unit_offset(f, u) + n)


def front_fields(r):
    big = r.between(0, 4) == 0
    some = lambda usual: 0 if r.between(0, 2) == 0 else r.between(1, 65535 if big else usual)
    return {"seed": r.bits(32), "ref_spread": some(300), "mirror": some(60), "adc_offs": some(4000), "adc_gain": some(300),
            "adc_weight": some(6000), "cmp_noise": some(800), "cmp_ctr": r.bits(32)}


FRONT = ("seed", "ref_spread", "mirror", "adc_offs", "adc_gain", "adc_weight", "cmp_noise", "cmp_ctr")


def literals(f):
    return [f"{f[n]}U" for n in FRONT]


def front_ends(p, r):
    rows = []
    for _ in range(200):
        f = front_fields(r)
        share, f["bits"], f["ramp"], sw = r.between(1, 3), r.between(4, 12), r.between(0, 1), r.between(8, 24)
        f["fs"] = 2 ** (sw - 1)
        u = r.between(0, 6 // share)
        line = u * share
        rng = r.between(0, 48)
        code = r.between(-(2 ** (f["bits"] - 1)), 2 ** (f["bits"] - 1) - 1)
        v = code * 2**rng + r.between(-(2 ** max(rng + 1, 1)), 2 ** max(rng + 1, 1))
        if abs(v) >= 2**54:
            v = r.between(-2**54, 2**54)
        rows.append(literals(f) + [f["bits"], share, f["ramp"], sw, line, spread(f, 0, line), spread(f, 1, line), mirror(f, 0, line),
                                   mirror(f, 1, line), unit_offset(f, u), unit_gain(f, u), weight(f, u, 0),
                                   weight(f, u, f["bits"] - 1), rng, code, f"INT64_C({v})", comparison(f, v, rng, u, code)])
    p("struct front_vector { uint32_t " + ", ".join(FRONT) + "; int32_t bits, share, ramp, sw, line, row, col, mirror_col, mirror_row, "
      "offset, gain, weight_first, weight_last; uint32_t range; int32_t code; int64_t v; uint32_t cmp; };")
    table(p, "front_vectors", "struct front_vector", rows)


SELS = {0: (1, 0, -1), 1: (0, 1, 0), 2: (0, 0, 1), 3: (1, 0, 0), 4: (1, 1, -1)}  # A, C, R


def whole_read(f, n, m, mb, w, codes, direction, serial, sel, gamma, int_max):
    """v and over of the sensed lines, slot by slot."""
    coef = [c * k for c, k in zip(SELS[sel], (gamma, 256, gamma) if sel == 4 else (1, 1, 1))]
    cref, unit = sum(coef), 256 if sel == 4 else 1
    v, over = [], 0
    for line in range(n if direction else m):
        acc = ref = 0
        for s in range(mb if serial else 2**mb - 1):
            cur = back = 0
            for d, c in enumerate(codes):
                if not (abs(c) >> s & 1 if serial else s < abs(c)):
                    continue
                sign, at = (1 if c > 0 else -1), (line * m + d if direction else d * m + line)
                mis = spread(f, direction, d)
                cur += sign * (sum(k * plane[at] for k, plane in zip(coef, w)) - cref * mis)
                back += sign * (cref * (f["fs"] + mis) + sum(-k * (f["fs"] + plane[at]) for k, plane in zip(coef, w) if k < 0))
            acc = (acc + cur * 2**mb) >> 1 if serial else acc + cur
            ref = (ref + back * 2**mb) >> 1 if serial else ref + back
            if int_max:
                over |= (abs(acc) > int_max * unit) << line
                acc = clamp(acc, -int_max * unit, int_max * unit)
        v.append(acc - ((mirror(f, direction, line) * ref) >> 20))
    return v, over


def reads(p, r):
    rows = []
    for _ in range(160):
        f = front_fields(r)
        n, m, mb, sw = r.between(1, 4), r.between(1, 4), r.between(1, 4), r.between(8, 24)
        f["fs"] = 2 ** (sw - 1)
        w = [[r.between(-f["fs"], f["fs"] - 1) if k < n * m else 0 for k in range(16)] for _ in range(3)]
        direction, serial, sel, gamma = r.between(0, 1), r.between(0, 1), r.between(0, 4), r.between(1, 256)
        codes = [r.between(1 - 2**mb, 2**mb - 1) for _ in range(m if direction else n)]
        int_max = 0 if r.between(0, 2) == 0 else r.between(1, f["fs"] * 2 ** (mb + 1))
        v, over = whole_read(f, n, m, mb, w, codes, direction, serial, sel, gamma, int_max)
        rows.append(literals(f) + [n, m, mb, sw, direction, serial, sel, gamma, f"{int_max}U"] + codes + [0] * (4 - len(codes))
                    + w[0] + w[1] + w[2] + [f"INT64_C({x})" for x in v + [0] * (4 - len(v))] + [over])
    p("struct read_vector { uint32_t " + ", ".join(FRONT) + "; int32_t n, m, mb, sw, dir, serial, sel; uint32_t gamma, int_max; "
      "int16_t codes[4]; int32_t w[3][16]; int64_t v[4]; uint32_t over; };")
    flat = [row[:17] + ["{" + ", ".join(map(str, row[17:21])) + "}",
                        "{" + ", ".join("{" + ", ".join(map(str, row[21 + 16 * k:37 + 16 * k])) + "}" for k in range(3)) + "}",
                        "{" + ", ".join(row[69:73]) + "}", row[73]] for row in rows]
    table(p, "read_vectors", "struct read_vector", flat)


def generate():
    out = []
    p = out.append
    p("/* SPDX-License-Identifier: Apache-2.0 */")
    p("/* Generated by gen_vectors.py from the text of rtl/SPEC.md: do not edit. */")
    p("#ifndef VECTORS_H\n#define VECTORS_H\n\n#include <stdint.h>\n\n/* clang-format off */")
    r = Rng(1)
    hashes(p, r)
    shifts(p, r)
    reciprocals(p)
    update_managers(p, r)
    generators(p, r)
    encoders(p, r)
    conversions(p, r)
    read_noise(p, r)
    devices(p, r)
    exponential_steps(p, r)
    front_ends(p, r)
    reads(p, r)
    mtj_flips(p, r)
    mtj_updates(p, r)
    accumulators(p, r)
    p("/* clang-format on */\n\n#endif")
    return "\n".join(out) + "\n"


def main():
    path = os.path.join(HERE, "vectors.h")
    text = generate()
    if sys.argv[1:] == ["--check"]:
        with open(path, encoding="ascii") as f:
            if f.read() != text:
                sys.exit("vectors.h is not what gen_vectors.py writes")
        print("vectors.h is up to date")
    elif len(sys.argv) == 1:
        with open(path + ".tmp", "w", encoding="ascii") as f:
            f.write(text)
        os.replace(path + ".tmp", path)
    else:
        sys.exit(__doc__.strip())


if __name__ == "__main__":
    main()
