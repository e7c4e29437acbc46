/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE
#include "sweep_run.h"

#include <inttypes.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "lock.h"
#include "progress.h"
#include "stop.h"
#include "sweep_work.h"

/* ---- messages between processes: all of one size ---- */
enum kind {
  /* from process 0 */
  M_START, /* row.error: what the file TOKEN says */
  M_RUN,   /* point */
  M_STOP,
  /* from the others */
  M_HELLO, /* value: the sweep's digest, jobs; row.error: why it cannot take part */
  M_DONE,  /* point: how much of it is done */
  M_ENDED, /* point, row */
  M_LEAVE, /* it takes no more points */
  M_BYE,   /* its last message */
  /* both */
  M_ALIVE
};

struct message {
  int32_t kind, jobs;
  uint64_t value;
  double done;
  struct tr_row row;
};

static void pause_ms(long ms) {
  const struct timespec t = {ms / 1000, ms % 1000 * 1000000};
  nanosleep(&t, NULL);
}

enum { POLL_MS = 5 };
static const double BEAT = 1, WRITE_EVERY = 2;

static int post(const struct tr_comm *comm, int to, enum kind kind, uint64_t value, const struct tr_row *row) {
  struct message m;
  memset(&m, 0, sizeof m);
  m.kind = kind;
  m.value = value;
  if (row) m.row = *row;
  return comm->send(to, &m, sizeof m);
}

/* In the sweep's folder while it is at work: the other processes must find there what process 0 has written. */
#define TOKEN ".processes"

/* What it says; "" if it is not there. */
static void read_token(const struct tr_sweep *s, char *to, size_t cap) {
  struct tr_err ignored = {0, ""};
  uint8_t *text = NULL;
  size_t n = 0;
  char *path = tr_join(s->out, TOKEN, &ignored);
  *to = 0;
  if (path && !tr_read_file(path, 0, cap, &text, &n, &ignored)) snprintf(to, cap, "%s", (char *)text);
  free(text);
  free(path);
}

/* ---- the processes but the first ---- */
struct worker {
  const struct tr_sweep *s;
  const struct tr_comm *comm;
  struct tr_crew *crew;
  double heard, beat, patience;
  int started, leaving, stop;
};

static void hello(struct worker *w, const struct message *start, int jobs) {
  struct message m;
  char token[sizeof start->row.error];
  memset(&m, 0, sizeof m);
  m.kind = M_HELLO;
  m.jobs = jobs;
  m.value = tr_sweep_digest(w->s);
  for (int k = 0; k < 100; k++) { /* network file systems take their time */
    read_token(w->s, token, sizeof token);
    if (strcmp(token, start->row.error) == 0) break;
    pause_ms(100);
  }
  if (strcmp(token, start->row.error) != 0) {
    char host[65] = "?";
    gethostname(host, sizeof host - 1);
    snprintf(m.row.error, sizeof m.row.error, "%s on %s is not the folder of process 0: all need the same file system",
             w->s->out, host);
  }
  w->started = 1;
  w->comm->send(0, &m, sizeof m);
}

static void say_done(void *ctx, size_t point, double done) {
  struct worker *w = ctx;
  struct message m;
  memset(&m, 0, sizeof m);
  m.kind = M_DONE;
  m.value = point;
  m.done = done;
  w->comm->send(0, &m, sizeof m);
}

static void obey(struct worker *w, const struct message *m, int jobs) {
  struct tr_err e = {0, ""};
  struct tr_row row;
  w->heard = tr_clock();
  if (m->kind == M_START) hello(w, m, jobs);
  if (m->kind == M_STOP) w->stop = 1;
  if (m->kind == M_RUN && (w->leaving || tr_crew_start(w->crew, m->value, &e))) {
    tr_row_fail(&row, w->leaving ? TR_ROW_OPEN : e.code, e.text);
    post(w->comm, 0, M_ENDED, m->value, &row);
  }
}

/* A signal to this process alone: its points go on elsewhere, from their checkpoints. */
static void leave(struct worker *w) {
  w->leaving = 1;
  tr_crew_stop(w->crew);
  post(w->comm, 0, M_LEAVE, 0, NULL);
}

static void work(struct worker *w, int jobs) {
  struct message m;
  size_t point;
  struct tr_row row;
  int from;
  while (!w->stop || tr_crew_free(w->crew) < jobs) {
    const int stopped = w->stop;
    while (w->comm->receive(&from, &m, sizeof m)) obey(w, &m, jobs);
    if (tr_stop_signal && !w->leaving) leave(w);
    const double now = tr_clock();
    if (w->started && now - w->heard > w->patience) w->stop = 2; /* process 0 is gone */
    if (w->stop && !stopped) tr_crew_stop(w->crew);
    while (tr_crew_ended(w->crew, &point, &row)) post(w->comm, 0, M_ENDED, point, &row);
    if (w->started && now - w->beat > BEAT) {
      w->beat = now;
      tr_crew_each(w->crew, say_done, w);
      post(w->comm, 0, M_ALIVE, 0, NULL);
    }
    pause_ms(POLL_MS);
  }
}

static int run_worker(const struct tr_sweep *s, const struct tr_sweep_opts *o, const struct tr_comm *comm, int jobs,
                      struct tr_err *e) {
  struct worker w = {.s = s, .comm = comm, .patience = o->patience, .heard = tr_clock()};
  if (!(w.crew = tr_crew_open(s, jobs, o->data_dir, e))) comm->abandon(e->code);
  work(&w, jobs);
  tr_crew_close(w.crew);
  if (w.stop == 2) _exit(TR_EXIT_INTERNAL); /* nobody is there to finish with */
  post(comm, 0, M_BYE, 0, NULL);
  return 0;
}

/* ---- process 0 ---- */
enum { NOBODY = -1, FINISHED = -2 };

struct peer {
  double heard;
  int jobs, idle; /* jobs 0: not there yet, or left */
  int bye, lost;
};

struct master {
  const struct tr_sweep *s;
  const struct tr_sweep_opts *o;
  const struct tr_comm *comm;
  struct tr_crew *crew;
  struct tr_point *point;
  int *at;      /* of each point: NOBODY has it yet, the process that works at it, or FINISHED */
  double *part; /* of it that is done */
  size_t next;  /* no open point before it */
  struct peer *peer;
  int stopping, dirty;
  size_t finished, failed, first; /* first: finished when it began */
  double start, written, shown, beat;
  int tty;
};

/* ---- what the user sees ---- */
static void note(void *ctx, size_t point, double part) {
  struct master *m = ctx;
  m->part[point] = part;
}

static void print_left(struct master *m) {
  double done = 0;
  tr_crew_each(m->crew, note, m);
  for (size_t p = 0; p < m->s->points; p++) done += m->at[p] == FINISHED ? 1 : m->part[p];
  const double passed = tr_clock() - m->start, gone = done - (double)m->first;
  const double all = (double)m->s->points;
  printf("  %.1f %%", 100 * done / all);
  if (gone > 0 && passed > 1) {
    const long left = (long)(passed * (all - done) / gone + 0.5);
    printf("  %ld:%02ld:%02ld left", left / 3600, left / 60 % 60, left % 60);
  }
}

static void show(struct master *m) {
  if (m->o->quiet || !m->tty || tr_clock() - m->shown < 0.2) return;
  size_t running = 0;
  for (size_t p = 0; p < m->s->points; p++) running += m->at[p] >= 0;
  m->shown = tr_clock();
  printf("\r%zu of %zu points, %zu running", m->finished, m->s->points, running);
  if (m->failed) printf(", %zu failed", m->failed);
  print_left(m);
  printf("\033[K");
  fflush(stdout);
}

static void clear_line(const struct master *m) {
  if (m->tty && !m->o->quiet) printf("\r\033[K");
}

/* A line that stays. */
static void tell(struct master *m, size_t p) {
  struct tr_err ignored = {0, ""};
  const struct tr_row *row = &m->point[p].row;
  if (m->o->quiet || (m->tty && row->code == 0)) return;
  char *words = tr_sweep_words(m->s, p, &ignored);
  clear_line(m);
  printf("%zu of %zu  %s: ", m->finished, m->s->points, words ? words : "");
  if (row->code == 0)
    printf("accuracy %s", row->accuracy[0] ? row->accuracy : "none");
  else
    printf("%s", row->error);
  print_left(m);
  printf("\n");
  fflush(stdout);
  free(words);
}

/* ---- points ---- */
static void count(struct master *m, size_t p) {
  m->at[p] = FINISHED;
  m->finished++;
  m->failed += m->point[p].row.code != 0;
}

static void ended(struct master *m, int from, size_t p, const struct tr_row *row) {
  if (m->at[p] != from && row->code != 0) return; /* that one was said to be lost; the point is another's */
  if (m->at[p] == FINISHED) {
    if (m->point[p].row.code == 0) return;
    m->finished--;
    m->failed--;
  }
  if (row->code == TR_ROW_OPEN) {
    m->at[p] = NOBODY;
    if (p < m->next) m->next = p;
    return;
  }
  m->point[p].row = *row;
  m->dirty = 1;
  count(m, p);
  tell(m, p);
}

/* The next point to begin with; 0: none. */
static int take(struct master *m, size_t *p) {
  while (m->next < m->s->points && m->at[m->next] != NOBODY) m->next++;
  *p = m->next;
  return m->next < m->s->points;
}

static int start_here(struct master *m, struct tr_err *e) {
  size_t p;
  while (tr_crew_free(m->crew) && take(m, &p)) {
    if (tr_crew_start(m->crew, p, e)) return -1;
    m->at[p] = 0;
  }
  return 0;
}

static void start_there(struct master *m) {
  size_t p;
  for (int k = 1; m->comm && k < m->comm->size; k++)
    for (struct peer *q = &m->peer[k]; !q->lost && q->idle && take(m, &p); q->idle--) {
      m->at[p] = k;
      post(m->comm, k, M_RUN, p, NULL);
    }
}

/* ---- the other processes ---- */
static int hear(struct master *m, int from, const struct message *in, struct tr_err *e) {
  struct peer *q = &m->peer[from];
  q->heard = tr_clock();
  q->lost = 0;
  switch ((enum kind)in->kind) {
    case M_HELLO:
      if (in->row.error[0]) return tr_fail(e, TR_EXIT_DATA, "process %d: %s", from, in->row.error);
      if (in->value != tr_sweep_digest(m->s))
        return tr_fail(e, TR_EXIT_CONFIG, "process %d: %s or its base differ from those of process 0", from,
                       m->s->file);
      q->jobs = q->idle = in->jobs;
      return 0;
    case M_DONE:
      if (in->value < m->s->points) m->part[in->value] = in->done;
      return 0;
    case M_ENDED:
      if (q->idle < q->jobs) q->idle++;
      if (in->value < m->s->points) ended(m, from, in->value, &in->row);
      return 0;
    case M_LEAVE:
      q->jobs = q->idle = 0;
      return 0;
    case M_BYE:
      q->bye = 1;
      return 0;
    case M_START:
    case M_RUN:
    case M_STOP:
    case M_ALIVE:
      return 0;
  }
  return 0;
}

/* Its points are open again: their checkpoints are there. */
static void lose(struct master *m, int k) {
  size_t points = 0;
  m->peer[k].lost = 1;
  for (size_t p = 0; p < m->s->points; p++)
    if (m->at[p] == k) {
      m->at[p] = NOBODY;
      if (p < m->next) m->next = p;
      points++;
    }
  clear_line(m);
  fprintf(stderr, "crosstrain: process %d does not answer: %zu points of it go to others\n", k, points);
}

static int hear_all(struct master *m, struct tr_err *e) {
  struct message in;
  int from, rc = 0;
  if (!m->comm) return 0;
  while (!rc && m->comm->receive(&from, &in, sizeof in)) rc = hear(m, from, &in, e);
  const double now = tr_clock();
  const int beat = now - m->beat > BEAT;
  if (beat) m->beat = now;
  for (int k = 1; k < m->comm->size; k++) {
    struct peer *q = &m->peer[k];
    if (beat && !q->bye) post(m->comm, k, M_ALIVE, 0, NULL);
    if (!q->bye && !q->lost && now - q->heard > m->o->patience) lose(m, k);
  }
  return rc;
}

static void send_all(struct master *m, enum kind kind, const struct tr_row *row) {
  for (int k = 1; m->comm && k < m->comm->size; k++) {
    m->peer[k].heard = tr_clock();
    post(m->comm, k, kind, 0, row);
  }
}

static int here(struct master *m, struct tr_err *e) {
  size_t p;
  struct tr_row row;
  while (tr_crew_ended(m->crew, &p, &row)) ended(m, 0, p, &row);
  return m->stopping ? 0 : start_here(m, e);
}

/* Nothing but a table is written over. */
static int check_table(const struct tr_sweep *s, struct tr_err *e) {
  struct stat table, file;
  char *path = tr_join(s->out, TR_SWEEP_TABLE, e);
  if (path && lstat(path, &table) == 0) {
    if (!S_ISREG(table.st_mode))
      tr_fail(e, TR_EXIT_DATA, "%s: only a regular file is replaced", path);
    else if (stat(s->file, &file) == 0 && file.st_ino == table.st_ino && file.st_dev == table.st_dev)
      tr_fail(e, TR_EXIT_CONFIG, "%s: is the sweep file, and would be its table", path);
  }
  free(path);
  return e->code ? -1 : 0;
}

static int write_table(struct master *m, int now, struct tr_err *e) {
  if (!now && (!m->dirty || tr_clock() - m->written < WRITE_EVERY)) return 0;
  m->dirty = 0;
  m->written = tr_clock();
  return tr_sweep_write(m->s, m->point, e);
}

static int conduct(struct master *m, struct tr_err *e) {
  int rc = 0;
  while (!rc && m->finished < m->s->points && !tr_stop_signal) {
    rc = hear_all(m, e) || here(m, e);
    if (!rc) start_there(m);
    if (!rc) rc = write_table(m, 0, e);
    show(m);
    if (!rc) pause_ms(POLL_MS);
  }
  return rc;
}

/* Everything at work writes its checkpoint; who does not say goodbye is lost. Returns how many are. */
static int end_all(struct master *m, int jobs) {
  struct tr_err ignored = {0, ""};
  int waiting, lost;
  m->stopping = 1;
  tr_crew_stop(m->crew);
  send_all(m, M_STOP, NULL);
  do {
    (void)hear_all(m, &ignored);
    (void)here(m, &ignored);
    waiting = tr_crew_free(m->crew) < jobs;
    lost = 0;
    for (int k = 1; m->comm && k < m->comm->size; k++) {
      waiting += !m->peer[k].bye && !m->peer[k].lost;
      lost += m->peer[k].lost && !m->peer[k].bye;
    }
    if (waiting) pause_ms(POLL_MS);
  } while (waiting);
  return lost;
}

/* ---- the whole ---- */
/* What is finished, and what cannot run. */
static int look(struct master *m, struct tr_err *e) {
  const struct tr_sweep *s = m->s;
  size_t bad = 0, first = 0;
  tr_stop_hurry(1);
  const int bad_sweep = check_table(s, e) || tr_sweep_check(s, m->o->data_dir, m->o->quiet || m->comm, m->point, e);
  tr_stop_hurry(0);
  if (bad_sweep) return -1;
  for (size_t p = 0; p < s->points; p++) {
    m->at[p] = NOBODY;
    if (m->point[p].row.code == TR_ROW_OPEN) continue;
    count(m, p);
    if (m->point[p].row.code != 0 && bad++ == 0) first = p;
  }
  m->first = m->finished;
  if (write_table(m, 1, e)) return -1;
  if (!bad || m->o->keep_going) return 0;
  char *words = tr_sweep_words(s, first, e);
  if (words)
    tr_fail(e, m->point[first].row.code,
            "%s: %zu of %zu points cannot run (--keep-going runs the others; errors: %s/" TR_SWEEP_TABLE
            "), the first is %s: %s",
            s->file, bad, s->points, s->out, words, m->point[first].row.error);
  free(words);
  return -1;
}

static int result(struct master *m, struct tr_err *e) {
  const struct tr_sweep *s = m->s;
  if (tr_stop_signal && m->finished < s->points)
    return tr_fail(e, TR_EXIT_SIGNAL + tr_stop_signal,
                   "stopped by signal %d with %zu of %zu points finished; the same command goes on", tr_stop_signal,
                   m->finished, s->points);
  if (m->o->check) printf("%zu points, %zu of them finished\n", s->points, m->finished - m->failed);
  if (!m->o->check && !m->o->quiet)
    printf("%zu points, %zu failed: %s/" TR_SWEEP_TABLE "\n", s->points, m->failed, s->out);
  for (size_t p = 0; p < s->points; p++) {
    if (m->point[p].row.code == 0 || m->point[p].row.code == TR_ROW_OPEN) continue;
    char *words = tr_sweep_words(s, p, e);
    if (words)
      tr_fail(e, m->point[p].row.code, "%zu of %zu points failed, the first is %s: %s", m->failed, s->points, words,
              m->point[p].row.error);
    free(words);
    return -1;
  }
  return 0;
}

static int start_others(struct master *m, struct tr_err *e) {
  struct tr_row row;
  char host[65] = "?";
  if (!m->comm) return 0;
  tr_row_fail(&row, 0, "");
  gethostname(host, sizeof host - 1);
  snprintf(row.error, sizeof row.error, "process %ld on %s at %.9f", (long)getpid(), host, tr_clock());
  char *path = tr_join(m->s->out, TOKEN, e);
  const int rc = path ? tr_write_file(path, row.error, strlen(row.error), NULL, 0, e) : -1;
  free(path);
  if (!rc) send_all(m, M_START, &row);
  return rc;
}

static void remove_token(const struct tr_sweep *s) {
  struct tr_err ignored = {0, ""};
  char *path = tr_join(s->out, TOKEN, &ignored);
  if (path) (void)remove(path);
  free(path);
}

static int lead(struct master *m, struct tr_err *e) {
  if (look(m, e)) return -1;
  if (m->o->check) return 0;
  if (m->first && m->first < m->s->points && !m->o->quiet)
    printf("%zu of %zu points are finished\n", m->first, m->s->points);
  if (start_others(m, e)) return -1;
  m->start = tr_clock();
  m->tty = !m->comm && isatty(STDOUT_FILENO); /* mpirun gives a terminal to everyone, even into a file */
  return conduct(m, e);
}

static int run_master(const struct tr_sweep *s, const struct tr_sweep_opts *o, const struct tr_comm *comm, int jobs,
                      struct tr_err *e) {
  struct master m = {.s = s, .o = o, .comm = comm, .written = tr_clock()};
  struct tr_lock lock = {.path = NULL};
  m.point = tr_alloc(s->points, sizeof *m.point, e);
  m.at = tr_alloc(s->points, sizeof *m.at, e);
  m.part = tr_alloc(s->points, sizeof *m.part, e);
  m.peer = tr_alloc(comm ? (size_t)comm->size : 1, sizeof *m.peer, e);
  int lost = 0, rc = e->code ? -1 : 0;
  for (int k = 1; !rc && comm && k < comm->size; k++) m.peer[k].heard = tr_clock();
  if (!rc) rc = (m.crew = tr_crew_open(s, jobs, o->data_dir, e)) ? 0 : -1;
  if (!rc) rc = tr_make_folder(s->out, e) || tr_lock_take(&lock, s->out, e) || lead(&m, e);
  clear_line(&m);
  if (m.crew && m.peer) lost = end_all(&m, jobs);
  if (!rc) rc = write_table(&m, 1, e) || result(&m, e);
  fflush(stdout);
  if (lock.path && comm) remove_token(s);
  tr_lock_drop(&lock);
  tr_crew_close(m.crew);
  for (size_t p = 0; m.point && p < s->points; p++) free(m.point[p].keys);
  free(m.point);
  free(m.at);
  free(m.part);
  free(m.peer);
  if (lost) {
    if (rc) fprintf(stderr, "crosstrain: %s\n", e->text);
    comm->abandon(rc ? e->code : 0);
  }
  return rc ? -1 : 0;
}

void tr_sweep_decline(const struct tr_comm *comm, struct tr_err *e) {
  struct tr_row row;
  tr_row_fail(&row, e->code, e->text);
  for (int k = 1; comm->rank == 0 && k < comm->size; k++) post(comm, k, M_STOP, 0, NULL);
  if (comm->rank) { /* the first one says it itself */
    post(comm, 0, M_HELLO, 0, &row);
    post(comm, 0, M_BYE, 0, NULL);
  } else {
    fprintf(stderr, "crosstrain: %s\n", e->text); /* before another one's exit code makes the launcher end this one */
  }
  e->text[0] = 0;
  comm->finish();
}

/* Processors that this process may use, by the threads that a point does. */
static int default_jobs(const struct tr_sweep *s) {
  struct tr_err ignored = {0, ""};
  cpu_set_t set;
  int threads = 1;
  const int n = sched_getaffinity(0, sizeof set, &set) ? 1 : CPU_COUNT(&set);
  struct tr_config *c = tr_alloc(1, sizeof *c, &ignored);
  if (c && !tr_sweep_config(s, 0, c, &ignored)) threads = (int)c->threads;
  free(c);
  return n > threads ? n / threads : 1;
}

int tr_sweep_run(const struct tr_sweep *s, const struct tr_sweep_opts *o, const struct tr_comm *comm,
                 struct tr_err *e) {
  tr_stop_catch();
  const int jobs = o->jobs ? o->jobs : comm ? 1 : default_jobs(s);
  const int rc = comm && comm->rank ? run_worker(s, o, comm, jobs, e) : run_master(s, o, comm, jobs, e);
  if (comm) comm->finish();
  return rc;
}
