// SPDX-License-Identifier: Apache-2.0
// Read before generated code (scripts/build_tile.sh): functions of Verilator's header that it calls for wide vectors
// when they are not expanded word by word, and what scripts/fused_words.py puts there.
#ifndef XT_GENERATED_H
#define XT_GENERATED_H

#include <verilated.h>

#include <cstring>

// A loop over words, each of which depends on words of the same number only. Before a loop: XT_UNROLL, of few
// turns; XT_VECTOR, worth vectors even if it is short (whether it may, the compiler finds out).
#ifdef __clang__
#define XT_EACH_WORD(words) _Pragma("clang loop vectorize(assume_safety)") for (int xt_i = 0; xt_i < (words); xt_i++)
#define XT_UNROLL _Pragma("clang loop unroll(full)")
#define XT_VECTOR _Pragma("clang loop vectorize(enable) vectorize_predicate(enable)")
#else
#define XT_EACH_WORD(words) _Pragma("GCC ivdep") for (int xt_i = 0; xt_i < (words); xt_i++)
#define XT_UNROLL
#define XT_VECTOR
#endif

template <std::size_t Words>
inline WDataInP xt_words(const VlWide<Words> &v) {
  return v.m_storage;
}
inline WDataInP xt_words(WDataInP v) {
  return v;
}

// A part of a vector: where it stands, if it begins at a word, else a copy. Bits above it are dirty, as Verilator's.
inline WDataInP xt_select(int obits, int lbits, WDataOutP owp, WDataInP lwp, IData lsb, IData width) {
  if (lsb % VL_EDATASIZE == 0 && lsb + width <= static_cast<IData>(lbits)) return lwp + lsb / VL_EDATASIZE;
  return VL_SEL_WWII(obits, lbits, owp, lwp, lsb, width);
}

// A copy; never of parts that overlap.
inline WDataOutP xt_assign(int obits, WDataOutP owp, WDataInP lwp) {
  std::memcpy(owp, lwp, VL_WORDS_I(obits) * sizeof(EData));
  return owp;
}
#define VL_ASSIGN_W xt_assign

// Part of a vector: whole words where it begins at one.
inline void xt_assign_part(int rbits, int obits, int lsb, WDataOutP iowp, WDataInP rwp) {
  if (lsb % VL_EDATASIZE) return VL_ASSIGNSEL_WW(rbits, obits, lsb, iowp, rwp);
  const int words = obits / VL_EDATASIZE, rest = obits % VL_EDATASIZE;
  WDataOutP const to = iowp + lsb / VL_EDATASIZE;
  std::memcpy(to, rwp, words * sizeof(EData));
  if (rest) to[words] = (to[words] & ~VL_MASK_E(rest)) | (rwp[words] & VL_MASK_E(rest));
}
#define VL_ASSIGNSEL_WW xt_assign_part
inline void xt_assign_part_of_two(int rbits, int obits, int lsb, WDataOutP iowp, QData rhs) {
  const EData words[] = {static_cast<EData>(rhs), static_cast<EData>(rhs >> VL_EDATASIZE)};
  xt_assign_part(rbits, obits, lsb, iowp, words);
}
#define VL_ASSIGNSEL_WQ xt_assign_part_of_two

// lwp << rd, never in place.
inline WDataOutP xt_shift_left(int obits, int, int, WDataOutP owp, WDataInP lwp, IData rd) {
  const int words = VL_WORDS_I(obits), up = rd < static_cast<IData>(obits) ? VL_BITWORD_E(rd) : words;
  const int bits = VL_BITBIT_E(rd);
  for (int i = 0; i < up; i++) owp[i] = 0;
  if (up == words) return owp;
  WDataOutP const to = owp + up;
  to[0] = lwp[0] << bits;
  if (bits == 0) {
    std::memcpy(to, lwp, (words - up) * sizeof(EData));
  } else {
    const int rest = words - up - 1;
    WDataOutP const above = to + 1;
    WDataInP const high = lwp + 1;
    XT_EACH_WORD(rest) above[xt_i] = high[xt_i] << bits | lwp[xt_i] >> (VL_EDATASIZE - bits);
  }
  if (obits % VL_EDATASIZE) owp[words - 1] &= VL_MASK_E(obits);
  return owp;
}
#define VL_SHIFTL_WWI xt_shift_left

// {N{bit}}: Verilator 5.006 sets the bits one by one, which is half of a tile's time.
inline WDataOutP xt_replicate(int lbits, WDataOutP owp, IData ld, IData rep) {
  if (lbits != 1) return VL_REPLICATE_WII(lbits, owp, ld, rep);
  for (IData i = 0; i < rep / VL_EDATASIZE; i++) owp[i] = -ld;
  if (rep % VL_EDATASIZE) owp[rep / VL_EDATASIZE] = -ld & VL_MASK_E(rep % VL_EDATASIZE);
  return owp;
}
#define VL_REPLICATE_WII xt_replicate

// $countones: one instruction where the processor has it.
inline IData xt_count_ones(IData word) {
  return __builtin_popcount(word);
}
inline IData xt_count_ones_of_words(int words, WDataInP lwp) {
  IData ones = 0;
  for (int i = 0; i < words; i++) ones += __builtin_popcount(lwp[i]);
  return ones;
}
#define VL_COUNTONES_I xt_count_ones
#define VL_COUNTONES_W xt_count_ones_of_words

// The words of a constant from bit lsb on, highest first, and 0 above them: Verilator 5.006 puts the zeros elsewhere.
template <typename... Words>
WDataOutP xt_const_high(int obits, int lsb, WDataOutP owp, Words... words) {
  const EData given[] = {static_cast<EData>(words)...};
  const int count = sizeof...(words), first = VL_WORDS_I(lsb);
  for (int i = 0; i < count; i++) owp[first + i] = given[count - 1 - i];
  for (int i = first + count; i < VL_WORDS_I(obits); i++) owp[i] = 0;
  return owp;
}
#define VL_CONSTHI_W_1X xt_const_high
#define VL_CONSTHI_W_2X xt_const_high
#define VL_CONSTHI_W_3X xt_const_high
#define VL_CONSTHI_W_4X xt_const_high
#define VL_CONSTHI_W_5X xt_const_high
#define VL_CONSTHI_W_6X xt_const_high
#define VL_CONSTHI_W_7X xt_const_high
#define VL_CONSTHI_W_8X xt_const_high

// An evaluation without a changed input leaves out what depends on inputs alone (scripts/build_tile.sh puts this
// into the generated code): Verilator does it twice in every clock cycle.
extern thread_local bool xt_inputs_changed;

#endif
