/* SPDX-License-Identifier: Apache-2.0 */
/* Noise of the behavioural array (rtl/SPEC.md section 1): hash words of a seed, a domain, a counter and an index.
 * Nothing is drawn in sequence, so that the same word comes out whatever else happened. */
#ifndef XT_NOISE_H
#define XT_NOISE_H

#include "xt_bits.h"

/* mix: lowbias32 (Wellons). */
static inline uint32_t xt_noise_mix(uint32_t x) {
  x ^= x >> 16;
  x *= XT_HASH_M1;
  x ^= x >> 15;
  x *= XT_HASH_M2;
  x ^= x >> 16;
  return x;
}

/* What all words of one domain (XT_DOM_*) and one value of its counter have in common. */
static inline uint32_t xt_noise_key(uint32_t seed, uint32_t dom, uint32_t ctr) {
  return xt_noise_mix(seed + dom * XT_HASH_DOMAIN + ctr * XT_HASH_SEED);
}
static inline uint32_t xt_noise_word(uint32_t key, uint32_t idx) {
  return xt_noise_mix(key + idx * XT_HASH_INDEX);
}

/* Nearly Gaussian: the sum of the word's four bytes, mean 0, standard deviation 147.80, -510..510. */
static inline int32_t xt_noise_gauss(uint32_t w) {
  return (int32_t)((w & 255) + ((w >> 8) & 255) + ((w >> 16) & 255) + (w >> 24)) - 510;
}

/* Q12 of 1 + sigma xi for c = round(443.405 sigma) and s = gauss. */
static inline int32_t xt_noise_q12(int32_t c, int32_t s) {
  return 4096 + ((s * c) >> 4);
}

#endif
