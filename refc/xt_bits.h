/* SPDX-License-Identifier: Apache-2.0 */
/* Named helpers of rtl/SPEC.md section 1: shifts, roundings, saturation, bit vectors.
 * Everything here is total and exact within the ranges its comment gives. */
#ifndef XT_BITS_H
#define XT_BITS_H

#include <assert.h>
#include <stdint.h>
#include <string.h>

#include "xt_params.h"

static_assert((INT64_C(-3) >> 1) == -2 && (-3 >> 1) == -2, "the compiler's >> of a negative number must be floor");

/* v >>> r: floor(v / 2^r), r = 0..63. */
static inline int64_t xt_sra(int64_t v, unsigned r) {
  return v >> r;
}

/* clamp(v, lo, hi); lo > hi gives hi. */
static inline int64_t xt_clamp(int64_t v, int64_t lo, int64_t hi) {
  const int64_t a = v < lo ? lo : v;
  return a > hi ? hi : a;
}

/* Number of bits of v, 0 for 0. */
static inline int xt_bitlen(uint64_t v) {
  return v == 0 ? 0 : 64 - __builtin_clzll(v);
}

/* shr_round(v, r) of section 1. r <= 63; for r <= 0 the result must fit 64 bits. v + 2^(r-1) must fit 64 bits. */
static inline uint64_t xt_shr_round(uint64_t v, int r) {
  return r > 0 ? (v + (UINT64_C(1) << (r - 1))) >> r : v << -r;
}

/* recip(n), n >= 1: 2^RECIP_BITS / n, rounded. */
static inline uint32_t xt_recip(uint32_t n) {
  return ((UINT32_C(1) << XT_RECIP_BITS) + n / 2) / n;
}

/* The lowest `bits` (1..32) bits of v as a two's complement number. */
static inline int32_t xt_sext(uint32_t v, unsigned bits) {
  const unsigned s = 32 - bits;
  return (int32_t)(v << s) >> s;
}

/* ceil(a / b), a >= 0, b > 0. */
static inline int32_t xt_ceil_div(int32_t a, int32_t b) {
  return (a + b - 1) / b;
}

/* XOR of all bits of v. */
static inline uint32_t xt_parity(uint32_t v) {
  v ^= v >> 16;
  v ^= v >> 8;
  v ^= v >> 4;
  v ^= v >> 2;
  v ^= v >> 1;
  return v & 1;
}

/* fold(v, w) of section 1, w = 1..31: XOR of the w-bit pieces of v. */
static inline uint32_t xt_fold(uint32_t v, unsigned w) {
  uint32_t sum = 0;
  for (; v != 0; v >>= w) sum ^= v & ((UINT32_C(1) << w) - 1);
  return sum;
}

/* The `bits` (1..32) lowest bits of v in reverse order. */
static inline uint32_t xt_bitrev(uint32_t v, unsigned bits) {
  uint32_t r = 0;
  for (unsigned b = 0; b < bits; b++) r = (r << 1) | ((v >> b) & 1);
  return r;
}

/* Bit vectors: line i is bit i%32 of word i/32. */
static inline int32_t xt_words(int32_t lines) {
  return xt_ceil_div(lines, 32);
}
static inline uint32_t xt_bit(const uint32_t *v, int32_t i) {
  return (v[i >> 5] >> (i & 31)) & 1;
}
static inline void xt_bits_zero(uint32_t *v, int32_t words) {
  memset(v, 0, (size_t)words * sizeof *v);
}
static inline uint32_t xt_popcount(uint32_t v) {
  return (uint32_t)__builtin_popcount(v);
}
static inline uint32_t xt_bits_count(const uint32_t *v, int32_t words) {
  uint32_t n = 0;
  for (int32_t i = 0; i < words; i++) n += xt_popcount(v[i]);
  return n;
}
/* Index of the lowest bit set, v != 0. */
static inline unsigned xt_ctz(uint32_t v) {
  return (unsigned)__builtin_ctz(v);
}
/* The first line from i on whose bit is 1; `lines` if there is none. */
static inline int32_t xt_bits_next(const uint32_t *v, int32_t i, int32_t lines) {
  if (i >= lines) return lines;
  int32_t w = i >> 5;
  uint32_t left = v[w] & (~UINT32_C(0) << (i & 31));
  while (left == 0) {
    if (++w >= xt_words(lines)) return lines;
    left = v[w];
  }
  i = w * 32 + (int32_t)xt_ctz(left);
  return i < lines ? i : lines;
}

#endif
