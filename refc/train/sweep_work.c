/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE
#include "sweep_work.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "lock.h"
#include "run.h"

/* What a child says; shared memory. */
struct page {
  struct tr_meter meter;
  struct tr_err e;
};

struct slot {
  pid_t pid; /* 0: free */
  size_t point;
  struct page *page;
  struct tr_config *c;
};

struct tr_crew {
  const struct tr_sweep *s;
  const char *data_dir;
  int jobs, stopped;
  struct slot *slot;
};

struct tr_crew *tr_crew_open(const struct tr_sweep *s, int jobs, const char *data_dir, struct tr_err *e) {
  struct tr_crew *w = tr_alloc(1, sizeof *w, e);
  if (!w) return NULL;
  w->s = s;
  w->data_dir = data_dir;
  w->slot = tr_alloc((size_t)jobs, sizeof *w->slot, e);
  for (; w->slot && w->jobs < jobs; w->jobs++) {
    struct slot *t = &w->slot[w->jobs];
    void *page = mmap(NULL, sizeof *t->page, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    t->page = page == MAP_FAILED ? NULL : page;
    t->c = tr_alloc(1, sizeof *t->c, e);
    if (!t->page) tr_nomem(e);
    if (!t->page || !t->c) {
      w->jobs++;
      break;
    }
  }
  if (!e->code) return w;
  tr_crew_close(w);
  return NULL;
}

void tr_crew_close(struct tr_crew *w) {
  if (!w) return;
  for (int k = 0; k < w->jobs; k++) {
    struct slot *t = &w->slot[k];
    if (t->pid) {
      kill(t->pid, SIGKILL);
      waitpid(t->pid, NULL, 0);
    }
    if (t->page) munmap(t->page, sizeof *t->page);
    free(t->c);
  }
  free(w->slot);
  free(w);
}

int tr_crew_free(const struct tr_crew *w) {
  int n = 0;
  for (int k = 0; k < w->jobs; k++) n += !w->slot[k].pid;
  return n;
}

/* Who wrote into the folder before may be on its way out: a run whose sweep was killed ends at its next sample. */
static void await_folder(const char *folder) {
  const struct timespec pause = {0, 100000000};
  for (int k = 0; k < 300; k++) {
    struct tr_err ignored = {0, ""};
    struct tr_lock lock;
    if (tr_lock_take(&lock, folder, &ignored) == 0) {
      tr_lock_drop(&lock);
      return;
    }
    nanosleep(&pause, NULL);
  }
}

static void child(const struct tr_crew *w, const struct slot *t, pid_t parent) {
  setpgid(0, 0); /* Ctrl-C is the sweep's to pass on, once */
  prctl(PR_SET_PDEATHSIG, SIGTERM);
  if (getppid() != parent) _exit(TR_EXIT_SIGNAL + SIGTERM);
  struct tr_err *e = &t->page->e;
  if (tr_make_folder(t->c->out, e)) _exit(e->code);
  char *path = tr_join(t->c->out, "log.txt", e);
  const int in = open("/dev/null", O_RDONLY), log = path ? open(path, O_WRONLY | O_CREAT | O_APPEND, 0666) : -1;
  if (in < 0 || log < 0) {
    tr_fail(e, TR_EXIT_DATA, "%s: cannot write: %s", path, strerror(errno));
    _exit(e->code);
  }
  dup2(in, STDIN_FILENO);
  dup2(log, STDOUT_FILENO);
  dup2(log, STDERR_FILENO);
  close_range(STDERR_FILENO + 1, ~0u, 0); /* connections of MPI: nobody must take this process for its parent */
  await_folder(t->c->out);
  const struct tr_run_opts o = {
      .data_dir = w->data_dir, .resume = tr_run_exists(t->c), .quiet = 1, .wave_tile = -1, .meter = &t->page->meter};
  const int rc = tr_run(&o, t->c, e);
  if (rc) fprintf(stderr, "%s\n", e->text);
  fflush(NULL);
  _exit(rc);
}

int tr_crew_start(struct tr_crew *w, size_t point, struct tr_err *e) {
  struct slot *t = w->slot;
  while (t->pid) t++;
  t->point = point;
  if (tr_sweep_config(w->s, point, t->c, e)) return -1;
  memset(t->page, 0, sizeof *t->page);
  fflush(NULL);
  const pid_t parent = getpid(), pid = fork();
  if (pid < 0) return tr_fail(e, TR_EXIT_INTERNAL, "cannot start a process: %s", strerror(errno));
  if (pid == 0) child(w, t, parent);
  t->pid = pid;
  return 0;
}

static void read_row(const struct tr_crew *w, const struct slot *t, int status, struct tr_row *row) {
  const int code = WIFEXITED(status) ? WEXITSTATUS(status) : TR_EXIT_SIGNAL + WTERMSIG(status);
  char text[64];
  if (code == 0 && tr_row_read(t->c, row)) return;
  snprintf(text, sizeof text, "ended with exit code %d", code);
  if (WIFSIGNALED(status)) snprintf(text, sizeof text, "killed by signal %d", WTERMSIG(status));
  if (code == 0) snprintf(text, sizeof text, "ended without a summary");
  tr_row_fail(row, code ? code : TR_EXIT_INTERNAL, t->page->e.text[0] && code ? t->page->e.text : text);
  if (w->stopped && code > TR_EXIT_SIGNAL) tr_row_fail(row, TR_ROW_OPEN, "");
}

int tr_crew_ended(struct tr_crew *w, size_t *point, struct tr_row *row) {
  for (int k = 0; k < w->jobs; k++) {
    struct slot *t = &w->slot[k];
    int status = 0;
    if (!t->pid || waitpid(t->pid, &status, WNOHANG) != t->pid) continue;
    t->pid = 0;
    *point = t->point;
    read_row(w, t, status, row);
    return 1;
  }
  return 0;
}

void tr_crew_each(const struct tr_crew *w, void (*each)(void *ctx, size_t point, double done), void *ctx) {
  for (int k = 0; k < w->jobs; k++) {
    const struct slot *t = &w->slot[k];
    if (!t->pid) continue;
    const uint64_t total = atomic_load(&t->page->meter.total);
    each(ctx, t->point, total ? (double)atomic_load(&t->page->meter.done) / (double)total : 0);
  }
}

void tr_crew_stop(struct tr_crew *w) {
  w->stopped = 1;
  for (int k = 0; k < w->jobs; k++)
    if (w->slot[k].pid) kill(w->slot[k].pid, SIGTERM);
}
