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

int xt_csr_read(const struct xt_csr *csr, const struct xt_dim *dim, const struct xt_csr_view *view, uint8_t addr,
                uint32_t *value) {
  *value = 0;
  if (is_counter(addr)) {
    const uint64_t c = view->counters[(addr - XT_CSR_COUNTERS) / 2];
    *value = (uint32_t)((addr & 1) ? c >> 32 : c);
    return XT_CSR_ST_OK;
  }
  const struct range r = lookup(dim->adcmax, dim->bl_max, addr);
  if (!r.exists) return XT_CSR_ST_ADDRESS;
  switch (addr) {
    case XT_CSR_ID:
      *value = XT_ID;
      break;
    case XT_CSR_PARAM_HASH:
      *value = XT_PARAM_HASH;
      break;
    case XT_CSR_SHAPE:
      *value = (uint32_t)dim->m << 16 | (uint32_t)dim->n;
      break;
    case XT_CSR_CONFIG:
      *value = (uint32_t)dim->adc_bits << 24 | (uint32_t)dim->share << 16 | (uint32_t)dim->sw << 8 |
               (uint32_t)dim->code_bits;
      break;
    case XT_CSR_CONFIG2:
      *value = (uint32_t)dim->pb << 8 | (uint32_t)dim->bl_max;
      break;
    case XT_CSR_STATUS:
      *value = (view->busy ? 1U : 0U) | (view->reset_given ? 2U : 0U);
      break;
    case XT_CSR_XFER_PTR:
      *value = view->xfer_ptr;
      break;
    case XT_CSR_XFER_COUNT:
      *value = view->xfer_count;
      break;
    default:
      *value = csr->reg[addr];
  }
  return XT_CSR_ST_OK;
}
