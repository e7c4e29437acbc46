/* SPDX-License-Identifier: Apache-2.0 */
#include "xt_afe.h"

#include "xt_noise.h"

void xt_afe_fabricate(struct xt_afe *f, const struct xt_array_cfg *cfg) {
  f->seed = cfg->seed;
  f->read_noise = cfg->read_noise;
  f->read_ctr = 0;
}

void xt_afe_clear(struct xt_afe *f) {
  const int32_t lines = f->n > f->m ? f->n : f->m;
  for (int32_t i = 0; i < lines; i++) f->acc[i] = 0;
}

/* A driven row adds (or takes) its values to every column. */
static void integ_columns(struct xt_afe *f, const struct xt_array *a, const struct xt_select *select, int64_t weight,
                          const struct xt_drives *drives) {
  for (int32_t i = 0; i < f->n; i++) {
    const struct xt_drive row = xt_drive_row(drives, i);
    if (!row.active) continue;
    xt_array_row(a, select, i, f->value);
    for (int32_t j = 0; j < f->m; j++) f->acc[j] += weight * (row.polarity ? f->value[j] : -f->value[j]);
  }
}

/* A row collects its values under the driven columns. */
static void integ_rows(struct xt_afe *f, const struct xt_array *a, const struct xt_select *select, int64_t weight,
                       const struct xt_drives *drives) {
  if (xt_bits_count(drives->col_act, xt_words(f->m)) == 0) return;
  for (int32_t i = 0; i < f->n; i++) {
    xt_array_row(a, select, i, f->value);
    int64_t cur = 0;
    for (int32_t j = 0; j < f->m; j++) {
      const struct xt_drive col = xt_drive_col(drives, j);
      if (col.active) cur += col.polarity ? f->value[j] : -f->value[j];
    }
    f->acc[i] += weight * cur;
  }
}

void xt_afe_integ(struct xt_afe *f, const struct xt_array *a, const struct xt_select *select, int dir, bool halve,
                  const struct xt_drives *drives) {
  const int32_t sensed = dir ? f->n : f->m;
  const int64_t weight = halve ? INT64_C(1) << f->mb : 1;
  if (dir == 0)
    integ_columns(f, a, select, weight, drives);
  else
    integ_rows(f, a, select, weight, drives);
  for (int32_t i = 0; i < sensed && halve; i++) f->acc[i] = xt_sra(f->acc[i], 1);
}

void xt_afe_noise(struct xt_afe *f, const struct xt_select *select, int dir) {
  const int32_t sensed = dir ? f->n : f->m;
  const uint32_t key = xt_noise_key(f->seed, XT_DOM_READ, f->read_ctr);
  for (int32_t i = 0; i < sensed && f->read_noise != 0; i++) {
    const int64_t g = xt_noise_gauss(xt_noise_word(key, (uint32_t)i + (uint32_t)dir * 65536));
    f->v[i] += xt_sra(g * f->read_noise, 8) * (INT64_C(1) << select->fraction);
  }
  f->read_ctr++;
}

void xt_afe_hold(struct xt_afe *f, const struct xt_select *select, int dir) {
  const int32_t sensed = dir ? f->n : f->m;
  for (int32_t i = 0; i < sensed; i++) f->v[i] = f->acc[i];
  xt_afe_noise(f, select, dir);
}

uint32_t xt_afe_cmp(const struct xt_afe *f, int32_t line, uint32_t range, int32_t sar_code) {
  const int64_t half = range > 0 ? INT64_C(1) << (range - 1) : 0;
  return f->v[line] + half >= (int64_t)sar_code * (INT64_C(1) << range);
}
