/* SPDX-License-Identifier: Apache-2.0 */
/* Layers of binary magnetic devices: fields and registers against the physics they stand for, gangs, learning rate,
 * mixed networks, resumed runs, refusals. */
#include <check.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "cli_run.h"
#include "mtj.h"
#include "net.h"
#include "rng.h"
#include "switching.h"
#include "xt_ref.h"

enum { IN = 20, HID = 12, OUT = 5 };

static struct tr_config cfg;
static struct tr_net net;
static struct tr_err err;
static struct tr_pool *pool;

static int parse(const char *text) {
  memset(&err, 0, sizeof err);
  return tr_config_parse(text, strlen(text), "test", NULL, &cfg, &err) || tr_config_resolve(&cfg, &err) ? -1 : 0;
}

static void open_net_with(const char *text, struct xt_engine_opts opts) {
  uint64_t unfinished = 0;
  ck_assert_msg(!parse(text), "%s", err.text);
  ck_assert_msg(!tr_net_make(&cfg, IN, OUT, &net, &err), "%s", err.text);
  ck_assert_msg(!tr_net_open(&net, &xt_engine_ref, &opts, -1, &err), "%s", err.text);
  ck_assert_msg(!tr_net_init(&net, &cfg, &unfinished, &err), "%s", err.text);
  pool = tr_pool_open(1, &err);
}

static void open_net(const char *text) {
  open_net_with(text, (struct xt_engine_opts){0});
}

static void setup(void) {
  memset(&err, 0, sizeof err);
}

static void teardown(void) {
  tr_net_free(&net);
  tr_pool_close(pool);
  pool = NULL;
}

/* ---------------------------------------------------------------- devices */

static void plan(const char *text, struct tr_plan *p) {
  ck_assert_msg(!parse(text), "%s", err.text);
  ck_assert_msg(!tr_plan_make(&cfg, 0, IN, HID, p, &err), "%s", err.text);
}

/* tau(V) = tau0 exp(Delta (1 - V/Vc0)), for the fields that came out. */
START_TEST(fields_are_the_physics) {
  static const struct {
    const char *text;
    double delta, cycle, tau0, pulse, full, down; /* ns; pulse: cycles of the longest; down: Vc0 of down over up */
  } rows[] = {{"tile: {cell: gated}\nalgorithm: {name: mtj}\n", 40, 5, 1, 63, 1, 1},
              {"tile: {cell: passive, pulse_width: 4}\nalgorithm: {name: mtj}\nmtj: {delta: 25, full_scale: .02}\n", 25,
               5, 1, 4, .02, 1},
              {"tile: {cell: gated, code_bits: 5, pulse_width: 2}\nalgorithm: {name: mtj}\n"
               "mtj: {delta: 60, cycle_ns: 2, tau0_ns: .5, vc0: .3, vc0_down: .33, full_scale: .5}\n",
               60, 2, .5, 30, .5, 1.1}};
  struct tr_plan p;
  plan(rows[_i].text, &p);
  const struct xt_dev_cfg *d = &p.array.dev[XT_PLANE_C];
  const double part = p.mtj.volts / cfg.mtj_vc0, delta = rows[_i].delta;
  const double tau = rows[_i].tau0 * exp(delta * (1 - part)),
               tau_down = rows[_i].tau0 * exp(delta * (1 - part / rows[_i].down));
  ck_assert_double_eq_tol(rows[_i].pulse * rows[_i].cycle / tau, rows[_i].full, 1e-9);
  ck_assert_double_eq_tol(exp2(d->mtj_up / 256.), rows[_i].cycle / tau, .002 * rows[_i].cycle / tau);
  ck_assert_double_eq_tol(exp2(d->mtj_down / 256.), rows[_i].cycle / tau_down, .002 * rows[_i].cycle / tau_down);
  const double none = rows[_i].cycle / (rows[_i].tau0 * exp(delta)); /* rate at no voltage, a cycle */
  const double half = sqrt(none * rows[_i].cycle / tau);
  ck_assert_double_eq_tol(exp2((d->mtj_up - d->mtj_half) / 256.), half, .004 * half);
  ck_assert_double_eq_tol(p.mtj.half_ratio, sqrt(none * tau / rows[_i].cycle), 1e-3 * p.mtj.half_ratio);
  ck_assert_int_eq(d->law, XT_LAW_MTJ);
  ck_assert_int_eq(p.shape.mtj, 1);
}
END_TEST

/* The rate of a read: that of the pulses' law at its voltage. */
START_TEST(read_voltages) {
  static const struct {
    const char *keys;
    double vc0, volts;
    int field; /* 0: by the law */
  } rows[] = {{"read_voltage: .3", .5, .3, 0},
              {"read_voltage: .35, vc0_down: .45", .45, .35, 0},
              {"read_voltage: .3, vc0_down: .6", .5, .3, 0},
              {"read_voltage: .05", .5, .05, -8192},
              {"read_voltage: 0", .5, 0, -8192}};
  struct tr_plan p;
  char text[200];
  snprintf(text, sizeof text, "tile: {cell: gated}\nalgorithm: {name: mtj}\nmtj: {%s}\n", rows[_i].keys);
  plan(text, &p);
  const double rate = 5 / exp(40 * (1 - rows[_i].volts / rows[_i].vc0)); /* tau0 1 ns, cycles of 5 ns */
  if (rows[_i].field != 0) ck_assert_int_eq(p.array.dev[XT_PLANE_C].mtj_read, rows[_i].field);
  if (rows[_i].field == 0) ck_assert_double_eq_tol(exp2(p.array.dev[XT_PLANE_C].mtj_read / 256.) / rate, 1, .002);
  ck_assert_double_eq_tol(p.mtj.read_rate / (rows[_i].field ? 1 : rate), rows[_i].field == 0, 1e-9);
  ck_assert_double_eq_tol(tr_mtj_read_part(&p, 1000), rows[_i].field ? 0 : -expm1(-rate * 63 * 1000), 1e-9);
}
END_TEST

/* Load resistors of so many columns' conductance; the host takes an octave of the divider of mean devices as part of
 * the range, so that answers mean the same. */
START_TEST(loads) {
  static const struct {
    const char *cell, *load;
    int field, all, fwd, bwd;
  } rows[] = {{"passive", "1", 16 * (IN + 1), 1, 1, 1},
              {"passive", ".1", 34, 1, 3, 3}, /* 11 is 2^3.46; 1 + 12/2.1 is 2^2.7 */
              {"passive", "100", 1600 * (IN + 1), 1, 0, 0},
              {"gated", "1", 16 * (IN + 1), 0, 0, 0},
              {"passive", "0", 0, 0, 0, 0}};
  struct tr_plan p, ideal;
  char text[200];
  snprintf(text, sizeof text, "tile: {cell: %s}\nalgorithm: {name: mtj}\n", rows[_i].cell);
  plan(text, &ideal);
  snprintf(text, sizeof text, "tile: {cell: %s}\nalgorithm: {name: mtj}\nfront_end: {load: %s}\n", rows[_i].cell,
           rows[_i].load);
  plan(text, &p);
  ck_assert_int_eq((int)p.array.load, rows[_i].field);
  ck_assert_int_eq((int)p.array.load_all, rows[_i].all);
  /* of TMR 1 and gain 1, a full-scale state is a weight of 3 */
  const int ws = rows[_i].field ? 2 : 0;
  ck_assert_int_eq(p.w_scale_log2, ws);
  ck_assert_double_eq_tol(p.w_scale, rows[_i].field ? 3 : 1, 1e-12);
  ck_assert_int_eq(p.array.dev[XT_PLANE_C].w_max, rows[_i].field ? 10923 : 32767);
  ck_assert_int_eq(p.range_fwd, ideal.range_fwd - ws);
  ck_assert_int_eq(tr_regs_get(&p.regs, XT_CSR_RANGE_FWD),
                   tr_regs_get(&ideal.regs, XT_CSR_RANGE_FWD) - ws - rows[_i].fwd);
  ck_assert_int_eq(tr_regs_get(&p.regs, XT_CSR_RANGE_BWD),
                   tr_regs_get(&ideal.regs, XT_CSR_RANGE_BWD) - ws - rows[_i].bwd);
}
END_TEST

START_TEST(spreads) {
  struct tr_plan p;
  plan(
      "tile: {cell: gated, w_scale_log2: 1}\nalgorithm: {name: mtj}\n"
      "mtj: {gain: 1.5, tmr: 1, resistance_dtod: .05, vc0_dtod: .02, corrupt_devices_prob: .1, devices_per_weight: "
      "4}\n",
      &p);
  const struct xt_dev_cfg *d = &p.array.dev[XT_PLANE_C];
  ck_assert_int_eq(d->w_max, 24576);
  ck_assert_int_eq(d->w_min, 24576);
  ck_assert_int_eq(d->c_wmax, lround(443.405 * .2)); /* 2 sigma (1 + TMR)/TMR */
  ck_assert_int_eq(d->c_wmin, lround(443.405 * .1));
  ck_assert_double_eq_tol(d->c_vc * 147.80 / 65536, 1.4427 * 40 * .02, 1e-3);
  ck_assert_int_eq(d->stuck, 6554);
  ck_assert_int_eq(p.shape.m, 4 * HID);
  ck_assert_int_eq(p.outputs, HID);
  plan("tile: {cell: gated}\nalgorithm: {name: mtj}\nmtj: {delta_dtod: .1}\n", &p);
  ck_assert_double_eq_tol(p.array.dev[XT_PLANE_C].c_vc * 147.80 / 65536, 1.4427 * .1 * log(63 * 5), 2e-3);
}
END_TEST

/* ---------------------------------------------------------------- a network */

/* Weights of layer l: means of gangs. */
static void weights(int l, double *w) {
  struct xt_snapshot s;
  const struct tr_layer *y = &net.layer[l];
  const int g = y->plan.gang, m = y->plan.shape.m;
  ck_assert_int_eq(tr_snapshot_alloc(&s, &y->plan.shape, &err), 0);
  ck_assert_int_eq(y->tile.engine->get_snapshot(y->tile.t, &s), 0);
  memset(w, 0, (size_t)y->plan.shape.n * (size_t)y->plan.outputs * sizeof *w);
  for (int i = 0; i < y->plan.shape.n; i++)
    for (int j = 0; j < m; j++)
      w[i * y->plan.outputs + (j >> g)] += s.w[XT_PLANE_C][i * m + j] * y->plan.w_scale / 32768 / (1 << g);
  tr_snapshot_free(&s);
}

/* A gang's answer is the mean of its columns, its error goes to all of them: forward and backward of a float network
 * whose weights are the gangs' means. */
START_TEST(gangs_are_weights) {
  static double w0[(IN + 1) * HID], w1[(HID + 1) * OUT];
  char text[400];
  const int m = 1 << _i;
  snprintf(text, sizeof text,
           "network: {hidden: [12], activation: relu}\n"
           "tile: {cell: %s, adc_bits: 12, code_bits: 8, range_forward: [2, 2]}\n"
           "algorithm: {name: mtj}\nmtj: {gain: [.3, .25], devices_per_weight: [%d, 4]}\n",
           _i % 2 ? "gated" : "passive", m);
  open_net(text);
  ck_assert_int_eq(net.layer[0].plan.shape.m, HID * m);
  weights(0, w0);
  weights(1, w1);
  struct tr_rng r;
  struct tr_result res;
  double dot = 0, nn = 0, mm = 0;
  tr_rng_init(&r, test_seed(), TR_STREAM_INIT, 99);
  for (int t = 0; t < 100; t++) {
    int8_t x[IN];
    double h[HID + 1], slope[HID];
    const uint16_t label = (uint16_t)tr_rng_below(&r, OUT);
    for (int i = 0; i < IN; i++) x[i] = (int8_t)tr_rng_range(&r, -127, 127);
    ck_assert_msg(!tr_net_train(&net, x, label, pool, 0, 0, &res, &err), "%s", err.text);
    for (int j = 0; j < HID; j++) {
      double z = w0[IN * HID + j];
      for (int i = 0; i < IN; i++) z += x[i] / 127. * w0[i * HID + j];
      slope[j] = z > 0 && z < 1;
      h[j] = z < 0 ? 0 : z > 1 ? 1 : z;
      ck_assert_double_eq_tol(net.layer[1].x[j] / 127., h[j], .02);
    }
    h[HID] = 1;
    double d1[OUT];
    for (int j = 0; j < OUT; j++) {
      double z = 0;
      for (int i = 0; i <= HID; i++) z += h[i] * w1[i * OUT + j];
      d1[j] = 1 / (1 + exp(-z)) - (j == label);
      ck_assert_double_eq_tol(net.p[j] / 65536., d1[j] + (j == label), .02);
    }
    const double unit = ldexp(1, -(7 + net.layer[0].dexp));
    for (int i = 0; i < HID; i++) {
      double b = 0;
      for (int j = 0; j < OUT; j++) b += w1[i * OUT + j] * d1[j];
      const double got = net.layer[0].d[i * m] * unit, want = b * slope[i];
      for (int k = 1; k < m; k++) ck_assert_int_eq(net.layer[0].d[i * m + k], net.layer[0].d[i * m]);
      dot += got * want;
      nn += got * got;
      mm += want * want;
    }
  }
  ck_assert_msg(dot / sqrt(nn * mm) > .97, "cosine %.5f", dot / sqrt(nn * mm));
  ck_assert_msg(fabs(sqrt(nn / mm) - 1) < .06, "length ratio %.4f", sqrt(nn / mm));
}
END_TEST

/* Amplitude code of a magnitude up to 127. */
static int half_octaves(int v) {
  const int octave = (int)floor(log2(v));
  return 2 * (6 - octave) + (octave == 0 || v < 3 << (octave - 1));
}

/* Flips of devices that can, over many updates from the same states: lr |x| |error|, and to -sign of their product. */
START_TEST(learning_rate) {
  static const char *const cells[] = {"gated", "passive"};
  const double lr = _i / 2 ? .1 : .02;
  char text[300];
  snprintf(text, sizeof text,
           "network: {hidden: []}\ntile: {cell: %s, code_bits: 8}\nalgorithm: {name: mtj, lr: %g}\n"
           "mtj: {gain: .1, devices_per_weight: 2, shared_source_lines: %s}\n",
           cells[_i % 2], lr, _i == 2 ? "true" : "false");
  open_net(text);
  struct tr_layer *y = &net.layer[0];
  const int m = y->plan.shape.m;
  struct tr_result res;
  struct xt_snapshot start, now;
  int8_t x[IN];
  for (int i = 0; i < IN; i++) x[i] = (int8_t)((i * 53 + 11) % 255 - 127);
  ck_assert_int_eq(tr_snapshot_alloc(&start, &y->plan.shape, &err), 0);
  ck_assert_int_eq(tr_snapshot_alloc(&now, &y->plan.shape, &err), 0);
  ck_assert_int_eq(xt_engine_ref.get_snapshot(y->tile.t, &start), 0);
  double got = 0, want = 0;
  enum { REPEAT = 3000 };
  for (int t = 0; t < REPEAT; t++) {
    ck_assert_msg(!tr_net_train(&net, x, 2, pool, 0, 1, &res, &err), "%s", err.text);
    ck_assert_int_eq(xt_engine_ref.get_snapshot(y->tile.t, &now), 0);
    const double unit = ldexp(1, -(7 + y->dexp));
    for (int i = 0; i <= IN; i++)
      for (int j = 0; j < m; j++) {
        const int at = i * m + j, sign = y->x[i] * y->d[j];
        const int32_t before = start.w[XT_PLANE_C][at], after = now.w[XT_PLANE_C][at];
        ck_assert_msg(after == before || (sign < 0 ? after > before : sign > 0 && after < before), "a wrong flip");
        got += after != before;
        want += (sign < 0) == (before < 0) && sign ? lr * abs(sign) / 127. * unit : 0;
        now.w[XT_PLANE_C][at] = before;
      }
    ck_assert_int_eq(xt_engine_ref.set_snapshot(y->tile.t, &now), 0);
  }
  printf("%s, lr %g: %.0f flips, %.0f wanted\n", cells[_i % 2], lr, got, want);
  ck_assert_double_gt(got, 1000);
  ck_assert_double_eq_tol(got / want, 1, .2); /* codes and rate are half octaves */
  tr_snapshot_free(&start);
  tr_snapshot_free(&now);
}
END_TEST

/* ---------------------------------------------------------------- accumulators */

static const int8_t *sample_of(int t) {
  static int8_t x[IN];
  for (int i = 0; i < IN; i++) x[i] = (int8_t)((i * 37 + t * 101) % 127 - 63);
  return x;
}

/* Sums of gradients in units of the plan, to half a step of D each; devices move after a batch alone, and only to
 * -sign(sum); what momentum leaves. */
START_TEST(batches_are_sums) {
  static double want[(IN + 1) * OUT], slack[(IN + 1) * OUT];
  const int gang = 2, batch = 5;
  const double momentum = _i ? .75 : 0;
  char text[400];
  snprintf(text, sizeof text,
           "network: {hidden: []}\ntile: {cell: %s}\nalgorithm: {name: mtj, lr: 1}\n"
           "mtj: {gain: .1, devices_per_weight: 4, batch: 5, momentum: %g, sum_bits: 20}\n",
           _i ? "passive" : "gated", momentum);
  open_net(text);
  struct tr_layer *l = &net.layer[0];
  struct xt_snapshot before, now;
  struct tr_result res;
  ck_assert_int_eq(l->plan.shape.acc_bits, 20);
  ck_assert_int_eq(l->plan.shape.acc_gang, gang);
  ck_assert_int_eq(tr_snapshot_alloc(&before, &l->plan.shape, &err), 0);
  ck_assert_int_eq(tr_snapshot_alloc(&now, &l->plan.shape, &err), 0);
  ck_assert_int_eq(xt_engine_ref.get_snapshot(l->tile.t, &before), 0);
  memset(want, 0, sizeof want);
  memset(slack, 0, sizeof slack);
  int moved = 0;
  for (int t = 1; t <= 4 * batch; t++) {
    ck_assert_msg(!tr_net_train(&net, sample_of(t), (uint16_t)(t % OUT), pool, 0, 1, &res, &err), "%s", err.text);
    ck_assert_int_eq(xt_engine_ref.get_snapshot(l->tile.t, &now), 0);
    const double error = ldexp(1, -(6 + l->dexp));
    for (int i = 0; i <= IN; i++)
      for (int j = 0; j < OUT; j++) {
        const double x = i < IN ? sample_of(t)[i] / 63. : 1;
        want[i * OUT + j] += x * l->d[j << gang] * error * l->plan.mtj.unit;
        slack[i * OUT + j] += fabs(x) * 63 * .5;
      }
    const int flush = t % batch == 0;
    ck_assert_uint_eq(l->batched, (unsigned)(t % batch));
    ck_assert_int_eq(l->flush.beats != 0, flush);
    for (int k = 0; k < (IN + 1) * OUT; k++) {
      if (flush) {
        want[k] *= momentum;
        slack[k] = slack[k] * momentum + 1;
      }
      ck_assert_double_eq_tol(now.acc[k], want[k], slack[k] + 1e-6);
    }
    for (int q = 0; q < (IN + 1) * OUT << gang; q++) {
      const int32_t was = before.w[XT_PLANE_C][q], is = now.w[XT_PLANE_C][q];
      const double sum = want[q >> gang] / (flush && momentum > 0 ? momentum : 1);
      if (was == is) continue;
      ck_assert_msg(flush, "device %d moved after sample %d", q, t);
      if (momentum > 0 && fabs(want[q >> gang]) > slack[q >> gang]) ck_assert_int_eq(is > was, sum < 0);
      before.w[XT_PLANE_C][q] = is;
      moved++;
    }
    if (flush && momentum == 0) memset(want, 0, sizeof want), memset(slack, 0, sizeof slack);
  }
  ck_assert_int_gt(moved, 20);
  ck_assert_uint_eq(l->clipped, 0);
  tr_snapshot_free(&before);
  tr_snapshot_free(&now);
}
END_TEST

/* Flips of devices that can, over many batches of one sample from the same states: lr times the mean gradient. */
START_TEST(rate_of_batches) {
  static const char *const cells[] = {"gated", "passive"};
  const double lr = _i / 2 ? .5 : .05;
  const int batch = 4;
  char text[300];
  snprintf(text, sizeof text,
           "network: {hidden: []}\ntile: {cell: %s, code_bits: 8}\nalgorithm: {name: mtj, lr: %g}\n"
           "mtj: {gain: .1, devices_per_weight: 2, batch: %d}\n",
           cells[_i % 2], lr, batch);
  open_net(text);
  struct tr_layer *y = &net.layer[0];
  const int m = y->plan.shape.m;
  struct tr_result res;
  struct xt_snapshot now;
  int8_t x[IN];
  for (int i = 0; i < IN; i++) x[i] = (int8_t)((i * 53 + 11) % 255 - 127);
  ck_assert_int_eq(tr_snapshot_alloc(&now, &y->plan.shape, &err), 0);
  ck_assert_int_eq(xt_engine_ref.get_snapshot(y->tile.t, &now), 0);
  double got = 0, want = 0;
  for (int t = 0; t < 3000; t++) {
    for (int k = 0; k < batch; k++) ck_assert_msg(!tr_net_train(&net, x, 2, pool, 0, 1, &res, &err), "%s", err.text);
    struct xt_snapshot after = now;
    ck_assert_int_eq(tr_snapshot_alloc(&after, &y->plan.shape, &err), 0);
    ck_assert_int_eq(xt_engine_ref.get_snapshot(y->tile.t, &after), 0);
    const double unit = ldexp(1, -(7 + y->dexp));
    for (int i = 0; i <= IN; i++)
      for (int j = 0; j < m; j++) {
        const int at = i * m + j, sign = y->x[i] * y->d[j];
        got += after.w[XT_PLANE_C][at] != now.w[XT_PLANE_C][at];
        want += (sign < 0) == (now.w[XT_PLANE_C][at] < 0) && sign ? -expm1(-lr * abs(sign) / 127. * unit) : 0;
        after.w[XT_PLANE_C][at] = now.w[XT_PLANE_C][at];
      }
    ck_assert_int_eq(xt_engine_ref.set_snapshot(y->tile.t, &after), 0);
    tr_snapshot_free(&after);
  }
  printf("%s, batches, lr %g: %.0f flips, %.0f wanted\n", cells[_i % 2], lr, got, want);
  ck_assert_double_gt(got, 1000);
  ck_assert_double_eq_tol(got / want, 1, .2); /* amplitudes and rate are half octaves */
  tr_snapshot_free(&now);
}
END_TEST

/* A sum that the accumulator has no room for is clipped, and told. */
START_TEST(clipped_sums) {
  open_net(
      "network: {hidden: []}\ntile: {cell: gated}\nalgorithm: {name: mtj, lr: 100}\n"
      "mtj: {gain: .1, batch: 100, momentum: .96875, sum_bits: 12}\n");
  struct tr_layer *l = &net.layer[0];
  struct xt_snapshot s;
  struct tr_result res;
  ck_assert_int_eq(tr_snapshot_alloc(&s, &l->plan.shape, &err), 0);
  ck_assert_int_eq(xt_engine_ref.get_snapshot(l->tile.t, &s), 0);
  for (int k = 0; k < (IN + 1) * OUT; k++) s.acc[k] = k % 2 ? 2047 : -2047;
  ck_assert_int_eq(xt_engine_ref.set_snapshot(l->tile.t, &s), 0);
  for (int t = 0; t < 4; t++)
    ck_assert_msg(!tr_net_train(&net, sample_of(t), (uint16_t)(t % OUT), pool, 0, 1, &res, &err), "%s", err.text);
  ck_assert_uint_gt(l->clipped, 0);
  tr_snapshot_free(&s);
}
END_TEST

/* One gang for all tiles of an xt_top, that of the layer with the smallest; a layer without a batch has MTJ_UPDATEs. */
START_TEST(common_to_all_tiles) {
  static const struct {
    const char *devices, *batch;
    int gang, bits;
  } rows[] = {
      {"[4, 2]", "[10, 10]", 1, 24}, {"[4, 4]", "[1, 10]", 2, 24}, {"[1, 8]", "10", 0, 24}, {"[4, 4]", "1", 0, 0}};
  char text[400];
  struct tr_result res;
  snprintf(text, sizeof text,
           "network: {hidden: [12], activation: relu}\ntile: {cell: gated}\nalgorithm: {name: mtj, lr: .5}\n"
           "mtj: {gain: .2, devices_per_weight: %s, batch: %s}\n",
           rows[_i].devices, rows[_i].batch);
  open_net(text);
  for (int k = 0; k < 2; k++) {
    ck_assert_int_eq(net.layer[k].plan.shape.acc_bits, rows[_i].bits);
    ck_assert_int_eq(net.layer[k].plan.shape.acc_gang, rows[_i].gang);
  }
  ck_assert_int_eq(tr_plan_op(&net.layer[0].plan), _i % 2 ? XT_OP_MTJ_UPDATE : XT_OP_ACCUMULATE);
  ck_assert_int_eq(tr_plan_op(&net.layer[1].plan), _i == 3 ? XT_OP_MTJ_UPDATE : XT_OP_ACCUMULATE);
  for (int t = 0; t < 25; t++)
    ck_assert_msg(!tr_net_train(&net, sample_of(t), (uint16_t)(t % OUT), pool, 0, 1, &res, &err), "%s", err.text);
  ck_assert_uint_eq(net.layer[1].batched, _i == 3 ? 0 : 5);
}
END_TEST

/* V^2 G t of every pulse, from the keys: tau(V) = tau0 exp(Delta (1 - V/Vc0)) is `full_scale` times shorter than the
 * longest pulse at full scale; a code is half an octave of the rate less; each of the two states has its conductance.
 */
START_TEST(energy_is_v2_g_t) {
  static const struct {
    const char *cell;
    double delta, vc0, vc0_down, tau0, cycle, full, g, tmr;
    int width;
  } rows[] = {{"gated", 40, .5, .5, 1, 5, 1, 2e-4, 1, 1},
              {"gated", 30, .6, .66, 2, 4, .5, 1e-5, .5, 2},
              {"passive", 40, .5, .5, 1, 5, .2, 2e-4, 1, 1},
              {"passive", 12, .3, .27, 1, 10, .5, 3e-4, 2, 3}};
  const double delta = rows[_i].delta, vc0[2] = {rows[_i].vc0_down, rows[_i].vc0};
  const int gated = _i < 2;
  static const int8_t powers[] = {64, 0, 1, 2, 4, 8, 16, 32, 0};
  char text[500];
  snprintf(
      text, sizeof text,
      "network: {hidden: []}\ntile: {cell: %s, code_bits: 8, pulse_width: %d}\nalgorithm: {name: mtj, lr: %g}\n"
      "mtj: {gain: .1, delta: %g, vc0: %g, vc0_down: %g, tau0_ns: %g, cycle_ns: %g, full_scale: %g, g_parallel: %g, "
      "tmr: %g}\n",
      rows[_i].cell, rows[_i].width, rows[_i].full / 4, delta, rows[_i].vc0, rows[_i].vc0_down, rows[_i].tau0,
      rows[_i].cycle, rows[_i].full, rows[_i].g, rows[_i].tmr);
  open_net_with(text, (struct xt_engine_opts){.device_counts = 1});
  struct tr_layer *y = &net.layer[0];
  const int n = IN + 1, m = OUT, rate = (int)tr_regs_get(&y->rates.regs, XT_CSR_MTJ_RATE);
  const double cycle = 1e-9 * rows[_i].cycle, pulse = rows[_i].width * rows[_i].cycle * (gated ? 127 : 1); /* s; ns */
  const double full = rows[_i].vc0 * (1 - log(pulse / (rows[_i].full * rows[_i].tau0)) / delta);
  struct xt_snapshot s;
  struct tr_rng r;
  double joules = 0;
  uint64_t flips = 0, pulses = 0;
  int32_t *was = tr_alloc((size_t)(n * m), sizeof *was, &err);
  int8_t x[IN + 1], d[OUT];
  tr_rng_init(&r, test_seed(), TR_STREAM_INIT, 7);
  ck_assert_int_eq(tr_snapshot_alloc(&s, &y->plan.shape, &err), 0);
  for (int t = 0; t < 400; t++) {
    const int up = t % 2;
    for (int i = 0; i < n; i++) x[i] = i ? powers[tr_rng_below(&r, sizeof powers)] : 64;
    for (int j = 0; j < m; j++) d[j] = (int8_t)(j ? tr_rng_range(&r, 0, 127) * (up ? -1 : 1) : up ? -127 : 127);
    ck_assert_int_eq(y->tile.engine->get_snapshot(y->tile.t, &s), 0);
    memcpy(was, s.w[XT_PLANE_C], (size_t)(n * m) * sizeof *was);
    ck_assert_msg(!tr_tile_update_begin(&y->tile, XT_OP_MTJ_UPDATE, x, d, 0, &err), "%s", err.text);
    ck_assert_msg(!tr_tile_update_end(&y->tile, NULL, &err), "%s", err.text);
    ck_assert_int_eq(y->tile.engine->get_snapshot(y->tile.t, &s), 0);
    for (int k = 0; k < n * m; k++) {
      const int xi = x[k / m], dj = abs(d[k % m]);
      flips += was[k] != s.w[XT_PLANE_C][k];
      if (gated ? !xi || !dj : !xi && !dj) continue;
      pulses++;
      const double whole = xi && dj ? full : full / 2, octave = M_LN2 * vc0[up] / delta;
      double volts = whole;
      if (xi && !gated) volts -= octave * half_octaves(xi) / 2;
      if (dj) volts -= octave * (half_octaves(dj) + rate) / 2;
      if (volts < 0) volts = 0;
      const double siemens = was[k] > 0 ? rows[_i].g : rows[_i].g / (1 + rows[_i].tmr);
      joules += volts * volts * siemens * cycle * rows[_i].width * (gated ? xi : 1);
    }
  }
  struct tr_switching o;
  ck_assert_int_eq(tr_switching_of(&cfg, y, &o), 0);
  printf("%s: %.6g J, %.6g J by hand; %llu flips\n", rows[_i].cell, o.joules, joules, (unsigned long long)flips);
  ck_assert_double_eq_tol(o.joules / joules, 1, 1e-9);
  ck_assert_double_eq_tol(o.seconds, 400 * pulse * 1e-9, 1e-12);
  ck_assert_uint_eq(o.selected + o.half, pulses);
  ck_assert_uint_eq(o.flips + o.disturbed, flips);
  ck_assert_uint_gt(flips, 50);
  uint64_t devices = 0;
  for (int k = 0; k < TR_FLIP_BINS; k++) devices += o.bin[k];
  ck_assert_uint_eq(devices, o.devices);
  ck_assert_uint_eq(o.devices, n * m);
  ck_assert_int_gt(o.bins, 1);
  ck_assert_uint_eq(o.most >> (o.bins - 2), 1); /* bin k: from 2^(k-1) on */
  tr_snapshot_free(&s);
  free(was);
}
END_TEST

/* Binary layers and others in one network, each by its own algorithm. */
START_TEST(mixed_networks) {
  static const char *const names[] = {"[mtj, shd]", "[sgd, mtj]", "[mtj, sgd]", "[ttv1, mtj]"};
  static const int binary[] = {0, 1, 0, 1};
  char text[400];
  snprintf(text, sizeof text,
           "network: {hidden: [12]}\ntile: {cell: %s}\nalgorithm: {name: %s, transfer_every: 1}\nmtj: {gain: .25}\n",
           _i / 4 ? "passive" : "gated", names[_i % 4]);
  open_net(text);
  const int k = binary[_i % 4];
  for (int l = 0; l < 2; l++) ck_assert_int_eq(net.layer[l].plan.shape.mtj, 1); /* common to the tiles of one xt_top */
  ck_assert_int_eq(net.layer[k].plan.array.dev[XT_PLANE_C].law, XT_LAW_MTJ);
  ck_assert_int_eq(net.layer[1 - k].plan.array.dev[XT_PLANE_C].law, XT_LAW_LINEAR);
  double before[2][(IN + 1) * HID], after[2][(IN + 1) * HID];
  struct tr_result res;
  int8_t x[IN];
  for (int l = 0; l < 2; l++) weights(l, before[l]);
  for (int t = 0; t < 60; t++) {
    for (int i = 0; i < IN; i++) x[i] = (int8_t)((i * 7 + t * 13) % 127 - 63);
    ck_assert_msg(!tr_net_train(&net, x, (uint16_t)(t % OUT), pool, 0, 1, &res, &err), "%s", err.text);
  }
  for (int l = 0; l < 2; l++) {
    weights(l, after[l]);
    ck_assert_int_ne(memcmp(before[l], after[l], sizeof(double) * (size_t)(l ? (HID + 1) * OUT : (IN + 1) * HID)), 0);
  }
  char *said = tr_config_value(&cfg, tr_key_find("algorithm.name"), &err);
  ck_assert_ptr_nonnull(strstr(said, "\"mtj\""));
  ck_assert_int_eq(said[0], '[');
  free(said);
}
END_TEST

/* ---------------------------------------------------------------- whole runs */

static const char small[] =
    "data: {kind: digits, size: 8, train_samples: 600, test_samples: 200, noise: 20}\n"
    "network: {hidden: [%s], activation: relu, output: softmax}\n"
    "tile: {cell: %s, read: bit_serial, w_scale_log2: 1, range_forward: 4}\n"
    "algorithm: {name: %s, lr: .03, lr_decay: .8}\nmtj: {devices_per_weight: 16, gain: %s}\nrun: {epochs: 4}\n";

/* From "switching:" on; to be freed. */
static char *switching_of(const char *folder, const char *run) {
  char path[300];
  size_t n = 0;
  snprintf(path, sizeof path, "%s/%s/summary.yaml", folder, run);
  unsigned char *text = file_read(path, &n);
  char *whole = strndup((const char *)text, n), *part = strstr(whole, "\nswitching:\n");
  ck_assert_msg(part != NULL, "no section switching in %s", path);
  part = strdup(part);
  free(whole);
  free(text);
  return part;
}

START_TEST(resumed_runs) {
  char folder[256];
  struct cli c;
  folder_make(folder);
  file_write(folder, "m.yaml", small, "12", _i ? "passive" : "gated", _i ? "mtj" : "[mtj, sgd]", "[.5, 1]");
  cli_start(&c, folder, "train %s/m.yaml -q --out %s/a", folder, folder);
  cli_expect(&c, 0);
  cli_start(&c, folder, "train %s/m.yaml -q --out %s/b --epochs 1", folder, folder);
  cli_expect(&c, 0);
  cli_start(&c, folder, "train %s/m.yaml -q --out %s/b --resume --threads 2", folder, folder);
  cli_expect(&c, 0);
  cli_start(&c, folder, "compare %s/a/checkpoint.h5 %s/b/checkpoint.h5", folder, folder);
  cli_expect(&c, 0);
  cli_start(&c, folder, "eval %s/a/checkpoint.h5", folder);
  cli_expect(&c, 0);
  cli_start(&c, folder, "info %s/m.yaml", folder);
  cli_expect(&c, 0);
  ck_assert_ptr_nonnull(strstr(c.out, "binary devices, 16 a weight of +-0.5"));
  ck_assert_ptr_nonnull(strstr(c.out, "MTJ_UPDATE"));
  char *whole = switching_of(folder, "a"), *parts = switching_of(folder, "b");
  ck_assert_str_eq(whole, parts);
  ck_assert_ptr_nonnull(strstr(whole, "counted_from_sample: 0\n"));
  free(whole);
  free(parts);
  folder_remove(folder);
}
END_TEST

/* An engine that does not count says so; counting begins where another one goes on; such checkpoints are equal. */
START_TEST(engines_that_do_not_count) {
  char folder[256], *said;
  struct cli c;
  folder_make(folder);
  file_write(folder, "m.yaml",
             "data: {kind: digits, size: 8, train_samples: 20, test_samples: 20}\nnetwork: {hidden: []}\n"
             "tile: {cell: gated}\nalgorithm: {name: mtj, lr: .1}\nrun: {epochs: 2}\n");
  cli_start(&c, folder, "train %s/m.yaml -q --out %s/a --epochs 1", folder, folder);
  cli_expect(&c, 0);
  ck_assert_ptr_nonnull(strstr(c.out, "\nendurance        devices by flips 0: "));
  cli_start(&c, folder, "train %s/m.yaml -q --out %s/b --epochs 1 --engine status", folder, folder);
  cli_expect(&c, 0);
  ck_assert_ptr_nonnull(strstr(c.out, "\ndevices          flips and energy are not counted by engine status\n"));
  said = switching_of(folder, "b");
  ck_assert_str_eq(said, "\nswitching:\n  not_counted_by: status\n");
  free(said);
  cli_start(&c, folder, "compare %s/a/checkpoint.h5 %s/b/checkpoint.h5", folder, folder);
  cli_expect(&c, 0);
  cli_start(&c, folder, "train %s/m.yaml -q --out %s/b --resume", folder, folder);
  cli_expect(&c, 0);
  ck_assert_ptr_nonnull(strstr(c.out,
                               "devices are counted from sample 20 on: before, the run was on an engine that does "
                               "not\n"));
  said = switching_of(folder, "b");
  ck_assert_ptr_nonnull(strstr(said, "counted_from_sample: 20\n"));
  free(said);
  cli_start(&c, folder, "train %s/m.yaml -q --out %s/a --resume", folder, folder);
  cli_expect(&c, 0);
  cli_start(&c, folder, "compare %s/a/checkpoint.h5 %s/b/checkpoint.h5", folder, folder);
  cli_expect(&c, 0);
  folder_remove(folder);
}
END_TEST

/* Batches that end in neither epoch, of two lengths: a run that is resumed within both is the same. */
START_TEST(resumed_batches) {
  static const char batches[] =
      "data: {kind: digits, size: 8, train_samples: 300, test_samples: 100, noise: 20}\n"
      "network: {hidden: [12], activation: relu, output: softmax}\n"
      "tile: {cell: %s, read: bit_serial, w_scale_log2: 1, range_forward: 4}\n"
      "algorithm: {name: mtj, lr: [1, 2], lr_decay: .8}\n"
      "mtj: {devices_per_weight: 4, gain: [.5, 1], batch: [7, 11], momentum: [0, .75]}\nrun: {epochs: 3%s}\n";
  char folder[256];
  struct cli c;
  folder_make(folder);
  file_write(folder, "m.yaml", batches, _i ? "passive" : "gated", _i ? ", checkpoint_every: 50" : "");
  cli_start(&c, folder, "train %s/m.yaml --out %s/a", folder, folder);
  cli_expect(&c, 0);
  ck_assert_ptr_nonnull(strstr(c.out, "accumulator      layer 0: 18720 bits, batch 7, 4 of the next done; 0 rows"));
  ck_assert_ptr_nonnull(strstr(c.out, "accumulator      layer 1: 3120 bits, batch 11, 9 of the next done; 0 rows"));
  cli_start(&c, folder, "train %s/m.yaml -q --out %s/b --epochs 1", folder, folder);
  cli_expect(&c, 0);
  cli_start(&c, folder, "train %s/m.yaml -q --out %s/b --resume --threads 2", folder, folder);
  cli_expect(&c, 0);
  cli_start(&c, folder, "compare %s/a/checkpoint.h5 %s/b/checkpoint.h5", folder, folder);
  cli_expect(&c, 0);
  cli_start(&c, folder, "compare %s/a/summary.yaml %s/b/summary.yaml", folder, folder);
  cli_start(&c, folder, "info %s/m.yaml", folder);
  cli_expect(&c, 0);
  ck_assert_ptr_nonnull(strstr(c.out, "accumulator: 65 x 12 sums of 24 bits, 18720 bits; a batch of 7, momentum 0"));
  ck_assert_ptr_nonnull(strstr(c.out, "accumulator: 13 x 10 sums of 24 bits, 3120 bits; a batch of 11, momentum 0.75"));
  ck_assert_ptr_nonnull(strstr(c.out, "cycles: ACCUMULATE 69, ACC_UPDATE 132 to "));
  folder_remove(folder);
}
END_TEST

/* Flips of devices by reads, evaluation or not, are counted, and no number of threads changes them. */
START_TEST(reads_flip_devices) {
  char folder[256], *said[2];
  struct cli c;
  folder_make(folder);
  file_write(folder, "m.yaml",
             "data: {kind: digits, size: 8, train_samples: 200, test_samples: 200}\nnetwork: {hidden: [8], output: "
             "softmax}\ntile: {cell: gated}\nalgorithm: {name: mtj, lr: .02}\n"
             "mtj: {gain: .5, devices_per_weight: 4, read_voltage: .34}\nrun: {epochs: 2}\n");
  for (int k = 0; k < 2; k++) {
    char run[8];
    snprintf(run, sizeof run, "r%d", k);
    cli_start(&c, folder, "train %s/m.yaml -q --out %s/%s --threads %d", folder, folder, run, 1 + 2 * k);
    cli_expect(&c, 0);
    said[k] = switching_of(folder, run);
  }
  ck_assert_str_eq(said[0], said[1]);
  const char *at = strstr(said[0], "read_flips: ");
  ck_assert_ptr_nonnull(at);
  ck_assert_int_gt(atoi(at + strlen("read_flips: ")), 20);
  cli_start(&c, folder, "compare %s/r0/checkpoint.h5 %s/r1/checkpoint.h5", folder, folder);
  cli_expect(&c, 0);
  for (int k = 0; k < 2; k++) free(said[k]);
  folder_remove(folder);
}
END_TEST

/* A voltage divider of physical conductances, GP/GAP = 1 + TMR whatever mtj.gain is: in every slot the voltage over a
 * column's load and over that of the reference column; z is their difference, in weights. */
START_TEST(loads_are_dividers) {
  static const struct {
    const char *cell, *read;
    double devices, tmr, gain; /* load: of so many mean devices */
  } rows[] = {{"passive", "pulse_width", 21, 1, .5}, {"passive", "bit_serial", 2, 3, .4},
              {"passive", "bit_serial", 1, .5, .35}, {"gated", "pulse_width", 6, 2.2, .5},
              {"gated", "bit_serial", 2, 1, .6},     {"gated", "bit_serial", 1, 5, .35},
              {"passive", "bit_serial", 2e4, 1, .5}, {"passive", "bit_serial", 2, 3, .06}};
  enum { N = IN + 1, BITS = 7, TRIES = 30, CMAX = 127 };
  const double load = rows[_i].devices / N, gain = rows[_i].gain, ap = 1e-4, par = ap * (1 + rows[_i].tmr),
               mid = (par + ap) / 2;
  const int serial = strcmp(rows[_i].read, "bit_serial") == 0, all = strcmp(rows[_i].cell, "passive") == 0;
  const int octaves = all ? (int)lround(log2(1 + 1 / load)) : 0; /* part of the range */
  double w[N * OUT], largest = 0;
  struct tr_rng r;
  struct tr_result res;
  char text[400];
  snprintf(text, sizeof text,
           "network: {hidden: [], output: logistic}\n"
           "tile: {cell: %s, read: %s, adc_bits: 12, code_bits: 8, range_forward: %d}\n"
           "algorithm: {name: mtj}\nmtj: {gain: %g, tmr: %g}\nfront_end: {load: %.9g}\n",
           rows[_i].cell, rows[_i].read, gain < .1 ? 0 : 3, gain, rows[_i].tmr, load);
  open_net(text);
  tr_rng_init(&r, test_seed(), TR_STREAM_INIT, 99);
  for (int t = 0; t < TRIES; t++) {
    int8_t x[N];
    for (int i = 0; i < IN; i++) x[i] = (int8_t)tr_rng_range(&r, -CMAX, CMAX);
    x[IN] = CMAX; /* the bias */
    weights(0, w);
    ck_assert_msg(!tr_net_train(&net, x, (uint16_t)tr_rng_below(&r, OUT), pool, 0, 0, &res, &err), "%s", err.text);
    for (int j = 0; j < OUT; j++) {
      double volts = 0;
      for (int slot = 0; slot < (serial ? BITS : CMAX); slot++) {
        double here = 0, ref = 0, connected = 0, ref_connected = 0;
        for (int i = 0; i < N; i++) {
          const int driven = serial ? abs(x[i]) >> slot & 1 : abs(x[i]) > slot;
          const double g = w[i * OUT + j] > 0 ? par : ap;
          ck_assert_double_eq_tol(fabs(w[i * OUT + j]), gain, 1e-3 * gain);
          if (all || driven) connected += g, ref_connected += mid;
          if (driven) here += x[i] > 0 ? g : -g, ref += x[i] > 0 ? mid : -mid;
        }
        volts += ldexp(here / (load * N * mid + connected) - ref / (load * N * mid + ref_connected), serial ? slot : 0);
      }
      const double z = ldexp(volts, octaves) * load * N * mid / CMAX * gain / ((par - ap) / 2);
      const double p = net.p[j] / 65536., got = log(p / (1 - p));
      ck_assert_double_eq_tol(got, z, gain < .1 ? .001 : .004);
      largest = fmax(largest, fabs(z));
    }
  }
  ck_assert_double_gt(largest, gain / 4);
}
END_TEST

/* States of a run copied to the same array with loads: of one far above all devices the same answers, of a small one
 * without transistors others. */
START_TEST(onto_loads) {
  char folder[256];
  struct cli c;
  static const char *const values[] = {"0", "1000", "0.02"};
  char said[3][80];
  folder_make(folder);
  file_write(folder, "m.yaml", small, "", "passive", "mtj", "1.5");
  cli_start(&c, folder, "train %s/m.yaml -q --out %s/a", folder, folder);
  cli_expect(&c, 0);
  for (int k = 0; k < 3; k++) {
    cli_start(&c, folder, "eval %s/a --onto front_end.load=%s", folder, values[k]);
    cli_expect(&c, 0);
    const char *at = strstr(c.out, "test accuracy ");
    ck_assert_ptr_nonnull(at);
    snprintf(said[k], sizeof said[k], "%s", at + strlen("test accuracy "));
  }
  printf("onto loads of 0, 1000, .02: %.7s, %.7s, %.7s\n", said[0], said[1], said[2]);
  ck_assert_double_eq_tol(atof(said[1]), atof(said[0]), 2);
  ck_assert_double_gt(atof(said[0]), atof(said[2]) + 3);
  folder_remove(folder);
}
END_TEST

/* It learns: gangs of 16 without a hidden layer, far above chance (10 %). */
START_TEST(learns) {
  char folder[256], *accuracy;
  struct cli c;
  folder_make(folder);
  file_write(folder, "m.yaml", small, "", _i ? "passive" : "gated", "mtj", "1.5");
  cli_start(&c, folder, "train %s/m.yaml --out %s/a", folder, folder);
  cli_expect(&c, 0);
  ck_assert_ptr_nonnull(accuracy = strstr(c.out, "test accuracy"));
  printf("%.40s\n", accuracy);
  ck_assert_double_gt(strtod(accuracy + strlen("test accuracy"), NULL), 40);
  folder_remove(folder);
}
END_TEST

/* States of devices copied to others: the same side of each, at that one's resistance; stuck ones do not follow. */
START_TEST(transferred) {
  enum { DEVICES = (IN + 1) * HID * 4 };
  static int32_t was[DEVICES], to[DEVICES], other[DEVICES];
  static const char devices[] =
      "tile: {cell: gated}\nalgorithm: {name: mtj}\nmtj: {gain: .5, devices_per_weight: 4%s}\n";
  struct tr_plan a, b;
  char text[200];
  snprintf(text, sizeof text, devices, "");
  plan(text, &a);
  snprintf(text, sizeof text, devices, ", resistance_dtod: .03, corrupt_devices_prob: .2");
  plan(text, &b);
  struct tr_rng r;
  tr_rng_init(&r, test_seed(), TR_STREAM_INIT, 5);
  for (int k = 0; k < DEVICES; k++) {
    was[k] = to[k] = tr_rng_below(&r, 2) ? 16384 : -16384;
    other[k] = -was[k];
  }
  ck_assert_int_eq(tr_mtj_transfer(&a, &b, to, &err), 0);
  ck_assert_int_eq(tr_mtj_transfer(&a, &b, other, &err), 0);
  int stuck = 0, high = 0;
  double sum = 0, sum2 = 0;
  for (int k = 0; k < DEVICES; k++) {
    if (to[k] == other[k]) {
      stuck++;
      continue;
    }
    ck_assert_int_gt((to[k] > 0 ? 1 : -1) * was[k], 0);
    ck_assert_int_lt((other[k] > 0 ? 1 : -1) * was[k], 0);
    if (to[k] < 0) continue;
    high++;
    sum += to[k] / 16384.;
    sum2 += (to[k] / 16384. - 1) * (to[k] / 16384. - 1);
  }
  ck_assert_double_eq_tol(stuck, .2 * DEVICES, 4 * sqrt(.16 * DEVICES));
  ck_assert_double_eq_tol(sum / high, 1, 4 * .12 / sqrt(high));
  ck_assert_double_eq_tol(sqrt(sum2 / high), .12, .02); /* 2 sigma (1 + TMR)/TMR */
  memcpy(other, to, sizeof to);
  ck_assert_int_eq(tr_mtj_transfer(&b, &a, other, &err), 0); /* and back */
  int differ = 0;
  for (int k = 0; k < DEVICES; k++) differ += other[k] != was[k];
  ck_assert_int_le(differ, stuck);
}
END_TEST

START_TEST(eval_onto) {
  char folder[256], *ideal;
  struct cli c;
  folder_make(folder);
  file_write(folder, "m.yaml", small, "", "gated", "mtj", "1.5");
  file_write(folder, "x.yaml", small, "8", "gated", "[mtj, sgd]", "1.5");
  cli_start(&c, folder, "train %s/m.yaml -q --out %s/a", folder, folder);
  cli_expect(&c, 0);
  cli_start(&c, folder, "eval %s/a", folder);
  cli_expect(&c, 0);
  ck_assert_ptr_nonnull(ideal = strdup(strstr(c.out, "test accuracy")));
  cli_start(&c, folder, "eval %s/a --threads 2 --onto mtj.resistance_dtod=0", folder);
  cli_expect(&c, 0);
  ck_assert_ptr_nonnull(strstr(c.out, "on other devices"));
  ck_assert_ptr_nonnull(strstr(c.out, ideal)); /* devices without a spread are the same ones */
  cli_start(&c, folder, "eval %s/a --onto mtj.corrupt_devices_prob=.95", folder);
  cli_expect(&c, 0);
  ck_assert_double_lt(strtod(strstr(c.out, "test accuracy") + 13, NULL), strtod(ideal + 13, NULL) - 10);
  cli_start(&c, folder, "eval %s/a --onto mtj.delta=20", folder);
  ck_assert_int_eq(cli_wait(&c), 2);
  ck_assert_ptr_nonnull(
      strstr(c.err, "'mtj.delta=20': mtj.resistance_dtod, mtj.tmr, mtj.corrupt_devices_prob and front_end.load can"));
  cli_start(&c, folder, "train %s/x.yaml -q --out %s/x --epochs 0", folder, folder);
  cli_expect(&c, 0);
  cli_start(&c, folder, "eval %s/x --onto mtj.tmr=2", folder);
  cli_expect_line(&c, 2, "--onto: layer 1 is of algorithm sgd; states are copied of binary devices (mtj)");
  free(ideal);
  folder_remove(folder);
}
END_TEST

/* ---------------------------------------------------------------- refusals, warnings */

#define MTJ "tile: {cell: gated}\nalgorithm: {name: mtj}\n"
static const struct {
  const char *text, *words;
} bad[] = {
    {"algorithm: {name: mtj}\n", "tile.cell: half with algorithm mtj; gated (1T1R) or passive (1R) is allowed"},
    {MTJ "mtj: {devices_per_weight: 3}\n", "mtj.devices_per_weight: 3 is no power of two"},
    {MTJ "mtj: {gain: 1.5}\n", "mtj.gain: 1.5 is beyond a full-scale state (1): raise tile.w_scale_log2"},
    {MTJ "mtj: {gain: 0}\n", "mtj.gain: 0 is less than one state unit (3.05176e-05)"},
    {MTJ "network: {init: .5}\n", "network.init: 0.5 with algorithm mtj; binary devices start as they were made"},
    {"tile: {cell: passive}\nalgorithm: {name: mtj}\nmtj: {tau0_ns: 10}\n",
     "mtj.full_scale: 1 of pulses of 5 ns needs a voltage above mtj.vc0; up to 0.5 is allowed"},
    {MTJ "mtj: {delta: 5}\n", "mtj.delta: 5 is so little that devices flip without a voltage"},
    {"tile: {cell: passive}\nalgorithm: {name: mtj}\nmtj: {shared_source_lines: true}\n",
     "mtj.shared_source_lines: true with tile.cell passive; only gated cells have any"},
    {MTJ "mtj: {resistance_dtod: 1, tmr: .1}\n", "mtj.resistance_dtod: 1 is out of range: 0 to 0.4545 is allowed"},
    {"tile: {cell: gated}\nalgorithm: {name: mtj, lr: 0}\n",
     "algorithm.lr: 0 with algorithm mtj: nothing would be learned"},
    {"tile: {cell: gated}\nalgorithm: {name: mtj, lr: 1.5}\n",
     "algorithm.lr: 1.5 is more than a full-scale pulse does: up to mtj.full_scale (1) is allowed"},
    {"tile: {cell: gated}\nalgorithm: {name: mtj, lr: 1e-12}\n",
     "algorithm.lr: 1e-12 in layer 0 is out of range: 3.293e-10 to 1 is allowed"},
    {"tile: {cell: gated}\nalgorithm: {name: mtj}\nmtj: {devices_per_weight: 64}\nnetwork: {hidden: 600}\n",
     "layer 0 has 20 + 1 inputs and 38400 columns; at most 32768 lines each are allowed"},
    {MTJ "mtj: {batch: 10, momentum: .99}\n",
     "mtj.momentum: 0.99 in layer 0 is neither 0 nor 1 - 2^-k with k of 1 to 15; 0.984375 and 0.9921875 are next to "
     "it"},
    {MTJ "mtj: {momentum: .2}\n",
     "mtj.momentum: 0.2 in layer 0 is neither 0 nor 1 - 2^-k with k of 1 to 15; 0 and 0.5"},
    {MTJ "mtj: {momentum: 1}\n", "mtj.momentum: 1 in layer 0: up to 1 - 2^-15 = 0.999969482421875 is allowed"},
    {"algorithm: {name: sgd}\nmtj: {batch: 2}\n",
     "mtj.batch: an accumulator in layer 0, whose algorithm is sgd; only algorithm mtj has one"},
    {"mtj: {momentum: .5}\n", "mtj.momentum: an accumulator in layer 0, whose algorithm is shd; only algorithm mtj"},
    {"tile: {cell: gated}\nalgorithm: {name: mtj, lr: 1e-12}\nmtj: {batch: 2}\n",
     "algorithm.lr: 1e-12 in layer 0 is out of range: "},
    {MTJ "mtj: {read_voltage: .5}\n", "mtj.read_voltage: 0.5 V is no less than the critical voltage (0.5)"},
    {MTJ "front_end: {load: 1e-4}\n", "front_end.load: 0.0001 cannot be set: 0 or 0.00298 to "},
    {MTJ "front_end: {load: 1e6}\n", "front_end.load: 1e+06 cannot be set: 0 or 0.00298 to "},
    {"tile: {cell: passive, range_forward: -8}\nalgorithm: {name: mtj}\nfront_end: {load: .02}\n",
     "tile.range_forward: -8 is out of range: "},
    {"device: {C: {model: mtj}}\n", "device.C.model: 'mtj' belongs to algorithm mtj: section mtj"}};

START_TEST(refuses) {
  ck_assert_msg(!parse(bad[_i].text), "%s", err.text);
  ck_assert_int_ne(tr_net_make(&cfg, IN, OUT, &net, &err), 0);
  ck_assert_int_eq(err.code, TR_EXIT_CONFIG);
  ck_assert_msg(strstr(err.text, bad[_i].words) != NULL, "'%s' does not say '%s'", err.text, bad[_i].words);
}
END_TEST

START_TEST(warns_of_reads) {
  char folder[256];
  struct cli c;
  folder_make(folder);
  file_write(folder, "m.yaml",
             "data: {kind: digits, size: 8, train_samples: 100, test_samples: 10}\nnetwork: {hidden: []}\n"
             "tile: {cell: gated}\nalgorithm: {name: mtj}\nmtj: {read_voltage: %s}\n",
             _i ? ".35" : ".3");
  cli_start(&c, folder, "train %s/m.yaml -q --out %s/a", folder, folder);
  cli_expect(&c, 0);
  ck_assert_int_eq(strstr(c.err, "warning: mtj.read_voltage: the reads of an epoch flip 0.18 of the devices") != NULL,
                   _i);
  folder_remove(folder);
}
END_TEST

START_TEST(names) {
  ck_assert_int_ne(parse("algorithm: {name: [mtj, adam]}\n"), 0);
  ck_assert_ptr_nonnull(strstr(err.text, "algorithm.name: 'adam' is unknown; allowed: shd, ttv1, residual, sgd, mtj"));
  ck_assert_int_ne(parse("algorithm: {name: [mtj, shd, sgd]}\n"), 0);
  ck_assert_ptr_nonnull(strstr(err.text, "algorithm.name: 3 values; 1 or one per layer (2) is allowed"));
}
END_TEST

/* A Delta at which half-selected devices break the learning: a warning with the ratio and the bound; and none where it
 * is high enough, or a transistor is there. */
START_TEST(warns) {
  static const struct {
    const char *cell, *delta;
    int warned;
  } rows[] = {{"passive", "40", 0}, {"passive", "14", 1}, {"gated", "14", 0}};
  char folder[256];
  struct cli c;
  folder_make(folder);
  file_write(folder, "m.yaml",
             "data: {kind: digits, size: 8, train_samples: 10, test_samples: 10}\nnetwork: {hidden: []}\n"
             "tile: {cell: %s}\nalgorithm: {name: mtj}\nmtj: {delta: %s, full_scale: .01}\n",
             rows[_i].cell, rows[_i].delta);
  cli_start(&c, folder, "train %s/m.yaml -q --out %s/a", folder, folder);
  cli_expect(&c, 0);
  ck_assert_int_eq(strstr(c.err, "warning: mtj.delta: half-selected devices of layer 0 flip at ") != NULL,
                   rows[_i].warned);
  if (rows[_i].warned) ck_assert_ptr_nonnull(strstr(c.err, "above 0.002 they undo what is learned\n"));
  folder_remove(folder);
}
END_TEST

/* A batch that the run ends before; not one that two epochs fill. */
START_TEST(warns_of_batches) {
  char folder[256];
  struct cli c;
  folder_make(folder);
  file_write(folder, "m.yaml",
             "data: {kind: digits, size: 8, train_samples: 10, test_samples: 10}\nnetwork: {hidden: []}\n" MTJ
             "mtj: {batch: %d}\nrun: {epochs: 2}\n",
             20 + _i);
  cli_start(&c, folder, "train %s/m.yaml -q --out %s/a", folder, folder);
  cli_expect(&c, 0);
  ck_assert_int_eq(strstr(c.err,
                          "warning: mtj.batch: 21 in layer 0 is more than the samples of all epochs (20): no "
                          "device is pulsed\n") != NULL,
                   _i);
  folder_remove(folder);
}
END_TEST

/* Every Delta that the key allows: where half a voltage would be less than the field can say, it says its most. */
START_TEST(high_barriers) {
  struct tr_plan p;
  plan("tile: {cell: passive}\nalgorithm: {name: mtj}\nmtj: {delta: 85}\n", &p);
  ck_assert_int_lt(p.array.dev[XT_PLANE_C].mtj_half, 16383);
  plan("tile: {cell: passive}\nalgorithm: {name: mtj}\nmtj: {delta: 200}\n", &p);
  ck_assert_int_eq(p.array.dev[XT_PLANE_C].mtj_half, 16383);
}
END_TEST

int main(void) {
  Suite *s = suite_create("train_mtj");
  TCase *t = tcase_create("all");
  tcase_set_timeout(t, 120);
  tcase_add_checked_fixture(t, setup, teardown);
  tcase_add_loop_test(t, fields_are_the_physics, 0, 3);
  tcase_add_test(t, spreads);
  tcase_add_loop_test(t, read_voltages, 0, 5);
  tcase_add_test(t, reads_flip_devices);
  tcase_add_loop_test(t, loads, 0, 5);
  tcase_add_loop_test(t, loads_are_dividers, 0, 8);
  tcase_add_test(t, onto_loads);
  tcase_add_loop_test(t, gangs_are_weights, 0, 4);
  tcase_add_loop_test(t, learning_rate, 0, 4);
  tcase_add_loop_test(t, batches_are_sums, 0, 2);
  tcase_add_loop_test(t, rate_of_batches, 0, 4);
  tcase_add_test(t, clipped_sums);
  tcase_add_loop_test(t, common_to_all_tiles, 0, 4);
  tcase_add_loop_test(t, resumed_batches, 0, 2);
  tcase_add_loop_test(t, energy_is_v2_g_t, 0, 4);
  tcase_add_loop_test(t, mixed_networks, 0, 8);
  tcase_add_loop_test(t, resumed_runs, 0, 2);
  tcase_add_test(t, engines_that_do_not_count);
  tcase_add_loop_test(t, learns, 0, 2);
  tcase_add_test(t, transferred);
  tcase_add_test(t, eval_onto);
  tcase_add_loop_test(t, refuses, 0, (int)(sizeof bad / sizeof *bad));
  tcase_add_test(t, names);
  tcase_add_loop_test(t, warns_of_reads, 0, 2);
  tcase_add_loop_test(t, warns, 0, 3);
  tcase_add_loop_test(t, warns_of_batches, 0, 2);
  tcase_add_test(t, high_barriers);
  suite_add_tcase(s, t);
  SRunner *r = srunner_create(s);
  srunner_run_all(r, CK_ENV);
  const int failed = srunner_ntests_failed(r);
  srunner_free(r);
  return failed != 0;
}
