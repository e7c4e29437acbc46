/* SPDX-License-Identifier: Apache-2.0 */
/* Vectors of XT_LANES lanes for kernels: a language extension of gcc and clang, and by name what compilers do not find
 * by themselves. */
#ifndef XT_FAST_VEC_H
#define XT_FAST_VEC_H

#include <stdint.h>
#include <string.h>

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

#define XT_INLINE static inline __attribute__((always_inline))

XT_INLINE vi all(int32_t x) {
  return (vi){0} + x;
}
XT_INLINE vi pick(vi mask, vi yes, vi no) {
  return (mask & yes) | (~mask & no);
}

XT_INLINE vi load16(const int16_t *p) {
  vh h;
  memcpy(&h, p, sizeof h);
  return __builtin_convertvector(h, vi);
}
XT_INLINE void store16(int16_t *p, vi v) {
  const vh h = __builtin_convertvector(v, vh);
  memcpy(p, &h, sizeof h);
}
XT_INLINE vu loadu(const uint32_t *p) {
  vu v;
  memcpy(&v, p, sizeof v);
  return v;
}
XT_INLINE void storeu(uint32_t *p, vu v) {
  memcpy(p, &v, sizeof v);
}
XT_INLINE vp load_pairs(const int16_t *p) {
  vp v;
  memcpy(&v, p, sizeof v);
  return v;
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

#endif
