/* SPDX-License-Identifier: Apache-2.0 */
/* A training run: folder, loop, checkpoints, summary. */
#ifndef TR_RUN_H
#define TR_RUN_H

#include "config.h"
#include "tile.h"

struct tr_run_opts {
  const char *data_dir;
  int resume, overwrite, quiet;
  const char *trace; /* NULL, or a file for the text trace */
  struct xt_engine_opts engine;
  int wave_tile;
};

/* c: resolved. Returns an exit code; *e has the message if it is not 0. */
int tr_run(const struct tr_run_opts *o, const struct tr_config *c, struct tr_err *e);

/* 1 if the run folder holds a checkpoint. */
int tr_run_exists(const struct tr_config *c);

/* Loads the data, opens the tiles of a checkpoint and evaluates the test set on `engine`. */
int tr_run_eval(const char *checkpoint, const char *data_dir, const char *engine, int threads, struct tr_err *e);

#endif
