/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "algo.h"
#include "data.h"
#include "net.h"
#include "progress.h"
#include "sweep.h"

enum { MAX_SUMMARY = 1 << 16, MAX_METRICS = 1 << 30 };

/* ---- from a run folder ---- */
/* A file of the folder as text, to be freed; NULL: there is none (yet). */
static char *text_of(const struct tr_config *c, const char *name, size_t max) {
  struct tr_err ignored = {0, ""};
  uint8_t *text = NULL;
  size_t n = 0;
  char *path = tr_join(c->out, name, &ignored);
  if (path) (void)tr_read_file(path, 0, max, &text, &n, &ignored);
  free(path);
  return (char *)text;
}

/* The rest of the line that begins with `key`; 1 if there is one that fits. */
static int line_of(const char *text, const char *key, char *to, size_t cap) {
  for (const char *p = text; *p; p += strcspn(p, "\n"), p += *p == '\n') {
    const size_t n = strlen(key);
    if (strncmp(p, key, n) != 0) continue;
    const size_t len = strcspn(p + n, "\n");
    if (len >= cap) return 0;
    snprintf(to, cap, "%.*s", (int)len, p + n);
    return 1;
  }
  return 0;
}

/* The column `loss` of the last line. */
static void last_loss(const char *text, char *to, size_t cap) {
  size_t n = strlen(text);
  while (n && text[n - 1] == '\n') n--;
  while (n && text[n - 1] != '\n') n--;
  if (!n) return; /* the header alone */
  const char *p = strchr(text + n, ',');
  p = p ? strchr(p + 1, ',') : NULL;
  if (p) snprintf(to, cap, "%.*s", (int)strcspn(p + 1, ",\n"), p + 1);
}

int tr_row_read(const struct tr_config *c, struct tr_row *row) {
  memset(row, 0, sizeof *row);
  row->code = TR_ROW_OPEN;
  char *summary = text_of(c, "summary.yaml", MAX_SUMMARY);
  if (!summary) return 0;
  if (line_of(summary, "  CYCLES: ", row->cycles, sizeof row->cycles) &&
      line_of(summary, "  PULSES: ", row->pulses, sizeof row->pulses)) {
    row->code = 0;
    char key[64]; /* without a test set: no such lines */
    snprintf(key, sizeof key, "%s_accuracy: ", tr_data_held(c));
    (void)line_of(summary, key, row->accuracy, sizeof row->accuracy);
    snprintf(key, sizeof key, "best_%s_accuracy: ", tr_data_held(c));
    (void)line_of(summary, key, row->best, sizeof row->best);
    char *metrics = text_of(c, "metrics.csv", MAX_METRICS);
    if (metrics) last_loss(metrics, row->loss, sizeof row->loss);
    free(metrics);
  }
  free(summary);
  return row->code == 0;
}

/* ---- the table ---- */
static void field(FILE *f, const char *text) {
  if (!strpbrk(text, ",\"\n\r")) {
    fputs(text, f);
    return;
  }
  fputc('"', f);
  for (; *text; text++) fprintf(f, *text == '"' ? "\"\"" : "%c", *text);
  fputc('"', f);
}

/* A list that has one value for all layers is that value. */
static void value(FILE *f, char *text) {
  size_t n = strlen(text);
  if (text[0] == '"') {
    text[n - 1] = 0;
    field(f, text + 1);
    return;
  }
  if (text[0] == '[') {
    const size_t len = strcspn(text + 1, ",]");
    size_t at = 1;
    while (strncmp(text + at, text + 1, len) == 0 && strncmp(text + at + len, ", ", 2) == 0) at += len + 2;
    if (len && strncmp(text + at, text + 1, len) == 0 && strcmp(text + at + len, "]") == 0) {
      text[1 + len] = 0;
      text++;
    }
  }
  field(f, text);
}

/* Without a configuration: what the sweep says. */
static void given_value(FILE *f, const struct tr_given *g) {
  if (g && g->n == 1) field(f, g->value[0]);
}

/* The first columns of a point. */
static char *keys_of(const struct tr_sweep *s, size_t point, const struct tr_config *c, struct tr_err *e) {
  char *text = NULL;
  size_t n = 0;
  FILE *f = open_memstream(&text, &n);
  for (size_t k = 0; f && k <= s->columns; k++) {
    const struct tr_key *key = k < s->columns ? s->column[k] : tr_key_find("seed");
    char *v = c ? tr_config_value(c, key, e) : NULL;
    if (v) value(f, v);
    if (!c) given_value(f, tr_sweep_given(s, point, key));
    free(v);
    if (k < s->columns) fputc(',', f);
  }
  if (!f || fclose(f)) tr_nomem(e);
  return text;
}

int tr_sweep_write(const struct tr_sweep *s, const struct tr_point *points, struct tr_err *e) {
  char *text = NULL, *path = tr_join(s->out, TR_SWEEP_TABLE, e);
  size_t n = 0;
  FILE *f = path ? open_memstream(&text, &n) : NULL;
  if (!f) {
    free(path);
    return tr_nomem(e);
  }
  for (size_t k = 0; k < s->columns; k++) fprintf(f, "%s,", s->column[k]->path);
  fputs("seed,accuracy,best,loss,cycles,pulses,exit,error,folder\n", f);
  for (const struct tr_point *p = points; p < points + s->points; p++) {
    const struct tr_row *r = &p->row;
    fprintf(f, "%s,%s,%s,%s,%s,%s,", p->keys, r->accuracy, r->best, r->loss, r->cycles, r->pulses);
    if (r->code != TR_ROW_OPEN) fprintf(f, "%d", r->code);
    fputc(',', f);
    field(f, r->error);
    fprintf(f, ",%s\n", p->folder);
  }
  int rc = fclose(f) ? tr_nomem(e) : 0;
  if (!rc) rc = tr_write_file(path, text, n, NULL, 0, e);
  free(text);
  free(path);
  return rc;
}

/* ---- before anything runs ---- */
/* Inputs and classes of data sets, by the configuration's lines about them. */
struct sizes {
  char *text;
  int32_t inputs, classes;
};

struct check {
  const struct tr_sweep *s;
  const char *data_dir;
  struct sizes *known;
  size_t n;
};

/* What the sizes of a data set depend on: section data and the width of the codes. */
static char *data_text(const struct tr_config *c, struct tr_err *e) {
  char *all = tr_config_text(c, 1, e);
  if (!all) return NULL;
  const char *from = strstr(all, "\ndata:\n"), *to = from ? strstr(from, "\nnetwork:\n") : NULL;
  char *text = NULL;
  if (!to || asprintf(&text, "%" PRId64 "%.*s", c->code_bits, (int)(to - from), from) < 0) {
    tr_nomem(e);
    text = NULL;
  }
  free(all);
  return text;
}

static int sizes_of(struct check *k, const struct tr_config *c, struct sizes *to, struct tr_err *e) {
  char *text = data_text(c, e);
  if (!text) return -1;
  for (size_t i = 0; i < k->n; i++)
    if (strcmp(k->known[i].text, text) == 0) {
      *to = k->known[i];
      free(text);
      return 0;
    }
  struct tr_dataset d;
  struct sizes *more = realloc(k->known, (k->n + 1) * sizeof *more);
  if (more) k->known = more;
  if (!more || tr_data_load(c, k->data_dir, &d, e)) {
    free(text);
    return more ? -1 : tr_nomem(e);
  }
  *to = k->known[k->n++] = (struct sizes){text, d.inputs, d.classes};
  tr_data_free(&d);
  return 0;
}

/* Ranges that a run measures: the usual ones stand for them. */
static int assume_ranges(struct tr_config *c, struct tr_err *e) {
  struct tr_ints *const list[] = {&c->range_forward, &c->range_backward, &c->range_transfer};
  for (size_t k = 0; k < sizeof list / sizeof *list; k++)
    for (int i = 0; i < list[k]->n; i++)
      if (list[k]->v[i] == TR_AUTO) list[k]->n = 0;
  return tr_config_resolve(c, e);
}

/* Everything that a run asks for before its first sample, but for the devices. */
static int check_config(struct check *k, struct tr_config *c, struct tr_err *e) {
  struct sizes d = {NULL, 0, 0};
  struct tr_net net;
  if (!tr_engine_find(c->engine, e) || assume_ranges(c, e) || sizes_of(k, c, &d, e) ||
      tr_net_make(c, d.inputs, d.classes, &net, e))
    return -1;
  tr_net_free(&net);
  return 0;
}

static void one_line(char *to, size_t cap, const char *text) {
  snprintf(to, cap, "%s", text);
  to[strcspn(to, "\n\r")] = 0;
}

void tr_row_fail(struct tr_row *row, int code, const char *text) {
  memset(row, 0, sizeof *row);
  row->code = code;
  one_line(row->error, sizeof row->error, text);
}

static int check_point(struct check *k, size_t i, struct tr_point *p, struct tr_config *c, struct tr_err *e) {
  struct tr_err bad = {0, ""};
  const int known = !tr_sweep_config(k->s, i, c, &bad);
  if (!(p->keys = keys_of(k->s, i, known ? c : NULL, e))) return -1;
  if (known) snprintf(p->folder, sizeof p->folder, "%s", strrchr(c->out, '/') + 1);
  if (known && tr_row_read(c, &p->row)) return 0;
  if (!known || check_config(k, c, &bad)) tr_row_fail(&p->row, bad.code, bad.text);
  return 0;
}

static int by_folder(const void *a, const void *b) {
  const struct tr_point *const *p = a, *const *q = b;
  const int order = strcmp((*p)->folder, (*q)->folder);
  return order ? order : (*p > *q) - (*p < *q);
}

/* No two points are the same run. */
static int check_folders(const struct tr_sweep *s, const struct tr_point *points, struct tr_err *e) {
  const struct tr_point **sorted = tr_alloc(s->points, sizeof *sorted, e);
  if (!sorted) return -1;
  for (size_t k = 0; k < s->points; k++) sorted[k] = &points[k];
  qsort(sorted, s->points, sizeof *sorted, by_folder);
  for (size_t k = 1; !e->code && k < s->points; k++) {
    if (!sorted[k]->folder[0] || strcmp(sorted[k - 1]->folder, sorted[k]->folder) != 0) continue;
    char *a = tr_sweep_words(s, (size_t)(sorted[k - 1] - points), e);
    char *b = tr_sweep_words(s, (size_t)(sorted[k] - points), e);
    if (a && b)
      tr_fail(e, TR_EXIT_CONFIG, "%s: points %zu and %zu are the same run: %s; %s", s->file,
              (size_t)(sorted[k - 1] - points) + 1, (size_t)(sorted[k] - points) + 1, a, b);
    free(a);
    free(b);
  }
  free(sorted);
  return e->code ? -1 : 0;
}

int tr_sweep_check(const struct tr_sweep *s, const char *data_dir, int quiet, struct tr_point *points,
                   struct tr_err *e) {
  struct tr_progress progress;
  struct check k = {.s = s, .data_dir = data_dir};
  struct tr_config *c = tr_alloc(1, sizeof *c, e);
  int rc = c ? 0 : -1;
  tr_progress_begin(&progress, 0, s->points, quiet);
  for (size_t i = 0; !rc && i < s->points; i++) {
    rc = check_point(&k, i, &points[i], c, e);
    tr_progress_checked(&progress, i + 1);
  }
  tr_progress_end(&progress);
  if (!rc) rc = check_folders(s, points, e);
  while (k.n) free(k.known[--k.n].text);
  free(k.known);
  free(c);
  return rc;
}
