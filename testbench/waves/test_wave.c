/* SPDX-License-Identifier: Apache-2.0 */
/* What checks a dump (model/xt_wave.h): a whole one is accepted, and none of those that a full device leaves, whose
 * last block is short and says so. */
#include <check.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "gtkwave/fstapi.h"
#include "xt_tile_if.h"
#include "xt_wave.h"

static char folder[] = "/tmp/xt_wave.XXXXXX", file[64], err[600];
static unsigned char *dump;
static size_t size, last; /* where its last block starts, the hierarchy */

/* As Verilator writes one: some scopes with signals, and values in several blocks. */
static int make_dump(void) {
  enum { SCOPES = 40, SIGNALS = 12, TIMES = 600 };
  fstHandle signal[SCOPES * SIGNALS];
  char name[40];
  void *fst = fstWriterCreate(file, 1);
  if (!fst) return -1;
  fstWriterSetPackType(fst, FST_WR_PT_LZ4);
  for (int s = 0; s < SCOPES; s++) {
    snprintf(name, sizeof name, "u_block_%d", s);
    fstWriterSetScope(fst, FST_ST_VCD_MODULE, name, NULL);
    for (int k = 0; k < SIGNALS; k++) {
      snprintf(name, sizeof name, "signal_%d_of_block_%d", 7 * k, s);
      signal[SIGNALS * s + k] = fstWriterCreateVar(fst, FST_VT_VCD_WIRE, FST_VD_IMPLICIT, 32, name, 0);
    }
    fstWriterSetUpscope(fst);
  }
  for (uint32_t t = 0; t < TIMES; t++) {
    fstWriterEmitTimeChange(fst, 10 * t);
    for (uint32_t k = t % 5; k < SCOPES * SIGNALS; k += 5) fstWriterEmitValueChange32(fst, signal[k], 32, t * k);
    if (t % 200 == 199) fstWriterFlushContext(fst);
  }
  fstWriterClose(fst);
  FILE *f = fopen(file, "rb");
  if (!f || fseek(f, 0, SEEK_END) || (size = (size_t)ftell(f)) == 0) return -1;
  rewind(f);
  dump = malloc(size);
  const int rc = dump && fread(dump, 1, size, f) == size ? 0 : -1;
  fclose(f);
  return rc;
}

/* Length of the block at `at`: one byte of type, then eight of length, big endian, which count themselves. */
static uint64_t block_length(size_t at) {
  uint64_t v = 0;
  for (size_t i = 1; i <= 8; i++) v = v << 8 | dump[at + i];
  return v;
}

static int check(const unsigned char *bytes, size_t n) {
  FILE *f = fopen(file, "wb");
  ck_assert_uint_eq(fwrite(bytes, 1, n, f), n);
  fclose(f);
  return xt_wave_check(file, NULL, err, sizeof err);
}

START_TEST(whole_and_cut) {
  ck_assert_int_eq(check(dump, size), XT_E_OK);
  size_t refused = 0;
  const size_t step = size / 400 + 1;
  for (size_t n = 0; n < size; n += n + 64 < size ? step : 1, refused++)
    ck_assert_msg(check(dump, n) == XT_E_SETUP && strstr(err, "not a whole FST"), "%zu of %zu bytes accepted", n, size);
  ck_assert_uint_gt(refused, 100);
}
END_TEST

START_TEST(short_and_consistent) {
  unsigned char *copy = malloc(size);
  ck_assert_uint_gt(size - last, 100);
  for (size_t less = 1; less < 64; less++) {
    uint64_t length = block_length(last) - less;
    memcpy(copy, dump, size);
    for (size_t i = 8; i >= 1; i--, length >>= 8) copy[last + i] = (unsigned char)length;
    ck_assert_msg(check(copy, size - less) == XT_E_SETUP, "accepted without its last %zu bytes", less);
  }
  free(copy);
}
END_TEST

START_TEST(not_a_dump) {
  static const unsigned char text[] = "neither header nor blocks", zero[4096] = {0};
  ck_assert_int_eq(check(text, sizeof text), XT_E_SETUP);
  ck_assert_int_eq(check(zero, sizeof zero), XT_E_SETUP);
  ck_assert_int_eq(check(dump + last, size - last), XT_E_SETUP);
  remove(file);
  ck_assert_int_eq(xt_wave_check(file, NULL, err, sizeof err), XT_E_SETUP);
  ck_assert_ptr_nonnull(strstr(err, "No such file"));
}
END_TEST

int main(void) {
  Suite *suite = suite_create("wave");
  TCase *tc = tcase_create("check");
  if (!mkdtemp(folder) || snprintf(file, sizeof file, "%s/dump.fst", folder) < 0 || make_dump()) return EXIT_FAILURE;
  for (size_t at = 0; at < size; at += 1 + (size_t)block_length(at)) last = at;
  tcase_set_timeout(tc, 60);
  tcase_add_test(tc, whole_and_cut);
  tcase_add_test(tc, short_and_consistent);
  tcase_add_test(tc, not_a_dump);
  suite_add_tcase(suite, tc);
  SRunner *runner = srunner_create(suite);
  srunner_run_all(runner, CK_NORMAL);
  const int failed = srunner_ntests_failed(runner);
  srunner_free(runner);
  free(dump);
  remove(file);
  rmdir(folder);
  return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
