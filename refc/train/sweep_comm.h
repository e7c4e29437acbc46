/* SPDX-License-Identifier: Apache-2.0 */
/* The processes of a sweep on several machines: what it needs of MPI. The module crosstrain_mpi.so (sweep_mpi.c), built
 * where MPI is found and loaded where a sweep is started by mpirun or srun, is the one implementation. */
#ifndef TR_SWEEP_COMM_H
#define TR_SWEEP_COMM_H

#include <stddef.h>

struct tr_comm {
  int rank, size;
  /* A message of `n` bytes; never waits for the other side. 0 or -1. */
  int (*send)(int to, const void *bytes, size_t n);
  /* The next message of `n` bytes: 1, its sender to *from; there is none: 0. */
  int (*receive)(int *from, void *bytes, size_t n);
  void (*finish)(void);      /* all processes call it */
  void (*abandon)(int code); /* ends all processes, those that do not answer too; does not return */
};

/* Of the module. 0, or -1 and a line in `err`. */
#define TR_COMM_OPEN "tr_comm_open"
int tr_comm_open(struct tr_comm *c, char *err, size_t n);

#endif
