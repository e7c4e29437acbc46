/* SPDX-License-Identifier: Apache-2.0 */
/* Progress on stdout: one line that is rewritten on a terminal, one line per interval otherwise. */
#ifndef TR_PROGRESS_H
#define TR_PROGRESS_H

#include <stdint.h>

struct tr_progress {
  int tty, quiet, shown;
  double start, last;
  uint64_t first, total; /* samples done before this start, and of the whole run */
};

void tr_progress_begin(struct tr_progress *p, uint64_t first, uint64_t total, int quiet);
/* Terminal only, at most ten times a second. */
void tr_progress_tick(struct tr_progress *p, uint64_t samples, double loss, double accuracy);
/* A line that stays. evaluated < 0: none; held: of which samples it is. */
void tr_progress_line(struct tr_progress *p, uint64_t epoch, uint64_t samples, double loss, double accuracy,
                      const char *held, double evaluated);
/* Terminal only: on the way to operation `total`. */
void tr_progress_operation(struct tr_progress *p, uint64_t done);
/* Terminal only: points of a sweep that are checked. */
void tr_progress_checked(struct tr_progress *p, uint64_t done);
/* Ends a line that is being rewritten. */
void tr_progress_end(struct tr_progress *p);
double tr_clock(void); /* seconds, monotonic */

#endif
