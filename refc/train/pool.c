/* SPDX-License-Identifier: Apache-2.0 */
/* A batch of jobs has a place, and a word there with a bit for each job that nobody has taken: taking one is a single
 * atomic operation, and whoever has nothing to do looks at two cache lines. The lowest place goes first. */
#include "pool.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

/* Looks at something that another thread will do before this one sleeps: some fifty microseconds, longer than the
 * pieces of a sample between which there is nothing to do. */
enum { PATIENCE = 1000 };

/* Jobs, which may ask for parts, have the first places, parts of operations those of their tiles behind: somebody waits
 * for a job, while parts may be left over until the tile's next operation. */
enum { LINE = 64, MOST = XT_TEAM_PARTS /* bits of a word */, JOBS = 16, PLACES = 2 * JOBS };

struct batch {
  _Alignas(LINE) void (*run)(void *ctx, int job, int thread);
  void *ctx;
  int first;        /* the job of bit 0 */
  atomic_int jobs;  /* a hint to those who are too late */
  atomic_int left;  /* that are not done */
  atomic_bool used; /* the place */
};

struct tr_pool {
  _Alignas(LINE) atomic_uint_fast64_t todo[PLACES];
  struct batch batch[PLACES];
  _Alignas(LINE) atomic_int sleepers; /* changes with the lock held */
  atomic_bool stop;
  pthread_mutex_t lock;
  pthread_cond_t change;
  struct worker {
    struct tr_pool *pool;
    pthread_t id;
    int number;
  } * worker;           /* [threads - 1] */
  int threads, workers; /* started ones, but for the first */
  struct xt_team team;
};

static _Thread_local int self; /* number of the thread; no thread is in two pools */

static void pause_a_little(void) {
#if defined(__x86_64__)
  __builtin_ia32_pause();
#endif
}

/* ---- jobs ---- */
/* Behind a change that a sleeper may wait for. */
static void wake(struct tr_pool *p) {
  if (atomic_load(&p->sleepers) == 0) return;
  pthread_mutex_lock(&p->lock);
  pthread_cond_broadcast(&p->change);
  pthread_mutex_unlock(&p->lock);
}

/* Takes a job of a place and runs it, if there is one. Each thread begins with its own share of them, the same ones
 * every time: what they need may still be in its cache. */
static int help(struct tr_pool *p, int place) {
  struct batch *b = &p->batch[place];
  uint_fast64_t todo = atomic_load_explicit(&p->todo[place], memory_order_acquire);
  while (todo) {
    const int jobs = atomic_load_explicit(&b->jobs, memory_order_relaxed);
    const uint64_t mine = todo & ~UINT64_C(0) << (jobs * self / p->threads), from = mine ? mine : todo;
    if (!atomic_compare_exchange_weak(&p->todo[place], &todo, todo & ~(from & (~from + 1)))) continue;
    b->run(b->ctx, b->first + __builtin_ctzll(from), self);
    if (atomic_fetch_sub(&b->left, 1) == 1) wake(p); /* from here on the batch may be another */
    return 1;
  }
  return 0;
}

/* The same of the first place that has one, of places first .. end - 1. */
static int help_any(struct tr_pool *p, int first, int end) {
  for (int k = first; k < end; k++)
    if (help(p, k)) return 1;
  return 0;
}

static int any_todo(struct tr_pool *p, int first, int end) {
  uint_fast64_t all = 0;
  for (int k = first; k < end; k++) all |= atomic_load(&p->todo[k]);
  return all != 0;
}

/* Waits until there is a job in places first .. end - 1, or `left` (NULL: nothing) or the pool has come to its end. */
static void wait_for(struct tr_pool *p, int first, int end, atomic_int *left) {
#define COME (any_todo(p, first, end) || (left && atomic_load(left) == 0) || atomic_load(&p->stop))
  for (int k = 0; k < PATIENCE; k++) {
    if (COME) return;
    pause_a_little();
  }
  pthread_mutex_lock(&p->lock);
  atomic_fetch_add(&p->sleepers, 1);
  while (!COME) pthread_cond_wait(&p->change, &p->lock);
  atomic_fetch_sub(&p->sleepers, 1);
  pthread_mutex_unlock(&p->lock);
#undef COME
}

/* Until all jobs of a place are done, which then is free. Meanwhile it helps with those of places first .. end - 1. */
static void finish(struct tr_pool *p, int place, int first, int end) {
  struct batch *b = &p->batch[place];
  while (atomic_load(&b->left) > 0)
    if (!help_any(p, first, end)) wait_for(p, first, end, &b->left);
  atomic_store(&b->used, false);
}

/* One of places first .. end - 1 that is free, or -1. */
static int free_place(struct tr_pool *p, int first, int end) {
  for (int k = first; k < end; k++)
    if (!atomic_exchange(&p->batch[k].used, true)) return k;
  return -1;
}

/* Up to MOST jobs for everybody. */
static void offer(struct tr_pool *p, int place, int first, int jobs, void (*run)(void *, int, int), void *ctx) {
  struct batch *b = &p->batch[place];
  b->run = run;
  b->ctx = ctx;
  b->first = first;
  atomic_store_explicit(&b->jobs, jobs, memory_order_relaxed);
  atomic_store_explicit(&b->left, jobs, memory_order_relaxed);
  atomic_store(&p->todo[place], ~UINT64_C(0) >> (MOST - jobs));
  wake(p);
}

static void run_here(int jobs, void (*run)(void *, int, int), void *ctx) {
  for (int k = 0; k < jobs; k++) run(ctx, k, self);
}

/* ---- the pool ---- */
static void *work(void *arg) {
  const struct worker *w = arg;
  struct tr_pool *p = w->pool;
  self = w->number;
  while (!atomic_load(&p->stop))
    if (!help_any(p, 0, PLACES)) wait_for(p, 0, PLACES, NULL);
  return NULL;
}

static bool team_begin(void *pool, int tile, int parts, void (*run)(void *ctx, int part, int thread), void *ctx) {
  struct tr_pool *p = pool;
  const int place = tile < PLACES - JOBS && parts <= MOST ? free_place(p, JOBS + tile, JOBS + tile + 1) : -1;
  if (place < 0)
    run_here(parts, run, ctx);
  else
    offer(p, place, 0, parts, run, ctx);
  return place >= 0;
}

static void team_end(void *pool, int tile) {
  while (help(pool, JOBS + tile)) continue;
  finish(pool, JOBS + tile, 0, 0);
}

struct tr_pool *tr_pool_open(int threads, struct tr_err *e) {
  struct tr_pool *p = aligned_alloc(LINE, sizeof *p);
  if (!p) {
    tr_nomem(e);
    return NULL;
  }
  memset(p, 0, sizeof *p);
  p->threads = threads;
  p->team = (struct xt_team){p, threads, team_begin, team_end};
  pthread_mutex_init(&p->lock, NULL);
  pthread_cond_init(&p->change, NULL);
  p->worker = tr_alloc((size_t)threads, sizeof *p->worker, e);
  for (int k = 1; p->worker && k < threads; k++) {
    struct worker *w = &p->worker[k - 1];
    *w = (struct worker){.pool = p, .number = k};
    if (pthread_create(&w->id, NULL, work, w)) {
      tr_fail(e, TR_EXIT_INTERNAL, "cannot start thread %d of %d", k + 1, threads);
      break;
    }
    p->workers++;
  }
  if (!e->code) return p;
  tr_pool_close(p);
  return NULL;
}

void tr_pool_close(struct tr_pool *p) {
  if (!p) return;
  atomic_store(&p->stop, true);
  wake(p);
  for (int k = 0; k < p->workers; k++) pthread_join(p->worker[k].id, NULL);
  pthread_cond_destroy(&p->change);
  pthread_mutex_destroy(&p->lock);
  free(p->worker);
  free(p);
}

int tr_pool_shared(const struct tr_pool *p) {
  return p && p->workers > 0;
}

const struct xt_team *tr_pool_team(const struct tr_pool *p) {
  return tr_pool_shared(p) ? &p->team : NULL;
}

void tr_pool_run(struct tr_pool *p, int jobs, void (*run)(void *ctx, int job, int thread), void *ctx) {
  const int place = tr_pool_shared(p) && jobs > 1 ? free_place(p, 0, JOBS) : -1;
  if (place < 0) {
    run_here(jobs, run, ctx);
    return;
  }
  for (int first = 0; first < jobs; first += MOST) {
    offer(p, place, first, jobs - first < MOST ? jobs - first : MOST, run, ctx);
    while (help(p, place)) continue;
    if (first + MOST < jobs) wait_for(p, 0, 0, &p->batch[place].left);
  }
  finish(p, place, JOBS, PLACES);
}

int tr_pool_give(struct tr_pool *p, void (*run)(void *ctx, int job, int thread), void *ctx, int job) {
  const int place = tr_pool_shared(p) ? free_place(p, 0, JOBS) : -1;
  if (place < 0)
    run(ctx, job, self);
  else
    offer(p, place, job, 1, run, ctx);
  return place;
}

void tr_pool_wait(struct tr_pool *p, int given) {
  if (given < 0) return;
  (void)help(p, given);
  finish(p, given, JOBS, PLACES);
}
