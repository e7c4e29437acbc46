/* SPDX-License-Identifier: Apache-2.0 */
/* Records of what is done at once. None of them shows a device: drives follow from codes and generators, and what the
 * converters did on the way from the code that they ended at. */
#include "xt_cycles.h"
#include "xt_fast.h"

static void put(struct xt_blocks *t, struct xt_record *r, uint32_t cycle) {
  r->op = t->cmd.op;
  r->cycle = cycle;
  xt_trace_put(&t->trace, r);
}

/* ---------------------------------------------------------------- reads */

/* INTEG and HOLD, from `cycle` on. */
static void integ(struct xt_blocks *t, const struct xt_read *rd, uint32_t cycle) {
  const struct xt_fast_simd *simd = t->fast_memory->simd;
  struct xt_seq *q = &t->seq;
  const int32_t driven = rd->dir ? t->dim.m : t->dim.n;
  const uint32_t enc = t->csr.reg[XT_CSR_READ_ENC], slots = xt_cycles_rs(&t->dim, enc);
  uint32_t *const act = rd->dir ? q->drives.col_act : q->drives.row_act;
  uint32_t *const pol = rd->dir ? q->drives.col_pol : q->drives.row_pol;
  struct xt_record hold = {.kind = XT_KIND_HOLD, .sel = (uint8_t)rd->select.sel};
  simd->magnitudes(rd->codes, driven, q->mag, q->neg);
  xt_seq_no_drives(t);
  for (uint32_t s = 0; s < slots; s++) {
    struct xt_record r = {.kind = XT_KIND_INTEG, .sel = (uint8_t)rd->select.sel, .slot = (uint16_t)s};
    if (enc == XT_READ_PWM)
      simd->above(q->mag, driven, s, act);
    else
      simd->bits(q->mag, driven, UINT32_C(1) << s, act);
    for (int32_t w = 0; w < xt_words(driven); w++) pol[w] = act[w] & ~q->neg[w];
    xt_seq_record_drives(t, &r);
    put(t, &r, cycle + s);
  }
  put(t, &hold, cycle + slots);
}

/* The conversion of one share slot, from `cycle` on. A unit that looks at no sensed line takes no trial. */
static void convert(struct xt_blocks *t, const struct xt_read *rd, int32_t share, uint32_t cycle) {
  const struct xt_fast *f = t->fast_memory;
  const struct xt_dim *dim = &t->dim;
  const int32_t sensed = rd->dir ? dim->n : dim->m, lowest = xt_adc_first(dim);
  const int32_t looks = share < sensed ? xt_ceil_div(sensed - share, dim->share) : 0; /* units with a sensed line */
  xt_bits_zero(t->adc.over, dim->unit_words);
  memset(f->unit_code, 0, (size_t)dim->units * sizeof *f->unit_code);
  for (int32_t u = 0; u < looks; u++) f->unit_code[u] = (uint32_t)(f->raw[u * dim->share + share] - lowest);
  for (int32_t u = 0; u < looks && t->afe.int_max > 0; u++)
    t->adc.over[u >> 5] |= (uint32_t)t->afe.over[u * dim->share + share] << (u & 31);
  for (int32_t k = 0; k < dim->conv; k++) {
    const uint32_t bit = xt_adc_slot(dim, k);
    struct xt_record r = {.kind = XT_KIND_SAR,
                          .sel = (uint8_t)rd->select.sel,
                          .phase = (uint8_t)share,
                          .slot = (uint16_t)bit,
                          .trial = t->adc.trial,
                          .cmp = t->adc.cmp,
                          .over = t->adc.over};
    f->simd->trials(f->unit_code, dim->units, bit, -lowest, t->adc.trial);
    f->simd->bits(f->unit_code, dim->units, UINT32_C(1) << bit, t->adc.cmp);
    put(t, &r, cycle + (uint32_t)k);
  }
}

void xt_fast_read_records(struct xt_blocks *t, const struct xt_read *rd) {
  const uint32_t enc = t->csr.reg[XT_CSR_READ_ENC];
  uint32_t cycle = t->seq.cycle + 1; /* CLEAR */
  if (t->trace.sink == NULL) {
    xt_trace_skip(&t->trace, xt_cycles_readseq_records(&t->dim, enc));
    return;
  }
  integ(t, rd, cycle);
  cycle += xt_cycles_rs(&t->dim, enc) + 1;
  for (int32_t share = 0; share < t->dim.share; share++) {
    convert(t, rd, share, cycle);
    cycle += (uint32_t)t->dim.conv + 1; /* LATCH */
  }
}

/* ---------------------------------------------------------------- trains */

struct train {
  const struct xt_pulse_train *u;
  const struct xt_fast_lines *lines;
  const int32_t *rows, *cols; /* of either sign */
  struct xt_pulse_shape shape;
  uint32_t phase, cycle;
};

static void by_line(const int32_t *list, const uint32_t *mask, int32_t count, uint32_t *slots) {
  for (int32_t r = 0; r < count; r++) slots[list[r]] = mask[r];
}

/* Slots in which lines of either sign fire; half-select: of the phase's signs. */
static void fire(struct xt_blocks *t, const struct train *k, struct xt_fast_chunk c) {
  struct xt_fast *f = t->fast_memory;
  const struct xt_fast_lines *l = k->lines;
  const bool gated = k->u->coinc.gated;
  memset(f->row_slots, 0, (size_t)t->dim.n * sizeof *f->row_slots);
  memset(f->col_slots, 0, (size_t)t->dim.m * sizeof *f->col_slots);
  for (int neg = 0; neg < 2; neg++) {
    if (gated || xt_coinc_row_neg(k->phase) == (neg != 0)) {
      xt_fast_row_thresholds(t, &k->u->um, l->row_mag[neg], k->rows[neg], l->row_list_t);
      xt_fast_row_masks(&f->gens, &t->enc, c, k->rows[neg], l->row_list[neg], l->row_list_t, l->row_mask);
      by_line(l->row_list[neg], l->row_mask, k->rows[neg], f->row_slots);
    }
    if (gated || xt_coinc_col_neg(k->phase) == (neg != 0)) {
      xt_fast_col_masks(&f->gens, &t->enc, c, k->cols[neg], l->col_list[neg], l->col_list_t[neg], l->list_mask);
      by_line(l->col_list[neg], l->list_mask, k->cols[neg], f->col_slots);
    }
  }
}

static void slot_records(struct xt_blocks *t, struct train *k, uint32_t slot, uint32_t bit) {
  const struct xt_fast *f = t->fast_memory;
  const struct xt_dim *dim = &t->dim;
  struct xt_seq *q = &t->seq;
  struct xt_record r = {
      .kind = XT_KIND_PULSE, .sel = (uint8_t)k->u->plane, .phase = (uint8_t)k->phase, .slot = (uint16_t)slot};
  f->simd->bits(f->row_slots, dim->n, bit, q->row_fire);
  f->simd->bits(f->col_slots, dim->m, bit, q->col_fire);
  xt_coinc_drive(&k->u->coinc, k->phase, dim->row_words, q->row_fire, q->row_neg, dim->col_words, q->col_fire,
                 q->col_neg, q->drives.row_act, q->drives.row_pol, q->drives.col_act, q->drives.col_pol);
  xt_seq_record_drives(t, &r);
  xt_seq_record_factors(t, &k->u->um, &r);
  for (; r.at < k->shape.width; r.at++) put(t, &r, k->cycle++);
  k->cycle += k->shape.gap;
}

void xt_fast_train_records(struct xt_blocks *t, const struct xt_pulse_train *u, const struct xt_fast_lines *l,
                           const int32_t rows[2], const int32_t cols[2]) {
  const struct xt_fast_simd *simd = t->fast_memory->simd;
  struct train k = {.u = u, .lines = l, .rows = rows, .cols = cols, .shape = xt_cycles_pulse_shape(t->csr.reg)};
  uint32_t base = 0; /* slots of the phases before */
  if (t->trace.sink == NULL) {
    xt_trace_skip(&t->trace, (uint64_t)xt_popcount(u->phases) * u->um.bl * k.shape.width);
    return;
  }
  simd->magnitudes(u->x, t->dim.n, t->seq.mag, t->seq.row_neg);
  simd->magnitudes(u->d, t->dim.m, t->seq.mag, t->seq.col_neg);
  k.cycle = t->seq.cycle;
  for (uint32_t left = u->phases; left != 0; left &= left - 1, base += u->um.bl) {
    k.phase = xt_ctz(left);
    for (uint32_t slot = 0; slot < u->um.bl; slot++) {
      const uint32_t in = slot % XT_CHUNK, more = u->um.bl - slot;
      if (in == 0) fire(t, &k, (struct xt_fast_chunk){u->enc, base + slot, slot, more < XT_CHUNK ? more : XT_CHUNK});
      slot_records(t, &k, slot, UINT32_C(1) << in);
    }
    k.cycle += k.shape.settle;
  }
}

/* ---------------------------------------------------------------- pulses with amplitudes */

void xt_fast_switch_records(struct xt_blocks *t, const struct xt_switch *s) {
  const struct xt_pulse_shape shape = xt_cycles_pulse_shape(t->csr.reg);
  uint32_t cycle = t->seq.cycle;
  if (t->trace.sink == NULL) {
    xt_trace_skip(&t->trace, xt_popcount(s->amp->phases) * xt_cycles_switch_pulses(shape, s->slots));
    return;
  }
  xt_seq_switch_codes(t, s);
  for (uint32_t left = s->amp->phases; left != 0; left &= left - 1) {
    for (uint32_t slot = 0; slot < s->slots; slot++) {
      struct xt_record r = {.kind = XT_KIND_SWITCH,
                            .sel = (uint8_t)s->plane,
                            .phase = (uint8_t)xt_ctz(left),
                            .slot = (uint16_t)slot,
                            .row_amp = t->seq.row_amp_bits,
                            .col_amp = t->seq.col_amp_bits};
      xt_seq_switch_drives(t, s, xt_ctz(left), slot);
      xt_seq_pack_amplitudes(t);
      xt_seq_record_drives(t, &r);
      for (uint32_t at = 0; at < shape.width << slot; at++) {
        r.at = (uint16_t)at;
        put(t, &r, cycle++);
      }
      cycle += shape.gap;
    }
    cycle += shape.settle;
  }
}
