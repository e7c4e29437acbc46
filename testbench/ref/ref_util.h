/* SPDX-License-Identifier: Apache-2.0 */
/* What the tests of the reference share: a tile with its packets, comparison, random material. */
#ifndef REF_UTIL_H
#define REF_UTIL_H

#include <string.h>

#include "../outer.h"
#include "../random.h"
#include "xt_array.h"
#include "xt_bits.h"
#include "xt_csr.h"
#include "xt_fast_simd.h"
#include "xt_ref.h"
#include "xt_room.h"

/* In turn every width of vectors that this processor runs, for tiles that are made from here on. */
static inline void set_width(int turn) {
  const struct xt_fast_simd *runs[8];
  int widths = 0;
  for (int k = 0; xt_fast_simds[k] != NULL; k++)
    if (xt_fast_simd_runs(xt_fast_simds[k])) runs[widths++] = xt_fast_simds[k];
  setenv("XT_SIMD", runs[turn % widths]->name, 1);
}

/* ---- a tile with buffers for its largest packet */
struct bench {
  struct xt_tile *t;
  struct xt_shape shape;
  uint32_t *out, *in;
  size_t in_cap, out_cap;
  uint32_t header; /* of the last answer */
};

static const struct xt_engine *const ref = &xt_engine_ref;

static inline int32_t adc_max(const struct xt_shape *s) {
  return (1 << (s->adc_bits - 1)) - 1;
}
static inline int32_t code_max(const struct xt_shape *s) {
  return (1 << (s->code_bits - 1)) - 1;
}

static inline void bench_open_with(struct bench *b, const struct xt_shape *shape, const struct xt_engine_opts opts) {
  char err[256] = "";
  memset(b, 0, sizeof *b);
  b->shape = *shape;
  must(ref->create(&b->t, shape, &opts, err, sizeof err) == 0, "create: %s", err);
  b->in_cap = 8 + (size_t)(shape->n + shape->m);
  b->out_cap = 2 + (size_t)(shape->n + shape->m) / 2;
  b->in = calloc(b->in_cap, sizeof *b->in);
  b->out = calloc(b->out_cap, sizeof *b->out);
}
static inline void bench_open(struct bench *b, const struct xt_shape *shape, int records) {
  bench_open_with(b, shape, (struct xt_engine_opts){.records = records});
}
static inline void bench_close(struct bench *b) {
  ref->destroy(b->t);
  free(b->in);
  free(b->out);
}
static inline void configure(struct bench *b, const struct xt_array_cfg *cfg) {
  const int rc = ref->configure(b->t, cfg);
  must(rc == 0, "%s", ref->error(b->t));
}
static inline void csr(struct bench *b, uint8_t addr, uint32_t value) {
  int st = -1;
  must(ref->csr_write(b->t, addr, value, &st) == 0, "%s", ref->error(b->t));
  must(st == XT_CSR_ST_OK, "register 0x%02x = %u: status %d", addr, value, st);
}
static inline uint32_t csr_get(struct bench *b, uint8_t addr) {
  uint32_t v = 0;
  int st = -1;
  must(ref->csr_read(b->t, addr, &v, &st) == 0 && st == XT_CSR_ST_OK, "register 0x%02x: status %d", addr, st);
  return v;
}
static inline uint64_t counter(struct bench *b, int k) {
  return csr_get(b, (uint8_t)(XT_CSR_COUNTERS + 2 * k)) | (uint64_t)csr_get(b, (uint8_t)(XT_CSR_COUNTERS + 2 * k + 1))
                                                              << 32;
}

/* Sends in[0..n) and takes the answer; returns the status. */
static inline int send(struct bench *b, size_t n) {
  size_t got = 0;
  must(ref->submit(b->t, b->in, n) == 0, "%s", ref->error(b->t));
  must(ref->collect(b->t, b->out, b->out_cap, &got) == 0, "%s", ref->error(b->t));
  must(got >= 1, "empty answer");
  b->header = b->out[0];
  return (int)((b->header >> 8) & 255);
}
static inline uint32_t info(const struct bench *b) {
  return b->header >> 16;
}
static inline int32_t result(const struct bench *b, int32_t line) {
  return xt_sext(b->out[1 + line / 2] >> (line % 2 * 16), 16);
}

static inline uint32_t head(int op, int sel, uint32_t arg) {
  return (uint32_t)op | (uint32_t)sel << 8 | (arg & 0xFFFF) << 16;
}
static inline uint32_t *put8(uint32_t *w, const int8_t *c, int32_t n) {
  for (int32_t i = 0; i < n; i++) {
    if (i % 4 == 0) w[i / 4] = 0;
    w[i / 4] |= (uint32_t)(uint8_t)c[i] << (i % 4 * 8);
  }
  return w + (n + 3) / 4;
}
static inline uint32_t *put16(uint32_t *w, const int16_t *c, int32_t n) {
  for (int32_t i = 0; i < n; i++) {
    if (i % 2 == 0) w[i / 2] = 0;
    w[i / 2] |= (uint32_t)(uint16_t)c[i] << (i % 2 * 16);
  }
  return w + (n + 1) / 2;
}
static inline int simple(struct bench *b, int op, int sel, uint32_t arg) {
  b->in[0] = head(op, sel, arg);
  return send(b, 1);
}
static inline int forward(struct bench *b, const int8_t *x) {
  b->in[0] = head(XT_OP_FORWARD, 0, 0);
  return send(b, (size_t)(put8(b->in + 1, x, b->shape.n) - b->in));
}
static inline int backward(struct bench *b, const int8_t *d) {
  b->in[0] = head(XT_OP_BACKWARD, 0, 0);
  return send(b, (size_t)(put8(b->in + 1, d, b->shape.m) - b->in));
}
/* An operation on the outer product of x and d. x NULL: the one that is kept. */
static inline size_t outer_packet(struct bench *b, int op, const int8_t *x, const int8_t *d, int dexp) {
  b->in[0] = head(op, x == NULL, (uint32_t)dexp);
  uint32_t *const w = x != NULL ? put8(b->in + 1, x, b->shape.n) : b->in + 1;
  return (size_t)(put8(w, d, b->shape.m) - b->in);
}
static inline int update(struct bench *b, const int8_t *x, const int8_t *d, int dexp) {
  return send(b, outer_packet(b, XT_OP_UPDATE, x, d, dexp));
}
/* UPDATE with the x that is kept. */
static inline int update_kept(struct bench *b, const int8_t *d, int dexp) {
  return send(b, outer_packet(b, XT_OP_UPDATE, NULL, d, dexp));
}
static inline int program(struct bench *b, int sel, uint32_t line, const int16_t *target) {
  b->in[0] = head(XT_OP_PROGRAM, sel, line);
  return send(b, (size_t)(put16(b->in + 1, target, b->shape.m) - b->in));
}

/* ---- an array of its own, not yet fabricated; its memory is the room's */
static inline void array_room(struct xt_array *a, int32_t n, int32_t m, int32_t sw, struct xt_room *room) {
  memset(a, 0, sizeof *a);
  memset(room, 0, sizeof *room);
  a->n = n;
  a->m = m;
  const size_t nm = (size_t)n * (size_t)m;
  for (uint32_t k = 0; k < XT_NUM_PLANES; k++) {
    struct xt_plane *p = &a->plane[k];
    p->n = n;
    p->m = m;
    p->sw = sw;
    p->first = k * (uint32_t)nm;
    if (sw <= 16) p->w16 = xt_room_take(room, nm, sizeof *p->w16);
    if (sw <= 16) p->fixed16 = xt_room_take(room, nm, sizeof *p->fixed16);
    if (sw > 16) p->w32 = xt_room_take(room, nm, sizeof *p->w32);
    if (sw > 16) p->fixed32 = xt_room_take(room, nm, sizeof *p->fixed32);
  }
  a->column = xt_room_take(room, (size_t)m, sizeof *a->column);
  a->driven = xt_room_take(room, (size_t)(n > m ? n : m), sizeof *a->driven);
  must(!room->failed, "out of memory");
}

/* ---- replay */

/* Another array that replays what the records drive, up to the cut. */
struct replay {
  struct xt_array a;
  struct xt_room room;
  uint32_t cell, width, read_ctr, cmp_ctr, cut, cycles;
  uint8_t *row_amp, *col_amp;
  uint32_t reg[256];
};

static inline void replay_open(struct replay *r, const struct xt_shape *h, const struct xt_array_cfg *cfg) {
  memset(r, 0, sizeof *r);
  array_room(&r->a, h->n, h->m, h->state_bits, &r->room);
  xt_array_fabricate(&r->a, cfg);
  r->row_amp = xt_room_take(&r->room, (size_t)h->n, 1);
  r->col_amp = xt_room_take(&r->room, (size_t)h->m, 1);
}

/* The records' vectors are const, a drive's are not: nothing writes to them here. */
static inline uint32_t *drive(const uint32_t *v) {
  union {
    const uint32_t *in;
    uint32_t *out;
  } p = {v};
  return p.out;
}

/* Amplitudes of lines from a record. */
static inline const uint8_t *replay_amps(const uint32_t *bits, int32_t lines, uint8_t *amp) {
  for (int32_t i = 0; i < lines; i++) {
    amp[i] = 0;
    for (int32_t b = 0; b < (int32_t)XT_AMP_BITS; b++) amp[i] = (uint8_t)(amp[i] | xt_bit(bits, b * lines + i) << b);
  }
  return amp;
}

static inline void replay_sink(void *user, const struct xt_record *rec) {
  struct replay *r = user;
  if (rec->kind == XT_KIND_END) r->cycles = rec->cycles;
  if (rec->cycle >= r->cut) return;
  struct xt_drives drives = {.row_act = drive(rec->row_act),
                             .row_pol = drive(rec->row_pol),
                             .col_act = drive(rec->col_act),
                             .col_pol = drive(rec->col_pol)};
  if (rec->kind == XT_KIND_PULSE) drives.duration = (uint16_t)r->width;
  if (rec->kind == XT_KIND_SWITCH) {
    drives.duration = (uint16_t)(r->width << rec->slot);
    drives.row_amp = replay_amps(rec->row_amp, r->a.n, r->row_amp);
    drives.col_amp = replay_amps(rec->col_amp, r->a.m, r->col_amp);
  }
  if (drives.duration != 0 && rec->at + 1U == drives.duration)
    xt_array_pulse(&r->a, rec->sel, xt_cells[r->cell], &drives);
  const int dir = rec->op == XT_OP_BACKWARD;
  if (rec->kind == XT_KIND_INTEG && rec->slot == 0) xt_array_clear(&r->a);
  if (rec->kind == XT_KIND_INTEG) xt_array_integ(&r->a, dir, &drives);
  if (rec->kind == XT_KIND_HOLD) {
    const struct xt_select select = xt_array_select(rec->sel, r->reg);
    xt_array_hold(&r->a, &select, dir, r->read_ctr++);
  }
  if (rec->kind == XT_KIND_SAR) r->cmp_ctr++;
}

/* The devices and noise counters of a snapshot. */
static inline void replay_from(struct replay *r, const struct xt_snapshot *s) {
  for (int p = 0; p < XT_NUM_PLANES; p++)
    for (size_t d = 0; d < xt_plane_devices(&r->a.plane[p]); d++) xt_plane_set_state(&r->a.plane[p], d, s->w[p][d]);
  r->a.pulse_ctr = s->pulse_ctr;
  r->read_ctr = s->read_ctr;
  r->cmp_ctr = s->cmp_ctr;
  memcpy(r->reg, s->csr, sizeof r->reg);
  r->cell = s->csr[XT_CSR_CELL_MODE];
  r->width = s->csr[XT_CSR_PULSE_WIDTH];
}

/* ---- snapshots */
static inline void snap_alloc(struct xt_snapshot *s, const struct xt_shape *shape) {
  memset(s, 0, sizeof *s);
  const size_t nm = (size_t)shape->n * (size_t)shape->m;
  for (int k = 0; k < XT_NUM_PLANES; k++) s->w[k] = calloc(nm, sizeof(int32_t));
  s->row_gen = calloc((size_t)shape->n, sizeof(uint32_t));
  s->col_gen = calloc((size_t)shape->m, sizeof(uint32_t));
  s->cal = calloc((size_t)xt_shape_units(shape), sizeof *s->cal);
  s->acc = calloc((size_t)shape->n * (size_t)xt_shape_sums(shape) + 1, sizeof *s->acc);
}
static inline void snap_free(struct xt_snapshot *s) {
  for (int k = 0; k < 3; k++) free(s->w[k]);
  free(s->row_gen);
  free(s->col_gen);
  free(s->cal);
  free(s->acc);
}
static inline void snap_get(struct bench *b, struct xt_snapshot *s) {
  must(ref->get_snapshot(b->t, s) == 0, "%s", ref->error(b->t));
}
static inline int snap_devices_equal(const struct xt_snapshot *a, const struct xt_snapshot *b,
                                     const struct xt_shape *h) {
  const size_t nm = (size_t)h->n * (size_t)h->m * sizeof(int32_t);
  return memcmp(a->w[0], b->w[0], nm) == 0 && memcmp(a->w[1], b->w[1], nm) == 0 && memcmp(a->w[2], b->w[2], nm) == 0;
}
static inline void snap_compare(const struct xt_snapshot *a, const struct xt_snapshot *b, const struct xt_shape *h,
                                const char *when) {
  for (int s = 0; s < 3; s++) {
    for (size_t k = 0; k < (size_t)h->n * (size_t)h->m; k++)
      must(a->w[s][k] == b->w[s][k], "%s: array %d device %zu: %d, %d", when, s, k, a->w[s][k], b->w[s][k]);
  }
  for (int i = 0; i < h->n; i++)
    must(a->row_gen[i] == b->row_gen[i], "%s: row generator %d: %u, %u", when, i, a->row_gen[i], b->row_gen[i]);
  for (int j = 0; j < h->m; j++) must(a->col_gen[j] == b->col_gen[j], "%s: column generator %d", when, j);
  must(a->pulse_ctr == b->pulse_ctr, "%s: pulse_ctr %u, %u", when, a->pulse_ctr, b->pulse_ctr);
  must(a->read_ctr == b->read_ctr, "%s: read_ctr", when);
  must(a->cmp_ctr == b->cmp_ctr, "%s: cmp_ctr %u, %u", when, a->cmp_ctr, b->cmp_ctr);
  for (int u = 0; u < xt_shape_units(h); u++)
    must(a->cal[u] == b->cal[u], "%s: correction %d: %d, %d", when, u, a->cal[u], b->cal[u]);
  for (int32_t k = 0; k < h->n * xt_shape_sums(h); k++)
    must(a->acc[k] == b->acc[k], "%s: sum %d: %d, %d", when, k, a->acc[k], b->acc[k]);
  must(a->lowdisc_n == b->lowdisc_n, "%s: n %u, %u", when, a->lowdisc_n, b->lowdisc_n);
  must(a->xfer_ptr == b->xfer_ptr && a->xfer_count == b->xfer_count, "%s: transfer schedule", when);
  must(a->reset_given == b->reset_given, "%s: reset_given", when);
  for (int k = 0; k < XT_NUM_COUNTERS; k++)
    must(a->counters[k] == b->counters[k], "%s: counter %d: %" PRIu64 ", %" PRIu64, when, k, a->counters[k],
         b->counters[k]);
  must(a->order == b->order, "%s: order %" PRIu64 ", %" PRIu64, when, a->order, b->order);
  must(memcmp(a->csr, b->csr, sizeof a->csr) == 0, "%s: registers", when);
}

/* ---- random material */
/* The number of columns has been set: gangs that divide it. */
static inline void fit_gang(struct xt_shape *s) {
  while (s->m % (1 << s->acc_gang) != 0) s->acc_gang--;
}
static inline struct xt_shape random_shape(int most) {
  struct xt_shape s;
  s.prob_bits = (int32_t)rng_in(8, 16);
  const int32_t lim = 1 << (s.prob_bits - 1);
  s.n = (int32_t)rng_in(1, most < lim ? most : lim);
  s.m = (int32_t)rng_in(1, most < lim ? most : lim);
  s.code_bits = (int32_t)rng_in(2, 8);
  s.adc_bits = (int32_t)rng_in(4, 12);
  s.adc_share = rng_one_in(2) ? 1 : (int32_t)rng_in(1, 64);
  s.adc_kind = rng_one_in(4);
  if (s.adc_kind != 0 && !rng_one_in(8)) s.adc_bits = 4 + s.adc_bits % 4; /* a ramp of 12 bits is 4094 cycles */
  s.bl_max = rng_one_in(3) ? (int32_t)rng_in(1, 255) : (int32_t)rng_in(1, 40);
  s.state_bits = rng_one_in(3) ? (int32_t)rng_in(8, 24) : 16;
  s.mtj = !rng_one_in(8);
  s.acc_bits = s.mtj && !rng_one_in(3) ? (int32_t)rng_in(12, rng_one_in(2) ? 32 : 16) : 0;
  s.acc_gang = s.acc_bits ? (int32_t)rng_in(0, 6) : 0;
  fit_gang(&s);
  return s;
}
static inline struct xt_dev_cfg random_dev(int32_t sw) {
  const int32_t fs = 1 << (sw - 1);
  const int wild = rng_one_in(4);
  struct xt_dev_cfg d;
  const int32_t fs1 = fs - 1;
#define X(NAME, name, field, smallest, largest, text) d.name = (int32_t)rng_in(smallest, largest); /* laws' own too */
  XT_DEV_TABLE(X)
#undef X
  d.dw = rng_one_in(12) ? 0 : wild ? (int32_t)rng_in(1, 8191) : (int32_t)rng_in(1024, 2047);
  d.shift = wild ? (int32_t)rng_in(-12, 20) : (int32_t)rng_in(0, 9);
  d.c_dtod = rng_one_in(3) ? 0 : (int32_t)rng_in(0, wild ? 4434 : 200);
  d.up_down = rng_one_in(3) ? 0 : (int32_t)rng_in(-3686, 3686);
  d.c_ud = rng_one_in(3) ? 0 : (int32_t)rng_in(0, wild ? 4434 : 100);
  d.w_max = (int32_t)rng_in(1, fs - 1);
  d.w_min = (int32_t)rng_in(1, fs - 1);
  d.c_wmax = rng_one_in(3) ? 0 : (int32_t)rng_in(0, wild ? 4434 : 200);
  d.c_wmin = rng_one_in(3) ? 0 : (int32_t)rng_in(0, wild ? 4434 : 200);
  d.gamma_up = rng_one_in(3) ? 0 : rng_one_in(2) ? 4096 : (int32_t)rng_in(0, 16384);
  d.gamma_down = rng_one_in(3) ? 0 : rng_one_in(2) ? 4096 : (int32_t)rng_in(0, 16384);
  d.c_c2c = rng_one_in(3) ? 0 : wild ? (int32_t)rng_in(0, 4434) : 133;
  d.stuck = rng_one_in(4) ? (int32_t)rng_in(0, 20000) : 0;
  d.round = rng_one_in(4);
  if (d.law == XT_LAW_MTJ) { /* flips now and then, of half-selected devices too */
    const int32_t most = sw <= 18 ? 0 : 18 - sw;
    d.c_c2c = 0;
    d.shift = (int32_t)rng_in(-12, most);
    if (!wild) {
      d.mtj_up = (int32_t)rng_in(-1500, 1000);
      d.mtj_down = (int32_t)rng_in(-1500, 1000);
      d.mtj_half = (int32_t)rng_in(0, 4000);
      d.c_vc = rng_one_in(2) ? 0 : (int32_t)rng_in(0, 800);
      d.mtj_read = rng_one_in(2) ? XT_MTJ_READ_NONE : (int32_t)rng_in(-3500, -300);
    }
  }
  return d;
}
/* An ideal front end now and then; else each error alone or with others, small or as large as can be. */
static inline uint32_t random_error(uint32_t usual, uint32_t most) {
  return rng_one_in(2) ? 0 : (uint32_t)rng_in(1, rng_one_in(5) ? most : usual);
}
static inline void random_front(struct xt_array_cfg *c, int32_t sw) {
  c->int_max = rng_one_in(4) ? 0 : rng_one_in(6) ? UINT32_MAX : (uint32_t)rng_in(1, INT64_C(1) << (sw + rng_in(0, 7)));
  c->ref_spread = random_error(400, 65535);
  c->mirror = random_error(40, 65535);
  c->adc_offs = random_error(4000, 65535);
  c->adc_gain = random_error(200, 65535);
  c->adc_weight = random_error(6000, 65535);
  c->cmp_noise = random_error(500, 65535);
  c->load = random_error(16 * 40, 0x1000000);
  c->load_all = rng_one_in(2) ? 1 : 0;
  if (rng_one_in(4))
    c->load = c->int_max = c->ref_spread = c->mirror = c->adc_offs = c->adc_gain = c->adc_weight = c->cmp_noise = 0;
}
static inline struct xt_array_cfg random_array(int32_t sw) {
  struct xt_array_cfg c = {.load = 0};
  for (int s = 0; s < XT_NUM_PLANES; s++) c.dev[s] = random_dev(sw);
  c.seed = (uint32_t)rng64();
  c.read_noise = rng_one_in(2) ? 0 : rng_one_in(4) ? (uint32_t)rng_in(0, 1 << 24) : (uint32_t)rng_in(0, 4096);
  random_front(&c, sw);
  return c;
}
/* A legal value of a register, near the small ones where the range is large. */
static inline uint32_t random_csr(const struct xt_shape *s, uint8_t addr) {
  const int32_t adcm = adc_max(s);
  const int64_t bl = s->bl_max;
  switch (addr) {
    case XT_CSR_ADC_OFFSET:
      return (uint32_t)(int32_t)(rng_one_in(2) ? 0 : rng_in(-adcm, adcm));
    case XT_CSR_SEED:
      return (uint32_t)rng64();
    case XT_CSR_READ_ENC:
    case XT_CSR_UPD_SEL:
    case XT_CSR_UPD_ENC:
    case XT_CSR_UPD_ANSWER:
    case XT_CSR_MTJ_SHARED:
      return (uint32_t)rng_in(0, 1);
    case XT_CSR_RANGE_FWD:
    case XT_CSR_RANGE_BWD:
    case XT_CSR_RANGE_XFER:
    case XT_CSR_RANGE_READ:
      return (uint32_t)(rng_one_in(5) ? rng_in(0, 40) : rng_in(2, 16));
    case XT_CSR_CELL_MODE:
    case XT_CSR_UPD_MODE:
    case XT_CSR_XFER_ENC:
      return (uint32_t)rng_in(0, 2);
    case XT_CSR_UPD_BL:
    case XT_CSR_XFER_BL:
    case XT_CSR_PROG_BL:
      return (uint32_t)(rng_one_in(3) ? bl : rng_in(1, bl));
    case XT_CSR_UPD_EXP:
    case XT_CSR_SCALE_X_EXP:
    case XT_CSR_SCALE_D_EXP:
    case XT_CSR_XFER_EXP:
    case XT_CSR_PROG_EXP:
      return (uint32_t)(rng_one_in(5) ? rng_in(0, 63) : rng_in(8, 28));
    case XT_CSR_MTJ_RATE:
      return (uint32_t)(rng_one_in(6) ? rng_in(0, 63) : rng_in(0, 16));
    case XT_CSR_ACC_SEL:
      return rng_one_in(4) ? (uint32_t)rng64() : (uint32_t)rng_in(0, s->n) << 16 | (uint32_t)rng_in(0, s->m);
    case XT_CSR_ACC_EXP:
      return (uint32_t)(rng_one_in(6) ? rng_in(0, 63) : rng_in(0, 14));
    case XT_CSR_ACC_RATE:
      return (uint32_t)(rng_one_in(6) ? rng_in(0, 63) : rng_in(0, 40));
    case XT_CSR_ACC_DECAY:
      return (uint32_t)rng_in(0, 15);
    case XT_CSR_XFER_EVERY:
      return (uint32_t)rng_in(0, 3);
    case XT_CSR_PULSE_WIDTH:
      return (uint32_t)rng_in(1, 3);
    case XT_CSR_PULSE_GAP:
    case XT_CSR_PULSE_SETTLE:
      return (uint32_t)rng_in(0, 2);
    case XT_CSR_PROG_ITERS:
      return (uint32_t)rng_in(0, 5);
    case XT_CSR_PROG_TOL:
      return (uint32_t)rng_in(0, 3);
    case XT_CSR_TIMEOUT: /* tests that want operations cut say so */
      return 0;
    default: { /* 16-bit mantissas, and what is smaller */
      const struct xt_dim dim = {.n = s->n, .m = s->m, .pb = s->prob_bits, .adcmax = adcm, .bl_max = (int32_t)bl};
      uint32_t v = (uint32_t)(rng_one_in(6) ? 0 : rng_in(0, 65535));
      while (!xt_csr_legal(&dim, addr, v)) v /= 2;
      return v;
    }
  }
}
/* The settings lie at the addresses below those of the counters. */
static inline int next_register(int addr) {
  do addr++;
  while (addr < XT_CSR_COUNTERS && !xt_csr_kept((uint8_t)addr));
  return addr;
}
static inline void random_codes(int8_t *c, int32_t n, int32_t most) {
  const int style = (int)rng_in(0, 4);
  for (int32_t i = 0; i < n; i++) {
    int64_t v = rng_in(-most, most);
    if (style == 0) v = v < 0 ? -v : v;
    if (style == 1 && !rng_one_in(5)) v = 0;
    if (style == 2) v = v * rng_in(0, most) / most;
    if (style == 3 && rng_one_in(2)) v = most;
    c[i] = (int8_t)v;
  }
}
/* Puts a random packet into in[]; returns its words. errors: wrong ones too. */
static inline size_t random_packet(struct bench *b, int errors) {
  const struct xt_shape *h = &b->shape;
  int8_t *x = malloc((size_t)h->n), *d = malloc((size_t)h->m);
  int16_t *t16 = malloc((size_t)h->m * 2);
  const int32_t cm = code_max(h), am = adc_max(h);
  static const int ops[] = {1, 2, 2, 3, 3, 4, 4, 4, 4, 5, 5, 6, 7, 8, 9, 10, 10, 10, 10, 11, 11, 11, 11, 12, 12};
  const int op = ops[rng_in(0, (int64_t)(sizeof ops / sizeof *ops) - 1)];
  int sel = 0;
  uint32_t arg = 0;
  uint32_t *w = b->in + 1;
  random_codes(x, h->n, cm);
  random_codes(d, h->m, cm);
  for (int32_t j = 0; j < h->m; j++) t16[j] = (int16_t)rng_in(-am, am);
  if (errors && rng_one_in(8)) x[rng_in(0, h->n - 1)] = -128;
  if (errors && rng_one_in(8)) d[rng_in(0, h->m - 1)] = -128;
  if (errors && rng_one_in(8)) t16[rng_in(0, h->m - 1)] = (int16_t)(am + 1);
  if (op == XT_OP_FORWARD) w = put8(w, x, h->n);
  if (op == XT_OP_BACKWARD) w = put8(w, d, h->m);
  if (op == XT_OP_ACC_UPDATE) {
    sel = rng_one_in(8);
    arg = (uint32_t)rng_in(-4, 4);
  }
  if (outer_op((uint32_t)op)) {
    sel = rng_one_in(3); /* 1: with the x that is kept, if it is */
    if (!sel) w = put8(w, x, h->n);
    w = put8(w, d, h->m);
    arg = (uint32_t)rng_in(-4, 4);
  }
  if (op == XT_OP_READ) {
    sel = (int)rng_in(0, 3);
    arg = (uint32_t)rng_in(0, h->n - 1);
  }
  if (op == XT_OP_PROGRAM) {
    sel = (int)rng_in(0, 2);
    arg = (uint32_t)rng_in(0, h->n - 1);
    w = put16(w, t16, h->m);
  }
  if (op == XT_OP_ZERO_SHIFT) {
    sel = (int)rng_in(0, 2);
    arg = (uint32_t)rng_in(1, 40);
  }
  b->in[0] = head(op, sel, arg);
  if (errors && rng_one_in(6)) {
    switch (rng_in(0, 4)) {
      case 0:
        b->in[0] = (b->in[0] & ~255U) | (uint32_t)rng_in(0, 255);
        break;
      case 1:
        b->in[0] ^= 1U << rng_in(8, 15);
        break;
      case 2:
        b->in[0] = (b->in[0] & 0xFFFF) | (uint32_t)rng_in(0, op == XT_OP_ZERO_SHIFT ? 300 : 65535) << 16;
        break;
      case 3:
        *w++ = 0;
        break;
      default:
        if (w > b->in + 1) w--;
    }
  }
  free(x);
  free(d);
  free(t16);
  return (size_t)(w - b->in);
}

/* Binary devices without a spread, by the octaves of their laws (Q8): of flips up, down, half-selected. */
static inline struct xt_dev_cfg binary_device(int32_t up, int32_t down, int32_t half) {
  return (struct xt_dev_cfg){.dw = 1,
                             .law = XT_LAW_MTJ,
                             .w_max = 20000,
                             .w_min = 20000,
                             .mtj_up = up,
                             .mtj_down = down,
                             .mtj_half = half,
                             .mtj_read = XT_MTJ_READ_NONE};
}

/* Binary devices of a row of vectors.h. */
static inline struct xt_dev_cfg vector_device(const int32_t cfg[10]) {
  return (struct xt_dev_cfg){.law = XT_LAW_MTJ,
                             .dw = cfg[0],
                             .w_max = cfg[1],
                             .w_min = cfg[2],
                             .c_wmax = cfg[3],
                             .c_wmin = cfg[4],
                             .stuck = cfg[5],
                             .mtj_up = cfg[6],
                             .mtj_down = cfg[7],
                             .mtj_half = cfg[8],
                             .c_vc = cfg[9],
                             .mtj_read = XT_MTJ_READ_NONE};
}

#endif
