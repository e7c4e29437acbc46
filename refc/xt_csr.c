/* SPDX-License-Identifier: Apache-2.0 */
#include "xt_csr.h"

struct range {
  bool exists, writable;
  int64_t reset, lo, hi;
};

static bool is_counter(uint8_t addr) {
  return addr >= XT_CSR_COUNTERS && addr < XT_CSR_COUNTERS + 2 * XT_NUM_COUNTERS;
}

static struct range lookup(int64_t adc_max, int64_t bl_max, uint8_t addr) {
  struct range r = {false, false, 0, 0, 0};
  switch (addr) {
#define X(name, address, w, reset, lo, hi)                                                          \
  case address:                                                                                     \
    r = (struct range){true, (w) != 0, INT64_C(0) + (reset), INT64_C(0) + (lo), INT64_C(0) + (hi)}; \
    break;
    XT_CSR_TABLE(X)
#undef X
    default:
      r.exists = is_counter(addr);
  }
  return r;
}

void xt_csr_reset(struct xt_csr *csr) {
  for (int a = 0; a < 256; a++) csr->reg[a] = (uint32_t)lookup(0, 1, (uint8_t)a).reset;
}

bool xt_csr_writable(uint8_t addr) {
  return lookup(0, 1, addr).writable;
}

bool xt_csr_legal(const struct xt_dim *dim, uint8_t addr, uint32_t value) {
  const struct range r = lookup(dim->adcmax, dim->bl_max, addr);
  /* a signed register is recognised by its negative smallest value */
  const int64_t v = r.lo < 0 ? (int64_t)(int32_t)value : (int64_t)value;
  return r.writable && v >= r.lo && v <= r.hi;
}

int xt_csr_write(struct xt_csr *csr, const struct xt_dim *dim, bool busy, uint8_t addr, uint32_t value) {
  const struct range r = lookup(dim->adcmax, dim->bl_max, addr);
  if (!r.exists) return XT_CSR_ST_ADDRESS;
  if (!r.writable) return XT_CSR_ST_READONLY;
  if (busy) return XT_CSR_ST_BUSY;
  if (!xt_csr_legal(dim, addr, value)) return XT_CSR_ST_VALUE;
  csr->reg[addr] = value;
  return XT_CSR_ST_OK;
}

int xt_csr_read(const struct xt_csr *csr, const struct xt_dim *dim, const struct xt_csr_view *view,
                const uint64_t counters[XT_NUM_COUNTERS], uint8_t addr, uint32_t *value) {
  *value = 0;
  if (is_counter(addr)) {
    const uint64_t c = counters[(addr - XT_CSR_COUNTERS) / 2];
    *value = (uint32_t)((addr & 1) ? c >> 32 : c);
    return XT_CSR_ST_OK;
  }
  const struct range r = lookup(dim->adcmax, dim->bl_max, addr);
  if (!r.exists) return XT_CSR_ST_ADDRESS;
  const struct xt_shape *shape = &dim->shape;
  switch (addr) {
#define X(name, shown) \
  case XT_CSR_##name:  \
    *value = (shown);  \
    break;
    XT_CSR_VALUE_TABLE(X)
#undef X
    default:
      *value = csr->reg[addr];
  }
  return XT_CSR_ST_OK;
}
