/* SPDX-License-Identifier: Apache-2.0 */
/* One operation of a run as a waveform. The reference goes to the sample before it, from a checkpoint if there is one,
 * which is fast and, while the two sides agree, exact; from there the RTL runs, alone or in lockstep, and dumps the
 * operation and the one before it. Then come the save files of GTKWave (waves/gen_gtkw.py), and GTKWave itself if there
 * is a display. */
#ifndef TR_WAVE_H
#define TR_WAVE_H

#include "config.h"
#include "run.h"

struct tr_wave {
  const char *name; /* of the files: NAME-tileK-opN.* */
  const char *out;  /* their folder: made if it is missing */
  int tile;
  uint64_t operation;     /* register OPS of the tile before it */
  const char *checkpoint; /* run folder to start from (only read), or NULL: from the start */
  int same_config;        /* it is known to be of this configuration */
  const char *engine;     /* one that has waves; if it compares, a mismatch in the operation gets the marker */
  /* As in struct xt_engine_opts. With a bug an engine that does not compare goes the whole way to the operation. */
  const char *plant;
  uint32_t stall_seed;
  const char *data_dir;
  const char *view; /* NULL: by the operation */
  int show;         /* open GTKWave */
  int quiet;        /* no progress */
  int mismatch;     /* the comparison must stop in that operation again */
};

extern const char *const tr_wave_views[]; /* ends with NULL */

/* Whether the waveform that the engine wrote is whole; vcd: NULL, or a file for the same as VCD. 0, or -1 and
 * TR_EXIT_DATA. */
int tr_wave_check(const struct xt_engine *engine, const char *file, const char *vcd, struct tr_err *e);

/* c: resolved. 0, or -1 and *e: TR_EXIT_MISMATCH no such operation (or a mismatch that does not come again),
 * TR_EXIT_CONFIG, TR_EXIT_DATA (a file), TR_EXIT_SIGNAL + n. Files appear whole or not at all. */
int tr_wave(const struct tr_wave *w, const struct tr_config *c, struct tr_err *e);

#endif
