/* SPDX-License-Identifier: Apache-2.0 */
/* Points at work on this machine: every one is a child process, so that what happens to one happens to no other. */
#ifndef TR_SWEEP_WORK_H
#define TR_SWEEP_WORK_H

#include "sweep.h"

struct tr_crew;

/* jobs: points at a time. */
struct tr_crew *tr_crew_open(const struct tr_sweep *s, int jobs, const char *data_dir, struct tr_err *e);
/* Ends those at work at once; what their checkpoints hold stays. */
void tr_crew_close(struct tr_crew *w);

/* How many more it takes. */
int tr_crew_free(const struct tr_crew *w);
int tr_crew_start(struct tr_crew *w, size_t point, struct tr_err *e);
/* The next point that has ended, and its row: 1; none at the moment: 0. A point that a signal to the crew stopped has
 * an open row. */
int tr_crew_ended(struct tr_crew *w, size_t *point, struct tr_row *row);
/* Points at work: calls each with how much of it is done, 0 to 1. */
void tr_crew_each(const struct tr_crew *w, void (*each)(void *ctx, size_t point, double done), void *ctx);
/* All of them write a checkpoint and end. */
void tr_crew_stop(struct tr_crew *w);

#endif
