/* SPDX-License-Identifier: Apache-2.0 */
/* The behavioural array: analog front end, devices, configuration (rtl/SPEC.md sections 8, 9, 10).
 *
 * Two forms with the same bits. Cycle form: one call per cycle of the array boundary. Train form: a whole read, or up
 * to XT_CHUNK pulse slots of one phase, in one call. Device k = i*m + j; fields are stored one array per field, columns
 * innermost, so that a row's neighbouring devices make one vector. */
#ifndef XT_ARRAY_H
#define XT_ARRAY_H

#include <stdbool.h>

#include "xt_dim.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Devices per vector: the widest that the machine has. */
#if defined(__AVX512F__)
enum { XT_LANES = 16 };
#elif defined(__AVX2__)
enum { XT_LANES = 8 };
#else
enum { XT_LANES = 4 };
#endif
enum { XT_SLACK = 64 /* elements that vectors may touch past an array's end */ };

/* Devices of one array; the memory belongs to the caller: n*m + XT_SLACK entries per field.
 * StateBits <= 16: w16, lo16, hi16, and the w32 ... are NULL; else the other way round. */
struct xt_devices {
  int16_t *su, *sd, *lu, *ld; /* step at 0 and slope, up and down; ld >= 0 >= lu */
  int16_t *w16, *lo16, *hi16;
  int32_t *w32, *lo32, *hi32;
  struct xt_dev_cfg cfg;
  bool narrow;  /* every intermediate of a pulse fits 32 bits, for any state within the bounds */
  bool outside; /* some state is outside its bounds (a snapshot): `narrow` does not hold */
};

struct xt_array {
  int32_t n, m, sw;
  struct xt_devices dev[3]; /* A, C, R */
  uint32_t seed, read_noise;
  uint32_t pulse_ctr, read_ctr;
  bool fabricated;
  int64_t *acc;  /* [max(n,m)]: integrators */
  int64_t *v;    /* [max(n,m)]: held values */
  int16_t *sign; /* [max(n,m) + XT_SLACK]: scratch */
  int32_t *sum;  /* [max(n,m) + XT_SLACK]: scratch */
};

/* Section 10: 0, or XT_E_ARG with a message in err. */
int xt_array_check(int32_t sw, const struct xt_array_cfg *cfg, char *err, size_t errlen);
/* Fabricates from a configuration that xt_array_check() accepts. */
void xt_array_fabricate(struct xt_array *a, const struct xt_array_cfg *cfg);

int32_t xt_array_state(const struct xt_array *a, int sel, size_t k);
/* Any state of sw bits. After a series of these: xt_array_bounds(). */
void xt_array_set_state(struct xt_array *a, int sel, size_t k, int32_t w);
void xt_array_bounds(struct xt_array *a);
uint32_t xt_array_digest(const struct xt_array *a, int sel);

/* --- cycle form: the boundary's signals, bit vectors --- */
void xt_array_clear(struct xt_array *a);
void xt_array_integ(struct xt_array *a, int sel, int dir, bool dbl, const uint32_t *row_act, const uint32_t *row_pol,
                    const uint32_t *col_act, const uint32_t *col_pol);
void xt_array_hold(struct xt_array *a, int dir);
/* The comparator of the unit that looks at `line` (it exists: line < sensed lines). */
uint32_t xt_array_cmp(const struct xt_array *a, int32_t line, uint32_t range, int32_t sar_code);
void xt_array_pulse(struct xt_array *a, int sel, bool gated, const uint32_t *row_act, const uint32_t *row_pol,
                    const uint32_t *col_act, const uint32_t *col_pol);

/* --- train form --- */
/* CLEAR to HOLD of a read with codes on the driven lines: a->v. lines[count]: those whose code is not 0. */
void xt_array_read(struct xt_array *a, int sel, int dir, const int16_t *codes, const int32_t *lines, int32_t count);

/* Up to XT_CHUNK slots of the rows of one sign, in their phase with the columns where d > 0 and in that where d < 0
 * (index [0] and [1]). Devices of different columns do not see each other, so that the two phases may run together.
 * Masks: bit s = the line fires in slot s of the phase. */
struct xt_train {
  uint32_t slots;
  uint32_t pulse_ctr[2]; /* of slot 0 */
  bool up[2];            /* direction of the devices */
  int32_t rows;
  const int32_t *row;          /* [rows] */
  const uint32_t *row_mask[2]; /* [rows] */
  const uint32_t *col_mask;    /* [m, and zeros up to a multiple of XT_LANES]: in the phase of the column's own sign */
  const uint32_t *col_neg;     /* [the same]: ~0 where d < 0, else 0 */
  const uint32_t *vec_mask[2]; /* [that / XT_LANES]: OR of col_mask over a vector's columns of this sign */
};
/* Returns the number of device pulses. Does not move the array's pulse counter. */
uint64_t xt_array_train(struct xt_array *a, int sel, const struct xt_train *t);
/* `pairs` times up, down, on every device. */
void xt_array_zero_shift(struct xt_array *a, int sel, uint32_t pairs);

#ifdef __cplusplus
}
#endif

#endif
