/* SPDX-License-Identifier: Apache-2.0 */
/* Tables in the UCI style: numbers separated by commas, one label column (first or last), labels any text.
 * Numbers are read as decimals in integer arithmetic (millionths); every column is scaled by the smallest and largest
 * value of the training rows. Labels are numbered in the order of their text (numbers: by value). */
#define _GNU_SOURCE
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "data.h"
#include "rng.h"

#define MAX_COLUMNS 32767
#define MAX_CLASSES 1000
#define MAX_VALUE INT64_C(1000000000000) /* |number| in units */

struct table {
  uint8_t *bytes;
  size_t rows, cap;
  size_t columns; /* numbers per row */
  int64_t *v;     /* [rows][columns], millionths */
  char **label;   /* [rows], into bytes */
};

static void table_free(struct table *t) {
  free(t->bytes);
  free(t->v);
  free(t->label);
  memset(t, 0, sizeof *t);
}

static char *trim(char *s) {
  while (*s == ' ' || *s == '\t') s++;
  char *end = s + strlen(s);
  while (end > s && (end[-1] == ' ' || end[-1] == '\t' || end[-1] == '\r')) *--end = 0;
  return s;
}

/* [+-]digits[.digits], no exponent; digits past the sixth decimal are dropped. */
static int parse_decimal(const char *s, int64_t *out) {
  const int neg = *s == '-';
  if (*s == '-' || *s == '+') s++;
  int64_t v = 0;
  int digits = 0, decimals = 0;
  for (; isdigit((unsigned char)*s); s++, digits++)
    if ((v = v * 10 + (*s - '0')) > MAX_VALUE) return -1;
  if (*s == '.')
    for (s++; isdigit((unsigned char)*s); s++, digits++)
      if (decimals < 6) {
        v = v * 10 + (*s - '0');
        decimals++;
      }
  if (!digits || *s) return -1;
  for (; decimals < 6; decimals++) v *= 10;
  *out = neg ? -v : v;
  return 0;
}

static int grow(struct table *t, struct tr_err *e) {
  if (t->rows < t->cap) return 0;
  const size_t cap = t->cap ? 2 * t->cap : 256;
  int64_t *v = realloc(t->v, cap * (t->columns ? t->columns : 1) * sizeof *v);
  if (v) t->v = v;
  char **label = realloc(t->label, cap * sizeof *label);
  if (label) t->label = label;
  if (!v || !label) return tr_nomem(e);
  t->cap = cap;
  return 0;
}

static int parse_row(struct table *t, char *line, size_t lineno, const char *path, int label_first, struct tr_err *e) {
  size_t fields = 1;
  for (const char *p = line; *p; p++) fields += *p == ',';
  if (fields < 2) return tr_fail(e, TR_EXIT_DATA, "%s:%zu: one column; numbers and a label are needed", path, lineno);
  if (fields - 1 > MAX_COLUMNS)
    return tr_fail(e, TR_EXIT_DATA, "%s:%zu: %zu columns; at most %d are allowed", path, lineno, fields,
                   MAX_COLUMNS + 1);
  if (t->columns == 0) t->columns = fields - 1;
  if (fields - 1 != t->columns)
    return tr_fail(e, TR_EXIT_DATA, "%s:%zu: %zu columns; the rows before have %zu", path, lineno, fields,
                   t->columns + 1);
  if (t->rows >= TR_DATA_MAX_SAMPLES)
    return tr_fail(e, TR_EXIT_DATA, "%s: more than %zu rows", path, TR_DATA_MAX_SAMPLES);
  if (grow(t, e)) return -1;
  int64_t *v = t->v + t->rows * t->columns;
  size_t k = 0;
  for (size_t f = 0; f < fields; f++) {
    char *next = strchr(line, ',');
    if (next) *next++ = 0;
    char *cell = trim(line);
    if (f == (label_first ? 0 : fields - 1)) {
      if (!*cell) return tr_fail(e, TR_EXIT_DATA, "%s:%zu: empty label", path, lineno);
      t->label[t->rows] = cell;
    } else if (parse_decimal(cell, &v[k++])) {
      return tr_fail(e, TR_EXIT_DATA, "%s:%zu: column %zu: '%.40s' is not a decimal number", path, lineno, f + 1, cell);
    }
    line = next;
  }
  t->rows++;
  return 0;
}

static int read_table(const char *path, int label_first, int header, struct table *t, struct tr_err *e) {
  size_t n = 0;
  memset(t, 0, sizeof *t);
  if (tr_read_file(path, 1, TR_DATA_MAX_BYTES, &t->bytes, &n, e)) return -1;
  if (memchr(t->bytes, 0, n)) return tr_fail(e, TR_EXIT_DATA, "%s: not a text file", path);
  size_t lineno = 0;
  for (char *line = (char *)t->bytes; line && *line;) {
    char *next = strchr(line, '\n');
    if (next) *next++ = 0;
    lineno++;
    char *text = trim(line);
    if (*text && !(header && lineno == 1) && parse_row(t, text, lineno, path, label_first, e)) return -1;
    line = next;
  }
  return t->rows ? 0 : tr_fail(e, TR_EXIT_DATA, "%s: no rows", path);
}

/* Numbers by value, then other texts. */
static int label_cmp(const void *a, const void *b) {
  const char *x = *(char *const *)a, *y = *(char *const *)b;
  int64_t u = 0, v = 0;
  const int nx = parse_decimal(x, &u), ny = parse_decimal(y, &v);
  if (!nx && !ny && u != v) return u < v ? -1 : 1;
  if (nx != ny) return nx ? 1 : -1;
  return strcmp(x, y);
}

static int class_of(char *const *names, int classes, const char *label) {
  for (int k = 0; k < classes; k++)
    if (strcmp(names[k], label) == 0) return k;
  return -1;
}

static int label_names(const struct table *t, const char *path, char **names, int *classes, struct tr_err *e) {
  *classes = 0;
  for (size_t r = 0; r < t->rows; r++) {
    if (class_of(names, *classes, t->label[r]) >= 0) continue;
    if (*classes == MAX_CLASSES)
      return tr_fail(e, TR_EXIT_DATA, "%s: more than %d labels: is the label column right?", path, MAX_CLASSES);
    names[(*classes)++] = t->label[r];
  }
  qsort(names, (size_t)*classes, sizeof *names, label_cmp);
  return 0;
}

struct scale {
  int64_t lo, hi;
  int signed_codes, cmax;
};

/* Nearest code; rows outside the training range end at it. A constant column is 0. */
static int8_t to_code(const struct scale *s, int64_t v) {
  if (s->hi == s->lo) return 0;
  const int64_t span = s->hi - s->lo, c = tr_clamp(v, s->lo, s->hi) - s->lo;
  const int64_t full = s->signed_codes ? 2 * s->cmax : s->cmax;
  /* span < 2^61: divided first so that the product fits */
  const int64_t unit = span > (INT64_C(1) << 52) ? span >> 52 : 1;
  const int64_t code = ((c / unit) * full + span / unit / 2) / (span / unit);
  return (int8_t)tr_clamp(s->signed_codes ? code - s->cmax : code, -s->cmax, s->cmax);
}

struct pick {
  const struct table *t;
  const uint32_t *row;
  size_t n;
  const char *path;
};

static int fill(const struct pick *p, const struct scale *s, char *const *names, int classes, struct tr_samples *out,
                struct tr_err *e) {
  const size_t columns = p->t->columns;
  if (tr_samples_alloc(out, p->n, (int32_t)columns, e)) return -1;
  for (size_t k = 0; k < p->n; k++) {
    const size_t r = p->row[k];
    const int c = class_of(names, classes, p->t->label[r]);
    if (c < 0)
      return tr_fail(e, TR_EXIT_DATA, "%s: label '%.40s' does not occur in the training set", p->path, p->t->label[r]);
    out->label[k] = (uint16_t)c;
    for (size_t j = 0; j < columns; j++) out->x[k * columns + j] = to_code(&s[j], p->t->v[r * columns + j]);
  }
  return 0;
}

static int build(const struct tr_config *cfg, const struct pick *train, const struct pick *test, struct tr_dataset *d,
                 struct tr_err *e) {
  const size_t columns = train->t->columns;
  if (test->t->columns != columns)
    return tr_fail(e, TR_EXIT_DATA, "%s has %zu columns but %s has %zu", train->path, columns + 1, test->path,
                   test->t->columns + 1);
  struct scale *s = tr_alloc(columns, sizeof *s, e);
  char **names = tr_alloc(MAX_CLASSES, sizeof *names, e);
  int classes = 0;
  int rc = s && names ? label_names(train->t, train->path, names, &classes, e) : -1;
  for (size_t j = 0; !rc && j < columns; j++) {
    s[j] = (struct scale){INT64_MAX, INT64_MIN, cfg->data_signed != 0, (1 << (cfg->code_bits - 1)) - 1};
    for (size_t k = 0; k < train->n; k++) {
      const int64_t v = train->t->v[train->row[k] * columns + j];
      if (v < s[j].lo) s[j].lo = v;
      if (v > s[j].hi) s[j].hi = v;
    }
  }
  d->inputs = (int32_t)columns;
  d->classes = classes;
  if (!rc) rc = fill(train, s, names, classes, &d->train, e) || fill(test, s, names, classes, &d->test, e) ? -1 : 0;
  free(s);
  free(names);
  return rc;
}

static size_t cap(size_t n, int64_t limit) {
  return limit > 0 && (size_t)limit < n ? (size_t)limit : n;
}

int tr_load_csv(const struct tr_config *cfg, const char *data_dir, struct tr_dataset *d, struct tr_err *e) {
  const int first = strcmp(cfg->data_label, "first") == 0;
  const int two = cfg->data_test[0] != 0;
  char *p0 = tr_data_path(data_dir, cfg->data_train, e), *p1 = tr_data_path(data_dir, cfg->data_test, e);
  struct table a, b;
  memset(&b, 0, sizeof b);
  memset(&a, 0, sizeof a);
  uint32_t *order = NULL, *order_b = NULL;
  int rc = p0 && p1 ? read_table(p0, first, cfg->data_header != 0, &a, e) : -1;
  if (!rc && two) rc = read_table(p1, first, cfg->data_header != 0, &b, e);
  if (!rc) {
    order = tr_alloc(a.rows, sizeof *order, e);
    order_b = tr_alloc(two ? b.rows : 1, sizeof *order_b, e);
    rc = order && order_b ? 0 : -1;
  }
  if (!rc) {
    struct pick train = {&a, order, a.rows, p0}, test = {&b, order_b, b.rows, p1};
    if (two) {
      for (size_t r = 0; r < a.rows; r++) order[r] = (uint32_t)r;
      for (size_t r = 0; r < b.rows; r++) order_b[r] = (uint32_t)r;
    } else { /* one file: a split that depends on the seed only */
      struct tr_rng rng;
      tr_rng_init(&rng, (uint64_t)cfg->seed, TR_STREAM_SPLIT, 0);
      tr_rng_permute(&rng, order, a.rows);
      size_t held = (size_t)((double)a.rows * cfg->data_test_fraction);
      if (held == 0) held = 1;
      if (held >= a.rows) rc = tr_fail(e, TR_EXIT_DATA, "%s: %zu rows are too few to split", p0, a.rows);
      train.n = a.rows - held;
      test = (struct pick){&a, order + train.n, held, p0};
    }
    train.n = cap(train.n, cfg->data_limit);
    test.n = cap(test.n, cfg->data_test_limit);
    if (!rc) rc = build(cfg, &train, &test, d, e);
  }
  table_free(&a);
  table_free(&b);
  free(order);
  free(order_b);
  free(p0);
  free(p1);
  return rc;
}
