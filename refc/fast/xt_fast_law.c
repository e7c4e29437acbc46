/* SPDX-License-Identifier: Apache-2.0 */
#include "xt_fast_law.h"

static struct xt_pulse pulse(bool up) {
  return (struct xt_pulse){.hit = true, .up = up, .amplitude = 0, .duration = 1};
}

uint64_t xt_fast_plain_pulses(struct xt_plane *p, const struct xt_fast_pulse_train *t) {
  uint64_t pulses = 0;
  for (int32_t r = 0; r < t->rows; r++) {
    for (int32_t c = 0; c < t->cols; c++) {
      const size_t k = (size_t)t->row[r] * (size_t)p->m + (size_t)t->col[c];
      for (uint32_t todo = t->row_mask[r] & t->col_mask[c]; todo != 0; todo &= todo - 1) {
        xt_plane_pulse(p, k, pulse(t->up), t->key[xt_ctz(todo)]);
        pulses++;
      }
    }
  }
  return pulses;
}

void xt_fast_plain_alternate(struct xt_plane *p, const uint32_t *key, uint32_t slots) {
  for (size_t k = 0; k < xt_plane_devices(p); k++) {
    for (uint32_t s = 0; s < slots; s++) xt_plane_pulse(p, k, pulse(s % 2 == 0), key[s]);
  }
}
