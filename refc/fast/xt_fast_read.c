/* SPDX-License-Identifier: Apache-2.0 */
/* Whole reads: every code at once instead of slot by slot. Pulse width and bit-serial reads integrate the same sum,
 * unless an integrator may reach its limit on the way: then slot by slot, from sums of the lines that fall in a slot.
 */
#include "xt_cycles.h"
#include "xt_fast.h"

static int32_t magnitude(int16_t code) {
  return code < 0 ? -code : code;
}

/* ---------------------------------------------------------------- sums */

static int64_t magnitudes(const int16_t *codes, const int32_t *lines, int32_t count) {
  int64_t sum = 0;
  for (int32_t l = 0; l < count; l++) sum += magnitude(codes[lines[l]]);
  return sum;
}

/* The end of the lines (NULL: all) from `first` on whose |codes| times the largest |w| sum up to 31 bits, of StateBits
 * <= 16. */
static int32_t batch(const struct xt_dim *dim, const int16_t *codes, const int32_t *lines, int32_t first,
                     int32_t count) {
  const int64_t most = INT64_C(1) << (32 - dim->sw); /* more than any code */
  int64_t sum = 0;
  int32_t end = first;
  for (; end < count; end++) {
    sum += magnitude(codes[lines != NULL ? lines[end] : end]);
    if (sum >= most) break;
  }
  return end;
}

/* A batch of driven lines, split by the lines that are sensed. */
struct batch_sums {
  const struct xt_fast *f;
  const int16_t *w; /* of the first column */
  int32_t m;
  const int16_t *codes;
  const int32_t *lines;
  int32_t count, sensed;
  int parts;
  int64_t factor;
  int64_t *v;
};

/* The first line of a part. */
static int32_t part_first(const struct batch_sums *s, int part) {
  return part == s->parts ? s->sensed : s->sensed / XT_SLACK * part / s->parts * XT_SLACK;
}

static void columns_part(void *ctx, int part, int thread) {
  const struct batch_sums *s = ctx;
  const int32_t first = part_first(s, part), end = part_first(s, part + 1);
  (void)thread;
  s->f->simd->columns(s->w, s->m, first, end, s->codes, s->lines, s->count, s->f->sum);
  s->f->simd->add(s->v + first, s->f->sum + first, s->factor, end - first);
}

static void rows_part(void *ctx, int part, int thread) {
  const struct batch_sums *s = ctx;
  const int32_t first = part_first(s, part), lines = part_first(s, part + 1) - first;
  (void)thread;
  s->f->simd->rows(s->w + (size_t)first * (size_t)s->m, lines, s->m, s->codes, s->count, s->f->sum + first);
  s->f->simd->add(s->v + first, s->f->sum + first, s->factor, lines);
}

static void split(struct batch_sums *s, void (*run)(void *ctx, int part, int thread)) {
  enum { LEAST = 1 << 15 }; /* products: a microsecond */
  s->parts = xt_fast_parts(s->f, (int64_t)s->count * (s->sensed / XT_SLACK * XT_SLACK), LEAST);
  xt_fast_split(s->f, s->parts, run, s);
}

static void columns_narrow(const struct xt_blocks *t, const struct xt_plane *p, const int16_t *codes,
                           const int32_t *lines, int32_t count, int64_t factor, int64_t *v) {
  for (int32_t first = 0, end; first < count; first = end) {
    end = batch(&t->dim, codes, lines, first, count);
    struct batch_sums s = {.f = t->fast_memory,
                           .w = p->w16,
                           .m = p->m,
                           .codes = codes,
                           .lines = lines + first,
                           .count = end - first,
                           .sensed = p->m,
                           .factor = factor,
                           .v = v};
    split(&s, columns_part);
  }
}

static void rows_narrow(const struct xt_blocks *t, const struct xt_plane *p, const int16_t *codes, int64_t factor,
                        int64_t *v) {
  const struct xt_fast *f = t->fast_memory;
  for (int32_t first = 0, end; first < p->m; first = end) {
    end = batch(&t->dim, codes, NULL, first, p->m);
    memcpy(f->codes, codes + first, (size_t)(end - first) * sizeof *codes);
    memset(f->codes + (end - first), 0, XT_SLACK * sizeof *codes);
    struct batch_sums s = {.f = f,
                           .w = p->w16 + first,
                           .m = p->m,
                           .codes = f->codes,
                           .count = end - first,
                           .sensed = p->n,
                           .factor = factor,
                           .v = v};
    split(&s, rows_part);
  }
}

static void columns_wide(const struct xt_plane *p, const int16_t *codes, const int32_t *lines, int32_t count,
                         int64_t factor, int64_t *v) {
  for (int32_t l = 0; l < count; l++) {
    const size_t k = (size_t)lines[l] * (size_t)p->m;
    for (int32_t j = 0; j < p->m; j++) v[j] += factor * codes[lines[l]] * xt_plane_state(p, k + (size_t)j);
  }
}

void xt_fast_columns(const struct xt_blocks *t, const struct xt_plane *p, const int16_t *codes, const int32_t *lines,
                     int32_t count, int64_t factor, int64_t *v) {
  if (p->w16 != NULL)
    columns_narrow(t, p, codes, lines, count, factor, v);
  else
    columns_wide(p, codes, lines, count, factor, v);
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

/* v = the sum over a select's planes of coefficient * codes * states. */
static void sense(struct xt_blocks *t, const struct xt_read *rd, const struct xt_select *select, int32_t count,
                  int64_t *v) {
  const struct xt_fast *f = t->fast_memory;
  memset(v, 0, (size_t)(rd->dir ? t->dim.n : t->dim.m) * sizeof *v);
  for (int k = 0; k < XT_NUM_PLANES && count > 0; k++) {
    const struct xt_plane *p = &t->array.plane[k];
    const int64_t factor = select->coefficient[k];
    if (factor == 0) continue;
    if (rd->dir == 0)
      xt_fast_columns(t, p, rd->codes, f->list, count, factor, v);
    else if (p->w16 != NULL)
      rows_narrow(t, p, rd->codes, factor, v);
    else
      rows_wide(p, rd->codes, f->list, count, factor, v);
  }
}

/* The codes' sum, and that of the reference devices that they drive. */
struct reference {
  int64_t codes, spread;
};

static struct reference reference(const struct xt_blocks *t, const struct xt_read *rd, int32_t count) {
  const int32_t *list = t->fast_memory->list;
  struct reference r = {0, 0};
  for (int32_t l = 0; l < count; l++) {
    r.codes += rd->codes[list[l]];
    r.spread += (int64_t)rd->codes[list[l]] * t->afe.spread[rd->dir][list[l]];
  }
  return r;
}

/* What the mirrors have to take off. */
static void sense_reference(struct xt_blocks *t, const struct xt_read *rd, int32_t count) {
  const struct xt_select taken = xt_afe_taken(&rd->select);
  const struct reference r = reference(t, rd, count);
  const int64_t common =
      xt_afe_sum(&rd->select) * (t->dim.fs * r.codes + r.spread) + xt_afe_sum(&taken) * t->dim.fs * r.codes;
  sense(t, rd, &taken, count, t->afe.ref);
  for (int32_t i = 0; i < (rd->dir ? t->dim.n : t->dim.m); i++) t->afe.ref[i] += common;
}

static void whole(struct xt_blocks *t, const struct xt_read *rd, int32_t count) {
  const int32_t sensed = rd->dir ? t->dim.n : t->dim.m;
  const int64_t spread = xt_afe_sum(&rd->select) * reference(t, rd, count).spread;
  sense(t, rd, &rd->select, count, t->afe.v);
  for (int32_t i = 0; i < sensed && spread != 0; i++) t->afe.v[i] -= spread;
  memset(t->afe.over, 0, (size_t)sensed * sizeof *t->afe.over);
}

/* ---------------------------------------------------------------- slot by slot */

/* Could an integrator reach the limit, were all signs and states the worst? */
static bool may_reach(const struct xt_blocks *t, const struct xt_read *rd, int32_t count, int64_t limit) {
  const struct xt_select taken = xt_afe_taken(&rd->select);
  const int64_t sum = xt_afe_sum(&rd->select), each = sum + 2 * xt_afe_sum(&taken) + (sum < 0 ? -sum : sum);
  const int64_t slots = t->csr.reg[XT_CSR_READ_ENC] == XT_READ_SERIAL
                            ? (int64_t)count << t->dim.mb /* on the way, the lowest bit may count as much as any */
                            : magnitudes(rd->codes, t->fast_memory->list, count);
  return slots * each * t->dim.fs > limit;
}

struct walk {
  bool serial;
  int32_t slots;
  int64_t limit;
};

/* Adds `sign` * what row i of the select gives to one slot. */
static void add_row(struct xt_blocks *t, const struct xt_select *select, int32_t i, int64_t sign, int64_t *slot) {
  for (int p = 0; p < XT_NUM_PLANES; p++) {
    const struct xt_plane *plane = &t->array.plane[p];
    const int64_t factor = sign * select->coefficient[p];
    const size_t k = (size_t)i * (size_t)t->dim.m;
    if (factor == 0) continue;
    if (plane->w16 != NULL && (factor == 1 || factor == -1)) {
      const int16_t *const restrict w = plane->w16 + k;
      for (int32_t j = 0; j < t->dim.m; j++) slot[j] += factor > 0 ? w[j] : -w[j];
    } else {
      for (int32_t j = 0; j < t->dim.m; j++) slot[j] += factor * xt_plane_state(plane, k + (size_t)j);
    }
  }
}

static void walk_columns(struct xt_blocks *t, const struct xt_read *rd, int32_t count, const struct walk *k) {
  struct xt_fast *f = t->fast_memory;
  const int32_t m = t->dim.m;
  const int64_t sum = xt_afe_sum(&rd->select);
  int64_t common[XT_READ_SLOTS] = {0}; /* of the reference, the same for every column */
  memset(f->slot, 0, (size_t)k->slots * (size_t)m * sizeof *f->slot);
  for (int32_t l = 0; l < count; l++) {
    const int32_t i = f->list[l], mag = magnitude(rd->codes[i]), sign = rd->codes[i] < 0 ? -1 : 1;
    for (int32_t b = 0; b < (k->serial ? k->slots : 1); b++) {
      const int32_t s = k->serial ? b : mag - 1;
      if (k->serial && (mag >> b & 1) == 0) continue;
      add_row(t, &rd->select, i, sign, f->slot + (size_t)s * (size_t)m);
      common[s] -= sum * sign * t->afe.spread[0][i];
    }
  }
  for (int32_t s = k->slots - 2; s >= 0 && !k->serial; s--) { /* a longer pulse is there in the slots before */
    const int64_t *const restrict later = f->slot + (size_t)(s + 1) * (size_t)m;
    int64_t *const restrict slot = f->slot + (size_t)s * (size_t)m;
    for (int32_t j = 0; j < m; j++) slot[j] += later[j];
    common[s] += common[s + 1];
  }
  memset(t->afe.v, 0, (size_t)m * sizeof *t->afe.v);
  for (int32_t s = 0; s < k->slots; s++) {
    const int64_t *const restrict slot = f->slot + (size_t)s * (size_t)m;
    int64_t *const restrict v = t->afe.v;
    uint8_t *const restrict over = t->afe.over;
    for (int32_t j = 0; j < m; j++)
      v[j] = xt_afe_clip(xt_afe_slot(&t->afe, v[j], slot[j] + common[s], k->serial), k->limit, &over[j]);
  }
}

/* What row i gives in each slot. */
static void row_slots(const struct xt_blocks *t, const struct xt_read *rd, int32_t i, int32_t count,
                      const struct walk *k, int64_t *slot) {
  const struct xt_fast *f = t->fast_memory;
  memset(slot, 0, (size_t)k->slots * sizeof *slot);
  for (int p = 0; p < XT_NUM_PLANES; p++) {
    const struct xt_plane *plane = &t->array.plane[p];
    const int64_t factor = rd->select.coefficient[p];
    for (int32_t l = 0; l < count && factor != 0; l++) {
      const int32_t j = f->list[l], c = rd->codes[j], mag = magnitude(rd->codes[j]);
      const int64_t w = factor * xt_plane_state(plane, (size_t)i * (size_t)t->dim.m + (size_t)j);
      if (!k->serial) slot[mag - 1] += c < 0 ? -w : w;
      for (int32_t b = 0; b < k->slots && k->serial; b++)
        if (mag >> b & 1) slot[b] += c < 0 ? -w : w;
    }
  }
}

static void walk_rows(struct xt_blocks *t, const struct xt_read *rd, int32_t count, const struct walk *k) {
  const struct xt_fast *f = t->fast_memory;
  const int64_t sum = xt_afe_sum(&rd->select);
  int64_t common[XT_READ_SLOTS] = {0}, slot[XT_READ_SLOTS];
  for (int32_t l = 0; l < count; l++) {
    const int32_t j = f->list[l], mag = magnitude(rd->codes[j]);
    const int64_t m = sum * (rd->codes[j] < 0 ? -1 : 1) * t->afe.spread[1][j];
    if (!k->serial) common[mag - 1] -= m;
    for (int32_t b = 0; b < k->slots && k->serial; b++)
      if (mag >> b & 1) common[b] -= m;
  }
  for (int32_t i = 0; i < t->dim.n; i++) {
    int64_t v = 0;
    row_slots(t, rd, i, count, k, slot);
    for (int32_t s = 0; s < k->slots; s++) slot[s] += common[s];
    for (int32_t s = k->slots - 2; s >= 0 && !k->serial; s--) slot[s] += slot[s + 1];
    for (int32_t s = 0; s < k->slots; s++)
      v = xt_afe_clip(xt_afe_slot(&t->afe, v, slot[s], k->serial), k->limit, &t->afe.over[i]);
    t->afe.v[i] = v;
  }
}

static void walk(struct xt_blocks *t, const struct xt_read *rd, int32_t count, int64_t limit) {
  const uint32_t enc = t->csr.reg[XT_CSR_READ_ENC];
  const struct walk k = {enc == XT_READ_SERIAL, (int32_t)xt_cycles_rs(&t->dim, enc), limit};
  memset(t->afe.over, 0, (size_t)(rd->dir ? t->dim.n : t->dim.m) * sizeof *t->afe.over);
  (rd->dir ? walk_rows : walk_columns)(t, rd, count, &k);
}

/* With load resistors every slot has its own dividers: the plain front end. */
static void loaded(struct xt_blocks *t, const struct xt_read *rd) {
  const uint32_t enc = t->csr.reg[XT_CSR_READ_ENC];
  xt_afe_clear(&t->afe);
  xt_seq_read_codes(t, rd);
  for (uint32_t s = 0; s < xt_cycles_rs(&t->dim, enc); s++) {
    xt_seq_read_drives(t, rd, s);
    xt_afe_currents(&t->afe, &t->array, &rd->select, rd->dir, &t->seq.drives);
    xt_afe_integ(&t->afe, &rd->select, rd->dir, enc == XT_READ_SERIAL);
  }
  memcpy(t->afe.v, t->afe.acc, (size_t)(rd->dir ? t->dim.n : t->dim.m) * sizeof *t->afe.v);
}

/* ---------------------------------------------------------------- conversions */

void xt_fast_units(struct xt_fast *f, const struct xt_afe *afe) {
  const struct xt_dim *dim = &afe->dim;
  const int32_t zero = 1 << (dim->adc_bits - 1);
  int64_t peak = INT64_MIN;
  f->ideal = afe->cmp_noise == 0;
  for (int32_t u = 0; u < dim->units; u++) {
    f->ideal &= afe->offset[u] == 0 && afe->gain[u] == 0;
    for (int32_t b = 0; b < dim->adc_bits; b++) f->ideal &= afe->step[b * dim->units + u] == 256 << b;
  }
  for (int32_t k = 0; k < dim->conv && dim->ramp; k++) {
    int64_t out = -256 * (int64_t)zero;
    for (int32_t b = 0; b < dim->adc_bits; b++)
      if ((k + 1 - dim->adcmax + zero) >> b & 1) out += afe->step[b * dim->units];
    f->ramp[k] = out;
    f->peak[k] = peak = out > peak ? out : peak;
  }
}

/* The decisions of one unit: level, less the offset, against what the DAC gives. */
struct conversion {
  const struct xt_afe *afe;
  uint32_t ctr; /* cmp_ctr in the first cycle */
  int32_t unit;
  int64_t level, noise; /* largest noise of a decision */
};

static bool decide(const struct conversion *c, int32_t cycle, int64_t dac) {
  const int64_t margin = c->level - dac;
  if (margin >= c->noise) return true; /* whatever the noise */
  if (margin < -c->noise - 1) return false;
  return margin >= xt_afe_decision(c->afe, xt_noise_key(c->afe->seed, XT_DOM_CMP, c->ctr + (uint32_t)cycle), c->unit);
}

static int32_t search(const struct conversion *c) {
  const struct xt_dim *dim = &c->afe->dim;
  const int32_t *step = c->afe->step + c->unit;
  int64_t dac = -(INT64_C(256) << (dim->adc_bits - 1));
  int32_t code = xt_adc_first(dim);
  for (int32_t k = 0; k < dim->adc_bits; k++) {
    const int64_t trial = dac + step[(dim->adc_bits - 1 - k) * dim->units];
    if (!decide(c, k, trial)) continue;
    dac = trial;
    code = xt_adc_trial(dim, code, k);
  }
  return code;
}

/* The first step whose peak is above `level`: until there every trial is taken. */
static int32_t climb(const struct xt_fast *f, int32_t steps, int64_t level) {
  int32_t lo = 0, hi = steps;
  while (lo < hi) {
    const int32_t mid = (lo + hi) / 2;
    if (f->peak[mid] > level)
      hi = mid;
    else
      lo = mid + 1;
  }
  return lo;
}

static int32_t ramp(const struct xt_fast *f, const struct conversion *c) {
  const struct xt_dim *dim = &c->afe->dim;
  int32_t k = climb(f, dim->conv, c->level - c->noise);
  while (k < dim->conv && decide(c, k, f->ramp[k])) k++;
  return k - dim->adcmax;
}

static int32_t convert_unit(const struct xt_blocks *t, const struct xt_read *rd, int32_t line) {
  const struct xt_afe *afe = &t->afe;
  const struct xt_dim *dim = &t->dim;
  const int32_t unit = line / dim->share;
  const struct conversion c = {.afe = afe,
                               .ctr = afe->cmp_ctr + (uint32_t)(line % dim->share * dim->conv),
                               .unit = unit,
                               .level = xt_afe_level(afe->v[line], afe->gain[unit], rd->range) - afe->offset[unit],
                               .noise = xt_sra(INT64_C(510) * afe->cmp_noise, 8)};
  return dim->ramp ? ramp(t->fast_memory, &c) : search(&c);
}

/* All at once, by what the fast memory has to tell them apart: nothing but their offsets. */
static uint32_t convert_ideal(struct xt_blocks *t, const struct xt_read *rd, int32_t lines) {
  const struct xt_dim *dim = &t->dim;
  const struct xt_fast_adc adc = {.half = rd->range > 0 ? INT64_C(1) << (rd->range - 1) : 0,
                                  .range = rd->range,
                                  .least = xt_adc_first(dim),
                                  .most = dim->adcmax};
  int32_t *const offset = t->fast_memory->sum;
  for (int32_t i = 0; i < lines; i++)
    offset[i] = xt_csr_adc_offset(&t->csr) + t->adc.cal[dim->share == 1 ? i : i / dim->share];
  return t->fast_memory->simd->convert(t->afe.v, lines, &adc, offset, t->fast_memory->raw, t->seq.codes);
}

uint32_t xt_fast_convert(struct xt_blocks *t, const struct xt_read *rd) {
  const struct xt_dim *dim = &t->dim;
  const int32_t lines = rd->dir ? dim->n : dim->m, offset = xt_csr_adc_offset(&t->csr);
  uint32_t rails = 0;
  if (t->fast_memory->ideal) rails = convert_ideal(t, rd, lines);
  for (int32_t i = 0; i < lines && !t->fast_memory->ideal; i++) {
    bool rail;
    t->fast_memory->raw[i] = convert_unit(t, rd, i);
    t->seq.codes[i] = xt_adc_latch(dim, t->fast_memory->raw[i], offset + t->adc.cal[i / dim->share], &rail);
    rails += rail;
  }
  t->afe.cmp_ctr += (uint32_t)(dim->share * dim->conv);
  return rails;
}

/* ---------------------------------------------------------------- a read */

/* At rows of a plane that a train is not done with. */
static bool looks_behind(const struct xt_fast *f, const struct xt_read *rd, int32_t count) {
  return rd->select.coefficient[f->ahead_plane] != 0 && (rd->dir != 0 || count != 1 || f->list[0] != f->ahead_row);
}

bool xt_fast_read(struct xt_blocks *t, const struct xt_read *rd) {
  const int64_t limit = xt_afe_limit(&t->afe, &rd->select);
  const struct xt_fast *f = t->fast_memory;
  if (t->dim.ramp && t->trace.sink != NULL) return false; /* its comparators say more than the code */
  const int32_t count = f->simd->driven(rd->codes, rd->dir ? t->dim.m : t->dim.n, f->list);
  if (f->ahead && looks_behind(f, rd, count)) xt_fast_join(t);
  if (t->afe.load > 0)
    loaded(t, rd);
  else if (limit > 0 && may_reach(t, rd, count, limit))
    walk(t, rd, count, limit);
  else
    whole(t, rd, count);
  if (t->afe.mirror_error != 0 && t->afe.load == 0) sense_reference(t, rd, count);
  if (xt_array_disturbed(&t->array, &rd->select)) xt_fast_read_disturb(t, rd, count);
  xt_afe_disturb(&t->afe, &rd->select, rd->dir);
  t->seq.rails = xt_fast_convert(t, rd);
  xt_fast_read_records(t, rd);
  return true;
}
