/* SPDX-License-Identifier: Apache-2.0 */
/* Worker threads: run(job 0 .. n-1), and wait for all of them. Jobs must not depend on each other. */
#ifndef TR_POOL_H
#define TR_POOL_H

#include "util.h"

struct tr_pool;

/* threads >= 1, the caller's one included: 1 starts none. NULL and an error if it cannot be. */
struct tr_pool *tr_pool_open(int threads, struct tr_err *e);
void tr_pool_close(struct tr_pool *p);
/* p NULL: one after the other. */
void tr_pool_run(struct tr_pool *p, int jobs, void (*run)(void *ctx, int job), void *ctx);

#endif
