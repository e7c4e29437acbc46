/* SPDX-License-Identifier: Apache-2.0 */
/* Registers (rtl/SPEC.md section 3). Addresses, ranges and reset values come from XT_CSR_TABLE. */
#ifndef XT_CSR_H
#define XT_CSR_H

#include <stdbool.h>

#include "xt_dim.h"

#ifdef __cplusplus
extern "C" {
#endif

struct xt_csr {
  uint32_t reg[256]; /* by address; registers of access RW, the rest 0 */
  uint32_t high;     /* high word of the counter whose low word was read last */
};

void xt_csr_reset(struct xt_csr *csr);
/* XT_ACCESS_* of a register, -1 if there is none. Counters are STATE. */
int xt_csr_access(uint8_t addr);
/* Is the register one that is kept here? */
static inline bool xt_csr_kept(uint8_t addr) {
  return xt_csr_access(addr) == XT_ACCESS_RW;
}
/* Is `value` legal for such a register? (false for any other address) */
bool xt_csr_legal(const struct xt_dim *dim, uint8_t addr, uint32_t value);
/* XT_CSR_ST_*; the register changes only for XT_CSR_ST_OK. What a write that is OK does to a register of access STATE
 * or WO or to a counter is the caller's (xt_tile). */
int xt_csr_write(struct xt_csr *csr, const struct xt_dim *dim, bool busy, uint8_t addr, uint32_t value);
int xt_csr_read(struct xt_csr *csr, const struct xt_dim *dim, const struct xt_csr_view *view,
                const uint64_t counters[XT_NUM_COUNTERS], uint8_t addr, uint32_t *value);

/* GEN_SEL: which generator. */
static inline bool xt_csr_gen_col(uint32_t gen_sel) {
  return (gen_sel >> 16 & 1) != 0;
}
static inline int32_t xt_csr_gen_line(uint32_t gen_sel) {
  return (int32_t)(gen_sel & 0xFFFF);
}

/* ACC_SEL: which sum of the accumulator. */
static inline int32_t xt_csr_acc_row(uint32_t acc_sel) {
  return (int32_t)(acc_sel >> 16);
}
static inline int32_t xt_csr_acc_sum(uint32_t acc_sel) {
  return (int32_t)(acc_sel & 0xFFFF);
}
static inline bool xt_csr_acc_there(const struct xt_dim *dim, uint32_t acc_sel) {
  return xt_csr_acc_row(acc_sel) < dim->n && xt_csr_acc_sum(acc_sel) < dim->ms;
}

static inline int32_t xt_csr_adc_offset(const struct xt_csr *csr) {
  return (int32_t)csr->reg[XT_CSR_ADC_OFFSET];
}

#ifdef __cplusplus
}
#endif

#endif
