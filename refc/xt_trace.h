/* SPDX-License-Identifier: Apache-2.0 */
/* The trace of a tile: records in order, to whoever listens (rtl/SPEC.md section 11). Their form and text: xt_record.h.
 */
#ifndef XT_TRACE_H
#define XT_TRACE_H

#include "xt_record.h"

struct xt_trace {
  uint64_t order;     /* of the next record */
  xt_trace_sink sink; /* NULL: nobody listens; records count all the same */
  void *user;
};

void xt_trace_reset(struct xt_trace *t);
/* Gives out r, complete but for its order. */
void xt_trace_put(struct xt_trace *t, struct xt_record *r);
/* So many records that nobody sees. */
void xt_trace_skip(struct xt_trace *t, uint64_t records);

#endif
