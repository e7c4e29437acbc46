/* SPDX-License-Identifier: Apache-2.0 */
/* crosstrain init: looks at a table and writes a configuration that trains on it as it is. */
#define _GNU_SOURCE
#include <argp.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "algo.h"
#include "cli.h"
#include "data.h"
#include "data_table.h"
#include "net.h"

enum { OPT_TEST = 1000, OPT_LABEL, OPT_SKIP };

struct args {
  const char *data, *test, *label, *skip, *out;
};

static const struct argp_option options[] = {
    {"test", OPT_TEST, "FILE", 0, "table of the test (default: a part of the rows of DATA)", 0},
    {"label", OPT_LABEL, "COLUMN", 0, "column of the label: first, last, its number from 1, or its name", 0},
    {"skip", OPT_SKIP, "COLUMNS", 0, "columns that are no features: numbers, ranges and names, as 2-5, 7, width", 0},
    {"out", 'o', "FILE", 0, "configuration to write (default: the name of DATA, .yaml, in the current folder)", 0},
    {NULL, 0, NULL, 0, NULL, 0}};

static error_t parse(int key, char *arg, struct argp_state *state) {
  struct args *a = state->input;
  switch (key) {
    case OPT_TEST:
      a->test = arg;
      return 0;
    case OPT_LABEL:
      a->label = arg;
      return 0;
    case OPT_SKIP:
      a->skip = arg;
      return 0;
    case 'o':
      a->out = arg;
      return 0;
    case ARGP_KEY_ARG:
      if (a->data) argp_error(state, "one table only: '%s' is too much (--test: that of the test)", arg);
      a->data = arg;
      return 0;
    case ARGP_KEY_END:
      if (!a->data) argp_error(state, "a table is missing");
      return 0;
    default:
      return ARGP_ERR_UNKNOWN;
  }
}

/* What was found. */
struct found {
  struct tr_table t;
  struct tr_column *column;
  size_t *different; /* texts of every column, MANY at most */
  size_t label;
  char *skip;                       /* [t.fields] */
  int comma, words, missing, whole; /* decimal comma; columns of words; a row's missing values; 0 to 1, not -1 to 1 */
};

/* ---- looking ---- */
enum { MANY = 1001, FEW_CLASSES = 20 };

static int text_order(const void *a, const void *b) {
  return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* The texts of a column, sorted, to be freed. */
static const char **sorted(const struct tr_table *t, size_t k, struct tr_err *e) {
  const char **v = tr_alloc(t->rows, sizeof *v, e);
  for (size_t r = 0; v && r < t->rows; r++) v[r] = t->cell[r * t->stride + k].text;
  if (v) qsort(v, t->rows, sizeof *v, text_order);
  return v;
}

static int count_different(struct found *f, struct tr_err *e) {
  for (size_t k = 0; k < f->t.fields; k++) {
    const char **v = sorted(&f->t, k, e);
    if (!v) return -1;
    for (size_t r = 0; r < f->t.rows && f->different[k] < MANY; r++)
      f->different[k] += !tr_cell_missing(v[r]) && (r == 0 || strcmp(v[r], v[r - 1]) != 0);
    free(v);
  }
  return 0;
}

/* Words, or few whole numbers, each of which comes several times. */
static int may_be_label(const struct found *f, size_t k) {
  const struct tr_column *c = &f->column[k];
  const size_t n = f->different[k], most = c->words ? 100 : FEW_CLASSES;
  return n >= 2 && n <= most && 2 * n <= f->t.rows && (c->words || c->integers);
}

static int guess_label(struct found *f, const char *given, struct tr_err *e) {
  static const char *const names[] = {"class", "label", "target", "species", "diagnosis", "category", "outcome", "y"};
  const struct tr_table *t = &f->t;
  if (given) return tr_table_find(t, "--label", given, &f->label, e);
  for (size_t n = 0; t->name && n < sizeof names / sizeof *names; n++)
    for (size_t k = 0; k < t->fields; k++)
      if (strcasecmp(t->name[k], names[n]) == 0 && may_be_label(f, k)) {
        f->label = k;
        return 0;
      }
  for (size_t i = 0; i < t->fields; i++) { /* the last, the first, the others */
    const size_t k = i == 0 ? t->fields - 1 : i - 1;
    if (may_be_label(f, k) && (i < 2 || f->column[k].words)) {
      f->label = k;
      return 0;
    }
  }
  return tr_fail(e, TR_EXIT_DATA,
                 "%s: no column looks like a label (words or few whole numbers, each in several rows): give --label",
                 t->path);
}

static void guess_columns(struct found *f) {
  size_t numbers = 0, negative = 0, zeros = 0;
  for (size_t k = 0; k < f->t.fields; k++) {
    const struct tr_column *c = &f->column[k];
    if (k == f->label) continue;
    const int words = tr_column_is_words(c);
    f->skip[k] |=
        (char)(tr_table_is_id(&f->t, f->column, k, f->comma) ||
               (words && (f->different[k] > 100 || 2 * f->different[k] > f->t.rows)) || c->missing == f->t.rows);
    if (f->skip[k]) continue;
    f->words |= words;
    f->missing |= c->missing > 0;
    for (size_t r = 0; r < f->t.rows && !words; r++) {
      const char *text = f->t.cell[r * f->t.stride + k].text;
      numbers += !tr_cell_missing(text);
      negative += *text == '-';
      zeros += *text && !text[strspn(text, "+0.,")];
    }
  }
  f->whole = !negative && 4 * zeros > numbers; /* counts and pixels: nothing is nothing */
}

/* Reads again with a decimal comma if numbers have one. */
static int look(struct tr_config *c, const struct args *a, struct found *f, struct tr_err *e) {
  for (f->comma = 0;; f->comma = 1) {
    if (tr_table_read(c, a->data, &f->t, e)) return -1;
    free(f->column);
    if (!(f->column = tr_alloc(f->t.fields, sizeof *f->column, e))) return -1;
    tr_table_inspect(&f->t, f->comma, f->column);
    size_t commas = 0;
    for (size_t k = 0; k < f->t.fields; k++) commas += f->column[k].commas;
    if (!commas) break;
    tr_table_free(&f->t);
    snprintf(c->data_decimal, sizeof c->data_decimal, "comma");
  }
  f->different = tr_alloc(f->t.fields, sizeof *f->different, e);
  f->skip = tr_alloc(f->t.fields, 1, e);
  if (!f->different || !f->skip || count_different(f, e) || guess_label(f, a->label, e)) return -1;
  if (a->skip && tr_table_select(&f->t, "--skip", a->skip, f->skip, e)) return -1;
  guess_columns(f);
  return 0;
}

static void free_found(struct found *f) {
  tr_table_free(&f->t);
  free(f->column);
  free(f->different);
  free(f->skip);
}

/* ---- writing ---- */
static const char *delimiter_name(char c) {
  return c == ',' ? "comma" : c == ';' ? "semicolon" : c == '\t' ? "tab" : c == '|' ? "bar" : "blank";
}

/* A text of the table in a comment, whatever its encoding is. */
static void print_text(FILE *o, const char *text) {
  for (int n = 0; *text && n < TR_COLUMN_TEXT; text++, n++)
    fputc((unsigned char)*text < ' ' ? ' ' : (unsigned char)*text > 126 ? '?' : *text, o);
}

static int print_classes(FILE *o, const struct found *f, struct tr_err *e) {
  const char **v = sorted(&f->t, f->label, e);
  if (!v) return -1;
  fprintf(o, " %zu classes:", f->different[f->label]);
  int shown = 0;
  for (size_t r = 0, same = 1; r < f->t.rows; r++, same++) {
    if (r + 1 < f->t.rows && strcmp(v[r], v[r + 1]) == 0) continue;
    if (!tr_cell_missing(v[r]) && shown++ < 10) {
      fprintf(o, "%s ", shown > 1 ? "," : "");
      print_text(o, v[r]);
      fprintf(o, " (%zu)", same);
    }
    same = 0;
  }
  fprintf(o, "%s\n", shown > 10 ? ", ..." : "");
  free(v);
  return 0;
}

/* Numbers of the columns left out, "1, 4"; how many. */
static int print_skipped(FILE *o, const struct found *f) {
  int any = 0;
  for (size_t k = 0; k < f->t.fields; k++)
    if (f->skip[k]) fprintf(o, "%s%zu", any++ ? ", " : "", k + 1);
  return any;
}

static void print_skip(FILE *o, const struct found *f) {
  if (!memchr(f->skip, 1, f->t.fields)) {
    fprintf(o, "  # skip: \"1, 7-9\"     # columns that are no features; columns: those that are\n");
    return;
  }
  fprintf(o, "  skip: \"");
  print_skipped(o, f);
  fprintf(o, "\"  # they number or name the rows, or are empty, or --skip names them\n");
}

/* What a wrong guess would cost most: a column that was not taken, one that is not a number. */
static void print_guesses(const struct found *f) {
  if (memchr(f->skip, 1, f->t.fields)) {
    printf("left out: columns ");
    print_skipped(stdout, f);
    printf(" (they number or name the rows, or are empty, or --skip names them)\n");
  }
  const char *odd = tr_table_odd_name(&f->t, f->comma);
  if (odd) printf("line 1 is taken for names, although '%.40s' is a number\n", odd);
  for (size_t k = 0; k < f->t.fields; k++) {
    char column[TR_COLUMN_TEXT];
    if (k == f->label || f->skip[k] || !tr_column_is_words(&f->column[k])) continue;
    printf("an input per word: %s, %zu words\n", tr_table_column(&f->t, k, column), f->different[k]);
  }
}

/* Comments say what was found, and what else there is. */
static int print_config(FILE *o, const struct args *a, const char *name, const struct found *f, const char *train,
                        const char *test, int hidden, int epochs, struct tr_err *e) {
  const struct tr_table *t = &f->t;
  char column[TR_COLUMN_TEXT];
  fprintf(o, "# ");
  print_text(o, a->data);
  fprintf(o, ": %zu rows of %zu columns. Made by crosstrain init; every line is a guess that may be changed.\n",
          t->rows, t->fields);
  fprintf(o, "#   train:        crosstrain train %s\n#   sizes, speed: crosstrain info %s\n", name, name);
  fprintf(o, "#   other keys:   crosstrain info --keys\nseed: 1               # one number reproduces the run\n\n");
  fprintf(o, "data:\n  kind: csv\n  train: \"%s\"\n", train);
  if (test)
    fprintf(o, "  test: \"%s\"\n", test);
  else
    fprintf(o, "  test_fraction: 0.25  # of the rows, chosen by the seed; or another file: test: FILE\n");
  fprintf(o, "  delimiter: %s\n  header: %s%s\n", delimiter_name(t->delimiter), t->name ? "true" : "false",
          t->name ? "" : "        # true: the first line has names");
  fprintf(o, "  label: %-12zu  # ", f->label + 1);
  print_text(o, tr_table_column(t, f->label, column));
  fputc(',', o);
  if (print_classes(o, f, e)) return -1;
  print_skip(o, f);
  fprintf(o, "  missing: %s%s\n",
          f->column[f->label].missing ? "drop"
          : f->missing                ? "mean"
                                      : "refuse",
          f->missing ? "        # of the training rows; or drop: the rows"
                     : "      # a missing value; or drop: its row, mean: of the column");
  fprintf(o, "  nominal: %s%s\n", f->words ? "one_hot" : "refuse",
          f->words ? "     # words: an input each" : "      # columns of words; or one_hot: an input per word");
  fprintf(o, "  decimal: %s\n", f->comma ? "comma" : "point");
  fprintf(o, "  signed: %-5s        # columns fill %s; %s\n\n", f->whole ? "false" : "true",
          f->whole ? "0..1" : "-1..1", f->whole ? "true: -1..1" : "false: 0..1");
  fprintf(o, "network:\n  hidden: [%d]         # neurons of every hidden layer; []: none\n", hidden);
  fprintf(o, "  activation: tanh     # or sigmoid, relu\n  output: logistic     # or softmax\n");
  fprintf(o, "  init: auto           # initial weights, times Xavier\n\n");
  fprintf(o, "tile:                  # ADC ranges: auto measures them on the first samples\n");
  fprintf(o, "  range_forward: auto\n  range_backward: auto\n  range_transfer: auto\n");
  fprintf(o, "  pulse: return_to_zero  # or fast: no gap between pulses, half the cycles of a train\n\n");
  fprintf(o, "algorithm:\n  name: shd            # stochastic Hamiltonian descent; or sgd, ttv1, residual\n");
  fprintf(o, "  fast_lr: 0.032       # of A\n  transfer_lr: 0.128   # of A to C\n");
  fprintf(o, "  transfer_bl: 31      # longest pulse train of a transfer\n\n");
  fprintf(o, "device:                # smaller steps are finer and slower\n");
  fprintf(o, "  A: {model: soft_bounds, dw_min: 0.002}\n  C: {model: soft_bounds, dw_min: 0.001}\n\n");
  fprintf(o, "run:\n  epochs: %d\n  engine: ref          # or lockstep, rtl: `crosstrain version` lists them\n",
          epochs);
  fprintf(o, "  log_every: 10000     # samples between two lines of metrics\n");
  return 0;
}

/* It must train: parsed, data loaded, tiles planned. Sizes to *d. */
static int rehearse(const char *text, size_t n, const char *name, struct tr_dataset *d, struct tr_err *e) {
  struct tr_config *c = tr_alloc(1, sizeof *c, e);
  struct tr_net net;
  int rc =
      c ? tr_config_parse(text, n, name, NULL, c, e) || tr_config_resolve(c, e) || tr_data_load(c, NULL, d, e) : -1;
  if (!rc) {
    tr_config_start_ranges(c);
    rc = tr_net_make(c, d->inputs, d->classes, &net, e);
    if (!rc) tr_net_free(&net);
  }
  free(c);
  return rc ? -1 : 0;
}

/* Never over a file that is there: the name is taken first, and what is written takes its place (FAT has no links). */
static int write_new(const char *path, const char *text, size_t n, struct tr_err *e) {
  char *aside = NULL;
  if (asprintf(&aside, "%s.XXXXXX", path) < 0) return tr_nomem(e);
  int fd = mkstemp(aside), taken = -1;
  int rc = fd < 0 ? tr_fail(e, TR_EXIT_DATA, "%s: cannot write: %s", path, strerror(errno)) : close(fd);
  if (!rc) rc = tr_write_file(aside, text, n, NULL, 0, e);
  if (!rc && ((taken = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666)) < 0 || rename(aside, path)))
    rc = errno == EEXIST ? tr_fail(e, TR_EXIT_CONFIG, "%s is there already: remove it, or give another --out", path)
                         : tr_fail(e, TR_EXIT_DATA, "%s: cannot write: %s", path, strerror(errno));
  if (taken >= 0) close(taken);
  if (taken >= 0 && rc) (void)unlink(path);
  if (fd >= 0 && rc) (void)unlink(aside);
  free(aside);
  return rc;
}

static char *text_of(const struct args *a, const char *name, const struct found *f, const char *train, const char *test,
                     int hidden, int epochs, size_t *n, struct tr_err *e) {
  char *text = NULL;
  FILE *o = open_memstream(&text, n);
  const int rc = o ? print_config(o, a, name, f, train, test, hidden, epochs, e) : tr_nomem(e);
  if (o && fclose(o)) tr_nomem(e);
  if (!rc && !e->code) return text;
  free(text);
  return NULL;
}

/* Absolute, so that it trains from any folder. */
static char *absolute(const char *path, struct tr_err *e) {
  struct stat st;
  char *full = stat(path, &st) ? NULL : realpath(path, NULL);
  if (!full) tr_fail(e, TR_EXIT_DATA, "%s: %s", path, strerror(errno));
  if (full && !S_ISREG(st.st_mode)) {
    tr_fail(e, TR_EXIT_DATA, "%s: not a regular file: a table is read more than once, and again by every training",
            path);
    free(full);
    return NULL;
  }
  if (full && (strlen(full) >= TR_STR || strpbrk(full, "\n\r\"\\"))) {
    tr_fail(e, TR_EXIT_DATA, "%.200s: %s", full,
            strlen(full) >= TR_STR ? "a path too long for a configuration"
                                   : "a path with quotation marks, \\ or line breaks");
    free(full);
    return NULL;
  }
  return full;
}

/* About so many samples in all, and a hidden layer between inputs and classes. */
enum { SAMPLES = 30000, MOST_EPOCHS = 300, LEAST_HIDDEN = 16, MOST_HIDDEN = 128 };

static int make(const struct args *a, const char *out, struct tr_config *c, struct found *f, struct tr_err *e) {
  char *train = absolute(a->data, e), *test = train && a->test ? absolute(a->test, e) : NULL, *text = NULL;
  struct tr_dataset d = {0};
  size_t n = 0;
  int rc = train && (test || !a->test) ? look(c, a, f, e) : -1;
  for (int round = 0, hidden = LEAST_HIDDEN, epochs = 1; !rc && round < 2; round++) { /* sizes come from the first */
    free(text);
    tr_data_free(&d);
    if (!(text = text_of(a, out, f, train, test, hidden, epochs, &n, e)) || rehearse(text, n, out, &d, e)) {
      rc = -1;
      break;
    }
    hidden = (int)tr_clamp(d.inputs / 2, LEAST_HIDDEN, MOST_HIDDEN);
    epochs = (int)tr_clamp((int64_t)(SAMPLES / d.train.n), 3, MOST_EPOCHS);
  }
  if (!rc) rc = write_new(out, text, n, e);
  if (!rc) {
    tr_data_print_notes(&d);
    printf("%s: %zu + %zu samples, %d inputs, %d classes\n", out, d.train.n, d.test.n, (int)d.inputs, (int)d.classes);
    print_guesses(f);
    printf("to train: %s train %s\n", program_invocation_name, out);
  }
  free(text);
  free(train);
  free(test);
  tr_data_free(&d);
  return rc;
}

int tr_cli_init(int argc, char **argv, struct tr_err *e) {
  struct args a = {0};
  const struct argp argp = {
      options, parse,
      "DATA",  "Look at a table (CSV) and write a configuration, with comments, that trains on it as it is.",
      NULL,    NULL,
      NULL};
  argp_parse(&argp, argc, argv, 0, NULL, &a);
  struct found f = {0};
  char *name = tr_cli_name(a.data, e), *out = NULL;
  if (!name) return -1;
  if (asprintf(&out, "%s%s", a.out ? a.out : name, a.out ? "" : ".yaml") < 0) out = NULL;
  free(name);
  struct tr_config *c = out ? tr_alloc(1, sizeof *c, e) : NULL;
  int rc = out ? 0 : tr_nomem(e);
  if (!rc) rc = c ? tr_config_parse("", 0, "defaults", NULL, c, e) : -1;
  if (!rc && access(out, F_OK) == 0)
    rc = tr_fail(e, TR_EXIT_CONFIG, "%s is there already: remove it, or give another --out", out);
  if (!rc) rc = make(&a, out, c, &f, e);
  free_found(&f);
  free(c);
  free(out);
  return rc;
}
