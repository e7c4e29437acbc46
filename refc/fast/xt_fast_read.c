/* SPDX-License-Identifier: Apache-2.0 */
/* Whole reads: every code at once instead of slot by slot. Pulse width and bit-serial reads integrate the same sum. */
#include "xt_fast.h"

/* The sum of |codes| times the largest |w| fits 31 bits. */
static bool sums_fit(const struct xt_dim *dim, const int16_t *codes, const int32_t *lines, int32_t count) {
  int64_t sum = 0;
  for (int32_t l = 0; l < count; l++) sum += codes[lines[l]] < 0 ? -codes[lines[l]] : codes[lines[l]];
  return dim->sw <= 16 && sum < INT64_C(1) << (32 - dim->sw);
}

static void columns_narrow(const struct xt_plane *p, const int16_t *codes, const int32_t *lines, int32_t count,
                           int64_t factor, int32_t *restrict sum, int64_t *v) {
  const int32_t m = p->m;
  for (int32_t j = 0; j < m; j++) sum[j] = 0;
  for (int32_t l = 0; l < count; l++) {
    const int16_t *const restrict w = p->w16 + (size_t)lines[l] * (size_t)m;
    const int32_t c = codes[lines[l]];
    for (int32_t j = 0; j < m; j++) sum[j] += c * w[j];
  }
  for (int32_t j = 0; j < m; j++) v[j] += factor * sum[j];
}

static void columns_wide(const struct xt_plane *p, const int16_t *codes, const int32_t *lines, int32_t count,
                         int64_t factor, int64_t *v) {
  for (int32_t l = 0; l < count; l++) {
    const size_t k = (size_t)lines[l] * (size_t)p->m;
    for (int32_t j = 0; j < p->m; j++) v[j] += factor * codes[lines[l]] * xt_plane_state(p, k + (size_t)j);
  }
}

static void rows_narrow(const struct xt_plane *p, const int16_t *codes, int64_t factor, int64_t *v) {
  const int32_t m = p->m;
  for (int32_t i = 0; i < p->n; i++) {
    const int16_t *const restrict w = p->w16 + (size_t)i * (size_t)m;
    int32_t sum = 0;
    for (int32_t j = 0; j < m; j++) sum += w[j] * codes[j];
    v[i] += factor * sum;
  }
}

static void rows_wide(const struct xt_plane *p, const int16_t *codes, const int32_t *lines, int32_t count,
                      int64_t factor, int64_t *v) {
  for (int32_t i = 0; i < p->n; i++) {
    const size_t k = (size_t)i * (size_t)p->m;
    int64_t sum = 0;
    for (int32_t l = 0; l < count; l++) sum += (int64_t)codes[lines[l]] * xt_plane_state(p, k + (size_t)lines[l]);
    v[i] += factor * sum;
  }
}

/* Adds factor * (the plane's part of the read) to v. */
static void sense(struct xt_blocks *t, const struct xt_plane *p, const struct xt_read *rd, int32_t count,
                  int64_t factor) {
  struct xt_fast *f = t->fast_memory;
  int64_t *v = t->afe.v;
  const bool narrow = sums_fit(&t->dim, rd->codes, f->list, count);
  if (rd->dir == 0 && narrow)
    columns_narrow(p, rd->codes, f->list, count, factor, f->sum, v);
  else if (rd->dir == 0)
    columns_wide(p, rd->codes, f->list, count, factor, v);
  else if (narrow)
    rows_narrow(p, rd->codes, factor, v);
  else
    rows_wide(p, rd->codes, f->list, count, factor, v);
}

uint32_t xt_fast_convert(const struct xt_dim *dim, const int64_t *v, int32_t lines, uint32_t range, int32_t offset,
                         int16_t *result) {
  const int64_t half = range > 0 ? INT64_C(1) << (range - 1) : 0;
  uint32_t rails = 0;
  for (int32_t i = 0; i < lines; i++) {
    bool rail;
    const int32_t code = (int32_t)xt_clamp(xt_sra(v[i] + half, range), -dim->adcmax - 1, dim->adcmax);
    result[i] = xt_adc_latch(dim, code, offset, &rail);
    rails += rail;
  }
  return rails;
}

static int32_t list_lines(const int16_t *codes, int32_t lines, int32_t *list) {
  int32_t count = 0;
  for (int32_t i = 0; i < lines; i++) {
    list[count] = i;
    count += codes[i] != 0;
  }
  return count;
}

bool xt_fast_read(struct xt_blocks *t, const struct xt_read *rd) {
  const struct xt_dim *dim = &t->dim;
  const int32_t sensed = rd->dir ? dim->n : dim->m, driven = rd->dir ? dim->m : dim->n;
  const int32_t count = list_lines(rd->codes, driven, t->fast_memory->list);
  for (int32_t i = 0; i < sensed; i++) t->afe.v[i] = 0;
  for (int p = 0; p < XT_NUM_PLANES && count > 0; p++) {
    const int32_t factor = rd->select.coefficient[p];
    if (factor != 0) sense(t, &t->array.plane[p], rd, count, factor);
  }
  xt_afe_noise(&t->afe, &rd->select, rd->dir);
  t->seq.rails = xt_fast_convert(dim, t->afe.v, sensed, rd->range, xt_csr_adc_offset(&t->csr), t->seq.codes);
  return true;
}
