/* SPDX-License-Identifier: Apache-2.0 */
/* Data sets: a table of kinds; every sample is a row of input codes and a class. */
#ifndef TR_DATA_H
#define TR_DATA_H

#include <stddef.h>
#include <stdint.h>

#include "config.h"
#include "util.h"

struct tr_samples {
  size_t n;
  int8_t *x;       /* [n][inputs], codes -cmax..cmax */
  uint16_t *label; /* [n], 0..classes-1 */
};

struct tr_dataset {
  int32_t inputs, classes;
  struct tr_samples train, test; /* test: with data.validation samples held out of the training set instead */
  uint64_t digest;               /* of all samples: two sets with the same one are the same */
  char *notes;                   /* what may not be meant, a line each; NULL: nothing */
};

struct tr_data_kind {
  const char *name;
  const char *text;
  int (*load)(const struct tr_config *cfg, const char *data_dir, struct tr_dataset *d, struct tr_err *e);
};
extern const struct tr_data_kind tr_data_kinds[]; /* ends with name = NULL */

/* data_dir: folder that relative paths of the configuration start from; NULL: the current one. On failure *d is empty.
 */
int tr_data_load(const struct tr_config *cfg, const char *data_dir, struct tr_dataset *d, struct tr_err *e);
void tr_data_free(struct tr_dataset *d);
/* What the samples of d->test are called: "test" or "validation". */
const char *tr_data_held(const struct tr_config *cfg);
/* The notes, to stderr. */
void tr_data_print_notes(const struct tr_dataset *d);

/* Most samples and most bytes of one file that a loader takes. */
#define TR_DATA_MAX_SAMPLES ((size_t)10000000)
#define TR_DATA_MAX_BYTES ((size_t)4 << 30)

/* For the loaders. */
void tr_data_note(struct tr_dataset *d, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
int tr_samples_alloc(struct tr_samples *s, size_t n, int32_t inputs, struct tr_err *e);
/* folder/path, or path if it is absolute; to be freed. */
char *tr_data_path(const char *data_dir, const char *path, struct tr_err *e);

int tr_load_idx(const struct tr_config *cfg, const char *data_dir, struct tr_dataset *d, struct tr_err *e);
int tr_load_csv(const struct tr_config *cfg, const char *data_dir, struct tr_dataset *d, struct tr_err *e);
int tr_load_digits(const struct tr_config *cfg, const char *data_dir, struct tr_dataset *d, struct tr_err *e);

#endif
