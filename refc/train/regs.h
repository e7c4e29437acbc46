/* SPDX-License-Identifier: Apache-2.0 */
/* Values for registers of a tile (rtl/SPEC.md section 3), checked against the description before any tile sees them. */
#ifndef TR_REGS_H
#define TR_REGS_H

#include "util.h"
#include "xt_types.h"

enum {
#define X(NAME, address, access, reset, smallest, largest) +1
  TR_REGS_MOST = 0 XT_CSR_TABLE(X)
#undef X
};

/* At most one value per register. */
struct tr_regs {
  int n;
  struct tr_reg {
    uint8_t addr;
    int64_t value;
  } reg[TR_REGS_MOST];
};

/* Adds a value, or replaces the one that is there. key: of the configuration, for the message when the register of a
 * tile of this shape does not take it. After a failure (*e is set) nothing is added any more. */
void tr_regs_put(struct tr_regs *r, const struct xt_shape *shape, uint8_t addr, int64_t value, const char *key,
                 struct tr_err *e);

/* The value of a register; 0 if there is none. */
int64_t tr_regs_get(const struct tr_regs *r, uint8_t addr);

/* Name of a register, "?" if there is none at the address. */
const char *tr_reg_name(uint8_t addr);

#endif
