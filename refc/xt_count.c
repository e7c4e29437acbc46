/* SPDX-License-Identifier: Apache-2.0 */
#include "xt_count.h"

void xt_count_reset(struct xt_count *c) {
  *c = (struct xt_count){{0}};
}

void xt_count_read(struct xt_count *c, int32_t lines, uint32_t rails, uint32_t overloads) {
  c->value[XT_CNT_READS]++;
  c->value[XT_CNT_CONVERSIONS] += (uint64_t)lines;
  c->value[XT_CNT_SATURATIONS] += rails;
  c->value[XT_CNT_OVERLOADS] += overloads;
}

void xt_count_train(struct xt_count *c, int plane, bool clip) {
  static const int clips[XT_NUM_PLANES] = {
      [XT_PLANE_A] = XT_CNT_CLIPS_A, [XT_PLANE_C] = XT_CNT_CLIPS_C, [XT_PLANE_R] = XT_CNT_CLIPS_R};
  c->value[XT_CNT_CLIPS] += clip;
  c->value[clips[plane]] += clip;
}

void xt_count_pulses(struct xt_count *c, uint64_t slots, uint64_t coincidences) {
  c->value[XT_CNT_SLOTS] += slots;
  c->value[XT_CNT_PULSES] += coincidences;
}

void xt_count_upset(struct xt_count *c) {
  c->value[XT_CNT_UPSETS]++;
}

void xt_count_transfer(struct xt_count *c) {
  c->value[XT_CNT_TRANSFERS]++;
}

void xt_count_write(struct xt_count *c, uint32_t word, uint32_t value) {
  uint64_t *counter = &c->value[word / 2];
  const unsigned shift = word % 2 * 32;
  *counter = (*counter & ~((uint64_t)UINT32_MAX << shift)) | (uint64_t)value << shift;
}

void xt_count_end(struct xt_count *c, uint32_t cycles, bool error) {
  c->value[XT_CNT_OPS]++;
  c->value[XT_CNT_CYCLES] += cycles;
  c->value[XT_CNT_ERRORS] += error;
}
