/* SPDX-License-Identifier: Apache-2.0 */
/* xt_cmd against refc/xt_cmd.c: packets good and bad, every check, codes and targets as the tile gets them. */
#include <string.h>

#include "../../outer.h"
#include "room.h"
#include "xt_beats.h"
#include "xt_cmd.h"

enum { LINES = 320, WORDS = 2 * LINES, LAST_OP = XT_OP_ACC_UPDATE, MOST = 4 };

static struct xt_dim dim;
static int code_bits, lanes; /* words of a beat */
static struct xt_csr csr;
static int reset_given, kept;
static uint32_t words[WORDS];
static int32_t targets[LINES]; /* of the operation under way */

static struct pins {
  uint32_t data[MOST];
  int valid, last, start;
} in;

static void noise(void) {
  for (int w = 0; w < MOST; w++) in.data[w] = (uint32_t)rng64();
}

static void put(void) {
  for (int w = 0; w < lanes; w++) room_put(in.data[w], 32);
  room_put((uint64_t)in.valid, 1);
  room_put((uint64_t)in.last, 1);
  room_put((uint64_t)reset_given, 1);
  room_put(csr.reg[XT_CSR_UPD_MODE], 2);
  room_put(csr.reg[XT_CSR_UPD_EXP], 6);
  room_put(csr.reg[XT_CSR_SCALE_D_EXP], 6);
  room_put((uint64_t)in.start, 1);
  room_put((uint64_t)kept, 1);
  room_put(csr.reg[XT_CSR_MTJ_RATE], 6);
  room_put(csr.reg[XT_CSR_CELL_MODE], 2);
  room_put(csr.reg[XT_CSR_ACC_EXP], 6);
  room_put(csr.reg[XT_CSR_ACC_RATE], 6);
  room_settle();
}

static int stride(int count) {
  return 4 * lanes * xt_ceil_div(count, 4 * lanes);
}

static struct {
  int ready, full;
  uint32_t op, sel, arg, status, e;
  uint32_t x[LINES], d[LINES]; /* magnitude, and the sign above it */
  int32_t targets[LINES];
} got;

static void get(void) {
  uint32_t pad[LINES];
  got.ready = (int)room_get(1);
  got.full = (int)room_get(1);
  got.op = (uint32_t)room_get(8);
  got.sel = (uint32_t)room_get(2);
  got.arg = (uint32_t)room_get(16);
  got.status = (uint32_t)room_get(8);
  got.e = (uint32_t)room_get(6);
  room_get_sliced(pad, stride(dim.n), code_bits);
  memcpy(got.x, pad, sizeof got.x);
  room_get_sliced(pad, stride(dim.m), code_bits);
  memcpy(got.d, pad, sizeof got.d);
  for (int j = 0; j < dim.m; j++) got.targets[j] = xt_sext((uint32_t)room_get(dim.adc_bits), (unsigned)dim.adc_bits);
}

/* Sign and magnitude as the encoders take them. */
static uint32_t coded(int16_t c) {
  return c < 0 ? (uint32_t)-c | 1U << (code_bits - 1) : (uint32_t)c;
}

static void check_targets(const char *when) {
  for (int j = 0; j < dim.m; j++)
    must(got.targets[j] == targets[j], "%dx%d %s: target %d is %d, not %d", dim.n, dim.m, when, j, got.targets[j],
         targets[j]);
}

static void after_reset(void) {
  memset(&in, 0, sizeof in);
  memset(targets, 0, sizeof targets);
  room_reset();
  put();
  get();
  must(!got.ready && !got.full, "ready in the reset");
  check_targets("reset");
  room_clock(); /* ready one cycle after the reset */
}

/* Has an exponent; the register that this adds to. */
static int exponential(uint32_t op) {
  return outer_op(op) || op == XT_OP_ACC_UPDATE;
}
static int exponent_of(uint32_t op) {
  return op == XT_OP_MTJ_UPDATE                      ? XT_CSR_MTJ_RATE
         : op == XT_OP_ACCUMULATE                    ? XT_CSR_ACC_EXP
         : op == XT_OP_ACC_UPDATE                    ? XT_CSR_ACC_RATE
         : csr.reg[XT_CSR_UPD_MODE] == XT_UPD_MANUAL ? XT_CSR_SCALE_D_EXP
                                                     : XT_CSR_UPD_EXP;
}

/* The complete packet waits, then starts. */
static void complete(const struct xt_cmd *c) {
  in.last = 0;
  const int first = (int)rng_in(1, 3); /* START is in the second cycle at the earliest */
  for (int wait = first; wait >= 0; wait--) {
    in.valid = rng_one_in(2); /* the next packet knocks */
    noise();
    in.last = rng_one_in(2);
    in.start = wait == 0;
    put();
    get();
    must(got.full && !got.ready, "%dx%d: full %d ready %d behind a packet", dim.n, dim.m, got.full, got.ready);
    must(got.op == c->op && got.sel == (c->sel & 3U) && got.arg == c->arg, "header %08x: op %u sel %u arg %u", words[0],
         got.op, got.sel, got.arg);
    must(got.status == c->status || wait == first,
         "%dx%d header %08x: status %u, not %u (UPD_MODE %u, exponents %u %u)", dim.n, dim.m, words[0], got.status,
         c->status, csr.reg[XT_CSR_UPD_MODE], csr.reg[XT_CSR_UPD_EXP], csr.reg[XT_CSR_SCALE_D_EXP]);
    check_targets("packet waits");
    if (c->status == XT_ST_OK) {
      if (exponential(c->op) && wait != first)
        must((int32_t)got.e == (int32_t)csr.reg[exponent_of(c->op)] + xt_sext(c->arg, 16), "exponent %u", got.e);
      for (int i = 0; (c->op == XT_OP_FORWARD || (outer_op(c->op) && c->sel == 0)) && i < dim.n; i++)
        must(got.x[i] == coded(c->x[i]), "%dx%d: x of line %d is %x, not %d", dim.n, dim.m, i, got.x[i], c->x[i]);
      for (int j = 0; (c->op == XT_OP_BACKWARD || outer_op(c->op)) && j < dim.m; j++)
        must(got.d[j] == coded(c->d[j]), "%dx%d: d of line %d is %x, not %d", dim.n, dim.m, j, got.d[j], c->d[j]);
    }
    room_clock();
  }
  in.start = in.valid = 0;
  if (c->op == XT_OP_PROGRAM && c->status == XT_ST_OK)
    for (int j = 0; j < dim.m; j++) targets[j] = c->d[j];
  put();
  get();
  must(!got.full && got.ready, "the shadow is not free after START");
  if (c->op == XT_OP_PROGRAM && c->status != XT_ST_OK) memcpy(targets, got.targets, sizeof targets); /* never used */
  check_targets("after START");
}

/* The beats of words[count]; reset: cut before that one (-1: never). */
static void packet(int count, int reset) {
  int16_t x[LINES], d[LINES];
  struct xt_cmd c = {.x = x, .d = d, .kept = kept};
  const int stall = (int)rng_in(0, 3);
  int at[WORDS + 2];
  const int beats = xt_beats_layout(dim.n, dim.m, lanes, words, count, at);
  xt_cmd_decode(&c, &dim, &csr, reset_given, words, (size_t)count);
  in.start = 0;
  for (int k = 0; k < beats;) {
    if (k == reset) {
      after_reset();
      return;
    }
    in.valid = stall == 0 || (int)rng_in(0, 3) >= stall;
    noise(); /* also in what a beat has beyond its words */
    for (int w = at[k]; in.valid && w < at[k + 1]; w++) in.data[w - at[k]] = words[w];
    in.last = in.valid ? k + 1 == beats : rng_one_in(2);
    put();
    get();
    must(got.ready && !got.full, "%dx%d: ready %d full %d within a packet", dim.n, dim.m, got.ready, got.full);
    check_targets("packet under way");
    room_clock();
    k += in.valid;
  }
  complete(&c);
}

static uint32_t code(int32_t most) {
  if (rng_one_in(4)) return (uint32_t)(rng_one_in(2) ? most : -most);
  return (uint32_t)rng_in(-most, most);
}

static int fill(int at, int count, int bits, int32_t most) {
  const int per = 32 / bits;
  for (int i = 0; i < stride(count); i += per) { /* lanes past the last line: anything */
    uint32_t w = 0;
    for (int k = 0; k < per; k++)
      w |= ((i + k < count ? code(most) : (uint32_t)rng64()) & ((1U << bits) - 1)) << (k * bits);
    if (i < per * xt_ceil_div(count, per)) words[at++] = w;
  }
  return at;
}

/* A good packet; returns its words. */
static int good(uint32_t op) {
  uint32_t sel = 0, arg = 0;
  int count = 1;
  if (op == XT_OP_READ) sel = (uint32_t)rng_in(0, 3);
  if (op == XT_OP_PROGRAM || op == XT_OP_ZERO_SHIFT) sel = (uint32_t)rng_in(0, 2);
  if (op == XT_OP_READ || op == XT_OP_PROGRAM) arg = (uint32_t)rng_in(0, dim.n - 1);
  if (op == XT_OP_ZERO_SHIFT) arg = rng_one_in(3) ? (rng_one_in(2) ? 1 : 65535) : (uint32_t)rng_in(1, 65535);
  if (exponential(op)) { /* the exponent in use anywhere in 0..63, often at an end */
    sel = (uint32_t)rng_one_in(2);
    const int32_t sum = (int32_t)(rng_one_in(3) ? 63 : rng_one_in(3) ? 0 : rng_in(0, 63));
    arg = (uint32_t)(sum - (int32_t)csr.reg[exponent_of(op)]) & 0xFFFF;
  }
  if (op == XT_OP_FORWARD || (outer_op(op) && sel == 0)) count = fill(count, dim.n, 8, dim.cmax);
  if (op == XT_OP_BACKWARD || outer_op(op)) count = fill(count, dim.m, 8, dim.cmax);
  if (op == XT_OP_PROGRAM) count = fill(count, dim.m, 16, dim.adcmax);
  words[0] = op | sel << 8 | arg << 16;
  return count;
}

static int spoiled(int count) {
  const uint32_t op = words[0] & 255;
  switch (rng_in(0, 6)) {
    case 0:
      words[0] = (words[0] & ~UINT32_C(255)) |
                 (uint32_t)(rng_one_in(2) ? (rng_one_in(2) ? 0 : LAST_OP + 1) : rng_in(LAST_OP + 1, 255));
      break;
    case 1:
      return (int)rng_in(1, count);
    case 2:
      for (int extra = (int)rng_in(1, 6); extra > 0; extra--) words[count++] = (uint32_t)rng64();
      break;
    case 3:
      words[0] ^= 1U << rng_in(8, 15);
      break;
    case 4: /* the argument: at and around its limits */
      words[0] = (words[0] & 65535) | (uint32_t)(rng_one_in(2) ? rng_in(dim.n - 1, dim.n + 1) : rng_in(0, 65535)) << 16;
      if (exponential(op)) words[0] = (words[0] & 65535) | (uint32_t)(rng_in(-130, 130) & 65535) << 16;
      break;
    case 5: { /* one code, one beyond what is legal */
      if (count == 1) break;
      const int bits = op == XT_OP_PROGRAM ? 16 : 8, most = (op == XT_OP_PROGRAM ? dim.adcmax : dim.cmax) + 1;
      const int w = (int)rng_in(1, count - 1), lane = bits * (int)rng_in(0, 32 / bits - 1);
      const uint32_t mask = (1U << bits) - 1;
      words[w] = (words[w] & ~(mask << lane)) | ((uint32_t)(rng_one_in(2) ? most : -most) & mask) << lane;
      break;
    }
    default:
      for (int k = 1; k < count; k++) words[k] = (uint32_t)rng64();
  }
  return count;
}

static void select_size(int which) {
  room_select(which);
  dim = (struct xt_dim){.n = room_param(0), .m = room_param(1), .adc_bits = room_param(3)};
  code_bits = room_param(2);
  lanes = room_param(4);
  dim.shape.mtj = room_param(5);
  dim.shape.acc_bits = room_param(6);
  dim.cmax = (1 << (code_bits - 1)) - 1;
  dim.adcmax = (1 << (dim.adc_bits - 1)) - 1;
  xt_csr_reset(&csr);
  after_reset();
}

static void registers(void) {
  csr.reg[XT_CSR_UPD_MODE] = (uint32_t)rng_in(0, 2);
  csr.reg[XT_CSR_UPD_EXP] = (uint32_t)rng_in(0, 63);
  csr.reg[XT_CSR_SCALE_D_EXP] = (uint32_t)rng_in(0, 63);
  csr.reg[XT_CSR_MTJ_RATE] = (uint32_t)rng_in(0, 63);
  csr.reg[XT_CSR_ACC_EXP] = (uint32_t)rng_in(0, 63);
  csr.reg[XT_CSR_ACC_RATE] = (uint32_t)rng_in(0, 63);
  csr.reg[XT_CSR_CELL_MODE] = (uint32_t)rng_in(XT_CELL_HALF, XT_CELL_PASSIVE);
  reset_given = !rng_one_in(8);
  kept = rng_one_in(2);
}

START_TEST(packets_follow_the_reference) {
  seed_rng("xt_cmd", 10);
  for (int s = 0; s < room_sizes(); s++) {
    select_size(s);
    const int rounds = 1200 - 3 * dim.n;
    for (int k = 0; k < rounds; k++) {
      registers();
      int count = good((uint32_t)rng_in(XT_OP_RESET, LAST_OP));
      if (rng_one_in(2)) count = spoiled(count);
      packet(count, rng_one_in(40) ? (int)rng_in(0, count - 1) : -1);
    }
  }
}
END_TEST

static void expect(int count, uint8_t status, const char *what) {
  int16_t x[LINES], d[LINES];
  struct xt_cmd c = {.x = x, .d = d, .kept = kept};
  xt_cmd_decode(&c, &dim, &csr, reset_given, words, (size_t)count);
  ck_assert_msg(c.status == status, "%s: the reference says %u, not %u", what, c.status, status);
  packet(count, -1);
}

static uint32_t halves(int32_t v) {
  return (uint32_t)(v & 0xFFFF) | (uint32_t)v << 16;
}
static uint32_t bytes(int32_t v) {
  return (uint32_t)(v & 0xFF) * 0x01010101U;
}

START_TEST(limits) {
  seed_rng("xt_cmd", 11);
  for (int s = 0; s < room_sizes(); s++) {
    select_size(s);
    reset_given = kept = 1;
    /* lines */
    words[0] = XT_OP_READ | (uint32_t)(dim.n - 1) << 16;
    expect(1, XT_ST_OK, "READ of the last line");
    words[0] = XT_OP_READ | (uint32_t)dim.n << 16;
    expect(1, XT_ST_ERR_ARG, "READ of line N");
    words[0] = XT_OP_READ | UINT32_C(0xFFFF0000);
    expect(1, XT_ST_ERR_ARG, "READ of line 65535");
    /* targets */
    for (int sign = -1; sign <= 1; sign += 2)
      for (int beyond = 0; beyond <= 1; beyond++) {
        const int count = good(XT_OP_PROGRAM);
        for (int k = 1; k < count; k++) words[k] = halves(sign * (dim.adcmax + beyond));
        expect(count, beyond ? XT_ST_ERR_CODE : XT_ST_OK, "targets at +-ADCMAX");
      }
    /* codes */
    for (uint32_t op = XT_OP_FORWARD; op <= XT_OP_BACKWARD; op++)
      for (int sign = -1; sign <= 1; sign += 2)
        for (int beyond = 0; beyond <= 1; beyond++) {
          const int count = good(op);
          for (int k = 1; k < count; k++) words[k] = bytes(sign * (dim.cmax + beyond));
          expect(count, beyond ? XT_ST_ERR_CODE : XT_ST_OK, "codes at +-CMAX");
        }
    /* the exponent in use */
    for (uint32_t mode = XT_UPD_MANUAL; mode <= XT_UPD_UBLM; mode++)
      for (int32_t reg = 0; reg <= 63; reg += 9)
        for (int32_t sum = -1; sum <= 64; sum += sum == 0 ? 63 : 1) {
          csr.reg[XT_CSR_UPD_MODE] = mode;
          csr.reg[mode == XT_UPD_MANUAL ? XT_CSR_SCALE_D_EXP : XT_CSR_UPD_EXP] = (uint32_t)reg;
          csr.reg[mode == XT_UPD_MANUAL ? XT_CSR_UPD_EXP : XT_CSR_SCALE_D_EXP] = 30;
          const int count = good(XT_OP_UPDATE);
          words[0] = (words[0] & 0xFFFF) | (uint32_t)((sum - reg) & 0xFFFF) << 16;
          expect(count, sum < 0 || sum > 63 ? XT_ST_ERR_ARG : XT_ST_OK, "exponent sum");
        }
    xt_csr_reset(&csr);
    /* MTJ_UPDATE, ACCUMULATE, ACC_UPDATE: where they are, exponents, cells */
    for (uint32_t op = XT_OP_MTJ_UPDATE; op <= XT_OP_ACC_UPDATE; op++)
      for (uint32_t cell = XT_CELL_HALF; cell <= XT_CELL_PASSIVE; cell++)
        for (int32_t reg = 0; reg <= 63; reg += 21)
          for (int32_t sum = -1; sum <= 64; sum += sum == 0 ? 63 : 1) {
            csr.reg[XT_CSR_CELL_MODE] = cell;
            csr.reg[exponent_of(op)] = (uint32_t)reg;
            const int count = good(op);
            words[0] = (words[0] & 0xFFFF) | (uint32_t)((sum - reg) & 0xFFFF) << 16;
            const int built = op == XT_OP_MTJ_UPDATE ? dim.shape.mtj : dim.shape.acc_bits > 0;
            const int bad = sum < 0 || sum > 63 || (cell == XT_CELL_HALF && op != XT_OP_ACCUMULATE);
            expect(count, !built ? XT_ST_ERR_OPCODE : bad ? XT_ST_ERR_ARG : XT_ST_OK, "an operation of MTJ pulses");
          }
    xt_csr_reset(&csr);
    /* RESET comes first */
    reset_given = 0;
    for (uint32_t op = XT_OP_FORWARD; op <= XT_OP_ZERO_SHIFT; op++) {
      const int count = good(op);
      expect(count, XT_ST_ERR_ORDER, "before RESET");
    }
    words[0] = XT_OP_RESET;
    expect(1, XT_ST_OK, "RESET");
    reset_given = 1;
    /* x that is kept, or not: checked last */
    for (kept = 0; kept <= 1; kept++) {
      int count = 0;
      do count = good(XT_OP_UPDATE);
      while ((words[0] >> 8 & 15) != 1);
      expect(count, kept ? XT_ST_OK : XT_ST_ERR_KEPT, "UPDATE without x");
      words[1] = bytes(-dim.cmax - 1);
      expect(count, XT_ST_ERR_CODE, "UPDATE without x, a bad d");
      words[0] += 1U << 8; /* its payload has an x again, which is too short or too long */
      expect(count, XT_ST_ERR_SHORT, "UPDATE with sel 2");
    }
    kept = 1;
    /* unknown operations swallow what follows */
    for (uint32_t op = 0; op < 256; op += op == 0 ? LAST_OP + 1 : 1)
      for (int count = 1; count <= 5; count += 4) {
        words[0] = op;
        expect(count, XT_ST_ERR_OPCODE, "unknown operation");
      }
    /* every length of a packet around the right one */
    for (uint32_t op = XT_OP_RESET; op <= XT_OP_ZERO_SHIFT; op++) {
      const int count = good(op);
      if (count > 1) expect(count - 1, XT_ST_ERR_SHORT, "one word short");
      if (count > 1) expect(1, XT_ST_ERR_SHORT, "no payload");
      words[count] = 0;
      words[count + 1] = 0;
      expect(count + 1, XT_ST_ERR_LONG, "one word long");
      expect(count + 2, XT_ST_ERR_LONG, "two words long");
      expect(count, XT_ST_OK, "the right length");
    }
  }
}
END_TEST

int main(void) {
  const TTest *const tests[] = {packets_follow_the_reference, limits};
  return room_main("xt_cmd", tests, 2);
}
