/* SPDX-License-Identifier: Apache-2.0 */
#include "xt_lockstep.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "xt_ref.h"
#include "xt_rtl.h"
#include "xt_snapshot.h"
#include "xt_wave.h"

enum { HISTORY = 8, MESSAGE = 512, CHECK = 40 };

/* Packets that the device under test has been given and the reference has not: it runs each when it is collected. */
struct packet {
  uint32_t *words;
  size_t n;
};

/* Packed records, first in first out. */
struct fifo {
  unsigned char *bytes;
  size_t cap, head, tail;
};

struct lockstep {
  const struct xt_engine *engine;
  struct xt_tile *ref, *dut;
  const struct xt_engine *ref_engine, *dut_engine;
  struct xt_shape shape;
  struct xt_dim dim;
  int index, under_way, cut, quiet;
  int failed; /* a mismatch; broken: the device under test gave up */
  int broken;
  struct packet packets[XT_QUEUE];
  unsigned first_packet;
  char check[CHECK], message[MESSAGE];

  struct fifo fifo;
  unsigned char *history[HISTORY]; /* the last records that matched, packed */
  struct xt_matched matched;
  uint64_t last_ops;          /* register OPS of the last END that matched */
  uint64_t operation, record; /* under comparison, or the last one; record: number since create() */
  xt_trace_sink sink;
  void *user;

  struct xt_snapshot snap[2]; /* buffers for engines that have no 16-bit states */
};

static struct lockstep *self(struct xt_tile *t) {
  return (struct lockstep *)(void *)t;
}
static const struct lockstep *self_const(const struct xt_tile *t) {
  return (const struct lockstep *)(const void *)t;
}

/* ---- records: packed behind each other, vectors after their struct; what is of END only, its last fields, in END only
 * ---- */

static size_t struct_bytes(uint8_t kind) {
  return kind == XT_KIND_END ? sizeof(struct xt_record) : offsetof(struct xt_record, digest);
}

static size_t bit_bytes(int32_t bits) {
  return (size_t)((bits + 31) / 32) * sizeof(uint32_t);
}

static size_t amp_bytes(int32_t lines) {
  return bit_bytes((int32_t)XT_AMP_BITS * lines);
}

/* Copies a vector, if there is one, to p; returns the end, rounded up to 8 bytes. */
static unsigned char *put_vector(unsigned char *p, const void *v, size_t bytes) {
  if (!v) return p;
  memcpy(p, v, bytes);
  return p + (bytes + 7) / 8 * 8;
}

static size_t packed_max(const struct xt_dim *d) {
  const size_t lines = (size_t)d->lines;
  return sizeof(struct xt_record) + 2 * (bit_bytes(d->n) + bit_bytes(d->m)) + amp_bytes(d->n) + amp_bytes(d->m) +
         2 * bit_bytes(d->units) + 4 * lines * sizeof(int16_t) + 88;
}

static size_t pack(const struct xt_dim *d, const struct xt_record *rec, unsigned char *to) {
  const size_t head = struct_bytes(rec->kind);
  unsigned char *p = to + (head + 7) / 8 * 8;
  memcpy(to, rec, head);
  p = put_vector(p, rec->row_act, bit_bytes(d->n));
  p = put_vector(p, rec->row_pol, bit_bytes(d->n));
  p = put_vector(p, rec->col_act, bit_bytes(d->m));
  p = put_vector(p, rec->col_pol, bit_bytes(d->m));
  p = put_vector(p, rec->row_amp, amp_bytes(d->n));
  p = put_vector(p, rec->col_amp, amp_bytes(d->m));
  p = put_vector(p, rec->trial, (size_t)d->units * sizeof(int16_t));
  p = put_vector(p, rec->cmp, bit_bytes(d->units));
  p = put_vector(p, rec->over, bit_bytes(d->units));
  p = put_vector(p, rec->codes, rec->ncodes * sizeof(int16_t));
  return (size_t)(p - to);
}

/* The record that pack() wrote at `from`; its pointers reach into the packed bytes. Returns the packed size. */
static size_t unpack(const struct xt_dim *d, const unsigned char *from, struct xt_record *rec) {
  const size_t head = struct_bytes(from[offsetof(struct xt_record, kind)]);
  const unsigned char *p = from + (head + 7) / 8 * 8;
  memset(rec, 0, sizeof *rec);
  memcpy(rec, from, head);
#define TAKE(field, type, bytes)                \
  if (rec->field) {                             \
    rec->field = (const type *)(const void *)p; \
    p += ((bytes) + 7) / 8 * 8;                 \
  }
  TAKE(row_act, uint32_t, bit_bytes(d->n));
  TAKE(row_pol, uint32_t, bit_bytes(d->n));
  TAKE(col_act, uint32_t, bit_bytes(d->m));
  TAKE(col_pol, uint32_t, bit_bytes(d->m));
  TAKE(row_amp, uint32_t, amp_bytes(d->n));
  TAKE(col_amp, uint32_t, amp_bytes(d->m));
  TAKE(trial, int16_t, (size_t)d->units * sizeof(int16_t));
  TAKE(cmp, uint32_t, bit_bytes(d->units));
  TAKE(over, uint32_t, bit_bytes(d->units));
  TAKE(codes, int16_t, rec->ncodes * sizeof(int16_t));
#undef TAKE
  return (size_t)(p - from);
}

/* ---- the first mismatch ---- */

/* The block of the tile that makes a field of a record: where to look first. */
static const char *block_of(const char *field, uint8_t kind) {
  if (strstr(field, "_gain") || strstr(field, "_shift")) return "xt_upd_mgr";
  if (strstr(field, "_amp")) return "xt_amp";
  if (!strncmp(field, "row_", 4) || !strncmp(field, "col_", 4))
    return kind == XT_KIND_SWITCH  ? "xt_encoder/xt_amp/xt_coinc"
           : kind == XT_KIND_PULSE ? "xt_encoder/xt_coinc"
                                   : "xt_encoder";
  if (!strcmp(field, "trial") || !strcmp(field, "cmp") || !strcmp(field, "codes")) return "xt_adc";
  if (!strcmp(field, "over")) return "xt_afe";
  if (!strncmp(field, "digest", 6)) return "xt_array";
  if (!strcmp(field, "info")) return "xt_upd_mgr/xt_adc";
  if (!strcmp(field, "status") || !strcmp(field, "ncodes")) return "xt_cmd/xt_result";
  if (!strcmp(field, "order")) return "xt_trace";
  if (!strncmp(field, "counter ", 8)) return "xt_count";
  return "xt_seq";
}

static int fail(struct lockstep *t, const char *check, const char *format, ...) __attribute__((format(printf, 3, 4)));
static int fail(struct lockstep *t, const char *check, const char *format, ...) {
  va_list args;
  if (t->failed) return XT_E_MISMATCH;
  t->failed = 1;
  snprintf(t->check, sizeof t->check, "%s", check);
  va_start(args, format);
  const int len = snprintf(t->message, sizeof t->message, "tile %d: mismatch: ", t->index);
  vsnprintf(t->message + len, sizeof t->message - (size_t)len, format, args);
  va_end(args);

  if (t->quiet) return XT_E_MISMATCH;
  fprintf(stderr, "%s\n", t->message);
  if (t->matched.records > 0) {
    fprintf(stderr, "the last records that matched:\n");
    xt_trace_header(stderr);
    const uint64_t n = t->matched.records < HISTORY ? t->matched.records : HISTORY;
    for (uint64_t i = t->matched.records - n; i < t->matched.records; i++) {
      struct xt_record rec;
      unpack(&t->dim, t->history[i % HISTORY], &rec);
      xt_trace_write(stderr, t->index, &t->shape, &rec);
    }
  }
  fprintf(stderr, "matched %" PRIu64 " records, %" PRIu64 " operations, %" PRIu64 " cycles before it\n",
          t->matched.records, t->matched.operations, t->matched.cycles);
  return XT_E_MISMATCH;
}

/* An error of one side becomes ours; what either side returned is enough to stop. */
static int either(struct lockstep *t, int ref, int dut) {
  if (t->failed) return XT_E_MISMATCH;
  if (ref == XT_E_OK && dut == XT_E_OK) return XT_E_OK;
  if (dut != XT_E_OK) {
    if (!t->broken) t->operation = t->last_ops;
    t->broken = 1;
    snprintf(t->message, sizeof t->message, "%s", t->dut_engine->error(t->dut));
  } else
    snprintf(t->message, sizeof t->message, "%s", t->ref_engine->error(t->ref));
  return dut != XT_E_OK ? dut : ref;
}

/* ---- the two sinks ---- */

static void keep(void *user, const struct xt_record *rec) {
  struct lockstep *t = user;
  struct fifo *f = &t->fifo;
  const size_t need = packed_max(&t->dim);
  if (f->head == f->tail) f->head = f->tail = 0;
  if (f->tail + need > f->cap) {
    const size_t cap = 2 * (f->tail + need);
    unsigned char *bytes = realloc(f->bytes, cap);
    if (!bytes) {
      fprintf(stderr, "crosstrain: out of memory for %zu bytes of trace\n", cap);
      abort();
    }
    f->bytes = bytes;
    f->cap = cap;
  }
  f->tail += pack(&t->dim, rec, f->bytes + f->tail);
}

static void compare(void *user, const struct xt_record *ref) {
  struct lockstep *t = user;
  struct xt_record dut;
  char left[XT_FIELD_TEXT], right[XT_FIELD_TEXT], check[CHECK];
  if (t->failed) return;
  t->operation = t->last_ops;
  t->record = t->matched.records;
  if (t->fifo.head == t->fifo.tail) {
    fail(t, "trace:missing", "order %" PRIu64 ", cycle %" PRIu32 ": %s has no record here, the reference has one",
         ref->order, ref->cycle, t->dut_engine->name);
    return;
  }
  const unsigned char *packed = t->fifo.bytes + t->fifo.head;
  const size_t size = unpack(&t->dim, packed, &dut);
  const char *field = xt_record_diff(&t->shape, ref, &dut, left, right);
  if (field) {
    snprintf(check, sizeof check, "trace:%s", field);
    fail(t, check,
         "block %s, order %" PRIu64 ", operation %" PRIu64 ", cycle %" PRIu32 ", field %s: reference %s, %s %s",
         block_of(field, ref->kind), ref->order, t->operation, ref->cycle, field, left, t->dut_engine->name, right);
    return;
  }
  memcpy(t->history[t->matched.records % HISTORY], packed, size);
  t->fifo.head += size;
  t->matched.records++;
  if (ref->kind == XT_KIND_END) {
    t->matched.operations++;
    t->matched.cycles += ref->cycles;
    t->last_ops = ref->counters[XT_CNT_OPS];
  }
  if (t->sink) t->sink(t->user, &dut);
}

/* ---- device states ---- */

static int alloc_snapshot(struct xt_snapshot *s, const struct xt_shape *shape) {
  const size_t devices = (size_t)shape->n * (size_t)shape->m;
  int ok = 1;
  for (int p = 0; p < XT_NUM_PLANES; p++) ok = (s->w[p] = calloc(devices, sizeof *s->w[p])) != NULL && ok;
  s->row_gen = calloc((size_t)shape->n, sizeof *s->row_gen);
  s->col_gen = calloc((size_t)shape->m, sizeof *s->col_gen);
  s->cal = calloc((size_t)xt_shape_units(shape), sizeof *s->cal);
  s->acc = calloc((size_t)shape->n * (size_t)xt_shape_sums(shape) + 1, sizeof *s->acc); /* 1: there may be none */
  return ok && s->row_gen && s->col_gen && s->cal && s->acc;
}

static void free_snapshot(struct xt_snapshot *s) {
  for (int p = 0; p < XT_NUM_PLANES; p++) free(s->w[p]);
  free(s->row_gen);
  free(s->col_gen);
  free(s->cal);
  free(s->acc);
}

static int state_mismatch(struct lockstep *t, const char *plane, const char *what) {
  char check[CHECK];
  snprintf(check, sizeof check, "state:%s", plane);
  return fail(t, check, "plane %s after operation %" PRIu64 ", reference and %s: %s", plane, t->operation,
              t->dut_engine->name, what);
}

/* Every device of every plane; whole snapshots where an engine does not hold its states as int16. */
static int compare_states(struct lockstep *t) {
  static const char *const planes[] = {
#define X(NAME, value, text) [value] = #NAME,
      XT_PLANE_TABLE(X)
#undef X
  };
  const size_t devices = (size_t)t->dim.n * (size_t)t->dim.m;
  char what[XT_SNAPSHOT_TEXT];
  const int wide = t->shape.state_bits != 16 || !(t->ref_engine->can & t->dut_engine->can & XT_CAN_STATES16);
  for (int p = 0; !wide && p < XT_NUM_PLANES; p++) {
    const int16_t *x = t->ref_engine->states16(t->ref, p), *y = t->dut_engine->states16(t->dut, p);
    if (memcmp(x, y, devices * sizeof *x) == 0) continue;
    size_t k = 0;
    while (x[k] == y[k]) k++;
    snprintf(what, sizeof what, "device (%zu, %zu): %d and %d", k / (size_t)t->dim.m, k % (size_t)t->dim.m, x[k], y[k]);
    return state_mismatch(t, planes[p], what);
  }
  if (!wide) return XT_E_OK;
  const int err =
      either(t, t->ref_engine->get_snapshot(t->ref, &t->snap[0]), t->dut_engine->get_snapshot(t->dut, &t->snap[1]));
  if (err) return err;
  const char *part = xt_snapshot_diff(&t->dim, &t->snap[0], &t->snap[1], what);
  for (int p = 0; part && p < XT_NUM_PLANES; p++)
    if (!strcmp(part, planes[p])) return state_mismatch(t, part, what);
  return XT_E_OK;
}

/* ---- the engine ---- */

static void destroy(struct xt_tile *tile) {
  struct lockstep *t = self(tile);
  if (!t) return;
  if (t->ref) t->ref_engine->destroy(t->ref);
  if (t->dut) t->dut_engine->destroy(t->dut);
  for (int i = 0; i < HISTORY; i++) free(t->history[i]);
  free_snapshot(&t->snap[0]);
  free_snapshot(&t->snap[1]);
  for (int i = 0; i < XT_QUEUE; i++) free(t->packets[i].words);
  free(t->fifo.bytes);
  free(t);
}

int xt_lockstep_create(struct xt_tile **out, const struct xt_engine *ref, const struct xt_engine *dut,
                       const struct xt_shape *shape, const struct xt_engine_opts *opts, char *err, size_t errlen) {
  *out = NULL;
  struct lockstep *t = calloc(1, sizeof *t);
  if (!t) {
    snprintf(err, errlen, "out of memory");
    return XT_E_SETUP;
  }
  t->engine = &xt_engine_lockstep;
  t->ref_engine = ref;
  t->dut_engine = dut;
  t->index = opts->tile_index;
  t->quiet = opts->quiet;
  struct xt_engine_opts o = *opts;
  o.records = 1;
  o.pulses = o.device_counts = 0;                                /* of two equal sides one counts */
  struct xt_engine_opts plain = {.tile_index = opts->tile_index, /* the rest is about the RTL */
                                 .records = 1,
                                 .stream_bits = opts->stream_bits,
                                 .pulses = opts->pulses,
                                 .device_counts = opts->device_counts};
  int result = ref->create(&t->ref, shape, &plain, err, errlen);
  if (result == XT_E_OK) result = dut->create(&t->dut, shape, &o, err, errlen);
  if (result != XT_E_OK) {
    destroy((struct xt_tile *)(void *)t);
    return result;
  }
  t->shape = *shape;
  xt_dim_init(&t->dim, shape, err, errlen); /* legal: both engines took it */
  int ok = alloc_snapshot(&t->snap[0], shape) && alloc_snapshot(&t->snap[1], shape);
  for (int i = 0; i < HISTORY; i++) ok = (t->history[i] = malloc(packed_max(&t->dim))) != NULL && ok;
  if (!ok) {
    snprintf(err, errlen, "out of memory");
    destroy((struct xt_tile *)(void *)t);
    return XT_E_SETUP;
  }
  ref->set_trace(t->ref, compare, t);
  dut->set_trace(t->dut, keep, t);
  *out = (struct xt_tile *)(void *)t;
  return XT_E_OK;
}

static int create(struct xt_tile **t, const struct xt_shape *shape, const struct xt_engine_opts *opts, char *err,
                  size_t errlen) {
  return xt_lockstep_create(t, &xt_engine_ref, &xt_engine_rtl, shape, opts, err, errlen);
}

static const char *error(const struct xt_tile *tile) {
  return self_const(tile)->message;
}

const char *xt_lockstep_failed(const struct xt_tile *tile) {
  const struct lockstep *t = self_const(tile);
  return t->failed ? t->check : NULL;
}

static int configure(struct xt_tile *tile, const struct xt_array_cfg *cfg) {
  struct lockstep *t = self(tile);
  const int err = either(t, t->ref_engine->configure(t->ref, cfg), t->dut_engine->configure(t->dut, cfg));
  return err ? err : compare_states(t);
}

/* What a register says, or a reset does, while an operation runs depends on the moment. */
static int idle(struct lockstep *t) {
  if (t->under_way == 0) return XT_E_OK;
  snprintf(t->message, sizeof t->message,
           "tile %d: registers and resets cannot be compared while %d packets are under way", t->index, t->under_way);
  return XT_E_ARG;
}

static int hw_reset(struct xt_tile *tile) {
  struct lockstep *t = self(tile);
  const int err = idle(t);
  if (err) return err;
  t->last_ops = 0;
  return either(t, t->ref_engine->hw_reset(t->ref), t->dut_engine->hw_reset(t->dut));
}

static int hw_reset_at(struct xt_tile *tile, uint32_t cycle) {
  struct lockstep *t = self(tile);
  const int err = idle(t);
  if (err) return err;
  t->cut = 1;
  return either(t, t->ref_engine->hw_reset_at(t->ref, cycle), t->dut_engine->hw_reset_at(t->dut, cycle));
}

static int abort_at(struct xt_tile *tile, uint32_t cycle) {
  struct lockstep *t = self(tile);
  const int err = idle(t);
  return err ? err : either(t, t->ref_engine->abort_at(t->ref, cycle), t->dut_engine->abort_at(t->dut, cycle));
}

static int csr_write(struct xt_tile *tile, uint8_t addr, uint32_t value, int *status) {
  struct lockstep *t = self(tile);
  int dut = 0;
  int err = idle(t);
  if (err) return err;
  err = either(t, t->ref_engine->csr_write(t->ref, addr, value, status),
               t->dut_engine->csr_write(t->dut, addr, value, &dut));
  if (err) return err;
  if (*status != dut)
    return fail(t, "csr", "write of 0x%" PRIx32 " to register 0x%02x: status: reference %d, %s %d", value, addr,
                *status, t->dut_engine->name, dut);
  return XT_E_OK;
}

static int csr_read(struct xt_tile *tile, uint8_t addr, uint32_t *value, int *status) {
  struct lockstep *t = self(tile);
  uint32_t v = 0;
  int dut = 0;
  int err = idle(t);
  if (err) return err;
  err =
      either(t, t->ref_engine->csr_read(t->ref, addr, value, status), t->dut_engine->csr_read(t->dut, addr, &v, &dut));
  if (err) return err;
  if (*status != dut || *value != v)
    return fail(t, "csr", "read of register 0x%02x: reference 0x%" PRIx32 " (status %d), %s 0x%" PRIx32 " (status %d)",
                addr, *value, *status, t->dut_engine->name, v, dut);
  return XT_E_OK;
}

/* Between operations: no record may be left over, and every device must agree. */
static int compare_rest(struct lockstep *t) {
  if (t->fifo.head != t->fifo.tail) {
    struct xt_record extra;
    unpack(&t->dim, t->fifo.bytes + t->fifo.head, &extra);
    t->record = t->matched.records;
    return fail(t, "trace:extra", "order %" PRIu64 ", cycle %" PRIu32 ": %s has a record here, the reference has none",
                extra.order, extra.cycle, t->dut_engine->name);
  }
  return compare_states(t);
}

static int submit(struct xt_tile *tile, const uint32_t *words, size_t n) {
  struct lockstep *t = self(tile);
  if (t->cut) {
    t->cut = 0;
    t->last_ops = 0;
    int err = either(t, XT_E_OK, t->dut_engine->submit(t->dut, words, n));
    if (err == XT_E_OK) err = either(t, t->ref_engine->submit(t->ref, words, n), XT_E_OK);
    return err == XT_E_OK ? compare_rest(t) : err;
  }
  if (t->under_way == XT_QUEUE) {
    snprintf(t->message, sizeof t->message, "tile %d: more than %d packets under way", t->index, XT_QUEUE);
    return XT_E_ARG;
  }
  struct packet *p = &t->packets[(t->first_packet + (unsigned)t->under_way) % XT_QUEUE];
  uint32_t *copy = realloc(p->words, n * sizeof *copy);
  if (!copy) {
    snprintf(t->message, sizeof t->message, "out of memory");
    return XT_E_SETUP;
  }
  memcpy(copy, words, n * sizeof *copy);
  *p = (struct packet){.words = copy, .n = n};
  const int err = either(t, XT_E_OK, t->dut_engine->submit(t->dut, words, n));
  if (err == XT_E_OK) t->under_way++;
  return err;
}

static int collect(struct xt_tile *tile, uint32_t *words, size_t cap, size_t *n) {
  struct lockstep *t = self(tile);
  int err = either(t, XT_E_OK, t->dut_engine->collect(t->dut, words, cap, n));
  if (err) return err;
  uint32_t *copy = malloc((*n + 1) * sizeof *copy);
  const size_t dut_n = *n;
  if (!copy) {
    snprintf(t->message, sizeof t->message, "out of memory");
    return XT_E_SETUP;
  }
  memcpy(copy, words, dut_n * sizeof *copy);
  const struct packet *p = &t->packets[t->first_packet];
  err = either(t, t->ref_engine->submit(t->ref, p->words, p->n), XT_E_OK);
  if (err == XT_E_OK) err = either(t, t->ref_engine->collect(t->ref, words, cap, n), XT_E_OK);
  t->first_packet = (t->first_packet + 1) % XT_QUEUE;
  t->under_way--;
  if (err == XT_E_OK) {
    const size_t common = *n < dut_n ? *n : dut_n;
    for (size_t i = 0; i < common && err == XT_E_OK; i++)
      if (words[i] != copy[i])
        err = fail(t, "answer",
                   "word %zu of the answer to operation %" PRIu64 ": reference 0x%08" PRIx32 ", %s 0x%08" PRIx32, i,
                   t->operation, words[i], t->dut_engine->name, copy[i]);
    if (err == XT_E_OK && *n != dut_n)
      err = fail(t, "answer", "length of the answer to operation %" PRIu64 ": reference %zu words, %s %zu",
                 t->operation, *n, t->dut_engine->name, dut_n);
    const uint64_t ref = t->ref_engine->op_cycles(t->ref), dut = t->dut_engine->op_cycles(t->dut);
    if (err == XT_E_OK && ref != dut)
      err = fail(t, "length", "length of operation %" PRIu64 ": reference %" PRIu64 " cycles, %s %" PRIu64,
                 t->operation, ref, t->dut_engine->name, dut);
  }
  free(copy);
  if (err == XT_E_OK && t->under_way == 0) err = compare_rest(t);
  return err;
}

static uint64_t op_cycles(const struct xt_tile *tile) {
  const struct lockstep *t = self_const(tile);
  return t->ref_engine->op_cycles(t->ref);
}

static void set_trace(struct xt_tile *tile, xt_trace_sink sink, void *user) {
  struct lockstep *t = self(tile);
  t->sink = sink;
  t->user = user;
}

static int get_snapshot(struct xt_tile *tile, struct xt_snapshot *s) {
  struct lockstep *t = self(tile);
  char what[XT_SNAPSHOT_TEXT];
  const int err = either(t, t->ref_engine->get_snapshot(t->ref, s), t->dut_engine->get_snapshot(t->dut, &t->snap[1]));
  if (err) return err;
  const char *part = xt_snapshot_diff(&t->dim, s, &t->snap[1], what);
  if (!part) return XT_E_OK;
  return fail(t, "snapshot", "snapshots of the reference and %s: %s: %s", t->dut_engine->name, part, what);
}

static int set_snapshot(struct xt_tile *tile, const struct xt_snapshot *s) {
  struct lockstep *t = self(tile);
  t->last_ops = s->counters[XT_CNT_OPS];
  return either(t, t->ref_engine->set_snapshot(t->ref, s), t->dut_engine->set_snapshot(t->dut, s));
}

static const int16_t *states16(struct xt_tile *tile, int sel) {
  const struct lockstep *t = self_const(tile);
  return t->ref_engine->states16(t->ref, sel);
}

static uint32_t *pulses(struct xt_tile *tile, int plane) {
  struct lockstep *t = self(tile);
  return t->ref_engine->pulses ? t->ref_engine->pulses(t->ref, plane) : NULL;
}

static struct xt_device_counts *device_counts(struct xt_tile *tile, int plane) {
  struct lockstep *t = self(tile);
  return t->ref_engine->can & XT_CAN_DEVICE_COUNTS ? t->ref_engine->device_counts(t->ref, plane) : NULL;
}

static void matched(const struct xt_tile *tile, struct xt_matched *sum) {
  *sum = self_const(tile)->matched;
}

static uint64_t wave_time(const struct xt_tile *tile, uint64_t record) {
  const struct lockstep *t = self_const(tile);
  return t->dut_engine->can & XT_CAN_WAVES ? t->dut_engine->wave_time(t->dut, record) : XT_NO_TIME;
}

static int mismatch(const struct xt_tile *tile, struct xt_mismatch *at) {
  const struct lockstep *t = self_const(tile);
  if (!t->failed && !t->broken) return 0;
  *at = (struct xt_mismatch){t->operation, wave_time(tile, t->record)};
  return 1;
}

const struct xt_engine xt_engine_lockstep = {
    .name = "lockstep",
    .text = "the RTL and the golden reference together, compared on every record and all device state",
    .can = XT_CAN_RECORDS | XT_CAN_WAVES | XT_CAN_PLANT | XT_CAN_STALLS | XT_CAN_COMPARE | XT_CAN_STATES16 |
           XT_CAN_PULSES | XT_CAN_ABORT | XT_CAN_DEVICE_COUNTS | XT_CAN_INVARIANTS,
    .create = create,
    .destroy = destroy,
    .error = error,
    .configure = configure,
    .hw_reset = hw_reset,
    .hw_reset_at = hw_reset_at,
    .abort_at = abort_at,
    .csr_write = csr_write,
    .csr_read = csr_read,
    .submit = submit,
    .collect = collect,
    .op_cycles = op_cycles,
    .set_trace = set_trace,
    .get_snapshot = get_snapshot,
    .set_snapshot = set_snapshot,
    .states16 = states16,
    .matched = matched,
    .mismatch = mismatch,
    .wave_time = wave_time,
    .wave_check = xt_wave_check,
    .pulses = pulses,
    .device_counts = device_counts,
};
