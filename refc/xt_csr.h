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
  uint32_t reg[256]; /* by address; writable registers only, the rest 0 */
};

void xt_csr_reset(struct xt_csr *csr);
/* Is `value` legal for the writable register `addr`? (false for any other address) */
bool xt_csr_legal(const struct xt_dim *dim, uint8_t addr, uint32_t value);
bool xt_csr_writable(uint8_t addr);
/* XT_CSR_ST_*; the register changes only for XT_CSR_ST_OK. */
int xt_csr_write(struct xt_csr *csr, const struct xt_dim *dim, bool busy, uint8_t addr, uint32_t value);
int xt_csr_read(const struct xt_csr *csr, const struct xt_dim *dim, const struct xt_csr_view *view,
                const uint64_t counters[XT_NUM_COUNTERS], uint8_t addr, uint32_t *value);

static inline int32_t xt_csr_adc_offset(const struct xt_csr *csr) {
  return (int32_t)csr->reg[XT_CSR_ADC_OFFSET];
}

#ifdef __cplusplus
}
#endif

#endif
