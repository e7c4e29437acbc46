/* SPDX-License-Identifier: Apache-2.0 */
/* xt_trace against SPEC section 11: which cycles have a record, what it holds, and its place in the order. */
#include "room.h"
#include "xt_params.h"

enum { LINES = 64 };

static int lines, bits, trace; /* trace: the parameter; 0: every output is 0 */
static uint64_t order;

static void check(const char *what, uint64_t got, uint64_t want) {
  if (trace == 0) want = 0;
  must(got == want, "%d lines: %s is %" PRIu64 ", not %" PRIu64, lines, what, got, want);
}

static void cycle(uint32_t at) {
  static const uint32_t kinds[] = {0,           XT_KIND_INTEG, XT_KIND_HOLD, XT_KIND_SAR, XT_KIND_PULSE,
                                   XT_KIND_END, XT_KIND_SWITCH};
  const uint32_t kind = kinds[rng_in(0, 6)], op = (uint32_t)rng_in(0, 255), status = (uint32_t)rng_in(0, 255);
  const uint32_t phase = (uint32_t)rng_in(0, 63), slot = (uint32_t)rng_in(0, 65535), sel = (uint32_t)rng_in(0, 3);
  const uint32_t of_pulse = (uint32_t)rng_in(0, 65535);
  const uint32_t info = (uint32_t)rng_in(0, 65535), count = (uint32_t)(rng_one_in(3) ? 0 : rng_in(0, lines));
  const uint32_t train = (uint32_t)rng_in(0, 1),
                 gains[2] = {(uint32_t)rng_in(0, 1 << 20), (uint32_t)rng_in(0, 1 << 20)};
  const uint32_t shifts[2] = {(uint32_t)rng_in(0, 63), (uint32_t)rng_in(0, 63)};
  uint64_t counters[XT_NUM_COUNTERS];
  uint32_t code[LINES];
  room_put(op, 8);
  room_put(status, 8);
  room_put(kind, 8);
  room_put(at, 32);
  room_put(phase, 6);
  room_put(slot, 16);
  room_put(of_pulse, 16);
  room_put(sel, XT_SEL_BITS);
  room_put(info, 16);
  room_put(count, 16);
  room_put(train, 1);
  for (int side = 0; side < 2; side++) room_put(gains[side], 21);
  for (int side = 0; side < 2; side++) room_put(shifts[side], 6);
  for (int k = 0; k < (int)XT_NUM_COUNTERS; k++) room_put(counters[k] = rng64(), 64);
  for (int l = 0; l < lines; l++) room_put(code[l] = (uint32_t)rng64() & ((1U << bits) - 1), bits);
  room_settle();
  const int end = kind == XT_KIND_END;
  const uint64_t valid = room_get(1);
  check("a record", valid, kind != 0);
  const uint64_t got_order = room_get(64);
  if (kind != 0 || trace == 0) check("order", got_order, order);
  check("cycle", room_get(32), at);
  check("op", room_get(8), op);
  check("kind", room_get(8), kind);
  check("sel", room_get(8), sel);
  check("phase", room_get(8), phase);
  check("slot", room_get(16), slot);
  check("at", room_get(16), kind == XT_KIND_PULSE || kind == XT_KIND_SWITCH ? of_pulse : 0);
  check("status", room_get(8), end ? status : 0);
  check("info", room_get(16), end ? info : 0);
  check("cycles", room_get(32), end ? at + 1 : 0);
  check("ncodes", room_get(16), end ? count : 0);
  for (int side = 0; side < 2; side++) check("a gain", room_get(32), train ? gains[side] : 0);
  for (int side = 0; side < 2; side++) check("a shift", room_get(8), train ? shifts[side] : 0);
  for (int l = 0; l < lines; l++) {
    const uint32_t sign = code[l] >> (bits - 1) & 1;
    const uint32_t want = (code[l] | (sign ? ~UINT32_C(0) << bits : 0)) & 0xFFFF;
    check("a code", room_get(16), end && l < (int)count ? want : 0);
  }
  for (int k = 0; k < (int)XT_NUM_COUNTERS; k++) check("a counter", room_get(64), trace ? counters[k] : 0);
  room_clock();
  order += kind != 0;
}

START_TEST(records_in_order) {
  seed_rng("xt_trace", 26);
  for (int s = 0; s < room_sizes(); s++) {
    room_select(s);
    lines = room_param(0);
    bits = room_param(1);
    trace = room_param(2);
    order = 0;
    for (uint32_t k = 0; k < 3000; k++) {
      cycle(k);
      if (rng_one_in(300)) {
        room_reset();
        order = 0;
      }
    }
  }
}
END_TEST

int main(void) {
  const TTest *const tests[] = {records_in_order};
  return room_main("xt_trace", tests, 1);
}
