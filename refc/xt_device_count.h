/* SPDX-License-Identifier: Apache-2.0 */
/* What pulses did to the devices of a plane whose law looks at amplitude and duration: how often they switched, how
 * long they saw which voltage in which state. Integers; what an amplitude code is in volts, and a state in siemens, is
 * the configuration's (refc/train). */
#ifndef XT_DEVICE_COUNT_H
#define XT_DEVICE_COUNT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "xt_params.h"

enum { XT_SUM_AMPS = 2 << XT_AMP_BITS /* amplitudes of a row and a column together */ };

/* 64-bit words and nothing else: a checkpoint keeps them as a list. */
struct xt_device_sums {
  uint64_t cycles;           /* of pulses on the plane, whatever fired */
  uint64_t selected, half;   /* pulses that devices saw: of both lines, of one line that met a grounded one */
  uint64_t flips, disturbed; /* those that changed the device's state: selected ones, half-selected ones */
  uint64_t read_flips;       /* reads that did */
  /* by half, direction (1: up) and amplitude: cycles, and cycles times the device's state before the pulse (high 2^32 +
   * low), summed over device pulses */
  uint64_t time[2][2][XT_SUM_AMPS];
  uint64_t low[2][2][XT_SUM_AMPS];
  int64_t high[2][2][XT_SUM_AMPS];
};

struct xt_device_counts {
  struct xt_device_sums sums;
  uint32_t *flips; /* of every device, k = i*m + j */
};

/* weighted: below 2^62 in magnitude. */
static inline void xt_device_time(struct xt_device_sums *s, bool half, bool up, int32_t amplitude, uint64_t cycles,
                                  int64_t weighted) {
  const int64_t low = (int64_t)s->low[half][up][amplitude] + weighted;
  s->time[half][up][amplitude] += cycles;
  s->low[half][up][amplitude] = (uint64_t)low & UINT32_MAX;
  s->high[half][up][amplitude] += (low - (low & UINT32_MAX)) / ((int64_t)UINT32_MAX + 1);
}

/* Device k has changed its state; of: the sum that has it. */
static inline void xt_device_flip(struct xt_device_counts *c, size_t k, uint64_t *of) {
  c->flips[k]++;
  *of += 1;
}

#endif
