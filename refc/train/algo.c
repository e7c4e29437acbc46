/* SPDX-License-Identifier: Apache-2.0 */
#include "algo.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "front.h"
#include "mtj.h"
#include "rng.h"
#include "tables.h"

/* ---- the table ---- */
static void set_transfer(const struct tr_config *c, struct tr_plan *p, struct tr_err *e);
static void set_visible(const struct tr_config *c, struct tr_plan *p, struct tr_err *e);

#define RATE(key) "algorithm." #key, offsetof(struct tr_config, key)
const struct tr_algorithm tr_algorithms[] = {
    {"shd",
     "stochastic Hamiltonian descent: pulses into A, transfer of A into C line by line",
     XT_OP_UPDATE,
     XT_PLANE_A,
     XT_PLANE_C,
     XT_PLANE_R,
     RATE(fast_lr),
     {set_transfer}},
    {"ttv1",
     "Tiki-Taka (Gokmen, Haensch 2020): as shd, with the visible weight gamma A + C",
     XT_OP_UPDATE,
     XT_PLANE_A,
     XT_PLANE_C,
     XT_PLANE_R,
     RATE(fast_lr),
     {set_transfer, set_visible}},
    {"residual",
     "residual learning (Wu 2025): as ttv1",
     XT_OP_UPDATE,
     XT_PLANE_A,
     XT_PLANE_C,
     XT_PLANE_R,
     RATE(fast_lr),
     {set_transfer, set_visible}},
    {"sgd", "plain parallel SGD: pulses into C", XT_OP_UPDATE, XT_PLANE_C, XT_PLANE_C, -1, RATE(lr), {NULL}},
    {"mtj",
     "binary magnetic devices as C, which pulses switch by chance",
     XT_OP_MTJ_UPDATE,
     XT_PLANE_C,
     XT_PLANE_C,
     -1,
     RATE(lr),
     {tr_mtj_registers}},
    {NULL, NULL, 0, 0, 0, -1, NULL, 0, {NULL}}};

static const char *const missing[] = {"ttv2", "c-ttv2", "agad", "mixed_precision", NULL};

/* The one of this name, else the end of the table. */
static const struct tr_algorithm *named(const char *name) {
  const struct tr_algorithm *a = tr_algorithms;
  while (a->name && strcmp(a->name, name) != 0) a++;
  return a;
}

const struct tr_algorithm *tr_algorithm_find(const char *name, struct tr_err *e) {
  char allowed[128] = "";
  const struct tr_algorithm *found = named(name);
  if (found->name) return found;
  for (const struct tr_algorithm *a = tr_algorithms; a->name; a++) tr_list_add(allowed, sizeof allowed, a->name);
  const char *why = "is unknown";
  for (int k = 0; missing[k]; k++)
    if (strcmp(missing[k], name) == 0) why = "is not implemented";
  tr_fail(e, TR_EXIT_CONFIG, "algorithm.name: '%.60s' %s; allowed: %s", name, why, allowed);
  return NULL;
}

/* ---- the configuration as a whole ---- */
/* An empty list, and with `measured` what is to be measured. */
static void choose(struct tr_ints *list, int layers, int measured, int64_t hidden, int64_t last) {
  for (int k = 0; k < layers; k++)
    if (list->n == 0 || (measured && list->v[k] == TR_AUTO)) list->v[k] = k == layers - 1 ? last : hidden;
  list->n = layers;
}

static void choose_ranges(struct tr_config *c, int measured) {
  const int layers = tr_config_layers(c);
  choose(&c->range_forward, layers, measured, tr_activation_find(c->activation)->auto_range, 4);
  choose(&c->range_backward, layers, measured, 0, 0);
  choose(&c->range_transfer, layers, measured, -1, -1);
}

void tr_config_start_ranges(struct tr_config *c) {
  choose_ranges(c, 1);
}

int tr_config_resolve(struct tr_config *c, struct tr_err *e) {
  for (int k = 0; k < c->algorithm.n; k++)
    if (!tr_algorithm_find(c->algorithm.v[k], e)) return -1;
  if (!tr_activation_find(c->activation))
    return tr_fail(e, TR_EXIT_CONFIG, "network.activation: '%s' is unknown", c->activation);
  choose_ranges(c, 0);
  const int64_t longest = c->desired_bl > c->bl_max ? c->desired_bl : c->transfer_bl;
  if (longest > c->bl_max)
    return tr_fail(e, TR_EXIT_CONFIG, "algorithm.%s: %lld is more than tile.bl_max (%lld)",
                   c->desired_bl > c->bl_max ? "desired_bl" : "transfer_bl", (long long)longest, (long long)c->bl_max);
  if (c->update_bl_management && !c->update_management)
    return tr_fail(e, TR_EXIT_CONFIG, "algorithm.update_bl_management: needs algorithm.update_management");
  return 0;
}

/* ---- numbers ---- */
enum { MOST_FACTOR = 65535 };
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

/* log2 of a full scale in weight units -> RANGE register: the ADC step in accumulator units. more: octaves that the
 * layer adds to the key's value, load: that loads take off at the register. */
static int range_reg(const struct tr_config *c, const char *key, int64_t log2_fs, int more, int load, int ws, int *out,
                     struct tr_err *e) {
  if (log2_fs == TR_AUTO) return tr_fail(e, TR_EXIT_INTERNAL, "tile.%s: auto has not been measured", key);
  const int64_t step = more - ws + (c->state_bits - 1) + (c->code_bits - 1) - (c->adc_bits - 1), r = log2_fs + step;
  if (r < load || r > TR_CSR_MOST_RANGE_FWD)
    return tr_fail(e, TR_EXIT_CONFIG, "tile.%s: %lld is out of range: %lld to %lld is allowed here", key,
                   (long long)log2_fs, (long long)(load - step), (long long)(TR_CSR_MOST_RANGE_FWD - step));
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
  while (r < TR_CSR_MOST_RANGE_READ && w > code_weight(p, r) * adcmax_of(&p->shape)) r++;
  return r;
}

static int encoder_of(const char *pulses) {
  return strcmp(pulses, "counted") == 0           ? XT_ENC_COUNT
         : strcmp(pulses, "low_discrepancy") == 0 ? XT_ENC_LOWDISC
                                                  : XT_ENC_STOCH;
}

static int cell_of(const char *cell) {
#define X(NAME, name, value, text) \
  if (strcmp(cell, #name) == 0) return value;
  XT_CELL_TABLE(X)
#undef X
  return -1;
}

/* Mean step of a plane in weight units; 0 and a failure if it never moves. */
static double step_of(const struct tr_plan *p, int plane, const char *why, struct tr_err *e) {
  const double step = p->device[plane].step * p->w_scale;
  if (step <= 0) tr_fail(e, TR_EXIT_CONFIG, "device.%s.dw_min: 0%s", tr_plane_name(plane), why);
  return step;
}

/* The same for a plane that learns. */
static double learning_step_of(const struct tr_plan *p, int plane, struct tr_err *e) {
  char why[128];
  snprintf(why, sizeof why, " with algorithm %s: nothing would be learned", p->algorithm->name);
  return step_of(p, plane, why, e);
}

/* ---- registers ---- */
int tr_plan_is_mtj(const struct tr_plan *p) {
  return p->algorithm->op == XT_OP_MTJ_UPDATE;
}

/* A read does not empty A, and a count is rounded: a code that is worth less than half a pulse would never reach C.
 * pulses: per code of A. */
static int check_counted(const struct tr_config *c, const struct tr_plan *p, double pulses, struct tr_err *e) {
  const double lr = c->transfer_lr.v[p->layer], visit = p->eta_c / lr;
  const double step = p->device[p->algorithm->weights].step * p->w_scale, code = code_weight(p, p->range_xfer);
  if (pulses >= 0.5) return 0;
  return tr_fail(e, TR_EXIT_CONFIG,
                 "algorithm.transfer_lr: %.6g is %.3g pulses per code of %s in layer %d; with algorithm.transfer_pulse "
                 "counted at least half a pulse is allowed, here a rate of %.4g",
                 lr, pulses, tr_plane_name(p->algorithm->update), p->layer,
                 tr_four_digits(0.5 * step / code / (lr > 0 ? visit : 1), 1));
}

static void set_transfer(const struct tr_config *c, struct tr_plan *p, struct tr_err *e) {
  const double step = learning_step_of(p, p->algorithm->weights, e);
  int64_t man = 0, exp = 0;
  if (e->code) return;
  p->every = c->transfer_every;
  p->eta_c = c->transfer_lr.v[p->layer];
  if (strcmp(c->transfer_lr_per, "sample") == 0) p->eta_c *= (double)p->every * p->shape.n;
  if (tr_mant_exp(p->eta_c * code_weight(p, p->range_xfer) / step, &man, &exp)) {
    const double lr = c->transfer_lr.v[p->layer], most = MOST_FACTOR * step / code_weight(p, p->range_xfer);
    tr_fail(e, TR_EXIT_CONFIG,
            "algorithm.transfer_lr: %.6g in layer %d is too large for the step of %s: up to %.6g is allowed here", lr,
            p->layer, tr_plane_name(p->algorithm->weights), tr_four_digits(most * lr / p->eta_c, 0));
    return;
  }
  if (encoder_of(c->transfer_pulse) == XT_ENC_COUNT && check_counted(c, p, ldexp((double)man, (int)-exp), e)) return;
  tr_regs_put(&p->regs, &p->shape, XT_CSR_XFER_EVERY, p->every, "algorithm.transfer_every", e);
  tr_regs_put(&p->regs, &p->shape, XT_CSR_XFER_ENC, encoder_of(c->transfer_pulse), "algorithm.transfer_pulse", e);
  tr_regs_put(&p->regs, &p->shape, XT_CSR_XFER_BL, c->transfer_bl, "algorithm.transfer_bl", e);
  tr_regs_put(&p->regs, &p->shape, XT_CSR_XFER_RATE, man, "algorithm.transfer_lr", e);
  tr_regs_put(&p->regs, &p->shape, XT_CSR_XFER_EXP, exp, "algorithm.transfer_lr", e);
}

static void set_visible(const struct tr_config *c, struct tr_plan *p, struct tr_err *e) {
  tr_regs_put(&p->regs, &p->shape, XT_CSR_GAMMA, (int64_t)floor(256 * c->gamma + 0.5), "algorithm.gamma", e);
}

static void set_update(const struct tr_config *c, struct tr_plan *p, struct tr_err *e) {
  const int mode = c->update_bl_management ? XT_UPD_UBLM : c->update_management ? XT_UPD_UM : XT_UPD_MANUAL;
  tr_regs_put(&p->regs, &p->shape, XT_CSR_UPD_SEL, p->algorithm->update, "algorithm.name", e);
  tr_regs_put(&p->regs, &p->shape, XT_CSR_UPD_MODE, mode, "algorithm.update_management", e);
  tr_regs_put(&p->regs, &p->shape, XT_CSR_UPD_ENC, encoder_of(c->pulse_type), "algorithm.pulse_type", e);
  tr_regs_put(&p->regs, &p->shape, XT_CSR_UPD_BL, c->desired_bl, "algorithm.desired_bl", e);
}

static void set_reads(const struct tr_config *c, struct tr_plan *p, struct tr_err *e) {
  const int read = strcmp(c->read, "bit_serial") == 0 ? XT_READ_SERIAL : XT_READ_PWM;
  tr_regs_put(&p->regs, &p->shape, XT_CSR_CELL_MODE, cell_of(c->cell), "tile.cell", e);
  tr_regs_put(&p->regs, &p->shape, XT_CSR_READ_ENC, read, "tile.read", e);
  tr_regs_put(&p->regs, &p->shape, XT_CSR_RANGE_FWD, p->range_fwd - p->load_octaves[0], "tile.range_forward", e);
  tr_regs_put(&p->regs, &p->shape, XT_CSR_RANGE_BWD, p->range_bwd - p->load_octaves[1], "tile.range_backward", e);
  tr_regs_put(&p->regs, &p->shape, XT_CSR_RANGE_XFER, p->range_xfer - p->load_octaves[0], "tile.range_transfer", e);
  tr_regs_put(&p->regs, &p->shape, XT_CSR_ADC_OFFSET, c->adc_offset, "tile.adc_offset", e);
  tr_regs_put(&p->regs, &p->shape, XT_CSR_PULSE_WIDTH, c->pulse_width, "tile.pulse_width", e);
  tr_regs_put(&p->regs, &p->shape, XT_CSR_PULSE_GAP, c->pulse_gap, "tile.pulse_gap", e);
  tr_regs_put(&p->regs, &p->shape, XT_CSR_PULSE_SETTLE, c->pulse_settle, "tile.pulse_settle", e);
}

struct xt_pulse_shape tr_plan_pulse(const struct tr_plan *p) {
  return (struct xt_pulse_shape){(uint32_t)tr_regs_get(&p->regs, XT_CSR_PULSE_WIDTH),
                                 (uint32_t)tr_regs_get(&p->regs, XT_CSR_PULSE_GAP),
                                 (uint32_t)tr_regs_get(&p->regs, XT_CSR_PULSE_SETTLE)};
}

/* Expected pulses of a device are |x| |d| man 2^-e (SPEC section 5): man 2^-e = lr / (step cmax 2^MB). */
int tr_plan_rates(const struct tr_config *c, const struct tr_plan *p, uint64_t epoch, struct tr_rates *r,
                  struct tr_err *e) {
  const char *key = p->algorithm->rate_key;
  double lr = p->rate;
  for (uint64_t k = 0; k < epoch; k++) lr *= c->lr_decay;
  if (tr_plan_is_mtj(p)) return tr_mtj_rate(p, lr, r, e);
  const int cmax = cmax_of(&p->shape), mb = p->shape.code_bits - 1;
  const double step = learning_step_of(p, p->algorithm->update, e);
  int64_t man = 0, exp = 0, xman = 0, xexp = 0;
  memset(r, 0, sizeof *r);
  if (e->code) return -1;
  const double pulses = lr / step;
  /* without management both probabilities get sqrt(lr / (step BL)) (Gokmen & Vlasov 2016) */
  const double half = sqrt(pulses / (double)c->desired_bl);
  const int large = c->update_management
                        ? tr_mant_exp(pulses / cmax / ldexp(1, mb), &man, &exp)
                        : tr_mant_exp(half / cmax, &xman, &xexp) || tr_mant_exp(half / ldexp(1, mb), &man, &exp);
  if (large) {
    const double root = MOST_FACTOR * fmin(cmax, ldexp(1, mb));
    const double most = c->update_management ? MOST_FACTOR * cmax * ldexp(1, mb) : root * root * (double)c->desired_bl;
    return tr_fail(e, TR_EXIT_CONFIG, "%s: %.6g is too large for this device step: up to %.6g is allowed here", key, lr,
                   tr_four_digits(most * step, 0));
  }
  if (c->update_management) {
    tr_regs_put(&r->regs, &p->shape, XT_CSR_UPD_RATE, man, key, e);
    tr_regs_put(&r->regs, &p->shape, XT_CSR_UPD_EXP, exp, key, e);
  } else {
    tr_regs_put(&r->regs, &p->shape, XT_CSR_SCALE_X, xman, key, e);
    tr_regs_put(&r->regs, &p->shape, XT_CSR_SCALE_X_EXP, xexp, key, e);
    tr_regs_put(&r->regs, &p->shape, XT_CSR_SCALE_D, man, key, e);
    tr_regs_put(&r->regs, &p->shape, XT_CSR_SCALE_D_EXP, exp, key, e);
  }
  r->upd_exp = (int)exp;
  return e->code ? -1 : 0;
}

int tr_plan_program(const struct tr_plan *p, const struct tr_config *c, int plane, int range, struct tr_regs *r,
                    struct tr_err *e) {
  const double step = step_of(p, plane, ": the array cannot be programmed", e), code = code_weight(p, range);
  int64_t man = 0, exp = 0;
  char key[64];
  r->n = 0;
  if (e->code) return -1;
  snprintf(key, sizeof key, "device.%s.dw_min", tr_plane_name(plane));
  if (tr_mant_exp(code / step, &man, &exp))
    return tr_fail(e, TR_EXIT_CONFIG, "%s: %.6g is too small to program in pulses: %.6g or more is allowed here", key,
                   c->device[plane].dw_min, tr_four_digits(c->device[plane].dw_min * code / step / MOST_FACTOR, 1));
  const int64_t half_step = (int64_t)floor(step / code / 2); /* cannot be mended */
  tr_regs_put(r, &p->shape, XT_CSR_RANGE_READ, range - p->load_octaves[0], "network.init", e);
  tr_regs_put(r, &p->shape, XT_CSR_PROG_BL, c->bl_max, "tile.bl_max", e);
  tr_regs_put(r, &p->shape, XT_CSR_PROG_RATE, man, key, e);
  tr_regs_put(r, &p->shape, XT_CSR_PROG_EXP, exp, key, e);
  tr_regs_put(r, &p->shape, XT_CSR_PROG_ITERS, c->prog_iterations, "tile.prog_iterations", e);
  tr_regs_put(r, &p->shape, XT_CSR_PROG_TOL, tr_clamp(half_step, 1, TR_CSR_MOST_PROG_TOL), key, e);
  return e->code ? -1 : 0;
}

/* ---- the plan ---- */
/* XT_OP_* of a layer's update. */
static uint8_t op_of(const struct tr_config *c, int layer) {
  return named(c->algorithm.v[layer])->op;
}

int32_t tr_gang_of(const struct tr_config *c, int layer) {
  return op_of(c, layer) == XT_OP_MTJ_UPDATE ? (int32_t)c->mtj_devices.v[layer] : 1;
}

int tr_any_mtj(const struct tr_config *c) {
  int any = 0;
  for (int k = 0; k < c->algorithm.n; k++) any |= op_of(c, k) == XT_OP_MTJ_UPDATE;
  return any;
}

uint8_t tr_plan_op(const struct tr_plan *p) {
  return p->mtj.batch ? XT_OP_ACCUMULATE : p->algorithm->op;
}

int64_t tr_plan_sum_bits(const struct tr_plan *p) {
  return (int64_t)p->shape.n * xt_shape_sums(&p->shape) * p->shape.acc_bits;
}

/* Tiles of one xt_top have these in common: what one layer needs all have, and columns of one sum are of one weight in
 * each. */
static void set_common(const struct tr_config *c, struct xt_shape *s) {
  int gang = TR_MOST_AccGang;
  s->mtj = tr_any_mtj(c);
  for (int k = 0; k < tr_config_layers(c); k++) {
    if (tr_mtj_accumulates(c, k)) s->acc_bits = (int32_t)c->mtj_sum_bits;
    while (1 << gang > tr_gang_of(c, k)) gang--;
  }
  if (s->acc_bits) s->acc_gang = gang;
}

static int shape_of(const struct tr_config *c, struct tr_plan *p, int32_t inputs, struct tr_err *e) {
  struct xt_shape *s = &p->shape;
  const int64_t most = INT64_C(1) << (c->prob_bits - 1);
  *s = (struct xt_shape){.n = inputs + 1,
                         .m = p->outputs << p->gang,
                         .code_bits = (int32_t)c->code_bits,
                         .adc_bits = (int32_t)c->adc_bits,
                         .adc_share = (int32_t)c->adc_share,
                         .adc_kind = strcmp(c->adc, "ramp") == 0,
                         .bl_max = (int32_t)c->bl_max,
                         .state_bits = (int32_t)c->state_bits,
                         .prob_bits = (int32_t)c->prob_bits};
  set_common(c, s);
  if (s->n > most || s->m > most)
    return tr_fail(
        e, TR_EXIT_CONFIG,
        "layer %d has %d + 1 inputs and %d columns; at most %lld lines each are allowed (2^(tile.prob_bits - 1))",
        p->layer, (int)inputs, s->m, (long long)most);
  if (c->adc_offset > adcmax_of(s) || c->adc_offset < -adcmax_of(s))
    return tr_fail(e, TR_EXIT_CONFIG, "tile.adc_offset: %lld is out of range: -%d to %d is allowed",
                   (long long)c->adc_offset, adcmax_of(s), adcmax_of(s));
  return 0;
}

/* Devices of all planes, read noise, seeds. */
static int set_array(const struct tr_config *c, struct tr_plan *p, struct tr_err *e) {
  enum {
#define X(NAME, name, field, smallest, largest, text) MOST_##NAME = (largest) > INT32_MAX ? INT32_MAX : (int)(largest),
    XT_DEV_GLOBAL_TABLE(X)
#undef X
  };
  struct tr_rng rng;
  for (int k = 0; k < XT_NUM_PLANES; k++) {
    if (tr_device_make(&c->device[k], k, p->shape.state_bits, p->w_scale, &p->device[k], e)) return -1;
    p->array.dev[k] = p->device[k].cfg;
  }
  if (tr_plan_is_mtj(p) && tr_mtj_devices(c, p, e)) return -1;
  tr_rng_init(&rng, (uint64_t)c->seed, TR_STREAM_DEVICE, (uint64_t)p->layer);
  p->array.seed = (uint32_t)tr_rng_next(&rng);
  const double noise = c->out_noise / p->w_scale * cmax_of(&p->shape) * ldexp(1, p->shape.state_bits - 1);
  const double field = floor(noise * 256 / 147.80 + 0.5); /* SPEC section 10 */
  if (field > MOST_READ_NOISE)
    return tr_fail(e, TR_EXIT_CONFIG,
                   "tile.out_noise: %.6g is more than the array can have: up to %.6g is allowed here", c->out_noise,
                   tr_four_digits(c->out_noise * MOST_READ_NOISE / field, 0));
  p->array.read_noise = (uint32_t)field;
  tr_rng_init(&rng, (uint64_t)c->seed, TR_STREAM_PULSE, (uint64_t)p->layer);
  tr_regs_put(&p->regs, &p->shape, XT_CSR_SEED, (int64_t)(uint32_t)tr_rng_next(&rng), "seed", e);
  return 0;
}

#define BESIDE 1.25 /* a quarter above the largest weight, to see what overshoots */
static int set_init(const struct tr_config *c, int32_t inputs, int32_t outputs, struct tr_plan *p, struct tr_err *e) {
  const int plane = p->algorithm->weights;
  if (tr_plan_is_mtj(p)) return 0; /* as they were made */
  const double top = c->device[plane].w_max, bottom = -c->device[plane].w_min, bound = top < bottom ? top : bottom;
  const int chosen = c->init.v[p->layer] == TR_AUTO;
  p->init = (chosen ? 1 : c->init.v[p->layer]) * sqrt(6.0 / (inputs + outputs)); /* Glorot & Bengio 2010 */
  if (chosen && p->init > bound) p->init = bound / 2;
  if (p->init > bound)
    return tr_fail(e, TR_EXIT_CONFIG, "network.init: initial weights up to %.4g in layer %d, but %s ends at %.4g",
                   p->init, p->layer, tr_plane_name(plane), bound);
  p->range_prog = tr_plan_read_range(p, BESIDE * p->init);
  if (p->range_prog < p->load_octaves[0])
    return tr_fail(e, TR_EXIT_CONFIG,
                   "network.init: initial weights up to %.4g in layer %d; with front_end.load %.4g only weights above "
                   "%.4g can be programmed",
                   p->init, p->layer, c->load,
                   tr_four_digits(code_weight(p, p->load_octaves[0] - 1) * adcmax_of(&p->shape) / BESIDE, 1));
  return 0;
}

int tr_plan_make(const struct tr_config *c, int layer, int32_t inputs, int32_t outputs, struct tr_plan *p,
                 struct tr_err *e) {
  struct tr_nums rates;
  memset(p, 0, sizeof *p);
  p->layer = layer;
  p->algorithm = tr_algorithm_find(c->algorithm.v[layer], e);
  if (!p->algorithm) return -1;
  while (1 << p->gang < tr_gang_of(c, layer)) p->gang++;
  p->outputs = outputs;
  if (tr_mtj_check(c, layer, tr_plan_is_mtj(p), e)) return -1;
  if (shape_of(c, p, inputs, e)) return -1;
  p->w_scale_log2 = (int)c->w_scale_log2.v[layer];
  p->w_scale = ldexp(1, p->w_scale_log2);
  memcpy(&rates, (const char *)c + p->algorithm->rate, sizeof rates);
  p->rate = rates.v[layer];
  if (set_array(c, p, e)) return -1;
  const int ws = p->w_scale_log2;
  tr_front_octaves(c, &p->shape, p->load_octaves);
  const int *const load = p->load_octaves;
  if (range_reg(c, "range_forward", c->range_forward.v[layer], 0, load[0], ws, &p->range_fwd, e) ||
      range_reg(c, "range_backward", c->range_backward.v[layer], p->gang, load[1], ws, &p->range_bwd, e) ||
      range_reg(c, "range_transfer", c->range_transfer.v[layer], 0, load[0], ws, &p->range_xfer, e))
    return -1;
  const int fwd = p->range_fwd - p->load_octaves[0], bwd = p->range_bwd - p->load_octaves[1];
  if (tr_front_make(c, &p->shape, fwd > bwd ? fwd : bwd, &p->array, e)) return -1;
  set_reads(c, p, e);
  set_update(c, p, e);
  for (size_t k = 0; k < sizeof p->algorithm->registers / sizeof *p->algorithm->registers && p->algorithm->registers[k];
       k++)
    p->algorithm->registers[k](c, p, e);
  return e->code || set_init(c, inputs, outputs, p, e) ? -1 : 0;
}

void tr_plan_dynamics(const struct tr_plan *p, double kappa, double mean_abs_g, double *omega0, double *zeta) {
  *omega0 = *zeta = 0;
  if (p->eta_c <= 0 || p->every <= 0) return;
  const double eta_c = p->eta_c / ((double)p->every * p->shape.n);
  *omega0 = sqrt(p->rate * eta_c * kappa);
  const double tau = p->device[p->algorithm->update].tau;
  if (tau > 0 && *omega0 > 0) *zeta = p->rate * mean_abs_g / (2 * tau * *omega0);
}
