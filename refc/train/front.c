/* SPDX-License-Identifier: Apache-2.0 */
#include "front.h"

#include <math.h>
#include <string.h>

/* A row per error: key, member, field, unit of the key in the field's, what a typical front end has (README.md says
 * why), how it is printed. GAUSS: standard deviation of the noise's four bytes; fs: full scale of a state. */
#define GAUSS 147.80
#define TR_FRONT_TABLE(X)                                                                              \
  X(reference_spread, ref_spread, fs * 256 / GAUSS / 100, .5, "reference devices %g %% of full scale") \
  X(mirror, mirror, 1048576 / GAUSS / 100, .1, "mirrors %g %%")                                        \
  X(offset, adc_offs, 65536 / GAUSS, 4, "offsets %g LSB")                                              \
  X(gain, adc_gain, 1048576 / GAUSS / 100, .5, "gains %g %%")                                          \
  X(unit_capacitor, adc_weight, 16777216 / 16 / GAUSS / 100, 3, "unit capacitors %g %%")               \
  X(comparator_noise, cmp_noise, 65536 / GAUSS, .3, "comparator noise %g LSB")
enum { TYPICAL_LIMIT = 2, TYPICAL_CALIBRATIONS = 16 };

void tr_front_preset(const char *name, struct tr_config *c) {
  const int typical = strcmp(name, "typical") == 0;
#define X(key, field, unit, value, text) c->key = typical ? (value) : 0;
  TR_FRONT_TABLE(X)
#undef X
  c->load = 0;
  c->integrator_limit = typical ? TYPICAL_LIMIT : 0;
  c->calibrations = typical ? TYPICAL_CALIBRATIONS : 0;
}

/* A value in units of the field; one that is not 0 must not become 0. */
static int put(const char *key, double value, double unit, double most, uint32_t *field, struct tr_err *e) {
  const double v = floor(value * unit + 0.5);
  if (v > most || (value > 0 && v < 1))
    return tr_fail(e, TR_EXIT_CONFIG, "front_end.%s: %.6g cannot be set: 0 or %.3g to %.6g is allowed", key, value,
                   1 / unit, floor(most / unit * 1e4) / 1e4);
  *field = (uint32_t)v;
  return 0;
}

/* Without transistors every line of the driven side is connected. */
static int all_connected(const struct tr_config *c) {
  return c->load > 0 && strcmp(c->cell, "gated") != 0;
}

void tr_front_octaves(const struct tr_config *c, const struct xt_shape *shape, int octaves[2]) {
  octaves[0] = octaves[1] = 0;
  if (!all_connected(c)) return;
  octaves[0] = (int)floor(log2(1 + 1 / c->load) + 0.5);
  octaves[1] = (int)floor(log2(1 + shape->m / (c->load * shape->n)) + 0.5);
}

int tr_front_make(const struct tr_config *c, const struct xt_shape *shape, int range, struct xt_array_cfg *array,
                  struct tr_err *e) {
#define X(NAME, name, field, smallest, largest, text) const double most_##name = (largest);
  XT_DEV_GLOBAL_TABLE(X)
#undef X
  const double fs = ldexp(1, shape->state_bits - 1);
  (void)most_seed;
  (void)most_read_noise;
  (void)most_load_all;
  (void)most_load; /* not set by this section */
  (void)most_load_all;
#define X(key, field, unit, value, text) \
  if (put(#key, c->key, unit, most_##field, &array->field, e)) return -1;
  TR_FRONT_TABLE(X)
#undef X
  if (put("load", c->load, 16. * shape->n, most_load, &array->load, e)) return -1;
  array->load_all = (uint32_t)all_connected(c);
  return put("integrator_limit", c->integrator_limit, ldexp(1, shape->adc_bits - 1 + range), most_int_max,
             &array->int_max, e);
}

void tr_front_print(const struct tr_config *c, FILE *f) {
  int any = 0;
#define X(key, field, unit, value, text) \
  if (c->key > 0) fprintf(f, "%s" text, any++ ? ", " : "", c->key);
  TR_FRONT_TABLE(X)
#undef X
  if (c->integrator_limit > 0)
    fprintf(f, "%sintegrators end at %g full scales", any++ ? ", " : "", c->integrator_limit);
  if (c->load > 0) fprintf(f, "%sload resistors of %g times a column", any++ ? ", " : "", c->load);
  if (!any) fprintf(f, "ideal");
  if (c->calibrations > 0) fprintf(f, "; %lld calibrations", (long long)c->calibrations);
}
