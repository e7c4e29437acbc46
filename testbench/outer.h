/* SPDX-License-Identifier: Apache-2.0 */
#ifndef OUTER_H
#define OUTER_H

#include <stdint.h>

#include "xt_params.h"

/* An outer product: takes x, or what is kept of it, and d. */
static inline int outer_op(uint32_t op) {
  return op == XT_OP_UPDATE || op == XT_OP_MTJ_UPDATE || op == XT_OP_ACCUMULATE;
}

#endif
