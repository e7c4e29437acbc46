// SPDX-License-Identifier: Apache-2.0
// Read before generated code (scripts/build_tile.sh): two functions of Verilator's header that it calls for wide
// vectors when they are not expanded word by word.
#ifndef XT_GENERATED_H
#define XT_GENERATED_H

#include <verilated.h>

// {N{bit}}: Verilator 5.006 sets the bits one by one, which is half of a tile's time.
inline WDataOutP xt_replicate(int lbits, WDataOutP owp, IData ld, IData rep) {
  if (lbits != 1) return VL_REPLICATE_WII(lbits, owp, ld, rep);
  for (IData i = 0; i < rep / VL_EDATASIZE; i++) owp[i] = -ld;
  if (rep % VL_EDATASIZE) owp[rep / VL_EDATASIZE] = -ld & VL_MASK_E(rep % VL_EDATASIZE);
  return owp;
}
#define VL_REPLICATE_WII xt_replicate

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
