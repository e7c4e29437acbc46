/* SPDX-License-Identifier: Apache-2.0 */
/* xt_csr against refc/xt_csr.c: every address, every limit, every refusal and their order; what the tile gets; counters
 * that do not tear. */
#include <string.h>

#include "room.h"
#include "xt_csr.h"

static struct xt_dim dim;
static struct xt_csr csr;
static struct xt_csr_view view;
static uint64_t counters[XT_NUM_COUNTERS];

struct reg {
  uint8_t addr;
  int access;
  int64_t reset, lo, hi; /* widest: of AdcBits 12, BlMax 255, N 32768, ProbBits 16, AccBits 32 */
};
#define REG(name, address, access, reset, lo, hi) {address, access, reset, lo, hi},
enum { adc_max = 2047, bl_max = 255, n1 = 32767, prob1 = 65535, gen1 = 131071, smax = INT32_MAX };
static const struct reg regs[] = {XT_CSR_TABLE(REG)};
enum { REGS = sizeof regs / sizeof *regs };

static struct pins {
  int valid, write;
  uint8_t addr;
  uint32_t data;
} in;
static bool acc_read;   /* in the cycle before: the memory shows the sum */
static int32_t sum_max; /* SMAX; 0: no accumulator */

static void put(void) {
  room_put((uint64_t)in.valid, 1);
  room_put((uint64_t)in.write, 1);
  room_put(in.addr, 8);
  room_put(in.data, 32);
  room_put(view.reset_given, 1);
  room_put(view.busy, 1);
  room_put(view.xfer_ptr, 16);
  room_put(view.xfer_count, 16);
  room_put(view.lowdisc, 16);
  room_put(view.gen, 17);
  room_put(view.last_xfer_line, 16);
  room_put(view.last_xfer_bl, 8);
  room_put(view.last_xfer_rails, 16);
  for (int k = 0; k < (int)XT_NUM_COUNTERS; k++) room_put(counters[k], 64);
  room_put(view.cal, 32);
  room_put(acc_read ? view.acc : 0, 32);
  room_settle();
}

/* What blocks are told in this cycle, if status is that of the access. */
static void expect_sets(int status) {
  const bool stored = in.valid && in.write && status == XT_CSR_ST_OK;
  const int counter = in.addr - (int)XT_CSR_COUNTERS;
  const bool is_counter = counter >= 0 && counter < 2 * (int)XT_NUM_COUNTERS;
  static const uint8_t states[] = {XT_CSR_XFER_PTR, XT_CSR_XFER_COUNT, XT_CSR_LOWDISC,
                                   XT_CSR_GEN,      XT_CSR_CAL,        XT_CSR_ACC};
  const int abort = (int)room_get(1);
  const uint32_t data = (uint32_t)room_get(32);
  must(abort == (stored && in.addr == XT_CSR_CONTROL && (in.data & 1) != 0), "abort is %d", abort);
  for (size_t k = 0; k < sizeof states; k++) {
    const int set = (int)room_get(1);
    must(set == (stored && in.addr == states[k]), "write of 0x%02x: state 0x%02x is set: %d", in.addr, states[k], set);
  }
  const int set = (int)room_get(1), word = (int)room_get(6);
  must(set == (stored && is_counter), "write of 0x%02x: a counter is set: %d", in.addr, set);
  if (stored) must(data == in.data, "what is set is %08x, not %08x", data, in.data);
  if (set) must(word == counter, "counter word %d, not %d", word, counter);
}

/* What the block shows in this cycle: the answer to the access before, and every register. */
static void expect(int ack, uint32_t data, int status, const char *what) {
  const int got_ack = (int)room_get(1);
  const uint32_t got_data = (uint32_t)room_get(32);
  const int got_status = (int)room_get(3);
  must(got_ack == ack, "%s: acknowledge %d", what, got_ack);
  must(got_data == data && got_status == status, "%s of 0x%02x (%08x, busy %u): %08x status %d, not %08x %d", what,
       in.addr, in.data, view.busy, got_data, got_status, data, status);
  for (int k = REGS - 1; k >= 0; k--) { /* the last register is lowest */
    if (regs[k].access != XT_ACCESS_RW) continue;
    const int bits = xt_bitlen((uint64_t)regs[k].hi) + (regs[k].lo < 0);
    const uint32_t got = (uint32_t)room_get(bits), mask = bits < 32 ? (1U << bits) - 1 : UINT32_MAX;
    must(got == (csr.reg[regs[k].addr] & mask), "after a %s of 0x%02x: register 0x%02x is %08x, not %08x", what,
         in.addr, regs[k].addr, got, csr.reg[regs[k].addr]);
  }
}

static void access(int write, uint8_t addr, uint32_t data) {
  uint32_t value = 0;
  in = (struct pins){1, write, addr, data};
  put();
  const int status =
      write ? xt_csr_write(&csr, &dim, view.busy, addr, data) : xt_csr_read(&csr, &dim, &view, counters, addr, &value);
  expect_sets(status);
  room_clock();
  acc_read = !write && addr == XT_CSR_ACC;
  in.valid = 0;
  in.write = rng_one_in(2);
  put();
  expect_sets(XT_CSR_ST_OK);
  expect(1, write ? 0 : value, status, write ? "write" : "read");
  acc_read = false;
  if (!rng_one_in(4)) return; /* the next access at once */
  room_clock();
  put();
  expect_sets(XT_CSR_ST_OK);
  expect(0, 0, 0, "no access");
}

static void random_tile(void) {
  view = (struct xt_csr_view){.reset_given = (uint32_t)rng_one_in(2), .busy = (uint32_t)rng_one_in(4)};
  view.xfer_ptr = (uint32_t)rng_in(0, 65535);
  view.xfer_count = (uint32_t)rng_in(0, 65535);
  view.lowdisc = (uint32_t)rng_in(0, 65535);
  view.gen = (uint32_t)rng_in(0, 131071);
  view.cal = (uint32_t)rng_in(-2047, 2047);
  view.acc = sum_max > 0 ? (uint32_t)rng_in(-sum_max, sum_max) : 0;
  view.last_xfer_line = (uint32_t)rng_in(0, 65535);
  view.last_xfer_bl = (uint32_t)rng_in(0, 255);
  view.last_xfer_rails = (uint32_t)rng_in(0, 65535);
  for (int k = 0; k < (int)XT_NUM_COUNTERS; k++) counters[k] = rng64();
}

static void select_size(int which) {
  room_select(which);
  const int kinds = room_param(5), states = room_param(7);
  const struct xt_shape shape = {room_param(0), room_param(1),   room_param(2),     room_param(3),
                                 room_param(4), kinds & 0xFF,    room_param(6),     states >> 16,
                                 states & 0xFF, states >> 8 & 1, kinds >> 8 & 0xFF, kinds >> 16};
  char text[200];
  ck_assert_msg(xt_dim_init(&dim, &shape, text, sizeof text) == XT_E_OK, "%s", text);
  sum_max = shape.acc_bits > 0 ? (int32_t)((INT64_C(1) << (shape.acc_bits - 1)) - 1) : 0;
  acc_read = false;
  xt_csr_reset(&csr);
}

/* Limits of a register in this shape. */
static int64_t lowest(const struct reg *r) {
  return r->addr == XT_CSR_ACC ? -(int64_t)sum_max : r->lo == -adc_max ? -dim.adcmax : r->lo;
}
static int64_t highest(const struct reg *r) {
  if (r->addr == XT_CSR_ACC) return sum_max;
  if (r->lo == -adc_max) return dim.adcmax;
  if (r->addr == XT_CSR_XFER_PTR) return dim.n - 1;
  if (r->addr == XT_CSR_LOWDISC) return (1 << dim.pb) - 1;
  if (r->addr == XT_CSR_GEN) return (2 << (dim.pb - !(csr.reg[XT_CSR_GEN_SEL] >> 16))) - 1;
  return r->hi == bl_max && r->lo == 1 ? dim.bl_max : r->hi;
}

START_TEST(accesses_follow_the_reference) {
  seed_rng("xt_csr", 12);
  for (int s = 0; s < room_sizes(); s++) {
    select_size(s);
    for (int k = 0; k < 4000; k++) {
      const struct reg *r = &regs[rng_in(0, REGS - 1)];
      random_tile();
      if (rng_one_in(300)) {
        room_reset();
        xt_csr_reset(&csr);
      }
      const uint8_t addr = rng_one_in(3) ? (uint8_t)rng64() : r->addr;
      uint32_t data = (uint32_t)rng64() >> rng_in(0, 31);
      if (rng_one_in(2)) data = (uint32_t)((rng_one_in(2) ? lowest(r) : highest(r)) + rng_in(-1, 1));
      if (rng_one_in(4)) data = (uint32_t)rng_in(lowest(r), highest(r));
      access(rng_one_in(2), addr, data);
    }
  }
}
END_TEST

/* GEN has the limits of the generator that GEN_SEL names, and none if there is none. */
START_TEST(generators_have_limits) {
  seed_rng("xt_csr", 28);
  for (int s = 0; s < room_sizes(); s++) {
    select_size(s);
    const int32_t at[] = {0, dim.n - 1, dim.n, dim.m - 1, dim.m, 65535};
    for (int side = 0; side < 2; side++)
      for (int k = 0; k < 6; k++) {
        const uint32_t most = (2U << (dim.pb - !side)) - 1, values[] = {0, 1, most, most + 1};
        view.busy = 0;
        access(1, XT_CSR_GEN_SEL, (uint32_t)side << 16 | ((uint32_t)at[k] & 0xFFFF));
        for (int v = 0; v < 4; v++) access(1, XT_CSR_GEN, values[v]);
        access(0, XT_CSR_GEN, 0);
      }
  }
}
END_TEST

/* CAL has the limits of a code if CAL_SEL names a converter, and none if it does not. */
START_TEST(corrections_have_limits) {
  seed_rng("xt_csr", 30);
  for (int s = 0; s < room_sizes(); s++) {
    select_size(s);
    const int32_t at[] = {0, dim.units - 1, dim.units, 65535};
    for (int k = 0; k < 4; k++) {
      const int32_t values[] = {0, dim.adcmax, dim.adcmax + 1, -dim.adcmax, -dim.adcmax - 1};
      view.busy = 0;
      access(1, XT_CSR_CAL_SEL, (uint32_t)at[k]);
      for (int v = 0; v < 5; v++) access(1, XT_CSR_CAL, (uint32_t)values[v]);
      access(0, XT_CSR_CAL, 0);
    }
  }
}
END_TEST

/* ACC has the limits of a sum if ACC_SEL names one, and none if it does not. */
START_TEST(sums_have_limits) {
  seed_rng("xt_csr", 31);
  for (int s = 0; s < room_sizes(); s++) {
    select_size(s);
    const int sums = dim.m >> dim.shape.acc_gang, row[] = {0, dim.n - 1, dim.n, 65535},
              sum[] = {0, sums - 1, sums, 65535};
    for (int i = 0; i < 4; i++)
      for (int k = 0; k < 4; k++) {
        const int64_t values[] = {0,        sum_max, sum_max + INT64_C(1), -(int64_t)sum_max, -(int64_t)sum_max - 1,
                                  INT32_MIN};
        random_tile();
        view.busy = 0;
        access(1, XT_CSR_ACC_SEL, (uint32_t)row[i] << 16 | ((uint32_t)sum[k] & 0xFFFF));
        for (int v = 0; v < 6; v++) access(1, XT_CSR_ACC, (uint32_t)values[v]);
        access(0, XT_CSR_ACC, 0);
      }
  }
}
END_TEST

/* A carry from the low to the high word between two reads. */
START_TEST(counters_do_not_tear) {
  seed_rng("xt_csr", 29);
  select_size(0);
  for (int k = 0; k < (int)XT_NUM_COUNTERS; k++) {
    view.busy = 1;
    counters[k] = UINT32_MAX;
    access(0, (uint8_t)(XT_CSR_COUNTERS + 2 * k), 0);
    counters[k]++;
    access(1, (uint8_t)(XT_CSR_COUNTERS + 2 * (rng_in(0, XT_NUM_COUNTERS - 1))), 0); /* a write keeps nothing */
    access(0, (uint8_t)(XT_CSR_COUNTERS + 2 * k + 1), 0);
    ck_assert_uint_eq(csr.high, 0);
    access(0, (uint8_t)(XT_CSR_COUNTERS + 2 * k), 0);
    access(0, (uint8_t)(XT_CSR_COUNTERS + 2 * k + 1), 0);
    ck_assert_uint_eq(csr.high, 1);
  }
}
END_TEST

START_TEST(limits_and_the_order_of_refusals) {
  seed_rng("xt_csr", 13);
  for (int s = 0; s < room_sizes(); s++) {
    select_size(s);
    for (int a = 0; a < 256; a++) access(0, (uint8_t)a, 0); /* reset values */
    for (int k = 0; k < REGS; k++) {
      const struct reg *r = &regs[k];
      const int64_t lo = lowest(r), hi = highest(r);
      const int64_t values[] = {lo, hi, lo - 1, hi + 1, hi ^ INT64_C(0x80000000), lo};
      for (int v = 0; v < 6; v++)
        for (uint32_t busy = 0; busy <= 1; busy++) { /* BUSY before VALUE */
          view.busy = busy;
          access(1, r->addr, (uint32_t)values[v]);
          access(0, r->addr, 0);
        }
    }
    for (int a = 0; a < 256; a++) /* ADDRESS before READONLY before BUSY */
      for (uint32_t busy = 0; busy <= 1; busy++) {
        view.busy = busy;
        access(1, (uint8_t)a, UINT32_MAX);
      }
    view.busy = 0;
    for (int a = 0; a < 256; a++) access(0, (uint8_t)a, 0);
  }
}
END_TEST

int main(void) {
  const TTest *const tests[] = {accesses_follow_the_reference, generators_have_limits,
                                corrections_have_limits,       sums_have_limits,
                                counters_do_not_tear,          limits_and_the_order_of_refusals};
  return room_main("xt_csr", tests, 6);
}
