/* SPDX-License-Identifier: Apache-2.0 */
/* Vectors of XT_LANES lanes for kernels: a language extension of gcc and clang, and by name what compilers do not find
 * by themselves. */
#ifndef XT_FAST_VEC_H
#define XT_FAST_VEC_H

#include <assert.h>
#include <stdint.h>
#include <string.h>

#include "xt_params.h"

#if defined(__SSE2__)
#include <immintrin.h>
#endif

#if defined(__AVX512F__)
enum { XT_LANES = 16 };
#elif defined(__AVX2__)
enum { XT_LANES = 8 };
#else
enum { XT_LANES = 4 };
#endif

typedef int32_t vi __attribute__((vector_size(4 * XT_LANES)));
typedef uint32_t vu __attribute__((vector_size(4 * XT_LANES)));
typedef int16_t vh __attribute__((vector_size(2 * XT_LANES))); /* one half per lane */
typedef int16_t vp __attribute__((vector_size(4 * XT_LANES))); /* pairs of halves */

static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__, "pairs of halves in memory are lanes");

#define XT_INLINE static inline __attribute__((always_inline))

XT_INLINE vi all(int32_t x) {
  return (vi){0} + x;
}
XT_INLINE vi pick(vi mask, vi yes, vi no) {
  return (mask & yes) | (~mask & no);
}

/* The hash of xt_noise.h up to its second multiplication: the noise word is x ^ x>>16 of the result. */
XT_INLINE vu mixed(vu x) {
  x ^= x >> 16;
  x *= XT_HASH_M1;
  x ^= x >> 15;
  return x * XT_HASH_M2;
}

XT_INLINE vi load16(const int16_t *p) {
#if defined(__AVX512F__)
  return (vi)_mm512_cvtepi16_epi32(_mm256_loadu_si256((const __m256i *)(const void *)p));
#elif defined(__AVX2__)
  return (vi)_mm256_cvtepi16_epi32(_mm_loadu_si128((const __m128i *)(const void *)p));
#else
  vh h;
  memcpy(&h, p, sizeof h);
  return __builtin_convertvector(h, vi);
#endif
}
XT_INLINE void store16(int16_t *p, vi v) {
#if defined(__AVX512F__)
  _mm256_storeu_si256((__m256i *)(void *)p, _mm512_cvtepi32_epi16((__m512i)v));
#else
  const vh h = __builtin_convertvector(v, vh);
  memcpy(p, &h, sizeof h);
#endif
}
XT_INLINE void store_each16(int16_t *base, const uint32_t *at, vi v) {
#if defined(__AVX512F__)
  const vh h = (vh)_mm512_cvtepi32_epi16((__m512i)v);
#else
  const vh h = __builtin_convertvector(v, vh);
#endif
  for (int i = 0; i < XT_LANES; i++) base[at[i]] = h[i];
}
XT_INLINE vu loadu(const uint32_t *p) {
  vu v;
  memcpy(&v, p, sizeof v);
  return v;
}
XT_INLINE void storeu(uint32_t *p, vu v) {
  memcpy(p, &v, sizeof v);
}
XT_INLINE vi load32(const int32_t *p) {
  vi v;
  memcpy(&v, p, sizeof v);
  return v;
}
XT_INLINE void store32(int32_t *p, vi v) {
  memcpy(p, &v, sizeof v);
}
XT_INLINE vp load_pairs(const void *p) {
  vp v;
  memcpy(&v, p, sizeof v);
  return v;
}

/* The first and the last word of XT_LANES pairs that lie side by side. */
XT_INLINE void load_two(const uint32_t *p, vu *first, vu *last) {
#if defined(__AVX512F__)
  const __m512i a = (__m512i)loadu(p), b = (__m512i)loadu(p + 16);
  const __m512i even = _mm512_setr_epi32(0, 2, 4, 6, 8, 10, 12, 14, 16, 18, 20, 22, 24, 26, 28, 30);
  *first = (vu)_mm512_permutex2var_epi32(a, even, b);
  *last = (vu)_mm512_permutex2var_epi32(a, _mm512_add_epi32(even, _mm512_set1_epi32(1)), b);
#elif defined(__AVX2__)
  const __m256 a = (__m256)loadu(p), b = (__m256)loadu(p + 8);
  *first = (vu)_mm256_permute4x64_pd((__m256d)_mm256_shuffle_ps(a, b, 0x88), 0xD8);
  *last = (vu)_mm256_permute4x64_pd((__m256d)_mm256_shuffle_ps(a, b, 0xDD), 0xD8);
#else
  for (int i = 0; i < XT_LANES; i++) {
    (*first)[i] = p[2 * i];
    (*last)[i] = p[2 * i + 1];
  }
#endif
}

#if defined(__AVX512F__)
XT_INLINE vi vmin(vi a, vi b) {
  return (vi)_mm512_min_epi32((__m512i)a, (__m512i)b);
}
XT_INLINE vi vmax(vi a, vi b) {
  return (vi)_mm512_max_epi32((__m512i)a, (__m512i)b);
}
#elif defined(__AVX2__)
XT_INLINE vi vmin(vi a, vi b) {
  return (vi)_mm256_min_epi32((__m256i)a, (__m256i)b);
}
XT_INLINE vi vmax(vi a, vi b) {
  return (vi)_mm256_max_epi32((__m256i)a, (__m256i)b);
}
#else
XT_INLINE vi vmin(vi a, vi b) {
  return pick(a < b, a, b);
}
XT_INLINE vi vmax(vi a, vi b) {
  return pick(a > b, a, b);
}
#endif

/* a.lo b.lo + a.hi b.hi of the signed halves of every lane. */
XT_INLINE vi madd(vp a, vp b) {
#if defined(__AVX512BW__)
  return (vi)_mm512_madd_epi16((__m512i)a, (__m512i)b);
#elif defined(__AVX2__)
  return (vi)_mm256_madd_epi16((__m256i)a, (__m256i)b);
#elif defined(__SSE2__)
  return (vi)_mm_madd_epi16((__m128i)a, (__m128i)b);
#else
  vi r;
  for (int i = 0; i < XT_LANES; i++) r[i] = a[2 * i] * b[2 * i] + a[2 * i + 1] * b[2 * i + 1];
  return r;
#endif
}

/* The lower halves of a, the upper ones of b, whose lower ones are 0. */
XT_INLINE vp low_halves(vi a, vi b) {
#if defined(__AVX512BW__)
  return (vp)_mm512_mask_mov_epi16((__m512i)a, 0xAAAAAAAA, (__m512i)b);
#elif defined(__AVX2__)
  return (vp)_mm256_blend_epi16((__m256i)a, (__m256i)b, 0xAA);
#else
  return (vp)((a & 0xFFFF) | b);
#endif
}

/* (a[j], b[j]) side by side, for the lower (upper) four of every eight j. */
XT_INLINE vp pair_low(vp a, vp b) {
#if defined(__AVX512BW__)
  return (vp)_mm512_unpacklo_epi16((__m512i)a, (__m512i)b);
#elif defined(__AVX2__)
  return (vp)_mm256_unpacklo_epi16((__m256i)a, (__m256i)b);
#else
  return __builtin_shufflevector(a, b, 0, 8, 1, 9, 2, 10, 3, 11);
#endif
}
XT_INLINE vp pair_high(vp a, vp b) {
#if defined(__AVX512BW__)
  return (vp)_mm512_unpackhi_epi16((__m512i)a, (__m512i)b);
#elif defined(__AVX2__)
  return (vp)_mm256_unpackhi_epi16((__m256i)a, (__m256i)b);
#else
  return __builtin_shufflevector(a, b, 4, 12, 5, 13, 6, 14, 7, 15);
#endif
}

/* A bit per lane. */
typedef unsigned vm;

XT_INLINE uint32_t lanes_of(vm k) {
#if defined(__POPCNT__)
  return (uint32_t)__builtin_popcount(k);
#else
  static_assert(XT_LANES == 4, "processors with wider vectors count bits");
  return (0x43323221U << 4 * (7 - (k & 7)) >> 28) - 1 + (k >> 3);
#endif
}

XT_INLINE vm nonzero(vu x) {
#if defined(__AVX512F__)
  return _mm512_test_epi32_mask((__m512i)x, (__m512i)x);
#elif defined(__AVX2__)
  return (vm)_mm256_movemask_ps((__m256)(x != 0));
#elif defined(__SSE2__)
  return (vm)_mm_movemask_ps((__m128)(x != 0));
#else
  vm k = 0;
  for (int i = 0; i < XT_LANES; i++) k |= (vm)(x[i] != 0) << i;
  return k;
#endif
}

/* yes where mask is not 0. */
XT_INLINE vi where(vu mask, vi yes, vi no) {
#if defined(__AVX512F__)
  return (vi)_mm512_mask_mov_epi32((__m512i)no, _mm512_test_epi32_mask((__m512i)mask, (__m512i)mask), (__m512i)yes);
#else
  return pick((vi)(mask == 0), no, yes);
#endif
}

/* Bit per lane: a <= b. */
XT_INLINE vm at_most(vu a, vu b) {
#if defined(__AVX512F__)
  return _mm512_cmple_epu32_mask((__m512i)a, (__m512i)b);
#else
  return nonzero((vu)(a <= b));
#endif
}

#if defined(__AVX2__) && !defined(__AVX512F__)
/* By four lanes' bits: the set ones first. */
static const uint32_t xt_vec_pack[16][4] = {{0}, {0},    {1},    {0, 1},    {2},    {0, 2},    {1, 2},    {0, 1, 2},
                                            {3}, {0, 3}, {1, 3}, {0, 1, 3}, {2, 3}, {0, 2, 3}, {1, 2, 3}, {0, 1, 2, 3}};
#endif

/* The lanes of k side by side to to[], which has room for XT_LANES. */
XT_INLINE void compress(uint32_t *to, vu v, vm k) {
#if defined(__AVX512F__)
  __m512i zero = _mm512_setzero_si512(); /* merged into: some processors take what a {z} overwrites for an input */
  __asm__("" : "+v"(zero));
  storeu(to, (vu)_mm512_mask_compress_epi32(zero, (__mmask16)k, (__m512i)v));
#elif defined(__AVX2__)
  const __m128i low = _mm256_castsi256_si128((__m256i)v), high = _mm256_extracti128_si256((__m256i)v, 1);
  const __m128i order_low = _mm_loadu_si128((const __m128i *)xt_vec_pack[k & 15]),
                order_high = _mm_loadu_si128((const __m128i *)xt_vec_pack[k >> 4]);
  _mm_storeu_ps((float *)to, _mm_permutevar_ps((__m128)low, order_low));
  _mm_storeu_ps((float *)(to + lanes_of(k & 15)), _mm_permutevar_ps((__m128)high, order_high));
#else
  for (int i = 0; i < XT_LANES; i++) {
    *to = v[i];
    to += k >> i & 1;
  }
#endif
}

/* The sum of every lane's bytes times the number that both halves of c hold. */
XT_INLINE vi byte_sums(vu word, vp c) {
#if defined(__AVX512BW__)
  return madd((vp)_mm512_maddubs_epi16((__m512i)word, _mm512_set1_epi8(1)), c);
#elif defined(__AVX2__)
  return madd((vp)_mm256_maddubs_epi16((__m256i)word, _mm256_set1_epi8(1)), c);
#else
  return madd((vp)((word & 0x00FF00FFU) + ((word >> 8) & 0x00FF00FFU)), c);
#endif
}

/* A table of 32 words, looked up by the place of the one bit of a lane. */
struct vec_table {
  uint32_t entry[32];
};
#if !defined(__AVX512CD__)
#define XT_DE_BRUIJN 0x077CB531U /* all windows of five bits differ */
#endif
static inline void table_make(struct vec_table *t, const uint32_t *word, uint32_t count) {
  for (uint32_t s = 0; s < count; s++) {
#if defined(__AVX512CD__)
    t->entry[31 - s] = word[s]; /* by leading zeros */
#else
    t->entry[(XT_DE_BRUIJN << s) >> 27] = word[s];
#endif
  }
}
XT_INLINE vu table_look(const struct vec_table *t, vu bit) {
#if defined(__AVX512CD__)
  return (vu)_mm512_permutex2var_epi32((__m512i)loadu(t->entry), _mm512_lzcnt_epi32((__m512i)bit),
                                       (__m512i)loadu(t->entry + 16));
#else
  const vi at = (vi)((bit * XT_DE_BRUIJN) >> 27);
#if defined(__AVX2__)
  return (vu)_mm256_i32gather_epi32((const int *)t->entry, (__m256i)at, 4);
#else
  vu r;
  for (int i = 0; i < XT_LANES; i++) r[i] = t->entry[at[i]];
  return r;
#endif
#endif
}

#endif
