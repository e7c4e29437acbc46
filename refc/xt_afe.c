/* SPDX-License-Identifier: Apache-2.0 */
#include "xt_afe.h"

void xt_afe_room(struct xt_afe *f, const struct xt_dim *dim, struct xt_room *room) {
  const size_t units = (size_t)dim->units;
  int64_t **const lines[] = {&f->acc, &f->ref, &f->v, &f->cur, &f->back, &f->value, &f->part[0], &f->part[1]};
  int32_t **const sides[] = {&f->spread[0], &f->spread[1], &f->mirror[0], &f->mirror[1]};
  f->dim = *dim;
  for (size_t k = 0; k < sizeof lines / sizeof *lines; k++)
    *lines[k] = xt_room_take(room, (size_t)dim->lines, sizeof **lines[k]);
  for (size_t k = 0; k < sizeof sides / sizeof *sides; k++)
    *sides[k] = xt_room_take(room, (size_t)dim->lines, sizeof **sides[k]);
  f->over = xt_room_take(room, (size_t)dim->lines, sizeof *f->over);
  f->every = xt_room_take(room, (size_t)xt_words(dim->lines), sizeof *f->every);
  if (f->every != NULL) memset(f->every, 0xFF, (size_t)xt_words(dim->lines) * sizeof *f->every);
  f->offset = xt_room_take(room, units, sizeof *f->offset);
  f->gain = xt_room_take(room, units, sizeof *f->gain);
  f->step = xt_room_take(room, units * (size_t)dim->adc_bits, sizeof *f->step);
}

/* ---------------------------------------------------------------- fabrication */

/* What is drawn: a counter of the noise domain each; the bits of the DACs follow. */
enum { AFE_SPREAD, AFE_MIRROR, AFE_OFFSET, AFE_GAIN, AFE_WEIGHT };
enum { SECOND_SIDE = 65536 }; /* index of its line 0 */

static int64_t draw(const struct xt_afe *f, uint32_t what, uint32_t k) {
  return xt_noise_gauss(xt_noise_word(xt_noise_key(f->seed, XT_DOM_AFE, what), k));
}

static void fabricate_lines(struct xt_afe *f, const struct xt_array_cfg *cfg) {
  const int32_t lines[2] = {f->dim.n, f->dim.m};
  for (int side = 0; side < 2; side++) {
    for (int32_t i = 0; i < lines[side]; i++) {
      const int64_t s = draw(f, AFE_SPREAD, (uint32_t)i + (uint32_t)side * SECOND_SIDE);
      f->spread[side][i] = (int32_t)xt_clamp(xt_sra(s * cfg->ref_spread, 8), 1 - f->dim.fs, f->dim.fs - 1);
    }
    for (int32_t i = 0; i < lines[1 - side]; i++) { /* columns are sensed when rows are driven */
      const int64_t s = draw(f, AFE_MIRROR, (uint32_t)i + (uint32_t)side * SECOND_SIDE);
      f->mirror[side][i] = (int32_t)xt_clamp(s * cfg->mirror, -65536, 65536);
    }
  }
}

/* A bit of 2^b equal capacitors: 16*2^(b/2), rounded. */
static const int32_t root2[] = {16, 23, 32, 45, 64, 91, 128, 181, 256, 362, 512, 724};

static void fabricate_units(struct xt_afe *f, const struct xt_array_cfg *cfg) {
  for (int32_t u = 0; u < f->dim.units; u++) {
    const uint32_t dac = f->dim.ramp ? 0 : (uint32_t)u; /* a ramp is one for all */
    f->offset[u] = (int32_t)xt_sra(draw(f, AFE_OFFSET, (uint32_t)u) * cfg->adc_offs, 8);
    f->gain[u] = (int32_t)xt_clamp(draw(f, AFE_GAIN, (uint32_t)u) * cfg->adc_gain, -65536, 65536);
    for (int32_t b = 0; b < f->dim.adc_bits; b++) {
      const int64_t weight = xt_sra(draw(f, AFE_WEIGHT + (uint32_t)b, dac) * cfg->adc_weight * root2[b], 16);
      f->step[b * f->dim.units + u] = (int32_t)((256 << b) + weight);
    }
  }
}

void xt_afe_fabricate(struct xt_afe *f, const struct xt_array_cfg *cfg) {
  f->seed = cfg->seed;
  f->read_noise = cfg->read_noise;
  f->int_max = cfg->int_max;
  f->mirror_error = cfg->mirror;
  f->cmp_noise = cfg->cmp_noise;
  f->load = cfg->load;
  f->load_all = cfg->load_all != 0;
  f->read_ctr = f->cmp_ctr = 0;
  fabricate_lines(f, cfg);
  fabricate_units(f, cfg);
}

/* ---------------------------------------------------------------- reads */

void xt_afe_clear(struct xt_afe *f) {
  const size_t lines = (size_t)f->dim.lines;
  memset(f->acc, 0, lines * sizeof *f->acc);
  memset(f->ref, 0, lines * sizeof *f->ref);
  memset(f->over, 0, lines * sizeof *f->over);
  f->parts_known = false;
}

struct xt_select xt_afe_taken(const struct xt_select *select) {
  struct xt_select taken = *select;
  for (int p = 0; p < XT_NUM_PLANES; p++)
    taken.coefficient[p] = select->coefficient[p] < 0 ? -select->coefficient[p] : 0;
  return taken;
}

int64_t xt_afe_sum(const struct xt_select *select) {
  int64_t sum = 0;
  for (int p = 0; p < XT_NUM_PLANES; p++) sum += select->coefficient[p];
  return sum;
}

/* A driven row adds (or takes) its values to every column. */
static void columns(struct xt_afe *f, const struct xt_array *a, const struct xt_select *select,
                    const struct xt_drives *drives, int64_t *sum) {
  memset(sum, 0, (size_t)f->dim.m * sizeof *sum);
  const uint32_t *const act = drives->row_act;
  for (int32_t i = xt_bits_next(act, 0, f->dim.n); i < f->dim.n; i = xt_bits_next(act, i + 1, f->dim.n)) {
    const bool positive = xt_bit(drives->row_pol, i) != 0;
    xt_array_row(a, select, i, f->value);
    for (int32_t j = 0; j < f->dim.m; j++) sum[j] += positive ? f->value[j] : -f->value[j];
  }
}

/* A row collects its values under the driven columns. */
static void rows(struct xt_afe *f, const struct xt_array *a, const struct xt_select *select,
                 const struct xt_drives *drives, int64_t *sum) {
  memset(sum, 0, (size_t)f->dim.n * sizeof *sum);
  if (xt_bits_count(drives->col_act, f->dim.col_words) == 0) return;
  const uint32_t *const act = drives->col_act;
  for (int32_t i = 0; i < f->dim.n; i++) {
    xt_array_row(a, select, i, f->value);
    for (int32_t j = xt_bits_next(act, 0, f->dim.m); j < f->dim.m; j = xt_bits_next(act, j + 1, f->dim.m))
      sum[i] += xt_bit(drives->col_pol, j) != 0 ? f->value[j] : -f->value[j];
  }
}

/* The driven lines: by polarity, and their reference devices by polarity. */
struct driven {
  int64_t lines, spread;
};

static struct driven driven(const struct xt_afe *f, int dir, const struct xt_drives *drives) {
  struct driven d = {0, 0};
  const uint32_t *const act = dir ? drives->col_act : drives->row_act;
  const uint32_t *const pol = dir ? drives->col_pol : drives->row_pol;
  const int32_t lines = dir ? f->dim.m : f->dim.n;
  for (int32_t i = xt_bits_next(act, 0, lines); i < lines; i = xt_bits_next(act, i + 1, lines)) {
    d.lines += xt_bit(pol, i) != 0 ? 1 : -1;
    d.spread += xt_bit(pol, i) != 0 ? f->spread[dir][i] : -f->spread[dir][i];
  }
  return d;
}

/* Currents of a slot into lines at virtual ground; back NULL: not wanted. */
static void currents(struct xt_afe *f, const struct xt_array *a, const struct xt_select *select, int dir,
                     const struct xt_drives *drives, int64_t *cur, int64_t *back) {
  const int32_t sensed = dir ? f->dim.n : f->dim.m;
  const struct xt_select taken = xt_afe_taken(select);
  const struct driven d = driven(f, dir, drives);
  const int64_t sum = xt_afe_sum(select),
                common = sum * (f->dim.fs * d.lines + d.spread) + xt_afe_sum(&taken) * f->dim.fs * d.lines;
  (dir ? rows : columns)(f, a, select, drives, cur);
  for (int32_t i = 0; i < sensed; i++) cur[i] -= sum * d.spread;
  if (back == NULL) return;
  (dir ? rows : columns)(f, a, &taken, drives, back);
  for (int32_t i = 0; i < sensed; i++) back[i] += common;
}

/* floor(2^20 load / (load + line)), load > 0, their sum below 2^53. */
static int64_t divider(int64_t load, int64_t line) {
  const int64_t all = load + line, high = (load << 10) / all, rest = (load << 10) % all;
  return (high << 10) + (rest << 10) / all;
}

/* Conductances are the currents of lines that are all driven alike. */
static void parts(struct xt_afe *f, const struct xt_array *a, const struct xt_select *select, int dir,
                  const struct xt_drives *drives) {
  const int64_t load = ((int64_t)f->load * f->dim.fs * (INT64_C(1) << select->fraction)) >> 4;
  struct xt_drives d = *drives;
  if (f->load_all && f->parts_known) return;
  if (f->load_all) *(dir ? &d.col_act : &d.row_act) = f->every;
  d.row_pol = d.row_act;
  d.col_pol = d.col_act;
  currents(f, a, select, dir, &d, f->part[0], f->part[1]);
  for (int32_t i = 0; i < (dir ? f->dim.n : f->dim.m); i++) {
    f->part[0][i] = divider(load, f->part[0][i] + f->part[1][i]);
    f->part[1][i] = divider(load, f->part[1][i]);
  }
  f->parts_known = true;
}

void xt_afe_currents(struct xt_afe *f, const struct xt_array *a, const struct xt_select *select, int dir,
                     const struct xt_drives *drives) {
  currents(f, a, select, dir, drives, f->cur, f->mirror_error != 0 || f->load > 0 ? f->back : NULL);
  if (f->load == 0) return;
  parts(f, a, select, dir, drives);
  for (int32_t i = 0; i < (dir ? f->dim.n : f->dim.m); i++) {
    const int64_t plus = f->cur[i] + f->back[i];
    f->back[i] = xt_afe_part(f->back[i], (int32_t)f->part[1][i], 20);
    f->cur[i] = xt_afe_part(plus, (int32_t)f->part[0][i], 20) - f->back[i];
  }
}

void xt_afe_integ(struct xt_afe *f, const struct xt_select *select, int dir, bool halve) {
  const int64_t limit = xt_afe_limit(f, select);
  for (int32_t i = 0; i < (dir ? f->dim.n : f->dim.m); i++) {
    f->acc[i] = xt_afe_slot(f, f->acc[i], f->cur[i], halve);
    if (limit > 0) f->acc[i] = xt_afe_clip(f->acc[i], limit, &f->over[i]);
    if (f->mirror_error != 0) f->ref[i] = xt_afe_slot(f, f->ref[i], f->back[i], halve);
  }
}

void xt_afe_disturb(struct xt_afe *f, const struct xt_select *select, int dir) {
  const int32_t sensed = dir ? f->dim.n : f->dim.m;
  const uint32_t key = xt_noise_key(f->seed, XT_DOM_READ, f->read_ctr);
  for (int32_t i = 0; i < sensed && f->mirror_error != 0; i++) f->v[i] -= xt_afe_part(f->ref[i], f->mirror[dir][i], 20);
  for (int32_t i = 0; i < sensed && f->read_noise != 0; i++) {
    const int64_t g = xt_noise_gauss(xt_noise_word(key, (uint32_t)i + (uint32_t)dir * SECOND_SIDE));
    f->v[i] += xt_sra(g * f->read_noise, 8) * (INT64_C(1) << select->fraction);
  }
  f->read_ctr++;
}

void xt_afe_hold(struct xt_afe *f, const struct xt_select *select, int dir) {
  memcpy(f->v, f->acc, (size_t)(dir ? f->dim.n : f->dim.m) * sizeof *f->v);
  xt_afe_disturb(f, select, dir);
}

/* ---------------------------------------------------------------- conversions */

/* D of a unit. */
static int64_t dac(const struct xt_afe *f, int32_t unit, int32_t code) {
  const int32_t binary = code + (INT32_C(1) << (f->dim.adc_bits - 1));
  int64_t out = -(INT64_C(256) << (f->dim.adc_bits - 1));
  for (int32_t b = 0; b < f->dim.adc_bits; b++) {
    if (binary >> b & 1) out += f->step[b * f->dim.units + unit];
  }
  return out;
}

uint32_t xt_afe_cmp(const struct xt_afe *f, int32_t line, uint32_t range, int32_t sar_code) {
  const int32_t unit = line / f->dim.share;
  const int64_t noise = f->cmp_noise != 0 ? xt_afe_decision(f, xt_noise_key(f->seed, XT_DOM_CMP, f->cmp_ctr), unit) : 0;
  return xt_afe_level(f->v[line], f->gain[unit], range) >= dac(f, unit, sar_code) + f->offset[unit] + noise;
}
