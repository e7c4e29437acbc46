/* SPDX-License-Identifier: Apache-2.0 */
#include "device.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#define GAUSS_SD 443.405 /* field value of a relative spread of 1 (SPEC section 1: q12) */

static double gamma_zero(const struct tr_device_cfg *d) {
  return (void)d, 0.0;
}
static double gamma_one(const struct tr_device_cfg *d) {
  return (void)d, 1.0;
}
static double gamma_cfg_up(const struct tr_device_cfg *d) {
  return d->gamma_up;
}
static double gamma_cfg_down(const struct tr_device_cfg *d) {
  return d->gamma_down;
}

const struct tr_device_model tr_device_models[] = {
    {"constant_step", "symmetric, hard bounds", gamma_zero, gamma_zero},
    {"linear_step", "step falls from 0 to the bound by gamma_up, gamma_down", gamma_cfg_up, gamma_cfg_down},
    {"soft_bounds", "step vanishes at the bound", gamma_one, gamma_one},
    {NULL, NULL, NULL, NULL}};

/* Names of aihwkit that mean something this array cannot do. */
static const char *const unavailable[] = {"soft_bounds_reference",
                                          "soft_bounds_pmax",
                                          "exp_step",
                                          "pow_step",
                                          "piecewise_step",
                                          "one_sided",
                                          "mtj",
                                          "ideal",
                                          NULL};

struct preset {
  const char *name, *model;
  double dw_min, dw_min_dtod, dw_min_std, up_down_dtod, bound, bound_dtod;
};
/* aihwkit IdealizedPresetDevice and GokmenVlasovPresetDevice; those with additive noise, other step functions or write
 * noise are left out. */
static const struct preset presets[] = {{"idealized", "constant_step", 0.0002, 0.3, 0.3, 0, 1, 0.3},
                                        {"gokmen_vlasov", "constant_step", 0.0016, 0.3, 0.3, 0.01, 1, 0.3}};

int tr_device_preset(struct tr_device_cfg *d, const char *which, struct tr_err *e) {
  if (!d->preset[0]) return 0;
  for (size_t k = 0; k < sizeof presets / sizeof *presets; k++) {
    const struct preset *p = &presets[k];
    if (strcmp(p->name, d->preset) != 0) continue;
    snprintf(d->model, sizeof d->model, "%s", p->model);
    d->dw_min = p->dw_min;
    d->dw_min_dtod = p->dw_min_dtod;
    d->dw_min_std = p->dw_min_std;
    d->up_down = 0;
    d->up_down_dtod = p->up_down_dtod;
    d->w_max = p->bound;
    d->w_min = -p->bound;
    d->w_max_dtod = d->w_min_dtod = p->bound_dtod;
    d->preset[0] = 0;
    return 0;
  }
  return tr_fail(e, TR_EXIT_CONFIG, "device.%s.preset: '%.60s' is not available; allowed: idealized, gokmen_vlasov",
                 which, d->preset);
}

static const struct tr_device_model *find_model(const char *name, const char *which, struct tr_err *e) {
  char allowed[200] = "";
  for (const struct tr_device_model *m = tr_device_models; m->name; m++) {
    if (strcmp(m->name, name) == 0) return m;
    const size_t n = strlen(allowed);
    snprintf(allowed + n, sizeof allowed - n, "%s%s", n ? ", " : "", m->name);
  }
  const char *why = "is unknown";
  for (int k = 0; unavailable[k]; k++)
    if (strcmp(unavailable[k], name) == 0) why = "is not implemented";
  tr_fail(e, TR_EXIT_CONFIG, "device.%s.model: '%.60s' %s; allowed: %s", which, name, why, allowed);
  return NULL;
}

static int field(double v, double hi, const char *which, const char *key, int32_t *out, struct tr_err *e) {
  const double r = v < 0 ? -floor(-v + 0.5) : floor(v + 0.5);
  if (r > hi || r < -hi)
    return tr_fail(e, TR_EXIT_CONFIG, "device.%s.%s: too large for the array (%.6g of at most %.6g)", which, key, r,
                   hi);
  *out = (int32_t)r;
  return 0;
}

/* v = dw * 2^-shift with dw in 1024..2047 (SPEC section 9). */
static int step_field(double v, const char *which, struct xt_dev_cfg *c, struct tr_err *e) {
  if (v <= 0) {
    c->dw = 0;
    c->shift = 0;
    return 0;
  }
  int exp = 0;
  const double m = frexp(v, &exp); /* .5 <= m < 1 */
  int32_t dw = (int32_t)floor(m * 2048 + 0.5);
  int shift = 11 - exp;
  if (dw == 2048) {
    dw = 1024;
    shift--;
  }
  if (shift < -12 || shift > 20)
    return tr_fail(e, TR_EXIT_CONFIG, "device.%s.dw_min: %.6g state units cannot be set: 2^-10 to 2^23 is allowed",
                   which, v);
  c->dw = dw;
  c->shift = shift;
  return 0;
}

static int bound_field(double v, double w_scale, double fs, const char *which, const char *key, int32_t *out,
                       struct tr_err *e) {
  if (v > w_scale)
    return tr_fail(e, TR_EXIT_CONFIG, "device.%s.%s: %.6g is beyond a full-scale state (%.6g): raise tile.w_scale_log2",
                   which, key, v, w_scale);
  const double r = floor(v / w_scale * fs + 0.5);
  if (r < 1) return tr_fail(e, TR_EXIT_CONFIG, "device.%s.%s: %.6g is less than one state unit", which, key, v);
  *out = (int32_t)(r > fs - 1 ? fs - 1 : r);
  return 0;
}

int tr_device_make(const struct tr_device_cfg *d, const char *which, int state_bits, double w_scale,
                   struct tr_device *out, struct tr_err *e) {
  memset(out, 0, sizeof *out);
  const struct tr_device_model *m = find_model(d->model, which, e);
  if (!m) return -1;
  struct xt_dev_cfg *c = &out->cfg;
  const double fs = ldexp(1, state_bits - 1);
  /* aihwkit: up_down = u > 0 shortens the down step to 1 - u; SPEC: up 1 + r, down 1 - r. Equal for
   * r = u / (2 - |u|) and a mean step of dw_min (1 - |u| / 2). */
  const double u = d->up_down, au = fabs(u);
  const double gu = m->gamma_up(d), gd = m->gamma_down(d);
  if (step_field(d->dw_min * (1 - au / 2) / w_scale * fs, which, c, e) ||
      field(4096 * u / (2 - au), 3686, which, "up_down", &c->up_down, e) ||
      field(GAUSS_SD * d->up_down_dtod / (1 - au / 2), 4434, which, "up_down_dtod", &c->c_ud, e) ||
      field(GAUSS_SD * d->dw_min_dtod, 4434, which, "dw_min_dtod", &c->c_dtod, e) ||
      field(GAUSS_SD * d->dw_min_std, 4434, which, "dw_min_std", &c->c_c2c, e) ||
      field(GAUSS_SD * d->w_max_dtod, 4434, which, "w_max_dtod", &c->c_wmax, e) ||
      field(GAUSS_SD * d->w_min_dtod, 4434, which, "w_min_dtod", &c->c_wmin, e) ||
      field(4096 * gu, 16384, which, "gamma_up", &c->gamma_up, e) ||
      field(4096 * gd, 16384, which, "gamma_down", &c->gamma_down, e) ||
      field(65536 * d->corrupt_devices_prob, 65535, which, "corrupt_devices_prob", &c->stuck, e) ||
      bound_field(d->w_max, w_scale, fs, which, "w_max", &c->w_max, e) ||
      bound_field(-d->w_min, w_scale, fs, which, "w_min", &c->w_min, e))
    return -1;
  c->round = strcmp(d->rounding, "nearest") == 0;
  out->step = c->dw ? ldexp(c->dw, -c->shift) / fs : 0;
  const double friction = gu / d->w_max - gd / d->w_min;
  out->tau = friction > 0 ? 2 / friction : 0;
  return 0;
}
