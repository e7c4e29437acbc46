/* SPDX-License-Identifier: Apache-2.0 */
/* Noise words below a limit: devices that may flip. */
#include "xt_bits.h"
#include "xt_fast_simd.h"
#include "xt_fast_vec.h"

size_t XT_FAST_NAME(xt_fast_flips)(uint32_t idx, uint32_t slots, const uint32_t *key, uint32_t *const *limit,
                                   const int32_t *first, int32_t count, uint32_t *found);

size_t XT_FAST_NAME(xt_fast_flips)(uint32_t idx, uint32_t slots, const uint32_t *key, uint32_t *const *limit,
                                   const int32_t *first, int32_t count, uint32_t *found) {
  size_t n = 0;
  vu lane;
  for (uint32_t l = 0; l < XT_LANES; l++) lane[l] = (idx + l) * XT_HASH_INDEX;
  for (int32_t b = 0; b < count; b++) {
    for (int32_t j = first[b]; j < first[b] + XT_FLIP_BLOCK; j += XT_LANES) {
      const vu base = lane + (uint32_t)j * XT_HASH_INDEX;
      for (uint32_t left = slots; left != 0; left &= left - 1) {
        const unsigned slot = xt_ctz(left);
        vu x = mixed(base + key[slot]);
        x ^= x >> 16;
        for (vm k = at_most(x, loadu(limit[slot] + j)); k != 0; k &= k - 1)
          found[n++] = ((uint32_t)j + xt_ctz(k)) << 3 | slot;
      }
    }
  }
  return n;
}
