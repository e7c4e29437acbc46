/* SPDX-License-Identifier: Apache-2.0 */
#include "pool.h"

#include <pthread.h>
#include <stdlib.h>

struct tr_pool {
  pthread_mutex_t lock;
  pthread_cond_t work, done;
  pthread_t *thread;
  int threads; /* started ones */
  int jobs, next, running, stop;
  void (*run)(void *ctx, int job);
  void *ctx;
};

/* Takes jobs until none is left; called with the lock held. */
static void take(struct tr_pool *p) {
  while (p->next < p->jobs) {
    const int job = p->next++;
    p->running++;
    pthread_mutex_unlock(&p->lock);
    p->run(p->ctx, job);
    pthread_mutex_lock(&p->lock);
    p->running--;
  }
  if (p->running == 0) pthread_cond_broadcast(&p->done);
}

static void *worker(void *arg) {
  struct tr_pool *p = arg;
  pthread_mutex_lock(&p->lock);
  while (!p->stop) {
    if (p->next < p->jobs) {
      take(p);
    } else {
      pthread_cond_wait(&p->work, &p->lock);
    }
  }
  pthread_mutex_unlock(&p->lock);
  return NULL;
}

struct tr_pool *tr_pool_open(int threads, struct tr_err *e) {
  struct tr_pool *p = tr_alloc(1, sizeof *p, e);
  if (!p) return NULL;
  pthread_mutex_init(&p->lock, NULL);
  pthread_cond_init(&p->work, NULL);
  pthread_cond_init(&p->done, NULL);
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
  p->stop = 1;
  pthread_cond_broadcast(&p->work);
  pthread_mutex_unlock(&p->lock);
  for (int k = 0; k < p->threads; k++) pthread_join(p->thread[k], NULL);
  pthread_cond_destroy(&p->work);
  pthread_cond_destroy(&p->done);
  pthread_mutex_destroy(&p->lock);
  free(p->thread);
  free(p);
}

void tr_pool_run(struct tr_pool *p, int jobs, void (*run)(void *ctx, int job), void *ctx) {
  if (!p || p->threads == 0 || jobs == 1) {
    for (int k = 0; k < jobs; k++) run(ctx, k);
    return;
  }
  pthread_mutex_lock(&p->lock);
  p->run = run;
  p->ctx = ctx;
  p->next = 0;
  p->jobs = jobs;
  pthread_cond_broadcast(&p->work);
  take(p);
  while (p->running) pthread_cond_wait(&p->done, &p->lock);
  p->jobs = p->next = 0;
  pthread_mutex_unlock(&p->lock);
}
