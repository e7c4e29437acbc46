/* SPDX-License-Identifier: Apache-2.0 */
/* Worker threads: run(job 0 .. n-1), and wait for all of them. Jobs must not depend on each other; they may run jobs of
 * their own. */
#ifndef TR_POOL_H
#define TR_POOL_H

#include "util.h"
#include "xt_tile_if.h"

struct tr_pool;

/* threads >= 1, the caller's one included: 1 starts none. NULL and an error if it cannot be. */
struct tr_pool *tr_pool_open(int threads, struct tr_err *e);
void tr_pool_close(struct tr_pool *p);
/* The same for parts of an operation (opts.team); NULL: there are no other threads. */
const struct xt_team *tr_pool_team(const struct tr_pool *p);
/* p NULL: one after the other. */
void tr_pool_run(struct tr_pool *p, int jobs, void (*run)(void *ctx, int job), void *ctx);

#endif
