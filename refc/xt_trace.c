/* SPDX-License-Identifier: Apache-2.0 */
#include "xt_trace.h"

void xt_trace_reset(struct xt_trace *t) {
  t->order = 0;
}

void xt_trace_put(struct xt_trace *t, struct xt_record *r) {
  r->order = t->order++;
  if (t->sink != NULL) t->sink(t->user, r);
}

void xt_trace_skip(struct xt_trace *t, uint64_t records) {
  t->order += records;
}
