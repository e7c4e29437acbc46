/* SPDX-License-Identifier: Apache-2.0 */
/* What the lines of the array do in a cycle (rtl/SPEC.md section 8). */
#ifndef XT_DRIVE_H
#define XT_DRIVE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* One line in one cycle. */
struct xt_drive {
  bool active, polarity;
  uint8_t amplitude; /* code of AMP_BITS bits; its meaning is the law's */
  uint16_t duration; /* of the pulse, clock cycles */
};

/* All lines; the memory is the caller's. Bit vectors (line i: bit i%32 of word i/32), and amplitudes (NULL: all 0); the
 * duration is common to all lines. Polarity and amplitude of a line that is not driven are 0. */
struct xt_drives {
  uint32_t *row_act, *row_pol, *col_act, *col_pol;
  const uint8_t *row_amp, *col_amp;
  uint16_t duration;
};

static inline struct xt_drive xt_drive_row(const struct xt_drives *d, int32_t i) {
  const uint32_t bit = UINT32_C(1) << (i & 31);
  return (struct xt_drive){(d->row_act[i >> 5] & bit) != 0, (d->row_pol[i >> 5] & bit) != 0,
                           d->row_amp != NULL ? d->row_amp[i] : (uint8_t)0, d->duration};
}
static inline struct xt_drive xt_drive_col(const struct xt_drives *d, int32_t j) {
  const uint32_t bit = UINT32_C(1) << (j & 31);
  return (struct xt_drive){(d->col_act[j >> 5] & bit) != 0, (d->col_pol[j >> 5] & bit) != 0,
                           d->col_amp != NULL ? d->col_amp[j] : (uint8_t)0, d->duration};
}

#endif
