/* SPDX-License-Identifier: Apache-2.0 */
#include "xt_array_cfg.h"

#include <stdio.h>

#include "xt_tile_if.h"

static int check(const char *where, const char *name, int64_t v, int64_t lo, int64_t hi, char *err, size_t errlen) {
  if (v >= lo && v <= hi) return XT_E_OK;
  snprintf(err, errlen, "array %s: %s = %lld is not in %lld..%lld", where, name, (long long)v, (long long)lo,
           (long long)hi);
  return XT_E_ARG;
}

/* A flip of law MTJ reaches the other bound, whatever the bounds are. */
static int check_mtj(const char *plane, const struct xt_dev_cfg *d, int32_t sw, char *err, size_t errlen) {
  if (d->law != XT_LAW_MTJ) return XT_E_OK;
  if (check(plane, "C_C2C (law MTJ)", d->c_c2c, 0, 0, err, errlen) != XT_E_OK) return XT_E_ARG;
  return check(plane, "SHIFT (law MTJ)", d->shift, -12, sw <= 18 ? 0 : 18 - sw, err, errlen);
}

/* The devices of one plane; fs1: the largest state. */
static int check_plane(const char *plane, const struct xt_dev_cfg *d, int32_t fs1, char *err, size_t errlen) {
#define X(NAME, name, field, smallest, largest, text) \
  if (check(plane, #NAME, d->name, smallest, largest, err, errlen) != XT_E_OK) return XT_E_ARG;
  XT_DEV_TABLE(X)
#undef X
  return XT_E_OK;
}

int xt_array_check(int32_t sw, const struct xt_array_cfg *cfg, char *err, size_t errlen) {
  const int32_t fs1 = (INT32_C(1) << (sw - 1)) - 1;
#define X(NAME, value, text) \
  if (check_plane(#NAME, &cfg->dev[value], fs1, err, errlen) != XT_E_OK) return XT_E_ARG;
  XT_PLANE_TABLE(X)
#undef X
#define X(NAME, value, text) \
  if (check_mtj(#NAME, &cfg->dev[value], sw, err, errlen) != XT_E_OK) return XT_E_ARG;
  XT_PLANE_TABLE(X)
#undef X
#define X(NAME, name, field, smallest, largest, text) \
  if (check("globals", #NAME, cfg->name, smallest, largest, err, errlen) != XT_E_OK) return XT_E_ARG;
  XT_DEV_GLOBAL_TABLE(X)
#undef X
  return XT_E_OK;
}
