/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE
#include "data.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const struct tr_data_kind tr_data_kinds[] = {
    {"idx", "IDX images and labels, plain or gzip (MNIST, Fashion-MNIST)", tr_load_idx},
    {"csv", "table of numbers with a label column (UCI)", tr_load_csv},
    {"digits", "built-in digits, drawn from the seed", tr_load_digits},
    {NULL, NULL, NULL}};

int tr_samples_alloc(struct tr_samples *s, size_t n, int32_t inputs, struct tr_err *e) {
  s->n = n;
  s->x = tr_alloc(n * (size_t)inputs, sizeof *s->x, e);
  s->label = tr_alloc(n, sizeof *s->label, e);
  return s->x && s->label ? 0 : -1;
}

char *tr_data_path(const char *data_dir, const char *path, struct tr_err *e) {
  if (data_dir && path[0] != '/') return tr_join(data_dir, path, e);
  char *same = strdup(path);
  if (!same) tr_nomem(e);
  return same;
}

void tr_data_free(struct tr_dataset *d) {
  free(d->train.x);
  free(d->train.label);
  free(d->test.x);
  free(d->test.label);
  memset(d, 0, sizeof *d);
}

int tr_data_load(const struct tr_config *cfg, const char *data_dir, struct tr_dataset *d, struct tr_err *e) {
  memset(d, 0, sizeof *d);
  for (const struct tr_data_kind *k = tr_data_kinds; k->name; k++) {
    if (strcmp(k->name, cfg->data_kind) != 0) continue;
    int rc = k->load(cfg, data_dir, d, e);
    if (!rc && d->train.n == 0) rc = tr_fail(e, TR_EXIT_DATA, "data: no training samples");
    if (!rc && d->classes < 2) rc = tr_fail(e, TR_EXIT_DATA, "data: %d class; at least 2 are needed", (int)d->classes);
    if (rc) tr_data_free(d);
    return rc;
  }
  return tr_fail(e, TR_EXIT_CONFIG, "data.kind: no loader for '%s'", cfg->data_kind);
}
