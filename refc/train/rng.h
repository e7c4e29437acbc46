/* SPDX-License-Identifier: Apache-2.0 */
/* Random numbers of the training software: counter-based, so that nothing but (seed, stream, epoch) must be kept.
 * Mixer: SplitMix64 (Steele, Lea, Flood 2014). The tiles have their own generators (rtl/SPEC.md section 6, 9). */
#ifndef TR_RNG_H
#define TR_RNG_H

#include <stddef.h>
#include <stdint.h>

/* Streams: one number per use, so that uses never share values. */
enum tr_stream {
  TR_STREAM_INIT = 1,
  TR_STREAM_ORDER,
  TR_STREAM_SPLIT,
  TR_STREAM_DIGITS_TRAIN,
  TR_STREAM_DIGITS_TEST,
  TR_STREAM_DEVICE,
  TR_STREAM_PULSE,
  TR_STREAM_VALIDATION
};

struct tr_rng {
  uint64_t state;
};

void tr_rng_init(struct tr_rng *r, uint64_t seed, enum tr_stream stream, uint64_t index);
uint64_t tr_rng_next(struct tr_rng *r);
/* Uniform in 0..n-1, without bias; n >= 1. */
uint32_t tr_rng_below(struct tr_rng *r, uint32_t n);
/* Uniform in lo..hi. */
int32_t tr_rng_range(struct tr_rng *r, int32_t lo, int32_t hi);
/* Fisher-Yates: a permutation of 0..n-1. */
void tr_rng_permute(struct tr_rng *r, uint32_t *order, size_t n);

#endif
