/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE
#include <argp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "checkpoint.h"
#include "cli.h"
#include "run.h"

struct args {
  const char *what, *engine, *data;
  struct tr_sets sets; /* run.out at most: the checkpoint has the rest */
  struct tr_sets onto;
  long long threads;
};

enum { OPT_ONTO = 1000 };

static const struct argp_option options[] = {
    {"engine", 'e', "NAME", 0, "engine of the tiles (default ref)", 0},
    {"out", 'o', "DIR", 0, "run folder, if a configuration is given", 0},
    {"set", TR_OPT_SET, "run.out=DIR", 0, "the same", 0},
    {"data", 'd', "DIR", 0, "folder of the data files (default: the environment's XT_DATA, else the current one)", 0},
    {"onto", OPT_ONTO, "KEY=VALUE", 0,
     "binary devices: copy their states to other devices, and evaluate those. KEY: mtj.resistance_dtod, mtj.tmr, "
     "mtj.corrupt_devices_prob, front_end.load (repeatable)",
     0},
    {"threads", 't', "T", 0, "worker threads", 0},
    {NULL, 0, NULL, 0, NULL, 0}};

/* Keys of what differs between devices that are read. */
static void add_onto(struct argp_state *state, struct tr_sets *onto, const char *text) {
  static const char *const keys[] = {
      "mtj.resistance_dtod=", "mtj.tmr=", "mtj.corrupt_devices_prob=", "front_end.load="};
  struct tr_err e = {0, ""};
  size_t k = 0;
  while (k < sizeof keys / sizeof *keys && strncmp(text, keys[k], strlen(keys[k])) != 0) k++;
  if (k == sizeof keys / sizeof *keys)
    argp_error(state,
               "--onto: '%s': mtj.resistance_dtod, mtj.tmr, mtj.corrupt_devices_prob and front_end.load can be set",
               text);
  if (tr_sets_parse(onto, "--onto", text, &e)) argp_failure(state, e.code, 0, "%s", e.text);
}

static error_t parse(int key, char *arg, struct argp_state *state) {
  struct args *a = state->input;
  switch (key) {
    case 'e':
      a->engine = arg;
      return 0;
    case 'o':
      tr_cli_give(state, &a->sets, "--out", "run.out", arg);
      return 0;
    case TR_OPT_SET:
      if (strncmp(arg, "run.out=", 8) != 0)
        argp_error(state, "--set: '%s': only run.out can be set: the checkpoint has the rest", arg);
      tr_cli_set(state, &a->sets, arg);
      return 0;
    case 'd':
      a->data = arg;
      return 0;
    case OPT_ONTO:
      add_onto(state, &a->onto, arg);
      return 0;
    case 't':
      a->threads = tr_cli_int(state, "threads", arg, 1, 256);
      return 0;
    case ARGP_KEY_ARG:
      if (a->what) argp_error(state, "one argument only: '%s' is too much", arg);
      a->what = arg;
      return 0;
    case ARGP_KEY_END:
      if (!a->what) argp_error(state, "a checkpoint, a run folder or a configuration is missing");
      return 0;
    default:
      return ARGP_ERR_UNKNOWN;
  }
}

/* Run folder of a configuration: --out, run.out or out/<name>. */
static int checkpoint_of(const struct args *a, char **path, struct tr_err *e) {
  struct stat st;
  const int folder = stat(a->what, &st) == 0 && S_ISDIR(st.st_mode);
  if ((folder || tr_checkpoint_is(a->what)) && a->sets.n)
    return tr_fail(e, TR_EXIT_CONFIG, "%s: a run has its configuration already: --set is for a configuration only",
                   a->what);
  if (folder) return (*path = tr_join(a->what, TR_CHECKPOINT, e)) ? 0 : -1;
  if (tr_checkpoint_is(a->what)) return (*path = strdup(a->what)) ? 0 : tr_nomem(e);
  const char *dot = strrchr(a->what, '.');
  if (dot && strcmp(dot, ".h5") == 0) { /* meant as a checkpoint: its own message */
    struct tr_checkpoint *cp = tr_checkpoint_open(a->what, e);
    tr_checkpoint_close(cp);
    return -1;
  }
  struct tr_config *c = tr_alloc(1, sizeof *c, e);
  int rc = c ? tr_config_load(a->what, &a->sets, c, e) : -1;
  if (!rc) {
    rc = tr_cli_default_out(c, a->what, e);
    if (!rc && !(*path = tr_join(c->out, TR_CHECKPOINT, e))) rc = -1;
  }
  free(c);
  return rc;
}

int tr_cli_eval(int argc, char **argv, struct tr_err *e) {
  struct args a = {.engine = "ref", .threads = 1};
  char *path = NULL, *doc = NULL;
  if (asprintf(&doc,
               "Evaluate the test set of a checkpoint, of a run folder, or of the run that a configuration "
               "made.\vEngines: %s",
               tr_cli_engines()) < 0)
    return tr_nomem(e);
  const struct argp argp = {options, parse, "CHECKPOINT|FOLDER|CONFIG", doc, NULL, NULL, NULL};
  argp_parse(&argp, argc, argv, 0, NULL, &a);
  free(doc);
  int rc = checkpoint_of(&a, &path, e);
  if (!rc) rc = tr_run_eval(path, &a.onto, tr_cli_data_dir(a.data), a.engine, (int)a.threads, e);
  free(path);
  tr_sets_free(&a.sets);
  tr_sets_free(&a.onto);
  return rc;
}
