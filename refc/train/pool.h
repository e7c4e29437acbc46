/* SPDX-License-Identifier: Apache-2.0 */
/* Worker threads: run(job 0 .. n-1), and wait for all of them. Jobs must not depend on each other; they may run parts
 * of their own. A thread has a number, the one that opened the pool 0. */
#ifndef TR_POOL_H
#define TR_POOL_H

#include "util.h"
#include "xt_tile_if.h"

struct tr_pool;

/* threads >= 1, the caller's one included: 1 starts none. NULL and an error if it cannot be. */
struct tr_pool *tr_pool_open(int threads, struct tr_err *e);
void tr_pool_close(struct tr_pool *p);
/* Whether there are others (p NULL: no). */
int tr_pool_shared(const struct tr_pool *p);
/* The same for parts of an operation (opts.team); NULL: there are no other threads. */
const struct xt_team *tr_pool_team(const struct tr_pool *p);
/* p NULL: one after the other. */
void tr_pool_run(struct tr_pool *p, int jobs, void (*run)(void *ctx, int job, int thread), void *ctx);

/* run(ctx, job) by whichever thread has nothing to do, and the end of it: to be waited for by the thread that gave it,
 * which does it then if no other one has. Returns what to wait for. */
int tr_pool_give(struct tr_pool *p, void (*run)(void *ctx, int job, int thread), void *ctx, int job);
void tr_pool_wait(struct tr_pool *p, int given);

#endif
