/* SPDX-License-Identifier: Apache-2.0 */
/* crosstrain init: for tables as people have them it writes a configuration with which `crosstrain train` trains as it
 * is; what it cannot guess, and a file that is there, it refuses in one line. */
#define _GNU_SOURCE
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli_run.h"
#include "../splitmix.h"

static char folder[256];
static struct cli c;

static void setup(void) {
  folder_make(folder);
  memset(&c, 0, sizeof c);
}
static void teardown(void) {
  folder_remove(folder);
}

/* Rows of a class each: its features lie around it, in tenths. format: of what stands before and behind them. */
static void table(const char *name, const char *head, const char *before, const char *between, const char *behind,
                  int features, int classes, int rows) {
  uint64_t state = 7;
  char *text = NULL;
  size_t n = 0;
  FILE *f = open_memstream(&text, &n);
  fputs(head, f);
  for (int k = 0; k < rows; k++) {
    const int label = k % classes;
    fprintf(f, before, 'A' + label, 1000 + 37 * k);
    for (int i = 0; i < features; i++)
      fprintf(f, between, (i % classes == label ? 5 : 0) + (int)(splitmix64(&state) % 3),
              (int)(splitmix64(&state) % 10));
    fprintf(f, behind, 'A' + label, 1000 + 37 * k);
  }
  fclose(f);
  file_write(folder, name, "%s", text);
  free(text);
}

/* The configuration's text, to be freed. */
static char *made(const char *name) {
  char path[600];
  size_t n = 0;
  snprintf(path, sizeof path, "%s/%s", folder, name);
  char *text = (char *)file_read(path, &n);
  text = realloc(text, n + 1);
  text[n] = 0;
  return text;
}

/* init, then train alone; the accuracy, of 1. */
static double trained(const char *data, const char *more) {
  cli_start(&c, folder, "init %s/%s -o %s/made.yaml %s", folder, data, folder, more);
  cli_expect(&c, 0);
  cli_start(&c, folder, "train %s/made.yaml -q --out %s/run", folder, folder);
  cli_expect(&c, 0);
  double percent = -1;
  ck_assert_int_eq(sscanf(c.out, "test accuracy %lf", &percent), 1);
  return percent / 100;
}

START_TEST(as_downloaded) { /* a table like iris.data: no header, a word behind numbers */
  table("iris.data", "", "", "%d.%d,", "Iris-%c\n", 4, 3, 150);
  ck_assert_double_ge(trained("iris.data", ""), 0.9);
  ck_assert_str_eq(c.err, "");
  cli_start(&c, folder, "init %s/iris.data -o %s/made.yaml", folder, folder);
  cli_expect_line(&c, 2, "made.yaml is there already");
  char *text = made("made.yaml");
  ck_assert_ptr_nonnull(strstr(text, "label: 5            "));
  ck_assert_ptr_nonnull(strstr(text, "3 classes: Iris-A (50), Iris-B (50), Iris-C (50)"));
  ck_assert_ptr_nonnull(strstr(text, "range_forward: auto"));
  free(text);
}
END_TEST

START_TEST(two_files_of_whole_numbers) { /* like optdigits.tra and .tes */
  table("tra", "", "", "%d,", "%d\n", 16, 4, 200);
  char *text = made("tra"), more[400];
  file_write(folder, "tes", "%s", text);
  free(text);
  snprintf(more, sizeof more, "--test %s/tes", folder);
  ck_assert_double_ge(trained("tra", more), 0.9);
  text = made("made.yaml");
  ck_assert_ptr_nonnull(strstr(text, "signed: false"));
  ck_assert_ptr_nonnull(strstr(text, "/tes\"\n"));
  free(text);
}
END_TEST

START_TEST(a_spreadsheet) { /* everything at once */
  table("t.csv", "\xEF\xBB\xBF\"Class\";\"x\";\"y\";\"z\";\"colour\";\"note\"\r\n;;;;;;\r\n", "\"%c\"", ";\"%d,%d\"",
        ";%c\xC3\xA4;\"n \"\"%d\"\"\"\r\n", 3, 3, 90);
  char *text = made("t.csv");
  memcpy(strstr(text, "\"A\";") + 4, "?    ", 5); /* a missing value */
  file_write(folder, "t.csv", "%s;;;;;;\r\n\r\n", text);
  free(text);
  ck_assert_double_ge(trained("t.csv", ""), 0.8);
  text = made("made.yaml");
  static const char *const words[] = {
      "delimiter: semicolon", "header: true",  "label: 1 ",        "column 1 (Class), 3 classes",
      "skip: \"6\"",          "missing: mean", "nominal: one_hot", "decimal: comma"};
  for (size_t k = 0; k < sizeof words / sizeof *words; k++)
    ck_assert_msg(strstr(text, words[k]) != NULL, "no '%s' in:\n%s", words[k], text);
  free(text);
}
END_TEST

START_TEST(a_label_that_is_told) {
  table("t", "id\tw\tkind\tx\n", "", "%d.%d\t", "%c\t%d\n", 2, 2, 60);
  cli_start(&c, folder, "init %s/t -o %s/b.yaml --label kind", folder, folder);
  cli_expect(&c, 0);
  char *text = made("b.yaml");
  ck_assert_ptr_nonnull(strstr(text, "label: 3 "));
  ck_assert_ptr_nonnull(strstr(text, "skip: \"1, 4\"")); /* by name, by values */
  ck_assert_ptr_nonnull(strstr(c.out, "left out: columns 1, 4 (they number or name the rows"));
  free(text);
  cli_start(&c, folder, "init %s/t -o %s/c.yaml --label color", folder, folder);
  cli_expect_line(&c, 3, "--label: ");
  ck_assert_ptr_nonnull(strstr(c.err, "has no column 'color'; there are: id, w, kind, x"));
  ck_assert_int_ne(access("c.yaml", F_OK), 0);
}
END_TEST

/* A column that cannot be read as numbers: its error names the column, --skip leaves it out; words are told. */
START_TEST(a_column_that_is_left_out) {
  file_write(folder, "t", "1,3,x,a\n2,inf,x,a\n3,1,y,b\n4,1,y,b\n");
  cli_start(&c, folder, "init %s/t -o %s/b.yaml", folder, folder);
  cli_expect_line(&c, 3, "t:2: column 2: 'inf' is not a decimal number"); /* not taken for words as column 3 is */
  cli_start(&c, folder, "init %s/t -o %s/b.yaml --skip 5", folder, folder);
  cli_expect_line(&c, 3, "--skip: ");
  cli_start(&c, folder, "init %s/t -o %s/b.yaml --skip 2", folder, folder);
  cli_expect(&c, 0);
  ck_assert_ptr_nonnull(strstr(c.out, "left out: columns 2 ("));
  ck_assert_ptr_nonnull(strstr(c.out, "an input per word: column 3, 2 words\n"));
  file_write(folder, "t", "1,inf,a\n1,2,a\n2,2,b\n2,3,b\n1,2,a\n");
  cli_start(&c, folder, "init %s/t -o %s/c.yaml", folder, folder);
  cli_expect(&c, 0);
  ck_assert_ptr_nonnull(strstr(c.out, "line 1 is taken for names, although '1' is a number\n"));
}
END_TEST

/* Whatever else is in the folder stays. */
START_TEST(writes_over_nothing) {
  file_write(folder, "t", "1,a\n2,a\n3,b\n4,b\n");
  file_write(folder, "made.yaml.new", "mine");
  file_write(folder, "made.yaml.tmp", "mine");
  cli_start(&c, folder, "init %s/t -o %s/made.yaml", folder, folder);
  cli_expect(&c, 0);
  for (int k = 0; k < 2; k++) {
    char *text = made(k ? "made.yaml.tmp" : "made.yaml.new");
    ck_assert_str_eq(text, "mine");
    free(text);
  }
}
END_TEST

START_TEST(refuses) {
  static const struct {
    const char *text, *words;
  } bad[] = {
      {"1.5,2.5\n2.5,3.5\n3.1,4\n", "t: no column looks like a label"},
      {"1,2,a\n2,3,b\n", "t: no column looks like a label"}, /* every word once */
      {"", "t: no rows"},
      {"a\nb\na\nb\n", "t:1: one column"},
      {"1,2,a\n1,a\n", "t:2: 2 columns; the rows before have 3"},
      {"# setup B\n1,a\n2,a\n", "t:2: 2 columns; the rows before have 1 (a line that begins with # is a row"},
      {"1,\"2,a\n1,2,b\n", "t:1: a quoted field of this row has no end"},
      {"1,a\n2,a\n3,b\n4,b\nx,b\n4,a\n", "t:5: column 1: 'x' is not a decimal number: mend it"},
      {"a,a\nb,a\nc,b\nd,b\n", "t: no column is left as a feature"},
  };
  for (size_t k = 0; k < sizeof bad / sizeof *bad; k++) {
    file_write(folder, "t", "%s", bad[k].text);
    cli_start(&c, folder, "init %s/t -o %s/made.yaml", folder, folder);
    cli_expect_line(&c, 3, bad[k].words);
  }
  file_write(folder, "t", "1,a\n2,a\n3,a\n4,a\n");
  cli_start(&c, folder, "init %s/t --label last -o %s/made.yaml", folder, folder);
  cli_expect_line(&c, 3, "/t: 1 class; at least 2 are needed");
  cli_start(&c, folder, "init %s/none -o %s/made.yaml", folder, folder);
  cli_expect_line(&c, 3, "none: No such file or directory");
  file_write(folder, "t", "1,a\n2,a\n3,b\n4,b\n");
  cli_start(&c, folder, "init %s/t -o %s/no/made.yaml", folder, folder);
  cli_expect_line(&c, 3, "no/made.yaml");
  char path[600];
  struct stat st;
  snprintf(path, sizeof path, "%s/fifo", folder);
  ck_assert_int_eq(mkfifo(path, 0600), 0);
  cli_start(&c, folder, "init %s/fifo -o %s/made.yaml", folder, folder);
  cli_expect_line(&c, 3, "fifo: not a regular file");
  cli_start(&c, folder, "init %s/t --test %s/fifo -o %s/made.yaml", folder, folder, folder);
  cli_expect_line(&c, 3, "fifo: not a regular file");
  snprintf(path, sizeof path, "%s/made.yaml", folder);
  ck_assert_int_ne(stat(path, &st), 0);
}
END_TEST

int main(void) {
  Suite *s = suite_create("train_init");
  TCase *t = tcase_create("all");
  tcase_add_checked_fixture(t, setup, teardown);
  tcase_set_timeout(t, 120);
  tcase_add_test(t, as_downloaded);
  tcase_add_test(t, two_files_of_whole_numbers);
  tcase_add_test(t, a_spreadsheet);
  tcase_add_test(t, a_label_that_is_told);
  tcase_add_test(t, a_column_that_is_left_out);
  tcase_add_test(t, writes_over_nothing);
  tcase_add_test(t, refuses);
  suite_add_tcase(s, t);
  SRunner *r = srunner_create(s);
  srunner_run_all(r, CK_ENV);
  const int failed = srunner_ntests_failed(r);
  srunner_free(r);
  return failed != 0;
}
