/* SPDX-License-Identifier: Apache-2.0 */
#include "mtj.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "xt_cycles.h"
#include "xt_dim.h"
#include "xt_plane.h"
#include "xt_room.h"

#define GAUSS_SD 443.405     /* field of a relative spread of 1 (SPEC section 1: q12) */
#define OCTAVE_SD 147.80     /* standard deviation of SPEC's gauss */
#define HALF_OCTAVES 0.72135 /* SPEC section 9: octaves that half of a voltage of Vc0 lacks, at Delta 1 */

/* A key that makes a field: what was given, and what would make the smallest and the largest. */
struct from_key {
  const char *name;
  double given, least, most;
};

/* A field, rounded. */
static int put(int32_t *field, double value, const struct from_key *key, int64_t smallest, int64_t largest,
               struct tr_err *e) {
  const double r = floor(value + 0.5);
  if (!(r >= (double)smallest && r <= (double)largest))
    return tr_fail(e, TR_EXIT_CONFIG, "mtj.%s: %.6g is out of range: %.6g to %.6g is allowed here", key->name,
                   key->given, tr_four_digits(key->least, 1), tr_four_digits(key->most, 0));
  *field = (int32_t)r;
  return 0;
}

enum {
#define fs1 INT32_MAX
#define X(NAME, name, field, smallest, largest, text) NAME##_LEAST = smallest, NAME##_MOST = largest,
  XT_DEV_TABLE(X)
#undef X
#undef fs1
};
#define PUT(cfg, NAME, name, value, key, e) put(&(cfg)->name, value, key, NAME##_LEAST, NAME##_MOST, e)

static int is_gated(const struct tr_config *c) {
  return strcmp(c->cell, "gated") == 0;
}

/* A field that is proportional to its key; value: of the field. */
#define SPREAD(cfg, NAME, name, value, key, given, e) \
  PUT(cfg, NAME, name, value, (&(struct from_key){key, given, 0, NAME##_MOST / (value) * (given)}), e)

/* The longest pulse of a phase, clock cycles: what a full-scale input is worth. */
static double longest(const struct tr_config *c, const struct tr_plan *p) {
  const double slots = is_gated(c) ? (1 << (p->shape.code_bits - 1)) - 1 : 1;
  return slots * (double)c->pulse_width;
}

/* The critical voltage of which v is 1 + part. */
static double critical(double v, double part) {
  return part > -1 ? v / (1 + part) : INFINITY;
}

/* Voltages. tau(V) = tau0 exp(Delta (1 - V/Vc0)); the largest V is the one at which the longest pulse is full_scale
 * tau.
 */
static int set_voltages(const struct tr_config *c, struct tr_plan *p, struct xt_dev_cfg *d, struct tr_err *e) {
  const double cycle = c->mtj_cycle, pulse = longest(c, p) * cycle;                      /* ns */
  const double part = 1 - log(pulse / (c->mtj_full_scale * c->mtj_tau0)) / c->mtj_delta; /* V/Vc0 */
  if (part > 1)
    return tr_fail(e, TR_EXIT_CONFIG,
                   "mtj.full_scale: %.6g of pulses of %.6g ns needs a voltage above mtj.vc0; up to %.4g is allowed, or "
                   "longer pulses (tile.pulse_width)",
                   c->mtj_full_scale, pulse, pulse / c->mtj_tau0);
  if (part <= 0)
    return tr_fail(e, TR_EXIT_CONFIG, "mtj.delta: %.6g is so little that devices flip without a voltage within %.6g ns",
                   c->mtj_delta, pulse);
  const double v = part * c->mtj_vc0, down = c->mtj_vc0_down > 0 ? c->mtj_vc0_down : c->mtj_vc0;
  p->mtj.volts = v;
  p->mtj.half_ratio = exp2(-HALF_OCTAVES * c->mtj_delta * part);
  p->mtj.full_scale = c->mtj_full_scale;
  const double octaves = M_LOG2E * log(cycle / c->mtj_tau0);
  const double half =
      fmin(256 * HALF_OCTAVES * c->mtj_delta * part, MTJ_HALF_MOST); /* beyond it all is 2^-32 a cycle */
  const double fold = M_LOG2E * c->mtj_delta;                        /* octaves of a voltage of Vc0 */
  const struct from_key up = {"full_scale", c->mtj_full_scale, ldexp(longest(c, p), MTJ_UP_LEAST / 256),
                              longest(c, p) * exp2(MTJ_UP_MOST / 256.)};
  const struct from_key vc0_down = {"vc0_down", down, critical(v, (MTJ_DOWN_MOST / 256. - octaves) / fold),
                                    critical(v, (MTJ_DOWN_LEAST / 256. - octaves) / fold)};
  d->mtj_half = (int32_t)floor(half + 0.5);
  return PUT(d, MTJ_UP, mtj_up, 256 * (octaves - fold * (1 - part)), &up, e) ||
                 PUT(d, MTJ_DOWN, mtj_down, 256 * (octaves - fold * (1 - v / down)), &vc0_down, e)
             ? -1
             : 0;
}

/* A read's voltage, in either direction: that of the direction which flips first. */
static int set_reads(const struct tr_config *c, struct tr_plan *p, struct xt_dev_cfg *d, struct tr_err *e) {
  const double down = c->mtj_vc0_down > 0 ? c->mtj_vc0_down : c->mtj_vc0, vc0 = fmin(c->mtj_vc0, down);
  const double octaves = M_LOG2E * (log(c->mtj_cycle / c->mtj_tau0) - c->mtj_delta * (1 - c->mtj_read_voltage / vc0));
  d->mtj_read = XT_MTJ_READ_NONE;
  if (c->mtj_read_voltage <= 0 || 256 * octaves <= XT_MTJ_READ_NONE) return 0; /* never; or below 2^-32 a cycle */
  if (c->mtj_read_voltage >= vc0)
    return tr_fail(e, TR_EXIT_CONFIG, "mtj.read_voltage: %.6g V is no less than the critical voltage (%.6g)",
                   c->mtj_read_voltage, vc0);
  p->mtj.read_rate = exp2(octaves);
  const struct from_key key = {"read_voltage", c->mtj_read_voltage, 0,
                               c->mtj_read_voltage + vc0 * (MTJ_READ_MOST / 256. - octaves) / (M_LOG2E * c->mtj_delta)};
  return PUT(d, MTJ_READ, mtj_read, 256 * octaves, &key, e);
}

/* Spreads: of the octaves by Vc0 and by Delta, whose factor is 1 - V/Vc0; of the weights by the resistance: that of a
 * conductance G is sigma G over half of GP - GAP. */
static int set_spreads(const struct tr_config *c, const struct tr_plan *p, struct xt_dev_cfg *d, struct tr_err *e) {
  const double vc0 = c->mtj_vc0_dtod * c->mtj_delta,
               delta = c->mtj_delta_dtod * c->mtj_delta * (1 - p->mtj.volts / c->mtj_vc0);
  const double octaves = M_LOG2E * sqrt(vc0 * vc0 + delta * delta);
  const double low = 2 * c->mtj_resistance_dtod / c->mtj_tmr, high = low * (1 + c->mtj_tmr);
  const int by_vc0 = vc0 >= delta; /* who is to blame for too much, and how much of it the other one leaves */
  const double most = C_VC_MOST * OCTAVE_SD / 65536 / M_LOG2E, other = by_vc0 ? delta : vc0;
  const double left = most > other ? sqrt(most * most - other * other) : 0;
  const struct from_key spread =
      by_vc0 ? (struct from_key){"vc0_dtod", c->mtj_vc0_dtod, 0, left / c->mtj_delta}
             : (struct from_key){"delta_dtod", c->mtj_delta_dtod, 0, left * c->mtj_delta_dtod / delta};
  const double r = c->mtj_resistance_dtod;
  return PUT(d, C_VC, c_vc, octaves * 65536 / OCTAVE_SD, &spread, e) ||
                 SPREAD(d, C_WMAX, c_wmax, GAUSS_SD * high, "resistance_dtod", r, e) ||
                 SPREAD(d, C_WMIN, c_wmin, GAUSS_SD * low, "resistance_dtod", r, e) ||
                 SPREAD(d, STUCK, stuck, 65536 * c->mtj_stuck, "corrupt_devices_prob", c->mtj_stuck, e)
             ? -1
             : 0;
}

/* What lines at virtual ground answer depends on differences of conductances alone; what load resistors make of it does
 * not: with them a state is what conductances of this TMR are of their mean, and a full-scale state stands for whatever
 * makes the weights right. */
static void set_scale(const struct tr_config *c, struct tr_plan *p, double gain) {
  if (c->load <= 0) return;
  p->w_scale = gain * (2 + c->mtj_tmr) / c->mtj_tmr;
  p->w_scale_log2 = (int)floor(log2(p->w_scale) + 0.5);
}

int tr_mtj_devices(const struct tr_config *c, struct tr_plan *p, struct tr_err *e) {
  const int sw = p->shape.state_bits;
  const double gain = c->mtj_gain.v[p->layer], fs = ldexp(1, sw - 1);
  const int64_t m = c->mtj_devices.v[p->layer];
  struct xt_dev_cfg d = {.dw = 1, .shift = sw > 18 ? 18 - sw : 0, .law = XT_LAW_MTJ};
  if (strcmp(c->cell, "half") == 0)
    return tr_fail(e, TR_EXIT_CONFIG, "tile.cell: half with algorithm mtj; gated (1T1R) or passive (1R) is allowed");
  if ((m & (m - 1)) != 0)
    return tr_fail(e, TR_EXIT_CONFIG, "mtj.devices_per_weight: %lld is no power of two", (long long)m);
  if (c->init.v[p->layer] != TR_AUTO)
    return tr_fail(e, TR_EXIT_CONFIG,
                   "network.init: %.6g with algorithm mtj; binary devices start as they were made, "
                   "either state by chance: auto is allowed",
                   c->init.v[p->layer]);
  if (gain > 0) set_scale(c, p, gain);
  if (gain > p->w_scale)
    return tr_fail(e, TR_EXIT_CONFIG, "mtj.gain: %.6g is beyond a full-scale state (%.6g): raise tile.w_scale_log2",
                   gain, p->w_scale);
  d.w_max = d.w_min = (int32_t)fmin(floor(gain / p->w_scale * fs + 0.5), fs - 1);
  if (d.w_max < 1)
    return tr_fail(e, TR_EXIT_CONFIG, "mtj.gain: %.6g is less than one state unit (%.6g)", gain, p->w_scale / fs);
  if (set_voltages(c, p, &d, e) || set_reads(c, p, &d, e) || set_spreads(c, p, &d, e)) return -1;
  p->device[XT_PLANE_C] = (struct tr_device){.cfg = d};
  p->array.dev[XT_PLANE_C] = d;
  return 0;
}

int tr_mtj_transfer(const struct tr_plan *from, const struct tr_plan *to, int32_t *w, struct tr_err *e) {
  struct xt_room room = {0};
  struct xt_plane was = {0}, is = {0};
  struct xt_dim dim;
  char err[128];
  if (xt_dim_init(&dim, &to->shape, err, sizeof err)) return tr_fail(e, TR_EXIT_INTERNAL, "%s", err);
  xt_plane_room(&was, &dim, XT_PLANE_C, &room);
  xt_plane_room(&is, &dim, XT_PLANE_C, &room);
  if (room.failed) tr_nomem(e);
  if (!e->code) {
    xt_plane_fabricate(&was, &from->array.dev[XT_PLANE_C], from->array.seed);
    xt_plane_fabricate(&is, &to->array.dev[XT_PLANE_C], to->array.seed);
  }
  for (size_t k = 0; !e->code && k < xt_plane_devices(&is); k++) {
    const struct xt_device a = xt_plane_device(&was, k), b = xt_plane_device(&is, k);
    w[k] = 2 * w[k] > a.wmin + a.wmax ? b.wmax : b.wmin;
  }
  xt_room_free(&room);
  return e->code ? -1 : 0;
}

/* ACC_DECAY of a momentum of 0 or 1 - 2^-k; -1: it is none of these. */
static int decay_of(double momentum) {
  if (momentum == 0) return 0;
  for (int k = 1; k <= TR_CSR_MOST_ACC_DECAY; k++)
    if (fabs(1 - momentum - exp2(-k)) <= 1e-9 * exp2(-k)) return k;
  return -1;
}

/* The allowed values on both sides of a momentum. */
static int bad_momentum(int layer, double momentum, struct tr_err *e) {
  int k = 0; /* 1 - 2^-k is below it */
  while (k < TR_CSR_MOST_ACC_DECAY && momentum > 1 - exp2(-k - 1)) k++;
  if (k == TR_CSR_MOST_ACC_DECAY)
    return tr_fail(e, TR_EXIT_CONFIG, "mtj.momentum: %.10g in layer %d: up to 1 - 2^-%d = %.17g is allowed", momentum,
                   layer, k, 1 - exp2(-k));
  return tr_fail(
      e, TR_EXIT_CONFIG,
      "mtj.momentum: %.10g in layer %d is neither 0 nor 1 - 2^-k with k of 1 to %d; %.17g and %.17g are next "
      "to it",
      momentum, layer, TR_CSR_MOST_ACC_DECAY, 1 - exp2(-k), 1 - exp2(-k - 1));
}

int tr_mtj_accumulates(const struct tr_config *c, int layer) {
  return c->mtj_batch.v[layer] > 1 || c->mtj_momentum.v[layer] > 0;
}

int tr_mtj_check(const struct tr_config *c, int layer, int is_mtj, struct tr_err *e) {
  const double momentum = c->mtj_momentum.v[layer];
  if (!is_mtj && tr_mtj_accumulates(c, layer))
    return tr_fail(
        e, TR_EXIT_CONFIG,
        "mtj.%s: an accumulator in layer %d, whose algorithm is %s; only algorithm mtj has one (a list gives "
        "each layer its own)",
        c->mtj_batch.v[layer] > 1 ? "batch" : "momentum", layer, c->algorithm.v[layer]);
  if (is_mtj && c->mtj_shared && !is_gated(c))
    return tr_fail(e, TR_EXIT_CONFIG, "mtj.shared_source_lines: true with tile.cell %s; only gated cells have any",
                   c->cell);
  return decay_of(momentum) < 0 ? bad_momentum(layer, momentum, e) : 0;
}

/* The scale of the sums, ACC_EXP: the finest with which they hold what comes. That is a gradient of 1 in every sample,
 * with what momentum keeps of those before; or REACH times the sum that gets the full-scale voltage, where that is
 * less: what is beyond is worth no more in a pulse. */
enum { REACH = 4, FRACTION = 8 /* ACCUMULATE: 256 d */ };

static int set_accumulator(const struct tr_config *c, struct tr_plan *p, struct tr_err *e) {
  const double momentum = c->mtj_momentum.v[p->layer], batch = (double)c->mtj_batch.v[p->layer];
  const int mb = p->shape.code_bits - 1;
  const double finest = ((1 << mb) - 1) * ldexp(1, mb + FRACTION), most = ldexp(1, p->shape.acc_bits - 1) - 1;
  const double all = batch / (1 - momentum), full = REACH * batch * p->mtj.full_scale / p->rate;
  const int exp = (int)fmax(0, ceil(log2(finest * fmin(all, full) / most)));
  p->mtj.batch = c->mtj_batch.v[p->layer];
  p->mtj.unit = ldexp(finest, -exp);
  tr_regs_put(&p->regs, &p->shape, XT_CSR_ACC_EXP, exp, "mtj.batch", e);
  tr_regs_put(&p->regs, &p->shape, XT_CSR_ACC_DECAY, decay_of(momentum), "mtj.momentum", e);
  return e->code ? -1 : 0;
}

void tr_mtj_registers(const struct tr_config *c, struct tr_plan *p, struct tr_err *e) {
  tr_regs_put(&p->regs, &p->shape, XT_CSR_MTJ_SHARED, c->mtj_shared, "mtj.shared_source_lines", e);
  if (tr_mtj_accumulates(c, p->layer) && p->rate > 0) set_accumulator(c, p, e);
}

static int is_passive(const struct tr_plan *p) {
  return tr_regs_get(&p->regs, XT_CSR_CELL_MODE) == XT_CELL_PASSIVE;
}

static int bad_rate(const struct tr_plan *p, double lr, double least, double most, struct tr_err *e) {
  return tr_fail(e, TR_EXIT_CONFIG, "%s: %.6g in layer %d is out of range: %.6g to %.6g is allowed here",
                 p->algorithm->rate_key, lr, p->layer, tr_four_digits(least, 1), tr_four_digits(most, 0));
}

/* A sum is taken for what is just below of whole half octaves and their halves, .585 of a half octave too little on
 * average; a row of a passive cell is driven at its code of CMAX. */
static int accumulator_rate(const struct tr_plan *p, double lr, struct tr_rates *r, struct tr_err *e) {
  const double below = .585, row = p->shape.code_bits == 2 && is_passive(p) ? 1 : 0;
  const double full = p->mtj.full_scale * p->mtj.unit * (double)p->mtj.batch; /* at a rate of 1 */
  const double code = floor(2 * log2(full / lr) - below - row + 0.5);
  if (code < 0 || code > TR_CSR_MOST_ACC_RATE)
    return bad_rate(p, lr, full * exp2(-(TR_CSR_MOST_ACC_RATE + 0.5 + below + row) / 2),
                    full * exp2((0.5 - below - row) / 2), e);
  tr_regs_put(&r->regs, &p->shape, XT_CSR_ACC_RATE, (int64_t)code, p->algorithm->rate_key, e);
  r->upd_exp = (int)tr_regs_get(&p->regs, XT_CSR_ACC_EXP);
  return e->code ? -1 : 0;
}

/* A device at full-scale x and an error of 1 flips with full_scale 2^(-MTJ_RATE/2). An amplitude code is the logarithm
 * of what is just above: on average half a half octave too much for each line that has one. */
int tr_mtj_rate(const struct tr_plan *p, double lr, struct tr_rates *r, struct tr_err *e) {
  const char *key = p->algorithm->rate_key;
  memset(r, 0, sizeof *r);
  if (lr <= 0) return tr_fail(e, TR_EXIT_CONFIG, "%s: %.6g with algorithm mtj: nothing would be learned", key, lr);
  if (p->mtj.batch) return accumulator_rate(p, lr, r, e);
  const double above = is_passive(p) ? 1 : .5;
  const double halves = floor(2 * log2(p->mtj.full_scale / lr) + above + 0.5);
  if (lr > p->mtj.full_scale)
    return tr_fail(e, TR_EXIT_CONFIG,
                   "%s: %.6g is more than a full-scale pulse does: up to mtj.full_scale (%.6g) is allowed", key, lr,
                   p->mtj.full_scale);
  if (halves > TR_CSR_MOST_MTJ_RATE)
    return bad_rate(p, lr, p->mtj.full_scale * exp2(-(TR_CSR_MOST_MTJ_RATE + 0.5 - above) / 2), p->mtj.full_scale, e);
  tr_regs_put(&r->regs, &p->shape, XT_CSR_MTJ_RATE, (int64_t)halves, key, e);
  r->upd_exp = (int)halves;
  return e->code ? -1 : 0;
}

uint32_t tr_mtj_phases(const struct tr_plan *p, int negative) {
  const int quadrants = is_passive(p) || tr_regs_get(&p->regs, XT_CSR_MTJ_SHARED) != 0;
  return (quadrants ? 2U : 1U) << (negative != 0);
}

double tr_mtj_half(const struct tr_plan *p) {
  if (!tr_plan_is_mtj(p) || !is_passive(p)) return 0;
  if (p->mtj.batch) /* the pulses of every row half-select the others; beyond full scale there is no more */
    return p->shape.n * p->mtj.half_ratio * p->mtj.full_scale / fmin(p->rate, p->mtj.full_scale);
  return p->mtj.half_ratio * p->mtj.full_scale / p->rate;
}

double tr_mtj_read_part(const struct tr_plan *p, size_t samples) {
  struct xt_dim dim;
  char err[128];
  if (xt_dim_init(&dim, &p->shape, err, sizeof err)) return 0; /* no tile, no reads */
  return -expm1(-p->mtj.read_rate * xt_cycles_rs(&dim, (uint32_t)tr_regs_get(&p->regs, XT_CSR_READ_ENC)) *
                (double)samples);
}

void tr_mtj_warn(const struct tr_plan *p, size_t samples, int64_t epochs) {
  const double part = tr_mtj_half(p), read = tr_mtj_read_part(p, samples);
  if (read > TR_MTJ_READ_MOST)
    fprintf(
        stderr,
        "crosstrain: warning: mtj.read_voltage: the reads of an epoch flip %.2g of the devices on a line of layer %d "
        "that is always at full scale; above %g they undo what is learned\n",
        read, p->layer, TR_MTJ_READ_MOST);
  if (epochs > 0 && p->mtj.batch > (int64_t)samples * epochs)
    fprintf(stderr,
            "crosstrain: warning: mtj.batch: %lld in layer %d is more than the samples of all epochs (%lld): no device "
            "is pulsed\n",
            (long long)p->mtj.batch, p->layer, (long long)samples * epochs);
  if (part <= TR_MTJ_HALF_MOST) return;
  fprintf(
      stderr,
      "crosstrain: warning: mtj.delta: half-selected devices of layer %d flip at %.2g of the rate of selected ones; "
      "above %g they undo what is learned\n",
      p->layer, part, TR_MTJ_HALF_MOST);
}
