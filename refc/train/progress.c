/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE
#include "progress.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

double tr_clock(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

void tr_progress_begin(struct tr_progress *p, uint64_t first, uint64_t total, int quiet) {
  memset(p, 0, sizeof *p);
  p->tty = isatty(STDOUT_FILENO);
  p->quiet = quiet;
  p->first = first;
  p->total = total;
  p->start = p->last = tr_clock();
}

static void tail(const struct tr_progress *p, uint64_t done, const char *unit) {
  const double passed = tr_clock() - p->start;
  const double rate = passed > 0 ? (double)(done - p->first) / passed : 0;
  const double left = rate > 0 && p->total > done ? (double)(p->total - done) / rate : 0;
  printf("  %.0f %s/s  %d:%02d left", rate, unit, (int)(left / 60), (int)left % 60);
}

/* Whether a line that is rewritten is due. */
static int due(struct tr_progress *p) {
  if (p->quiet || !p->tty) return 0;
  const double now = tr_clock();
  if (now - p->last < 0.1) return 0;
  p->last = now;
  return 1;
}

static void finish(struct tr_progress *p) {
  printf("\033[K");
  fflush(stdout);
  p->shown = 1;
}

void tr_progress_tick(struct tr_progress *p, uint64_t samples, double loss, double accuracy) {
  if (!due(p)) return;
  printf("\r%" PRIu64 "/%" PRIu64 "  loss %.4f  train %.2f %%", samples, p->total, loss, 100 * accuracy);
  tail(p, samples, "samples");
  finish(p);
}

void tr_progress_operation(struct tr_progress *p, uint64_t done) {
  if (!due(p)) return;
  printf("\roperation %" PRIu64 " of %" PRIu64, done, p->total);
  tail(p, done, "operations");
  finish(p);
}

void tr_progress_checked(struct tr_progress *p, uint64_t done) {
  if (!due(p)) return;
  printf("\rchecked %" PRIu64 " of %" PRIu64 " points", done, p->total);
  tail(p, done, "points");
  finish(p);
}

void tr_progress_line(struct tr_progress *p, uint64_t epoch, uint64_t samples, double loss, double accuracy,
                      const char *held, double evaluated) {
  if (p->quiet) return;
  tr_progress_end(p);
  printf("epoch %" PRIu64 "  %" PRIu64 "/%" PRIu64 "  loss %.4f  train %.2f %%", epoch, samples, p->total, loss,
         100 * accuracy);
  if (evaluated >= 0) printf("  %s %.2f %%", held, 100 * evaluated);
  tail(p, samples, "samples");
  printf("\n");
  fflush(stdout);
}

void tr_progress_end(struct tr_progress *p) {
  if (p->shown) printf("\r\033[K");
  p->shown = 0;
}
