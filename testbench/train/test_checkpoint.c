/* SPDX-License-Identifier: Apache-2.0 */
/* Checkpoints made to harm: sound CRC, sound HDF5, contents that no run wrote. Each is refused by one line. */
#define _GNU_SOURCE
#include <check.h>
#include <hdf5.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include "cli_run.h"

enum { BLOCK = 512 };
static char folder[256], path[300];
static struct cli c;

static void setup(void) {
  folder_make(folder);
  memset(&c, 0, sizeof c);
  file_write(folder, "small.yaml",
             "data: {kind: digits, train_samples: 3, test_samples: 2, size: 8}\nnetwork: {hidden: []}\n");
  cli_start(&c, folder, "train %s/small.yaml --out %s/a -q", folder, folder);
  ck_assert_int_eq(cli_wait(&c), 0);
  cli_start(&c, folder, "train %s/small.yaml --out %s/b -q", folder, folder);
  ck_assert_int_eq(cli_wait(&c), 0);
  snprintf(path, sizeof path, "%s/a/checkpoint.h5", folder);
}
static void teardown(void) {
  folder_remove(folder);
}

/* The block before the HDF5 file says what it should again. */
static void seal(void) {
  size_t n = 0;
  unsigned char *bytes = file_read(path, &n);
  char block[BLOCK] = "";
  snprintf(block, sizeof block, "crosstrain checkpoint 1\ncrc32 %08lx bytes %zu\n",
           crc32_z(0, bytes + BLOCK, n - BLOCK), n - BLOCK);
  memcpy(bytes, block, BLOCK);
  FILE *f = fopen(path, "wb");
  ck_assert_ptr_nonnull(f);
  ck_assert_uint_eq(fwrite(bytes, 1, n, f), n);
  ck_assert_int_eq(fclose(f), 0);
  free(bytes);
}

static void dataset(hid_t f, const char *name, hid_t type, hsize_t n, hid_t prop) {
  const hid_t space = H5Screate_simple(1, &n, NULL);
  const hid_t set = H5Dcreate2(f, name, type, space, H5P_DEFAULT, prop, H5P_DEFAULT);
  ck_assert(set >= 0);
  H5Dclose(set);
  H5Sclose(space);
}

static void numbers(hid_t f, hsize_t n) {
  H5Ldelete(f, "layer0/counters", H5P_DEFAULT);
  const hid_t prop = H5Pcreate(H5P_DATASET_CREATE);
  const hsize_t chunk = 64; /* HDF5 makes no such dataset in one piece */
  H5Pset_chunk(prop, 1, &chunk);
  dataset(f, "layer0/counters", H5T_STD_U64LE, n, prop);
  H5Pclose(prop);
}
static void too_many(hid_t f) {
  numbers(f, (hsize_t)1 << 61);
}
static void too_many_and_one(hid_t f) { /* its bytes are 8 modulo 2^64 */
  numbers(f, ((hsize_t)1 << 61) + 1);
}
static void a_few_more(hid_t f) { /* the file could hold one of them, not both */
  for (int k = 0; k < 2; k++) {
    size_t n = 0;
    free(file_read(path, &n));
    dataset(f, k ? "more" : "most", H5T_STD_U8LE, n - BLOCK - 100, H5P_DEFAULT);
  }
}
static void nested(hid_t f) {
  hid_t g = H5Gcreate2(f, "deep", H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT);
  for (int k = 0; k < 3000; k++) {
    const hid_t in = H5Gcreate2(g, "g", H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT);
    H5Gclose(g);
    g = in;
  }
  H5Gclose(g);
}
static void ring(hid_t f) {
  ck_assert(H5Lcreate_hard(f, "layer0", f, "layer0/again", H5P_DEFAULT, H5P_DEFAULT) >= 0);
}
static void crowd(hid_t f) {
  for (int k = 0; k < 1000; k++) {
    char name[16];
    snprintf(name, sizeof name, "x%d", k);
    H5Lcreate_hard(f, "format", f, name, H5P_DEFAULT, H5P_DEFAULT);
  }
}
static void soft(hid_t f) {
  H5Ldelete(f, "layer0/counters", H5P_DEFAULT);
  ck_assert(H5Lcreate_soft("/run/setup", f, "layer0/counters", H5P_DEFAULT, H5P_DEFAULT) >= 0);
}
static void elsewhere(hid_t f) {
  char other[300];
  snprintf(other, sizeof other, "%s/b/checkpoint.h5", folder);
  H5Ldelete(f, "layer0", H5P_DEFAULT);
  ck_assert(H5Lcreate_external(other, "/layer0", f, "layer0", H5P_DEFAULT, H5P_DEFAULT) >= 0);
}
static void outside(hid_t f) { /* numbers of any other file */
  const hid_t prop = H5Pcreate(H5P_DATASET_CREATE);
  ck_assert(H5Pset_external(prop, "/etc/passwd", 0, 64) >= 0);
  H5Ldelete(f, "layer0/counters", H5P_DEFAULT);
  dataset(f, "layer0/counters", H5T_STD_U64LE, 8, prop);
  H5Pclose(prop);
}
static void chunked(hid_t f) { /* a small file may unpack to any size */
  const hid_t prop = H5Pcreate(H5P_DATASET_CREATE);
  const hsize_t chunk = 64;
  H5Pset_chunk(prop, 1, &chunk);
  H5Pset_deflate(prop, 9);
  dataset(f, "bomb", H5T_STD_U8LE, 1 << 10, prop);
  H5Pclose(prop);
}
static void other_class(hid_t f) {
  const hid_t type = H5Tvlen_create(H5T_STD_U8LE);
  dataset(f, "lists", type, 1, H5P_DEFAULT);
  H5Tclose(type);
}

static const struct {
  void (*make)(hid_t f);
  const char *words;
} harm[] = {
    {too_many, "counters claims more numbers than the file has"},
    {too_many_and_one, "counters claims more numbers than the file has"},
    {a_few_more, "more claims more numbers than the file has"},
    {nested, "g is a group within a group"},
    {ring, "again is a group within a group"},
    {crowd, "a group has too many members"},
    {soft, "counters is a link to something else"},
    {elsewhere, "layer0 is a link to something else"},
    {outside, "counters is not stored in one piece in this file"},
    {chunked, "bomb is not stored in one piece in this file"},
    {other_class, "lists holds neither numbers nor a text"},
};

START_TEST(made_to_harm) {
  const hid_t f = H5Fopen(path, H5F_ACC_RDWR, H5P_DEFAULT);
  ck_assert(f >= 0);
  harm[_i].make(f);
  H5Fclose(f);
  seal();
  cli_start(&c, folder, "compare %s %s", path, path);
  cli_expect_line(&c, 3, harm[_i].words);
  cli_start(&c, folder, "eval %s", path);
  cli_expect_line(&c, 3, harm[_i].words);
  cli_start(&c, folder, "train %s/small.yaml --out %s/a -q --resume", folder, folder);
  cli_expect_line(&c, 3, harm[_i].words);
}
END_TEST

/* Devices that this program makes in another way are not those of the states; older files do not tell. */
START_TEST(devices_of_other_rules) {
  const uint64_t other = 1;
  hid_t f = H5Fopen(path, H5F_ACC_RDWR, H5P_DEFAULT);
  hid_t set = H5Dopen2(f, "layer0/made_from", H5P_DEFAULT);
  ck_assert_int_ge(H5Dwrite(set, H5T_NATIVE_UINT64, H5S_ALL, H5S_ALL, H5P_DEFAULT, &other), 0);
  H5Dclose(set);
  H5Fclose(f);
  seal();
  cli_start(&c, folder, "train %s/small.yaml --out %s/a -q --resume", folder, folder);
  cli_expect_line(&c, 3, "made by a program with other rules for devices or the front end");
  cli_start(&c, folder, "eval %s", path);
  cli_expect_line(&c, 3, "made by a program with other rules for devices or the front end");
  f = H5Fopen(path, H5F_ACC_RDWR, H5P_DEFAULT);
  H5Ldelete(f, "layer0/made_from", H5P_DEFAULT);
  H5Fclose(f);
  seal();
  cli_start(&c, folder, "compare %s %s/b/checkpoint.h5", path, folder);
  ck_assert_int_eq(cli_wait(&c), 0);
  cli_start(&c, folder, "eval %s", path);
  ck_assert_int_eq(cli_wait(&c), 0);
}
END_TEST

/* What differs in type or in number only is different; what is the same in a rewritten file is equal. */
START_TEST(compare_looks_at_types) {
  hid_t f = H5Fopen(path, H5F_ACC_RDWR, H5P_DEFAULT);
  H5Fclose(f);
  seal();
  cli_start(&c, folder, "compare %s %s/b/checkpoint.h5", path, folder);
  ck_assert_int_eq(cli_wait(&c), 0);
  f = H5Fopen(path, H5F_ACC_RDWR, H5P_DEFAULT);
  H5Ldelete(f, "run/best_correct", H5P_DEFAULT);
  const hid_t space = H5Screate(H5S_SCALAR);
  const hid_t set = H5Dcreate2(f, "run/best_correct", H5T_IEEE_F64LE, space, H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT);
  H5Dclose(set);
  H5Sclose(space);
  H5Fclose(f);
  seal();
  cli_start(&c, folder, "compare %s %s/b/checkpoint.h5", path, folder);
  cli_expect_line(&c, 1, "run/best_correct: numbers of another type");
}
END_TEST

int main(void) {
  Suite *s = suite_create("train_checkpoint");
  TCase *t = tcase_create("all");
  tcase_add_checked_fixture(t, setup, teardown);
  tcase_set_timeout(t, 100);
  tcase_add_loop_test(t, made_to_harm, 0, (int)(sizeof harm / sizeof *harm));
  tcase_add_test(t, devices_of_other_rules);
  tcase_add_test(t, compare_looks_at_types);
  suite_add_tcase(s, t);
  SRunner *r = srunner_create(s);
  srunner_run_all(r, CK_NORMAL);
  const int failed = srunner_ntests_failed(r);
  srunner_free(r);
  return failed != 0;
}
