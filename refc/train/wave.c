/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE
#include "wave.h"

#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "algo.h"
#include "stop.h"

#ifndef XT_GEN_GTKW
#define XT_GEN_GTKW "waves/gen_gtkw.py"
#endif

const char *const tr_wave_views[] = {"overview", "forward", "sar", "update", "transfer", "mtj", NULL};

struct job {
  const struct tr_wave *w;
  const struct xt_engine *engine;
  struct tr_config *c; /* ours */
  char *work;          /* scratch folder beside the files */
  char *run, *dump, *vcd, *prefix, *fst;
  struct tr_outcome outcome;
  uint64_t marker; /* time of the mismatch, XT_NO_TIME: none */
};

static int format_text(char **to, struct tr_err *e, const char *format, ...) __attribute__((format(printf, 3, 4)));
static int format_text(char **to, struct tr_err *e, const char *format, ...) {
  va_list args;
  va_start(args, format);
  const int n = vasprintf(to, format, args);
  va_end(args);
  if (n >= 0) return 0;
  *to = NULL;
  return tr_nomem(e);
}

/* ---- the run ---- */

/* One run into the scratch folder; `before`: only up to the operation. */
static int run_up_to(struct job *j, const char *engine, int resume, int before, struct tr_err *e) {
  const struct tr_wave *w = j->w;
  const struct tr_halt halt = {w->tile, before, w->operation};
  struct tr_run_opts o;
  memset(&o, 0, sizeof o);
  o.data_dir = w->data_dir;
  o.resume = resume;
  o.quiet = w->quiet;
  o.halt = &halt;
  o.outcome = &j->outcome;
  o.wave_tile = w->tile;
  if (!before) {
    o.engine = (struct xt_engine_opts){.stall_seed = w->stall_seed, .plant = w->plant, .wave = j->dump, .quiet = 1};
    o.engine.wave_from = w->operation ? w->operation - 1 : 0; /* its command is loaded while the one before runs */
    o.engine.wave_to = w->operation;
  }
  snprintf(j->c->engine, sizeof j->c->engine, "%s", engine);
  const int rc = tr_stop_signal ? -1 : tr_run(&o, j->c, e);
  if (tr_stop_signal) {
    memset(e, 0, sizeof *e);
    return tr_fail(e, TR_EXIT_SIGNAL + tr_stop_signal, "stopped by signal %d: no waveform", tr_stop_signal);
  }
  return rc ? -1 : 0;
}

static int copy_file(const char *from, const char *to, const char *name, struct tr_err *e) {
  char *a = NULL, *b = NULL;
  uint8_t *bytes = NULL;
  size_t n = 0;
  int rc = format_text(&a, e, "%s/%s", from, name) || format_text(&b, e, "%s/%s", to, name) ||
                   tr_read_file(a, 0, SIZE_MAX / 2, &bytes, &n, e) || tr_write_file(b, bytes, n, NULL, 0, e)
               ? -1
               : 0;
  free(bytes);
  free(a);
  free(b);
  return rc;
}

static int copy_run(struct job *j, struct tr_err *e) {
  const char *from = j->w->checkpoint;
  struct stat st;
  char *cp = NULL;
  if (stat(from, &st) || !S_ISDIR(st.st_mode)) return tr_fail(e, TR_EXIT_DATA, "%s: no such run folder", from);
  int rc = format_text(&cp, e, "%s/checkpoint.h5", from);
  if (!rc && stat(cp, &st)) rc = tr_fail(e, TR_EXIT_DATA, "%s: the checkpoint is gone; --from-start does without", cp);
  free(cp);
  if (!rc && !j->w->same_config) rc = tr_run_check(from, j->c, e);
  if (!rc && mkdir(j->run, 0777)) rc = tr_fail(e, TR_EXIT_DATA, "%s: %s", j->run, strerror(errno));
  return rc || copy_file(from, j->run, "checkpoint.h5", e) ? -1 : 0;
}

static int past_end(const struct job *j, struct tr_err *e) {
  const struct tr_outcome *o = &j->outcome;
  return tr_fail(e, TR_EXIT_MISMATCH,
                 "operation %" PRIu64 " is past the end of the run: tile %d ends after operation %" PRIu64,
                 j->w->operation, j->w->tile, o->ops ? o->ops - 1 : 0);
}

static void say_from_start(const struct job *j) {
  printf("operation %" PRIu64 " is before the checkpoint of %s: from the start\n", j->w->operation, j->w->checkpoint);
}

/* The reference goes to the operation. Returns 1: resume from the scratch folder; 0: from the start; -1. */
static int approach(struct job *j, int from_checkpoint, struct tr_err *e) {
  if (from_checkpoint && copy_run(j, e)) return -1;
  if (run_up_to(j, "ref", from_checkpoint, 1, e)) return -1;
  if (j->outcome.late) {
    tr_remove_tree(j->run);
    if (!from_checkpoint) return 0; /* it belongs to the initial weights */
    say_from_start(j);
    return approach(j, 0, e);
  }
  if (!j->outcome.halted) return past_end(j, e);
  printf("from operation %" PRIu64 " on the RTL, before it on the reference%s%s\n", j->outcome.ops,
         from_checkpoint ? ", from the checkpoint of " : "", from_checkpoint ? j->w->checkpoint : "");
  fflush(stdout);
  return 1;
}

/* The RTL from there, with the dump. */
static int run_with_dump(struct job *j, int fast, struct tr_err *e) {
  const struct tr_wave *w = j->w;
  const char *cp = w->checkpoint;
  int resume;
  tr_remove_tree(j->run);
  remove(j->dump);
  if (fast) {
    resume = approach(j, cp != NULL, e);
    if (resume < 0) return -1;
  } else {
    resume = cp && !w->mismatch;
    if (resume && copy_run(j, e)) return -1;
  }
  int rc = run_up_to(j, w->engine, resume, 0, e);
  if (!rc && j->outcome.late && resume) {
    say_from_start(j);
    tr_remove_tree(j->run);
    rc = run_up_to(j, w->engine, 0, 0, e);
  }
  const struct tr_outcome *o = &j->outcome;
  if (rc && !tr_stop_signal && o->mismatch_tile == w->tile && o->mismatch.operation == w->operation) {
    memset(e, 0, sizeof *e);
    j->marker = o->mismatch.wave_time;
    return 0;
  }
  if (w->mismatch && !tr_stop_signal) {
    if (fast) { /* it may depend on more than a checkpoint holds */
      memset(e, 0, sizeof *e);
      printf("it does not come again from there: from the start on the RTL\n");
      fflush(stdout);
      return run_with_dump(j, 0, e);
    }
    return rc ? -1
              : tr_fail(e, TR_EXIT_MISMATCH, "operation %" PRIu64 " of tile %d matched this time: no waveform",
                        w->operation, w->tile);
  }
  if (rc) return -1;
  return o->op ? 0 : past_end(j, e);
}

/* ---- files ---- */

int tr_wave_check(const struct xt_engine *engine, const char *file, const char *vcd, struct tr_err *e) {
  char why[400];
  return engine->wave_check(file, vcd, why, sizeof why) ? tr_fail(e, TR_EXIT_DATA, "%s", why) : 0;
}

static int in_path(const char *tool) {
  const char *path = getenv("PATH");
  char name[4096];
  for (const char *p = path ? path : "/usr/bin:/bin"; *p;) {
    const size_t n = strcspn(p, ":");
    if (snprintf(name, sizeof name, "%.*s/%s", (int)n, p, tool) < (int)sizeof name && access(name, X_OK) == 0) return 1;
    p += n + (p[n] == ':');
  }
  return 0;
}

static int save_files(const struct job *j, struct tr_err *e) {
  const struct xt_shape *s = &j->outcome.shape;
  char shape[120], operation[24], marker[24];
  char *argv[12] = {XT_GEN_GTKW, "--dump", j->fst, "--vcd", j->vcd, "--shape", shape, "--operation", operation};
  int n = 9;
  snprintf(shape, sizeof shape, "%d %d %d %d %d %d %d %d %d %d %d %d", s->n, s->m, s->code_bits, s->adc_bits,
           s->adc_share, s->adc_kind, s->bl_max, s->state_bits, s->prob_bits, s->mtj, s->acc_bits, s->acc_gang);
  snprintf(operation, sizeof operation, "%" PRIu64, j->w->operation);
  if (j->marker != XT_NO_TIME) {
    snprintf(marker, sizeof marker, "%" PRIu64, j->marker);
    argv[n++] = "--marker";
    argv[n++] = marker;
  }
  argv[n] = NULL;
  fflush(stdout);
  if (tr_command(argv) == 0) return 0;
  remove(j->fst);
  return tr_fail(e, TR_EXIT_DATA, "%s: no save files: see the message of %s", j->fst, XT_GEN_GTKW);
}

static const char *view_of(const struct tr_outcome *o) {
  switch (o->op) {
    case XT_OP_FORWARD:
    case XT_OP_BACKWARD:
    case XT_OP_READ:
      return "forward";
    case XT_OP_UPDATE:
      return "update";
    case XT_OP_TRANSFER:
      return "transfer";
    case XT_OP_MTJ_UPDATE:
      return "mtj";
    default:
      return "overview";
  }
}

static int show(const struct job *j, struct tr_err *e) {
  const struct tr_wave *w = j->w;
  const int display =
      (getenv("DISPLAY") && *getenv("DISPLAY")) || (getenv("WAYLAND_DISPLAY") && *getenv("WAYLAND_DISPLAY"));
  const int installed = in_path("gtkwave");
  char *save = NULL;
  if (format_text(&save, e, "%s.%s.gtkw", j->prefix, w->view ? w->view : view_of(&j->outcome))) return -1;
  printf("operation %" PRIu64 " of tile %d: %s\n", w->operation, w->tile, tr_op_name(j->outcome.op));
  if (j->marker != XT_NO_TIME) printf("the marker is on the mismatch, at %" PRIu64 " ns\n", j->marker);
  char shown[4096];
  tr_printable(shown, sizeof shown, j->prefix);
  printf("wrote %s.fst\n", shown);
  for (const char *const *v = tr_wave_views; *v; v++)
    if (j->outcome.shape.mtj || strcmp(*v, "mtj") != 0) printf("      %s.%s.gtkw\n", shown, *v);
  int opened = w->show && display && installed;
  if (opened) {
    char *argv[] = {"gtkwave", j->fst, save, NULL};
    fflush(stdout);
    opened = tr_command(argv) == 0;
    if (!opened) printf("gtkwave failed\n");
  } else if (!installed) {
    printf("gtkwave is not installed (apt-get install gtkwave)\n");
  } else if (w->show) {
    printf("no display\n");
  }
  if (!opened) {
    printf("to open: gtkwave ");
    tr_shell_word(stdout, j->fst);
    printf(" ");
    tr_shell_word(stdout, save);
    printf("\n");
  }
  fflush(stdout);
  free(save);
  return 0;
}

/* mkdir -p, then a scratch folder inside. */
static int folders(struct job *j, struct tr_err *e) {
  const char *out = j->w->out;
  if (tr_make_folder(out, e) || format_text(&j->work, e, "%s/.work.XXXXXX", out)) return -1;
  if (!mkdtemp(j->work)) {
    free(j->work);
    j->work = NULL;
    return tr_fail(e, TR_EXIT_DATA, "%s: cannot write there: %s", out, strerror(errno));
  }
  tr_stop_scratch = j->work;
  return format_text(&j->run, e, "%s/run", j->work) || format_text(&j->dump, e, "%s/dump.fst", j->work) ||
                 format_text(&j->vcd, e, "%s/dump.vcd", j->work) ||
                 format_text(&j->prefix, e, "%s/%s-tile%d-op%" PRIu64, out, j->w->name, j->w->tile, j->w->operation) ||
                 format_text(&j->fst, e, "%s.fst", j->prefix)
             ? -1
             : 0;
}

static int make_wave(struct job *j, const struct tr_config *c, struct tr_err *e) {
  const struct tr_wave *w = j->w;
  if (!(j->engine = tr_engine_find(w->engine, e))) return -1;
  if (!(j->engine->can & XT_CAN_WAVES))
    return tr_fail(e, TR_EXIT_CONFIG, "--engine: '%s' has no waves (crosstrain version: what has)", w->engine);
  if (w->tile >= tr_config_layers(c))
    return tr_fail(e, TR_EXIT_CONFIG, "--tile: %d; the network has tiles 0 to %d", w->tile, tr_config_layers(c) - 1);
  if (w->view && strcmp(w->view, "mtj") == 0 && !tr_any_mtj(c))
    return tr_fail(e, TR_EXIT_CONFIG, "--view: mtj is of networks with binary devices");
  struct stat st;
  if (folders(j, e)) return -1;
  if (stat(j->fst, &st) == 0 && !S_ISREG(st.st_mode))
    return tr_fail(e, TR_EXIT_DATA, "%s is there and no regular file: it is not replaced", j->fst);
  *j->c = *c;
  j->c->count_pulses = 0; /* not every engine can, and a waveform does not show it */
  j->c->threads = 1;
  if (snprintf(j->c->out, sizeof j->c->out, "%s", j->run) >= (int)sizeof j->c->out)
    return tr_fail(e, TR_EXIT_CONFIG, "%s: name too long", w->out);
  /* what a bug did on the way counts; where two sides are compared it did nothing before the first mismatch */
  if (run_with_dump(j, !w->plant || (j->engine->can & XT_CAN_COMPARE), e)) return -1;
  if (tr_wave_check(j->engine, j->dump, j->vcd, e)) return -1;
  if (rename(j->dump, j->fst)) return tr_fail(e, TR_EXIT_DATA, "%s: cannot write: %s", j->fst, strerror(errno));
  return save_files(j, e) || show(j, e) ? -1 : 0;
}

int tr_wave(const struct tr_wave *w, const struct tr_config *c, struct tr_err *e) {
  struct job j;
  memset(&j, 0, sizeof j);
  j.w = w;
  j.marker = XT_NO_TIME;
  j.c = tr_alloc(1, sizeof *j.c, e);
  const int rc = j.c ? make_wave(&j, c, e) : -1;
  tr_stop_scratch = NULL;
  if (j.work) tr_remove_tree(j.work);
  free(j.c);
  free(j.work);
  free(j.run);
  free(j.dump);
  free(j.vcd);
  free(j.prefix);
  free(j.fst);
  return rc;
}
