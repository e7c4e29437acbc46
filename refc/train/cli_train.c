/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE
#include <argp.h>
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "algo.h"
#include "cli.h"
#include "run.h"
#include "wave.h"

enum {
  OPT_EPOCHS = 1000,
  OPT_RESUME,
  OPT_OVERWRITE,
  OPT_CONTINUE,
  OPT_NEW,
  OPT_TRACE,
  OPT_WAVE,
  OPT_FROM,
  OPT_TO,
  OPT_TILE,
  OPT_PLANT,
  OPT_STALL,
  OPT_UNCHECKED,
  OPT_NO_WAVE,
  OPT_NO_VIEW
};

struct args {
  const char *config, *data;
  struct tr_sets sets;
  struct tr_run_opts run;
  int wave_range, go_on, new, no_wave, no_view;
};

static const struct argp_option options[] = {
    {"engine", 'e', "NAME", 0, "engine of the tiles", 0},
    {"seed", 's', "S", 0, "seed instead of the configuration's", 0},
    {"epochs", OPT_EPOCHS, "N", 0, "epochs instead of the configuration's", 0},
    {"threads", 't', "T", 0, "worker threads", 0},
    {"out", 'o', "DIR", 0, "run folder", 0},
    TR_CLI_SET,
    {"data", 'd', "DIR", 0, "folder of the data files (default: the environment's XT_DATA, else the current one)", 0},
    {"resume", OPT_RESUME, NULL, 0, "go on from the folder's checkpoint", 0},
    {"continue", OPT_CONTINUE, NULL, 0, "--resume if the folder holds a checkpoint, else start", 0},
    {"new", OPT_NEW, NULL, 0, "a folder of its own: DIR-2, DIR-3, ... if DIR holds a run", 0},
    {"overwrite", OPT_OVERWRITE, NULL, 0, "start again in a folder that holds a run", 0},
    {"quiet", 'q', NULL, 0, "no progress", 0},
    {"trace", OPT_TRACE, "FILE", 0, "text trace of all tiles (one thread)", 1},
    {"wave", OPT_WAVE, "FILE.fst", 0, "rtl: waveform of one tile", 1},
    {"wave-from", OPT_FROM, "A", 0, "first operation of the waveform (register OPS before it; default 0)", 1},
    {"wave-to", OPT_TO, "B", 0, "last operation of the waveform (default: all)", 1},
    {"wave-tile", OPT_TILE, "K", 0, "which tile (default: that of a FILE ending in -tileK.fst, else 0)", 1},
    {"no-wave", OPT_NO_WAVE, NULL, 0, "lockstep: no waveform of a mismatch", 1},
    {"no-view", OPT_NO_VIEW, NULL, 0, "lockstep: write the waveform of a mismatch, do not open GTKWave", 1},
    {"plant", OPT_PLANT, "NAME", 0, "RTL with a bug of testbench/bugs.toml", 1},
    {"stall-seed", OPT_STALL, "S", 0, "random back-pressure on both streams", 1},
    {"no-invariants", OPT_UNCHECKED, NULL, 0, "RTL without the invariants of its blocks: quicker, the same bits", 1},
    {NULL, 0, NULL, 0, NULL, 0}};

/* What makes the tiles' work visible, or different. */
static error_t parse_look(int key, char *arg, struct argp_state *state) {
  struct args *a = state->input;
  switch (key) {
    case OPT_TRACE:
      a->run.trace = arg;
      return 0;
    case OPT_WAVE:
      a->run.engine.wave = arg;
      return 0;
    case OPT_FROM:
      a->run.engine.wave_from = (uint64_t)tr_cli_int(state, "wave-from", arg, 0, INT64_MAX);
      a->wave_range = 1;
      return 0;
    case OPT_TO:
      a->run.engine.wave_to = (uint64_t)tr_cli_int(state, "wave-to", arg, 0, INT64_MAX);
      a->wave_range = 1;
      return 0;
    case OPT_TILE:
      a->run.wave_tile = (int)tr_cli_int(state, "wave-tile", arg, 0, TR_MAX_LAYERS - 1);
      return 0;
    case OPT_NO_WAVE:
      a->no_wave = 1;
      return 0;
    case OPT_NO_VIEW:
      a->no_view = 1;
      return 0;
    case OPT_PLANT:
      a->run.engine.plant = arg;
      return 0;
    case OPT_UNCHECKED:
      a->run.engine.unchecked = 1;
      return 0;
    case OPT_STALL:
      a->run.engine.stall_seed = (uint32_t)tr_cli_int(state, "stall-seed", arg, 1, UINT32_MAX);
      return 0;
    default:
      return ARGP_ERR_UNKNOWN;
  }
}

static error_t parse(int key, char *arg, struct argp_state *state) {
  struct args *a = state->input;
  switch (key) {
    case 'e':
      tr_cli_give(state, &a->sets, "--engine", "run.engine", arg);
      return 0;
    case 's':
      tr_cli_give(state, &a->sets, "--seed", "seed", arg);
      return 0;
    case OPT_EPOCHS:
      tr_cli_give(state, &a->sets, "--epochs", "run.epochs", arg);
      return 0;
    case 't':
      tr_cli_give(state, &a->sets, "--threads", "run.threads", arg);
      return 0;
    case 'o':
      tr_cli_give(state, &a->sets, "--out", "run.out", arg);
      return 0;
    case TR_OPT_SET:
      tr_cli_set(state, &a->sets, arg);
      return 0;
    case 'd':
      a->data = arg;
      return 0;
    case OPT_RESUME:
      a->run.resume = 1;
      return 0;
    case OPT_CONTINUE:
      a->go_on = 1;
      return 0;
    case OPT_NEW:
      a->new = 1;
      return 0;
    case OPT_OVERWRITE:
      a->run.overwrite = 1;
      return 0;
    case 'q':
      a->run.quiet = 1;
      return 0;
    case ARGP_KEY_ARG:
      if (a->config) argp_error(state, "one configuration only: '%s' is too much", arg);
      a->config = arg;
      return 0;
    case ARGP_KEY_END:
      if (!a->config) argp_error(state, "a configuration is missing");
      if (a->run.resume + a->run.overwrite + a->go_on + a->new > 1)
        argp_error(state, "--resume, --continue, --overwrite and --new exclude each other");
      if (a->wave_range && !a->run.engine.wave) argp_error(state, "--wave-from and --wave-to need --wave");
      if (a->run.engine.wave_to < a->run.engine.wave_from) argp_error(state, "--wave-to is before --wave-from");
      return 0;
    default:
      return parse_look(key, arg, state);
  }
}

/* Whether the file's time differs from *time, which becomes it: a window that is never reached opens no file. */
static int wave_written(const char *file, struct timespec *time) {
  struct stat st;
  if (stat(file, &st)) return 0;
  const int differs = st.st_mtim.tv_sec != time->tv_sec || st.st_mtim.tv_nsec != time->tv_nsec;
  *time = st.st_mtim;
  return differs;
}

/* K of a file name that ends in -tileK.fst; 0 without one. */
static int tile_of(const char *wave) {
  const char *p = wave ? strrchr(wave, '-') : NULL;
  int k = 0, n = 0;
  return p && sscanf(p, "-tile%2d.fst%n", &k, &n) == 1 && n && !p[n] ? k : 0;
}

/* After a mismatch: the same run again up to it, with the waveform. Its own failure is a warning: the mismatch is the
 * result. */
static void mismatch_wave(const struct args *a, const struct tr_config *c, const struct tr_outcome *o) {
  struct tr_err e = {0, ""};
  char *out = NULL;
  if (asprintf(&out, "%s/mismatch", c->out) < 0) return;
  struct tr_wave w = {.name = "mismatch",
                      .out = out,
                      .tile = o->mismatch_tile,
                      .operation = o->mismatch.operation,
                      .checkpoint = tr_run_exists(c) ? c->out : NULL,
                      .engine = c->engine,
                      .plant = a->run.engine.plant,
                      .stall_seed = a->run.engine.stall_seed,
                      .data_dir = a->run.data_dir,
                      .show = !a->no_view,
                      .quiet = a->run.quiet,
                      .mismatch = 1};
  fprintf(stderr, "with a waveform: ");
  tr_shell_word(stderr, program_invocation_name);
  fprintf(stderr, " wave ");
  tr_shell_word(stderr, a->config);
  fprintf(stderr, " %" PRIu64 " --tile %d --engine %s --seed %" PRId64 " --epochs %" PRId64, w.operation, w.tile,
          w.engine, c->seed, c->epochs);
  fprintf(stderr, w.checkpoint ? " --checkpoint " : " --from-start");
  if (w.checkpoint) tr_shell_word(stderr, w.checkpoint);
  tr_sets_print(&a->sets, stderr);
  if (a->data) {
    fprintf(stderr, " --data ");
    tr_shell_word(stderr, a->data);
  }
  if (w.plant) fprintf(stderr, " --plant %s", w.plant);
  if (w.stall_seed) fprintf(stderr, " --stall-seed %" PRIu32, w.stall_seed);
  fprintf(stderr, "\n");
  if (!a->no_wave && tr_wave(&w, c, &e)) fprintf(stderr, "no waveform: %s\n", e.text);
  free(out);
}

int tr_cli_train(int argc, char **argv, struct tr_err *e) {
  struct args a;
  struct tr_outcome outcome;
  char *doc = NULL;
  memset(&a, 0, sizeof a);
  a.run.wave_tile = -1;
  a.run.engine.wave_to = UINT64_MAX;
  if (asprintf(&doc, "Train the network of a configuration.\vEngines: %s", tr_cli_engines()) < 0) return tr_nomem(e);
  const struct argp argp = {options, parse, "CONFIG", doc, NULL, NULL, NULL};
  argp_parse(&argp, argc, argv, 0, NULL, &a);
  free(doc);
  struct tr_config *c = tr_alloc(1, sizeof *c, e);
  int rc = c ? tr_config_load(a.config, &a.sets, c, e) : -1;
  if (!rc) {
    a.run.data_dir = tr_cli_data_dir(a.data);
    if (a.run.wave_tile < 0) a.run.wave_tile = tile_of(a.run.engine.wave);
    rc = tr_config_resolve(c, e) || tr_cli_default_out(c, a.config, e) || (a.new &&tr_run_new_folder(c, e));
  }
  if (!rc && a.run.engine.wave && a.run.wave_tile >= tr_config_layers(c))
    rc = tr_fail(e, TR_EXIT_CONFIG, "--wave-tile: %d; the network has tiles 0 to %d", a.run.wave_tile,
                 tr_config_layers(c) - 1);
  if (!rc) {
    if (a.go_on) a.run.resume = tr_run_exists(c);
    a.run.config_file = a.config;
    a.run.outcome = &outcome;
    struct timespec before = {0};
    if (a.run.engine.wave) wave_written(a.run.engine.wave, &before);
    rc = tr_run(&a.run, c, e);
    const struct xt_engine *engine = outcome.mismatch_tile >= 0 ? tr_engine_find(c->engine, e) : NULL;
    if (rc && engine && (engine->can & XT_CAN_WAVES) && !a.run.engine.wave) mismatch_wave(&a, c, &outcome);
    if (!rc && a.run.engine.wave && !wave_written(a.run.engine.wave, &before))
      rc = tr_fail(e, TR_EXIT_CONFIG,
                   "--wave: tile %d had no operation from %" PRIu64 " to %" PRIu64 " in this run: no waveform",
                   a.run.wave_tile, a.run.engine.wave_from, a.run.engine.wave_to);
    if (!rc && a.run.engine.wave) rc = tr_wave_check(tr_engine_find(c->engine, e), a.run.engine.wave, NULL, e);
  }
  tr_sets_free(&a.sets);
  free(c);
  return rc;
}
