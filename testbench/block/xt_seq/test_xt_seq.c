/* SPDX-License-Identifier: Apache-2.0 */
/* xt_seq against the plan of the description (struct xt_op, struct xt_step of refc/xt_types.h) and the sequences of
 * SPEC section 4, laid out cycle by cycle: what every cycle is, what its end does, the boundary. */
#include <string.h>

#include "room.h"
#include "xt_csr.h"

enum { MOST = 140000 };

struct cycle {
  uint32_t kind, phase, slot, at, by;
  int clear, sar, latch, check, um, scale, encode, count; /* count: within UM and SCALE */
  int factor, sum, fetch, flush, ahead;                   /* of the accumulator */
  uint32_t row, mtj_phases;
  int round;                              /* CHECK: another round follows */
  uint32_t bl, plane;                     /* of the train */
  int train, alternate, mtj, serial, add; /* PULSE, GAP, SETTLE */
  uint32_t width;                         /* PULSE, SWITCH */
  int first, act, after;                  /* PULSE: its first and last cycle; GAP, SETTLE */
  int read_line, dir, still;              /* reads; still: no line is driven */
  uint32_t sel, cell_mode, range, gamma;  /* boundary */
  /* its end */
  int load_line, read, take, calibrate, train_ends, updated, transferred, cut;
  uint32_t line;
};
static struct cycle plan[MOST];
static int cycles;

static int code_bits, adc_bits, share, scale_bits, pb, ramp, tall, built, rows;
static struct xt_csr csr;
static uint32_t lowdisc; /* of the next slot */
static int reset_given, kept;

static struct pins {
  uint32_t full, op, sel, arg, status, bl, phases, mtj_found, mtj_phases, enc, due, ptr, round, out_empty, abort,
      set_lowdisc, data;
} in;
static uint32_t status; /* of the answer: of the command, or of a cut */

static struct cycle *emit(struct cycle c) {
  ck_assert_int_lt(cycles, MOST);
  plan[cycles] = c;
  return &plan[cycles++];
}

/* n slots of a phase; of slot k the number is first + k. */
static void lay_phase(struct cycle base, uint32_t first, uint32_t n) {
  struct cycle rest = base;
  base.kind = base.mtj ? XT_KIND_SWITCH : XT_KIND_PULSE;
  base.cell_mode = csr.reg[XT_CSR_CELL_MODE];
  base.sel = base.plane;
  rest.after = 1;
  for (uint32_t k = 0; k < n; k++) {
    base.slot = rest.slot = first + k;
    base.width = csr.reg[XT_CSR_PULSE_WIDTH] << (base.serial ? k : 0);
    for (uint32_t at = 0; at < base.width; at++) {
      base.at = at;
      base.first = at == 0;
      base.act = at == base.width - 1;
      emit(base);
    }
    for (uint32_t at = 0; at < csr.reg[XT_CSR_PULSE_GAP]; at++) emit(rest);
  }
  for (uint32_t at = 0; at < csr.reg[XT_CSR_PULSE_SETTLE]; at++) emit(rest);
}

static void lay_read(const struct xt_step *s) {
  struct cycle base = {.dir = s->drive == XT_DRIVE_D || (s->drive == XT_DRIVE_NONE && tall),
                       .range = csr.reg[s->range]};
  base.read_line = s->drive == XT_DRIVE_LINE || s->drive == XT_DRIVE_PTR;
  base.sel = s->sel_arg ? in.sel : s->sel;
  if (base.sel == XT_SEL_VISIBLE) {
    base.gamma = csr.reg[XT_CSR_GAMMA];
    base.sel = base.gamma > 0 ? XT_SEL_VISIBLE : XT_SEL_C;
    base.range += base.gamma > 0 ? 8 : 0;
  }
  if (base.read_line) { /* at the end of the cycle before */
    plan[cycles - 1].load_line = 1;
    plan[cycles - 1].line = s->drive == XT_DRIVE_PTR ? in.ptr : in.arg;
  }
  struct cycle c = base;
  c.clear = 1;
  emit(c);
  const int slots = csr.reg[XT_CSR_READ_ENC] == XT_READ_SERIAL ? code_bits - 1 : (1 << (code_bits - 1)) - 1;
  for (int k = 0; k < slots; k++) {
    c = base;
    c.kind = XT_KIND_INTEG;
    c.still = s->drive == XT_DRIVE_NONE;
    c.slot = (uint32_t)k;
    emit(c);
  }
  c = base;
  c.kind = XT_KIND_HOLD;
  emit(c);
  for (int a = 0; a < share; a++) {
    const int conv = ramp ? (1 << adc_bits) - 2 : adc_bits;
    for (int b = 0; b < conv; b++) {
      c = base;
      c.kind = XT_KIND_SAR;
      c.sar = 1;
      c.phase = (uint32_t)a;
      c.slot = (uint32_t)(ramp ? b : adc_bits - 1 - b);
      emit(c);
    }
    c = base;
    c.latch = 1;
    c.phase = (uint32_t)a;
    emit(c);
  }
  plan[cycles - 1].read = 1;
  plan[cycles - 1].calibrate = s->drive == XT_DRIVE_NONE;
}

static void lay_pulse(const struct xt_step *s) {
  const uint32_t slot = csr.reg[XT_CSR_PULSE_WIDTH] + csr.reg[XT_CSR_PULSE_GAP];
  const uint32_t bl = rng_one_in(4) ? 0 : (uint32_t)rng_in(1, slot < 6 && rng_one_in(20) ? 255 : 6);
  struct cycle base = {.by = s->by, .bl = bl, .add = s->add};
  base.plane = s->plane_from == XT_PLANE_FROM_ARG       ? in.sel
               : s->plane_from == XT_PLANE_FROM_UPD_SEL ? csr.reg[XT_CSR_UPD_SEL]
                                                        : s->plane;
  for (int k = 0; k < (int)XT_UM_CYCLES; k++) {
    struct cycle c = base;
    c.um = 1;
    c.take = k == 0 && s->by == XT_BY_TRANSFER;
    c.count = k;
    emit(c);
  }
  for (int k = 0; bl > 0 && k < scale_bits; k++) {
    struct cycle c = base;
    c.count = k;
    c.scale = k != scale_bits - 1;
    emit(c);
  }
  base.train = 1;
  for (uint32_t p = 0; bl > 0 && p < 4; p++) {
    base.phase = p;
    if (csr.reg[XT_CSR_CELL_MODE] == XT_CELL_GATED ? p == 0 : (in.phases >> p & 1)) lay_phase(base, 0, bl);
  }
  plan[cycles - 1].train_ends = 1;
  plan[cycles - 1].updated = s->by == XT_BY_UPDATE;
  plan[cycles - 1].transferred = s->by == XT_BY_TRANSFER;
}

static void lay_alternate(void) {
  for (uint32_t k = 0; k < 2 * in.arg; k++)
    lay_phase((struct cycle){.alternate = 1, .phase = k & 1, .plane = in.sel}, k / 2, 1);
}

static void lay_switch(struct cycle base) {
  const int gated = csr.reg[XT_CSR_CELL_MODE] == XT_CELL_GATED;
  base.mtj_phases = rng_one_in(4) ? 0 : (uint32_t)rng_in(1, 15);
  base.encode = 1;
  emit(base);
  base.encode = base.ahead = 0;
  base.mtj = 1;
  base.serial = gated;
  base.plane = csr.reg[XT_CSR_UPD_SEL];
  for (base.phase = 0; base.phase < 4; base.phase++)
    if (base.mtj_phases >> base.phase & 1) lay_phase(base, 0, gated ? (uint32_t)code_bits - 1 : 1);
}

static void lay_sum(void) {
  emit((struct cycle){.factor = 1});
  for (int i = 0; i <= rows; i++) emit((struct cycle){.sum = 1, .ahead = i < rows, .row = (uint32_t)i});
}

/* The cycle before reads row 0. */
static void lay_flush(void) {
  plan[cycles - 1].ahead = 1;
  for (uint32_t i = 0; i < (uint32_t)rows; i++) {
    emit((struct cycle){
        .fetch = 1, .flush = 1, .row = i, .load_line = 1, .line = i, .mtj_phases = (uint32_t)rng_in(0, 15)});
    lay_switch((struct cycle){.flush = 1, .ahead = (int)i + 1 < rows, .row = i + 1, .read_line = 1});
  }
}

/* The whole operation, START to END. */
static void lay(void) {
  static const struct xt_op ops[] = XT_OPS;
  static const struct xt_step steps[] = XT_STEPS;
  int rounds = (int)rng_in(0, 3);
  cycles = 0;
  emit((struct cycle){0}); /* START */
  uint32_t at = in.status == XT_ST_OK ? ops[in.op].step : XT_STEP_END;
  while (steps[at].seq != XT_SEQ_END) {
    const struct xt_step *s = &steps[at];
    int holds = 0;
    if (s->seq == XT_SEQ_READ) lay_read(s);
    if (s->seq == XT_SEQ_PULSE) lay_pulse(s);
    if (s->seq == XT_SEQ_ALTERNATE) lay_alternate();
    if (s->seq == XT_SEQ_SWITCH) lay_switch((struct cycle){0});
    if (s->seq == XT_SEQ_SUM) lay_sum();
    if (s->seq == XT_SEQ_FLUSH) lay_flush();
    if (s->seq == XT_SEQ_CHECK) emit((struct cycle){.check = 1})->round = rounds > 0;
    if (s->cond == XT_COND_DUE) holds = (int)in.due;
    if (s->cond == XT_COND_ROUND) holds = rounds-- > 0;
    at = holds ? s->then : s->next;
  }
  emit((struct cycle){.kind = XT_KIND_END});
}

/* Cuts the operation laid out: its cycle `at` is the last one before END. */
static void cut(int at, uint32_t why) {
  if (at + 1 >= cycles - 1) return;            /* END follows anyway */
  if (!plan[at].fetch) plan[at].load_line = 0; /* nothing follows that would need it */
  plan[at].cut = 1;
  plan[at + 1] = (struct cycle){.kind = XT_KIND_END};
  cycles = at + 2;
  status = why;
}

static void put(void) {
  room_put(in.full, 1);
  room_put(in.op, 8);
  room_put(in.sel, 2);
  room_put(in.arg, 16);
  room_put(in.status, 8);
  room_put(csr.reg[XT_CSR_READ_ENC], 1);
  room_put(csr.reg[XT_CSR_CELL_MODE], 2);
  room_put(csr.reg[XT_CSR_UPD_SEL], 1);
  room_put(csr.reg[XT_CSR_RANGE_FWD], 6);
  room_put(csr.reg[XT_CSR_RANGE_BWD], 6);
  room_put(csr.reg[XT_CSR_RANGE_XFER], 6);
  room_put(csr.reg[XT_CSR_RANGE_READ], 6);
  room_put(in.bl, 8);
  room_put(in.phases, 4);
  room_put(in.enc, 2);
  room_put(in.due, 1);
  room_put(in.ptr, 16);
  room_put(in.round, 1);
  room_put(in.out_empty, 1);
  room_put(csr.reg[XT_CSR_GAMMA], 9);
  room_put(csr.reg[XT_CSR_TIMEOUT], 32);
  room_put(in.abort, 1);
  room_put(in.set_lowdisc, 1);
  room_put(in.data, 32);
  room_put(csr.reg[XT_CSR_PULSE_WIDTH], 8);
  room_put(csr.reg[XT_CSR_PULSE_GAP], 8);
  room_put(csr.reg[XT_CSR_PULSE_SETTLE], 8);
  room_put(in.mtj_found, 4);
  room_put(in.mtj_phases, 4);
  room_settle();
}

static void eq(const char *what, int at, uint64_t want, int bits) {
  const uint64_t got = room_get(bits);
  must(got == want, "operation %u, cycle %d of %d: %s is %" PRIu64 ", not %" PRIu64, in.op, at, cycles, what, got,
       want);
}
static void skip(int bits) {
  (void)room_get(bits);
}
static void eq_if(int cond, const char *what, int at, uint64_t want, int bits) {
  if (cond)
    eq(what, at, want, bits);
  else
    skip(bits);
}

/* What the block shows in cycle `at`; c NULL: idle or WAIT. next NULL: nothing follows. */
static void expect(const struct cycle *c, const struct cycle *next, int at, int waiting, int answer) {
  static const struct cycle nothing = {0};
  const int start = c != NULL && at == 0, ok = in.status == XT_ST_OK, busy = c != NULL;
  const struct cycle *n = next ? next : &nothing;
  const int pulsing = c && (c->kind == XT_KIND_PULSE || c->kind == XT_KIND_SWITCH);
  const uint32_t lowdisc_was = lowdisc & ((1U << pb) - 1);
  if (!c) c = &nothing;
  eq("kind", at, c->kind, 8);
  eq_if(busy, "cycle", at, (uint64_t)at, 32);
  eq_if(!c->after, "phase", at, c->phase, 6);
  eq_if(!c->after, "slot", at, c->slot, 16);
  eq_if(pulsing, "at", at, c->at, 16);
  eq_if(c->um, "by", at, c->by, 2);
  eq("clear", at, (uint64_t)c->clear, 1);
  eq("sar", at, (uint64_t)c->sar, 1);
  eq("latch", at, (uint64_t)c->latch, 1);
  eq("check", at, (uint64_t)c->check, 1);
  eq("train", at, c->train && c->kind == XT_KIND_PULSE, 1);
  eq("act", at, (uint64_t)c->act, 1);
  eq("um", at, (uint64_t)c->um, 1);
  eq_if(c->um, "um_cycle", at, (uint64_t)c->count, 3);
  eq("scale", at, (uint64_t)c->scale, 1);
  eq_if(c->scale, "scale_first", at, c->count == 0, 1);
  eq_if(c->scale, "scale_last", at, c->count == scale_bits - 2, 1);
  /* the next cycle */
  const int integ = n->kind == XT_KIND_INTEG;
  eq("next.read", at, (uint64_t)(integ && !n->still), 1);
  eq_if(integ || (n->first && n->mtj), "next.read_line", at, (uint64_t)n->read_line, 1);
  eq_if(integ || (n->first && n->mtj), "next.read_bit", at, n->slot & 7, 3);
  eq_if(integ, "next.dir", at, (uint64_t)n->dir, 1);
  eq("next.pulse", at, (uint64_t)n->first, 1);
  eq("next.hold", at, (n->kind == XT_KIND_PULSE || n->kind == XT_KIND_SWITCH) && !n->first, 1);
  eq_if(n->first, "next.alternate", at, (uint64_t)n->alternate, 1);
  const int train = n->first && n->train;
  eq_if(integ || n->first, "next.train", at, (uint64_t)train, 1);
  eq("next.advance", at, train && in.enc == XT_ENC_STOCH, 1);
  eq_if(integ || n->sar || train || (n->first && n->mtj), "next.slot", at, n->slot, 16);
  eq_if(n->first, "next.phase", at, n->phase, 2);
  eq_if(train || (n->first && n->mtj), "next.add", at, (uint64_t)n->add, 1);
  if (train && in.enc == XT_ENC_LOWDISC && n->slot == 0 && (c->kind == XT_KIND_PULSE || c->after)) lowdisc -= n->bl;
  lowdisc &= (1U << pb) - 1;
  eq_if(train && in.enc == XT_ENC_LOWDISC, "next.lowdisc", at, lowdisc, 16);
  if (train && in.enc == XT_ENC_LOWDISC) lowdisc++;
  /* the end of the cycle */
  eq("start", at, (uint64_t)start, 1);
  eq("reset", at, start && ok && in.op == XT_OP_RESET, 1);
  const int outer = in.op == XT_OP_UPDATE || in.op == XT_OP_MTJ_UPDATE || in.op == XT_OP_ACCUMULATE;
  const int load_x = start && ok && (in.op == XT_OP_FORWARD || (outer && in.sel != 1));
  eq("load_x", at, (uint64_t)load_x, 1);
  eq("load_d", at, start && ok && (in.op == XT_OP_BACKWARD || outer), 1);
  eq("load_line", at, (uint64_t)c->load_line, 1);
  eq("read ends", at, (uint64_t)c->read, 1);
  eq("take", at, (uint64_t)c->take, 1);
  eq("train ends", at, (uint64_t)c->train_ends, 1);
  eq("updated", at, (uint64_t)c->updated, 1);
  eq("transferred", at, (uint64_t)c->transferred, 1);
  eq("answer", at, (uint64_t)answer, 1);
  eq_if(c->load_line, "line", at, c->line, 16);
  /* the boundary */
  const int reading = c->clear || c->sar || c->latch || c->kind == XT_KIND_INTEG || c->kind == XT_KIND_HOLD;
  const int serial = csr.reg[XT_CSR_READ_ENC] == XT_READ_SERIAL;
  eq("boundary sel", at, c->sel, XT_SEL_BITS);
  eq("boundary cell_mode", at, c->cell_mode, 2);
  eq("boundary dir", at, (uint64_t)c->dir, 1);
  eq("boundary clear", at, (uint64_t)c->clear, 1);
  eq("boundary integ", at, c->kind == XT_KIND_INTEG, 1);
  eq("boundary halve", at, c->kind == XT_KIND_INTEG && serial, 1);
  eq("boundary hold", at, c->kind == XT_KIND_HOLD, 1);
  eq("boundary pulse", at, (uint64_t)pulsing, 1);
  eq("boundary act", at, (uint64_t)c->act, 1);
  eq("boundary duration", at, c->width, 16);
  eq("boundary adc_slot", at, reading ? c->phase : 0, 6);
  eq("boundary range", at, c->range, 6);
  eq("running", at, (uint64_t)(busy || waiting), 1);
  eq("op_busy", at, (uint64_t)busy, 1);
  eq("reset_given", at, (uint64_t)reset_given, 1);
  eq_if(c->um || pulsing, "plane", at, c->plane, XT_PLANE_BITS);
  eq("boundary gamma", at, c->gamma, 9);
  eq_if(c->kind == XT_KIND_END, "status", at, status, 8);
  eq("end", at, c->kind == XT_KIND_END, 1);
  eq("lowdisc", at, lowdisc_was, 16);
  eq("cut", at, (uint64_t)(c->cut && c->sar), 1);
  eq("kept", at, (uint64_t)kept, 1);
  eq("boundary conv", at, (uint64_t)c->sar, 1);
  eq("next.sar", at, (uint64_t)n->sar, 1);
  eq("calibrate", at, (uint64_t)c->calibrate, 1);
  eq("encode", at, (uint64_t)c->encode, 1);
  eq_if(n->first, "next.mtj", at, (uint64_t)n->mtj, 1);
  eq_if(integ || (n->first && n->mtj), "next.serial", at, integ ? (uint64_t)serial : (uint64_t)n->serial, 1);
  const int drives = integ && !n->still;
  eq_if(integ || n->first, "next.row_read", at, (uint64_t)((drives && !n->dir) || (n->first && n->mtj)), 1);
  eq_if(integ || n->first, "next.col_read", at, (uint64_t)(drives && n->dir), 1);
  eq("factor", at, (uint64_t)c->factor, 1);
  eq("sum", at, (uint64_t)c->sum, 1);
  eq("fetch", at, (uint64_t)c->fetch, 1);
  eq("flush", at, (uint64_t)c->flush, 1);
  eq("ahead", at, (uint64_t)c->ahead, 1);
  eq_if(c->ahead || c->sum || c->fetch || c->encode, "row", at, c->row, 16);
  if (load_x) kept = 1;
  if (c->load_line || (start && ok && in.op == XT_OP_RESET)) kept = 0;
}

static void after_reset(void) {
  room_reset();
  lowdisc = 0;
  reset_given = 0;
  kept = 0;
}

static void command(void) {
  in.op = (uint32_t)rng_in(XT_OP_RESET, rows ? XT_OP_ACC_UPDATE : built ? XT_OP_MTJ_UPDATE : XT_OP_CALIBRATE);
  const int switches = in.op == XT_OP_MTJ_UPDATE || in.op == XT_OP_ACC_UPDATE;
  in.status = rng_one_in(6) ? (uint32_t)rng_in(XT_ST_ERR_OPCODE, XT_ST_ERR_CODE) : XT_ST_OK;
  in.sel = (uint32_t)rng_in(0, 2);
  in.arg = (uint32_t)(rng_one_in(30) ? rng_in(1, 900) : rng_in(1, 8));
  in.phases = (uint32_t)rng_in(1, 15);
  in.enc = (uint32_t)rng_in(XT_ENC_STOCH, XT_ENC_COUNT);
  in.due = (uint32_t)rng_one_in(2);
  in.ptr = (uint32_t)rng_in(0, 65535);
  csr.reg[XT_CSR_READ_ENC] = (uint32_t)rng_one_in(2);
  csr.reg[XT_CSR_CELL_MODE] = (uint32_t)rng_in(XT_CELL_HALF, XT_CELL_PASSIVE);
  if (switches) csr.reg[XT_CSR_CELL_MODE] = (uint32_t)rng_in(XT_CELL_GATED, XT_CELL_PASSIVE);
  csr.reg[XT_CSR_PULSE_WIDTH] = (uint32_t)rng_in(1, rng_one_in(2) ? 1 : 3);
  csr.reg[XT_CSR_PULSE_GAP] = (uint32_t)rng_in(0, 2);
  csr.reg[XT_CSR_PULSE_SETTLE] = (uint32_t)(rng_one_in(2) ? 0 : rng_in(1, 2));
  if (rng_one_in(20) && (!switches || (in.op == XT_OP_MTJ_UPDATE && rng_one_in(6)))) {
    csr.reg[XT_CSR_PULSE_WIDTH + (uint32_t)rng_in(0, 2)] = 255;
    in.arg = 1;
  }
  csr.reg[XT_CSR_UPD_SEL] = (uint32_t)rng_one_in(2);
  csr.reg[XT_CSR_GAMMA] = rng_one_in(2) ? 0 : (uint32_t)rng_in(1, 256);
  for (uint32_t r = XT_CSR_RANGE_FWD; r <= XT_CSR_RANGE_READ; r++) csr.reg[r] = (uint32_t)rng_in(0, 40);
}

static void idle(void) {
  in.full = 0;
  in.abort = (uint32_t)rng_one_in(3); /* does nothing */
  in.set_lowdisc = (uint32_t)rng_one_in(2);
  in.data = (uint32_t)rng_in(0, (1 << pb) - 1);
  put();
  expect(NULL, NULL, 0, 0, 0);
  room_clock();
  if (in.set_lowdisc) lowdisc = in.data;
  in.abort = in.set_lowdisc = 0;
}

/* One operation from an idle tile; full and out_empty at random, as they must not matter. */
static void operation(void) {
  for (int k = (int)rng_in(1, 3); k > 0; k--) idle();
  command();
  lay();
  status = in.status;
  csr.reg[XT_CSR_TIMEOUT] = rng_one_in(3) ? (uint32_t)rng_in(1, cycles + 2) : rng_one_in(2) ? UINT32_MAX : 0;
  /* acknowledged in cycle abort_at */
  const uint32_t timeout = csr.reg[XT_CSR_TIMEOUT];
  int abort_at = rng_one_in(3) ? (int)rng_in(0, cycles) : -1;
  if (timeout > 0 && timeout < (uint32_t)cycles && rng_one_in(4)) abort_at = (int)timeout - 1; /* both at once */
  if (timeout > 0 && (abort_at < 0 || timeout - 1 <= (uint32_t)abort_at)) {
    if (timeout < (uint32_t)cycles) cut((int)timeout - 1, XT_ST_ERR_TIMEOUT);
  } else if (abort_at >= 0) {
    cut(abort_at, XT_ST_ERR_ABORT);
  }
  in.full = 1;
  in.abort = abort_at == 0;
  in.out_empty = (uint32_t)rng_one_in(2);
  in.round = (uint32_t)rng_one_in(2);
  put();
  expect(NULL, NULL, 0, 0, 0);
  room_clock();
  const int fell = rng_one_in(20) ? (int)rng_in(0, cycles - 1) : -1;
  for (int at = 0; at < cycles; at++) {
    const struct cycle *c = &plan[at];
    in.full = at == 0 ? 1 : (uint32_t)rng_one_in(2);
    in.out_empty = (uint32_t)rng_one_in(2);
    in.abort = at + 1 == abort_at;
    in.mtj_phases = c->encode ? ~c->mtj_phases & 15 : c->mtj_phases; /* the other is not looked at */
    in.mtj_found = ~in.mtj_phases & 15;
    in.round = c->check ? (uint32_t)c->round : (uint32_t)rng_one_in(2);
    in.bl = c->um && c->count < (int)XT_UM_CYCLES - 1 ? (uint32_t)rng_in(0, 255) : c->bl;
    if (at == cycles - 1) in.full = 0;
    put();
    expect(c, at + 1 < cycles ? &plan[at + 1] : NULL, at, 0, at == cycles - 1 && in.out_empty);
    if (at == fell) {
      after_reset();
      in.full = in.abort = 0;
      put();
      expect(NULL, NULL, 0, 0, 0); /* every output is 0 */
      room_clock();
      return;
    }
    if (at == 0 && in.op == XT_OP_RESET && in.status == XT_ST_OK) reset_given = 1, lowdisc = 0;
    room_clock();
  }
  in.abort = 0;
  while (!in.out_empty) { /* WAIT */
    in.out_empty = (uint32_t)rng_one_in(3);
    put();
    expect(NULL, NULL, 0, 1, (int)in.out_empty);
    room_clock();
  }
  put();
  expect(NULL, NULL, 0, 0, 0);
  room_clock();
}

START_TEST(operations_cycle_by_cycle) {
  seed_rng("xt_seq", 27);
  for (int s = 0; s < room_sizes(); s++) {
    room_select(s);
    code_bits = room_param(0);
    adc_bits = room_param(1);
    share = room_param(2);
    scale_bits = room_param(3);
    pb = room_param(4);
    ramp = room_param(5);
    tall = room_param(6);
    built = room_param(7) & 1;
    rows = room_param(7) >> 8;
    xt_csr_reset(&csr);
    memset(&in, 0, sizeof in);
    after_reset();
    for (int k = 0; k < 150; k++) operation();
  }
}
END_TEST

int main(void) {
  const TTest *const tests[] = {operations_cycle_by_cycle};
  return room_main("xt_seq", tests, 1);
}
