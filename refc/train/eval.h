/* SPDX-License-Identifier: Apache-2.0 */
/* Evaluation: the FORWARD operation of the training tiles, over a set of samples.
 *
 * It moves the tiles' counters, trace order and read-noise counter like any operation (rtl/SPEC.md section 12), and
 * nothing else. With several threads the samples are split over copies of the tiles, each with the read-noise counter
 * of its first sample; the counters are then put together, so the state afterwards does not depend on the number of
 * threads. */
#ifndef TR_EVAL_H
#define TR_EVAL_H

#include "data.h"
#include "net.h"

struct tr_eval {
  uint64_t n, correct, loss; /* loss: sum, Q16 */
  uint16_t *predicted;       /* given: NULL, or room for a class per sample */
};

/* Copies of a network for evaluation; NULL works too (no splitting). */
struct tr_copies;
struct tr_copies *tr_copies_open(const struct tr_config *c, int32_t inputs, int32_t classes,
                                 const struct xt_engine *engine, int copies, struct tr_err *e);
void tr_copies_close(struct tr_copies *k);

/* stop: polled between samples (NULL: never): a signal ends the evaluation early with *r incomplete and return 1. */
int tr_evaluate(struct tr_net *net, struct tr_copies *copies, struct tr_pool *pool, const struct tr_samples *s,
                int32_t inputs, const volatile int *stop, struct tr_eval *r, struct tr_err *e);

#endif
