/* SPDX-License-Identifier: Apache-2.0 */
/* Packets on streams of several words a beat (rtl/SPEC.md section 2, Width). */
#ifndef XT_BEATS_H
#define XT_BEATS_H

#include <stdint.h>

#include "xt_params.h"

/* XT_IN_* of a packet, XT_OUT_* of its answer, by their header; none where there is no such operation. */
static inline int xt_beats_payload(uint32_t header) {
  switch (header & 255) {
#define XT_PARTS(NAME, in, in_short, out) \
  case XT_OP_##NAME:                      \
    return (header >> 8 & 15) == 1 ? in_short : in;
    XT_OP_PARTS_TABLE(XT_PARTS)
#undef XT_PARTS
    default:
      return XT_IN_NONE;
  }
}
static inline int xt_beats_result(uint32_t header) {
  switch (header & 255) {
#define XT_PARTS(NAME, in, in_short, out) \
  case XT_OP_##NAME:                      \
    return out;
    XT_OP_PARTS_TABLE(XT_PARTS)
#undef XT_PARTS
    default:
      return XT_OUT_NONE;
  }
}

static inline int xt_beats_of(int words, int lanes) {
  return (words + lanes - 1) / lanes;
}

/* Beats of `lanes` words of the packet words[count] for a tile of n x m: beat k has the words from at[k] to at[k + 1];
 * at has room for count + 2. A packet is too short or too long by whole beats: a part of its payload that lacks words,
 * but no beat, loses its last one. */
static inline int xt_beats_layout(int n, int m, int lanes, const uint32_t *words, int count, int *at) {
  const int in = xt_beats_payload(words[0]);
  const int parts[] = {in == XT_IN_X || in == XT_IN_XD ? xt_beats_of(n, 4) : 0,
                       in == XT_IN_D || in == XT_IN_XD ? xt_beats_of(m, 4)
                       : in == XT_IN_TARGETS           ? xt_beats_of(m, 2)
                                                       : 0};
  int beats = 0, next = 1;
  at[beats++] = 0;
  for (int p = 0; p < 2; p++) {
    const int have = count - next < parts[p] ? count - next : parts[p];
    int of_part = xt_beats_of(have, lanes);
    if (have < parts[p] && of_part == xt_beats_of(parts[p], lanes)) of_part--;
    for (int k = 0; k < of_part; k++) at[beats++] = next + k * lanes;
    next = of_part * lanes < have ? next + of_part * lanes : next + have;
    if (have < parts[p]) count = next;
  }
  for (; next < count; next += lanes) at[beats++] = next;
  at[beats] = count;
  return beats;
}

/* Words of an answer by its header: with a payload, if it has one. */
static inline int xt_beats_answer(int n, int m, uint32_t header, int payload) {
  const int out = xt_beats_result(header);
  const int lines = out == XT_OUT_ROWS                         ? n
                    : out == XT_OUT_COLS || out == XT_OUT_XFER ? m
                    : out == XT_OUT_LONG                       ? (n > m ? n : m)
                                                               : 0;
  return 1 + (payload ? xt_beats_of(lines, 2) : 0);
}

#endif
