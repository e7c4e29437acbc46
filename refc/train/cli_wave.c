/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE
#include <argp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "algo.h"
#include "cli.h"
#include "run.h"
#include "wave.h"

enum { OPT_EPOCHS = 1000, OPT_CHECKPOINT, OPT_START, OPT_VIEW, OPT_NO_VIEW, OPT_PLANT, OPT_STALL };

struct args {
  const char *config, *out, *checkpoint;
  long long operation; /* -1: not given */
  struct tr_sets sets;
  int from_start;
  struct tr_wave wave;
};

static const struct argp_option options[] = {
    {"tile", 'k', "K", 0, "tile, that is layer, from 0 (default 0)", 0},
    {"engine", 'e', "NAME", 0, "an engine that has waves (default rtl)", 0},
    {"seed", 's', "S", 0, "seed instead of the configuration's", 0},
    {"epochs", OPT_EPOCHS, "N", 0, "epochs instead of the configuration's", 0},
    TR_CLI_SET,
    {"data", 'd', "DIR", 0, "folder of the data files (default: the environment's XT_DATA, else the current one)", 0},
    {"checkpoint", OPT_CHECKPOINT, "DIR", 0,
     "run folder to start from, only read (default: the configuration's, if it has a checkpoint)", 0},
    {"from-start", OPT_START, NULL, 0, "start from no checkpoint", 0},
    {"out", 'o', "DIR", 0, "folder of the files (default out/wave)", 0},
    {"view", OPT_VIEW, "NAME", 0, "overview, forward, sar, update, transfer or mtj (default: by the operation)", 0},
    {"no-view", OPT_NO_VIEW, NULL, 0, "write the files, do not open GTKWave", 0},
    {"quiet", 'q', NULL, 0, "no progress", 0},
    {"plant", OPT_PLANT, "NAME", 0, "RTL with a bug of testbench/bugs.toml", 1},
    {"stall-seed", OPT_STALL, "S", 0, "random back-pressure on both streams", 1},
    {NULL, 0, NULL, 0, NULL, 0}};

static error_t parse(int key, char *arg, struct argp_state *state) {
  struct args *a = state->input;
  const char *const *v;
  switch (key) {
    case 'k':
      a->wave.tile = (int)tr_cli_int(state, "tile", arg, 0, TR_MAX_LAYERS - 1);
      return 0;
    case 'e':
      a->wave.engine = arg;
      return 0;
    case 's':
      tr_cli_give(state, &a->sets, "--seed", "seed", arg);
      return 0;
    case OPT_EPOCHS:
      tr_cli_give(state, &a->sets, "--epochs", "run.epochs", arg);
      return 0;
    case TR_OPT_SET:
      tr_cli_set(state, &a->sets, arg);
      return 0;
    case 'd':
      a->wave.data_dir = arg;
      return 0;
    case OPT_CHECKPOINT:
      a->checkpoint = arg;
      return 0;
    case OPT_START:
      a->from_start = 1;
      return 0;
    case 'o':
      a->out = arg;
      return 0;
    case OPT_VIEW:
      for (v = tr_wave_views; *v && strcmp(*v, arg) != 0; v++) continue;
      if (!*v)
        argp_error(state, "--view: '%s' is unknown; there are overview, forward, sar, update, transfer, mtj", arg);
      a->wave.view = arg;
      return 0;
    case OPT_NO_VIEW:
      a->wave.show = 0;
      return 0;
    case 'q':
      a->wave.quiet = 1;
      return 0;
    case OPT_PLANT:
      a->wave.plant = arg;
      return 0;
    case OPT_STALL:
      a->wave.stall_seed = (uint32_t)tr_cli_int(state, "stall-seed", arg, 1, UINT32_MAX);
      return 0;
    case ARGP_KEY_ARG:
      if (!a->config)
        a->config = arg;
      else if (a->operation < 0)
        a->operation = tr_cli_int(state, "OPERATION", arg, 0, INT64_MAX);
      else
        argp_error(state, "'%s' is too much: CONFIG OPERATION", arg);
      return 0;
    case ARGP_KEY_END:
      if (a->operation < 0) argp_error(state, "CONFIG and OPERATION are needed");
      if (a->checkpoint && a->from_start) argp_error(state, "--checkpoint and --from-start exclude each other");
      return 0;
    default:
      return ARGP_ERR_UNKNOWN;
  }
}

/* Starts from the configuration's own run folder, if it has a checkpoint and not that of a configuration of the same
 * name. */
static void from_own_run(struct tr_wave *w, const struct tr_config *c) {
  struct tr_err e = {0, ""};
  if (!tr_run_exists(c)) return;
  w->same_config = !tr_run_check(c->out, c, &e);
  if (w->same_config || e.code != TR_EXIT_CONFIG) /* a damaged one is told later */
    w->checkpoint = c->out;
  else
    printf("the checkpoint of %s is of another configuration: from the start\n", c->out);
}

int tr_cli_wave(int argc, char **argv, struct tr_err *e) {
  struct args a;
  char *name = NULL;
  memset(&a, 0, sizeof a);
  a.operation = -1;
  a.wave.engine = "rtl";
  a.wave.show = 1;
  const struct argp argp = {
      options,
      parse,
      "CONFIG OPERATION",
      "Show one operation of a run as a waveform in GTKWave.\vOPERATION is what the counter OPS of the "
      "tile shows before it; the programming of the initial weights counts too.",
      NULL,
      NULL,
      NULL};
  argp_parse(&argp, argc, argv, 0, NULL, &a);
  struct tr_config *c = tr_alloc(1, sizeof *c, e);
  int rc = c ? tr_config_load(a.config, &a.sets, c, e) : -1;
  if (!rc) {
    rc = tr_config_resolve(c, e) || tr_cli_default_out(c, a.config, e) || !(name = tr_cli_name(a.config, e)) ? -1 : 0;
  }
  if (!rc) {
    a.wave.name = name;
    a.wave.operation = (uint64_t)a.operation;
    a.wave.out = a.out ? a.out : "out/wave";
    a.wave.data_dir = tr_cli_data_dir(a.wave.data_dir);
    a.wave.checkpoint = a.checkpoint;
    if (!a.checkpoint && !a.from_start) from_own_run(&a.wave, c);
    rc = tr_wave(&a.wave, c, e);
  }
  free(name);
  tr_sets_free(&a.sets);
  free(c);
  return rc;
}
