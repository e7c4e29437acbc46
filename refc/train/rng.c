/* SPDX-License-Identifier: Apache-2.0 */
#include "rng.h"

static uint64_t mix64(uint64_t z) {
  z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
  z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
  return z ^ (z >> 31);
}

void tr_rng_init(struct tr_rng *r, uint64_t seed, enum tr_stream stream, uint64_t index) {
  r->state = mix64(mix64(mix64(seed + UINT64_C(0x9e3779b97f4a7c15)) + (uint64_t)stream) + index);
}

uint64_t tr_rng_next(struct tr_rng *r) {
  return mix64(r->state += UINT64_C(0x9e3779b97f4a7c15));
}

uint32_t tr_rng_below(struct tr_rng *r, uint32_t n) {
  const uint32_t threshold = (uint32_t)(-n) % n; /* Lemire 2019: reject the short interval */
  for (;;) {
    const uint64_t m = (tr_rng_next(r) >> 32) * n;
    if ((uint32_t)m >= threshold) return (uint32_t)(m >> 32);
  }
}

int32_t tr_rng_range(struct tr_rng *r, int32_t lo, int32_t hi) {
  return (int32_t)(lo + (int64_t)tr_rng_below(r, (uint32_t)((int64_t)hi - lo + 1)));
}

void tr_rng_permute(struct tr_rng *r, uint32_t *order, size_t n) {
  for (size_t i = 0; i < n; i++) order[i] = (uint32_t)i;
  for (size_t i = n; i > 1; i--) {
    const uint32_t j = tr_rng_below(r, (uint32_t)i);
    const uint32_t t = order[i - 1];
    order[i - 1] = order[j];
    order[j] = t;
  }
}
