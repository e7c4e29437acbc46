/* SPDX-License-Identifier: Apache-2.0 */
/* Configurations: what is refused, with key and line; round trip; device and register values. */
#include <check.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "algo.h"
#include "config.h"
#include "device.h"
#include "xt_dim.h"
#include "xt_room.h"

static struct tr_config cfg;
static struct tr_err err;

static void setup(void) {
  memset(&err, 0, sizeof err);
}

static int parse(const char *text) {
  memset(&err, 0, sizeof err);
  return tr_config_parse(text, strlen(text), "t.yaml", NULL, &cfg, &err) || tr_config_resolve(&cfg, &err);
}

static void good(const char *text) {
  ck_assert_msg(!parse(text), "%s", err.text);
}

static const struct {
  const char *text, *words;
} bad[] = {
    {"seed: 1\nfoo: 3\n", "t.yaml:2: foo: unknown key"},
    {"data:\n  kind: csv\n  kid: 3\n", "t.yaml:3: data.kid: unknown key"},
    {"device:\n  A:\n    dw: 3\n", "t.yaml:3: device.A.dw: unknown key"},
    {"seed: abc\n", "t.yaml:1: seed: 'abc' is not an integer"},
    {"seed: 1.5\n", "'1.5' is not an integer"},
    {"seed: 12x\n", "'12x' is not an integer"},
    {"seed: 010\n", "'010' is not an integer"},
    {"seed:\n", "'' is not an integer"},
    {"seed: 99999999999999999999\n", "t.yaml:1: seed: 99999999999999999999 is out of range: 0 to"},
    {"seed: 9223372036854775808\n", "is out of range: 0 to 9223372036854775807 is allowed"},
    {"seed: -1\n", "t.yaml:1: seed: -1 is out of range: 0 to"},
    {"network:\n  hidden: {a: 5}\n", "t.yaml:2: network.hidden: a list is expected"},
    {"network:\n  hidden:\n", "t.yaml:2: network.hidden: a list is expected"},
    {"network:\n  hidden: x\n", "t.yaml:2: network.hidden: 'x' is not an integer"},
    {"network: {hidden: auto}\n", "network.hidden: 'auto' is not an integer"},
    {"network: {init: automatic}\n", "network.init: 'automatic' is not a number or auto"},
    {"tile: {range_forward: [x]}\n", "tile.range_forward: 'x' is not an integer or auto"},
    {"tile: {range_forward: [-1000]}\n", "tile.range_forward: -1000 is out of range"},
    {"network: {hidden: [1, 2, x]}\n", "network.hidden: 'x' is not an integer"},
    {"network: {hidden: [0]}\n", "network.hidden: 0 is out of range: 1 to 32766"},
    {"network: {hidden: [1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1]}\n", "at most 15"},
    {"network: {activation: step}\n", "network.activation: 'step' is not allowed; one of: tanh|sigmoid|relu"},
    {"data: {kind: foo}\n", "t.yaml:1: data.kind: 'foo' is not allowed; one of: idx|csv|digits"},
    {"data: {kind: csv}\nseed: 2\ndata: {kind: idx}\n", "t.yaml:3: data: key given twice"},
    {"data: {header: maybe}\n", "data.header: 'maybe' is not true, auto or false"},
    {"data: {signed: auto}\n", "data.signed: 'auto' is not true or false"},
    {"data: 3\n", "t.yaml:1: data: is a section"},
    {"data: {kind: [a]}\n", "t.yaml:1: data.kind: a single value is expected"},
    {"network:\n  hidden: [1,\n    [2]]\n", "t.yaml:3: network.hidden: single values are expected"},
    {"network: {hidden: [1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1]}\n", "network.hidden: a list is too long"},
    {"seed: &x 1\nrun: {epochs: *x}\n", "t.yaml:2: run.epochs: aliases are not allowed"},
    {"? [a]\n: 2\n", "t.yaml:1: a key must be a word"},
    {"[1, 2]\n", "t.yaml:1: keys are expected"},
    {"a: [\n", "t.yaml"},
    {"data:\n  kind: csv\n   x: 2\n", "t.yaml:3: mapping values are not allowed"},
    {"seed: 1\n---\nseed: 2\n", "more than one YAML document"},
    {"a: &x 1\nb: *x\n", "t.yaml"},
    {"algorithm:\n  lr: [.1, .2, .3]\n", "t.yaml:2: algorithm.lr: 3 values; 1 or one per layer (2)"},
    {"algorithm: {fast_lr: []}\n", "algorithm.fast_lr: an empty list"},
    {"algorithm: {lr: [x]}\n", "'x' is not a number"},
    {"algorithm: {lr: [.nan]}\n", "algorithm.lr"},
    {"algorithm: {lr: [nan]}\n", "algorithm.lr: nan is out of range"},
    {"algorithm: {name: adam}\n", "algorithm.name: 'adam' is unknown; allowed: shd, ttv1, residual, sgd"},
    {"algorithm: {name: ttv2}\n", "algorithm.name: 'ttv2' is not implemented; allowed: shd, ttv1, residual, sgd"},
    {"algorithm: {desired_bl: 32}\n", "algorithm.desired_bl: 32 is more than tile.bl_max (31)"},
    {"algorithm: {update_management: false}\n", "needs algorithm.update_management"},
    {"device: {A: {dw_min: 1e9}}\n", "device.A.dw_min: 1e9 is out of range: 0 to 1"},
    {"device:\n  C: {preset: reram_sb}\n",
     "t.yaml:2: device.C.preset: 'reram_sb' is not available; allowed: idealized, gokmen_vlasov"},
    {"run: {out: \"a\\nb\"}\n", "run.out: line breaks"},
    {"front_end: {preset: real}\n", "t.yaml:1: front_end.preset: 'real' is not allowed; one of: ideal|typical"},
    {"front_end:\n  gain: 6\n", "t.yaml:2: front_end.gain: 6 is out of range: 0 to 5"},
    {"front_end: {adc_gain: 1}\n", "t.yaml:1: front_end.adc_gain: unknown key"},
    {"front_end: {calibrations: 1.5}\n", "front_end.calibrations: '1.5' is not an integer"},
    {"tile: {adc: flash}\n", "tile.adc: 'flash' is not allowed; one of: sar|ramp"},
    {"tile: {pulse: slow}\n", "tile.pulse: 'slow' is not allowed; one of: return_to_zero|fast"},
    {"tile: {pulse_width: 0}\n", "tile.pulse_width: 0 is out of range: 1 to 255"},
    {"tile: {pulse_gap: 256}\n", "tile.pulse_gap: 256 is out of range: 0 to 255"},
    {"tile: {pulse_settle: -1}\n", "tile.pulse_settle: -1 is out of range: 0 to 255"},
};

START_TEST(refuses) {
  ck_assert_msg(parse(bad[_i].text) != 0, "accepted: %s", bad[_i].text);
  ck_assert_int_eq(err.code, TR_EXIT_CONFIG);
  ck_assert_msg(strstr(err.text, bad[_i].words) != NULL, "'%s' does not say '%s'", err.text, bad[_i].words);
  ck_assert_ptr_null(strchr(err.text, '\n'));
}
END_TEST

static const struct {
  const char *text, *words;
} bad_plan[] = {
    {"device: {A: {model: pow_step}}\n",
     "device.A.model: 'pow_step' is not implemented; allowed: constant_step, linear_step, soft_bounds"},
    {"device: {A: {preset: reram_es, A_up: 40}}\n", "device.A.A_up: 40 is out of range: -31.99 to 31.99 is allowed"},
    {"device: {A: {model: linear_step, gamma_up: 5}}\n", "device.A.gamma_up: 5 is out of range: 0 to 4 is allowed"},
    {"device: {C: {model: foo}}\n", "device.C.model: 'foo' is unknown"},
    {"device: {A: {w_max: 1.5}}\n", "device.A.w_max: 1.5 is beyond a full-scale state (1): raise tile.w_scale_log2"},
    {"device: {A: {w_max: 0}}\n", "less than one state unit"},
    {"device: {A: {dw_min: 0}}\n", "device.A.dw_min: 0 with algorithm shd"},
    {"device: {C: {dw_min: 0}}\n", "device.C.dw_min: 0 with algorithm shd"},
    {"device: {C: {dw_min: 0}}\nalgorithm: {name: sgd}\n", "device.C.dw_min: 0 with algorithm sgd"},
    {"device: {A: {dw_min: 1e-9}}\n", "device.A.dw_min: 1e-09 cannot be set: 0 or 2.981e-08 to 255.8 is allowed"},
    {"tile: {range_forward: [-15]}\n", "tile.range_forward: -15 is out of range: -13 to 27 is allowed"},
    {"tile: {prob_bits: 8}\n", "layer 0 has 784 + 1 inputs and 128 columns; at most 128 lines"},
    {"tile: {adc_offset: 300}\n", "tile.adc_offset: 300 is out of range: -255 to 255"},
    {"tile: {out_noise: 99}\n", "tile.out_noise: 99 is more than the array can have: up to "},
    {"network: {init: [16]}\n", "network.init"},
    {"front_end: {gain: 0.001}\n", "front_end.gain: 0.001 cannot be set: 0 or 0.0141 to"},
    {"front_end: {reference_spread: 20}\ntile: {state_bits: 24}\n", "front_end.reference_spread: 20 cannot be set"},
    {"front_end: {integrator_limit: 1000}\ntile: {range_forward: [20]}\n",
     "front_end.integrator_limit: 1000 cannot be set"},
    {"algorithm: {transfer_lr: [1000000]}\ndevice: {C: {dw_min: 0.00001}}\n", "algorithm.transfer_lr"},
    {"algorithm: {transfer_lr: [0], transfer_pulse: counted}\n", "algorithm.transfer_lr: 0 is 0 pulses per code"},
};

START_TEST(refuses_plan) {
  struct tr_plan p;
  struct tr_rates r;
  good(bad_plan[_i].text);
  const int rc = tr_plan_make(&cfg, 0, 784, 128, &p, &err) || tr_plan_rates(&cfg, &p, 0, &r, &err);
  ck_assert_msg(rc != 0, "accepted: %s", bad_plan[_i].text);
  ck_assert_int_eq(err.code, TR_EXIT_CONFIG);
  ck_assert_msg(strstr(err.text, bad_plan[_i].words) != NULL, "'%s' does not say '%s'", err.text, bad_plan[_i].words);
}
END_TEST

START_TEST(defaults_are_in_range) {
  for (const struct tr_key *k = tr_keys; k->path; k++)
    if (k->type != TR_T_STR && k->type != TR_T_STRS && k->type != TR_T_BOOL && k->dflt[0]) {
      const double v = strtod(k->dflt, NULL);
      ck_assert_msg(v >= k->lo && v <= k->hi, "%s", k->path);
    }
  good("seed: 1\n");
}
END_TEST

START_TEST(round_trip) {
  good(
      "seed: 3\ndata: {kind: csv, train: a b.csv, header: yes}\nnetwork: {hidden: [3, 4]}\n"
      "device:\n  A: {dw_min: 0.1}\n  C: {w_max: 0.3333333333333333}\nalgorithm: {fast_lr: [0.1, 1e-7, 3]}\n");
  char *a = tr_config_text(&cfg, 1, &err);
  ck_assert_ptr_nonnull(strstr(a, "range_forward: [2, 2, 4]")); /* chosen, and written down */
  ck_assert_ptr_nonnull(strstr(a, "fast_lr: [0.1, 1e-07, 3]"));
  ck_assert_ptr_nonnull(strstr(a, "header: true"));
  const struct tr_config was = cfg;
  ck_assert_msg(!parse(a), "%s", err.text);
  ck_assert_int_eq(memcmp(&was, &cfg, sizeof cfg), 0);
  char *b = tr_config_text(&cfg, 1, &err);
  ck_assert_str_eq(a, b);
  free(a);
  free(b);
}
END_TEST

START_TEST(no_hidden_layer) {
  good("network: {hidden: []}\n");
  ck_assert_int_eq(tr_config_layers(&cfg), 1);
  ck_assert_int_eq(cfg.range_forward.v[0], 4);
}
END_TEST

START_TEST(device_fields) {
  struct tr_device d;
  good(
      "device: {A: {model: linear_step, dw_min: 0.001, dw_min_dtod: 0.3, dw_min_std: 0.2, up_down: 0.5, w_max: 0.6, "
      "w_min: -0.4, "
      "w_max_dtod: 0.1, gamma_up: 0.25, gamma_down: 0.75, corrupt_devices_prob: 0.01, rounding: nearest}}\n");
  ck_assert_int_eq(tr_device_make(&cfg.device[XT_PLANE_A], XT_PLANE_A, 16, 1, &d, &err), 0);
  /* aihwkit: up step dw_min, down step dw_min (1 - .5): mean .75, imbalance 1/3 */
  const double step = ldexp(d.cfg.dw, -d.cfg.shift), r = d.cfg.up_down / 4096.0;
  ck_assert(d.cfg.dw >= 1024 && d.cfg.dw <= 2047);
  ck_assert_double_le(fabs(step - 0.00075 * 32768), 0.02);
  ck_assert_double_le(fabs(step * (1 + r) - 0.001 * 32768), 0.02);
  ck_assert_double_le(fabs(step * (1 - r) - 0.0005 * 32768), 0.02);
  ck_assert_double_eq(d.step, step / 32768);
  ck_assert_int_eq(d.cfg.c_dtod, 133);
  ck_assert_int_eq(d.cfg.c_c2c, 89);
  ck_assert_int_eq(d.cfg.w_max, 19661);
  ck_assert_int_eq(d.cfg.w_min, 13107);
  ck_assert_int_eq(d.cfg.gamma_up, 1024);
  ck_assert_int_eq(d.cfg.gamma_down, 3072);
  ck_assert_int_eq(d.cfg.stuck, 655);
  ck_assert_int_eq(d.cfg.round, 1);
  /* weight units: a full scale of 2 halves all states */
  ck_assert_int_eq(tr_device_make(&cfg.device[XT_PLANE_A], XT_PLANE_A, 16, 2, &d, &err), 0);
  ck_assert_int_eq(d.cfg.w_max, 9830);
  ck_assert_double_le(fabs(ldexp(d.cfg.dw, -d.cfg.shift) - 0.000375 * 32768), 0.01);
}
END_TEST

/* Preset typical in the array's fields; a key beside it replaces it; the default is an ideal front end. */
START_TEST(front_end_fields) {
  struct tr_plan p;
  good("front_end: {preset: typical}\ntile: {adc: ramp}\n");
  ck_assert_int_eq(tr_plan_make(&cfg, 0, 20, 10, &p, &err), 0);
  ck_assert_uint_eq(p.array.ref_spread, 284);  /* .005 * 32768 * 256 / 147.80 */
  ck_assert_uint_eq(p.array.mirror, 7);        /* .001 * 2^20 / 147.80 */
  ck_assert_uint_eq(p.array.adc_offs, 1774);   /* 4 * 65536 / 147.80 */
  ck_assert_uint_eq(p.array.adc_gain, 35);     /* .005 * 2^20 / 147.80 */
  ck_assert_uint_eq(p.array.adc_weight, 213);  /* .03 * 2^24 / (16 * 147.80) */
  ck_assert_uint_eq(p.array.cmp_noise, 133);   /* .3 * 65536 / 147.80 */
  ck_assert_uint_eq(p.array.int_max, 1 << 24); /* twice 256 codes of 2^15 */
  ck_assert_int_eq(p.shape.adc_kind, 1);
  ck_assert_int_eq((int)cfg.calibrations, 16);
  good("front_end: {offset: 1, preset: typical, mirror: 0, calibrations: 3}\n");
  ck_assert_int_eq(tr_plan_make(&cfg, 0, 20, 10, &p, &err), 0);
  ck_assert_uint_eq(p.array.adc_offs, 443);
  ck_assert_uint_eq(p.array.mirror, 0);
  ck_assert_uint_eq(p.array.cmp_noise, 133);
  ck_assert_int_eq((int)cfg.calibrations, 3);
  good("seed: 1\n");
  ck_assert_int_eq(tr_plan_make(&cfg, 0, 20, 10, &p, &err), 0);
  ck_assert_uint_eq(p.array.ref_spread + p.array.mirror + p.array.adc_offs + p.array.adc_gain + p.array.adc_weight +
                        p.array.cmp_noise + p.array.int_max,
                    0);
  ck_assert_int_eq(p.shape.adc_kind, 0);
}
END_TEST

/* A preset replaces defaults; what is given beside it, before or after, replaces the preset. */
START_TEST(presets_replace_defaults) {
  /* before or after it, in one line or another */
  good(
      "device:\n  C: {dw_min: 0.5, preset: gokmen_vlasov, w_max: 0.8}\n  A: {preset: idealized, model: linear_step}\n"
      "  R: {preset: idealized, dw_min: 0.01}\n");
  const struct tr_device_cfg *c = &cfg.device[XT_PLANE_C], *a = &cfg.device[XT_PLANE_A];
  ck_assert_str_eq(c->model, "constant_step");
  ck_assert_double_eq(c->dw_min, 0.5);
  ck_assert_double_eq(c->w_max, 0.8);
  ck_assert_double_eq(c->w_min, -1);
  ck_assert_double_eq(c->up_down_dtod, 0.01);
  ck_assert_str_eq(a->model, "linear_step");
  ck_assert_double_eq(a->dw_min, 0.0002);
  ck_assert_double_eq(cfg.device[XT_PLANE_R].dw_min, 0.01);
  ck_assert_double_eq(cfg.device[XT_PLANE_R].w_max, 1);
}
END_TEST

/* ---- keys beside the file ---- */
static struct tr_sets sets;

static int set_all(const char *const *text) {
  memset(&err, 0, sizeof err);
  int rc = 0;
  for (; !rc && *text; text++) rc = tr_sets_parse(&sets, "--set", *text, &err);
  return rc;
}

static int parse_set(const char *file, const char *const *text) {
  const int rc = set_all(text) || tr_config_parse(file, strlen(file), "t.yaml", &sets, &cfg, &err) ||
                 tr_config_resolve(&cfg, &err);
  tr_sets_free(&sets);
  return rc;
}

START_TEST(sets_beat_the_file) {
  static const char *const text[] = {"seed=9007199254740993", "network.hidden=[5, 6]",     "algorithm.lr=0.5",
                                     "data.train=a=b: c.csv", "device.C.preset=idealized", "device.A.dw_min=0.25",
                                     "tile.range_forward=[]", "data.header=yes",           NULL};
  ck_assert_msg(!parse_set("seed: 3\ndevice: {C: {dw_min: 0.5}, A: {preset: idealized, dw_min: 0.125}}\n"
                           "network: {hidden: [2]}\nalgorithm: {lr: [.1, .2]}\ntile: {range_forward: [1]}\n",
                           text),
                "%s", err.text);
  ck_assert_int_eq(cfg.seed, 9007199254740993); /* 2^53 + 1 */
  ck_assert_int_eq(cfg.hidden.n, 2);
  ck_assert_int_eq(cfg.hidden.v[1], 6);
  ck_assert_int_eq(cfg.lr.n, 3);
  ck_assert_double_eq(cfg.lr.v[2], 0.5);
  ck_assert_str_eq(cfg.data_train, "a=b: c.csv");
  ck_assert_double_eq(cfg.device[XT_PLANE_C].dw_min, 0.5); /* given beats the preset, wherever both stand */
  ck_assert_double_eq(cfg.device[XT_PLANE_C].w_max, 1);
  ck_assert_double_eq(cfg.device[XT_PLANE_A].dw_min, 0.25);
  ck_assert_int_eq(cfg.range_forward.v[0], 2); /* chosen */
  ck_assert_int_eq(cfg.data_header, 1);
}
END_TEST

static const struct {
  const char *text[3], *words;
} bad_set[] = {
    {{"seed"}, "--set: 'seed' is not KEY=VALUE"},
    {{"sead=1"}, "--set: sead: unknown key"},
    {{"device.A=1"}, "--set: device.A: unknown key"},
    {{"seed=1.5"}, "--set: seed: '1.5' is not an integer"},
    {{"seed="}, "--set: seed: '' is not an integer"},
    {{"seed=[1]"}, "--set: seed: '[1]' is not an integer"},
    {{"device.A.dw_min=3"}, "--set: device.A.dw_min: 3 is out of range: 0 to 1 is allowed"},
    {{"network.hidden=[1, x]"}, "--set: network.hidden: 'x' is not an integer"},
    {{"network.hidden="}, "--set: network.hidden: '' is not an integer"},
    {{"network.hidden=1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1"}, "--set: network.hidden: a list is too long"},
    {{"algorithm.lr=[]"}, "--set: algorithm.lr: an empty list is not allowed here"},
    {{"algorithm.lr=[1, 2, 3]"}, "--set: algorithm.lr: 3 values; 1 or one per layer (2) is allowed"},
    {{"data.kind=foo"}, "--set: data.kind: 'foo' is not allowed; one of: idx|csv|digits"},
    {{"device.A.preset=foo"}, "--set: device.A.preset: 'foo' is not available; allowed: idealized"},
    {{"seed=1", "seed=1"}, "--set: seed: given twice (--set)"},
};

START_TEST(refuses_sets) {
  ck_assert_msg(parse_set("seed: 1\n", bad_set[_i].text), "accepted: %s", bad_set[_i].text[0]);
  ck_assert_int_eq(err.code, TR_EXIT_CONFIG);
  ck_assert_msg(strstr(err.text, bad_set[_i].words) != NULL, "'%s' does not say '%s'", err.text, bad_set[_i].words);
}
END_TEST

/* Linear steps: (1 + r)(1 - gu w/wmax) = (1 - r)(1 + gd w/|wmin|) at the symmetry point; tau is sum over slope there.
 */
START_TEST(symmetry_points) {
  static const struct {
    const char *text;
    double r, gu, gd; /* imbalance, relative slopes over w */
  } row[] = {{"model: soft_bounds, w_max: 0.8, w_min: -0.6", 0, 1 / 0.8, 1 / 0.6},
             {"model: linear_step, gamma_up: 0.25, gamma_down: 0.5, up_down: 0.1", 0.1 / 1.9, 0.25 / 0.9, 0.5 / 0.9},
             {"model: soft_bounds, up_down: -0.4", -0.4 / 1.6, 1 / 0.9, 1 / 0.9}};
  struct tr_device d;
  for (size_t k = 0; k < sizeof row / sizeof *row; k++) {
    char text[200];
    snprintf(text, sizeof text, "device: {A: {%s}}\n", row[k].text);
    good(text);
    ck_assert_int_eq(tr_device_make(&cfg.device[XT_PLANE_A], XT_PLANE_A, 16, 1, &d, &err), 0);
    const double r = row[k].r, slope = (1 + r) * row[k].gu + (1 - r) * row[k].gd, zero = 2 * r / slope;
    const double sum = (1 + r) * (1 - row[k].gu * zero) + (1 - r) * (1 + row[k].gd * zero);
    ck_assert_double_le(fabs(d.zero - zero), 1e-9);
    ck_assert_double_le(fabs(d.tau * slope / sum - 1), 1e-6);
  }
  good("device: {A: {model: constant_step, up_down: 0.1}}\n"); /* none */
  ck_assert_int_eq(tr_device_make(&cfg.device[XT_PLANE_A], XT_PLANE_A, 16, 1, &d, &err), 0);
  ck_assert(d.zero == 0 && d.tau == 0);
}
END_TEST

/* Devices of soft bounds: (step up)(1 - w/wmax) = (step down)(1 - w/wmin), as far as whole steps tell. Devices of one
 * constant step, and those that are stuck, have none. */
START_TEST(symmetry_of_devices) {
  static const char *const text[] = {"model: soft_bounds, up_down: 0.1, up_down_dtod: 0.2, corrupt_devices_prob: 0.1",
                                     "model: constant_step, corrupt_devices_prob: 0.1"};
  const int constant = _i % 2, sw = _i / 2 ? 20 : 16;
  char all[300], why[200];
  snprintf(all, sizeof all, "tile: {state_bits: %d}\ndevice: {A: {%s}}\n", sw, text[constant]);
  good(all);
  struct tr_plan p;
  struct xt_dim dim;
  struct xt_plane plane = {0};
  struct xt_room room = {0};
  ck_assert_int_eq(tr_plan_make(&cfg, 0, 23, 10, &p, &err), 0);
  ck_assert_int_eq(xt_dim_init(&dim, &p.shape, why, sizeof why), 0);
  xt_plane_room(&plane, &dim, XT_PLANE_A, &room);
  ck_assert(!room.failed);
  xt_plane_fabricate(&plane, &p.array.dev[XT_PLANE_A], p.array.seed);
  int stuck = 0;
  for (size_t k = 0; k < xt_plane_devices(&plane); k++) {
    const struct xt_device d = xt_plane_device(&plane, k);
    const double w = tr_device_symmetry(&plane, k);
    stuck += d.wmin == d.wmax;
    ck_assert_msg(isnan(w) == (constant || d.wmin == d.wmax), "device %zu: %f", k, w);
    if (isnan(w)) continue;
    const double slope = ldexp(d.shape_down - d.shape_up, -(sw - 3)); /* as fabricated, that is rounded */
    const double want = (d.step_up - d.step_down) / slope;
    ck_assert_msg(fabs(w - want) <= 1.5 / slope + 1, "device %zu: %f, not %f", k, w, want);
  }
  ck_assert_int_gt(stuck, 5);
  ck_assert_int_lt(stuck, 60);
  xt_room_free(&room);
}
END_TEST

/* ReRAM-ES of aihwkit: fields of the law; at the symmetry point an up and a down pulse cancel; tau from the derivative
 * written out. */
START_TEST(exponential_step) {
  struct tr_device d;
  good("device: {A: {preset: reram_es}}\n");
  const struct tr_device_cfg *p = &cfg.device[XT_PLANE_A];
  ck_assert_str_eq(p->model, "exp_step");
  ck_assert_int_eq(tr_device_make(p, XT_PLANE_A, 16, 1, &d, &err), 0);
  ck_assert_int_eq(d.cfg.law, XT_LAW_EXP);
  ck_assert_int_eq(d.cfg.exp_amp_up, -4852); /* 4096 * -1.18445 */
  ck_assert_int_eq(d.cfg.exp_amp_down, -333);
  ck_assert_int_eq(d.cfg.exp_slope_up, -7387); /* 1024 * 2 * -.5 * 5 / ln 2 */
  ck_assert_int_eq(d.cfg.exp_slope_down, 7387);
  ck_assert_int_eq(d.cfg.exp_offset_up, -3693);
  ck_assert_int_eq(d.cfg.exp_offset_down, 3693);
  ck_assert_int_eq(d.cfg.gamma_up, 0);
  ck_assert_int_eq(d.cfg.c_c2c, 2217);                                 /* 443.405 * 5 */
  ck_assert_int_eq(d.cfg.up_down, 610);                                /* 4096 * .259359 / (2 - .259359) */
  const double r = 0.259359 / (2 - 0.259359), z = -0.5 * d.zero - 0.5; /* R = 2 */
  const double eu = 1.18445 * exp(5 * z), ed = 0.081404 * exp(-5 * z);
  ck_assert_double_le(fabs((1 + r) * (1 + eu) - (1 - r) * (1 + ed)), 1e-9);
  const double slope = (1 - r) * ed * 2.5 + (1 + r) * eu * 2.5;
  ck_assert_double_le(fabs(d.tau * slope / ((1 + r) * (1 + eu) + (1 - r) * (1 + ed)) - 1), 1e-6);
  ck_assert(d.zero < -0.01 && d.zero > -0.5);
}
END_TEST

START_TEST(mantissa_and_exponent) {
  for (int k = 0; k < 400; k++) {
    const double v = ldexp(1 + k * 0.37, k % 60 - 47);
    int64_t man = 0, exp = 0;
    const int rc = tr_mant_exp(v, &man, &exp);
    if (v >= 65536) {
      ck_assert_int_eq(rc, -1);
      continue;
    }
    ck_assert_int_eq(rc, 0);
    ck_assert_double_le(fabs(ldexp((double)man, (int)-exp) / v - 1), 1.0 / 32768);
    ck_assert(exp >= 0 && exp <= 63 && man <= 65535);
  }
}
END_TEST

static struct tr_plan plan;
static struct tr_rates rates;

static int make_plan(void) {
  return tr_plan_make(&cfg, 0, 99, 10, &plan, &err) || tr_plan_rates(&cfg, &plan, 0, &rates, &err);
}

static int find_reg(const struct tr_regs *r, uint8_t addr, int64_t *value) {
  for (int k = 0; k < r->n; k++)
    if (r->reg[k].addr == addr) return *value = r->reg[k].value, 1;
  return 0;
}

/* A register that is set once, by the run or by the epoch. */
static int64_t reg(uint8_t addr) {
  int64_t v = 0;
  const int once = find_reg(&plan.regs, addr, &v) + find_reg(&rates.regs, addr, &v);
  ck_assert_msg(once == 1, "register %s is set %d times", tr_reg_name(addr), once);
  return v;
}

/* SPEC section 5: expected pulses = |x| |d| man 2^-e; one pulse is the quantised step of the array. */
START_TEST(rates_are_exact) {
  good(
      "algorithm: {fast_lr: [0.05], transfer_lr: [0.02], transfer_every: 3}\ntile: {w_scale_log2: [1]}\n"
      "device: {A: {dw_min: 0.0017}, C: {dw_min: 0.0009}}\n");
  ck_assert_msg(!make_plan(), "%s", err.text);
  ck_assert_int_eq(reg(XT_CSR_UPD_SEL), XT_PLANE_A);
  ck_assert_int_eq(reg(XT_CSR_XFER_EVERY), 3);
  /* x = 63 (that is 1), d = 32 at dexp 0 (that is 1/2): weight change .05 * .5 */
  const double pulses = 63 * 32 * ldexp((double)reg(XT_CSR_UPD_RATE), (int)-reg(XT_CSR_UPD_EXP));
  ck_assert_double_le(fabs(pulses * plan.device[XT_PLANE_A].step * 2 / (0.05 * 0.5) - 1), 1e-4);
  /* A read as code 100 at its range */
  const double a = 100 * ldexp(1, (int)reg(XT_CSR_RANGE_XFER) - 15) / 63 * 2;
  const double n = 100 * ldexp((double)reg(XT_CSR_XFER_RATE), (int)-reg(XT_CSR_XFER_EXP));
  ck_assert_double_le(fabs(n * plan.device[XT_PLANE_C].step * 2 / (0.02 * a) - 1), 1e-4);
  /* the rate of the network: each layer multiplies by its lines */
  snprintf(cfg.transfer_lr_per, sizeof cfg.transfer_lr_per, "sample");
  ck_assert_int_eq(make_plan(), 0);
  ck_assert_double_le(fabs(plan.eta_c / (0.02 * 3 * 100) - 1), 1e-12);
}
END_TEST

START_TEST(manual_scales_are_exact) {
  good("algorithm: {name: sgd, lr: [0.05], update_management: false, update_bl_management: false, desired_bl: 20}\n");
  ck_assert_int_eq(make_plan(), 0);
  const double px = 63 * ldexp((double)reg(XT_CSR_SCALE_X), (int)-reg(XT_CSR_SCALE_X_EXP));
  const double pd = 32 * ldexp((double)reg(XT_CSR_SCALE_D), (int)-reg(XT_CSR_SCALE_D_EXP));
  ck_assert_double_le(fabs(px * pd * 20 * plan.device[XT_PLANE_C].step / (0.05 * 0.5) - 1), 1e-4);
  ck_assert_int_eq(reg(XT_CSR_UPD_MODE), XT_UPD_MANUAL);
}
END_TEST

/* ttv1 and residual are shd with one register more. */
START_TEST(visible_weight) {
  static const char *const names[] = {"shd", "ttv1", "residual"};
  struct tr_regs of_shd = {.n = 0};
  for (int k = 0; k < 3; k++) {
    char text[100];
    int64_t gamma = 0;
    snprintf(text, sizeof text, "algorithm: {name: %s, gamma: 0.4}\n", names[k]);
    good(text);
    ck_assert_msg(!make_plan(), "%s", err.text);
    ck_assert_int_eq(find_reg(&plan.regs, XT_CSR_GAMMA, &gamma), k > 0);
    ck_assert_int_eq(gamma, k ? 102 : 0); /* 256 * .4 */
    if (k == 0) of_shd = plan.regs;
    for (int r = 0; r < of_shd.n; r++) ck_assert_int_eq(reg(of_shd.reg[r].addr), of_shd.reg[r].value);
  }
}
END_TEST

/* The defaults are the registers' reset values; a key that is given beats the mode, wherever both stand. */
START_TEST(shape_of_pulses) {
  static const struct {
    const char *text;
    int width, gap, settle;
  } c[] = {{"seed: 1\n", 1, 1, 0},
           {"tile: {pulse: return_to_zero}\n", 1, 1, 0},
           {"tile: {pulse: fast}\n", 1, 0, 0},
           {"tile: {pulse_gap: 4, pulse: fast}\n", 1, 4, 0},
           {"tile: {pulse: fast, pulse_settle: 7, pulse_width: 255}\n", 255, 0, 7}};
  static const int64_t resets[] = {
#define X(NAME, address, access, reset, smallest, largest) [address] = (reset),
      XT_CSR_TABLE(X)
#undef X
  };
  for (size_t k = 0; k < sizeof c / sizeof *c; k++) {
    good(c[k].text);
    ck_assert_msg(!make_plan(), "%s", err.text);
    ck_assert_int_eq(reg(XT_CSR_PULSE_WIDTH), c[k].width);
    ck_assert_int_eq(reg(XT_CSR_PULSE_GAP), c[k].gap);
    ck_assert_int_eq(reg(XT_CSR_PULSE_SETTLE), c[k].settle);
    for (uint8_t r = XT_CSR_PULSE_WIDTH; k == 0 && r <= XT_CSR_PULSE_SETTLE; r++) ck_assert_int_eq(reg(r), resets[r]);
  }
}
END_TEST

/* Counted transfers: the least rate that the message names is taken, a little less is refused; per visit and per
 * sample, and stochastic pulses take any. */
START_TEST(counted_transfers) {
  for (int sample = 0; sample < 2; sample++) {
    char text[200];
    const char *per = sample ? "sample" : "visit";
    double least = 0;
    snprintf(text, sizeof text, "algorithm: {transfer_pulse: counted, transfer_lr: [1e-9], transfer_lr_per: %s}\n",
             per);
    good(text);
    ck_assert_int_ne(make_plan(), 0);
    ck_assert_int_eq(err.code, TR_EXIT_CONFIG);
    ck_assert_ptr_nonnull(strstr(err.text, "algorithm.transfer_lr: 1e-09 is"));
    ck_assert_msg(sscanf(strstr(err.text, "a rate of "), "a rate of %lf", &least) == 1, "%s", err.text);
    for (int k = -1; k < 2; k++) {
      snprintf(text, sizeof text, "algorithm: {transfer_pulse: counted, transfer_lr: [%.6g], transfer_lr_per: %s}\n",
               least * (1 + 0.002 * k), per);
      good(text);
      ck_assert_int_eq(make_plan() != 0, k < 0);
      if (k < 0) continue;
      const double rate = ldexp((double)reg(XT_CSR_XFER_RATE), (int)-reg(XT_CSR_XFER_EXP));
      ck_assert_msg(rate >= 0.5 && rate < 0.503, "%g pulses per code", rate);
    }
    snprintf(text, sizeof text, "algorithm: {transfer_lr: [1e-9], transfer_lr_per: %s}\n", per);
    good(text);
    ck_assert_msg(!make_plan(), "%s", err.text);
  }
}
END_TEST

/* Only the rates differ between epochs. */
START_TEST(epochs_set_the_rates) {
  good("algorithm: {fast_lr: [0.04], lr_decay: 0.5}\n");
  ck_assert_msg(!make_plan(), "%s", err.text);
  const double first = ldexp((double)reg(XT_CSR_UPD_RATE), (int)-reg(XT_CSR_UPD_EXP));
  ck_assert_int_eq(tr_plan_rates(&cfg, &plan, 3, &rates, &err), 0);
  ck_assert_int_eq(rates.regs.n, 2);
  ck_assert_int_eq(rates.upd_exp, reg(XT_CSR_UPD_EXP));
  ck_assert_double_le(fabs(first / ldexp((double)reg(XT_CSR_UPD_RATE), (int)-reg(XT_CSR_UPD_EXP)) - 8), 1e-3);
}
END_TEST

/* Every register's value is checked against the description, with the key that it comes from. */
START_TEST(registers_are_checked) {
  static const struct xt_shape shape = {.n = 4, .m = 4, .adc_bits = 6, .bl_max = 9};
  static const struct {
    uint8_t addr;
    int64_t value;
    const char *words;
  } row[] = {{XT_CSR_XFER_EVERY, 65536, "k: needs register XFER_EVERY = 65536; 0 to 65535 is allowed"},
             {XT_CSR_ADC_OFFSET, -32, "ADC_OFFSET = -32; -31 to 31"},
             {XT_CSR_UPD_BL, 10, "UPD_BL = 10; 1 to 9"},
             {XT_CSR_STATUS, 0, "STATUS is no setting"},
             {XT_CSR_XFER_PTR, 0, "XFER_PTR is no setting"},
             {0xff, 0, "? is no setting"}};
  struct tr_regs r = {.n = 0};
  for (size_t k = 0; k < sizeof row / sizeof *row; k++) {
    memset(&err, 0, sizeof err);
    tr_regs_put(&r, &shape, row[k].addr, row[k].value, "k", &err);
    ck_assert_msg(strstr(err.text, row[k].words) != NULL, "'%s' does not say '%s'", err.text, row[k].words);
    ck_assert_int_eq(r.n, 0);
  }
  memset(&err, 0, sizeof err);
  tr_regs_put(&r, &shape, XT_CSR_ADC_OFFSET, -31, "k", &err);
  tr_regs_put(&r, &shape, XT_CSR_UPD_BL, 9, "k", &err);
  tr_regs_put(&r, &shape, XT_CSR_UPD_BL, 1, "k", &err); /* replaces */
  ck_assert_int_eq(err.code, 0);
  ck_assert_int_eq(r.n, 2);
  ck_assert_int_eq(r.reg[1].value, 1);
}
END_TEST

/* The oscillator of the golden table: kappa 1, etaA .02, etaC .02: period 314.2; damping with E|g|. */
START_TEST(dynamics_formulas) {
  struct tr_plan p;
  double omega, zeta;
  memset(&p, 0, sizeof p);
  p.algorithm = tr_algorithm_find("shd", &err);
  p.shape.n = 1;
  p.every = 1;
  p.rate = 0.02;
  p.eta_c = 0.02;
  p.device[XT_PLANE_A].tau = 0.5;
  tr_plan_dynamics(&p, 1, 0.1, &omega, &zeta);
  ck_assert_double_le(fabs(6.283185307 / omega - 314.16), 0.01);
  ck_assert_double_le(fabs(zeta - 0.02 * 0.1 / (2 * 0.5 * 0.02)), 1e-12);
}
END_TEST

int main(void) {
  Suite *s = suite_create("train_config");
  TCase *t = tcase_create("all");
  tcase_add_checked_fixture(t, setup, NULL);
  tcase_add_loop_test(t, refuses, 0, (int)(sizeof bad / sizeof *bad));
  tcase_add_loop_test(t, refuses_plan, 0, (int)(sizeof bad_plan / sizeof *bad_plan));
  tcase_add_test(t, defaults_are_in_range);
  tcase_add_test(t, round_trip);
  tcase_add_test(t, no_hidden_layer);
  tcase_add_test(t, device_fields);
  tcase_add_test(t, front_end_fields);
  tcase_add_test(t, presets_replace_defaults);
  tcase_add_test(t, sets_beat_the_file);
  tcase_add_loop_test(t, refuses_sets, 0, (int)(sizeof bad_set / sizeof *bad_set));
  tcase_add_test(t, symmetry_points);
  tcase_add_loop_test(t, symmetry_of_devices, 0, 4);
  tcase_add_test(t, exponential_step);
  tcase_add_test(t, mantissa_and_exponent);
  tcase_add_test(t, rates_are_exact);
  tcase_add_test(t, manual_scales_are_exact);
  tcase_add_test(t, visible_weight);
  tcase_add_test(t, shape_of_pulses);
  tcase_add_test(t, counted_transfers);
  tcase_add_test(t, epochs_set_the_rates);
  tcase_add_test(t, registers_are_checked);
  tcase_add_test(t, dynamics_formulas);
  suite_add_tcase(s, t);
  SRunner *r = srunner_create(s);
  srunner_run_all(r, CK_ENV);
  const int failed = srunner_ntests_failed(r);
  srunner_free(r);
  return failed != 0;
}
