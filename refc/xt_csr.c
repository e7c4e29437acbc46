/* SPDX-License-Identifier: Apache-2.0 */
#include "xt_csr.h"

struct range {
  int64_t lo, hi;
};

static bool is_counter(uint8_t addr) {
  return addr >= XT_CSR_COUNTERS && addr < XT_CSR_COUNTERS + 2 * XT_NUM_COUNTERS;
}

/* Largest state of the generator that gen_sel names, -1 if there is no such line. */
static int64_t generator_most(const struct xt_dim *dim, uint32_t gen_sel) {
  const bool col = xt_csr_gen_col(gen_sel);
  if (xt_csr_gen_line(gen_sel) >= (col ? dim->m : dim->n)) return -1;
  return (INT64_C(1) << (col ? dim->pb + 1 : dim->pb)) - 1;
}

/* Legal values of a register that can be written; those of GEN, CAL and ACC depend on other registers. */
static struct range range_of(const struct xt_dim *dim, const uint32_t *reg, uint8_t addr) {
  const int64_t adc_max = dim->adcmax, bl_max = dim->bl_max, n1 = dim->n - 1, prob1 = (INT64_C(1) << dim->pb) - 1,
                smax = dim->smax;
  const int64_t gen1 = generator_most(dim, reg[XT_CSR_GEN_SEL]);
  if (addr == XT_CSR_CAL && reg[XT_CSR_CAL_SEL] >= (uint32_t)dim->units) return (struct range){0, -1};
  if (addr == XT_CSR_ACC && !xt_csr_acc_there(dim, reg[XT_CSR_ACC_SEL])) return (struct range){0, -1};
  switch (addr) {
#define X(name, address, access, reset, lo, hi) \
  case address:                                 \
    return (struct range){INT64_C(0) + (lo), INT64_C(0) + (hi)};
    XT_CSR_TABLE(X)
#undef X
    default: /* a word of a counter */
      return (struct range){0, UINT32_MAX};
  }
}

int xt_csr_access(uint8_t addr) {
  switch (addr) {
#define X(name, address, access, reset, lo, hi) \
  case address:                                 \
    return (access);
    XT_CSR_TABLE(X)
#undef X
    default:
      return is_counter(addr) ? XT_ACCESS_STATE : -1;
  }
}

void xt_csr_reset(struct xt_csr *csr) {
  *csr = (struct xt_csr){{0}, 0};
#define X(name, address, access, value, lo, hi) \
  if ((access) == XT_ACCESS_RW) csr->reg[address] = (value);
  XT_CSR_TABLE(X)
#undef X
}

static bool legal(struct range r, uint32_t value) {
  /* a signed register is recognised by its negative smallest value */
  const int64_t v = r.lo < 0 ? (int64_t)(int32_t)value : (int64_t)value;
  return v >= r.lo && v <= r.hi;
}

bool xt_csr_legal(const struct xt_dim *dim, uint8_t addr, uint32_t value) {
  static const uint32_t none[256] = {0};
  return xt_csr_kept(addr) && legal(range_of(dim, none, addr), value);
}

int xt_csr_write(struct xt_csr *csr, const struct xt_dim *dim, bool busy, uint8_t addr, uint32_t value) {
  const int access = xt_csr_access(addr);
  if (access < 0) return XT_CSR_ST_ADDRESS;
  if (access == XT_ACCESS_RO) return XT_CSR_ST_READONLY;
  if (busy && access != XT_ACCESS_WO) return XT_CSR_ST_BUSY;
  if (!legal(range_of(dim, csr->reg, addr), value)) return XT_CSR_ST_VALUE;
  if (access == XT_ACCESS_RW) csr->reg[addr] = value;
  return XT_CSR_ST_OK;
}

static uint32_t read_counter(struct xt_csr *csr, const uint64_t counters[XT_NUM_COUNTERS], uint8_t addr) {
  const uint64_t c = counters[(addr - XT_CSR_COUNTERS) / 2];
  if (addr & 1) return csr->high;
  csr->high = (uint32_t)(c >> 32);
  return (uint32_t)c;
}

int xt_csr_read(struct xt_csr *csr, const struct xt_dim *dim, const struct xt_csr_view *view,
                const uint64_t counters[XT_NUM_COUNTERS], uint8_t addr, uint32_t *value) {
  const struct xt_shape *shape = &dim->shape;
  *value = 0;
  if (xt_csr_access(addr) < 0) return XT_CSR_ST_ADDRESS;
  switch (addr) {
#define X(name, shown) \
  case XT_CSR_##name:  \
    *value = (shown);  \
    break;
    XT_CSR_VALUE_TABLE(X)
#undef X
    default:
      *value = is_counter(addr) ? read_counter(csr, counters, addr) : csr->reg[addr];
  }
  return XT_CSR_ST_OK;
}
