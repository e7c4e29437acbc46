/* SPDX-License-Identifier: Apache-2.0 */
/* A table of text: rows of fields, read from a CSV file as people have them (RFC 4180 and what it leaves open:
 * delimiter, header, blanks, byte order mark), and what its columns look like. Quotes and records are libcsv's work. */
#ifndef TR_DATA_TABLE_H
#define TR_DATA_TABLE_H

#include "config.h"
#include "util.h"

/* Before and after tr_number_pack. */
union tr_cell {
  const char *text;
  int64_t number;
};

struct tr_table {
  const char *path;
  char delimiter; /* ' ': any number of blanks */
  size_t rows, fields;
  size_t stride;       /* cells of a row */
  union tr_cell *cell; /* [rows][stride] */
  uint32_t *line;      /* [rows], of the file, from 1 */
  char **name;         /* [fields], NULL without a header */
  char *text;          /* all cells */
};

struct tr_column {
  size_t numbers, words, missing;
  size_t commas;                                 /* words that are numbers with a decimal comma */
  size_t first_word, first_missing, first_comma; /* rows */
  int integers;                                  /* every number is one */
};

/* Reads as section data of the configuration says. path must outlive *t. On failure *t is to be freed too. */
int tr_table_read(const struct tr_config *c, const char *path, struct tr_table *t, struct tr_err *e);
void tr_table_free(struct tr_table *t);

/* What stands in the columns ([fields]). */
void tr_table_inspect(const struct tr_table *t, int comma, struct tr_column *column);
/* Words, and not numbers of which some cannot be read. */
int tr_column_is_words(const struct tr_column *c);
/* The first name of the header that is a number, as if it were no header; NULL: none is. */
const char *tr_table_odd_name(const struct tr_table *t, int comma);
/* 1 if the column counts the rows or identifies them: its name, or integers of which nearly none comes twice. */
int tr_table_is_id(const struct tr_table *t, const struct tr_column *column, size_t k, int comma);

/* "column 3" or "column 3 (width)"; text[TR_COLUMN_TEXT]. */
enum { TR_COLUMN_TEXT = 80 };
const char *tr_table_column(const struct tr_table *t, size_t k, char *text);
/* Index of a column: first, last, a number from 1, or a name. key: what messages call it. */
int tr_table_find(const struct tr_table *t, const char *key, const char *word, size_t *k, struct tr_err *e);
/* Marks the columns of a list such as "2-5, 7, width, 10-" in chosen[fields]. */
int tr_table_select(const struct tr_table *t, const char *key, const char *list, char *chosen, struct tr_err *e);

/* ---- cells ---- */
/* Empty, ?, NA, N/A, NaN, null. */
int tr_cell_missing(const char *text);

/* Decimal numbers, [+-]digits[.digits][e[+-]digits]: 16 significant digits, below 1e100 (below 1e-100 they are 0),
 * packed so that no float is needed: mantissa and power of ten. Refuses with -1. comma: the decimal sign. */
int tr_number_parse(const char *text, int comma, int64_t *packed);
/* Position of the leading digit: |v| < 10^position; 0 for 0. */
int tr_number_position(int64_t packed);
/* In units of 10^unit, cut towards 0; at most +-10^17. */
int64_t tr_number_in(int64_t packed, int unit);

#endif
