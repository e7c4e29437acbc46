/* SPDX-License-Identifier: Apache-2.0 */
#include "xt_ctrl.h"

#include "xt_cycles.h"

void xt_ctrl_hw_reset(struct xt_ctrl *c) {
  xt_csr_reset(&c->csr);
  xt_encoder_reset(&c->enc, c->csr.reg[XT_CSR_SEED]);
  xt_xfer_reset(&c->xfer);
  memset(c->counters, 0, sizeof c->counters);
  c->order = 0;
  c->reset_given = false;
  c->cut_on = false;
}

/* ---------------------------------------------------------------- cycles and records */

/* Nobody looks at single cycles: reads and trains may be done at once. */
static bool at_once(const struct xt_ctrl *c) {
  return c->sink == NULL && !c->cut_on;
}

/* Goes through `cycles` cycles that neither drive nor sense the array; false: a reset cuts one of them. */
static bool idle(struct xt_ctrl *c, uint64_t cycles) {
  if (c->cut_on && (uint64_t)c->cycle + cycles > c->cut_at) return false;
  c->cycle += (uint32_t)cycles;
  return true;
}

/* Begins a cycle with a record. */
static bool begin(struct xt_ctrl *c) {
  return !(c->cut_on && c->cycle == c->cut_at);
}

/* Ends it: the record's order and cycle are filled in here. */
static void retire(struct xt_ctrl *c, struct xt_record *r) {
  r->order = c->order++;
  r->cycle = c->cycle++;
  r->op = c->cmd.op;
  if (c->sink != NULL) c->sink(c->user, r);
}

static void zero_drives(struct xt_ctrl *c) {
  xt_bits_zero(c->mem.row_act, c->dim.nw);
  xt_bits_zero(c->mem.row_pol, c->dim.nw);
  xt_bits_zero(c->mem.col_act, c->dim.mw);
  xt_bits_zero(c->mem.col_pol, c->dim.mw);
}

static void record_drives(const struct xt_ctrl *c, struct xt_record *r) {
  r->row_act = c->mem.row_act;
  r->row_pol = c->mem.row_pol;
  r->col_act = c->mem.col_act;
  r->col_pol = c->mem.col_pol;
}

/* ---------------------------------------------------------------- READSEQ */

struct read {
  int sel, dir;
  const int16_t *codes; /* of the driven lines */
  uint32_t range;
};

/* LATCH of one line: the result, and its rail. */
static void latch(struct xt_ctrl *c, int32_t line, int32_t code) {
  bool rail;
  c->mem.codes[line] = xt_adc_latch(&c->dim, code, xt_csr_adc_offset(&c->csr), &rail);
  c->saturated += rail;
}

static uint32_t magnitude(int16_t code) {
  return (uint32_t)(code < 0 ? -code : code);
}

static void signs(const int16_t *codes, int32_t lines, uint32_t *neg) {
  xt_bits_zero(neg, xt_words(lines));
  for (int32_t i = 0; i < lines; i++) neg[i >> 5] |= (uint32_t)(codes[i] < 0) << (i & 31);
}

/* INTEG cycle s: which lines are driven; mem.mag and mem.read_neg from the codes. */
static void read_drive(struct xt_ctrl *c, const struct read *rd, uint32_t s) {
  const int32_t driven = rd->dir ? c->dim.m : c->dim.n;
  uint32_t *act = rd->dir ? c->mem.col_act : c->mem.row_act, *pol = rd->dir ? c->mem.col_pol : c->mem.row_pol;
  xt_encoder_read(&c->dim, c->csr.reg[XT_CSR_READ_ENC], s, c->mem.mag, driven, act);
  for (int32_t w = 0; w < xt_words(driven); w++) pol[w] = act[w] & ~c->mem.read_neg[w];
}

static bool sar(struct xt_ctrl *c, const struct read *rd, int32_t share) {
  const struct xt_dim *dim = &c->dim;
  const int32_t sensed = rd->dir ? dim->n : dim->m;
  for (int32_t u = 0; u < dim->units; u++) c->mem.adc_code[u] = xt_adc_first(dim);
  for (int b = dim->adc_bits - 1; b >= 0; b--) {
    if (!begin(c)) return false;
    xt_bits_zero(c->mem.cmp, dim->uw);
    for (int32_t u = 0; u < dim->units; u++) {
      const int32_t line = u * dim->share + share, trial = xt_adc_trial(c->mem.adc_code[u], b);
      const uint32_t cmp = line < sensed ? xt_array_cmp(&c->array, line, rd->range, trial) : 0;
      c->mem.trial[u] = (int16_t)trial;
      c->mem.cmp[u >> 5] |= cmp << (u & 31);
      c->mem.adc_code[u] = xt_adc_step(c->mem.adc_code[u], b, cmp);
    }
    struct xt_record r = {.kind = XT_KIND_SAR, .sel = (uint8_t)rd->sel, .phase = (uint8_t)share, .slot = (uint16_t)b};
    r.trial = c->mem.trial;
    r.cmp = c->mem.cmp;
    retire(c, &r);
  }
  if (!idle(c, 1)) return false; /* LATCH */
  for (int32_t u = 0; u < dim->units; u++) {
    const int32_t line = u * dim->share + share;
    if (line < sensed) latch(c, line, c->mem.adc_code[u]);
  }
  return true;
}

static bool read_cycles(struct xt_ctrl *c, const struct read *rd) {
  const uint32_t rs = xt_cycles_rs(&c->dim, c->csr.reg[XT_CSR_READ_ENC]);
  const bool dbl = c->csr.reg[XT_CSR_READ_ENC] == XT_READ_SERIAL;
  if (!idle(c, 1)) return false; /* CLEAR */
  xt_array_clear(&c->array);
  const int32_t driven = rd->dir ? c->dim.m : c->dim.n;
  for (int32_t i = 0; i < driven; i++) c->mem.mag[i] = magnitude(rd->codes[i]);
  signs(rd->codes, driven, c->mem.read_neg);
  zero_drives(c);
  for (uint32_t s = 0; s < rs; s++) {
    if (!begin(c)) return false;
    read_drive(c, rd, s);
    xt_array_integ(&c->array, rd->sel, rd->dir, dbl, c->mem.row_act, c->mem.row_pol, c->mem.col_act, c->mem.col_pol);
    struct xt_record r = {.kind = XT_KIND_INTEG, .sel = (uint8_t)rd->sel, .slot = (uint16_t)s};
    record_drives(c, &r);
    retire(c, &r);
  }
  if (!begin(c)) return false;
  xt_array_hold(&c->array, rd->dir);
  struct xt_record r = {.kind = XT_KIND_HOLD, .sel = (uint8_t)rd->sel};
  retire(c, &r);
  for (int32_t share = 0; share < c->dim.share; share++) {
    if (!sar(c, rd, share)) return false;
  }
  return true;
}

static int32_t list_lines(const int16_t *codes, int32_t lines, int32_t *list) {
  int32_t count = 0;
  for (int32_t i = 0; i < lines; i++) {
    list[count] = i;
    count += codes[i] != 0;
  }
  return count;
}

static void read_at_once(struct xt_ctrl *c, const struct read *rd) {
  const struct xt_dim *dim = &c->dim;
  const int32_t sensed = rd->dir ? dim->n : dim->m, driven = rd->dir ? dim->m : dim->n;
  const uint32_t enc = c->csr.reg[XT_CSR_READ_ENC];
  const int32_t count = list_lines(rd->codes, driven, c->mem.list);
  xt_array_read(&c->array, rd->sel, rd->dir, rd->codes, c->mem.list, count);
  c->saturated = xt_adc_convert(dim, c->array.v, sensed, rd->range, xt_csr_adc_offset(&c->csr), c->mem.codes);
  c->cycle += (uint32_t)xt_cycles_readseq(dim, enc);
  c->order += xt_cycles_rs(dim, enc) + 1 + (uint64_t)dim->share * (uint64_t)dim->adc_bits;
}

/* Leaves the results in mem.codes and the lines at a rail in c->saturated. */
static bool readseq(struct xt_ctrl *c, const struct read *rd) {
  c->saturated = 0;
  if (at_once(c))
    read_at_once(c, rd);
  else if (!read_cycles(c, rd))
    return false;
  c->counters[XT_CNT_READS]++;
  c->counters[XT_CNT_CONVERSIONS] += (uint64_t)(rd->dir ? c->dim.n : c->dim.m);
  c->counters[XT_CNT_SATURATIONS] += c->saturated;
  return true;
}

/* ---------------------------------------------------------------- UPDSEQ */

struct upd {
  int sel;
  struct xt_coinc_cfg coinc;
  uint32_t enc;
  const int16_t *x, *d;
  struct xt_um_in in; /* but for xm, dm, pb */
};

static bool any_negative(const int16_t *codes, int32_t lines) {
  int neg = 0;
  for (int32_t i = 0; i < lines; i++) neg |= codes[i] < 0;
  return neg != 0;
}

static void count_slot(struct xt_ctrl *c) {
  c->counters[XT_CNT_SLOTS]++;
  c->counters[XT_CNT_PULSES] +=
      (uint64_t)xt_bits_count(c->mem.row_act, c->dim.nw) * xt_bits_count(c->mem.col_act, c->dim.mw);
}

static bool pulse_cycle(struct xt_ctrl *c, int sel, bool gated, uint32_t phase, uint32_t slot) {
  xt_array_pulse(&c->array, sel, gated, c->mem.row_act, c->mem.row_pol, c->mem.col_act, c->mem.col_pol);
  count_slot(c);
  struct xt_record r = {.kind = XT_KIND_PULSE, .sel = (uint8_t)sel, .phase = (uint8_t)phase, .slot = (uint16_t)slot};
  record_drives(c, &r);
  retire(c, &r);
  return true;
}

static bool pulse_cycles(struct xt_ctrl *c, const struct upd *u, const struct xt_um_out *um, uint32_t phases) {
  const struct xt_dim *dim = &c->dim;
  for (int32_t i = 0; i < dim->n; i++) c->mem.row_t[i] = xt_um_row_threshold(um, magnitude(u->x[i]), dim->pb);
  for (int32_t j = 0; j < dim->m; j++) c->mem.col_t[j] = xt_um_threshold(magnitude(u->d[j]), um->gd, um->rd, dim->pb);
  signs(u->x, dim->n, c->mem.row_neg);
  signs(u->d, dim->m, c->mem.col_neg);
  xt_encoder_state(&c->enc);
  for (uint32_t phase = 0; phase < phases; phase++) {
    if (phase > 0) xt_encoder_next_phase(&c->enc, u->enc, um->bl);
    for (uint32_t slot = 0; slot < um->bl; slot++) {
      if (!begin(c)) return false;
      xt_encoder_fire(&c->enc, u->enc, slot, c->mem.row_t, c->mem.col_t, c->mem.row_fire, c->mem.col_fire);
      xt_coinc_drive(&u->coinc, phase, dim->nw, c->mem.row_fire, c->mem.row_neg, dim->mw, c->mem.col_fire,
                     c->mem.col_neg, c->mem.row_act, c->mem.row_pol, c->mem.col_act, c->mem.col_pol);
      xt_encoder_advance(&c->enc, u->enc);
      pulse_cycle(c, u->sel, u->coinc.gated, phase, slot);
    }
  }
  return true;
}

/* Lines whose code has this sign, and their thresholds. */
static int32_t list_sign(const int16_t *codes, int32_t lines, bool neg, int32_t *list) {
  int32_t count = 0;
  for (int32_t i = 0; i < lines; i++) {
    list[count] = i;
    count += neg ? codes[i] < 0 : codes[i] > 0;
  }
  return count;
}

/* Slots slot.. of the rows of one sign (mem.row_list) in their phases with columns of either sign (mem.col_list). */
static void chunk_at_once(struct xt_ctrl *c, const struct upd *u, uint32_t bl, uint32_t slot, bool row_neg,
                          int32_t rows, const int32_t cols[2]) {
  struct xt_ctrl_mem *m = &c->mem;
  struct xt_train t = {.rows = rows,
                       .row = m->row_list,
                       .row_mask = {m->row_mask[0], m->row_mask[1]},
                       .col_mask = m->col_mask,
                       .col_neg = m->col_sign,
                       .vec_mask = {m->vec_mask[0], m->vec_mask[1]}};
  t.slots = bl - slot < XT_CHUNK ? bl - slot : XT_CHUNK;
  for (uint32_t neg = 0; neg < 2; neg++) {
    const uint32_t phase = u->coinc.gated ? 0 : xt_coinc_phase(row_neg, neg != 0), base = phase * bl + slot;
    t.pulse_ctr[neg] = c->array.pulse_ctr + base;
    t.up[neg] = xt_coinc_device_up(&u->coinc, row_neg, neg != 0);
    memset(m->vec_mask[neg], 0, (size_t)xt_ceil_div(c->dim.m, XT_LANES) * sizeof *m->vec_mask[neg]);
    xt_encoder_col_masks(&c->enc, u->enc, base, slot, t.slots, cols[neg], m->col_list[neg], m->col_list_t[neg],
                         m->list_mask);
    uint32_t any = 0;
    for (int32_t l = 0; l < cols[neg]; l++) {
      const int32_t j = m->col_list[neg][l];
      m->col_mask[j] = m->list_mask[l];
      m->vec_mask[neg][j / XT_LANES] |= m->list_mask[l];
      any |= m->list_mask[l];
    }
    if (any != 0)
      xt_encoder_row_masks(&c->enc, u->enc, base, slot, t.slots, rows, m->row_list, m->row_list_t, m->row_mask[neg]);
    else
      memset(m->row_mask[neg], 0, (size_t)rows * sizeof *m->row_mask[neg]);
  }
  c->counters[XT_CNT_PULSES] += xt_array_train(&c->array, u->sel, &t);
}

static void pulses_at_once(struct xt_ctrl *c, const struct upd *u, const struct xt_um_out *um, uint32_t phases) {
  const struct xt_dim *dim = &c->dim;
  struct xt_ctrl_mem *m = &c->mem;
  int32_t cols[2];
  if (u->enc == XT_ENC_STOCH) xt_encoder_orbit(&c->enc);
  for (int32_t j = 0; j < xt_ceil_div(dim->m, XT_LANES) * XT_LANES; j++) {
    m->col_mask[j] = 0;
    m->col_sign[j] = j < dim->m && u->d[j] < 0 ? ~UINT32_C(0) : 0;
  }
  for (int neg = 0; neg < 2; neg++) {
    cols[neg] = list_sign(u->d, dim->m, neg != 0, m->col_list[neg]);
    for (int32_t l = 0; l < cols[neg]; l++)
      m->col_list_t[neg][l] = xt_um_threshold(magnitude(u->d[m->col_list[neg][l]]), um->gd, um->rd, dim->pb);
  }
  for (int neg = 0; neg < 2; neg++) {
    const int32_t rows = list_sign(u->x, dim->n, neg != 0, m->row_list);
    if (rows == 0) continue;
    for (int32_t l = 0; l < rows; l++)
      m->row_list_t[l] = xt_um_row_threshold(um, magnitude(u->x[m->row_list[l]]), dim->pb);
    for (uint32_t slot = 0; slot < um->bl; slot += XT_CHUNK) chunk_at_once(c, u, um->bl, slot, neg != 0, rows, cols);
  }
  const uint32_t slots = phases * um->bl;
  c->array.pulse_ctr += slots;
  xt_encoder_skip(&c->enc, u->enc, phases, um->bl);
  c->counters[XT_CNT_SLOTS] += slots;
  c->order += slots;
  c->cycle += slots;
}

/* *bl gets the pulse train's length. */
static bool updseq(struct xt_ctrl *c, struct upd *u, uint32_t *bl) {
  struct xt_um_out um;
  if (!idle(c, XT_UM_CYCLES)) return false;
  u->in.xm = xt_um_max(u->x, c->dim.n);
  u->in.dm = xt_um_max(u->d, c->dim.m);
  u->in.pb = c->dim.pb;
  xt_um(&u->in, &um);
  *bl = um.bl;
  c->counters[XT_CNT_CLIPS] += um.clip;
  if (um.bl == 0) return true;
  if (!idle(c, (uint64_t)c->dim.cm)) return false; /* SCALE */
  const uint32_t phases = xt_cycles_phases(c->csr.reg[XT_CSR_CELL_MODE], any_negative(u->x, c->dim.n));
  if (at_once(c)) {
    pulses_at_once(c, u, &um, phases);
    return true;
  }
  return pulse_cycles(c, u, &um, phases);
}

/* ---------------------------------------------------------------- operations */

static bool gated(const struct xt_ctrl *c) {
  return c->csr.reg[XT_CSR_CELL_MODE] == XT_CELL_GATED;
}

/* One line driven with +CMAX, columns sensed. */
static bool read_line(struct xt_ctrl *c, int sel, uint32_t line, int range_reg) {
  memset(c->mem.pulse_x, 0, (size_t)c->dim.n * sizeof *c->mem.pulse_x);
  c->mem.pulse_x[line] = (int16_t)c->dim.cmax;
  const struct read rd = {sel, 0, c->mem.pulse_x, c->csr.reg[range_reg]};
  return readseq(c, &rd);
}

static void one_hot(struct xt_ctrl *c, uint32_t line) {
  memset(c->mem.pulse_x, 0, (size_t)c->dim.n * sizeof *c->mem.pulse_x);
  c->mem.pulse_x[line] = 1;
}

static bool transfer(struct xt_ctrl *c, uint32_t *bl) {
  if (!read_line(c, XT_SEL_A, c->xfer.ptr, XT_CSR_RANGE_XFER)) return false;
  one_hot(c, c->xfer.ptr);
  struct upd u = {.sel = XT_SEL_C,
                  .coinc = {gated(c), true},
                  .enc = c->csr.reg[XT_CSR_XFER_ENC],
                  .x = c->mem.pulse_x,
                  .d = c->mem.codes};
  xt_xfer_um(&c->csr, c->dim.pb, &u.in);
  if (!updseq(c, &u, bl)) return false;
  xt_xfer_next(&c->xfer, c->dim.n);
  c->counters[XT_CNT_TRANSFERS]++;
  return true;
}

static bool update(struct xt_ctrl *c) {
  static const enum xt_um_mode mode[3] = {XT_UM_MANUAL, XT_UM_UM, XT_UM_UBLM};
  const uint32_t *reg = c->csr.reg;
  const int32_t dexp = xt_sext(c->cmd.arg, 16);
  struct upd u = {.sel = (int)reg[XT_CSR_UPD_SEL],
                  .coinc = {gated(c), false},
                  .enc = reg[XT_CSR_UPD_ENC],
                  .x = c->cmd.x,
                  .d = c->cmd.d};
  u.in.mode = mode[reg[XT_CSR_UPD_MODE]];
  u.in.man = reg[XT_CSR_UPD_RATE];
  u.in.e = (int32_t)reg[XT_CSR_UPD_EXP] + dexp;
  u.in.cap = reg[XT_CSR_UPD_BL];
  u.in.scale_x = reg[XT_CSR_SCALE_X];
  u.in.scale_x_exp = (int32_t)reg[XT_CSR_SCALE_X_EXP];
  u.in.scale_d = reg[XT_CSR_SCALE_D];
  u.in.scale_d_exp = (int32_t)reg[XT_CSR_SCALE_D_EXP] + dexp;
  if (!updseq(c, &u, &c->info)) return false;
  uint32_t transfer_bl;
  if (xt_xfer_due(&c->xfer, reg[XT_CSR_XFER_EVERY])) return transfer(c, &transfer_bl);
  return true;
}

static bool program(struct xt_ctrl *c) {
  static const int read_sel[3] = {XT_SEL_A, XT_SEL_C, XT_SEL_R};
  const uint32_t *reg = c->csr.reg;
  const uint32_t line = c->cmd.arg;
  struct upd u = {
      .sel = c->cmd.sel, .coinc = {gated(c), true}, .enc = XT_ENC_COUNT, .x = c->mem.pulse_x, .d = c->mem.pulse_d};
  u.in.mode = XT_UM_COUNT;
  u.in.man = reg[XT_CSR_PROG_RATE];
  u.in.e = (int32_t)reg[XT_CSR_PROG_EXP];
  u.in.cap = reg[XT_CSR_PROG_BL];
  for (c->info = 0;; c->info++) {
    if (!read_line(c, read_sel[c->cmd.sel], line, XT_CSR_RANGE_READ)) return false;
    if (!idle(c, 1)) return false; /* CHECK */
    int any = 0;
    for (int32_t j = 0; j < c->dim.m; j++) {
      const int32_t e = (int32_t)xt_clamp(c->cmd.d[j] - c->mem.codes[j], -c->dim.adcmax, c->dim.adcmax);
      c->mem.pulse_d[j] = (int16_t)(magnitude((int16_t)e) <= reg[XT_CSR_PROG_TOL] ? 0 : e);
      any |= c->mem.pulse_d[j];
    }
    if (any == 0 || c->info == reg[XT_CSR_PROG_ITERS]) return true;
    one_hot(c, line);
    uint32_t bl;
    if (!updseq(c, &u, &bl)) return false;
  }
}

static bool zero_shift(struct xt_ctrl *c) {
  const uint32_t pairs = c->cmd.arg;
  if (at_once(c)) {
    xt_array_zero_shift(&c->array, c->cmd.sel, pairs);
    const uint64_t slots = 2 * (uint64_t)pairs;
    c->counters[XT_CNT_SLOTS] += slots;
    c->counters[XT_CNT_PULSES] += slots * (uint64_t)c->dim.n * (uint64_t)c->dim.m;
    c->order += slots;
    c->cycle += (uint32_t)slots;
    return true;
  }
  for (uint32_t s = 0; s < 2 * pairs; s++) {
    if (!begin(c)) return false;
    xt_coinc_zero_shift(&c->dim, gated(c), (s & 1) == 0, c->mem.row_act, c->mem.row_pol, c->mem.col_act,
                        c->mem.col_pol);
    pulse_cycle(c, c->cmd.sel, gated(c), s & 1, s >> 1);
  }
  return true;
}

static bool reset_op(struct xt_ctrl *c) {
  xt_encoder_reset(&c->enc, c->csr.reg[XT_CSR_SEED]);
  xt_xfer_reset(&c->xfer);
  c->reset_given = true;
  return true;
}

/* Everything between START and END; *ncodes: lines in the answer. */
static bool operate(struct xt_ctrl *c, int32_t *ncodes) {
  const uint32_t *reg = c->csr.reg;
  *ncodes = 0;
  switch (c->cmd.op) {
    case XT_OP_RESET:
      return reset_op(c);
    case XT_OP_FORWARD: {
      const struct read rd = {XT_SEL_C, 0, c->cmd.x, reg[XT_CSR_RANGE_FWD]};
      *ncodes = c->dim.m;
      if (!readseq(c, &rd)) return false;
      c->info = c->saturated;
      return true;
    }
    case XT_OP_BACKWARD: {
      const struct read rd = {XT_SEL_C, 1, c->cmd.d, reg[XT_CSR_RANGE_BWD]};
      *ncodes = c->dim.n;
      if (!readseq(c, &rd)) return false;
      c->info = c->saturated;
      return true;
    }
    case XT_OP_READ:
      *ncodes = c->dim.m;
      if (!read_line(c, c->cmd.sel, c->cmd.arg, XT_CSR_RANGE_READ)) return false;
      c->info = c->saturated;
      return true;
    case XT_OP_UPDATE:
      return update(c);
    case XT_OP_TRANSFER:
      *ncodes = c->dim.m;
      return transfer(c, &c->info);
    case XT_OP_PROGRAM:
      *ncodes = c->dim.m;
      return program(c);
    default:
      return zero_shift(c);
  }
}

/* The END cycle: counters, record. */
static void finish(struct xt_ctrl *c, int32_t ncodes) {
  const uint32_t cycles = c->cycle + 1;
  c->counters[XT_CNT_OPS]++;
  c->counters[XT_CNT_CYCLES] += cycles;
  c->counters[XT_CNT_ERRORS] += c->cmd.status != XT_ST_OK;
  if (c->cmd.op == XT_OP_RESET && c->cmd.status == XT_ST_OK) memset(c->counters, 0, sizeof c->counters);
  struct xt_record r = {.kind = XT_KIND_END, .status = c->cmd.status, .cycles = cycles, .ncodes = (uint16_t)ncodes};
  r.info = (uint16_t)(c->info < 65535 ? c->info : 65535);
  r.codes = c->mem.codes;
  if (c->sink != NULL) { /* the digests are for the record only */
    for (int s = 0; s < 3; s++) r.digest[s] = xt_array_digest(&c->array, s);
  }
  memcpy(r.counters, c->counters, sizeof r.counters);
  retire(c, &r);
}

size_t xt_ctrl_run(struct xt_ctrl *c, const uint32_t *words, size_t count, uint32_t *out) {
  int32_t ncodes = 0;
  c->cmd.x = c->mem.x;
  c->cmd.d = c->mem.d;
  c->cycle = 0;
  c->info = 0;
  xt_cmd_decode(&c->cmd, &c->dim, &c->csr, c->reset_given, words, count);
  bool done = idle(c, 1); /* START */
  if (done && c->cmd.status == XT_ST_OK) done = operate(c, &ncodes);
  done = done && begin(c); /* END */
  if (done) finish(c, ncodes);
  if (c->cut_on) {
    xt_ctrl_hw_reset(c);
    return 0;
  }
  return xt_cmd_answer(out, c->cmd.op, c->cmd.status, c->info, c->mem.codes, ncodes);
}
