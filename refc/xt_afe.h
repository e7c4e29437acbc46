/* SPDX-License-Identifier: Apache-2.0 */
/* The analog front end: reference devices, integrators, sample and hold, DACs and comparators of the converters, with
 * what is wrong with each (rtl/SPEC.md section 8). Behavioural, one call per cycle of the boundary. */
#ifndef XT_AFE_H
#define XT_AFE_H

#include "xt_array.h"
#include "xt_dim.h"
#include "xt_noise.h"
#include "xt_room.h"

struct xt_afe {
  struct xt_dim dim;
  uint32_t seed, read_noise, int_max, mirror_error, cmp_noise; /* as configured */
  uint32_t read_ctr;                                           /* HOLD cycles since the fabrication */
  uint32_t cmp_ctr;                                            /* conversion cycles since then */
  uint32_t load;    /* conductance of the load resistors, 1/16 of a mean device's; 0: virtual ground */
  bool load_all;    /* lines of the driven side that are not driven are connected, too */
  uint32_t *every;  /* bit vector: all lines */
  bool parts_known; /* `part` is this read's, whatever is driven */
  int64_t *part[2]; /* of either side of the difference: what a load resistor leaves of its line's current, in 2^-20 */
  /* fabricated; all 0 in an ideal front end */
  int32_t *spread[2]; /* m of the reference devices: [0] of the rows [n], [1] of the columns [m] */
  int32_t *mirror[2]; /* e of the sensed lines, in 2^-20: [0] columns [m], [1] rows [n] */
  int32_t *offset;    /* of the units, in 1/256 of a code */
  int32_t *gain;      /* of the units, in 2^-20 */
  int32_t *step;      /* [adc_bits][units]: what a bit adds to the unit's DAC, in 1/256 of a code */
  /* of a read, by sensed line */
  int64_t *acc, *ref;          /* integrators; what the reference gave (only with mirror errors) */
  uint8_t *over;               /* the integrator has reached its limit since CLEAR */
  int64_t *v;                  /* held values */
  int64_t *cur, *back, *value; /* of a slot: currents, and the reference's; scratch */
};

/* Memory for a tile of these sizes; room->failed tells. */
void xt_afe_room(struct xt_afe *f, const struct xt_dim *dim, struct xt_room *room);
/* With the array: the counters are 0. */
void xt_afe_fabricate(struct xt_afe *f, const struct xt_array_cfg *cfg);

void xt_afe_clear(struct xt_afe *f);
/* What the sensed lines get in a slot of INTEG, to f->cur, and what their mirrors have to take off, to f->back (only
 * where mirrors have errors); with load resistors, what these leave of it. dir 0: rows driven, columns sensed; 1:
 * transposed. */
void xt_afe_currents(struct xt_afe *f, const struct xt_array *a, const struct xt_select *select, int dir,
                     const struct xt_drives *drives);
/* INTEG of these. halve: of a bit-serial read. */
void xt_afe_integ(struct xt_afe *f, const struct xt_select *select, int dir, bool halve);
void xt_afe_hold(struct xt_afe *f, const struct xt_select *select, int dir);
/* What HOLD adds to the held values of the sensed lines: the mirrors' error of `ref`, and read noise; counted. */
void xt_afe_disturb(struct xt_afe *f, const struct xt_select *select, int dir);

/* The comparator that looks at `line`, a sensed line, in this conversion cycle; range: log2 of the ADC step, 0..48. */
uint32_t xt_afe_cmp(const struct xt_afe *f, int32_t line, uint32_t range, int32_t sar_code);
/* The end of a conversion cycle. */
static inline void xt_afe_conv(struct xt_afe *f) {
  f->cmp_ctr++;
}

/* ---- what the formulas share */

/* (a*b) >>> r, exact: |a| < 2^56, |b| <= 2^16, r = 12..20; |b| <= 2^20 with r = 20. */
static inline int64_t xt_afe_part(int64_t a, int32_t b, unsigned r) {
  return b * xt_sra(a, r) + xt_sra(b * (a & ((INT64_C(1) << r) - 1)), r);
}

/* The limit of an integrator, in what the select is sensed in; 0: none. */
static inline int64_t xt_afe_limit(const struct xt_afe *f, const struct xt_select *select) {
  return (int64_t)f->int_max << select->fraction;
}
/* One slot of an integrator without its limit. halve: of a bit-serial read, least significant bit first: what the slot
 * brings counts 2^mb, then the integrator halves. */
static inline int64_t xt_afe_slot(const struct xt_afe *f, int64_t acc, int64_t cur, bool halve) {
  return halve ? xt_sra(acc + cur * (INT64_C(1) << f->dim.mb), 1) : acc + cur;
}
/* Its limit (> 0). */
static inline int64_t xt_afe_clip(int64_t acc, int64_t limit, uint8_t *over) {
  *over = *over || acc > limit || acc < -limit;
  return xt_clamp(acc, -limit, limit);
}

/* The planes of a select that are taken off, with positive coefficients; their sum. */
struct xt_select xt_afe_taken(const struct xt_select *select);
/* cref: the sum of a select's coefficients. */
int64_t xt_afe_sum(const struct xt_select *select);

/* What the comparator of a line compares with its DAC, in 1/256 of a code. */
static inline int64_t xt_afe_level(int64_t v, int32_t gain, uint32_t range) {
  const int64_t half = range > 0 ? INT64_C(1) << (range - 1) : 0, part = xt_afe_part(v, gain, 12);
  if (range >= 8) return xt_sra(v + half + xt_sra(part, 8), range - 8); /* the last eight bits first: 64 are enough */
  const int64_t most = INT64_C(1) << 52;                                /* far beyond any code */
  return xt_sra(256 * xt_clamp(v + half, -most, most) + part, range);
}

/* n of a unit's decision; key: xt_noise_key(seed, XT_DOM_CMP, cmp_ctr). */
static inline int64_t xt_afe_decision(const struct xt_afe *f, uint32_t key, int32_t unit) {
  return xt_sra((int64_t)xt_noise_gauss(xt_noise_word(key, (uint32_t)unit)) * f->cmp_noise, 8);
}

#endif
