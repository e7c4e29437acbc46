/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE
#include "data_table.h"

#include <csv.h>
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "data.h"

enum { MOST_FIELDS = 32768, LOOK_AT = 1000 /* rows, to find a header */ };

/* ---- cells ---- */
int tr_cell_missing(const char *text) {
  static const char *const words[] = {"", "?", "na", "n/a", "nan", "null"};
  for (size_t k = 0; k < sizeof words / sizeof *words; k++)
    if (strcasecmp(text, words[k]) == 0) return 1;
  return 0;
}

enum { DIGITS = 16, MOST_POSITION = 100 };

int tr_number_parse(const char *s, int comma, int64_t *packed) {
  const char point = comma ? ',' : '.';
  const int negative = *s == '-';
  int64_t man = 0;
  int digits = 0, kept = 0, exp = 0, past = 0;
  if (*s == '-' || *s == '+') s++;
  for (; isdigit((unsigned char)*s) || (*s == point && !past); s++) {
    if (*s == point) {
      past = 1;
      continue;
    }
    if (digits++ > 100000) return -1;
    if (kept < DIGITS) {
      man = man * 10 + (*s - '0');
      kept += man != 0;
      exp -= past;
    } else {
      exp += !past;
    }
  }
  if (!digits) return -1;
  if (*s == 'e' || *s == 'E') {
    const int down = s[1] == '-';
    int x = 0;
    s += 1 + (s[1] == '-' || s[1] == '+');
    if (!isdigit((unsigned char)*s)) return -1;
    for (; isdigit((unsigned char)*s); s++) x = x < 1000000 ? x * 10 + (*s - '0') : x;
    exp += down ? -x : x;
  }
  if (*s) return -1;
  if (man == 0 || kept + exp < -MOST_POSITION) {
    *packed = 128;
    return 0;
  }
  if (kept + exp > MOST_POSITION) return -1;
  *packed = (negative ? -man : man) * 256 + exp + 128;
  return 0;
}

static int exponent_of(int64_t packed) {
  return (int)(packed & 255) - 128;
}
static int64_t mantissa_of(int64_t packed) {
  return (packed - (packed & 255)) / 256;
}

static int digits_of(int64_t v) {
  int n = 0;
  for (v = tr_abs(v); v; v /= 10) n++;
  return n;
}

int tr_number_position(int64_t packed) {
  const int64_t man = mantissa_of(packed);
  return man ? digits_of(man) + exponent_of(packed) : 0;
}

int64_t tr_number_in(int64_t packed, int unit) {
  int64_t man = mantissa_of(packed);
  int shift = exponent_of(packed) - unit;
  if (man && digits_of(man) + shift > 17) return man < 0 ? -INT64_C(100000000000000000) : INT64_C(100000000000000000);
  for (; man && shift > 0; shift--) man *= 10;
  for (; man && shift < 0; shift++) man /= 10;
  return man;
}

/* ---- reading ---- */
void tr_table_free(struct tr_table *t) {
  free(t->cell);
  free(t->line);
  free(t->name);
  free(t->text);
  memset(t, 0, sizeof *t);
}

/* End of the line: behind \n, \r\n or \r. */
static char *line_end(char *p, const char *end) {
  while (p < end && *p != '\n' && *p != '\r') p++;
  if (p < end && *p++ == '\r' && p < end && *p == '\n') p++;
  return p;
}

static int is_blank(char c) {
  return c == ' ' || c == '\t';
}

/* Delimiters of a line, outside quotes. */
static size_t count_in(const char *p, const char *end, char c, int *quoted) {
  size_t n = 0;
  int fields = 0;
  for (const char *was = p; p < end && *p != '\n' && *p != '\r'; p++) {
    if (*p == '"') *quoted = !*quoted;
    if (*quoted) continue;
    if (c != ' ') {
      n += *p == c;
    } else if (!is_blank(*p) && (p == was || is_blank(p[-1]))) {
      n += fields++ > 0; /* runs of blanks between words */
    }
  }
  return n;
}

/* The delimiter that every one of the first lines has as often. */
static char find_delimiter(char *p, const char *end) {
  static const char candidates[] = {'\t', ';', '|', ',', ' ', 0};
  size_t most = 0;
  char best = ',';
  for (const char *c = candidates; *c; c++) {
    size_t lines = 0, first = 0;
    int same = 1, quoted = 0;
    for (char *line = p; line < end && same && lines < 32;) {
      char *next = line_end(line, end);
      const int inside = quoted;
      const size_t n = count_in(line, next, *c, &quoted);
      size_t blank = 0;
      while (line + blank < next && isspace((unsigned char)line[blank])) blank++;
      if (inside || quoted) {
        same = !quoted && lines > 0; /* a record of several lines says nothing */
      } else if (line + blank < next && lines++ == 0) {
        first = n;
      } else if (line + blank < next) {
        same = n == first;
      }
      line = next;
    }
    if (same && first) return *c;
    if (first > most && *c != ' ') {
      most = first;
      best = *c;
    }
  }
  return best;
}

struct reader {
  struct tr_table *t;
  size_t cells, cap; /* used, allocated */
  size_t fields;     /* of the open row */
  size_t rows_cap;
  uint32_t line, begin; /* now; where the open row began */
  int ended, filled;    /* a row ended; the open row has a cell that is not empty */
  char *put;            /* end of t->text */
  struct tr_err *e;
};

static void on_field(void *text, size_t n, void *ctx) {
  struct reader *r = ctx;
  struct tr_table *t = r->t;
  if (r->e->code) return;
  if (r->fields == MOST_FIELDS) {
    tr_fail(r->e, TR_EXIT_DATA, "%s:%u: more than %d columns", t->path, r->begin, MOST_FIELDS);
    return;
  }
  if (r->cells == r->cap) {
    const size_t cap = r->cap ? 2 * r->cap : 1024;
    union tr_cell *cell = realloc(t->cell, cap * sizeof *cell);
    if (!cell) {
      tr_nomem(r->e);
      return;
    }
    t->cell = cell;
    r->cap = cap;
  }
  if (n) memcpy(r->put, text, n);
  r->put[n] = 0;
  r->filled |= n > 0;
  t->cell[r->cells++].text = r->put;
  r->put += n + 1;
  r->fields++;
}

static void on_row(int c, void *ctx) {
  (void)c;
  struct reader *r = ctx;
  struct tr_table *t = r->t;
  const size_t fields = r->fields;
  r->ended = 1;
  r->fields = 0;
  if (r->e->code) return;
  if (!r->filled) { /* delimiters alone: an empty line of a spreadsheet */
    r->cells -= fields;
    return;
  }
  r->filled = 0;
  if (!t->rows) t->stride = fields;
  if (fields != t->stride) {
    tr_fail(r->e, TR_EXIT_DATA, "%s:%u: %zu columns; the rows before have %zu%s", t->path, r->begin, fields, t->stride,
            *t->cell[0].text == '#' ? " (a line that begins with # is a row, too: there are no comments)"
            : t->delimiter == ','   ? ""
                                    : " (data.delimiter says what is between them)");
    return;
  }
  if (t->rows > TR_DATA_MAX_SAMPLES) {
    tr_fail(r->e, TR_EXIT_DATA, "%s: more than %zu rows", t->path, TR_DATA_MAX_SAMPLES);
    return;
  }
  if (t->rows == r->rows_cap) {
    const size_t cap = r->rows_cap ? 2 * r->rows_cap : 256;
    uint32_t *line = realloc(t->line, cap * sizeof *line);
    if (!line) {
      tr_nomem(r->e);
      return;
    }
    t->line = line;
    r->rows_cap = cap;
  }
  t->line[t->rows++] = r->begin;
}

/* Runs of blanks outside quotes become one tab. */
static char *squeeze(char *p, char *end) {
  char *to = p, *from = p;
  int quoted = 0, blank = 0;
  while (from < end && is_blank(*from)) from++;
  for (; from < end; from++) {
    if (*from == '"') quoted = !quoted;
    if (!quoted && is_blank(*from)) {
      blank = 1;
      continue;
    }
    if (blank && *from != '\n' && *from != '\r') *to++ = '\t';
    blank = 0;
    *to++ = *from;
  }
  return to;
}

static int parse(struct reader *r, struct csv_parser *p, char *text, char *end) {
  struct tr_table *t = r->t;
  int open = 0;
  for (char *line = text; line < end && !r->e->code;) {
    char *next = line_end(line, end), *last = next;
    r->line++;
    if (!open) r->begin = r->line;
    if (t->delimiter == ' ') last = squeeze(line, next);
    r->ended = 0;
    const size_t n = (size_t)(last - line), done = csv_parse(p, line, n, on_field, on_row, r);
    if (done != n && !r->e->code)
      return tr_fail(r->e, TR_EXIT_DATA,
                     "%s:%u: a quotation mark inside a field: a field that holds one is quoted, and the mark doubled",
                     t->path, r->line);
    size_t blank = 0;
    while (blank < n && isspace((unsigned char)line[blank])) blank++;
    open = !r->ended && (open || blank < n);
    line = next;
  }
  if (r->e->code) return -1;
  if (csv_fini(p, on_field, on_row, r))
    return tr_fail(r->e, TR_EXIT_DATA, "%s:%u: a quoted field of this row has no end", t->path, r->begin);
  return r->e->code ? -1 : 0;
}

static char delimiter_of(const char *word, char *text, const char *end) {
  return strcmp(word, "comma") == 0       ? ','
         : strcmp(word, "semicolon") == 0 ? ';'
         : strcmp(word, "tab") == 0       ? '\t'
         : strcmp(word, "bar") == 0       ? '|'
         : strcmp(word, "blank") == 0     ? ' '
                                          : find_delimiter(text, end);
}

/* Text, and no other encoding than UTF-8. *skip: its byte order mark. */
static int check_text(const char *path, const uint8_t *bytes, size_t n, size_t *skip, struct tr_err *e) {
  *skip = n >= 3 && memcmp(bytes, "\xEF\xBB\xBF", 3) == 0 ? 3 : 0;
  if (n >= 2 && (memcmp(bytes, "\xFF\xFE", 2) == 0 || memcmp(bytes, "\xFE\xFF", 2) == 0))
    return tr_fail(e, TR_EXIT_DATA, "%s: UTF-16; save it as UTF-8", path);
  const uint8_t *zero = memchr(bytes, 0, n);
  if (!zero) return 0;
  size_t line = 1;
  for (const uint8_t *p = bytes; p < zero; p++) line += *p == '\n';
  return tr_fail(e, TR_EXIT_DATA, "%s:%zu: a byte 0: not a text file", path, line);
}

/* Names stand over numbers. */
static int has_header(const struct tr_table *t, int comma) {
  const size_t rows = t->rows < LOOK_AT ? t->rows : LOOK_AT;
  int64_t v;
  for (size_t k = 0; k < t->fields; k++) {
    size_t numbers = 0, words = 0;
    if (tr_cell_missing(t->cell[k].text) || !tr_number_parse(t->cell[k].text, comma, &v)) continue;
    for (size_t r = 1; r < rows && !words; r++) {
      const char *text = t->cell[r * t->stride + k].text;
      if (tr_cell_missing(text)) continue;
      const int is_number = !tr_number_parse(text, comma, &v);
      numbers += (size_t)is_number;
      words += (size_t)!is_number;
    }
    if (numbers && !words) return 1;
  }
  return 0;
}

static int take_header(struct tr_table *t, struct tr_err *e) {
  t->name = tr_alloc(t->fields, sizeof *t->name, e);
  if (!t->name) return -1;
  for (size_t k = 0; k < t->fields; k++) t->name[k] = t->text + (t->cell[k].text - t->text);
  t->rows--;
  memmove(t->cell, t->cell + t->stride, t->rows * t->stride * sizeof *t->cell);
  memmove(t->line, t->line + 1, t->rows * sizeof *t->line);
  return 0;
}

/* A delimiter at the end of every line is no column. */
static void drop_last_if_empty(struct tr_table *t) {
  for (size_t r = 0; r < t->rows; r++)
    if (*t->cell[r * t->stride + t->fields - 1].text) return;
  t->fields--;
}

int tr_table_read(const struct tr_config *c, const char *path, struct tr_table *t, struct tr_err *e) {
  uint8_t *bytes = NULL;
  size_t n = 0, skip = 0;
  struct csv_parser p;
  struct reader r = {.t = t, .e = e};
  memset(t, 0, sizeof *t);
  t->path = path;
  if (tr_read_file(path, 1, TR_DATA_MAX_BYTES, &bytes, &n, e)) return -1;
  int rc = check_text(path, bytes, n, &skip, e);
  /* a cell and its 0 are no longer than the field and its delimiter; the last line may have none */
  if (!rc && !(t->text = r.put = tr_alloc(n + 2, 1, e))) rc = -1;
  if (!rc && csv_init(&p, CSV_STRICT | CSV_STRICT_FINI)) rc = tr_nomem(e);
  if (!rc) {
    char *text = (char *)bytes + skip, *end = (char *)bytes + n;
    t->delimiter = delimiter_of(c->data_delimiter, text, end);
    csv_set_delim(&p, t->delimiter == ' ' ? '\t' : (unsigned char)t->delimiter);
    rc = parse(&r, &p, text, end);
    csv_free(&p);
  }
  free(bytes);
  if (rc) return -1;
  t->fields = t->stride;
  if (t->fields > 1) drop_last_if_empty(t);
  const int comma = strcmp(c->data_decimal, "comma") == 0;
  if (t->rows && (c->data_header == TR_AUTO ? has_header(t, comma) : c->data_header != 0) && take_header(t, e))
    return -1;
  if (!t->rows) return tr_fail(e, TR_EXIT_DATA, "%s: no rows", path);
  if (t->fields < 2)
    return tr_fail(e, TR_EXIT_DATA,
                   "%s:%u: one column; numbers and a label are needed (data.delimiter says what is between them)", path,
                   t->line[0]);
  return 0;
}

/* ---- columns ---- */
void tr_table_inspect(const struct tr_table *t, int comma, struct tr_column *column) {
  for (size_t k = 0; k < t->fields; k++) column[k] = (struct tr_column){.integers = 1};
  for (size_t r = 0; r < t->rows; r++)
    for (size_t k = 0; k < t->fields; k++) {
      struct tr_column *c = &column[k];
      const char *text = t->cell[r * t->stride + k].text;
      int64_t v;
      if (tr_cell_missing(text)) {
        if (c->missing++ == 0) c->first_missing = r;
      } else if (tr_number_parse(text, comma, &v)) {
        if (c->words++ == 0) c->first_word = r;
        if (!comma && strchr(text, ',') && !tr_number_parse(text, 1, &v) && c->commas++ == 0) c->first_comma = r;
      } else {
        c->numbers++;
        if (exponent_of(v) < 0) c->integers = 0;
      }
    }
}

int tr_column_is_words(const struct tr_column *c) {
  return c->words > 0 && c->words >= c->numbers;
}

const char *tr_table_odd_name(const struct tr_table *t, int comma) {
  int64_t v;
  for (size_t k = 0; t->name && k < t->fields; k++)
    if (!tr_number_parse(t->name[k], comma, &v)) return t->name[k];
  return NULL;
}

static int number_order(const void *a, const void *b) {
  const int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
  return x < y ? -1 : x > y;
}

/* Numbers of the first rows that came before. */
static size_t repeated(const struct tr_table *t, size_t k, int comma, size_t rows) {
  int64_t *v = malloc(rows * sizeof *v);
  size_t n = 0, twice = 0;
  for (size_t r = 0; v && r < rows; r++)
    if (!tr_number_parse(t->cell[r * t->stride + k].text, comma, &v[n])) n++;
  if (v) qsort(v, n, sizeof *v, number_order);
  for (size_t r = 1; v && r < n; r++) twice += v[r] == v[r - 1];
  free(v);
  return twice;
}

int tr_table_is_id(const struct tr_table *t, const struct tr_column *column, size_t k, int comma) {
  static const char *const names[] = {"id", "index", "idx", "no", "no.", "nr", "row", "rownames", "unnamed: 0", "uuid"};
  const struct tr_column *c = &column[k];
  for (size_t i = 0; t->name && i < sizeof names / sizeof *names; i++)
    if (strcasecmp(t->name[k], names[i]) == 0) return 1;
  const size_t few = t->rows < 64 ? t->rows : 64;
  return c->integers && !c->words && c->numbers >= 20 && repeated(t, k, comma, few) <= few / 10 &&
         repeated(t, k, comma, t->rows) <= t->rows / 10;
}

const char *tr_table_column(const struct tr_table *t, size_t k, char *text) {
  if (t->name && *t->name[k])
    snprintf(text, TR_COLUMN_TEXT, "column %zu (%.40s)", k + 1, t->name[k]);
  else
    snprintf(text, TR_COLUMN_TEXT, "column %zu", k + 1);
  for (char *p = text; *p; p++)
    if (iscntrl((unsigned char)*p)) *p = ' ';
  return text;
}

static int find_name(const struct tr_table *t, const char *key, const char *word, size_t *k, struct tr_err *e) {
  char names[400] = "";
  size_t found = 0;
  if (!t->name)
    return tr_fail(e, TR_EXIT_DATA, "%s: '%.60s': %s has no header; give a column's number, 1 to %zu", key, word,
                   t->path, t->fields);
  for (size_t i = 0; i < t->fields; i++) {
    if (strcmp(t->name[i], word) == 0) {
      *k = i;
      found++;
    }
    tr_list_add(names, sizeof names, t->name[i]);
  }
  if (found == 1) return 0;
  for (char *p = names; *p; p++)
    if (iscntrl((unsigned char)*p)) *p = ' ';
  return found ? tr_fail(e, TR_EXIT_DATA, "%s: %s has %zu columns '%.60s'; give a column's number", key, t->path, found,
                         word)
               : tr_fail(e, TR_EXIT_DATA, "%s: %s has no column '%.60s'; there are: %s", key, t->path, word, names);
}

/* Digits alone: a column's number to *k. 0: another word. */
static int is_number(const char *word, size_t *k) {
  const size_t n = strspn(word, "0123456789");
  if (n == 0 || n > 9) return 0;
  *k = strtoul(word, NULL, 10);
  return word[n] == 0;
}

static int in_table(const struct tr_table *t, const char *key, size_t number, struct tr_err *e) {
  if (number >= 1 && number <= t->fields) return 0;
  return tr_fail(e, TR_EXIT_DATA, "%s: %zu; %s has columns 1 to %zu", key, number, t->path, t->fields);
}

int tr_table_find(const struct tr_table *t, const char *key, const char *word, size_t *k, struct tr_err *e) {
  size_t number = strcmp(word, "first") == 0 ? 1 : t->fields;
  if (strcmp(word, "first") != 0 && strcmp(word, "last") != 0 && !is_number(word, &number))
    return find_name(t, key, word, k, e);
  *k = number - 1;
  return in_table(t, key, number, e);
}

/* N, N-M, N- or a name. */
static int select_one(const struct tr_table *t, const char *key, const char *word, char *chosen, struct tr_err *e) {
  size_t from = 0, to = 0;
  char first[16] = "";
  const char *dash = strchr(word, '-');
  if (dash && dash - word < (int)sizeof first) memcpy(first, word, (size_t)(dash - word));
  if (is_number(word, &from)) {
    to = from;
  } else if (dash && is_number(first, &from) && (!dash[1] || is_number(dash + 1, &to))) {
    if (!dash[1]) to = t->fields;
    if (to < from) return tr_fail(e, TR_EXIT_DATA, "%s: '%.60s' ends before it begins", key, word);
  } else {
    if (find_name(t, key, word, &from, e)) return -1;
    to = ++from;
  }
  if (in_table(t, key, from, e) || in_table(t, key, to, e)) return -1;
  memset(chosen + from - 1, 1, to - from + 1);
  return 0;
}

int tr_table_select(const struct tr_table *t, const char *key, const char *list, char *chosen, struct tr_err *e) {
  char *copy = strdup(list), *rest = copy, *word;
  int rc = copy ? 0 : tr_nomem(e);
  while (!rc && (word = strsep(&rest, ",")) != NULL) {
    while (is_blank(*word)) word++;
    for (size_t n = strlen(word); n && is_blank(word[n - 1]); n--) word[n - 1] = 0;
    rc = *word ? select_one(t, key, word, chosen, e) : tr_fail(e, TR_EXIT_CONFIG, "%s: a column is missing", key);
  }
  free(copy);
  return rc;
}
