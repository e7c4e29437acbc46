/* SPDX-License-Identifier: Apache-2.0 */
#include "pool.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>

/* Looks at something that another thread will do before this one sleeps: some ten microseconds, as long as the pieces
 * of a sample between which there is nothing to do. */
enum { PATIENCE = 5000 };

/* Jobs that a thread has given, until all are done. Jobs may give others: any thread with nothing to do takes any. */
struct batch {
  void (*run)(void *ctx, int job);
  void *ctx;
  int jobs, next;
  atomic_int left; /* that are not done */
  struct batch *below;
};

struct tr_pool {
  pthread_mutex_t lock; /* of all but the atomic ones */
  pthread_cond_t change;
  int sleepers;
  pthread_t *thread;
  int threads; /* started ones */
  struct batch *top;
  atomic_int waiting; /* jobs that nobody has taken */
  atomic_int stop;
  struct xt_team team;
};

static void pause_a_little(void) {
#if defined(__x86_64__)
  __builtin_ia32_pause();
#endif
}

/* Runs a job that nobody has taken, if there is one. Called with the lock held. */
static int help(struct tr_pool *p) {
  struct batch *b = p->top;
  while (b && b->next == b->jobs) b = b->below;
  if (!b) return 0;
  const int job = b->next++;
  atomic_fetch_sub(&p->waiting, 1);
  pthread_mutex_unlock(&p->lock);
  b->run(b->ctx, job);
  pthread_mutex_lock(&p->lock);
  /* the last one: whoever gave the batch may go on, and the batch is gone as soon as the lock is */
  if (atomic_fetch_sub(&b->left, 1) == 1 && p->sleepers > 0) pthread_cond_broadcast(&p->change);
  return 1;
}

/* Waits until there is a job, or `left` (NULL: nothing) or the pool has come to its end. Called with the lock held. */
static void wait_for(struct tr_pool *p, atomic_int *left) {
  pthread_mutex_unlock(&p->lock);
  for (int k = 0; k < PATIENCE; k++) {
    if (atomic_load(&p->waiting) > 0 || (left && atomic_load(left) == 0) || atomic_load(&p->stop)) break;
    pause_a_little();
  }
  pthread_mutex_lock(&p->lock);
  p->sleepers++;
  while (atomic_load(&p->waiting) == 0 && !(left && atomic_load(left) == 0) && !atomic_load(&p->stop))
    pthread_cond_wait(&p->change, &p->lock);
  p->sleepers--;
}

static void *worker(void *arg) {
  struct tr_pool *p = arg;
  pthread_mutex_lock(&p->lock);
  while (!atomic_load(&p->stop))
    if (!help(p)) wait_for(p, NULL);
  pthread_mutex_unlock(&p->lock);
  return NULL;
}

static void team_run(void *pool, int parts, void (*run)(void *ctx, int part), void *ctx) {
  tr_pool_run(pool, parts, run, ctx);
}

struct tr_pool *tr_pool_open(int threads, struct tr_err *e) {
  struct tr_pool *p = tr_alloc(1, sizeof *p, e);
  if (!p) return NULL;
  p->team = (struct xt_team){p, threads, team_run};
  pthread_mutex_init(&p->lock, NULL);
  pthread_cond_init(&p->change, NULL);
  p->thread = tr_alloc((size_t)threads, sizeof *p->thread, e);
  for (int k = 1; p->thread && k < threads; k++) {
    if (pthread_create(&p->thread[p->threads], NULL, worker, p)) {
      tr_fail(e, TR_EXIT_INTERNAL, "cannot start thread %d of %d", k + 1, threads);
      break;
    }
    p->threads++;
  }
  if (!p->thread || p->threads != threads - 1) {
    tr_pool_close(p);
    return NULL;
  }
  return p;
}

void tr_pool_close(struct tr_pool *p) {
  if (!p) return;
  pthread_mutex_lock(&p->lock);
  atomic_store(&p->stop, 1);
  pthread_cond_broadcast(&p->change);
  pthread_mutex_unlock(&p->lock);
  for (int k = 0; k < p->threads; k++) pthread_join(p->thread[k], NULL);
  pthread_cond_destroy(&p->change);
  pthread_mutex_destroy(&p->lock);
  free(p->thread);
  free(p);
}

const struct xt_team *tr_pool_team(const struct tr_pool *p) {
  return p->threads > 0 ? &p->team : NULL;
}

void tr_pool_run(struct tr_pool *p, int jobs, void (*run)(void *ctx, int job), void *ctx) {
  if (!p || p->threads == 0 || jobs == 1) {
    for (int k = 0; k < jobs; k++) run(ctx, k);
    return;
  }
  struct batch b = {.run = run, .ctx = ctx, .jobs = jobs};
  atomic_init(&b.left, jobs);
  pthread_mutex_lock(&p->lock);
  b.below = p->top;
  p->top = &b;
  atomic_fetch_add(&p->waiting, jobs);
  if (p->sleepers > 0) pthread_cond_broadcast(&p->change);
  while (atomic_load(&b.left) > 0)
    if (!help(p)) wait_for(p, &b.left);
  struct batch **at = &p->top; /* another thread may have put one on top */
  while (*at != &b) at = &(*at)->below;
  *at = b.below;
  pthread_mutex_unlock(&p->lock);
}
