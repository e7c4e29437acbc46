/* SPDX-License-Identifier: Apache-2.0 */
#include "net.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "rng.h"
#include "stop.h"
#include "tables.h"
#include "xt_dim.h"

static int mb_of(const struct tr_layer *l) {
  return l->plan.shape.code_bits - 1;
}
static int cmax_of(const struct tr_layer *l) {
  return (1 << mb_of(l)) - 1;
}
static int adcmax_of(const struct tr_layer *l) {
  return (1 << (l->plan.shape.adc_bits - 1)) - 1;
}
/* Of forward codes. */
static struct tr_step z_step(const struct tr_layer *l) {
  enum { FRACTION = 12 };
  const struct tr_plan *p = &l->plan;
  const double rest = ldexp(p->w_scale, -p->w_scale_log2); /* 1, or within half an octave of it */
  const int bits = rest == 1 ? 0 : FRACTION;
  return (struct tr_step){.exp = p->range_fwd + p->w_scale_log2 - (p->shape.state_bits - 1) + bits,
                          .divisor = (uint32_t)floor(ldexp(cmax_of(l), bits) / rest + 0.5)};
}

static int make_layer(struct tr_layer *l, int hidden, const struct tr_activation *act, struct tr_err *e) {
  const size_t n = (size_t)l->plan.shape.n, m = (size_t)l->plan.shape.m, codes = 2 * (size_t)adcmax_of(l) + 1;
  l->x = tr_alloc(n, sizeof *l->x, e);
  l->y = tr_alloc(m, sizeof *l->y, e); /* of columns, then of outputs */
  l->back = tr_alloc(n, sizeof *l->back, e);
  l->v = tr_alloc(m, sizeof *l->v, e);
  l->d = tr_alloc(m, sizeof *l->d, e);
  l->act_code = tr_alloc(codes, sizeof *l->act_code, e);
  l->act_slope = tr_alloc(codes, sizeof *l->act_slope, e);
  if (e->code) return -1;
  l->x[n - 1] = (int8_t)cmax_of(l);
  if (hidden) tr_activation_fill(act, adcmax_of(l), cmax_of(l), z_step(l), l->act_code, l->act_slope);
  return 0;
}

static int make_outputs(struct tr_net *net, struct tr_err *e) {
  const struct tr_layer *l = &net->layer[net->layers - 1];
  const int top = adcmax_of(l);
  net->p = tr_alloc((size_t)net->classes, sizeof *net->p, e);
  net->p_table = tr_alloc(2 * (size_t)top + 1, sizeof *net->p_table, e);
  net->ex_table = tr_alloc(2 * (size_t)top + 1, sizeof *net->ex_table, e);
  for (int k = 0; k < 2; k++) net->loss[k] = tr_alloc(2 * (size_t)top + 1, sizeof *net->loss[k], e);
  if (e->code) return -1;
  const struct tr_step step = z_step(l);
  for (int k = 0; k <= 2 * top; k++) {
    const uint64_t z = tr_code_to_z((uint32_t)abs(k - top), step);
    net->p_table[k] = tr_sigmoid(z, k < top);
    net->loss[0][k] = tr_neg_ln(65536 - net->p_table[k]);
    net->loss[1][k] = tr_neg_ln(net->p_table[k]);
    net->ex_table[k] = tr_exp_neg(tr_code_to_z((uint32_t)k, step));
  }
  return 0;
}

int tr_net_make(const struct tr_config *c, int32_t inputs, int32_t classes, struct tr_net *net, struct tr_err *e) {
  memset(net, 0, sizeof *net);
  net->layers = tr_config_layers(c);
  net->classes = classes;
  net->lanes = atoi(c->stream_bits) / 32;
  net->softmax = strcmp(c->output, "softmax") == 0;
  net->layer = tr_alloc((size_t)net->layers, sizeof *net->layer, e);
  int rc = net->layer ? 0 : -1;
  const struct tr_activation *act = tr_activation_find(c->activation);
  for (int k = 0; !rc && k < net->layers; k++) {
    const int32_t in = k ? (int32_t)c->hidden.v[k - 1] : inputs;
    const int32_t out = k < net->layers - 1 ? (int32_t)c->hidden.v[k] : classes;
    struct tr_layer *l = &net->layer[k];
    rc = tr_plan_make(c, k, in, out, &l->plan, e) || tr_plan_rates(c, &l->plan, 0, &l->rates, e) ||
         make_layer(l, k < net->layers - 1, act, e);
  }
  if (!rc) rc = make_outputs(net, e);
  xt_clock_reset(&net->clock, (uint32_t)net->layers);
  if (rc) tr_net_free(net);
  return rc ? -1 : 0;
}

void tr_net_free(struct tr_net *net) {
  for (int k = 0; net->layer && k < net->layers; k++) {
    struct tr_layer *l = &net->layer[k];
    tr_tile_close(&l->tile);
    free(l->x);
    free(l->y);
    free(l->back);
    free(l->v);
    free(l->d);
    free(l->act_code);
    free(l->act_slope);
  }
  free(net->layer);
  free(net->p);
  free(net->p_table);
  free(net->loss[0]);
  free(net->loss[1]);
  free(net->ex_table);
  memset(net, 0, sizeof *net);
}

static int write_regs(struct tr_tile *t, const struct tr_regs *r, struct tr_err *e) {
  for (int k = 0; k < r->n; k++)
    if (tr_tile_write(t, r->reg[k].addr, r->reg[k].value, e)) return -1;
  return 0;
}

int tr_net_open(struct tr_net *net, const struct xt_engine *engine, const struct xt_engine_opts *opts, int wave_tile,
                struct tr_err *e) {
  for (int k = 0; k < net->layers; k++) {
    struct tr_layer *l = &net->layer[k];
    struct xt_engine_opts o = *opts;
    o.tile_index = k;
    o.stream_bits = 32 * net->lanes;
    o.device_counts = opts->device_counts && tr_plan_is_mtj(&l->plan);
    if (k != wave_tile) o.wave = NULL;
    if (tr_tile_open(&l->tile, engine, &l->plan.shape, &o, net->lanes, e) ||
        tr_tile_check(&l->tile, engine->configure(l->tile.t, &l->plan.array), "configure", e))
      return -1;
  }
  for (int k = 0; k < net->layers; k++) { /* once all tiles exist: SystemC elaborates at the first access */
    struct tr_layer *l = &net->layer[k];
    if (write_regs(&l->tile, &l->plan.regs, e) || write_regs(&l->tile, &l->rates.regs, e) || tr_tile_reset(&l->tile, e))
      return -1;
  }
  return 0;
}

int tr_net_registers(struct tr_layer *l, struct tr_err *e) {
  return write_regs(&l->tile, &l->plan.regs, e);
}

int tr_net_can_copy(const struct tr_net *net) {
  int disturbed = 0;
  for (int k = 0; k < net->layers; k++) disturbed |= net->layer[k].plan.mtj.read_rate > 0;
  return !disturbed;
}

/* ---- setting up the devices ---- */
/* The read select that shows a plane and nothing else. */
static int select_of(int plane) {
  static const int8_t coefficients[][XT_NUM_PLANES] = XT_SELS;
  for (int sel = 0; sel < (int)(sizeof coefficients / sizeof *coefficients); sel++) {
    int alone = 1;
    for (int k = 0; k < XT_NUM_PLANES; k++) alone &= coefficients[sel][k] == (k == plane);
    if (alone) return sel;
  }
  return plane;
}

/* The plane that learns to its symmetry point, then its reference to where it ended: the difference starts at 0. */
static int zero_shift(struct tr_layer *l, const struct tr_config *c, uint64_t *unfinished, struct tr_err *e) {
  const struct tr_algorithm *a = l->plan.algorithm;
  struct tr_regs regs;
  uint32_t rounds = 0;
  if (tr_plan_program(&l->plan, c, a->zero, tr_plan_read_range(&l->plan, c->device[a->update].w_max), &regs, e) ||
      write_regs(&l->tile, &regs, e) || tr_tile_zero_shift(&l->tile, a->update, (uint32_t)c->zero_shift_pairs, e))
    return -1;
  for (int32_t i = 0; i < l->plan.shape.n; i++) {
    if (tr_stop_check("while the initial weights were programmed", e) ||
        tr_tile_line(&l->tile, select_of(a->update), i, l->y, e) ||
        tr_tile_program(&l->tile, a->zero, i, l->y, NULL, &rounds, e))
      return -1;
    *unfinished += rounds >= (uint32_t)c->prog_iterations;
  }
  return 0;
}

static int program_weights(struct tr_layer *l, const struct tr_config *c, uint64_t *unfinished, struct tr_err *e) {
  const int plane = l->plan.algorithm->weights;
  struct tr_regs regs;
  struct tr_rng rng;
  uint32_t rounds = 0;
  if (l->plan.init <= 0) return 0;
  if (tr_plan_program(&l->plan, c, plane, l->plan.range_prog, &regs, e) || write_regs(&l->tile, &regs, e)) return -1;
  const double code = ldexp(l->plan.w_scale, l->plan.range_prog - (l->plan.shape.state_bits - 1)) / cmax_of(l);
  const int32_t top = (int32_t)tr_clamp((int64_t)(l->plan.init / code + 0.5), 1, adcmax_of(l));
  tr_rng_init(&rng, (uint64_t)c->seed, TR_STREAM_INIT, (uint64_t)l->tile.index);
  for (int32_t i = 0; i < l->plan.shape.n; i++) {
    for (int32_t j = 0; j < l->plan.shape.m; j++) l->y[j] = (int16_t)tr_rng_range(&rng, -top, top);
    if (tr_stop_check("while the initial weights were programmed", e) ||
        tr_tile_program(&l->tile, plane, i, l->y, NULL, &rounds, e))
      return -1;
    *unfinished += rounds >= (uint32_t)c->prog_iterations;
  }
  return 0;
}

/* Corrections of the converters' offsets: the mean of so many measurements. Each CALIBRATE leaves what it measured as
 * the correction, and answers by how much that differs from the one before. */
static int calibrate(struct tr_layer *l, int64_t rounds, struct tr_err *e) {
  const struct xt_shape *s = &l->plan.shape;
  const int32_t units = xt_shape_units(s), most = adcmax_of(l);
  int16_t *y = tr_alloc((size_t)(s->n > s->m ? s->n : s->m), sizeof *y, e);
  int64_t *now = tr_alloc((size_t)units, sizeof *now, e), *sum = tr_alloc((size_t)units, sizeof *sum, e);
  int rc = y && now && sum ? 0 : -1;
  for (int64_t k = 0; !rc && k < rounds; k++) {
    rc = tr_stop_check("while offsets were measured", e) || tr_tile_calibrate(&l->tile, y, e) ? -1 : 0;
    for (int32_t u = 0; !rc && u < units; u++) sum[u] += now[u] = tr_clamp(now[u] + y[u * s->adc_share], -most, most);
  }
  for (int32_t u = 0; !rc && u < units && rounds > 0; u++) {
    const int64_t mean = (tr_abs(sum[u]) + rounds / 2) / rounds;
    rc = tr_tile_write(&l->tile, XT_CSR_CAL_SEL, u, e) ||
                 tr_tile_write(&l->tile, XT_CSR_CAL, sum[u] < 0 ? -mean : mean, e)
             ? -1
             : 0;
  }
  free(y);
  free(now);
  free(sum);
  return rc;
}

int tr_net_init(struct tr_net *net, const struct tr_config *c, uint64_t *unfinished, struct tr_err *e) {
  *unfinished = 0;
  for (int k = 0; k < net->layers; k++) {
    struct tr_layer *l = &net->layer[k];
    if (calibrate(l, c->calibrations, e)) return -1;
    if (l->plan.mtj.batch && tr_tile_acc_update(&l->tile, 1, e)) return -1;
    if (l->plan.algorithm->zero >= 0 && c->zero_shift_pairs > 0 && zero_shift(l, c, unfinished, e)) return -1;
    if (program_weights(l, c, unfinished, e)) return -1;
  }
  return 0;
}

int tr_net_epoch(struct tr_net *net, const struct tr_config *c, uint64_t epoch, struct tr_err *e) {
  if (tr_net_settle(net, e)) return -1;
  for (int k = 0; k < net->layers; k++) {
    struct tr_layer *l = &net->layer[k];
    if (tr_plan_rates(c, &l->plan, epoch, &l->rates, e) || write_regs(&l->tile, &l->rates.regs, e)) return -1;
  }
  return 0;
}

int tr_net_counters(struct tr_net *net, uint64_t c[XT_NUM_COUNTERS], struct tr_err *e) {
  if (tr_net_settle(net, e)) return -1;
  memset(c, 0, XT_NUM_COUNTERS * sizeof *c);
  for (int k = 0; k < net->layers; k++) {
    uint64_t one[XT_NUM_COUNTERS];
    if (tr_tile_counters(&net->layer[k].tile, one, e)) return -1;
    for (int i = 0; i < XT_NUM_COUNTERS; i++) c[i] += one[i];
  }
  return 0;
}

/* ---- updates that are not done yet ---- */
static struct xt_clock_sent give(struct tr_net *net, int layer, const struct tr_op *op,
                                 const struct xt_clock_sent *needs) {
  const struct xt_clock_packet p = {(uint32_t)layer, op->beats, op->answer, op->cycles};
  return xt_clock_send(&net->clock, &p, needs);
}

/* The packets of the sample in the order in which the host gives them. */
static void count_clocks(struct tr_net *net) {
  struct xt_clock_sent answer = {0};
  for (int k = 0; k < net->layers; k++) answer = give(net, k, &net->layer[k].forward, k ? &answer : NULL);
  for (int k = net->layers - 1; k >= 0; k--) {
    const struct tr_layer *l = &net->layer[k];
    const struct xt_clock_sent error = answer; /* d of the layer is made from it */
    if (k > 0) answer = give(net, k, &l->backward, &error);
    (void)give(net, k, &l->update, &error);
    if (l->flush.beats) (void)give(net, k, &l->flush, NULL);
  }
}

/* All updates of a sample are done. */
static int updated(struct tr_net *net, struct tr_err *e) {
  for (int k = 0; !e->code && k < net->layers; k++)
    if (net->layer[k].err.code) *e = net->layer[k].err;
  if (e->code) return -1;
  count_clocks(net);
  return 0;
}

int tr_net_settle(struct tr_net *net, struct tr_err *e) {
  if (!net->pool) return 0;
  for (int k = net->behind; k < net->layers; k++) tr_pool_wait(net->pool, net->layer[k].given);
  net->pool = NULL;
  return updated(net, e);
}

/* ---- a sample ---- */
static void outputs(struct tr_net *net, uint16_t label, struct tr_result *r) {
  const struct tr_layer *l = &net->layer[net->layers - 1];
  const int top = adcmax_of(l);
  r->predicted = 0;
  for (int j = 1; j < net->classes; j++)
    if (l->y[j] > l->y[r->predicted]) r->predicted = j;
  r->loss = 0;
  if (!net->softmax) {
    for (int j = 0; j < net->classes; j++) {
      net->p[j] = net->p_table[l->y[j] + top];
      r->loss += net->loss[j == label][l->y[j] + top];
    }
    return;
  }
  uint64_t sum = 0;
  for (int j = 0; j < net->classes; j++) sum += net->ex_table[l->y[r->predicted] - l->y[j]];
  for (int j = 0; j < net->classes; j++)
    net->p[j] = (uint32_t)((((uint64_t)net->ex_table[l->y[r->predicted] - l->y[j]] << 16) + sum / 2) / sum);
  r->loss = tr_neg_ln(net->p[label]);
}

/* The codes of a gang's columns to those of their outputs: the mean, halves away from 0. */
static void average(struct tr_layer *l) {
  const int g = l->plan.gang, half = g ? 1 << (g - 1) : 0;
  for (int32_t j = 0; g && j < l->plan.outputs; j++) {
    int32_t sum = 0;
    for (int32_t k = 0; k < 1 << g; k++) sum += l->y[(j << g) + k];
    l->y[j] = (int16_t)(sum < 0 ? -((half - sum) >> g) : (sum + half) >> g);
  }
}

/* The error codes of outputs to those of their columns. */
static void repeat(struct tr_layer *l) {
  const int g = l->plan.gang;
  for (int32_t j = l->plan.shape.m - 1; g && j >= 0; j--) l->d[j] = l->d[j >> g];
}

int tr_net_forward(struct tr_net *net, const int8_t *x, uint16_t label, struct tr_result *r, struct tr_err *e) {
  memcpy(net->layer[0].x, x, (size_t)net->layer[0].plan.shape.n - 1);
  for (int k = 0; k < net->layers; k++) {
    struct tr_layer *l = &net->layer[k];
    if (tr_tile_forward(&l->tile, l->x, l->y, e) || tr_net_settle(net, e)) return -1;
    l->forward = l->tile.last;
    average(l);
    if (k == net->layers - 1) break;
    const int8_t *code = l->act_code + adcmax_of(l);
    int8_t *next = net->layer[k + 1].x;
    for (int32_t j = 0; j < l->plan.outputs; j++) next[j] = code[l->y[j]];
  }
  outputs(net, label, r);
  return 0;
}

void tr_block_float(const int64_t *v, int32_t n, int vexp, int mb, int8_t *d, int *dexp) {
  int64_t top = 0;
  for (int32_t j = 0; j < n; j++)
    if (tr_abs(v[j]) > top) top = tr_abs(v[j]);
  *dexp = 0;
  const int s = tr_bitlen((uint64_t)top) - mb, right = s > 0 ? s : 0, left = s > 0 ? 0 : -s;
  const int64_t cmax = (INT64_C(1) << mb) - 1, half = right ? INT64_C(1) << (right - 1) : 0;
  for (int32_t j = 0; j < n; j++) { /* rounded as tr_shift_round() does */
    const int64_t sign = v[j] >> 63, magnitude = ((((v[j] ^ sign) - sign) << left) + half) >> right;
    d[j] = (int8_t)(top ? ((magnitude < cmax ? magnitude : cmax) ^ sign) - sign : 0);
  }
  if (top) *dexp = -(s + vexp) - mb;
}

static void probe(struct tr_layer *l) {
  uint64_t x1 = 0, x2 = 0, d1 = 0, d2 = 0;
  const int32_t n = l->plan.shape.n, m = l->plan.outputs;
  for (int32_t i = 0; i < n; i++) {
    x1 += (uint64_t)abs(l->x[i]);
    x2 += (uint64_t)(l->x[i] * l->x[i]);
  }
  for (int32_t j = 0; j < m; j++) {
    d1 += (uint64_t)abs(l->d[j]);
    d2 += (uint64_t)(l->d[j] * l->d[j]);
  }
  const double cmax = cmax_of(l), unit = ldexp(1, -(mb_of(l) + l->dexp)), devices = (double)n * m;
  l->probe.n++;
  l->probe.abs_g += (double)x1 * (double)d1 * unit / (cmax * devices);
  l->probe.g2 += (double)x2 * (double)d2 * unit * unit / (cmax * cmax * devices);
}

static void update_one(void *ctx, int k, int thread) {
  (void)thread;
  struct tr_layer *l = &((struct tr_net *)ctx)->layer[k];
  const uint8_t op = tr_plan_op(&l->plan);
  const int want = op == XT_OP_MTJ_UPDATE ? 2 * l->dexp : l->dexp; /* half octaves */
  const int dexp = (int)tr_clamp(want, -l->rates.upd_exp, TR_CSR_MOST_UPD_EXP - l->rates.upd_exp);
  uint32_t info = 0;
  l->exp_clamps += dexp > want; /* a smaller exponent than the register has is as good as no pulses */
  l->flush.beats = 0;
  if (tr_tile_update_begin(&l->tile, op, l->x, l->d, dexp, &l->err) || tr_tile_update_end(&l->tile, &info, &l->err))
    return;
  l->update = l->tile.last;
  if (op != XT_OP_ACCUMULATE) return;
  l->clipped += info;
  if (++l->batched < (uint64_t)l->plan.mtj.batch) return;
  l->batched = 0;
  if (!tr_tile_acc_update(&l->tile, 0, &l->err)) l->flush = l->tile.last;
}

/* ahead: NULL, or who may begin with updates. */
static int backward(struct tr_net *net, uint16_t label, int with_probe, struct tr_pool *ahead, struct tr_err *e) {
  struct tr_layer *l = &net->layer[net->layers - 1];
  for (int j = 0; j < net->classes; j++) l->v[j] = (int64_t)net->p[j] - (j == label ? 65536 : 0);
  l->vexp = -16;
  for (int k = net->layers - 1; k >= 0; k--) {
    l = &net->layer[k];
    tr_block_float(l->v, l->plan.outputs, l->vexp, mb_of(l), l->d, &l->dexp);
    if (with_probe) probe(l);
    repeat(l);
    if (k == 0) break; /* nothing below the first layer needs its error */
    if (tr_tile_backward(&l->tile, l->d, l->back, e)) return -1;
    l->backward = l->tile.last;
    if (ahead) {
      net->pool = ahead;
      net->behind = k;
      l->given = tr_pool_give(ahead, update_one, net, k);
    }
    struct tr_layer *below = &net->layer[k - 1];
    const int16_t *slope = below->act_slope + adcmax_of(below);
    for (int32_t i = 0; i < below->plan.outputs; i++) below->v[i] = (int64_t)l->back[i] * slope[below->y[i]];
    /* a gang's columns add up */
    below->vexp = l->plan.range_bwd - l->plan.gang + l->plan.w_scale_log2 - (l->plan.shape.state_bits - 1) -
                  (mb_of(l) + l->dexp) - 14;
  }
  return 0;
}

int tr_net_train(struct tr_net *net, const int8_t *x, uint16_t label, struct tr_pool *pool, int with_probe, int update,
                 struct tr_result *r, struct tr_err *e) {
  const int ahead = update && tr_pool_shared(pool) && (net->layer[0].tile.engine->can & XT_CAN_COPIES);
  if (tr_net_forward(net, x, label, r, e) || backward(net, label, with_probe, ahead ? pool : NULL, e)) {
    (void)tr_net_settle(net, e);
    return -1;
  }
  if (!update) return 0;
  if (net->pool) {
    update_one(net, 0, 0);
    return net->layer[0].err.code ? tr_net_settle(net, e) : 0;
  }
  tr_pool_run(pool, net->layers, update_one, net);
  return updated(net, e);
}
