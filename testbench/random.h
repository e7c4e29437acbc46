/* SPDX-License-Identifier: Apache-2.0 */
/* What the C tests share: random numbers with a printed seed, and an assertion that costs nothing when it holds. */
#ifndef XT_TEST_RANDOM_H
#define XT_TEST_RANDOM_H

#include <check.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "splitmix.h"

/* Like ck_assert_msg(), but free when it holds: Check writes to a file at every assertion of its own. */
#define must(cond, ...)                     \
  do {                                      \
    if (!(cond)) ck_abort_msg(__VA_ARGS__); \
  } while (0)

/* ---- random numbers; the seed comes from XT_TEST_SEED or is the default, and is printed */
static uint64_t rng_state;

static inline uint64_t rng64(void) {
  return splitmix64(&rng_state);
}
/* uniform in lo..hi */
static inline int64_t rng_in(int64_t lo, int64_t hi) {
  return lo + (int64_t)(rng64() % (uint64_t)(hi - lo + 1));
}
static inline int rng_one_in(int n) {
  return rng_in(1, n) == 1;
}

static inline uint64_t test_seed(void) {
  const char *s = getenv("XT_TEST_SEED");
  return s != NULL ? strtoull(s, NULL, 0) : 1;
}
static inline void seed_rng(const char *test, uint64_t salt) {
  rng_state = test_seed() * 1000003 + salt;
  if (getenv("XT_TEST_SEED") != NULL) printf("%s: XT_TEST_SEED=%" PRIu64 "\n", test, test_seed());
}

#endif
