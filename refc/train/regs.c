/* SPDX-License-Identifier: Apache-2.0 */
#include "regs.h"

struct limits {
  const char *name;
  int access; /* XT_ACCESS_* */
  int64_t smallest, largest;
};

/* adc_max, bl_max: what the bounds of the description may name. State registers are no settings: their bounds do not
 * matter here. */
static struct limits limits_of(uint8_t addr, int64_t adc_max, int64_t bl_max) {
  enum { n1, prob1, gen1, smax };
  switch (addr) {
#define X(NAME, address, access, reset, smallest, largest) \
  case address:                                            \
    return (struct limits){#NAME, access, smallest, largest};
    XT_CSR_TABLE(X)
#undef X
    default:
      return (struct limits){"?", XT_ACCESS_RO, 0, 0};
  }
}

const char *tr_reg_name(uint8_t addr) {
  return limits_of(addr, 0, 0).name;
}

void tr_regs_put(struct tr_regs *r, const struct xt_shape *shape, uint8_t addr, int64_t value, const char *key,
                 struct tr_err *e) {
  const struct limits l = limits_of(addr, (INT64_C(1) << (shape->adc_bits - 1)) - 1, shape->bl_max);
  if (e->code) return;
  if (l.access != XT_ACCESS_RW) {
    tr_fail(e, TR_EXIT_INTERNAL, "%s: register %s is no setting", key, l.name);
    return;
  }
  if (value < l.smallest || value > l.largest) {
    tr_fail(e, TR_EXIT_CONFIG, "%s: needs register %s = %lld; %lld to %lld is allowed", key, l.name, (long long)value,
            (long long)l.smallest, (long long)l.largest);
    return;
  }
  int k = 0;
  while (k < r->n && r->reg[k].addr != addr) k++;
  r->reg[k] = (struct tr_reg){addr, value};
  if (k == r->n) r->n++;
}

int64_t tr_regs_get(const struct tr_regs *r, uint8_t addr) {
  for (int k = 0; k < r->n; k++)
    if (r->reg[k].addr == addr) return r->reg[k].value;
  return 0;
}
