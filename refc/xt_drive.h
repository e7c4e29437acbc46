/* SPDX-License-Identifier: Apache-2.0 */
/* What the lines of the array do in a cycle (rtl/SPEC.md section 8). */
#ifndef XT_DRIVE_H
#define XT_DRIVE_H

#include <stdbool.h>
#include <stdint.h>

/* One line in one cycle. */
struct xt_drive {
  bool active, polarity;
  uint8_t amplitude; /* code of AMP_BITS bits: 0 today */
  uint8_t duration;  /* of the pulse, clock cycles */
};

/* All lines. Bit vectors (line i: bit i%32 of word i/32), the memory is the caller's; amplitude and duration are common
 * to all lines of a side. The polarity of a line that is not driven is 0. */
struct xt_drives {
  uint32_t *row_act, *row_pol, *col_act, *col_pol;
  uint8_t row_amp, col_amp, duration;
};

static inline struct xt_drive xt_drive_row(const struct xt_drives *d, int32_t i) {
  const uint32_t bit = UINT32_C(1) << (i & 31);
  return (struct xt_drive){(d->row_act[i >> 5] & bit) != 0, (d->row_pol[i >> 5] & bit) != 0, d->row_amp, d->duration};
}
static inline struct xt_drive xt_drive_col(const struct xt_drives *d, int32_t j) {
  const uint32_t bit = UINT32_C(1) << (j & 31);
  return (struct xt_drive){(d->col_act[j >> 5] & bit) != 0, (d->col_pol[j >> 5] & bit) != 0, d->col_amp, d->duration};
}

#endif
