/* SPDX-License-Identifier: Apache-2.0 */
#include "xt_result.h"

size_t xt_result_words(uint32_t *out, uint8_t op, uint8_t status, uint32_t info, const int16_t *codes, int32_t ncodes) {
  size_t words = 0;
  out[words++] = (uint32_t)op | (uint32_t)status << 8 | (info > 65535 ? 65535 : info) << 16;
  for (int32_t i = 0; i < ncodes; i += 2) {
    const uint32_t hi = i + 1 < ncodes ? (uint16_t)codes[i + 1] : 0;
    out[words++] = (uint32_t)(uint16_t)codes[i] | hi << 16;
  }
  return words;
}
