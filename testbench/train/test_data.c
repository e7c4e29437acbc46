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
  file_write(folder, "u", "10,20\n9,-3\n");
  config("data: {kind: csv, train: t, test: u, label: first, signed: false, header: true}\n");
  /* the test table has no header of its own: its first line is taken for one */
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
  refuse("column 2: '' is not a decimal number");
  file_write(folder, "t", "1,0x3,a\n");
  refuse("'0x3'");
  file_write(folder, "t", "1,nan,a\n");
  refuse("'nan'");
  file_write(folder, "t", "1,1e5,a\n");
  refuse("'1e5'");
  file_write(folder, "t", "1,-,a\n");
  refuse("'-'");
  file_write(folder, "t", "1,99999999999999999999,a\n");
  refuse("is not a decimal number");
  file_write(folder, "t", "1,2, \n");
  refuse("empty label");
  file_write(folder, "t", "1,2,b\n3,4,c\n");
  refuse("label 'a' does not occur");
  file_write(folder, "t", "1,a\n2,b\n");
  refuse("columns but");
  file_write(folder, "t", "1,2,a\n2,3,a\n");
  refuse("at least 2 are needed");
  put("t", (const uint8_t *)"1,2\0,a\n", 8, 0);
  refuse("not a text file");
  config("data: {kind: csv, train: t}\n");
  file_write(folder, "t", "1,2,a\n");
  refuse("too few to split");
}
END_TEST

START_TEST(csv_refuses_too_many_labels) {
  char *text = malloc(40000), *p = text;
  for (int k = 0; k < 2000; k++) p += sprintf(p, "1,%d\n", k);
  file_write(folder, "t", "%s", text);
  free(text);
  config("data: {kind: csv, train: t, test: t}\n");
  refuse("more than 1000 labels");
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
  tcase_add_test(t, csv_refuses_too_many_labels);
  tcase_add_test(t, digits_are_fixed);
  suite_add_tcase(s, t);
  SRunner *r = srunner_create(s);
  srunner_run_all(r, CK_ENV);
  const int failed = srunner_ntests_failed(r);
  srunner_free(r);
  return failed != 0;
}
