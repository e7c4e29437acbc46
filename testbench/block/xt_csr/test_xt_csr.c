/* SPDX-License-Identifier: Apache-2.0 */
/* xt_csr against refc/xt_csr.c: every address, every limit, every refusal and their order; what the tile gets. */
#include <string.h>

#include "room.h"
#include "xt_csr.h"

static struct xt_dim dim;
static struct xt_csr csr;
static struct xt_csr_view view;
static uint64_t counters[XT_NUM_COUNTERS];

struct reg {
  uint8_t addr;
  bool writable;
  int64_t reset, lo, hi; /* widest: of AdcBits 12, BlMax 255 */
};
#define REG(name, address, w, reset, lo, hi) {address, (w) != 0, reset, lo, hi},
enum { adc_max = 2047, bl_max = 255 };
static const struct reg regs[] = {XT_CSR_TABLE(REG)};
enum { REGS = sizeof regs / sizeof *regs };

static struct pins {
  int valid, write;
  uint8_t addr;
  uint32_t data;
} in;

static void put(void) {
  room_put((uint64_t)in.valid, 1);
  room_put((uint64_t)in.write, 1);
  room_put(in.addr, 8);
  room_put(in.data, 32);
  room_put(view.reset_given, 1);
  room_put(view.busy, 1);
  room_put(view.xfer_ptr, 16);
  room_put(view.xfer_count, 16);
  for (int k = 0; k < (int)XT_NUM_COUNTERS; k++) room_put(counters[k], 64);
  room_settle();
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
    if (!regs[k].writable) continue;
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
  room_clock();
  in.valid = 0;
  in.write = rng_one_in(2);
  put();
  expect(1, write ? 0 : value, status, write ? "write" : "read");
  if (!rng_one_in(4)) return; /* the next access at once */
  room_clock();
  put();
  expect(0, 0, 0, "no access");
}

static void random_tile(void) {
  view = (struct xt_csr_view){.reset_given = (uint32_t)rng_one_in(2), .busy = (uint32_t)rng_one_in(4)};
  view.xfer_ptr = (uint32_t)rng_in(0, 65535);
  view.xfer_count = (uint32_t)rng_in(0, 65535);
  for (int k = 0; k < (int)XT_NUM_COUNTERS; k++) counters[k] = rng64();
}

static void select_size(int which) {
  room_select(which);
  dim = (struct xt_dim){.shape = {room_param(0), room_param(1), room_param(2), room_param(3), room_param(4),
                                  room_param(5), room_param(6), room_param(7)}};
  dim.n = dim.shape.n;
  dim.m = dim.shape.m;
  dim.bl_max = dim.shape.bl_max;
  dim.adc_bits = dim.shape.adc_bits;
  dim.adcmax = (1 << (dim.adc_bits - 1)) - 1;
  xt_csr_reset(&csr);
}

/* Limits of a register in this shape. */
static int64_t lowest(const struct reg *r) {
  return r->lo == -adc_max ? -dim.adcmax : r->lo;
}
static int64_t highest(const struct reg *r) {
  if (r->lo == -adc_max) return dim.adcmax;
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
  const TTest *const tests[] = {accesses_follow_the_reference, limits_and_the_order_of_refusals};
  return room_main("xt_csr", tests, 2);
}
