/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE
#include "run.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "checkpoint.h"
#include "data.h"
#include "eval.h"
#include "lock.h"
#include "metrics.h"
#include "mtj.h"
#include "output.h"
#include "progress.h"
#include "ranges.h"
#include "rng.h"
#include "stop.h"
#include "summary.h"

enum { MAX_SUMMARY = 1 << 20 };

struct sink {
  FILE *f;
  int tile, failed; /* failed: errno of the first record that could not be written */
  const struct xt_shape *shape;
};

struct run {
  const struct tr_run_opts *o;
  struct tr_config *c; /* ours */
  const struct xt_engine *engine;
  struct tr_checkpoint *from; /* resumed from; closed once it is loaded */
  struct tr_dataset data;
  struct tr_net net;
  struct tr_pool *pool;
  struct tr_copies *copies;
  struct tr_state state;
  struct tr_metrics metrics;
  struct tr_progress progress, approach; /* samples; operations up to the halt */
  uint32_t *order;
  char *folder, *checkpoint;
  struct tr_lock lock;
  FILE *trace;
  struct sink *sinks;
};

/* Writes a text into a file of the run folder. */
static int write_text(const struct run *r, const char *name, const char *text, struct tr_err *e) {
  char *path = text ? tr_join(r->folder, name, e) : NULL;
  const int rc = path ? tr_write_file(path, text, strlen(text), NULL, 0, e) : -1;
  free(path);
  return rc;
}

/* ---- trace ---- */
static void on_record(void *user, const struct xt_record *rec) {
  struct sink *s = user;
  errno = 0;
  if (!s->failed && xt_trace_write(s->f, s->tile, s->shape, rec)) s->failed = errno ? errno : EIO;
}

static int open_trace(struct run *r, struct tr_err *e) {
  if (!r->o->trace) return 0;
  r->trace = fopen(r->o->trace, "w");
  if (!r->trace) return tr_fail(e, TR_EXIT_DATA, "%s: %s", r->o->trace, strerror(errno));
  r->sinks = tr_alloc((size_t)r->net.layers, sizeof *r->sinks, e);
  if (!r->sinks) return -1;
  if (xt_trace_header(r->trace)) return tr_fail(e, TR_EXIT_DATA, "%s: cannot write: %s", r->o->trace, strerror(errno));
  for (int k = 0; k < r->net.layers; k++) {
    struct tr_tile *t = &r->net.layer[k].tile;
    r->sinks[k] = (struct sink){r->trace, k, 0, &t->shape};
    t->engine->set_trace(t->t, on_record, &r->sinks[k]);
  }
  return 0;
}

static int check_trace(struct run *r, struct tr_err *e) {
  int why = 0;
  for (int k = 0; !why && r->sinks && k < r->net.layers; k++) why = r->sinks[k].failed;
  return why ? tr_fail(e, TR_EXIT_DATA, "%s: cannot write: %s", r->o->trace, strerror(why)) : 0;
}

static int close_trace(struct run *r, struct tr_err *e) {
  int rc = 0;
  if (r->trace && fclose(r->trace) && !e->code)
    rc = tr_fail(e, TR_EXIT_DATA, "%s: cannot write: %s", r->o->trace, strerror(errno));
  r->trace = NULL;
  return rc;
}

/* ---- beginning ---- */
/* What was chosen for the checkpoint stays; all the rest must be the same. Keys that it does not know have their
 * defaults. */
static int same_config(struct tr_config *c, struct tr_checkpoint *from, const char *name, struct tr_err *e) {
  struct tr_config *old = tr_alloc(1, sizeof *old, e);
  int rc = old ? tr_checkpoint_config(from, old, e) : -1;
  if (!rc) tr_config_adopt(c, old);
  char *now = rc ? NULL : tr_config_text(c, 0, e), *was = now ? tr_config_text(old, 0, e) : NULL;
  const char *a = now, *b = was;
  free(old);
  if (!was) {
    free(now);
    return -1;
  }
  while (*a && *b) { /* line by line: the first one that differs is the message */
    const size_t na = strcspn(a, "\n"), nb = strcspn(b, "\n");
    if (na != nb || strncmp(a, b, na) != 0) break;
    a += na + (a[na] == '\n');
    b += nb + (b[nb] == '\n');
  }
  if (*a || *b)
    rc = tr_fail(e, TR_EXIT_CONFIG, "%s: made with another configuration: '%.*s' there, '%.*s' now", name,
                 (int)strcspn(b + strspn(b, " "), "\n"), b + strspn(b, " "), (int)strcspn(a + strspn(a, " "), "\n"),
                 a + strspn(a, " "));
  free(now);
  free(was);
  return rc;
}

static int same_data(const struct run *r, struct tr_err *e) {
  const uint64_t was = r->state.data_digest;
  if (!was) {
    if (!r->o->halt)
      fprintf(stderr, "crosstrain: note: %s: from before data were checked: nobody knows if it saw these\n",
              r->checkpoint);
    return 0;
  }
  if (was == r->data.digest) return 0;
  return tr_fail(e, TR_EXIT_DATA,
                 "%s: made with other data (digest %016" PRIx64 ", these have %016" PRIx64
                 "): give it those, or start anew with --overwrite",
                 r->checkpoint, was, r->data.digest);
}

static int resume(struct run *r, struct tr_err *e) {
  int rc = 0;
  if (!r->o->halt && !r->c->count_pulses && tr_checkpoint_counts(r->from))
    rc = tr_fail(e, TR_EXIT_CONFIG, "%s: holds pulse counts, which would end here: run.count_pulses must stay true",
                 r->checkpoint);
  if (!rc) rc = tr_checkpoint_load(r->from, &r->net, &r->state, e) || same_data(r, e) ? -1 : 0;
  tr_checkpoint_close(r->from);
  r->from = NULL;
  r->state.data_digest = r->data.digest;
  for (int k = 0; !rc && k < r->net.layers; k++) {
    uint64_t c[XT_NUM_COUNTERS];
    rc = tr_tile_counters(&r->net.layer[k].tile, c, e);
    r->net.layer[k].tile.ops_given = c[XT_CNT_OPS];
  }
  if (!rc && r->state.position >= r->data.train.n && r->state.position)
    rc = tr_fail(e, TR_EXIT_DATA, "%s: stands at sample %" PRIu64 " of an epoch of %zu", r->checkpoint,
                 r->state.position, r->data.train.n);
  return rc ? -1 : 0;
}

static int fresh(struct run *r, struct tr_err *e) {
  static const char *const old[] = {TR_CHECKPOINT, "summary.yaml"};
  r->state.data_digest = r->data.digest;
  if (tr_net_init(&r->net, r->c, &r->state.setup_unfinished, e) || tr_net_counters(&r->net, r->state.setup, e))
    return -1;
  for (size_t k = 0; k < sizeof old / sizeof *old; k++) { /* of a run that this one replaces */
    char *path = tr_join(r->folder, old[k], e);
    if (!path) return -1;
    if (remove(path) && errno != ENOENT) tr_fail(e, TR_EXIT_DATA, "%s: %s", path, strerror(errno));
    free(path);
  }
  char *text = e->code ? NULL : tr_config_text(r->c, 1, e);
  const int rc = write_text(r, "config.yaml", text, e);
  free(text);
  return rc;
}

/* Whether the folder is as it was asked for. */
static int check_folder(struct run *r, struct tr_err *e) {
  struct stat st;
  const int exists = stat(r->checkpoint, &st) == 0;
  if (r->o->resume && !exists) return tr_fail(e, TR_EXIT_DATA, "%s: no checkpoint to resume from", r->checkpoint);
  if (!r->o->resume && exists && !r->o->overwrite)
    return tr_fail(e, TR_EXIT_CONFIG, "%s holds a run: give --resume, --overwrite, --new or another --out", r->folder);
  return 0;
}

static int begin(struct run *r, struct tr_err *e) {
  const struct tr_config *c = r->c;
  r->engine = tr_engine_find(c->engine, e);
  if (!r->engine) return -1;
  if (!(r->folder = strdup(c->out))) return tr_nomem(e);
  if (!(r->checkpoint = tr_join(r->folder, TR_CHECKPOINT, e))) return -1;
  if (check_folder(r, e)) return -1;
  if (r->o->resume &&
      (tr_lock_take(&r->lock, r->folder, e) || check_folder(r, e) ||
       !(r->from = tr_checkpoint_open(r->checkpoint, e)) || same_config(r->c, r->from, r->checkpoint, e)))
    return -1;
  if (tr_data_load(c, r->o->data_dir, &r->data, e)) return -1;
  if (!r->o->halt) tr_data_print_notes(&r->data);
  if (tr_ranges_measure(r->c, &r->data, r->o->quiet || r->o->halt ? NULL : stdout, e) ||
      tr_net_make(c, r->data.inputs, r->data.classes, &r->net, e))
    return -1;
  for (int k = 0; k < r->net.layers && !r->o->halt; k++) tr_mtj_warn(&r->net.layer[k].plan, r->data.train.n, c->epochs);
  if (!r->o->resume && (tr_make_folder(r->folder, e) || tr_lock_take(&r->lock, r->folder, e) || check_folder(r, e)))
    return -1;
  const struct tr_outputs outputs = {c,          r->o->config_file, r->o->data_dir, !r->o->resume, r->o->engine.wave,
                                     r->o->trace};
  if (tr_outputs_check(&outputs, e)) return -1;
  struct xt_engine_opts opts = r->o->engine;
  opts.records = r->o->trace != NULL;
  opts.pulses = c->count_pulses != 0;
  opts.device_counts = (r->engine->can & XT_CAN_DEVICE_COUNTS) != 0;
  /* a trace is written in the order of the operations: one thread */
  const int threads = r->o->trace ? 1 : (int)c->threads;
  if (!(r->pool = tr_pool_open(threads, e))) return -1;
  opts.team = tr_pool_team(r->pool);
  if (tr_net_open(&r->net, r->engine, &opts, r->o->wave_tile, e)) return -1;
  if (threads > 1 && (r->engine->can & XT_CAN_COPIES) && tr_net_can_copy(&r->net) &&
      !(r->copies = tr_copies_open(c, r->data.inputs, r->data.classes, r->engine, threads - 1, e)))
    return -1;
  if (open_trace(r, e)) return -1;
  if (r->o->halt) r->net.layer[r->o->halt->tile].tile.awaited = r->o->halt->operation;
  if (r->o->resume ? resume(r, e) : fresh(r, e)) return -1;
  r->order = tr_alloc(r->data.train.n, sizeof *r->order, e);
  char *csv = r->order ? tr_join(r->folder, "metrics.csv", e) : NULL;
  int rc = csv ? 0 : -1;
  if (!rc)
    rc = tr_metrics_open(&r->metrics, csv, tr_data_held(r->c), r->o->resume, !r->o->halt, &r->state.csv_bytes, e);
  free(csv);
  return rc;
}

/* ---- the loop ---- */
static int save(struct run *r, struct tr_err *e) {
  return tr_net_settle(&r->net, e) || tr_checkpoint_save(r->checkpoint, &r->net, r->c, &r->state, e) ? -1 : 0;
}

static int interval_end(struct run *r, uint64_t epoch, int with_test, struct tr_err *e) {
  struct tr_state *s = &r->state;
  const double n = s->interval_n ? (double)s->interval_n : 1;
  if (tr_metrics_line(&r->metrics, &r->net, s, epoch, with_test, e)) return -1;
  tr_progress_line(&r->progress, epoch, s->samples, (double)s->interval_loss / 65536 / n,
                   (double)s->interval_correct / n, tr_data_held(r->c),
                   with_test && s->test_n ? (double)s->test_correct / (double)s->test_n : -1);
  s->interval_n = s->interval_correct = s->interval_loss = 0;
  return 0;
}

static int evaluate(struct run *r, struct tr_err *e) {
  struct tr_eval ev = {0};
  uint64_t before[XT_NUM_COUNTERS], after[XT_NUM_COUNTERS];
  if (r->data.test.n == 0) return 0;
  if (tr_net_counters(&r->net, before, e) ||
      tr_evaluate(&r->net, r->copies, r->pool, &r->data.test, r->data.inputs, NULL, &ev, e) ||
      tr_net_counters(&r->net, after, e))
    return -1;
  for (int k = 0; k < XT_NUM_COUNTERS; k++) r->state.eval[k] += after[k] - before[k];
  r->state.test_correct = ev.correct;
  r->state.test_n = ev.n;
  if (ev.correct > r->state.best_correct) r->state.best_correct = ev.correct;
  return 0;
}

static int train_sample(struct run *r, size_t i, struct tr_err *e) {
  struct tr_state *s = &r->state;
  struct tr_result res;
  const uint16_t label = r->data.train.label[i];
  if (tr_net_train(&r->net, r->data.train.x + i * (size_t)r->data.inputs, label, r->pool, s->samples % TR_PROBE == 0, 1,
                   &res, e) ||
      (r->o->halt && tr_net_settle(&r->net, e)) || check_trace(r, e))
    return -1;
  s->position++;
  s->samples++;
  s->interval_n++;
  s->interval_correct += res.predicted == label;
  s->interval_loss += res.loss;
  if (r->o->meter) atomic_store(&r->o->meter->done, s->samples);
  tr_progress_tick(&r->progress, s->samples, (double)s->interval_loss / 65536 / (double)s->interval_n,
                   (double)s->interval_correct / (double)s->interval_n);
  return 0;
}

static int stopped(struct run *r, struct tr_err *e) {
  if (!tr_stop_signal) return 0;
  tr_progress_end(&r->progress);
  if (save(r, e)) return -1;
  return tr_fail(e, TR_EXIT_SIGNAL + tr_stop_signal,
                 "stopped by signal %d after %" PRIu64 " samples; go on with --resume", tr_stop_signal,
                 r->state.samples);
}

/* The most operations of one tile between two boundaries: FORWARD, BACKWARD, ACCUMULATE and ACC_UPDATE of a sample, and
 * one more to begin with. */
enum { OPS_AHEAD = 5 };

/* 1: the run ends here, for the sake of the operation it is halted for. last: an evaluation follows the next sample. */
static int at_halt(struct run *r, int last) {
  const struct tr_halt *h = r->o->halt;
  struct tr_outcome *o = r->o->outcome;
  if (!h) return 0;
  const struct tr_tile *t = &r->net.layer[h->tile].tile;
  const uint64_t ahead = h->before ? OPS_AHEAD + (last ? r->data.test.n : 0) : 0;
  tr_progress_operation(&r->approach, t->ops_given);
  o->halted = t->ops_given + ahead > h->operation;
  o->late = t->ops_given > h->operation && (h->before || t->awaited_op == 0);
  return o->halted;
}

/* 0 the epoch is done, 1 the run ends inside, -1 an error. */
static int epoch(struct run *r, struct tr_err *e) {
  struct tr_state *s = &r->state;
  const uint64_t number = s->epoch + 1;
  struct tr_rng rng;
  if (tr_net_epoch(&r->net, r->c, s->epoch, e)) return -1;
  tr_rng_init(&rng, (uint64_t)r->c->seed, TR_STREAM_ORDER, s->epoch);
  tr_rng_permute(&rng, r->order, r->data.train.n);
  while (s->position < r->data.train.n) {
    if (at_halt(r, s->position + 1 == r->data.train.n)) return 1;
    if (train_sample(r, r->order[s->position], e)) return -1;
    if (s->position == r->data.train.n) break; /* the end of the epoch has its own line and checkpoint */
    if (s->samples % (uint64_t)r->c->log_every == 0 && interval_end(r, number, 0, e)) return -1;
    if (r->c->checkpoint_every && s->samples % (uint64_t)r->c->checkpoint_every == 0 && save(r, e)) return -1;
    if (stopped(r, e)) return -1;
  }
  if (tr_net_settle(&r->net, e)) return -1;
  xt_clock_finish(&r->net.clock);
  if (evaluate(r, e) || check_trace(r, e)) return -1;
  s->epoch++;
  s->position = 0;
  return interval_end(r, number, 1, e) || save(r, e) ? -1 : 0;
}

/* Whether the folder's summary is of as many samples: it says how they came about, what a later start cannot know. */
static int has_summary(const struct run *r, struct tr_err *e) {
  char line[40], *path = tr_join(r->folder, "summary.yaml", e);
  uint8_t *text = NULL;
  size_t n = 0;
  struct tr_err ignored = {0, ""};
  snprintf(line, sizeof line, "\nsamples: %" PRIu64 "\n", r->state.samples);
  const int read = path && !tr_read_file(path, 0, MAX_SUMMARY, &text, &n, &ignored);
  const int has = read && memmem(text, n, line, strlen(line)) != NULL;
  free(text);
  free(path);
  return has;
}

static int report(struct run *r, int trained, struct tr_err *e) {
  char *text = tr_summary_text(r->c, &r->net, &r->state, e);
  int rc = !trained && has_summary(r, e) ? 0 : write_text(r, "summary.yaml", text, e);
  if (!rc) rc = tr_summary_print(r->c, &r->net, &r->state, e);
  printf("files            %s: config.yaml metrics.csv summary.yaml " TR_CHECKPOINT "\n", r->folder);
  free(text);
  return rc ? -1 : 0;
}

static int train(struct run *r, struct tr_err *e) {
  tr_stop_hurry(1);
  const int begun = begin(r, e);
  tr_stop_hurry(0);
  if (tr_stop_check("before the first sample", e) || begun) return -1;
  const uint64_t total = (uint64_t)r->c->epochs * r->data.train.n;
  if (r->o->resume && !r->o->quiet && !r->o->halt) {
    if (r->state.epoch < (uint64_t)r->c->epochs)
      printf("resuming after %" PRIu64 " of %" PRIu64 " samples\n", r->state.samples, total);
    else
      printf("all epochs are done (%" PRIu64
             "): nothing to train (--epochs N goes on to N, --overwrite starts again)\n",
             r->state.epoch);
  }
  if (r->o->meter) atomic_store(&r->o->meter->total, total);
  const struct tr_halt *h = r->o->halt;
  tr_progress_begin(&r->progress, r->state.samples, total, r->o->quiet || h);
  if (h) tr_progress_begin(&r->approach, r->net.layer[h->tile].tile.ops_given, h->operation, r->o->quiet);
  if (r->c->epochs == 0 && !r->o->resume && (evaluate(r, e) || save(r, e))) return -1;
  const int trains = !r->o->resume || r->state.epoch < (uint64_t)r->c->epochs;
  int rc = at_halt(r, r->state.position + 1 == r->data.train.n); /* the start may be where it ends, or behind it */
  while (!rc && r->state.epoch < (uint64_t)r->c->epochs) {
    rc = epoch(r, e);
    if (rc) break;
    if (r->state.epoch < (uint64_t)r->c->epochs && stopped(r, e)) return -1;
  }
  if (rc) return rc < 0 || (h->before && !r->o->outcome->late && save(r, e)) ? -1 : 0;
  if (close_trace(r, e)) return -1;
  return h ? 0 : report(r, trains, e);
}

static void fill_outcome(const struct run *r) {
  struct tr_outcome *o = r->o->outcome;
  if (!o) return;
  o->mismatch_tile = -1;
  for (int k = 0; k < r->net.layers; k++) {
    const struct tr_tile *t = &r->net.layer[k].tile;
    const int compares = t->t && (t->engine->can & XT_CAN_COMPARE);
    if (compares && o->mismatch_tile < 0 && t->engine->mismatch(t->t, &o->mismatch)) o->mismatch_tile = k;
    if (r->o->halt && k == r->o->halt->tile) {
      o->ops = t->ops_given;
      o->op = t->awaited_op;
      o->shape = t->shape;
    }
  }
}

int tr_run_new_folder(struct tr_config *c, struct tr_err *e) {
  char first[TR_STR];
  snprintf(first, sizeof first, "%s", c->out);
  for (int k = 2; tr_run_exists(c); k++)
    if (snprintf(c->out, sizeof c->out, "%s-%d", first, k) >= (int)sizeof c->out)
      return tr_fail(e, TR_EXIT_CONFIG, "run.out: name too long");
  return 0;
}

int tr_run_exists(const struct tr_config *c) {
  char path[TR_STR + sizeof TR_CHECKPOINT + 1];
  struct stat st;
  snprintf(path, sizeof path, "%s/%s", c->out, TR_CHECKPOINT);
  return stat(path, &st) == 0;
}

int tr_run_check(const char *folder, const struct tr_config *c, struct tr_err *e) {
  char *path = tr_join(folder, TR_CHECKPOINT, e);
  struct tr_config *copy = path ? tr_alloc(1, sizeof *copy, e) : NULL;
  struct tr_checkpoint *from = copy ? tr_checkpoint_open(path, e) : NULL;
  if (copy) *copy = *c;
  const int rc = from ? same_config(copy, from, path, e) : -1;
  if (from) tr_checkpoint_close(from);
  free(copy);
  free(path);
  return rc;
}

int tr_run(const struct tr_run_opts *o, const struct tr_config *c, struct tr_err *e) {
  struct run r;
  memset(&r, 0, sizeof r);
  r.o = o;
  tr_stop_catch();
  if (o->outcome) memset(o->outcome, 0, sizeof *o->outcome);
  int rc = (r.c = tr_alloc(1, sizeof *r.c, e)) ? 0 : -1;
  if (!rc) {
    *r.c = *c;
    rc = train(&r, e);
  }
  if (tr_net_settle(&r.net, e)) rc = -1;
  fill_outcome(&r);
  tr_progress_end(&r.progress);
  tr_progress_end(&r.approach);
  (void)close_trace(&r, e);
  tr_metrics_close(&r.metrics);
  tr_checkpoint_close(r.from);
  free(r.c);
  tr_copies_close(r.copies);
  tr_lock_drop(&r.lock);
  tr_net_free(&r.net); /* its tiles may have parts there */
  tr_pool_close(r.pool);
  tr_data_free(&r.data);
  free(r.order);
  free(r.folder);
  free(r.checkpoint);
  free(r.sinks);
  return rc ? (e->code ? e->code : TR_EXIT_INTERNAL) : TR_EXIT_OK;
}

/* The network on other devices: as c, but for `onto`. */
static int transfer(struct tr_net *net, struct tr_config *c, const struct tr_sets *onto, const struct tr_dataset *d,
                    const struct xt_engine *engine, const struct xt_engine_opts *opts, struct tr_err *e) {
  struct tr_net to;
  memset(&to, 0, sizeof to);
  for (int k = 0; k < net->layers; k++)
    if (!tr_plan_is_mtj(&net->layer[k].plan))
      return tr_fail(e, TR_EXIT_CONFIG,
                     "--onto: layer %d is of algorithm %s; states are copied of binary devices (mtj)", k,
                     net->layer[k].plan.algorithm->name);
  char *text = tr_config_text(c, 1, e);
  int rc = text ? tr_config_parse(text, strlen(text), "--onto", onto, c, e) || tr_config_resolve(c, e) : -1;
  if (!rc) rc = tr_net_make(c, d->inputs, d->classes, &to, e) || tr_net_open(&to, engine, opts, -1, e);
  for (int k = 0; !rc && k < to.layers; k++) {
    struct tr_tile *from = &net->layer[k].tile;
    struct xt_snapshot s;
    rc = tr_snapshot_alloc(&s, &from->shape, e) ||
         tr_tile_check(from, from->engine->get_snapshot(from->t, &s), "snapshot", e) ||
         tr_mtj_transfer(&net->layer[k].plan, &to.layer[k].plan, s.w[XT_PLANE_C], e) ||
         tr_tile_set_snapshot(&to.layer[k].tile, &s, e);
    if (!rc) rc = tr_net_registers(&to.layer[k], e); /* the snapshot has those of the other devices */
    tr_snapshot_free(&s);
  }
  tr_net_free(net);
  *net = to;
  free(text);
  return rc ? -1 : 0;
}

int tr_run_eval(const char *checkpoint, const struct tr_sets *onto, const char *data_dir, const char *engine,
                int threads, struct tr_err *e) {
  struct tr_config *c = tr_alloc(1, sizeof *c, e);
  struct tr_checkpoint *cp = c ? tr_checkpoint_open(checkpoint, e) : NULL;
  struct tr_dataset data;
  struct tr_net net;
  struct tr_state state;
  struct tr_pool *pool = NULL;
  struct tr_copies *copies = NULL;
  struct xt_engine_opts opts;
  struct tr_eval ev = {0};
  const struct xt_engine *eng = NULL;
  memset(&data, 0, sizeof data);
  memset(&net, 0, sizeof net);
  memset(&opts, 0, sizeof opts);
  int rc = cp ? tr_checkpoint_config(cp, c, e) : -1;
  if (!rc) rc = (eng = tr_engine_find(engine, e)) ? 0 : -1;
  if (!rc) rc = tr_data_load(c, data_dir, &data, e);
  if (!rc && data.test.n == 0) rc = tr_fail(e, TR_EXIT_DATA, "%s: its data has no test samples", checkpoint);
  if (!rc) rc = tr_net_make(c, data.inputs, data.classes, &net, e);
  if (!rc) rc = (pool = tr_pool_open(threads, e)) ? 0 : -1;
  if (!rc) rc = tr_net_open(&net, eng, &opts, -1, e) || tr_checkpoint_load(cp, &net, &state, e);
  if (!rc && onto && onto->n) rc = transfer(&net, c, onto, &data, eng, &opts, e);
  if (!rc && threads > 1 && (eng->can & XT_CAN_COPIES) && tr_net_can_copy(&net))
    rc = (copies = tr_copies_open(c, data.inputs, data.classes, eng, threads - 1, e)) ? 0 : -1;
  if (!rc && state.data_digest && state.data_digest != data.digest)
    fprintf(stderr, "crosstrain: note: %s: made with other data than these\n", checkpoint);
  if (!rc) rc = tr_evaluate(&net, copies, pool, &data.test, data.inputs, NULL, &ev, e);
  if (!rc)
    printf("%s: after %" PRIu64 " samples%s: %s accuracy %.2f %% (%" PRIu64 " of %" PRIu64 "), loss %.4f\n", checkpoint,
           state.samples, onto && onto->n ? ", on other devices" : "", tr_data_held(c),
           100.0 * (double)ev.correct / (double)ev.n, ev.correct, ev.n, (double)ev.loss / 65536 / (double)ev.n);
  if (!rc) rc = tr_matched_print(&net, (long long)c->seed, e);
  tr_copies_close(copies);
  tr_pool_close(pool);
  tr_net_free(&net);
  tr_data_free(&data);
  tr_checkpoint_close(cp);
  free(c);
  return rc ? (e->code ? e->code : TR_EXIT_INTERNAL) : TR_EXIT_OK;
}
