/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE
#include "data.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "rng.h"

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

static void free_samples(struct tr_samples *s) {
  free(s->x);
  free(s->label);
}

void tr_data_free(struct tr_dataset *d) {
  free_samples(&d->train);
  free_samples(&d->test);
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

const char *tr_data_held(const struct tr_config *cfg) {
  return cfg->data_validation > 0 ? "validation" : "test";
}

static void copy_sample(const struct tr_samples *from, size_t i, struct tr_samples *to, int32_t inputs) {
  memcpy(to->x + to->n * (size_t)inputs, from->x + i * (size_t)inputs, (size_t)inputs);
  to->label[to->n++] = from->label[i];
}

/* Samples of the training set, chosen by the seed alone, take the place of the test set. Both keep their order. */
static int hold_out(const struct tr_config *cfg, struct tr_dataset *d, struct tr_err *e) {
  const size_t n = d->train.n, held = (size_t)((double)n * cfg->data_validation + 0.5);
  if (held == 0 || held == n)
    return tr_fail(e, TR_EXIT_DATA, "data.validation: %g of %zu training samples leaves none for %s",
                   cfg->data_validation, n, held ? "the training" : "the validation");
  struct tr_dataset now;
  struct tr_rng rng;
  memset(&now, 0, sizeof now);
  uint32_t *order = tr_alloc(n, sizeof *order, e);
  uint8_t *is_held = tr_alloc(n, 1, e);
  int rc = order && is_held && !tr_samples_alloc(&now.train, n - held, d->inputs, e) &&
                   !tr_samples_alloc(&now.test, held, d->inputs, e)
               ? 0
               : -1;
  if (!rc) {
    now.train.n = now.test.n = 0;
    tr_rng_init(&rng, (uint64_t)cfg->seed, TR_STREAM_VALIDATION, 0);
    tr_rng_permute(&rng, order, n);
    for (size_t k = 0; k < held; k++) is_held[order[k]] = 1;
    for (size_t i = 0; i < n; i++) copy_sample(&d->train, i, is_held[i] ? &now.test : &now.train, d->inputs);
    if (cfg->data_test_limit && now.test.n > (size_t)cfg->data_test_limit) now.test.n = (size_t)cfg->data_test_limit;
    const struct tr_dataset was = *d;
    d->train = now.train;
    d->test = now.test;
    now = was;
  }
  free_samples(&now.train);
  free_samples(&now.test);
  free(order);
  free(is_held);
  return rc;
}

int tr_data_load(const struct tr_config *cfg, const char *data_dir, struct tr_dataset *d, struct tr_err *e) {
  memset(d, 0, sizeof *d);
  for (const struct tr_data_kind *k = tr_data_kinds; k->name; k++) {
    if (strcmp(k->name, cfg->data_kind) != 0) continue;
    int rc = k->load(cfg, data_dir, d, e);
    if (!rc && d->train.n == 0) rc = tr_fail(e, TR_EXIT_DATA, "data: no training samples");
    if (!rc && d->classes < 2)
      rc = tr_fail(e, TR_EXIT_DATA, "%s: %d class; at least 2 are needed",
                   strcmp(k->name, "csv") == 0 ? cfg->data_train : cfg->data_train_labels, (int)d->classes);
    if (!rc && cfg->data_validation > 0) rc = hold_out(cfg, d, e);
    if (rc) tr_data_free(d);
    if (!rc)
      d->digest =
          digest_samples(digest_samples(UINT64_C(0xCBF29CE484222325), &d->train, d->inputs), &d->test, d->inputs);
    return rc;
  }
  return tr_fail(e, TR_EXIT_CONFIG, "data.kind: no loader for '%s'", cfg->data_kind);
}
