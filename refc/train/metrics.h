/* SPDX-License-Identifier: Apache-2.0 */
/* metrics.csv of a run: one line per interval, and one at the end of every epoch with the test (or validation)
 * accuracy. */
#ifndef TR_METRICS_H
#define TR_METRICS_H

#include <stdio.h>

#include "checkpoint.h"
#include "net.h"

struct tr_metrics {
  FILE *f;
  char *path;
};

/* held: what is evaluated, "test" or "validation". keep = 0: a new file with its header; *bytes gets the length. keep =
 * 1: the file is cut to *bytes and continued; if it is shorter, or gone, with the whole lines that are left (say = 1:
 * with a warning), for it is no part of the state.
 */
int tr_metrics_open(struct tr_metrics *m, const char *path, const char *held, int keep, int say, uint64_t *bytes,
                    struct tr_err *e);
/* with_test: s->test_* belong to this line. Afterwards s->csv_bytes is the length of the file. */
int tr_metrics_line(struct tr_metrics *m, struct tr_net *net, struct tr_state *s, uint64_t epoch, int with_test,
                    struct tr_err *e);
void tr_metrics_close(struct tr_metrics *m);

#endif
