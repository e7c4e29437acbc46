/* SPDX-License-Identifier: Apache-2.0 */
/* Threads: every job is run once, whoever runs it, parts inside of jobs, jobs that are given and fetched later, more of
 * them than there are places; and pools that sleep in between. */
#include <check.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <time.h>

#include "pool.h"

enum { MOST_JOBS = 200, TILES = 3, PARTS = 9 };

struct work {
  struct tr_pool *pool;
  int threads;
  atomic_int job[MOST_JOBS], part[MOST_JOBS], busy[256], bad;
};

static void spend(int steps) {
  for (volatile int k = 0; k < steps; k++) continue;
}

static void part(void *ctx, int k, int thread) {
  struct work *w = ctx;
  atomic_fetch_or(&w->bad, thread < 0 || thread >= w->threads || atomic_exchange(&w->busy[thread], 1));
  spend(k * 20);
  atomic_fetch_add(&w->part[k], 1);
  atomic_store(&w->busy[thread], 0);
}

static void job(void *ctx, int k, int thread) {
  struct work *w = ctx;
  (void)thread;
  atomic_fetch_add(&w->job[k], 1);
  spend(k % 7 * 50);
}

/* An operation of tile k. */
static void job_with_parts(void *ctx, int k, int thread) {
  const struct xt_team *team = tr_pool_team(((struct work *)ctx)->pool);
  job(ctx, k, thread);
  if (team != NULL && team->begin(team->pool, k, PARTS, part, ctx)) {
    spend(k * 100);
    team->end(team->pool, k);
  }
}

static struct work *begin(int threads) {
  struct tr_err err = {0, ""};
  struct work *w = calloc(1, sizeof *w);
  ck_assert_ptr_nonnull(w);
  w->threads = threads;
  w->pool = tr_pool_open(threads, &err);
  ck_assert_msg(w->pool != NULL, "%s", err.text);
  ck_assert_int_eq(tr_pool_shared(w->pool), threads > 1);
  return w;
}

/* times: that each of so many has been run. */
static void end(struct work *w, int jobs, int parts, int times, int part_times) {
  tr_pool_close(w->pool);
  ck_assert_int_eq(w->bad, 0);
  for (int k = 0; k < MOST_JOBS; k++) {
    ck_assert_int_eq(w->job[k], k < jobs ? times : 0);
    ck_assert_int_eq(w->part[k], k < parts ? part_times : 0);
  }
  free(w);
}

static const int thread_counts[] = {1, 2, 3, 5, 80};

START_TEST(every_job_once) {
  static const int counts[] = {1, 2, 63, 64, 65, MOST_JOBS};
  for (size_t c = 0; c < sizeof counts / sizeof *counts; c++) {
    struct work *w = begin(thread_counts[_i]);
    for (int r = 0; r < 20; r++) tr_pool_run(w->pool, counts[c], job, w);
    end(w, counts[c], 0, 20, 0);
  }
}
END_TEST

START_TEST(parts_in_jobs) {
  const int rounds = 2000, threads = thread_counts[_i];
  struct work *w = begin(threads);
  const struct xt_team *team = tr_pool_team(w->pool);
  ck_assert_int_eq(team != NULL, threads > 1);
  ck_assert(team == NULL || (team->threads <= XT_TEAM_THREADS && team->threads <= threads));
  for (int r = 0; r < rounds; r++) tr_pool_run(w->pool, TILES, job_with_parts, w);
  end(w, TILES, threads > 1 ? PARTS : 0, rounds, TILES * rounds);
}
END_TEST

/* As updates are: the first tile's is done here, those of the others are behind. */
START_TEST(given_and_fetched) {
  const int rounds = 2000, threads = thread_counts[_i];
  struct work *w = begin(threads);
  for (int r = 0; r < rounds; r++) {
    int given[TILES];
    for (int k = TILES - 1; k > 0; k--) given[k] = tr_pool_give(w->pool, job_with_parts, w, k);
    job_with_parts(w, 0, 0);
    for (int k = 1; k < TILES; k++) tr_pool_wait(w->pool, given[k]);
    for (int k = 0; k < TILES; k++) ck_assert_int_eq(w->job[k], r + 1);
  }
  end(w, TILES, threads > 1 ? PARTS : 0, rounds, TILES * rounds);
}
END_TEST

/* What finds no place is run at once. */
START_TEST(many_given) {
  struct work *w = begin(thread_counts[_i]);
  int given[MOST_JOBS];
  for (int k = 0; k < MOST_JOBS; k++) given[k] = tr_pool_give(w->pool, job, w, k);
  for (int k = 0; k < MOST_JOBS; k++) tr_pool_wait(w->pool, given[k]);
  end(w, MOST_JOBS, 0, 1, 0);
}
END_TEST

/* Threads have lost their patience when the next jobs come. */
START_TEST(asleep) {
  const struct timespec while_asleep = {0, 5000000};
  struct work *w = begin(thread_counts[_i]);
  for (int r = 0; r < 10; r++) {
    nanosleep(&while_asleep, NULL);
    tr_pool_run(w->pool, TILES, job_with_parts, w);
  }
  nanosleep(&while_asleep, NULL);
  end(w, TILES, thread_counts[_i] > 1 ? PARTS : 0, 10, TILES * 10);
}
END_TEST

int main(void) {
  const int counts = sizeof thread_counts / sizeof *thread_counts;
  Suite *s = suite_create("pool");
  TCase *t = tcase_create("pool");
  tcase_set_timeout(t, 60);
  tcase_add_loop_test(t, every_job_once, 0, counts);
  tcase_add_loop_test(t, parts_in_jobs, 0, counts);
  tcase_add_loop_test(t, given_and_fetched, 0, counts);
  tcase_add_loop_test(t, many_given, 0, counts);
  tcase_add_loop_test(t, asleep, 0, counts);
  suite_add_tcase(s, t);
  SRunner *sr = srunner_create(s);
  srunner_run_all(sr, CK_NORMAL);
  const int failed = srunner_ntests_failed(sr);
  srunner_free(sr);
  return failed != 0;
}
