/* SPDX-License-Identifier: Apache-2.0 */
#include "algo.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "rng.h"
#include "tables.h"

static const struct tr_nums *rate_fast(const struct tr_config *c) {
  return &c->fast_lr;
}
static const struct tr_nums *rate_lr(const struct tr_config *c) {
  return &c->lr;
}

const struct tr_algorithm tr_algorithms[] = {
    {"shd", "stochastic Hamiltonian descent: pulses into A, transfer of A into C line by line", XT_SEL_A, 1, rate_fast},
    {"sgd", "plain parallel SGD: pulses into C", XT_SEL_C, 0, rate_lr},
    {NULL, NULL, 0, 0, NULL}};

static const char *const unavailable[] = {"ttv1", "ttv2", "c-ttv2", "agad", "mixed_precision", "residual", NULL};

const struct tr_algorithm *tr_algorithm_find(const char *name, struct tr_err *e) {
  char allowed[128] = "";
  for (const struct tr_algorithm *a = tr_algorithms; a->name; a++) {
    if (strcmp(a->name, name) == 0) return a;
    const size_t n = strlen(allowed);
    snprintf(allowed + n, sizeof allowed - n, "%s%s", n ? ", " : "", a->name);
  }
  const char *why = "is unknown";
  for (int k = 0; unavailable[k]; k++)
    if (strcmp(unavailable[k], name) == 0) why = "is not implemented";
  tr_fail(e, TR_EXIT_CONFIG, "algorithm.name: '%.60s' %s; allowed: %s", name, why, allowed);
  return NULL;
}

int tr_config_resolve(struct tr_config *c, struct tr_err *e) {
  const int layers = tr_config_layers(c);
  static const char *const names[] = {"A", "C", "R"};
  if (!tr_algorithm_find(c->algorithm, e)) return -1;
  for (int a = 0; a < 3; a++)
    if (tr_device_preset(&c->device[a], names[a], e)) return -1;
  const struct tr_activation *act = tr_activation_find(c->activation);
  if (!act) return tr_fail(e, TR_EXIT_CONFIG, "network.activation: '%s' is unknown", c->activation);
  if (c->range_forward.n == 0) {
    for (int k = 0; k < layers; k++) c->range_forward.v[k] = k == layers - 1 ? 4 : act->auto_range;
    c->range_forward.n = layers;
  }
  if (c->range_backward.n == 0) {
    for (int k = 0; k < layers; k++) c->range_backward.v[k] = 0;
    c->range_backward.n = layers;
  }
  if (c->range_transfer.n == 0) {
    for (int k = 0; k < layers; k++) c->range_transfer.v[k] = -1;
    c->range_transfer.n = layers;
  }
  if (c->desired_bl > c->bl_max || c->transfer_bl > c->bl_max)
    return tr_fail(e, TR_EXIT_CONFIG, "algorithm.%s: %lld is more than tile.bl_max (%lld)",
                   c->desired_bl > c->bl_max ? "desired_bl" : "transfer_bl",
                   (long long)(c->desired_bl > c->bl_max ? c->desired_bl : c->transfer_bl), (long long)c->bl_max);
  if (c->update_bl_management && !c->update_management)
    return tr_fail(e, TR_EXIT_CONFIG, "algorithm.update_bl_management: needs algorithm.update_management");
  return 0;
}

int tr_mant_exp(double v, int64_t *man, int64_t *exp) {
  *man = 0;
  *exp = 0;
  if (!(v > 0)) return 0;
  int x = 0;
  double m = floor(ldexp(frexp(v, &x), 16) + 0.5); /* 32768..65536 */
  int s = 16 - x;
  if (m > 65535) {
    m /= 2;
    s--;
  }
  if (s < 0) return -1;
  if (s > 63) {
    m = floor(ldexp(m, 63 - s) + 0.5);
    s = 63;
  }
  *man = (int64_t)m;
  *exp = s;
  return 0;
}

static void set(struct tr_plan *p, uint8_t addr, int64_t value) {
  p->reg[p->nreg++] = (struct tr_reg){addr, value};
}

/* log2 of a full scale in weight units -> RANGE register: the ADC step in accumulator units. */
static int range_reg(const struct tr_config *c, const char *key, int64_t log2_fs, int ws, int *out, struct tr_err *e) {
  const int64_t r = log2_fs - ws + (c->state_bits - 1) + (c->code_bits - 1) - (c->adc_bits - 1);
  if (r < 0 || r > 40)
    return tr_fail(e, TR_EXIT_CONFIG, "tile.%s: %lld needs an ADC step of 2^%lld; 2^0 to 2^40 is allowed", key,
                   (long long)log2_fs, (long long)r);
  *out = (int)r;
  return 0;
}

static int cmax_of(const struct xt_shape *s) {
  return (1 << (s->code_bits - 1)) - 1;
}
static int adcmax_of(const struct xt_shape *s) {
  return (1 << (s->adc_bits - 1)) - 1;
}

/* Weight of one code of a one-hot read at RANGE `range`. */
static double code_weight(const struct tr_plan *p, int range) {
  return ldexp(p->w_scale, range - (p->shape.state_bits - 1)) / cmax_of(&p->shape);
}

int tr_plan_read_range(const struct tr_plan *p, double w) {
  int r = 0;
  while (r < 40 && w > code_weight(p, r) * adcmax_of(&p->shape)) r++;
  return r;
}

static int shape_of(const struct tr_config *c, int layer, int32_t inputs, int32_t outputs, struct xt_shape *s,
                    struct tr_err *e) {
  const int64_t most = INT64_C(1) << (c->prob_bits - 1);
  *s = (struct xt_shape){inputs + 1,
                         outputs,
                         (int32_t)c->code_bits,
                         (int32_t)c->adc_bits,
                         (int32_t)c->adc_share,
                         (int32_t)c->bl_max,
                         (int32_t)c->state_bits,
                         (int32_t)c->prob_bits};
  if (s->n > most || s->m > most)
    return tr_fail(
        e, TR_EXIT_CONFIG,
        "layer %d has %d + 1 inputs and %d outputs; at most %lld lines each are allowed (2^(tile.prob_bits - 1))",
        layer, (int)inputs, (int)outputs, (long long)most);
  if (c->adc_offset > adcmax_of(s) || c->adc_offset < -adcmax_of(s))
    return tr_fail(e, TR_EXIT_CONFIG, "tile.adc_offset: %lld is out of range: -%d to %d is allowed",
                   (long long)c->adc_offset, adcmax_of(s), adcmax_of(s));
  return 0;
}

/* Expected pulses of a device are |x| |d| man 2^-e (SPEC section 5): man 2^-e = lr / (step cmax 2^MB). */
static int update_regs(const struct tr_config *c, const struct tr_algorithm *a, double lr, struct tr_plan *p,
                       struct tr_err *e) {
  const struct tr_device *d = &p->device[a->upd_sel];
  const int cmax = cmax_of(&p->shape), mb = p->shape.code_bits - 1;
  if (d->step <= 0)
    return tr_fail(e, TR_EXIT_CONFIG, "device.%s.dw_min: 0 with algorithm %s: nothing would be learned",
                   a->upd_sel == XT_SEL_A ? "A" : "C", a->name);
  const double rate = lr / (d->step * p->w_scale);
  const char *key = a->transfer ? "fast_lr" : "lr";
  int64_t man = 0, exp = 0;
  p->eta_a = lr;
  set(p, XT_CSR_UPD_SEL, a->upd_sel);
  set(p, XT_CSR_UPD_ENC, strcmp(c->pulse_type, "low_discrepancy") == 0 ? XT_ENC_LOWDISC : XT_ENC_STOCH);
  set(p, XT_CSR_UPD_BL, c->desired_bl);
  if (c->update_management) {
    if (tr_mant_exp(rate / cmax / ldexp(1, mb), &man, &exp))
      return tr_fail(e, TR_EXIT_CONFIG, "algorithm.%s: %.6g is too large for this device step", key, lr);
    set(p, XT_CSR_UPD_MODE, c->update_bl_management ? XT_UPD_UBLM : XT_UPD_UM);
    set(p, XT_CSR_UPD_RATE, man);
    set(p, XT_CSR_UPD_EXP, exp);
    p->upd_exp = (int)exp;
    return 0;
  }
  /* no management: both probabilities get sqrt(lr / (step BL)) (Gokmen & Vlasov 2016) */
  const double half = sqrt(rate / (double)c->desired_bl);
  int64_t dman = 0, dexp = 0;
  if (tr_mant_exp(half / cmax, &man, &exp) || tr_mant_exp(half / ldexp(1, mb), &dman, &dexp))
    return tr_fail(e, TR_EXIT_CONFIG, "algorithm.%s: %.6g is too large for this device step", key, lr);
  set(p, XT_CSR_UPD_MODE, XT_UPD_MANUAL);
  set(p, XT_CSR_SCALE_X, man);
  set(p, XT_CSR_SCALE_X_EXP, exp);
  set(p, XT_CSR_SCALE_D, dman);
  set(p, XT_CSR_SCALE_D_EXP, dexp);
  p->upd_exp = (int)dexp;
  return 0;
}

static int transfer_regs(const struct tr_config *c, const struct tr_algorithm *a, int layer, struct tr_plan *p,
                         struct tr_err *e) {
  if (!a->transfer) {
    set(p, XT_CSR_XFER_EVERY, 0);
    return 0;
  }
  const struct tr_device *d = &p->device[XT_SEL_C];
  if (d->step <= 0)
    return tr_fail(e, TR_EXIT_CONFIG, "device.C.dw_min: 0 with algorithm %s: nothing would be learned", a->name);
  p->every = c->transfer_every;
  p->eta_c = c->transfer_lr.v[layer];
  if (strcmp(c->transfer_lr_per, "sample") == 0) p->eta_c *= (double)p->every * p->shape.n;
  int64_t man = 0, exp = 0;
  if (tr_mant_exp(p->eta_c * code_weight(p, p->range_xfer) / (d->step * p->w_scale), &man, &exp))
    return tr_fail(e, TR_EXIT_CONFIG,
                   "algorithm.transfer_lr: %.6g per visit of layer %d is too large for the step of C", p->eta_c, layer);
  const int enc = strcmp(c->transfer_pulse, "counted") == 0           ? XT_ENC_COUNT
                  : strcmp(c->transfer_pulse, "low_discrepancy") == 0 ? XT_ENC_LOWDISC
                                                                      : XT_ENC_STOCH;
  set(p, XT_CSR_XFER_EVERY, p->every);
  set(p, XT_CSR_XFER_ENC, enc);
  set(p, XT_CSR_XFER_BL, c->transfer_bl);
  set(p, XT_CSR_XFER_RATE, man);
  set(p, XT_CSR_XFER_EXP, exp);
  return 0;
}

int tr_plan_program(const struct tr_plan *p, const struct tr_config *c, int sel, int range, struct tr_reg out[6],
                    struct tr_err *e) {
  static const char *const names[] = {"A", "C", "R"};
  const double step = p->device[sel].step * p->w_scale, code = code_weight(p, range);
  int64_t man = 0, exp = 0;
  if (step <= 0) return tr_fail(e, TR_EXIT_CONFIG, "device.%s.dw_min: 0: the array cannot be programmed", names[sel]);
  if (tr_mant_exp(code / step, &man, &exp))
    return tr_fail(e, TR_EXIT_CONFIG, "device.%s.dw_min: too small to program in pulses", names[sel]);
  const int64_t tol = tr_clamp((int64_t)floor(step / code / 2), 1, 255); /* half a step cannot be mended */
  out[0] = (struct tr_reg){XT_CSR_RANGE_READ, range};
  out[1] = (struct tr_reg){XT_CSR_PROG_BL, c->bl_max};
  out[2] = (struct tr_reg){XT_CSR_PROG_RATE, man};
  out[3] = (struct tr_reg){XT_CSR_PROG_EXP, exp};
  out[4] = (struct tr_reg){XT_CSR_PROG_ITERS, c->prog_iterations};
  out[5] = (struct tr_reg){XT_CSR_PROG_TOL, tol};
  return 0;
}

int tr_plan_make(const struct tr_config *c, int layer, int32_t inputs, int32_t outputs, struct tr_plan *p,
                 struct tr_err *e) {
  static const char *const names[] = {"A", "C", "R"};
  memset(p, 0, sizeof *p);
  const struct tr_algorithm *a = tr_algorithm_find(c->algorithm, e);
  if (!a || shape_of(c, layer, inputs, outputs, &p->shape, e)) return -1;
  const int ws = (int)c->w_scale_log2.v[layer];
  p->w_scale_log2 = ws;
  p->w_scale = ldexp(1, ws);
  for (int k = 0; k < 3; k++) {
    if (tr_device_make(&c->device[k], names[k], p->shape.state_bits, p->w_scale, &p->device[k], e)) return -1;
    p->array.dev[k] = p->device[k].cfg;
  }
  struct tr_rng rng;
  tr_rng_init(&rng, (uint64_t)c->seed, TR_STREAM_DEVICE, (uint64_t)layer);
  p->array.seed = (uint32_t)tr_rng_next(&rng);
  const double noise = c->out_noise / p->w_scale * cmax_of(&p->shape) * ldexp(1, p->shape.state_bits - 1);
  const double field = floor(noise * 256 / 147.80 + 0.5); /* SPEC section 10 */
  if (field > 16777216)
    return tr_fail(e, TR_EXIT_CONFIG, "tile.out_noise: %.6g is more than the array can have", c->out_noise);
  p->array.read_noise = (uint32_t)field;

  if (range_reg(c, "range_forward", c->range_forward.v[layer], ws, &p->range_fwd, e) ||
      range_reg(c, "range_backward", c->range_backward.v[layer], ws, &p->range_bwd, e) ||
      range_reg(c, "range_transfer", c->range_transfer.v[layer], ws, &p->range_xfer, e))
    return -1;
  tr_rng_init(&rng, (uint64_t)c->seed, TR_STREAM_PULSE, (uint64_t)layer);
  set(p, XT_CSR_SEED, (int64_t)(uint32_t)tr_rng_next(&rng));
  set(p, XT_CSR_CELL_MODE, strcmp(c->cell, "gated") == 0 ? XT_CELL_GATED : XT_CELL_HALF);
  set(p, XT_CSR_READ_ENC, strcmp(c->read, "bit_serial") == 0 ? XT_READ_SERIAL : XT_READ_PWM);
  set(p, XT_CSR_RANGE_FWD, p->range_fwd);
  set(p, XT_CSR_RANGE_BWD, p->range_bwd);
  set(p, XT_CSR_RANGE_XFER, p->range_xfer);
  set(p, XT_CSR_ADC_OFFSET, c->adc_offset);
  if (update_regs(c, a, a->rate(c)->v[layer], p, e) || transfer_regs(c, a, layer, p, e)) return -1;

  p->init = c->init.v[layer] * sqrt(6.0 / (inputs + outputs)); /* Glorot & Bengio 2010 */
  const double bound =
      c->device[XT_SEL_C].w_max < -c->device[XT_SEL_C].w_min ? c->device[XT_SEL_C].w_max : -c->device[XT_SEL_C].w_min;
  if (p->init > bound)
    return tr_fail(e, TR_EXIT_CONFIG, "network.init: initial weights up to %.4g in layer %d, but C ends at %.4g",
                   p->init, layer, bound);
  p->range_prog = tr_plan_read_range(p, 1.25 * p->init); /* a quarter above, to see what overshoots */
  return 0;
}

int tr_plan_epoch(const struct tr_config *c, int layer, uint64_t epoch, struct tr_plan *p, struct tr_err *e) {
  const struct tr_algorithm *a = tr_algorithm_find(c->algorithm, e);
  if (!a) return -1;
  double lr = a->rate(c)->v[layer];
  for (uint64_t k = 0; k < epoch; k++) lr *= c->lr_decay;
  const double first = p->eta_a; /* what is reported */
  p->nreg = 0;
  const int rc = update_regs(c, a, lr, p, e);
  p->eta_a = first;
  return rc;
}

void tr_plan_dynamics(const struct tr_plan *p, double kappa, double mean_abs_g, double *omega0, double *zeta) {
  *omega0 = *zeta = 0;
  if (p->eta_c <= 0 || p->every <= 0) return;
  const double eta_c = p->eta_c / ((double)p->every * p->shape.n);
  *omega0 = sqrt(p->eta_a * eta_c * kappa);
  const double tau = p->device[XT_SEL_A].tau;
  if (tau > 0 && *omega0 > 0) *zeta = p->eta_a * mean_abs_g / (2 * tau * *omega0);
}
