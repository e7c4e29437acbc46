/* SPDX-License-Identifier: Apache-2.0 */
#include <mpi.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sweep_comm.h"

enum { TAG = 1 };

/* Messages on their way. */
struct letter {
  struct letter *next;
  MPI_Request request;
  char bytes[];
};
static struct letter *under_way;

static void forget_delivered(void) {
  for (struct letter **p = &under_way; *p;) {
    struct letter *l = *p;
    int done = 0;
    if (MPI_Test(&l->request, &done, MPI_STATUS_IGNORE) == MPI_SUCCESS && !done) {
      p = &l->next;
      continue;
    }
    *p = l->next;
    free(l);
  }
}

static int mpi_send(int to, const void *bytes, size_t n) {
  forget_delivered();
  struct letter *l = malloc(sizeof *l + n);
  if (!l) return -1;
  memcpy(l->bytes, bytes, n);
  if (MPI_Isend(l->bytes, (int)n, MPI_BYTE, to, TAG, MPI_COMM_WORLD, &l->request) != MPI_SUCCESS) {
    free(l);
    return -1;
  }
  l->next = under_way;
  under_way = l;
  return 0;
}

static int mpi_receive(int *from, void *bytes, size_t n) {
  int there = 0;
  MPI_Status status;
  forget_delivered();
  if (MPI_Iprobe(MPI_ANY_SOURCE, TAG, MPI_COMM_WORLD, &there, &status) != MPI_SUCCESS || !there) return 0;
  *from = status.MPI_SOURCE;
  return MPI_Recv(bytes, (int)n, MPI_BYTE, *from, TAG, MPI_COMM_WORLD, MPI_STATUS_IGNORE) == MPI_SUCCESS;
}

static void mpi_finish(void) {
  MPI_Finalize();
}

static void mpi_abandon(int code) {
  MPI_Abort(MPI_COMM_WORLD, code);
  exit(code);
}

int tr_comm_open(struct tr_comm *c, char *err, size_t n) {
  *c = (struct tr_comm){.send = mpi_send, .receive = mpi_receive, .finish = mpi_finish, .abandon = mpi_abandon};
  if (MPI_Init(NULL, NULL) != MPI_SUCCESS || MPI_Comm_rank(MPI_COMM_WORLD, &c->rank) != MPI_SUCCESS ||
      MPI_Comm_size(MPI_COMM_WORLD, &c->size) != MPI_SUCCESS) {
    snprintf(err, n, "MPI does not start");
    return -1;
  }
  MPI_Comm_set_errhandler(MPI_COMM_WORLD, MPI_ERRORS_RETURN); /* a process that died is no error of the others */
  return 0;
}
