/* SPDX-License-Identifier: Apache-2.0 */
/* The integer network on noiseless ideal tiles against a float model of the same network. */
#include <check.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "cli_run.h"
#include "net.h"
#include "rng.h"
#include "xt_dim.h"
#include "xt_noise.h"
#include "xt_ref.h"
#include "xt_snapshot.h"

enum { IN = 20, HID = 12, OUT = 5 };

static struct tr_config cfg;
static struct tr_net net;
static struct tr_err err;
static struct tr_pool *pool;

static const char ideal[] =
    "network: {hidden: [12]}\n"
    "tile: {range_forward: [2, 2], adc_bits: 12, code_bits: 8, prog_iterations: 60}\n"
    "algorithm: {name: sgd, lr: [0.01]}\n"
    "device:\n"
    "  C: {model: constant_step, dw_min: 0.001, dw_min_dtod: 0, dw_min_std: 0, w_max: 0.99, w_min: -0.99, w_max_dtod: "
    "0, w_min_dtod: 0}\n";

static void open_net(const char *text, const char *more) {
  char all[4096];
  uint64_t unfinished = 0;
  struct xt_engine_opts opts;
  memset(&opts, 0, sizeof opts);
  memset(&err, 0, sizeof err);
  snprintf(all, sizeof all, "%s%s", text, more);
  ck_assert_msg(!tr_config_parse(all, strlen(all), "test", NULL, &cfg, &err) && !tr_config_resolve(&cfg, &err), "%s",
                err.text);
  ck_assert_msg(!tr_net_make(&cfg, IN, OUT, &net, &err), "%s", err.text);
  ck_assert_msg(!tr_net_open(&net, &xt_engine_ref, &opts, -1, &err), "%s", err.text);
  ck_assert_msg(!tr_net_init(&net, &cfg, &unfinished, &err), "%s", err.text);
  pool = tr_pool_open(1, &err);
}

static void teardown(void) {
  tr_net_free(&net);
  tr_pool_close(pool);
  pool = NULL;
}

/* Weights of layer l: state of a plane times its scale. */
static void weights(int l, int plane, double *w) {
  struct xt_snapshot s;
  struct tr_layer *y = &net.layer[l];
  ck_assert_int_eq(tr_snapshot_alloc(&s, &y->plan.shape, &err), 0);
  ck_assert_int_eq(y->tile.engine->get_snapshot(y->tile.t, &s), 0);
  const size_t n = (size_t)y->plan.shape.n * (size_t)y->plan.shape.m;
  for (size_t k = 0; k < n; k++) w[k] = s.w[plane][k] * y->plan.w_scale / ldexp(1, y->plan.shape.state_bits - 1);
  tr_snapshot_free(&s);
}

struct model {
  double w0[(IN + 1) * HID], w1[(HID + 1) * OUT];
  double x[IN + 1], h[HID + 1], p[OUT], d1[OUT], d0[HID], loss;
};

static double act(const char *name, double z, double *slope) {
  if (strcmp(name, "tanh") == 0) {
    *slope = 1 - tanh(z) * tanh(z);
    return tanh(z);
  }
  if (strcmp(name, "sigmoid") == 0) {
    const double s = 1 / (1 + exp(-z));
    *slope = s * (1 - s);
    return s;
  }
  *slope = z > 0 && z < 1;
  return z < 0 ? 0 : z > 1 ? 1 : z;
}

static void model_run(struct model *m, const int8_t *x, int label) {
  const double cmax = (1 << (cfg.code_bits - 1)) - 1;
  double slope[HID], sum = 0, top = -1e9, z[OUT];
  for (int i = 0; i < IN; i++) m->x[i] = x[i] / cmax;
  m->x[IN] = m->h[HID] = 1;
  for (int j = 0; j < HID; j++) {
    double a = 0;
    for (int i = 0; i <= IN; i++) a += m->x[i] * m->w0[i * HID + j];
    m->h[j] = act(cfg.activation, a, &slope[j]);
  }
  for (int j = 0; j < OUT; j++) {
    z[j] = 0;
    for (int i = 0; i <= HID; i++) z[j] += m->h[i] * m->w1[i * OUT + j];
    if (z[j] > top) top = z[j];
  }
  const int softmax = strcmp(cfg.output, "softmax") == 0;
  for (int j = 0; j < OUT; j++) sum += exp(z[j] - top);
  m->loss = 0;
  for (int j = 0; j < OUT; j++) {
    m->p[j] = softmax ? exp(z[j] - top) / sum : 1 / (1 + exp(-z[j]));
    m->d1[j] = m->p[j] - (j == label);
    if (softmax ? j == label : 1) m->loss -= log(j == label ? m->p[j] : 1 - m->p[j]);
  }
  for (int i = 0; i < HID; i++) {
    double b = 0;
    for (int j = 0; j < OUT; j++) b += m->w1[i * OUT + j] * m->d1[j];
    m->d0[i] = b * slope[i];
  }
}

static void random_input(struct tr_rng *r, int8_t *x) {
  const int cmax = (1 << (cfg.code_bits - 1)) - 1;
  for (int i = 0; i < IN; i++) x[i] = (int8_t)tr_rng_range(r, -cmax, cmax);
}

/* Forward values, loss and both error vectors, for every activation and output. */
START_TEST(gradient_matches_float) {
  static const char *const acts[] = {"tanh", "sigmoid", "relu"}, *const outs[] = {"logistic", "softmax"};
  struct model m;
  struct tr_rng r;
  struct tr_result res;
  open_net(ideal, "");
  tr_net_free(&net);
  snprintf(cfg.activation, sizeof cfg.activation, "%s", acts[_i % 3]);
  snprintf(cfg.output, sizeof cfg.output, "%s", outs[_i / 3]);
  struct xt_engine_opts opts;
  memset(&opts, 0, sizeof opts);
  uint64_t unfinished = 0;
  ck_assert_int_eq(tr_net_make(&cfg, IN, OUT, &net, &err), 0);
  ck_assert_int_eq(tr_net_open(&net, &xt_engine_ref, &opts, -1, &err), 0);
  ck_assert_int_eq(tr_net_init(&net, &cfg, &unfinished, &err), 0);
  weights(0, XT_PLANE_C, m.w0);
  weights(1, XT_PLANE_C, m.w1);
  tr_rng_init(&r, test_seed(), TR_STREAM_INIT, 99);
  double dot = 0, nn = 0, mm = 0;
  for (int t = 0; t < 200; t++) {
    int8_t x[IN];
    const uint16_t label = (uint16_t)tr_rng_below(&r, OUT);
    random_input(&r, x);
    ck_assert_msg(!tr_net_train(&net, x, label, pool, 0, 0, &res, &err), "%s", err.text);
    model_run(&m, x, label);
    for (int j = 0; j < OUT; j++) ck_assert_double_le(fabs(net.p[j] / 65536.0 - m.p[j]), 0.02);
    ck_assert_double_le(fabs(res.loss / 65536.0 - m.loss), 0.1);
    const double unit1 = ldexp(1, -(7 + net.layer[1].dexp)), unit0 = ldexp(1, -(7 + net.layer[0].dexp));
    for (int j = 0; j < OUT; j++) ck_assert_double_le(fabs(net.layer[1].d[j] * unit1 - m.d1[j]), 0.02 + unit1);
    for (int j = 0; j < HID; j++) {
      const double got = net.layer[0].d[j] * unit0;
      dot += got * m.d0[j];
      nn += got * got;
      mm += m.d0[j] * m.d0[j];
    }
  }
  /* all errors of the hidden layer as one vector: direction and length */
  ck_assert_msg(dot / sqrt(nn * mm) > 0.995, "cosine %.5f", dot / sqrt(nn * mm));
  ck_assert_msg(fabs(sqrt(nn / mm) - 1) < 0.03, "length ratio %.4f", sqrt(nn / mm));
}
END_TEST

/* The mean change of all weights over many updates from the same state is -lr x d. */
START_TEST(update_is_minus_lr_x_d) {
  open_net(ideal, "");
  tr_net_free(&net);
  if (_i == 1) snprintf(cfg.pulse_type, sizeof cfg.pulse_type, "low_discrepancy");
  if (_i == 2) cfg.update_management = cfg.update_bl_management = 0;
  if (_i == 3) cfg.update_bl_management = 0;
  struct xt_engine_opts opts;
  memset(&opts, 0, sizeof opts);
  uint64_t unfinished = 0;
  ck_assert_int_eq(tr_net_make(&cfg, IN, OUT, &net, &err), 0);
  ck_assert_int_eq(tr_net_open(&net, &xt_engine_ref, &opts, -1, &err), 0);
  ck_assert_int_eq(tr_net_init(&net, &cfg, &unfinished, &err), 0);
  struct tr_rng r;
  struct tr_result res;
  int8_t x[IN];
  tr_rng_init(&r, test_seed(), TR_STREAM_INIT, 7);
  random_input(&r, x);
  struct xt_snapshot s[2], now;
  for (int l = 0; l < 2; l++) {
    ck_assert_int_eq(tr_snapshot_alloc(&s[l], &net.layer[l].plan.shape, &err), 0);
    ck_assert_int_eq(xt_engine_ref.get_snapshot(net.layer[l].tile.t, &s[l]), 0);
  }
  enum { REPEAT = 1500 };
  static double sum[2][(IN + 1) * HID];
  memset(sum, 0, sizeof sum);
  for (int t = 0; t < REPEAT; t++) {
    ck_assert_msg(!tr_net_train(&net, x, 2, pool, 0, 1, &res, &err), "%s", err.text);
    for (int l = 0; l < 2; l++) { /* the devices go back, the generators go on */
      const struct xt_shape *sh = &net.layer[l].plan.shape;
      ck_assert_int_eq(tr_snapshot_alloc(&now, sh, &err), 0);
      ck_assert_int_eq(xt_engine_ref.get_snapshot(net.layer[l].tile.t, &now), 0);
      for (int k = 0; k < sh->n * sh->m; k++) {
        sum[l][k] += (now.w[XT_PLANE_C][k] - s[l].w[XT_PLANE_C][k]) / 32768.0;
        now.w[XT_PLANE_C][k] = s[l].w[XT_PLANE_C][k];
      }
      ck_assert_int_eq(xt_engine_ref.set_snapshot(net.layer[l].tile.t, &now), 0);
      tr_snapshot_free(&now);
    }
  }
  for (int l = 0; l < 2; l++) {
    const struct tr_layer *y = &net.layer[l];
    const double unit = ldexp(1, -(7 + y->dexp));
    double gw = 0, ww = 0, gg = 0;
    for (int i = 0; i < y->plan.shape.n; i++)
      for (int j = 0; j < y->plan.shape.m; j++) {
        const double want = -0.01 * y->x[i] / 127.0 * y->d[j] * unit, got = sum[l][i * y->plan.shape.m + j] / REPEAT;
        gw += got * want;
        gg += got * got;
        ww += want * want;
      }
    ck_assert_msg(fabs(gw / ww - 1) < 0.03, "layer %d: slope %.4f", l, gw / ww);
    ck_assert_msg(gw / sqrt(gg * ww) > 0.98, "layer %d: cosine %.4f", l, gw / sqrt(gg * ww));
    tr_snapshot_free(&s[l]);
  }
}
END_TEST

/* PROGRAM brings the weights to uniform values in +-init. */
START_TEST(initial_weights_are_uniform) {
  open_net(ideal, "");
  static double w[(IN + 1) * HID];
  weights(0, XT_PLANE_C, w);
  const double a = sqrt(6.0 / (IN + HID));
  double mean = 0, var = 0, top = 0;
  const int n = (IN + 1) * HID;
  for (int k = 0; k < n; k++) {
    mean += w[k] / n;
    var += w[k] * w[k] / n;
    if (fabs(w[k]) > top) top = fabs(w[k]);
  }
  ck_assert_double_le(top, a * 1.02);
  ck_assert_double_ge(top, a * 0.9);
  ck_assert_double_le(fabs(mean), 4 * a / sqrt(3.0 * n));
  ck_assert_double_le(fabs(sqrt(3 * var) / a - 1), 0.1);
}
END_TEST

/* Zero-shift: A ends at its symmetry point, R at the same place, so A - R is near 0 while A is not. */
START_TEST(zero_shift_finds_the_zero) {
  static double a[(IN + 1) * HID], r[(IN + 1) * HID];
  open_net(
      "network: {hidden: [12]}\nalgorithm: {zero_shift_pairs: 4000}\n"
      "device:\n"
      "  A: {model: soft_bounds, dw_min: 0.004, up_down: 0.3, up_down_dtod: 0.1}\n"
      "  R: {dw_min: 0.001, dw_min_std: 0, w_max_dtod: 0, w_min_dtod: 0}\n",
      "tile: {prog_iterations: 100}\n");
  weights(0, XT_PLANE_A, a);
  weights(0, XT_PLANE_R, r);
  const int n = (IN + 1) * HID;
  double mean = 0, rest = 0;
  for (int k = 0; k < n; k++) {
    mean += fabs(a[k]) / n;
    rest += fabs(a[k] - r[k]) / n;
  }
  ck_assert_double_ge(mean, 0.08);
  ck_assert_double_le(rest, 0.01);
}
END_TEST

/* Before anything else offsets are measured, and the mean is written: what is left is below a code. */
START_TEST(offsets_are_calibrated) {
  open_net("network: {hidden: [12]}\ntile: {adc_share: 2}\n",
           "front_end: {offset: 4, comparator_noise: 0.3, calibrations: 16}\n");
  for (int l = 0; l < net.layers; l++) {
    const struct tr_plan *p = &net.layer[l].plan;
    const int32_t units = xt_shape_units(&p->shape);
    struct xt_snapshot s;
    double rms = 0;
    ck_assert_int_eq(tr_snapshot_alloc(&s, &p->shape, &err), 0);
    ck_assert_int_eq(net.layer[l].tile.engine->get_snapshot(net.layer[l].tile.t, &s), XT_E_OK);
    for (int32_t u = 0; u < units; u++) {
      const uint32_t word = xt_noise_word(xt_noise_key(p->array.seed, XT_DOM_AFE, 2), (uint32_t)u);
      const double left = (xt_noise_gauss(word) * (double)p->array.adc_offs / 256) / 256 + s.cal[u];
      ck_assert_msg(fabs(left) < .9, "layer %d, converter %d: %f codes are left", l, (int)u, left);
      rms += left * left / units;
    }
    ck_assert_double_le(sqrt(rms), .5);
    ck_assert_uint_eq(s.counters[XT_CNT_READS] >= 16, 1);
    tr_snapshot_free(&s);
  }
}
END_TEST

/* ---- what goes over the stream ---- */
static struct sent {
  int updates, short_ones;
  uint32_t header;
  size_t words;
} sent;

static int spy_submit(struct xt_tile *t, const uint32_t *w, size_t n) {
  sent.header = w[0];
  sent.words = n;
  if ((w[0] & 0xFF) == XT_OP_UPDATE) {
    sent.updates++;
    sent.short_ones += (w[0] >> 8 & 15) == 1;
  }
  return xt_engine_ref.submit(t, w, n);
}

static void update(struct tr_tile *t, const int8_t *x, const int8_t *d, int kept) {
  ck_assert_msg(!tr_tile_update_begin(t, XT_OP_UPDATE, x, d, 0, &err) && !tr_tile_update_end(t, NULL, &err), "%s",
                err.text);
  ck_assert_uint_eq(sent.header >> 8 & 15, (unsigned)kept);
  ck_assert_uint_eq(sent.words, 1U + (kept ? 0U : (IN + 4) / 4U) + (HID + 3) / 4U);
}

/* A sample's x goes over once. An UPDATE that cannot rely on it brings its own: after another x, after what takes its
 * place in the tile, after a restored state. */
START_TEST(x_is_sent_once) {
  int8_t x[IN] = {0}, other[IN + 1] = {1}, d[HID] = {3}, own[IN + 1];
  int16_t y[IN + 1];
  static struct xt_engine spy;
  struct xt_snapshot s;
  uint32_t rounds;
  spy = xt_engine_ref;
  spy.submit = spy_submit;
  open_net("network: {hidden: [12]}\nalgorithm: {name: shd, transfer_every: 1}\n", "");
  for (int k = 0; k < 2; k++) net.layer[k].tile.engine = &spy;
  memset(&sent, 0, sizeof sent);
  for (int k = 0; k < 5; k++) {
    struct tr_result r;
    for (int i = 0; i < IN; i++) x[i] = (int8_t)((7 * i + k) % 100 - 45);
    ck_assert_msg(!tr_net_train(&net, x, 1, pool, 0, 1, &r, &err), "%s", err.text);
  }
  ck_assert_int_eq(sent.updates, 10);
  ck_assert_int_eq(sent.short_ones, 10);
  struct tr_tile *t = &net.layer[0].tile;
  memcpy(own, net.layer[0].x, sizeof own);
  update(t, own, d, 0); /* transfers are on: the one before may have taken its place */
  for (int what = 0; what < 7; what++) {
    ck_assert_int_eq(tr_tile_forward(t, own, y, &err), 0);
    if (what == 1) ck_assert_int_eq(tr_tile_line(t, XT_SEL_C, 2, y, &err), 0);
    if (what == 2) ck_assert_int_eq(tr_tile_program(t, XT_PLANE_C, 2, y, NULL, &rounds, &err), 0);
    if (what == 3) ck_assert_int_eq(tr_tile_reset(t, &err), 0);
    if (what == 4) {
      ck_assert_int_eq(tr_snapshot_alloc(&s, &t->shape, &err), 0);
      ck_assert_int_eq(t->engine->get_snapshot(t->t, &s), 0);
      ck_assert_int_eq(tr_tile_set_snapshot(t, &s, &err), 0);
      tr_snapshot_free(&s);
    }
    if (what == 5) ck_assert_int_eq(tr_tile_zero_shift(t, XT_PLANE_A, 1, &err), 0); /* these keep it */
    if (what == 6) ck_assert_int_eq(tr_tile_backward(t, d, y, &err), 0);
    update(t, own, d, what == 0 || what > 4);
  }
  ck_assert_int_eq(tr_tile_forward(t, own, y, &err), 0);
  update(t, other, d, 0);
}
END_TEST

/* Bit-serial reads integrate the sums of pulse-width reads: the same weights, initial ones included, after the same
 * samples, with noise and saturated conversions; only cycles and records differ. */
START_TEST(bit_serial_is_pulse_width) {
  static const char config[] =
      "network: {hidden: [12]}\ntile: {range_forward: [0, 1], out_noise: 0.05, read: %s}\n"
      "algorithm: {zero_shift_pairs: 50}\n";
  enum { SAMPLES = 150, LAYERS = 2 };
  struct xt_snapshot s[2][LAYERS];
  uint64_t rails = 0;
  for (int read = 0; read < 2; read++) {
    struct tr_rng r;
    struct tr_result res;
    int8_t x[IN];
    char text[512];
    teardown();
    snprintf(text, sizeof text, config, read ? "bit_serial" : "pulse_width");
    open_net(text, "");
    tr_rng_init(&r, test_seed(), TR_STREAM_INIT, 5);
    for (int t = 0; t < SAMPLES; t++) {
      random_input(&r, x);
      ck_assert_msg(!tr_net_train(&net, x, (uint16_t)tr_rng_below(&r, OUT), pool, 0, 1, &res, &err), "%s", err.text);
    }
    for (int l = 0; l < LAYERS; l++) {
      ck_assert_int_eq(tr_snapshot_alloc(&s[read][l], &net.layer[l].plan.shape, &err), 0);
      ck_assert_int_eq(xt_engine_ref.get_snapshot(net.layer[l].tile.t, &s[read][l]), 0);
      rails += s[read][l].counters[XT_CNT_SATURATIONS];
    }
  }
  ck_assert_uint_gt(rails, 0);
  for (int l = 0; l < LAYERS; l++) {
    struct xt_snapshot *a = &s[0][l], *b = &s[1][l];
    ck_assert_uint_gt(a->counters[XT_CNT_CYCLES], b->counters[XT_CNT_CYCLES]);
    b->counters[XT_CNT_CYCLES] = a->counters[XT_CNT_CYCLES];
    b->order = a->order;
    b->csr[XT_CSR_READ_ENC] = a->csr[XT_CSR_READ_ENC];
    char text[XT_SNAPSHOT_TEXT] = "";
    struct xt_dim dim;
    ck_assert_int_eq(xt_dim_init(&dim, &net.layer[l].plan.shape, text, sizeof text), 0);
    const char *part = xt_snapshot_diff(&dim, a, b, text);
    ck_assert_msg(!part, "layer %d: %s %s", l, part, text);
    tr_snapshot_free(a);
    tr_snapshot_free(b);
  }
}
END_TEST

int main(void) {
  Suite *s = suite_create("train_net");
  TCase *t = tcase_create("all");
  tcase_add_checked_fixture(t, NULL, teardown);
  tcase_set_timeout(t, 120);
  tcase_add_test(t, offsets_are_calibrated);
  tcase_add_loop_test(t, gradient_matches_float, 0, 6);
  tcase_add_loop_test(t, update_is_minus_lr_x_d, 0, 4);
  tcase_add_test(t, initial_weights_are_uniform);
  tcase_add_test(t, zero_shift_finds_the_zero);
  tcase_add_test(t, x_is_sent_once);
  tcase_add_test(t, bit_serial_is_pulse_width);
  suite_add_tcase(s, t);
  SRunner *r = srunner_create(s);
  srunner_run_all(r, CK_ENV);
  const int failed = srunner_ntests_failed(r);
  srunner_free(r);
  return failed != 0;
}
