/* SPDX-License-Identifier: Apache-2.0 */
/* Counters (rtl/SPEC.md section 4, last paragraph): what each event adds to which row of [counter]. */
#ifndef XT_COUNT_H
#define XT_COUNT_H

#include <stdbool.h>
#include <stdint.h>

#include "xt_params.h"

struct xt_count {
  uint64_t value[XT_NUM_COUNTERS]; /* by XT_CNT_* */
};

void xt_count_reset(struct xt_count *c);
/* A READSEQ that sensed so many lines, some of them at a rail, some with an integrator that reached its limit. */
void xt_count_read(struct xt_count *c, int32_t lines, uint32_t rails, uint32_t overloads);
/* The update manager's answer for an UPDSEQ of a plane: was its scale clipped by the cap of BL? */
void xt_count_train(struct xt_count *c, int plane, bool clip);
/* Slots of pulses, and the coincidences in them: active rows * active columns. */
void xt_count_pulses(struct xt_count *c, uint64_t slots, uint64_t coincidences);
/* A slot before whose advance a generator stood at 0. */
void xt_count_upset(struct xt_count *c);
void xt_count_transfer(struct xt_count *c);
/* Over the bus: word 2k is the low, 2k + 1 the high one of counter k. */
void xt_count_write(struct xt_count *c, uint32_t word, uint32_t value);
/* The END cycle of a command of so many cycles. */
void xt_count_end(struct xt_count *c, uint32_t cycles, bool error);

#endif
