/* SPDX-License-Identifier: Apache-2.0 */
/* A sweep: one base configuration, and a point, a run of its own, for every combination of the keys that are varied.
 * README.md says what a sweep file looks like. */
#ifndef TR_SWEEP_H
#define TR_SWEEP_H

#include "config_yaml.h"

/* One place of the product: `list`, a row of `grid`, or `seeds`. */
struct tr_axis {
  unsigned line; /* in the sweep file */
  size_t n;
  struct tr_sets *choice; /* keys and values that go together */
};

struct tr_sweep {
  char *file;             /* its path; messages name it */
  char *base, *base_text; /* the base configuration */
  size_t base_n;
  char *out;                  /* folder of the points' folders */
  const struct tr_sets *sets; /* of the command line, for every point */
  size_t axes;
  struct tr_axis *axis; /* the last one varies fastest */
  size_t points;
  size_t columns;
  const struct tr_key **column; /* the varied keys but the seed, as they appear */
};

/* out: instead of the file's, or NULL. sets: of the command line, not NULL; it stays the caller's. To be freed in any
 * case. */
int tr_sweep_load(const char *file, const struct tr_sets *sets, const char *out, struct tr_sweep *s, struct tr_err *e);
void tr_sweep_free(struct tr_sweep *s);

/* Reads the sweep file into axes, base and out (sweep_yaml.c). */
int tr_sweep_read(struct tr_sweep *s, const char *text, size_t n, struct tr_err *e);

/* Configuration of a point, resolved. Its run folder, c->out, is <out>/<name>; the name is a digest of everything that
 * the result depends on, so a point keeps its folder when the sweep grows. */
int tr_sweep_config(const struct tr_sweep *s, size_t point, struct tr_config *c, struct tr_err *e);
/* "KEY=VALUE KEY=VALUE", to be freed: what sets the point apart. */
char *tr_sweep_words(const struct tr_sweep *s, size_t point, struct tr_err *e);
/* What the sweep gives for a key there, NULL: nothing. */
const struct tr_given *tr_sweep_given(const struct tr_sweep *s, size_t point, const struct tr_key *key);

/* A digest of the sweep's files and options: processes that work together must have the same. */
uint64_t tr_sweep_digest(const struct tr_sweep *s);

/* What a point came to: a row of the table. Texts as the run wrote them. */
struct tr_row {
  int32_t code; /* exit code; TR_ROW_OPEN: it has none yet */
  char accuracy[16], best[16], loss[24], cycles[24], pulses[24];
  char error[400];
};
enum { TR_ROW_OPEN = -1 };

/* The row of a run folder. Returns 1: the run is finished; 0: it is not (the row is open). */
int tr_row_read(const struct tr_config *c, struct tr_row *row);

/* Makes it that of a point that failed. */
void tr_row_fail(struct tr_row *row, int code, const char *text);

struct tr_point {
  char *keys; /* the varied keys' values and the seed, as the table has them */
  char folder[17];
  struct tr_row row;
};

/* Every point: its place in the table, and the row of its folder; what cannot run has the error in its row. Loads every
 * data set once. Returns 0, or -1: nothing can be said (memory, two points that are the same). */
int tr_sweep_check(const struct tr_sweep *s, const char *data_dir, int quiet, struct tr_point *points,
                   struct tr_err *e);

/* The table, <out>/TR_SWEEP_TABLE, written aside and renamed. */
#define TR_SWEEP_TABLE "sweep.csv"
int tr_sweep_write(const struct tr_sweep *s, const struct tr_point *points, struct tr_err *e);

#endif
