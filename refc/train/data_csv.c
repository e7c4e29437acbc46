/* SPDX-License-Identifier: Apache-2.0 */
/* Tables: a column of labels, of any kind, and columns of features. Numbers are integers from the text on: every column
 * is scaled by the smallest and largest value of the training rows, 15 digits deep; a column of words becomes an input
 * per word. Labels are numbered in the order of their text (numbers: by value). */
#define _GNU_SOURCE
#include <stdlib.h>
#include <string.h>

#include "data.h"
#include "data_table.h"
#include "rng.h"

enum { MOST_INPUTS = 32766, MOST_CLASSES = 1000, MANY_CLASSES = 100, MOST_WORDS = 1000, DEPTH = 15 };
#define MISSING INT64_MIN

/* A file: its table, the rows that stay. */
struct part {
  struct tr_table t;
  struct tr_column *column; /* [t.fields] */
  uint32_t *row;            /* rows that stay, in the order of the file */
  size_t rows;
};

/* A column that is a feature. Numbers: value lo is the smallest code, hi the largest. */
struct feature {
  size_t column;
  int unit; /* of lo, hi and mean: 10^unit */
  int64_t lo, hi, mean;
  const char **word; /* [words], sorted; NULL: numbers */
  size_t words, at;  /* at: its first input */
};

struct loader {
  const struct tr_config *cfg;
  int comma, two;
  struct part part[2]; /* train, test; one file: both are in the first */
  size_t label;
  struct feature *feature;
  size_t features, inputs;
  const char **name; /* [classes] */
  size_t classes;
  struct tr_dataset *d;
  struct tr_err *e;
};

/* Rows of a part that are taken. */
struct pick {
  const struct part *part;
  const uint32_t *row;
  size_t n;
};

static const char *text_at(const struct tr_table *t, size_t row, size_t column) {
  return t->cell[row * t->stride + column].text;
}

static int word_order(const void *a, const void *b) {
  return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* Numbers by value, then other texts. */
static int label_order(const void *a, const void *b) {
  const char *x = *(const char *const *)a, *y = *(const char *const *)b;
  int64_t u, v;
  const int nx = tr_number_parse(x, 0, &u), ny = tr_number_parse(y, 0, &v);
  if (!nx && !ny) {
    const double p = strtod(x, NULL), q = strtod(y, NULL);
    if (p < q || p > q) return p < q ? -1 : 1;
  }
  if (nx != ny) return nx ? 1 : -1;
  return strcmp(x, y);
}

/* The different texts of a column, sorted; the list to *words, to be freed. */
static int words_of(const struct part *p, size_t column, int (*order)(const void *, const void *), const char ***words,
                    size_t *n, struct tr_err *e) {
  const char **w = tr_alloc(p->rows, sizeof *w, e);
  if (!w) return -1;
  size_t all = 0;
  *n = 0;
  for (size_t r = 0; r < p->rows; r++) {
    const char *text = text_at(&p->t, p->row[r], column);
    if (*text && strcmp(text, "?") != 0) w[all++] = text;
  }
  qsort(w, all, sizeof *w, order);
  for (size_t r = 0; r < all; r++)
    if (*n == 0 || strcmp(w[*n - 1], w[r]) != 0) w[(*n)++] = w[r];
  *words = w;
  return 0;
}

/* ---- columns ---- */
static int same_header(const struct loader *l, struct tr_err *e) {
  const struct tr_table *a = &l->part[0].t, *b = &l->part[1].t;
  if (a->fields != b->fields)
    return tr_fail(e, TR_EXIT_DATA, "%s has %zu columns but %s has %zu", a->path, a->fields, b->path, b->fields);
  for (size_t k = 0; a->name && b->name && k < a->fields; k++)
    if (strcmp(a->name[k], b->name[k]) != 0)
      return tr_fail(e, TR_EXIT_DATA,
                     "%s: column %zu is '%.60s'; in %s it is '%.60s' (a file without a header: data.header: auto)",
                     b->path, k + 1, b->name[k], a->path, a->name[k]);
  return 0;
}

/* A word where a number should be: what to set. */
static int refuse_word(const struct loader *l, const struct part *p, size_t k) {
  char column[TR_COLUMN_TEXT];
  const struct tr_table *t = &p->t;
  const size_t row = p->column[k].commas ? p->column[k].first_comma : p->column[k].first_word;
  const char *text = text_at(t, row, k);
  const uint32_t line = t->line[row];
  tr_table_column(t, k, column);
  if (p->column[k].commas)
    return tr_fail(l->e, TR_EXIT_DATA, "%s:%u: %s: '%.40s' has a decimal comma: set data.decimal: comma", t->path, line,
                   column, text);
  if (!tr_column_is_words(&l->part[0].column[k]))
    return tr_fail(l->e, TR_EXIT_DATA,
                   "%s:%u: %s: '%.40s' is not a decimal number: mend it, or leave the column out with data.skip: %zu",
                   t->path, line, column, text, k + 1);
  return tr_fail(l->e, TR_EXIT_DATA,
                 "%s:%u: %s: '%.40s' is not a decimal number: leave the column out with data.skip: %zu, or take an "
                 "input per word with data.nominal: one_hot",
                 t->path, line, column, text, k + 1);
}

static int refuse_missing(const struct loader *l, const struct part *p, size_t k) {
  char column[TR_COLUMN_TEXT];
  return tr_fail(
      l->e, TR_EXIT_DATA,
      "%s:%u: %s: a missing value ('%s'), the first of %zu: set data.missing: drop (the rows) or mean (of the "
      "column)",
      p->t.path, p->t.line[p->column[k].first_missing], tr_table_column(&p->t, k, column),
      text_at(&p->t, p->column[k].first_missing, k), p->column[k].missing);
}

static int add_feature(struct loader *l, size_t k) {
  const struct part *train = &l->part[0];
  struct feature *f = &l->feature[l->features++];
  const int words = tr_column_is_words(&train->column[k]);
  *f = (struct feature){.column = k, .at = l->inputs};
  if (train->column[k].words && (!words || strcmp(l->cfg->data_nominal, "one_hot") != 0))
    return refuse_word(l, train, k);
  for (int i = 0; i <= l->two; i++) {
    const struct part *p = &l->part[i];
    if (p->column[k].missing && strcmp(l->cfg->data_missing, "refuse") == 0) return refuse_missing(l, p, k);
    if (p->column[k].words && !words) return refuse_word(l, p, k);
  }
  l->inputs++;
  return 0;
}

static int choose_columns(struct loader *l) {
  const struct tr_table *t = &l->part[0].t;
  char column[TR_COLUMN_TEXT];
  char *chosen = tr_alloc(t->fields, 1, l->e), *skipped = tr_alloc(t->fields, 1, l->e);
  l->feature = tr_alloc(t->fields, sizeof *l->feature, l->e);
  int rc = chosen && skipped && l->feature ? 0 : -1;
  const char *columns = l->cfg->data_columns, *skip = l->cfg->data_skip;
  if (!rc) rc = tr_table_find(t, "data.label", l->cfg->data_label, &l->label, l->e);
  if (!rc && !*columns) memset(chosen, 1, t->fields);
  if (!rc && *columns) rc = tr_table_select(t, "data.columns", columns, chosen, l->e);
  if (!rc && *skip) rc = tr_table_select(t, "data.skip", skip, skipped, l->e);
  for (size_t k = 0; !rc && k < t->fields; k++) {
    if (!chosen[k] || skipped[k] || k == l->label) continue;
    rc = add_feature(l, k);
    if (!rc && tr_table_is_id(t, l->part[0].column, k, l->comma))
      tr_data_note(l->d, "%s: %s seems to number the rows, and is a feature: data.skip: %zu leaves it out", t->path,
                   tr_table_column(t, k, column), k + 1);
  }
  if (!rc && !l->features) rc = tr_fail(l->e, TR_EXIT_DATA, "%s: no column is left as a feature", t->path);
  free(chosen);
  free(skipped);
  return rc;
}

/* ---- rows ---- */
static int stays(const struct loader *l, const struct part *p, size_t r, int drop) {
  const char *label = text_at(&p->t, r, l->label);
  if (!*label || strcmp(label, "?") == 0) return 0;
  for (size_t k = 0; drop && k < l->features; k++)
    if (tr_cell_missing(text_at(&p->t, r, l->feature[k].column))) return 0;
  return 1;
}

static int choose_rows(struct loader *l, struct part *p) {
  const int drop = strcmp(l->cfg->data_missing, "drop") == 0;
  char column[TR_COLUMN_TEXT];
  p->row = tr_alloc(p->t.rows, sizeof *p->row, l->e);
  if (!p->row) return -1;
  for (size_t r = 0; r < p->t.rows; r++) {
    if (stays(l, p, r, drop))
      p->row[p->rows++] = (uint32_t)r;
    else if (!drop)
      return tr_fail(l->e, TR_EXIT_DATA, "%s:%u: %s: empty label (data.missing: drop leaves such rows out)", p->t.path,
                     p->t.line[r], tr_table_column(&p->t, l->label, column));
  }
  if (p->rows < p->t.rows)
    tr_data_note(l->d, "%s: %zu of %zu rows have a missing value and are left out (data.missing: drop)", p->t.path,
                 p->t.rows - p->rows, p->t.rows);
  return p->rows ? 0 : tr_fail(l->e, TR_EXIT_DATA, "%s: every row has a missing value", p->t.path);
}

/* ---- classes ---- */
static int choose_classes(struct loader *l) {
  const struct part *p = &l->part[0];
  char column[TR_COLUMN_TEXT];
  if (words_of(p, l->label, label_order, &l->name, &l->classes, l->e)) return -1;
  tr_table_column(&p->t, l->label, column);
  if (l->classes > MOST_CLASSES)
    return tr_fail(l->e, TR_EXIT_DATA,
                   "%s: %s has %zu different values; more than %d labels are not allowed: set "
                   "data.label to the column of the label",
                   p->t.path, column, l->classes, MOST_CLASSES);
  const int many = l->classes > MANY_CLASSES || (l->classes > 20 && 2 * l->classes > p->rows);
  if (many)
    tr_data_note(l->d, "%s: %s has %zu classes in %zu rows: if it is not the label, set data.label", p->t.path, column,
                 l->classes, p->rows);
  /* the name of the column where all columns hold words: nothing else tells a header */
  const char *first = text_at(&p->t, 0, l->label);
  size_t same = 0;
  for (size_t r = 0; r < p->rows && same < 2 && !many; r++)
    same += strcmp(text_at(&p->t, p->row[r], l->label), first) == 0;
  if (same == 1 && l->cfg->data_header == TR_AUTO && !p->t.name && p->row[0] == 0 && p->rows > 20)
    tr_data_note(l->d, "%s:%u: class '%.40s' is in this line only: if the line has names, set data.header: true",
                 p->t.path, p->t.line[0], first);
  return 0;
}

/* ---- features ---- */
/* Cells of numbers become packed numbers, or MISSING. */
static void pack(const struct loader *l, struct part *p) {
  for (size_t r = 0; r < p->t.rows; r++)
    for (size_t k = 0; k < l->features; k++) {
      union tr_cell *c = &p->t.cell[r * p->t.stride + l->feature[k].column];
      const char *text = c->text;
      if (!l->feature[k].word && (tr_cell_missing(text) || tr_number_parse(text, l->comma, &c->number)))
        c->number = MISSING;
    }
}

static int choose_words(struct loader *l) {
  const struct part *p = &l->part[0];
  char column[TR_COLUMN_TEXT];
  l->inputs = 0;
  for (size_t k = 0; k < l->features; k++) {
    struct feature *f = &l->feature[k];
    f->at = l->inputs;
    f->words = 1;
    if (p->column[f->column].words) {
      if (words_of(p, f->column, word_order, &f->word, &f->words, l->e)) return -1;
      if (f->words > MOST_WORDS)
        return tr_fail(l->e, TR_EXIT_DATA,
                       "%s: %s has %zu different words; at most %d are allowed: leave it out with "
                       "data.skip: %zu",
                       p->t.path, tr_table_column(&p->t, f->column, column), f->words, MOST_WORDS, f->column + 1);
    }
    l->inputs += f->words;
  }
  if (l->inputs > MOST_INPUTS)
    return tr_fail(l->e, TR_EXIT_DATA, "%s: %zu inputs; at most %d are allowed", p->t.path, l->inputs, MOST_INPUTS);
  return 0;
}

static int64_t number_at(const struct pick *p, size_t k, const struct feature *f) {
  return p->part->t.cell[p->row[k] * p->part->t.stride + f->column].number;
}

/* Scales of the columns of numbers. */
static int choose_scales(struct loader *l, const struct pick *train) {
  char column[TR_COLUMN_TEXT];
  size_t *n = tr_alloc(l->features, sizeof *n, l->e);
  int64_t *rest = tr_alloc(l->features, sizeof *rest, l->e);
  int rc = n && rest ? 0 : -1;
  for (size_t k = 0; !rc && k < l->features; k++)
    l->feature[k].unit = -1000, l->feature[k].lo = INT64_MAX, l->feature[k].hi = INT64_MIN;
  for (size_t r = 0; !rc && r < train->n; r++)
    for (size_t k = 0; k < l->features; k++) {
      struct feature *f = &l->feature[k];
      if (f->word || number_at(train, r, f) == MISSING) continue;
      const int at = tr_number_position(number_at(train, r, f)) - DEPTH;
      if (at > f->unit) f->unit = at;
      n[k]++;
    }
  for (size_t r = 0; !rc && r < train->n; r++)
    for (size_t k = 0; k < l->features; k++) {
      struct feature *f = &l->feature[k];
      if (f->word || number_at(train, r, f) == MISSING) continue;
      const int64_t v = tr_number_in(number_at(train, r, f), f->unit), count = (int64_t)n[k];
      if (v < f->lo) f->lo = v;
      if (v > f->hi) f->hi = v;
      f->mean += v / count; /* in two parts: the sum may not fit */
      rest[k] += v % count;
    }
  for (size_t k = 0; !rc && k < l->features; k++) {
    struct feature *f = &l->feature[k];
    if (f->word) continue;
    if (!n[k])
      rc = tr_fail(l->e, TR_EXIT_DATA, "%s: %s has no number in the training rows: leave it out with data.skip: %zu",
                   l->part[0].t.path, tr_table_column(&l->part[0].t, f->column, column), f->column + 1);
    else
      f->mean += rest[k] / (int64_t)n[k];
  }
  free(n);
  free(rest);
  return rc;
}

/* Nearest code; rows outside the training range end at it. A constant column is 0. */
static int8_t to_code(const struct loader *l, const struct feature *f, int64_t packed) {
  const int64_t cmax = (1 << (l->cfg->code_bits - 1)) - 1, span = f->hi - f->lo;
  const int64_t full = l->cfg->data_signed ? 2 * cmax : cmax;
  const int64_t v = packed == MISSING ? f->mean : tr_number_in(packed, f->unit);
  if (span == 0) return 0;
  const int64_t code = ((tr_clamp(v, f->lo, f->hi) - f->lo) * full + span / 2) / span; /* below 2 10^15 x 254 */
  return (int8_t)(l->cfg->data_signed ? code - cmax : code);
}

static int fill(const struct loader *l, const struct pick *p, struct tr_samples *out) {
  const int8_t cmax = (int8_t)((1 << (l->cfg->code_bits - 1)) - 1);
  if (tr_samples_alloc(out, p->n, (int32_t)l->inputs, l->e)) return -1;
  for (size_t r = 0; r < p->n; r++) {
    const char *label = text_at(&p->part->t, p->row[r], l->label);
    int8_t *x = out->x + r * l->inputs;
    const char **name = bsearch(&label, l->name, l->classes, sizeof label, label_order);
    if (!name)
      return tr_fail(l->e, TR_EXIT_DATA, "%s:%u: label '%.40s' does not occur in the training set", p->part->t.path,
                     p->part->t.line[p->row[r]], label);
    out->label[r] = (uint16_t)(name - l->name);
    for (size_t k = 0; k < l->features; k++) {
      const struct feature *f = &l->feature[k];
      if (!f->word) {
        x[f->at] = to_code(l, f, number_at(p, r, f));
        continue;
      }
      const char *text = text_at(&p->part->t, p->row[r], f->column);
      const char **word = bsearch(&text, f->word, f->words, sizeof text, word_order);
      if (word) x[f->at + (size_t)(word - f->word)] = cmax; /* a word that is new is no input */
    }
  }
  return 0;
}

/* ---- a data set ---- */
static int read_part(struct loader *l, struct part *p, const char *path) {
  if (tr_table_read(l->cfg, path, &p->t, l->e)) return -1;
  p->column = tr_alloc(p->t.fields, sizeof *p->column, l->e);
  if (!p->column) return -1;
  tr_table_inspect(&p->t, l->comma, p->column);
  const char *odd = l->cfg->data_header == TR_AUTO ? tr_table_odd_name(&p->t, l->comma) : NULL;
  if (odd)
    tr_data_note(l->d,
                 "%s: the first line is taken for names, although '%.40s' is a number: if it is a row, set "
                 "data.header: false",
                 path, odd);
  return 0;
}

static void free_part(struct part *p) {
  tr_table_free(&p->t);
  free(p->column);
  free(p->row);
}

/* One file: a split that depends on the seed only. The order is that of the rows that stay. */
static int split(const struct loader *l, struct part *p, uint32_t *order, struct pick *train, struct pick *test) {
  struct tr_rng rng;
  size_t held = (size_t)((double)p->rows * l->cfg->data_test_fraction);
  if (held == 0) held = 1;
  if (held >= p->rows) return tr_fail(l->e, TR_EXIT_DATA, "%s: %zu rows are too few to split", p->t.path, p->rows);
  tr_rng_init(&rng, (uint64_t)l->cfg->seed, TR_STREAM_SPLIT, 0);
  tr_rng_permute(&rng, order, p->rows);
  for (size_t r = 0; r < p->rows; r++) order[r] = p->row[order[r]];
  *train = (struct pick){p, order, p->rows - held};
  *test = (struct pick){p, order + train->n, held};
  return 0;
}

static size_t cap(size_t n, int64_t limit) {
  return limit > 0 && (size_t)limit < n ? (size_t)limit : n;
}

static int load(struct loader *l, const char *train_path, const char *test_path) {
  struct part *a = &l->part[0], *b = &l->part[1];
  if (read_part(l, a, train_path) || (l->two && (read_part(l, b, test_path) || same_header(l, l->e))) ||
      choose_columns(l) || choose_rows(l, a) || (l->two && choose_rows(l, b)) || choose_classes(l) || choose_words(l))
    return -1;
  uint32_t *order = tr_alloc(a->rows, sizeof *order, l->e);
  struct pick train = {a, a->row, a->rows}, test = {b, b->row, b->rows};
  int rc = order ? 0 : -1;
  if (!rc && !l->two) rc = split(l, a, order, &train, &test);
  if (!rc) {
    train.n = cap(train.n, l->cfg->data_limit);
    test.n = cap(test.n, l->cfg->data_test_limit);
    pack(l, a);
    if (l->two) pack(l, b);
    l->d->inputs = (int32_t)l->inputs;
    l->d->classes = (int32_t)l->classes;
    rc = choose_scales(l, &train) || fill(l, &train, &l->d->train) || fill(l, &test, &l->d->test) ? -1 : 0;
  }
  free(order);
  return rc;
}

int tr_load_csv(const struct tr_config *cfg, const char *data_dir, struct tr_dataset *d, struct tr_err *e) {
  struct loader l = {.cfg = cfg, .d = d, .e = e};
  if (!cfg->data_train[0]) return tr_fail(e, TR_EXIT_CONFIG, "data.train: the table's file is missing");
  l.comma = strcmp(cfg->data_decimal, "comma") == 0;
  l.two = cfg->data_test[0] != 0;
  char *train = tr_data_path(data_dir, cfg->data_train, e), *test = tr_data_path(data_dir, cfg->data_test, e);
  const int rc = train && test ? load(&l, train, test) : -1;
  for (size_t k = 0; l.feature && k < l.features; k++) free(l.feature[k].word);
  free(l.feature);
  free(l.name);
  free_part(&l.part[0]);
  free_part(&l.part[1]);
  free(train);
  free(test);
  return rc;
}
