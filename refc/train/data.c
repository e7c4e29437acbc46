/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE
#include "data.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const struct tr_data_kind tr_data_kinds[] = {
    {"idx", "IDX images and labels, plain or gzip (MNIST, Fashion-MNIST)", tr_load_idx},
    {"csv", "table with a column of labels, as spreadsheets and UCI have them", tr_load_csv},
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
  free(d->notes);
  memset(d, 0, sizeof *d);
}

void tr_data_note(struct tr_dataset *d, const char *fmt, ...) {
  char *line = NULL, *all = NULL;
  va_list ap;
  va_start(ap, fmt);
  const int n = vasprintf(&line, fmt, ap);
  va_end(ap);
  if (n < 0) return; /* a note less */
  if (asprintf(&all, "%scrosstrain: note: %s\n", d->notes ? d->notes : "", line) >= 0) {
    free(d->notes);
    d->notes = all;
  }
  free(line);
}

void tr_data_print_notes(const struct tr_dataset *d) {
  if (d->notes) fputs(d->notes, stderr);
}

/* FNV-1a, 64 bits. */
static uint64_t digest(uint64_t h, const void *data, size_t n) {
  const uint8_t *p = data;
  for (size_t k = 0; k < n; k++) h = (h ^ p[k]) * UINT64_C(0x100000001B3);
  return h;
}

static uint64_t digest_samples(uint64_t h, const struct tr_samples *s, int32_t inputs) {
  const uint64_t n = s->n;
  h = digest(h, &n, sizeof n);
  h = digest(h, s->x, s->n * (size_t)inputs);
  return digest(h, s->label, s->n * sizeof *s->label);
}

int tr_data_load(const struct tr_config *cfg, const char *data_dir, struct tr_dataset *d, struct tr_err *e) {
  memset(d, 0, sizeof *d);
  for (const struct tr_data_kind *k = tr_data_kinds; k->name; k++) {
    if (strcmp(k->name, cfg->data_kind) != 0) continue;
    int rc = k->load(cfg, data_dir, d, e);
    if (!rc && d->train.n == 0) rc = tr_fail(e, TR_EXIT_DATA, "data: no training samples");
    if (!rc && d->classes < 2) rc = tr_fail(e, TR_EXIT_DATA, "data: %d class; at least 2 are needed", (int)d->classes);
    if (rc) tr_data_free(d);
    if (!rc)
      d->digest =
          digest_samples(digest_samples(UINT64_C(0xCBF29CE484222325), &d->train, d->inputs), &d->test, d->inputs);
    return rc;
  }
  return tr_fail(e, TR_EXIT_CONFIG, "data.kind: no loader for '%s'", cfg->data_kind);
}
