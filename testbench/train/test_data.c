/* SPDX-License-Identifier: Apache-2.0 */
/* Data sets: values of good files, and every bad file gives one line that names it. */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include "cli_run.h"
#include "data.h"

static char folder[256];
static struct tr_config cfg;
static struct tr_dataset data;
static struct tr_err err;

static void setup(void) {
  folder_make(folder);
  memset(&err, 0, sizeof err);
  memset(&data, 0, sizeof data);
}
static void teardown(void) {
  tr_data_free(&data);
  folder_remove(folder);
}

static void config(const char *text) {
  ck_assert_msg(!tr_config_parse(text, strlen(text), "test", NULL, &cfg, &err), "%s", err.text);
}

/* One bad set: the exit code, the words of the message, one line. */
static void refuse(const char *words) {
  memset(&err, 0, sizeof err);
  ck_assert_msg(tr_data_load(&cfg, folder, &data, &err) != 0, "accepted, should say: %s", words);
  ck_assert_int_eq(err.code, TR_EXIT_DATA);
  ck_assert_msg(strstr(err.text, words) != NULL, "'%s' does not say '%s'", err.text, words);
  ck_assert_ptr_null(strchr(err.text, '\n'));
  ck_assert_ptr_null(data.train.x);
}

static void accept_data(void) {
  tr_data_free(&data);
  memset(&err, 0, sizeof err);
  ck_assert_msg(!tr_data_load(&cfg, folder, &data, &err), "%s", err.text);
}

/* ---- IDX ---- */
static const char idx_config[] =
    "data: {kind: idx, train_images: a, train_labels: b, test_images: c, test_labels: d}\n";

static void put(const char *name, const uint8_t *bytes, size_t n, int gz) {
  char path[600];
  snprintf(path, sizeof path, "%s/%s", folder, name);
  gzFile f = gzopen(path, gz ? "wb" : "wbT");
  ck_assert_ptr_nonnull(f);
  if (n) ck_assert_int_eq(gzwrite(f, bytes, (unsigned)n), (int)n);
  ck_assert_int_eq(gzclose(f), Z_OK);
}

static size_t images(uint8_t *b, int n, int h, int w) {
  const uint8_t head[16] = {0, 0, 8, 3, 0, 0, 0, (uint8_t)n, 0, 0, 0, (uint8_t)h, 0, 0, 0, (uint8_t)w};
  memcpy(b, head, 16);
  for (int k = 0; k < n * h * w; k++) b[16 + k] = (uint8_t)(k * 37);
  return 16 + (size_t)(n * h * w);
}

static size_t labels(uint8_t *b, int n) {
  const uint8_t head[8] = {0, 0, 8, 1, 0, 0, 0, (uint8_t)n};
  memcpy(b, head, 8);
  for (int k = 0; k < n; k++) b[8 + k] = (uint8_t)(k % 3);
  return 8 + (size_t)n;
}

static uint8_t im[4096], lb[256];
static size_t ni, nl;

static void good_idx(int gz) {
  ni = images(im, 10, 4, 5);
  nl = labels(lb, 10);
  put("a", im, ni, gz);
  put("b", lb, nl, gz);
  put("c", im, ni, gz);
  put("d", lb, nl, gz);
  config(idx_config);
}

START_TEST(idx_reads_plain_and_gzip) {
  good_idx(_i);
  accept_data();
  ck_assert_int_eq(data.inputs, 20);
  ck_assert_int_eq(data.classes, 3);
  ck_assert_uint_eq(data.train.n, 10);
  ck_assert_uint_eq(data.test.n, 10);
  for (int k = 0; k < 200; k++) ck_assert_int_eq(data.train.x[k], (im[16 + k] * 63 + 127) / 255);
  for (int k = 0; k < 10; k++) ck_assert_int_eq(data.train.label[k], k % 3);
}
END_TEST

START_TEST(idx_limit) {
  good_idx(0);
  cfg.data_limit = 2; /* two classes are left in the samples, but the network keeps three */
  cfg.data_test_limit = 3;
  accept_data();
  ck_assert_uint_eq(data.train.n, 2);
  ck_assert_uint_eq(data.test.n, 3);
  ck_assert_int_eq(data.classes, 3);
}
END_TEST

START_TEST(idx_refuses) {
  char path[600];
  good_idx(0);
  snprintf(path, sizeof path, "%s/b", folder);
  remove(path);
  refuse("No such file");
  good_idx(0);
  put("a", im, 0, 0);
  refuse("too short");
  put("a", im, 9, 0);
  refuse("ends inside its header");
  put("a", im, ni - 1, 0);
  refuse("header says 200 bytes of data, file has 199");
  im[ni] = 0;
  put("a", im, ni + 1, 0);
  refuse("file has 201");
  good_idx(0);
  im[0] = 0x89;
  put("a", im, ni, 0);
  refuse("magic number 0x89000803");
  good_idx(0);
  im[2] = 0x0d;
  put("a", im, ni, 0);
  refuse("IDX type 0x0d");
  good_idx(0);
  im[3] = 9;
  put("a", im, ni, 0);
  refuse("9 dimensions");
  good_idx(0);
  put("a", lb, nl, 0);
  refuse("images have 2 or more");
  good_idx(0);
  put("b", im, ni, 0);
  refuse("labels have 1");
  good_idx(0);
  im[8] = 255; /* height 2^32 / ... */
  put("a", im, ni, 0);
  refuse("more than 32767");
  good_idx(0);
  im[4] = 255;
  put("a", im, ni, 0);
  refuse("at most");
  good_idx(0);
  nl = labels(lb, 9);
  put("b", lb, nl, 0);
  refuse("has 10 items but");
  good_idx(0);
  lb[12] = 7;
  put("d", lb, nl, 0);
  refuse("label 7 does not occur");
  good_idx(0);
  ni = images(im, 10, 4, 4);
  put("c", im, ni, 0);
  refuse("16 values per item; the training set has 20");
  good_idx(0);
  ni = images(im, 0, 4, 5);
  nl = labels(lb, 0);
  put("a", im, ni, 0);
  put("b", lb, nl, 0);
  refuse("a: 0 items");
}
END_TEST

START_TEST(idx_refuses_broken_gzip) {
  good_idx(1);
  char path[600];
  snprintf(path, sizeof path, "%s/a", folder);
  size_t n = 0;
  unsigned char *z = file_read(path, &n);
  for (size_t cut = 12; cut < n; cut += 7) {
    FILE *f = fopen(path, "wb");
    ck_assert_uint_eq(fwrite(z, 1, cut, f), cut);
    fclose(f);
    refuse(folder);
  }
  z[n / 2] ^= 0x55;
  FILE *f = fopen(path, "wb");
  ck_assert_uint_eq(fwrite(z, 1, n, f), n);
  fclose(f);
  refuse(folder);
  free(z);
}
END_TEST

START_TEST(idx_refuses_a_folder) {
  good_idx(0);
  snprintf(cfg.data_train_images, sizeof cfg.data_train_images, ".");
  refuse("directory");
}
END_TEST

/* ---- CSV ---- */
START_TEST(csv_scales_columns) {
  file_write(folder, "t", "5.0,-1,7,b\n 0 , 1e0x,7,a\n");
  config("data: {kind: csv, train: t, test: t}\n");
  refuse("t:2: column 2: '1e0x' is not a decimal number");
  file_write(folder, "t", "5.0,-1,7,b\n 0 , +1,7,a\r\n\n2.5,.5,7.000000,b\n");
  accept_data();
  ck_assert_int_eq(data.inputs, 3);
  ck_assert_int_eq(data.classes, 2);
  const int8_t want[9] = {63, -63, 0, -63, 63, 0, 0, 32, 0}; /* a constant column is 0 */
  for (int k = 0; k < 9; k++) ck_assert_msg(data.train.x[k] == want[k], "value %d: %d", k, data.train.x[k]);
  ck_assert_int_eq(data.train.label[0], 1); /* labels in the order of their text */
  ck_assert_int_eq(data.train.label[1], 0);
}
END_TEST

START_TEST(csv_unsigned_and_label_first) {
  file_write(folder, "t", "name,x\n10,0\n9,10\n10,5\n");
  file_write(folder, "u", "name,x\n9,-3\n");
  config("data: {kind: csv, train: t, test: u, label: first, signed: false, header: true}\n");
  accept_data();
  ck_assert_uint_eq(data.train.n, 3);
  ck_assert_uint_eq(data.test.n, 1);
  ck_assert_int_eq(data.train.x[0], 0);
  ck_assert_int_eq(data.train.x[1], 63);
  ck_assert_int_eq(data.train.x[2], 32);
  ck_assert_int_eq(data.train.label[0], 1); /* 9 before 10: by value */
  ck_assert_int_eq(data.test.x[0], 0);      /* outside the training range: clamped */
}
END_TEST

START_TEST(csv_split_is_by_seed) {
  char text[4000] = "";
  for (int k = 0; k < 100; k++) sprintf(text + strlen(text), "%d,%d,%c\n", k, k * k, 'a' + k % 3);
  file_write(folder, "t", "%s", text);
  config("seed: 5\ndata: {kind: csv, train: t, test_fraction: 0.2}\n");
  accept_data();
  ck_assert_uint_eq(data.train.n, 80);
  ck_assert_uint_eq(data.test.n, 20);
  struct tr_dataset again;
  ck_assert_int_eq(tr_data_load(&cfg, folder, &again, &err), 0);
  ck_assert_int_eq(memcmp(again.train.x, data.train.x, 160), 0);
  tr_data_free(&again);
  cfg.seed = 6;
  ck_assert_int_eq(tr_data_load(&cfg, folder, &again, &err), 0);
  ck_assert_int_ne(memcmp(again.train.x, data.train.x, 160), 0);
  tr_data_free(&again);
}
END_TEST

START_TEST(csv_refuses) {
  config("data: {kind: csv, train: t, test: u}\n");
  refuse("No such file");
  file_write(folder, "u", "1,2,a\n");
  file_write(folder, "t", "%s", "");
  refuse("no rows");
  file_write(folder, "t", "\n\n");
  refuse("no rows");
  file_write(folder, "t", "a\nb\n");
  refuse("one column");
  file_write(folder, "t", "1,2,a\n1,a\n");
  refuse("t:2: 2 columns; the rows before have 3");
  file_write(folder, "t", "1,,a\n");
  refuse("column 2: a missing value (''), the first of 1: set data.missing: drop (the rows) or mean");
  file_write(folder, "t", "1,0x3,a\n");
  refuse("'0x3'");
  file_write(folder, "t", "1,nan,a\n");
  refuse("a missing value ('nan')");
  file_write(folder, "t", "1,-,a\n");
  refuse("'-'");
  file_write(folder, "t", "1,1e101,a\n");
  refuse("is not a decimal number");
  file_write(folder, "t", "1,2,b\n1,2, \n");
  refuse("t:2: column 3: empty label");
  file_write(folder, "t", "1,2,b\n3,4,c\n");
  refuse("label 'a' does not occur");
  file_write(folder, "t", "1,a\n2,b\n");
  refuse("columns but");
  file_write(folder, "t", "1,2,a\n2,3,a\n");
  refuse("at least 2 are needed");
  put("t", (const uint8_t *)"1,2\0,a\n", 8, 0);
  refuse("t:1: a byte 0: not a text file");
  config("data: {kind: csv, train: t}\n");
  file_write(folder, "t", "1,2,a\n");
  refuse("too few to split");
}
END_TEST

/* The same three rows, as people have them. */
static const struct {
  const char *keys, *text;
} same[] = {
    {"", "1,5,a\n2,7,b\n3,6,a\n"},
    {"",
     "\xEF\xBB\xBF"
     "1,5,a\n2,7,b\n3,6,a\n"},
    {"", "1,5,a\r\n2,7,b\r\n3,6,a\r\n"},
    {"", "1,5,a\r2,7,b\r3,6,a"},
    {"", " 1 ,\t5,a \n\n2, 7, b\n3,6,a\n\n \n\r\n"},
    {"", "1;5;a\n2;7;b\n3;6;a\n"},
    {"", "1\t5\ta\n2\t7\tb\n3\t6\ta\n"},
    {"", "1|5|a\n2|7|b\n3|6|a\n"},
    {"", "  1   5 a\n2 \t7  b  \n3 6 a\n"},
    {"", "1,5,a,\n2,7,b,\n3,6,a,\n,,,\n"},
    {"", "x,y,class\n1,5,a\n2,7,b\n3,6,a\n"},
    {"", "\xEF\xBB\xBF\"x\",\"y\",\"class\"\r\n\"1\",\"5\",\"a\"\r\n\"2\",\"7\",\"b\"\r\n\"3\",\"6\",\"a\"\r\n"},
    {"header: true", "1,2,3\n1,5,a\n2,7,b\n3,6,a\n"},
    {"", "1e-3,5e2,a\n.2E-2,+70e1,b\n0.003,600.,a\n"},
    {"", "-1e99,5e-90,a\n0,7e-90,b\n1e99,6e-90,a\n"},
    {"decimal: comma", "0,1;-0,5;a\n0,2;1,5e0;b\n0,3;,5;a\n"},
    {"label: first", "a,1,5\nb,2,7\na,3,6\n"},
    {"label: 2", "1,a,5\n2,b,7\n3,a,6\n"},
    {"label: kind of", "x,kind of,y\n1,a,5\n2,b,7\n3,a,6\n"},
    {"skip: 1", "901,1,5,a\n47,2,7,b\n3,3,6,a\n"},
    {"skip: \"no, comment\"", "no,x,comment,y,c\n901,1,so,5,a\n47,2,\"a \"\"b\"\",\nc\",7,b\n3,3,,6,a\n"},
    {"columns: \"2, 4-4\"", "901,1,so,5,a\n47,2,?,7,b\n3,3,,6,a\n"},
    {"columns: \"y,x\", label: c", "z,x,c,q,y\n901,1,a,so,5\n47,2,b,?,7\n3,3,a,,6\n"},
    {"columns: 3-, skip: 4", "901,so,1,so,5,a\n47,?,2,so,7,b\n3,,3,so,6,a\n"},
    {"missing: drop", "1,5,a\n?,6,a\n2,7,b\n3,6,a\n3,NA,b\n3,6,\n"},
    {"delimiter: semicolon", "1;5;a,b\n2;7;c,d\n3;6;a,b\n"},
    {"", "\"1\",5,\"a,\nb\"\n\n\"2\",7,\"c\"\n3,6,\"a,\nb\"\n"},
};

START_TEST(csv_as_users_have_it) {
  static const int8_t want[6] = {-63, -63, 0, 63, 63, 0};
  char text[400];
  file_write(folder, "t", "%s", same[_i].text);
  snprintf(text, sizeof text, "data: {kind: csv, train: t, test: t%s%s}\n", *same[_i].keys ? ", " : "", same[_i].keys);
  config(text);
  accept_data();
  ck_assert_int_eq(data.inputs, 2);
  ck_assert_int_eq(data.classes, 2);
  ck_assert_uint_eq(data.train.n, 3);
  ck_assert_int_eq(memcmp(data.train.x, want, 6), 0);
  for (int k = 0; k < 3; k++) ck_assert_int_eq(data.train.label[k], k == 1);
  ck_assert(!data.notes || strstr(data.notes, "2 of 6") || strstr(data.notes, "3 of 6"));
}
END_TEST

/* One line that says where, and what to set. */
static const struct {
  const char *keys, *text, *words;
} unlike[] = {
    {"", "1,x,a\n2,y,b\n",
     "t:1: column 2: 'x' is not a decimal number: leave the column out with data.skip: 2, or take an "
     "input per word with data.nominal: one_hot"},
    {"", "w,h,c\n1,2,a\n2,3,a\n2,4,b\n1,o,b\n", "t:5: column 2 (h): 'o' is not a decimal number: mend it, or leave"},
    {"nominal: one_hot", "1,2,x,a\n2,inf,x,a\n2,4,y,b\n1,5,y,b\n",
     "t:2: column 2: 'inf' is not a decimal number: mend it, or leave the column out with data.skip: 2"},
    {"", "1,2,a\n2,3\"4,a\n", "t:2: a quotation mark inside a field"},
    {"", "1,2,a\n2,\"3\"4,a\n", "t:2: a quotation mark inside a field"},
    {"", "1,2,a\n2,4,\"b\n3,4,c\n", "t:2: a quoted field of this row has no end"},
    {"", "1,2,a\n2;4;b\n3,4,b\n", "t:2: 1 columns; the rows before have 3"},
    {"", "1;2;a\n2;4;b;\n3,4,b\n", "t:2: 4 columns; the rows before have 3 (data.delimiter says"},
    {"delimiter: tab", "1,2,a\n2,4,b\n", "t:1: one column; numbers and a label are needed (data.delimiter"},
    {"", "1,5;2;a\n2,5;4;b\n", "t:1: column 1: '1,5' has a decimal comma: set data.decimal: comma"},
    {"", "x;y;c\n;2;a\n2,5;4;b\n", "t:3: column 1 (x): '2,5' has a decimal comma: set data.decimal: comma"},
    {"", "1,2,a\n2,?,b\n2,N/A,b\n", "t:2: column 2: a missing value ('?'), the first of 2: set data.missing: drop"},
    {"missing: mean", "1,,a\n2,?,b\n",
     "t: column 2 has no number in the training rows: leave it out with data.skip: 2"},
    {"missing: drop", "1,,a\n2,?,b\n", "t: every row has a missing value"},
    {"missing: mean", "1,1,a\n2,2,\n", "t:2: column 3: empty label (data.missing: drop"},
    {"label: 4", "1,2,a\n2,3,b\n", "data.label: 4; "},
    {"label: 0", "1,2,a\n2,3,b\n", "data.label: 0; "},
    {"label: kind", "1,2,a\n2,3,b\n", "t has no header; give a column's number, 1 to 3"},
    {"label: kind", "x,y,k\n1,2,a\n2,3,b\n", "t has no column 'kind'; there are: x, y, k"},
    {"skip: x", "x,x,k\n1,2,a\n2,3,b\n", "t has 2 columns 'x'; give a column's number"},
    {"skip: 1-2", "1,2,a\n2,3,b\n", "t: no column is left as a feature"},
    {"columns: 3-2", "1,2,a\n2,3,b\n", "data.columns: '3-2' ends before it begins"},
    {"columns: \"1,9\"", "1,2,a\n2,3,b\n", "data.columns: 9; "},
    {"",
     "\xFF\xFE"
     "1\n",
     "t: UTF-16; save it as UTF-8"},
};

START_TEST(csv_says_what_to_set) {
  char text[400];
  file_write(folder, "t", "%s", unlike[_i].text);
  snprintf(text, sizeof text, "data: {kind: csv, train: t, test: t%s%s}\n", *unlike[_i].keys ? ", " : "",
           unlike[_i].keys);
  config(text);
  refuse(unlike[_i].words);
}
END_TEST

START_TEST(csv_missing_becomes_the_mean_of_the_training_rows) {
  file_write(folder, "t", "0,1,a\n10,1,b\n?,1,b\n9e0,1,a\n");
  file_write(folder, "u", "?,1,a\n100,1,b\n");
  config("data: {kind: csv, train: t, test: u, missing: mean, signed: false}\n");
  accept_data();
  const int8_t want[4] = {0, 63, 40, 57}; /* (0 + 10 + 9) / 3 of 10 */
  for (int k = 0; k < 4; k++) ck_assert_int_eq(data.train.x[2 * k], want[k]);
  ck_assert_int_eq(data.test.x[0], 40);
  ck_assert_int_eq(data.test.x[2], 63);
}
END_TEST

START_TEST(csv_words_become_inputs) {
  file_write(folder, "t", "1,red,5,a\n2,blue,6,b\n3,red,7,b\n3,?,7,b\n");
  file_write(folder, "u", "1,green,5,a\n1,blue,5,a\n");
  config("data: {kind: csv, train: t, test: u, nominal: one_hot, missing: mean}\n");
  accept_data();
  ck_assert_int_eq(data.inputs, 4); /* blue and red in the place of the second column */
  const int8_t want[16] = {-63, 0, 63, -63, 0, 63, 0, 0, 63, 0, 63, 63, 63, 0, 0, 63};
  for (int k = 0; k < 16; k++) ck_assert_msg(data.train.x[k] == want[k], "value %d: %d", k, data.train.x[k]);
  const int8_t test[8] = {-63, 0, 0, -63, -63, 63, 0, -63};
  for (int k = 0; k < 8; k++) ck_assert_msg(data.test.x[k] == test[k], "test value %d: %d", k, data.test.x[k]);
}
END_TEST

/* What may not be meant: trained all the same, and one line says so. */
static void note(const char *keys, const char *format, int rows, const char *words) {
  char *text = malloc(64 * (size_t)rows), *p = text, whole[300];
  *p = 0;
  for (int k = 0; k < rows; k++) p += sprintf(p, format, k, k % 7, k % 3);
  file_write(folder, "t", "%s", text);
  free(text);
  snprintf(whole, sizeof whole, "data: {kind: csv, train: t, test: t%s}\n", keys);
  config(whole);
  accept_data();
  if (!words) {
    ck_assert_msg(!data.notes, "%s", data.notes);
    return;
  }
  ck_assert_ptr_nonnull(data.notes);
  ck_assert_msg(strstr(data.notes, words) != NULL, "'%s' does not say '%s'", data.notes, words);
  ck_assert_ptr_eq(strchr(data.notes, '\n') + 1, data.notes + strlen(data.notes));
}

START_TEST(csv_notes) {
  note("", "%d,%d,%d\n", 50, "t: column 1 seems to number the rows, and is a feature: data.skip: 1 leaves it out");
  note(", skip: 1", "%d,%d,%d\n", 50, NULL);
  note("", "%d.5,%d,%d\n", 50, NULL); /* not whole: a measurement */
  note(", label: first", "%d,%d,%d\n", 300,
       "t: column 1 has 300 classes in 300 rows: if it is not the label, set data.label");
  note(", label: first", "%d,%d,%d\n", 999, "t: column 1 has 999 classes");
  file_write(folder, "t", "1,inf,a\n1,2.5,a\n2,3.5,b\n2,2.5,b\n");
  config("data: {kind: csv, train: t, test: t}\n");
  accept_data();
  ck_assert_ptr_nonnull(data.notes);
  ck_assert_ptr_nonnull(strstr(data.notes, "t: the first line is taken for names, although '1' is a number: if it is"));
  char text[4000] = "Id,x,c\n";
  for (int k = 0; k < 10; k++) sprintf(text + strlen(text), "%d,%d,%d\n", k, k, k % 2);
  file_write(folder, "t", "%s", text);
  config("data: {kind: csv, train: t, test: t}\n");
  accept_data();
  ck_assert_ptr_nonnull(data.notes);
  ck_assert_ptr_nonnull(strstr(data.notes, "t: column 1 (Id) seems to number the rows"));
  strcpy(text, "colour,kind\n");
  for (int k = 0; k < 40; k++) sprintf(text + strlen(text), "%s,%c\n", k & 1 ? "red" : "blue", 'a' + k % 2);
  file_write(folder, "t", "%s", text);
  config("data: {kind: csv, train: t, test: t, nominal: one_hot}\n");
  accept_data();
  ck_assert_ptr_nonnull(data.notes);
  ck_assert_ptr_nonnull(strstr(data.notes, "t:1: class 'kind' is in this line only"));
}
END_TEST

START_TEST(csv_refuses_too_many_labels) {
  char *text = malloc(40000), *p = text;
  for (int k = 0; k < 2000; k++) p += sprintf(p, "1,%d\n", k);
  file_write(folder, "t", "%s", text);
  config("data: {kind: csv, train: t, test: t}\n");
  refuse("t: column 2 has 2000 different values; more than 1000 labels are not allowed: set data.label");
  p = text;
  for (int k = 0; k < 2000; k++) p += sprintf(p, "w%d,%d\n", k, k % 2);
  file_write(folder, "t", "%s", text);
  config("data: {kind: csv, train: t, test: t, nominal: one_hot}\n");
  refuse("t: column 1 has 2000 different words; at most 1000 are allowed: leave it out with data.skip: 1");
  free(text);
}
END_TEST

/* A line of a megabyte, in one field and in many. */
START_TEST(csv_long_lines) {
  const size_t n = 1000000;
  char *text = malloc(2 * n + 100);
  memset(text, '7', n);
  strcpy(text + n, ",1,a\n");
  file_write(folder, "t", "%s", text);
  config("data: {kind: csv, train: t, test: t}\n");
  refuse("t:1: column 1: '7777");
  for (size_t k = 0; k < 40000; k++) memcpy(text + 2 * k, "7,", 3);
  file_write(folder, "t", "%sa\n", text);
  refuse("t:1: more than 32768 columns");
  text[2 * 30000] = 0;
  file_write(folder, "t", "%sa\n%sb\n", text, text);
  accept_data();
  ck_assert_int_eq(data.inputs, 30000);
  free(text);
}
END_TEST

/* ---- digits ---- */
START_TEST(digits_are_fixed) {
  config("data: {kind: digits, train_samples: 200, test_samples: 200}\n");
  accept_data();
  ck_assert_int_eq(data.inputs, 256);
  ck_assert_int_eq(data.classes, 10);
  const uint32_t crc = (uint32_t)crc32_z(0, (const uint8_t *)data.train.x, 200 * 256);
  ck_assert_msg(crc == 0x7da24cb4u, "digits of seed 1 are others than they were: 0x%08x", crc);
  int seen[10] = {0};
  for (int k = 0; k < 200; k++) seen[data.train.label[k]]++;
  for (int k = 0; k < 10; k++) ck_assert_int_gt(seen[k], 5);
  for (int a = 0; a < 200; a++) /* no test image is a training image */
    for (int b = 0; b < 200; b++) ck_assert_int_ne(memcmp(data.train.x + 256 * a, data.test.x + 256 * b, 256), 0);
}
END_TEST

/* ---- validation ---- */
/* Every training sample is in one of both parts, once, and in its order; nothing of the test set is left. */
START_TEST(validation_is_of_the_training_set) {
  config("seed: 3\ndata: {kind: digits, train_samples: 200, test_samples: 100}\n");
  accept_data();
  const struct tr_dataset all = data;
  memset(&data, 0, sizeof data);
  cfg.data_validation = 0.2;
  accept_data();
  ck_assert_uint_eq(data.train.n, 160);
  ck_assert_uint_eq(data.test.n, 40);
  ck_assert_int_eq(data.classes, all.classes);
  size_t at[2] = {0, 0};
  for (size_t i = 0; i < all.train.n; i++) {
    const uint8_t *x = (const uint8_t *)all.train.x + 256 * i;
    const struct tr_samples *part[2] = {&data.train, &data.test};
    int found = 0;
    for (int k = 0; k < 2 && !found; k++) {
      if (at[k] == part[k]->n || memcmp(part[k]->x + 256 * at[k], x, 256) != 0) continue;
      ck_assert_int_eq(part[k]->label[at[k]], all.train.label[i]);
      at[k]++;
      found = 1;
    }
    ck_assert_msg(found, "training sample %zu is in neither part, or out of order", i);
  }
  ck_assert_uint_eq(at[0], 160);
  ck_assert_uint_eq(at[1], 40);
  /* by the seed */
  struct tr_dataset again;
  ck_assert_int_eq(tr_data_load(&cfg, folder, &again, &err), 0);
  ck_assert_uint_eq(again.digest, data.digest);
  tr_data_free(&again);
  char text[4000] = "";
  for (int k = 0; k < 100; k++) sprintf(text + strlen(text), "%d,%d,%c\n", k, k * k, 'a' + k % 3);
  file_write(folder, "t", "%s", text);
  file_write(folder, "u", "1,1,a\n2,2,b\n3,3,c\n");
  uint64_t digest[2];
  for (int seed = 0; seed < 2; seed++) { /* with a test table of its own the seed chooses nothing else */
    config("data: {kind: csv, train: t, test: u, validation: 0.3, test_limit: 20}\n");
    cfg.seed = seed;
    accept_data();
    ck_assert_uint_eq(data.train.n, 70);
    ck_assert_uint_eq(data.test.n, 20);
    digest[seed] = data.digest;
  }
  ck_assert_uint_ne(digest[0], digest[1]);
  struct tr_dataset whole = all;
  tr_data_free(&whole);
}
END_TEST

START_TEST(validation_needs_samples) {
  config("data: {kind: digits, train_samples: 3, test_samples: 10, validation: 0.1}\n");
  refuse("data.validation: 0.1 of 3 training samples leaves none for the validation");
  cfg.data_train_samples = 1;
  cfg.data_validation = 0.6;
  refuse("data.validation: 0.6 of 1 training samples leaves none for the training");
}
END_TEST

int main(void) {
  Suite *s = suite_create("train_data");
  TCase *t = tcase_create("all");
  tcase_add_checked_fixture(t, setup, teardown);
  tcase_set_timeout(t, 60);
  tcase_add_loop_test(t, idx_reads_plain_and_gzip, 0, 2);
  tcase_add_test(t, idx_limit);
  tcase_add_test(t, idx_refuses);
  tcase_add_test(t, idx_refuses_broken_gzip);
  tcase_add_test(t, idx_refuses_a_folder);
  tcase_add_test(t, csv_scales_columns);
  tcase_add_test(t, csv_unsigned_and_label_first);
  tcase_add_test(t, csv_split_is_by_seed);
  tcase_add_test(t, csv_refuses);
  tcase_add_loop_test(t, csv_as_users_have_it, 0, (int)(sizeof same / sizeof *same));
  tcase_add_loop_test(t, csv_says_what_to_set, 0, (int)(sizeof unlike / sizeof *unlike));
  tcase_add_test(t, csv_missing_becomes_the_mean_of_the_training_rows);
  tcase_add_test(t, csv_words_become_inputs);
  tcase_add_test(t, csv_notes);
  tcase_add_test(t, csv_refuses_too_many_labels);
  tcase_add_test(t, csv_long_lines);
  tcase_add_test(t, digits_are_fixed);
  tcase_add_test(t, validation_is_of_the_training_set);
  tcase_add_test(t, validation_needs_samples);
  suite_add_tcase(s, t);
  SRunner *r = srunner_create(s);
  srunner_run_all(r, CK_ENV);
  const int failed = srunner_ntests_failed(r);
  srunner_free(r);
  return failed != 0;
}
