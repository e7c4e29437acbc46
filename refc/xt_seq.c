/* SPDX-License-Identifier: Apache-2.0 */
#include "xt_seq.h"

#include "xt_cycles.h"
#include "xt_result.h"
#include "xt_tile.h"

/* Every function that goes through cycles returns false when one of them does not come: a hardware reset, or the
 * operation is cut and END comes instead. */

void xt_seq_settle(struct xt_blocks *t) {
  if (t->fast != NULL) t->fast->settle(t);
}

/* What RESET and rst_ni have in common. */
static void restart(struct xt_blocks *t) {
  xt_seq_settle(t);
  xt_encoder_reset(&t->enc, t->csr.reg[XT_CSR_SEED]);
  xt_cmd_forget(&t->cmd);
  xt_xfer_reset(&t->xfer);
  xt_count_reset(&t->count);
}

void xt_seq_hw_reset(struct xt_blocks *t) {
  xt_csr_reset(&t->csr);
  xt_trace_reset(&t->trace);
  xt_adc_reset(&t->adc, &t->dim);
  restart(t);
  t->seq.reset_given = false;
  t->seq.cut_on = false;
  t->seq.abort_on = false;
}

/* ---------------------------------------------------------------- cycles and records */

static bool comes(const struct xt_seq *q, uint64_t cycles) {
  return q->cycle + cycles <= q->stop_at;
}

/* All cycles of a sequence of so many come, and there may be a form that does them at once. */
static bool at_once(const struct xt_blocks *t, uint64_t cycles) {
  return t->fast != NULL && !t->seq.cut_on && comes(&t->seq, cycles);
}

/* Goes through `cycles` cycles without a record. */
static bool pass(struct xt_blocks *t, uint64_t cycles) {
  struct xt_seq *q = &t->seq;
  const bool all = comes(q, cycles);
  q->cycle = (uint32_t)(all ? q->cycle + cycles : q->stop_at);
  return all;
}

/* Begins a cycle with a record ... */
static bool begin(const struct xt_blocks *t) {
  return comes(&t->seq, 1);
}

/* ... and ends it. */
static void end(struct xt_blocks *t, struct xt_record *r) {
  r->op = t->cmd.op;
  r->cycle = t->seq.cycle++;
  xt_trace_put(&t->trace, r);
}

void xt_seq_no_drives(struct xt_blocks *t) {
  struct xt_drives *d = &t->seq.drives;
  xt_bits_zero(d->row_act, t->dim.row_words);
  xt_bits_zero(d->row_pol, t->dim.row_words);
  xt_bits_zero(d->col_act, t->dim.col_words);
  xt_bits_zero(d->col_pol, t->dim.col_words);
}

void xt_seq_record_drives(const struct xt_blocks *t, struct xt_record *r) {
  r->row_act = t->seq.drives.row_act;
  r->row_pol = t->seq.drives.row_pol;
  r->col_act = t->seq.drives.col_act;
  r->col_pol = t->seq.drives.col_pol;
}

static uint32_t magnitude(int16_t code) {
  return (uint32_t)(code < 0 ? -code : code);
}

static void signs(const int16_t *codes, int32_t lines, uint32_t *neg) {
  xt_bits_zero(neg, xt_words(lines));
  for (int32_t i = 0; i < lines; i++) neg[i >> 5] |= (uint32_t)(codes[i] < 0) << (i & 31);
}

/* A code on row seq.line, 0 on the others. */
static const int16_t *one_line(struct xt_blocks *t, int32_t code) {
  memset(t->seq.one_line, 0, (size_t)t->dim.n * sizeof *t->seq.one_line);
  t->seq.one_line[t->seq.line] = (int16_t)code;
  return t->seq.one_line;
}

static const int16_t *no_codes(struct xt_blocks *t) {
  memset(t->seq.one_line, 0, (size_t)t->dim.lines * sizeof *t->seq.one_line);
  return t->seq.one_line;
}

/* ---------------------------------------------------------------- READ */

void xt_seq_read_codes(struct xt_blocks *t, const struct xt_read *rd) {
  const int32_t driven = rd->dir ? t->dim.m : t->dim.n;
  for (int32_t i = 0; i < driven; i++) t->seq.mag[i] = magnitude(rd->codes[i]);
  signs(rd->codes, driven, t->seq.neg);
  xt_seq_no_drives(t);
}

void xt_seq_read_drives(struct xt_blocks *t, const struct xt_read *rd, uint32_t s) {
  struct xt_seq *q = &t->seq;
  const int32_t driven = rd->dir ? t->dim.m : t->dim.n;
  uint32_t *act = rd->dir ? q->drives.col_act : q->drives.row_act;
  uint32_t *pol = rd->dir ? q->drives.col_pol : q->drives.row_pol;
  xt_encoder_read(t->csr.reg[XT_CSR_READ_ENC], s, q->mag, driven, act);
  for (int32_t w = 0; w < xt_words(driven); w++) pol[w] = act[w] & ~q->neg[w];
}

static bool integ(struct xt_blocks *t, const struct xt_read *rd) {
  struct xt_seq *q = &t->seq;
  const uint32_t enc = t->csr.reg[XT_CSR_READ_ENC];
  const bool disturbed = xt_array_disturbed(&t->array, &rd->select);
  xt_seq_read_codes(t, rd);
  for (uint32_t s = 0; s < xt_cycles_rs(&t->dim, enc); s++) {
    if (!begin(t)) return false;
    xt_seq_read_drives(t, rd, s);
    if (disturbed) xt_array_integ(&t->array, rd->dir, &q->drives);
    xt_afe_currents(&t->afe, &t->array, &rd->select, rd->dir, &q->drives);
    xt_afe_integ(&t->afe, &rd->select, rd->dir, enc == XT_READ_SERIAL);
    struct xt_record r = {.kind = XT_KIND_INTEG, .sel = (uint8_t)rd->select.sel, .slot = (uint16_t)s};
    xt_seq_record_drives(t, &r);
    end(t, &r);
  }
  return true;
}

static bool hold(struct xt_blocks *t, const struct xt_read *rd) {
  if (!begin(t)) return false;
  xt_array_hold(&t->array, &rd->select, rd->dir, t->afe.read_ctr);
  xt_afe_hold(&t->afe, &rd->select, rd->dir);
  struct xt_record r = {.kind = XT_KIND_HOLD, .sel = (uint8_t)rd->select.sel};
  end(t, &r);
  return true;
}

/* A conversion and the LATCH of one share slot. */
static bool convert(struct xt_blocks *t, const struct xt_read *rd, int32_t share) {
  xt_adc_start(&t->adc, &t->dim);
  for (int32_t k = 0; k < t->dim.conv; k++) {
    if (!begin(t)) return false;
    xt_adc_cycle(&t->adc, &t->dim, &t->afe, rd->dir, share, rd->range, k);
    struct xt_record r = {.kind = XT_KIND_SAR,
                          .sel = (uint8_t)rd->select.sel,
                          .phase = (uint8_t)share,
                          .slot = (uint16_t)xt_adc_slot(&t->dim, k)};
    r.trial = t->adc.trial;
    r.cmp = t->adc.cmp;
    r.over = t->adc.over;
    end(t, &r);
  }
  if (!pass(t, 1)) return false; /* LATCH */
  t->seq.rails += xt_adc_results(&t->adc, &t->dim, rd->dir, share, xt_csr_adc_offset(&t->csr), t->seq.codes);
  return true;
}

/* What CLEAR does beside the array: a read of one line takes the place of the x that is kept. */
static void clear(struct xt_blocks *t, const struct xt_read *rd) {
  if (rd->one_line) xt_cmd_forget(&t->cmd);
}

static bool read_cycles(struct xt_blocks *t, const struct xt_read *rd) {
  xt_seq_settle(t);
  if (!pass(t, 1)) return false; /* CLEAR */
  clear(t, rd);
  xt_afe_clear(&t->afe);
  xt_array_clear(&t->array);
  if (!integ(t, rd) || !hold(t, rd)) return false;
  for (int32_t share = 0; share < t->dim.share; share++) {
    if (!convert(t, rd, share)) return false;
  }
  return true;
}

/* What the step drives, and what is sensed. */
static struct xt_read read_of(struct xt_blocks *t, const struct xt_step *step) {
  int sel = step->sel_arg ? t->cmd.sel : step->sel;
  if (sel == XT_SEL_VISIBLE && t->csr.reg[XT_CSR_GAMMA] == 0) sel = XT_SEL_C;
  struct xt_read rd = {.select = xt_array_select(sel, t->csr.reg), .range = t->csr.reg[step->range]};
  rd.range += rd.select.fraction;
  switch (step->drive) {
    case XT_DRIVE_X:
      rd.codes = t->cmd.x;
      break;
    case XT_DRIVE_D:
      rd.codes = t->cmd.d;
      rd.dir = 1;
      break;
    case XT_DRIVE_NONE: /* of the shorter side: the longer one is sensed */
      rd.codes = no_codes(t);
      rd.dir = t->dim.n > t->dim.m;
      break;
    default: /* XT_DRIVE_LINE, XT_DRIVE_PTR */
      t->seq.line = step->drive == XT_DRIVE_PTR ? xt_xfer_line(&t->xfer) : t->cmd.arg;
      rd.codes = one_line(t, t->dim.cmax);
      rd.one_line = true;
  }
  return rd;
}

/* Sensed lines whose integrator has reached its limit. */
static uint32_t overloads(const struct xt_blocks *t, const struct xt_read *rd) {
  uint32_t lines = 0;
  for (int32_t i = 0; i < (rd->dir ? t->dim.n : t->dim.m); i++) lines += t->afe.over[i];
  return lines;
}

static bool run_read(struct xt_blocks *t, const struct xt_step *step) {
  const struct xt_read rd = read_of(t, step);
  const uint64_t cycles = xt_cycles_readseq(&t->dim, t->csr.reg[XT_CSR_READ_ENC]);
  t->seq.rails = 0;
  if (at_once(t, cycles) && t->fast->read(t, &rd)) {
    clear(t, &rd);
    t->seq.cycle += (uint32_t)cycles;
  } else if (!read_cycles(t, &rd)) {
    return false;
  }
  if (step->drive == XT_DRIVE_NONE) xt_adc_calibrate(&t->adc, &t->dim, t->seq.codes);
  xt_count_read(&t->count, rd.dir ? t->dim.n : t->dim.m, t->seq.rails, overloads(t, &rd));
  return true;
}

/* ---------------------------------------------------------------- PULSE */

static struct xt_pulse_shape pulse_shape(const struct xt_blocks *t) {
  return xt_cycles_pulse_shape(t->csr.reg);
}

static bool gated(const struct xt_blocks *t) {
  return t->csr.reg[XT_CSR_CELL_MODE] == XT_CELL_GATED;
}

void xt_seq_record_factors(const struct xt_blocks *t, const struct xt_um_out *um, struct xt_record *r) {
  const struct xt_um_factor x = xt_um_factor(um->gx, um->rx, t->dim.pb), d = xt_um_factor(um->gd, um->rd, t->dim.pb);
  r->row_gain = x.gain;
  r->row_shift = (uint8_t)x.shift;
  r->col_gain = d.gain;
  r->col_shift = (uint8_t)d.shift;
}

void xt_seq_pack_amplitudes(struct xt_blocks *t) {
  struct xt_seq *q = &t->seq;
  xt_amp_bits(q->row_amp, t->dim.n, q->row_amp_bits);
  xt_amp_bits(q->col_amp, t->dim.m, q->col_amp_bits);
}

/* A pulse of `width` cycles with the lines as seq.drives has them and the gap behind it; um: NULL but in a train. It
 * acts in its last cycle. */
static bool pulse(struct xt_blocks *t, uint8_t kind, int plane, uint32_t phase, uint32_t slot, uint32_t width,
                  const struct xt_um_out *um) {
  struct xt_drives *d = &t->seq.drives;
  const bool amplitudes = kind == XT_KIND_SWITCH;
  d->row_amp = amplitudes ? t->seq.row_amp : NULL;
  d->col_amp = amplitudes ? t->seq.col_amp : NULL;
  d->duration = (uint16_t)width;
  if (amplitudes && t->trace.sink != NULL) xt_seq_pack_amplitudes(t);
  for (uint32_t at = 0; at < width; at++) {
    if (!begin(t)) return false;
    if (at + 1 == width) {
      xt_array_pulse(&t->array, plane, xt_cells[t->csr.reg[XT_CSR_CELL_MODE]], d);
      xt_count_pulses(
          &t->count, 1,
          (uint64_t)xt_bits_count(d->row_act, t->dim.row_words) * xt_bits_count(d->col_act, t->dim.col_words));
    }
    struct xt_record r = {
        .kind = kind, .sel = (uint8_t)plane, .phase = (uint8_t)phase, .slot = (uint16_t)slot, .at = (uint16_t)at};
    xt_seq_record_drives(t, &r);
    if (um != NULL) xt_seq_record_factors(t, um, &r);
    r.row_amp = amplitudes ? t->seq.row_amp_bits : NULL;
    r.col_amp = amplitudes ? t->seq.col_amp_bits : NULL;
    end(t, &r);
  }
  return pass(t, pulse_shape(t).gap);
}

/* A phase has had its slots. */
static bool settle(struct xt_blocks *t) {
  return pass(t, pulse_shape(t).settle);
}

/* The generators move on as soon as a slot has begun: what its lines do is then in seq.drives. */
static void advance(struct xt_blocks *t, uint32_t enc) {
  if (xt_encoder_advance(&t->enc, enc)) xt_count_upset(&t->count);
}

static bool train_phase(struct xt_blocks *t, const struct xt_pulse_train *u, uint32_t phase) {
  const struct xt_dim *dim = &t->dim;
  struct xt_seq *q = &t->seq;
  for (uint32_t slot = 0; slot < u->um.bl; slot++) {
    if (!begin(t)) return false;
    xt_encoder_fire(&t->enc, u->enc, slot, q->row_t, q->col_t, q->row_fire, q->col_fire);
    xt_coinc_drive(&u->coinc, phase, dim->row_words, q->row_fire, q->row_neg, dim->col_words, q->col_fire, q->col_neg,
                   q->drives.row_act, q->drives.row_pol, q->drives.col_act, q->drives.col_pol);
    advance(t, u->enc);
    if (!pulse(t, XT_KIND_PULSE, u->plane, phase, slot, pulse_shape(t).width, &u->um)) return false;
  }
  return settle(t);
}

static bool train_cycles(struct xt_blocks *t, const struct xt_pulse_train *u) {
  const struct xt_dim *dim = &t->dim;
  struct xt_seq *q = &t->seq;
  xt_seq_settle(t);
  for (int32_t i = 0; i < dim->n; i++) q->row_t[i] = xt_um_row_threshold(&u->um, magnitude(u->x[i]), dim->pb);
  for (int32_t j = 0; j < dim->m; j++) q->col_t[j] = xt_um_threshold(magnitude(u->d[j]), u->um.gd, u->um.rd, dim->pb);
  signs(u->x, dim->n, q->row_neg);
  signs(u->d, dim->m, q->col_neg);
  for (uint32_t left = u->phases; left != 0; left &= left - 1) {
    if (!begin(t)) return false; /* before n is set back */
    if (left != u->phases) xt_encoder_next_phase(&t->enc, u->enc, u->um.bl);
    if (!train_phase(t, u, xt_ctz(left))) return false;
  }
  return true;
}

static int plane_of(const struct xt_blocks *t, const struct xt_step *step) {
  return step->plane_from == XT_PLANE_FROM_ARG       ? t->cmd.sel
         : step->plane_from == XT_PLANE_FROM_UPD_SEL ? (int)t->csr.reg[XT_CSR_UPD_SEL]
                                                     : step->plane;
}

/* Who asks brings the codes of rows and columns. */
static struct xt_pulse_train train_of(struct xt_blocks *t, const struct xt_step *step) {
  struct xt_pulse_train u = {.plane = plane_of(t, step), .coinc = {gated(t), step->add != 0}};
  u.enc = xt_um_encoder(step->by, &t->csr);
  u.x = step->by == XT_BY_UPDATE ? t->cmd.x : one_line(t, 1);
  u.d = step->by == XT_BY_UPDATE     ? t->cmd.d
        : step->by == XT_BY_TRANSFER ? xt_xfer_codes(&t->xfer, t->seq.codes)
                                     : t->prog.error;
  return u;
}

static struct xt_signs signs_of(const int16_t *codes, int32_t lines) {
  int pos = 0, neg = 0;
  for (int32_t i = 0; i < lines; i++) {
    pos |= codes[i] > 0;
    neg |= codes[i] < 0;
  }
  return (struct xt_signs){pos != 0, neg != 0};
}

/* The update manager's answer for this train. */
static void scale(struct xt_blocks *t, const struct xt_step *step, struct xt_pulse_train *u) {
  struct xt_um_in in;
  xt_um_ask(&in, step->by, &t->csr, xt_sext(t->cmd.arg, 16));
  in.xm = xt_um_max(u->x, t->dim.n);
  in.dm = xt_um_max(u->d, t->dim.m);
  in.pb = t->dim.pb;
  xt_um(&in, &u->um);
  u->phases = xt_coinc_phases(u->coinc.gated, signs_of(u->x, t->dim.n), signs_of(u->d, t->dim.m));
  if (t->seq.trains++ == 0) t->seq.first_bl = u->um.bl;
}

static bool run_train(struct xt_blocks *t, const struct xt_pulse_train *u) {
  const uint64_t cycles = xt_popcount(u->phases) * xt_cycles_phase(pulse_shape(t), u->um.bl);
  if (u->um.bl == 0) return true;
  if (!pass(t, (uint64_t)t->dim.cm)) return false; /* SCALE */
  if (!at_once(t, cycles) || !t->fast->pulse(t, u)) return train_cycles(t, u);
  t->seq.cycle += (uint32_t)cycles;
  return true;
}

static bool run_pulse(struct xt_blocks *t, const struct xt_step *step) {
  struct xt_pulse_train u = train_of(t, step);
  if (!pass(t, XT_UM_CYCLES)) return false;
  scale(t, step, &u);
  if (!run_train(t, &u)) return false;
  xt_count_train(&t->count, u.plane, u.um.clip);
  if (step->by == XT_BY_TRANSFER) {
    xt_xfer_done(&t->xfer, t->dim.n, u.um.bl, t->seq.rails);
    xt_count_transfer(&t->count);
    t->seq.transferred = true;
  }
  return true;
}

/* ---------------------------------------------------------------- CHECK, ALTERNATE */

static bool run_check(struct xt_blocks *t, const struct xt_step *step) {
  (void)step;
  if (!pass(t, 1)) return false;
  xt_prog_check(&t->prog, &t->dim, &t->csr, t->cmd.d, t->seq.codes);
  return true;
}

static bool run_alternate(struct xt_blocks *t, const struct xt_step *step) {
  const int plane = plane_of(t, step);
  const uint32_t slots = 2 * (uint32_t)t->cmd.arg;
  const struct xt_pulse_shape shape = pulse_shape(t);
  const uint64_t cycles = slots * xt_cycles_phase(shape, 1);
  struct xt_drives *d = &t->seq.drives;
  if (at_once(t, cycles) && t->fast->alternate(t, plane, t->cmd.arg)) {
    t->seq.cycle += (uint32_t)cycles;
    return true;
  }
  for (uint32_t s = 0; s < slots; s++) {
    xt_coinc_zero_shift(&t->dim, gated(t), (s & 1) == 0, d->row_act, d->row_pol, d->col_act, d->col_pol);
    if (!pulse(t, XT_KIND_PULSE, plane, s & 1, s >> 1, shape.width, NULL) || !settle(t)) return false;
  }
  return true;
}

/* ---------------------------------------------------------------- SWITCH */

/* A register and the command's argument. */
static uint32_t exponent(const struct xt_blocks *t, int reg) {
  return t->csr.reg[reg] + (uint32_t)xt_sext(t->cmd.arg, 16);
}

/* What ENCODE makes is in t->amp; rows `first` to `end` - 1 may be driven. */
static struct xt_switch switch_of(struct xt_blocks *t, const struct xt_step *step, int32_t first, int32_t end,
                                  const int16_t *x, const int16_t *d) {
  const uint32_t *reg = t->csr.reg;
  return (struct xt_switch){.plane = plane_of(t, step),
                            .cfg = {gated(t), reg[XT_CSR_MTJ_SHARED] != 0},
                            .first = first,
                            .end = end,
                            .x = x,
                            .d = d,
                            .amp = &t->amp,
                            .slots = xt_cycles_switch_slots(&t->dim, reg[XT_CSR_CELL_MODE])};
}

/* The codes of the lines that are driven. */
static void amplitudes(const uint8_t *code, const uint32_t *act, int32_t lines, uint8_t *amp) {
  for (int32_t i = 0; i < lines; i++) amp[i] = xt_bit(act, i) != 0 ? code[i] : 0;
}

void xt_seq_switch_codes(struct xt_blocks *t, const struct xt_switch *s) {
  signs(s->x, t->dim.n, t->seq.row_neg);
  signs(s->d, t->dim.m, t->seq.col_neg);
}

void xt_seq_switch_drives(struct xt_blocks *t, const struct xt_switch *s, uint32_t phase, uint32_t slot) {
  const struct xt_dim *dim = &t->dim;
  struct xt_seq *q = &t->seq;
  xt_bits_zero(q->row_fire, dim->row_words);
  for (int32_t i = 0; i < dim->n; i++) {
    const uint32_t on = s->cfg.gated ? magnitude(s->x[i]) >> slot & 1 : s->x[i] != 0;
    q->row_fire[i >> 5] |= on << (i & 31);
  }
  xt_switch_drive(s->cfg, phase, dim->row_words, q->row_fire, q->row_neg, dim->col_words, s->amp->col_on, q->col_neg,
                  q->drives.row_act, q->drives.row_pol, q->drives.col_act, q->drives.col_pol);
  amplitudes(s->amp->row, q->drives.row_act, dim->n, q->row_amp);
  amplitudes(s->amp->col, q->drives.col_act, dim->m, q->col_amp);
}

static bool switch_cycles(struct xt_blocks *t, const struct xt_switch *s) {
  const uint32_t width = pulse_shape(t).width;
  xt_seq_switch_codes(t, s);
  for (uint32_t left = s->amp->phases; left != 0; left &= left - 1) {
    for (uint32_t slot = 0; slot < s->slots; slot++) {
      xt_seq_switch_drives(t, s, xt_ctz(left), slot);
      if (!pulse(t, XT_KIND_SWITCH, s->plane, xt_ctz(left), slot, width << slot, NULL)) return false;
    }
    if (!settle(t)) return false;
  }
  return true;
}

/* All phases. */
static bool run_phases(struct xt_blocks *t, const struct xt_switch *s) {
  const uint32_t phases = xt_popcount(s->amp->phases);
  const uint64_t cycles = phases * xt_cycles_switch_phase(pulse_shape(t), s->slots);
  t->seq.phases += phases;
  if (!at_once(t, cycles) || !t->fast->switches(t, s)) return switch_cycles(t, s);
  t->seq.cycle += (uint32_t)cycles;
  return true;
}

static bool run_switch(struct xt_blocks *t, const struct xt_step *step) {
  if (!pass(t, 1)) return false; /* ENCODE */
  const struct xt_switch s = switch_of(t, step, 0, t->dim.n, t->cmd.x, t->cmd.d);
  xt_amp_encode(&t->amp, &t->dim, s.cfg, exponent(t, XT_CSR_MTJ_RATE), s.x, s.d);
  return run_phases(t, &s);
}

/* ---------------------------------------------------------------- SUM, FLUSH */

static bool run_sum(struct xt_blocks *t, const struct xt_step *step) {
  const uint64_t cycles = (uint64_t)t->dim.n + 1;
  (void)step;
  if (!pass(t, 1)) return false; /* ENCODE */
  xt_acc_encode(&t->acc, &t->dim, exponent(t, XT_CSR_ACC_EXP), t->cmd.d);
  if (at_once(t, cycles)) {
    t->fast->sum(t);
    return pass(t, cycles);
  }
  if (!pass(t, 1)) return false; /* reads the first row */
  for (int32_t i = 0; i < t->dim.n; i++) {
    if (!pass(t, 1)) return false;
    t->seq.clipped += xt_acc_add(&t->acc, &t->dim, i, t->cmd.x[i]);
  }
  return true;
}

/* Row i after its FETCH. */
static bool flush_row(struct xt_blocks *t, const struct xt_step *step, int32_t i) {
  struct xt_seq *q = &t->seq;
  if (!pass(t, 1)) return false; /* ENCODE */
  if (t->cmd.sel != 0) {
    xt_acc_decay(&t->acc, &t->dim, i, 0);
    return true;
  }
  q->line = (uint32_t)i;
  const struct xt_switch s = switch_of(t, step, i, i + 1, one_line(t, t->dim.cmax), q->signs);
  xt_amp_encode_sums(&t->amp, &t->dim, s.cfg, exponent(t, XT_CSR_ACC_RATE), i, xt_acc_row(&t->acc, &t->dim, i),
                     q->signs);
  xt_acc_decay(&t->acc, &t->dim, i, t->csr.reg[XT_CSR_ACC_DECAY]);
  return run_phases(t, &s);
}

static bool run_flush(struct xt_blocks *t, const struct xt_step *step) {
  for (int32_t i = 0; i < t->dim.n; i++) {
    if (!pass(t, 1)) return false; /* FETCH */
    xt_cmd_forget(&t->cmd);
    if (!flush_row(t, step, i)) return false;
  }
  return true;
}

/* ---------------------------------------------------------------- the plan */

static bool never(struct xt_blocks *t) {
  (void)t;
  return false;
}
static bool due(struct xt_blocks *t) {
  return xt_xfer_due(&t->xfer, &t->csr);
}
static bool round_follows(struct xt_blocks *t) {
  return xt_prog_round(&t->prog, &t->csr);
}

/* From the operation's first step to END. */
static bool walk(struct xt_blocks *t, uint32_t first) {
  static const struct xt_step steps[] = XT_STEPS;
  static bool (*const run[])(struct xt_blocks *, const struct xt_step *) = {
      [XT_SEQ_READ] = run_read,           [XT_SEQ_PULSE] = run_pulse,   [XT_SEQ_CHECK] = run_check,
      [XT_SEQ_ALTERNATE] = run_alternate, [XT_SEQ_SWITCH] = run_switch, [XT_SEQ_SUM] = run_sum,
      [XT_SEQ_FLUSH] = run_flush};
  static bool (*const holds[])(struct xt_blocks *) = {
      [XT_COND_NEVER] = never, [XT_COND_DUE] = due, [XT_COND_ROUND] = round_follows};
  for (const struct xt_step *step = &steps[first]; step->seq != XT_SEQ_END;) {
    if (step->seq != XT_SEQ_READ && step->seq != XT_SEQ_PULSE) xt_seq_settle(t);
    if (!run[step->seq](t, step)) return false;
    step = &steps[holds[step->cond](t) ? step->then : step->next];
  }
  return true;
}

/* The answer's info. */
static uint32_t info(const struct xt_blocks *t) {
  if (t->cmd.status != XT_ST_OK) return 0;
  switch (xt_cmd_op(t->cmd.op)->info) {
    case XT_INFO_RAILS:
      return t->seq.rails;
    case XT_INFO_BL:
      return t->seq.first_bl;
    case XT_INFO_PHASES:
      return t->seq.phases;
    case XT_INFO_CLIPPED:
      return t->seq.clipped;
    case XT_INFO_ROUNDS:
      return t->prog.rounds;
    default: /* XT_INFO_ZERO */
      return 0;
  }
}

/* The END cycle; what RESET does happens here. */
static void finish(struct xt_blocks *t, int32_t ncodes) {
  struct xt_record r = {.kind = XT_KIND_END, .status = t->cmd.status, .ncodes = (uint16_t)ncodes};
  r.cycles = t->seq.cycle + 1;
  xt_count_end(&t->count, r.cycles, t->cmd.status != XT_ST_OK);
  if (t->cmd.op == XT_OP_RESET && t->cmd.status == XT_ST_OK) {
    restart(t);
    t->seq.reset_given = true;
  }
  r.info = (uint16_t)(info(t) < 65535 ? info(t) : 65535);
  r.codes = t->seq.codes;
  for (int p = 0; p < XT_NUM_PLANES && t->trace.sink != NULL; p++) /* the digests are for the record only */
    r.digest[p] = t->fast != NULL ? t->fast->digest(t, p) : xt_array_digest(&t->array, p);
  memcpy(r.counters, t->count.value, sizeof r.counters);
  end(t, &r);
}

/* Lines of the answer. */
static int32_t lines_of(const struct xt_blocks *t) {
  if (t->cmd.status != XT_ST_OK) return 0;
  if (xt_cmd_op(t->cmd.op)->out == XT_OUT_XFER)
    return t->seq.transferred && t->csr.reg[XT_CSR_UPD_ANSWER] != 0 ? t->dim.m : 0;
  return xt_cmd_result_lines(&t->dim, t->cmd.op);
}

/* The first cycle that does not come as planned: the reset falls into it, or it is END because the one before was cut.
 */
static void plan_cuts(struct xt_seq *q, uint32_t timeout) {
  const uint64_t aborted = q->abort_on ? (uint64_t)q->abort_at + 1 : UINT64_MAX;
  const uint64_t timed_out = timeout > 0 ? timeout : UINT64_MAX;
  q->cut_status = timed_out <= aborted ? XT_ST_ERR_TIMEOUT : XT_ST_ERR_ABORT;
  q->stop_at = timed_out <= aborted ? timed_out : aborted;
  if (q->cut_on && q->cut_at < q->stop_at) q->stop_at = q->cut_at;
  q->abort_on = false;
}

size_t xt_seq_run(struct xt_blocks *t, const uint32_t *words, size_t count, uint32_t *out) {
  struct xt_seq *q = &t->seq;
  q->cycle = q->rails = q->trains = q->first_bl = q->phases = q->clipped = 0;
  q->transferred = false;
  plan_cuts(q, t->csr.reg[XT_CSR_TIMEOUT]);
  xt_prog_start(&t->prog);
  xt_cmd_decode(&t->cmd, &t->dim, &t->csr, q->reset_given, words, count);
  const bool runs = pass(t, 1) && t->cmd.status == XT_ST_OK; /* START */
  if (runs && !walk(t, xt_cmd_op(t->cmd.op)->step)) t->cmd.status = q->cut_status;
  const int32_t ncodes = lines_of(t);
  if (!q->cut_on || q->cycle != q->cut_at) finish(t, ncodes); /* END */
  if (q->cut_on) {
    xt_seq_hw_reset(t);
    return 0;
  }
  return xt_result_words(out, t->cmd.op, t->cmd.status, info(t), q->codes, ncodes);
}
