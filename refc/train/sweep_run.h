/* SPDX-License-Identifier: Apache-2.0 */
/* Runs the points of a sweep that are not finished, here or on all processes of an MPI job: process 0 hands them out,
 * shows how far they are and writes the table. */
#ifndef TR_SWEEP_RUN_H
#define TR_SWEEP_RUN_H

#include "sweep.h"
#include "sweep_comm.h"

struct tr_sweep_opts {
  const char *data_dir;
  int jobs; /* points at a time on this machine; 0: its processors (one, under MPI) */
  int keep_going, quiet;
  int check;       /* only: is every point one that can run? */
  double patience; /* seconds without a word after which a process counts as lost */
};

/* comm: NULL, or the processes, which all call this. Returns 0 or -1; a process but the first has no error of its own.
 */
int tr_sweep_run(const struct tr_sweep *s, const struct tr_sweep_opts *o, const struct tr_comm *comm, struct tr_err *e);

/* Instead of it, by a process that cannot begin: process 0 tells the user why. */
void tr_sweep_decline(const struct tr_comm *comm, struct tr_err *e);

#endif
