#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The worked example of rtl/SPEC.md section 14, computed from the text of the specification.

usage: example.py            writes section 14
       example.py PROGRAM    checks that section 14 is what this script writes, and that PROGRAM (example.c: the golden
                             reference) prints what this script predicts
"""
import pathlib
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
SPEC = HERE.parent.parent / "rtl" / "SPEC.md"
sys.path.insert(0, str(HERE.parent / "ref"))
import gen_vectors as spec  # noqa: E402  the formulas of the specification in Python, independent of refc/

if __name__ == "__main__" and {"-h", "--help"} & set(sys.argv[1:]):
    sys.exit(print(__doc__.strip()))

PB, SW, CM, CAP = 16, 16, 8, 31
MAN, EXP = 20000, 23
X, D = [40, 20], [30, -25]
DEVICE = dict(dw=1311, shift=2, c_dtod=133, up_down=0, c_ud=0, w_max=29491, w_min=29491, c_wmax=133, c_wmin=133,
              gamma_up=4096, gamma_down=4096, c_c2c=133, stuck=0, round=0)
START, UM = 1, 5
WIDTH, GAP, SETTLE = 1, 1, 0  # reset values of PULSE_*


def numbers(values):
    return " ".join(str(v) for v in values)


def update():
    """Everything that happens: (text of section 14, what the program prints)."""
    heard = []  # the program's lines
    row, col = ([f(1, i, PB) for i in range(2)] for f in (spec.row_seed, spec.col_seed))
    devices = [spec.fabricate(DEVICE, 1, SW, k) for k in range(4)]

    def state():
        heard.append(f"generators rows {numbers(row)} columns {numbers(col)}")
        heard.append("plane A " + numbers(d["w"] for d in devices))

    state()
    words = [4, X[0] | X[1] << 8, D[0] | (D[1] & 255) << 8]
    heard.append("packet " + " ".join(f"{w:08x}" for w in words))
    xm, dm = max(X), max(abs(d) for d in D)
    bl, clip, gx, rx, gd, rd = spec.um("UBLM", MAN, EXP, CAP, xm, dm, PB)
    q = MAN * xm * dm
    recip_x, recip_bl = spec.recip(xm), spec.recip(bl)
    v = q * recip_bl
    tx = [spec.threshold(abs(c), gx, rx, PB) for c in X]
    td = [spec.threshold(abs(c), gd, rd, PB) for c in D]
    fab = [f"{i},{j}     {d['step_up']:5}     {d['step_down']:5}     {d['hi']:6}   {d['lo']:6}     {d['shape_up']:5}"
           f"      {d['shape_down']:5}"
           for (i, j), d in zip([(0, 0), (0, 1), (1, 0), (1, 1)], devices)]
    slots, steps, cycle, pulses = [], [], START + UM + CM, 0
    for phase in range(2):
        for slot in range(bl):
            fires_r = [int(row[i] <= tx[i]) for i in range(2)]
            fires_c = [int(col[j] <= 2 * td[j]) for j in range(2)]
            up = phase == 1  # UPDATE: phase 0 down, phase 1 up
            act_r = [fires_r[i] * (X[i] > 0) for i in range(2)]
            act_c = [fires_c[j] * ((D[j] < 0) == (phase == 1)) for j in range(2)]
            pol_r = [a * up for a in act_r]
            pol_c = [a * (not up) for a in act_c]
            hits = [(i, j) for i in range(2) for j in range(2) if act_r[i] and act_c[j]]
            heard.append(f"cycle {cycle} PULSE phase {phase} slot {slot} rows {numbers(act_r)} polarity {numbers(pol_r)} "
                         f"columns {numbers(act_c)} polarity {numbers(pol_c)}")
            slots.append(f"{cycle:5}  {phase:5}  {slot:4}   {row[0]:5} {row[1]:5}  {numbers(fires_r):>5}   {col[0]:6} {col[1]:6}  "
                         f"{numbers(fires_c):>5}   {numbers(act_r):>5}  {numbers(act_c):>7}   "
                         + (" ".join(f"{i},{j} {'up' if up else 'down'}" for i, j in hits) or "-"))
            for i, j in hits:
                dev, ctr, before = devices[2 * i + j], phase * bl + slot, devices[2 * i + j]["w"]
                w32 = spec.word(spec.key(1, spec.DOM_PULSE, ctr), 2 * i + j)
                step = dev["step_up"] + ((dev["shape_up"] * before) >> (SW - 3)) if up else \
                    dev["step_down"] + ((dev["shape_down"] * before) >> (SW - 3))
                moved = step * spec.q12(DEVICE["c_c2c"], spec.gauss(w32))
                drop = 12 + DEVICE["shift"]
                rnd = ((w32 ^ (w32 >> 16)) & 0xFFFF) >> (16 - drop)
                spec.pulse(DEVICE, dev, SW, up, w32)
                assert abs(dev["w"] - before) == (moved + rnd) >> drop
                steps.append(f"{cycle:5}  {i},{j}   {w32:#010x}  {spec.gauss(w32):5}  {step:5}  {moved:9}  {rnd:5}  "
                             f"{(moved + rnd) >> drop:4}   {before:5} -> {dev['w']}")
            pulses += len(hits)
            row = [spec.lfsr_slot(s, PB) for s in row]
            col = [spec.lfsr_slot(s, PB + 1) for s in col]
            cycle += WIDTH + GAP
        cycle += SETTLE
    heard.append(f"cycle {cycle} END status 0 info {bl} cycles {cycle + 1} slots {2 * bl} pulses {pulses}")
    state()
    text = f"""## 14. An update from command to device
A tile of 2 x 2 with the default parameters (PB = 16, SW = 16, CM = {CM}), all registers at their reset values
(half-select, UBLM, stochastic pulses into A, SEED 1) but UPD_BL {CAP}, UPD_RATE {MAN}, UPD_EXP {EXP}. The devices
of every plane: DW {DEVICE['dw']}, SHIFT {DEVICE['shift']} (a mean step of {DEVICE['dw'] / 4} of 32768), soft bounds (GAMMA_* 4096), W_MAX = W_MIN =
{DEVICE['w_max']} (.9), spreads 133 (30 %) but C_UD 0; device seed 1. After RESET comes an UPDATE with x = ({X[0]}, {X[1]}), d = ({D[0]}, {D[1]}):
```
{" ".join(f"{w:08x}" for w in words)}        op 4, sel 0, dexp 0; x, line 0 in the low byte; d
```
**Update manager** (cycles {START} to {START + UM - 1}, section 5). xm = {xm}, dm = {dm}.
```
Q  = {MAN}*{xm}*{dm} = {q}; K = Q / 2^{EXP} = {q / 2**EXP:.3f}; BL = min(ceil(K), {CAP}) = {bl}, clip = {clip}
V  = Q*recip({bl}) = {q}*{recip_bl}, {v.bit_length()} bits; h = min(max(0, {EXP} + 26 - {v.bit_length()}) >> 1, 10) = {max(0, EXP + 26 - v.bit_length()) >> 1}
gx = norm(recip({xm}) = {recip_x}) = {gx}, cut {spec.norm(recip_x)[1]}, rx = {rx}
gd = norm({MAN}*{xm}*{recip_bl}) = {gd}, cut {spec.norm(MAN * xm * recip_bl)[1]}, rd = {rd}
```
**Thresholds** (SCALE, cycles {START + UM} to {START + UM + CM - 1}): T_x = {tx[0]}, {tx[1]} of 65536: rows fire with {tx[0] / 65536:.3f} and {tx[1] / 65536:.3f}. T_d = {td[0]},
{td[1]}: {td[0] / 65536:.3f} and {td[1] / 65536:.3f}. Device (0,0) expects {bl} * {tx[0] / 65536:.3f} * {td[0] / 65536:.3f} = {bl * tx[0] * td[0] / 65536**2:.3f} pulses, which is K.

**Devices** as fabricated (section 9), all at w = 0:
```
i,j   step_up step_down       wmax     wmin  slope_up slope_down
{chr(10).join(fab)}
```
**Pulses** (sections 6 and 7). No x is negative, so two phases of BL = {bl} slots are driven: phase 0 is x > 0, d > 0
(column 0), down; phase 1 x > 0, d < 0 (column 1), up. A slot is a cycle of PULSE and one of GAP. A row fires if its
state is at most T_x, a column if it is at most 2 T_d; of those that fire, the ones of the phase's signs are driven.
```
cycle  phase  slot   states of rows  fire   of columns      fire   rows    columns  devices
                                                                   driven  driven
{chr(10).join(slots)}
```
**Steps** (section 9), pulse_ctr = (cycle - {START + UM + CM})/2. drop = 14; with gauss(w32) = 0 a step of 1311 moves 327 or 328.
```
cycle  i,j   noise w32     gauss   step      moved    rnd    dw   w
{chr(10).join(steps)}
```
**END** in cycle {cycle}: status OK, info BL = {bl}, length {cycle + 1} = START 1 + UM {UM} + SCALE {CM} + 2*{bl} x (PULSE 1 + GAP 1) +
END 1; counters SLOTS {2 * bl}, PULSES {pulses}. The answer is one word, {4 | bl << 16:08x}. The generators stand at {numbers(row)} (rows),
{numbers(col)} (columns).

`build/testbench/docs/worked_example` runs this on the reference and prints packet, records, generators and devices;
`testbench/docs/example.py` computes this section from sections 1 to 9; a test holds the two equal (`ctest -R docs`).
"""
    return text, heard


def main(argv):
    text, heard = update()
    page = SPEC.read_text()
    at = page.find("## 14. ")
    if len(argv) < 2:
        SPEC.write_text((page[:at] if at >= 0 else page + "\n") + text)
        return 0
    bad = 0
    if at < 0 or page[at:] != text:
        print("rtl/SPEC.md section 14 is not what testbench/docs/example.py writes: run it")
        bad = 1
    said = subprocess.run([argv[1]], capture_output=True, text=True, check=True).stdout.splitlines()
    for k in range(max(len(said), len(heard))):
        a, b = (said[k] if k < len(said) else "nothing"), (heard[k] if k < len(heard) else "nothing")
        if a != b:
            print(f"line {k + 1}: the reference says\n  {a}\nthe specification\n  {b}")
            bad = 1
    print(f"worked example: {len(heard)} lines of the reference compared")
    return bad


if __name__ == "__main__":
    sys.exit(main(sys.argv))
