/* SPDX-License-Identifier: Apache-2.0 */
#include "device.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "device_table.h"

#define GAUSS_SD 443.405 /* field value of a relative spread of 1 (SPEC section 1: q12) */

const char *tr_plane_name(int plane) {
  static const char *const names[] = {
#define X(NAME, value, text) [value] = #NAME,
      XT_PLANE_TABLE(X)
#undef X
  };
  return names[plane];
}

/* ---- laws ---- */
struct law {
  /* Mean step at weight w as a part of the mean step; may be negative where the device does not move. */
  double (*up)(const struct tr_device_cfg *d, double w), (*down)(const struct tr_device_cfg *d, double w);
};

#define X(LAW, up, down)                                              \
  static double up_##LAW(const struct tr_device_cfg *d, double w) {   \
    return up;                                                        \
  }                                                                   \
  static double down_##LAW(const struct tr_device_cfg *d, double w) { \
    return down;                                                      \
  }
TR_LAW_TABLE(X)
#undef X

static const struct law laws[] = {
#define X(LAW, up, down) [XT_LAW_##LAW] = {up_##LAW, down_##LAW},
    TR_LAW_TABLE(X)
#undef X
};

static double not_below_0(double step) {
  return step > 0 ? step : 0;
}

/* Steps of a device with imbalance r at weight w. */
struct steps {
  double up, down;
};

static struct steps steps_at(const struct law *law, const struct tr_device_cfg *d, double r, double w) {
  return (struct steps){(1 + r) * not_below_0(law->up(d, w)), (1 - r) * not_below_0(law->down(d, w))};
}

static double excess(const struct law *law, const struct tr_device_cfg *d, double r, double w) {
  const struct steps s = steps_at(law, d, r, w);
  return s.down - s.up;
}

/* Where up and down step are equal: *zero, by bisection if it is not 0. Returns 0 if there is no such weight. */
static int find_zero(const struct law *law, const struct tr_device_cfg *d, double r, double *zero) {
  double low = d->w_min, high = d->w_max;
  *zero = 0;
  if (excess(law, d, r, 0) == 0) return 1;
  if (excess(law, d, r, low) > 0 || excess(law, d, r, high) < 0) return 0;
  for (int k = 0; k < 60; k++) {
    *zero = (low + high) / 2;
    *(excess(law, d, r, *zero) < 0 ? &low : &high) = *zero;
  }
  return 1;
}

/* With up step q+ and down step q-, pulses of gradient g move a device by -g F - |g| G, F = (q+ + q-)/2,
 * G = (q- - q+)/2. G is 0 at the symmetry point; near it G / F is the distance from it over tau. */
static void set_asymmetry(const struct law *law, const struct tr_device_cfg *d, double r, struct tr_device *out) {
  const double h = 1e-4 * (d->w_max - d->w_min);
  if (!find_zero(law, d, r, &out->zero)) return;
  const struct steps s = steps_at(law, d, r, out->zero);
  const double slope = (excess(law, d, r, out->zero + h) - excess(law, d, r, out->zero - h)) / (2 * h);
  if (slope > 0) out->tau = (s.up + s.down) / slope;
}

/* ---- one device ---- */
/* Down less up step of a device at state w. */
static int64_t device_excess(const struct xt_plane *p, const struct xt_device *d, int32_t w) {
  const struct xt_pulse up = {.hit = true, .up = true, .duration = 1}, down = {.hit = true, .duration = 1};
  return p->law->step(&p->cfg, p->sw, down, d->step_down, d->shape_down, w, 0, 0) -
         p->law->step(&p->cfg, p->sw, up, d->step_up, d->shape_up, w, 0, 0);
}

/* The first state at which the excess is at least `least`, of those from a device's lower bound on; its upper bound if
 * there is none. */
static int32_t first_excess(const struct xt_plane *p, const struct xt_device *d, int64_t least) {
  int32_t low = d->wmin, high = d->wmax;
  while (low < high) {
    const int32_t mid = low + (high - low) / 2;
    if (device_excess(p, d, mid) >= least)
      high = mid;
    else
      low = mid + 1;
  }
  return low;
}

double tr_device_symmetry(const struct xt_plane *p, size_t k) {
  const struct xt_device d = xt_plane_device(p, k);
  if (d.wmin == d.wmax) return NAN;
  const int64_t low = device_excess(p, &d, d.wmin), high = device_excess(p, &d, d.wmax);
  if (low > 0 || high < 0 || low == high) return NAN;
  return (first_excess(p, &d, 0) + first_excess(p, &d, 1) - 1) / 2.0;
}

/* ---- models ---- */
#define X(name, LAW, text, ...)                     \
  static void fix_##name(struct tr_device_cfg *d) { \
    __VA_ARGS__;                                    \
  }
TR_DEVICE_MODEL_TABLE(X)
#undef X

struct model {
  const char *name;
  int law;
  void (*fix)(struct tr_device_cfg *d);
};
static const struct model models[] = {
#define X(name, LAW, text, ...) {#name, XT_LAW_##LAW, fix_##name},
    TR_DEVICE_MODEL_TABLE(X)
#undef X
};

static const struct model *find_model(const char *name, int plane, struct tr_err *e) {
  static const char *const missing[] = {
#define X(name) #name,
      TR_DEVICE_MISSING_TABLE(X)
#undef X
  };
  char allowed[200] = "";
  for (size_t k = 0; k < sizeof models / sizeof *models; k++) {
    if (strcmp(models[k].name, name) == 0) return &models[k];
    tr_list_add(allowed, sizeof allowed, models[k].name);
  }
  if (strcmp(name, "mtj") == 0) {
    tr_fail(e, TR_EXIT_CONFIG, "device.%s.model: 'mtj' belongs to algorithm mtj: section mtj; allowed: %s",
            tr_plane_name(plane), allowed);
    return NULL;
  }
  const char *why = "is unknown";
  for (size_t k = 0; k < sizeof missing / sizeof *missing; k++)
    if (strcmp(missing[k], name) == 0) why = "is not implemented";
  tr_fail(e, TR_EXIT_CONFIG, "device.%s.model: '%.60s' %s; allowed: %s", tr_plane_name(plane), name, why, allowed);
  return NULL;
}

/* ---- presets ---- */
int tr_device_preset(const char *name, struct tr_device_cfg *d) {
#define X(preset, use, text, ...)                    \
  if (strcmp(name, #preset) == 0) {                  \
    snprintf(d->model, sizeof d->model, "%s", #use); \
    __VA_ARGS__;                                     \
    return 0;                                        \
  }
  TR_DEVICE_PRESET_TABLE(X)
#undef X
  return -1;
}

const char *tr_device_presets(void) {
#define X(preset, use, text, ...) ", " #preset
  return &(TR_DEVICE_PRESET_TABLE(X))[2];
#undef X
}

/* A preset: its model and what it sets. */
static void print_preset(const char *name, const char *text) {
  struct tr_device_cfg d;
#define X(plane, key, ...) d.key = (double)NAN;
  TR_DEVICE_PARAM_TABLE(X, )
#undef X
  if (tr_device_preset(name, &d)) return;
  printf("device preset %s: %s; model: %s", name, text, d.model);
#define X(plane, key, ...) \
  if (!isnan(d.key)) printf(", " #key ": %.15g", d.key);
  TR_DEVICE_PARAM_TABLE(X, )
#undef X
  printf("\n");
}

void tr_device_print(void) {
#define X(name, LAW, text, ...) printf("device model " #name ": %s\n", text);
  TR_DEVICE_MODEL_TABLE(X)
#undef X
#define X(name, use, text, ...) print_preset(#name, text);
  TR_DEVICE_PRESET_TABLE(X)
#undef X
}

/* ---- fields of the array ---- */
enum {
#define X(NAME, name, field, smallest, largest, text) TR_FIELD_##NAME,
  XT_DEV_TABLE(X)
#undef X
      TR_NUM_FIELDS
};

/* What a field should be, and the key that says so. */
struct wanted {
  const char *key;
  double value;
};

/* What the user gave: a field is this times something. */
static double given(const struct tr_device_cfg *d, const char *key) {
#define X(plane, name, ...) \
  if (strcmp(key, #name) == 0) return d->name;
  TR_DEVICE_PARAM_TABLE(X, )
#undef X
  return 0;
}

static int round_to_field(const struct wanted *want, const struct tr_device_cfg *d, int plane, int64_t smallest,
                          int64_t largest, int32_t *field, struct tr_err *e) {
  const double r = want->value < 0 ? -floor(-want->value + 0.5) : floor(want->value + 0.5);
  if (!(r >= (double)smallest && r <= (double)largest)) {
    const double v = given(d, want->key), unit = v / want->value;
    const double a = (double)smallest * unit, b = (double)largest * unit;
    return tr_fail(e, TR_EXIT_CONFIG, "device.%s.%s: %.6g is out of range: %.6g to %.6g is allowed here",
                   tr_plane_name(plane), want->key, v, tr_four_digits(fmin(a, b), 1), tr_four_digits(fmax(a, b), 0));
  }
  *field = (int32_t)r;
  return 0;
}

enum { STEP_MOST = 2047, STEP_BITS = 11 }; /* software keeps DW in 1024..2047 (SPEC section 9) */

/* The mean step, of which `unit` is one state unit, as DW 2^-SHIFT. */
static int want_step(double dw_min, double unit, int plane, struct wanted want[], struct tr_err *e) {
  enum {
#define X(NAME, name, field, smallest, largest, text) NAME##_LEAST = smallest, NAME##_MOST = largest,
#define fs1 0
    XT_DEV_TABLE(X)
#undef fs1
#undef X
  };
  int exp = 0;
  want[TR_FIELD_DW] = want[TR_FIELD_SHIFT] = (struct wanted){"dw_min", 0};
  const double units = dw_min / unit;
  if (units <= 0) return 0;
  double dw = floor(frexp(units, &exp) * (STEP_MOST + 1) + 0.5);
  int shift = STEP_BITS - exp;
  if (dw > STEP_MOST) {
    dw /= 2;
    shift--;
  }
  if (shift < SHIFT_LEAST || shift > SHIFT_MOST)
    return tr_fail(e, TR_EXIT_CONFIG, "device.%s.dw_min: %.6g cannot be set: 0 or %.6g to %.6g is allowed here",
                   tr_plane_name(plane), dw_min, tr_four_digits(ldexp(unit, STEP_BITS - 1 - SHIFT_MOST), 1),
                   tr_four_digits(ldexp(unit * STEP_MOST / (STEP_MOST + 1), STEP_BITS - SHIFT_LEAST), 0));
  want[TR_FIELD_DW].value = dw;
  want[TR_FIELD_SHIFT].value = shift;
  return 0;
}

/* A bound in weight units as a state below fs. */
static int want_bound(double bound, double w_scale, double fs, int plane, struct wanted *want, struct tr_err *e) {
  const char *which = tr_plane_name(plane);
  if (bound > w_scale)
    return tr_fail(e, TR_EXIT_CONFIG, "device.%s.%s: %.6g is beyond a full-scale state (%.6g): raise tile.w_scale_log2",
                   which, want->key, bound, w_scale);
  want->value = floor(bound / w_scale * fs + 0.5);
  if (want->value < 1)
    return tr_fail(e, TR_EXIT_CONFIG, "device.%s.%s: %.6g is less than one state unit", which, want->key, bound);
  if (want->value > fs - 1) want->value = fs - 1;
  return 0;
}

/* Those of every law. aihwkit: up_down = u > 0 shortens the down step to 1 - u; SPEC: up 1 + r, down 1 - r. Equal for
 * r = u / (2 - |u|) and a mean step of dw_min (1 - |u| / 2). */
static int want_fields(const struct tr_device_cfg *d, int law, int plane, double w_scale, double fs,
                       struct wanted want[], struct tr_err *e) {
  const double u = d->up_down, au = fabs(u);
  want[TR_FIELD_C_DTOD] = (struct wanted){"dw_min_dtod", GAUSS_SD * d->dw_min_dtod};
  want[TR_FIELD_UP_DOWN] = (struct wanted){"up_down", 4096 * u / (2 - au)};
  want[TR_FIELD_C_UD] = (struct wanted){"up_down_dtod", GAUSS_SD * d->up_down_dtod / (1 - au / 2)};
  want[TR_FIELD_W_MAX].key = "w_max";
  want[TR_FIELD_W_MIN].key = "w_min";
  want[TR_FIELD_C_WMAX] = (struct wanted){"w_max_dtod", GAUSS_SD * d->w_max_dtod};
  want[TR_FIELD_C_WMIN] = (struct wanted){"w_min_dtod", GAUSS_SD * d->w_min_dtod};
  want[TR_FIELD_C_C2C] = (struct wanted){"dw_min_std", GAUSS_SD * d->dw_min_std};
  want[TR_FIELD_STUCK] = (struct wanted){"corrupt_devices_prob", 65536 * d->corrupt_devices_prob};
  want[TR_FIELD_ROUND] = (struct wanted){"rounding", strcmp(d->rounding, "nearest") == 0};
  want[TR_FIELD_LAW] = (struct wanted){"model", law};
#define X(LAW, FIELD, name, field) \
  if (law == XT_LAW_##LAW) want[TR_FIELD_##FIELD] = (struct wanted){name, field};
  TR_LAW_FIELD_TABLE(X)
#undef X
  return want_step(d->dw_min, w_scale / fs / (1 - au / 2), plane, want, e) ||
                 want_bound(d->w_max, w_scale, fs, plane, &want[TR_FIELD_W_MAX], e) ||
                 want_bound(-d->w_min, w_scale, fs, plane, &want[TR_FIELD_W_MIN], e)
             ? -1
             : 0;
}

int tr_device_make(const struct tr_device_cfg *cfg, int plane, int state_bits, double w_scale, struct tr_device *out,
                   struct tr_err *e) {
  memset(out, 0, sizeof *out);
  const struct model *model = find_model(cfg->model, plane, e);
  if (!model) return -1;
  struct tr_device_cfg d = *cfg;
  model->fix(&d);
  struct wanted want[TR_NUM_FIELDS];
  for (int k = 0; k < TR_NUM_FIELDS; k++) want[k] = (struct wanted){"model", 0};
  const double fs = ldexp(1, state_bits - 1);
  const int64_t fs1 = ((int64_t)1 << (state_bits - 1)) - 1;
  if (want_fields(&d, model->law, plane, w_scale, fs, want, e)) return -1;
#define X(NAME, name, field, smallest, largest, text) \
  if (round_to_field(&want[TR_FIELD_##NAME], &d, plane, smallest, largest, &out->cfg.name, e)) return -1;
  XT_DEV_TABLE(X)
#undef X
  out->step = out->cfg.dw ? ldexp(out->cfg.dw, -out->cfg.shift) / fs : 0;
  set_asymmetry(&laws[model->law], &d, d.up_down / (2 - fabs(d.up_down)), out);
  return 0;
}
