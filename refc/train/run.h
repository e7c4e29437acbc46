/* SPDX-License-Identifier: Apache-2.0 */
/* A training run: folder, loop, checkpoints, summary. */
#ifndef TR_RUN_H
#define TR_RUN_H

#include <stdatomic.h>

#include "config.h"
#include "tile.h"

/* Where a run ends before its time, for the sake of one operation of one tile (register OPS before it).
 * before = 1: at the last sample boundary from which the operation and the one before it can still be run; the
 * checkpoint holds it. before = 0: at the first boundary after the operation. */
struct tr_halt {
  int tile, before;
  uint64_t operation;
};

/* What became of it. */
struct tr_outcome {
  int halted;        /* the run ended there */
  int late;          /* it began behind the operation, so it did nothing */
  uint64_t ops;      /* of the tile at the end */
  uint32_t op;       /* code of the operation, 0 if it was not given */
  int mismatch_tile; /* -1: none */
  struct xt_mismatch mismatch;
  struct xt_shape shape; /* of the tile */
};

/* How far a run is, for another process; in memory that it shares. */
struct tr_meter {
  _Atomic uint64_t done, total; /* samples */
};

struct tr_run_opts {
  const char *config_file; /* NULL, or a file that is not to be written over */
  const char *data_dir;
  int resume, overwrite, quiet;
  const char *trace; /* NULL, or a file for the text trace */
  struct xt_engine_opts engine;
  int wave_tile;
  const struct tr_halt *halt; /* NULL: none */
  struct tr_outcome *outcome; /* NULL: not wanted */
  struct tr_meter *meter;     /* NULL: not wanted */
};

/* c: resolved. Returns an exit code; *e has the message if it is not 0. */
int tr_run(const struct tr_run_opts *o, const struct tr_config *c, struct tr_err *e);

/* The checkpoint in a run folder. */
#define TR_CHECKPOINT "checkpoint.h5"

/* 1 if the run folder holds a checkpoint. */
int tr_run_exists(const struct tr_config *c);
/* Whether the checkpoint of a run folder is of this configuration (TR_EXIT_CONFIG: of another one). */
int tr_run_check(const char *folder, const struct tr_config *c, struct tr_err *e);
/* If it does, c->out becomes the first of <out>-2, <out>-3, ... that does not. */
int tr_run_new_folder(struct tr_config *c, struct tr_err *e);

/* Loads the data, opens the tiles of a checkpoint and evaluates the test set on `engine`. onto: keys of binary devices
 * that their states are copied to before (NULL: none). */
int tr_run_eval(const char *checkpoint, const struct tr_sets *onto, const char *data_dir, const char *engine,
                int threads, struct tr_err *e);

#endif
