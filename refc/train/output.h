/* SPDX-License-Identifier: Apache-2.0 */
/* What a run is about to write, looked at before any work is done. */
#ifndef TR_OUTPUT_H
#define TR_OUTPUT_H

#include "config.h"

struct tr_outputs {
  const struct tr_config *config;     /* run.out: the run folder; its keys data.* name files that are read */
  const char *config_file, *data_dir; /* where it stands, or NULL; where its relative paths start */
  int fresh;                          /* config.yaml will be written too: the run is not resumed */
  const char *wave, *trace;           /* NULL for none */
};

/* In a run folder that is there. Fails if a file that will be written is there and no regular file, is one that the run
 * reads, is also another of them, or cannot be written; makes no file. */
int tr_outputs_check(const struct tr_outputs *o, struct tr_err *e);

#endif
