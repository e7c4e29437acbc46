/* SPDX-License-Identifier: Apache-2.0 */
/* Packets on streams of several words a beat (rtl/SPEC.md section 2, Width). */
#ifndef BEATS_H
#define BEATS_H

#include <stdint.h>

#include "xt_params.h"

static inline int beats_of(int words, int lanes) {
  return (words + lanes - 1) / lanes;
}

/* An outer product: takes x, or what is kept of it, and d. */
static inline int outer_op(uint32_t op) {
  return op == XT_OP_UPDATE || op == XT_OP_MTJ_UPDATE || op == XT_OP_ACCUMULATE;
}

/* Beats of `lanes` words of the packet words[count] for a tile of n x m: beat k has the words from at[k] to at[k + 1];
 * at has room for count + 2. A packet is too short or too long by whole beats: a part of its payload that lacks words,
 * but no beat, loses its last one. */
static inline int beats_layout(int n, int m, int lanes, const uint32_t *words, int count, int *at) {
  const uint32_t op = words[0] & 255, sel = words[0] >> 8 & 15;
  const int outer = outer_op(op);
  const int parts[] = {op == XT_OP_FORWARD || (outer && sel != 1) ? beats_of(n, 4) : 0,
                       op == XT_OP_BACKWARD || outer ? beats_of(m, 4)
                       : op == XT_OP_PROGRAM         ? beats_of(m, 2)
                                                     : 0};
  int beats = 0, next = 1;
  at[beats++] = 0;
  for (int p = 0; p < 2; p++) {
    const int have = count - next < parts[p] ? count - next : parts[p];
    int of_part = beats_of(have, lanes);
    if (have < parts[p] && of_part == beats_of(parts[p], lanes)) of_part--;
    for (int k = 0; k < of_part; k++) at[beats++] = next + k * lanes;
    next = of_part * lanes < have ? next + of_part * lanes : next + have;
    if (have < parts[p]) count = next;
  }
  for (; next < count; next += lanes) at[beats++] = next;
  at[beats] = count;
  return beats;
}

#endif
