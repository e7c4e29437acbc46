/* SPDX-License-Identifier: Apache-2.0 */
/* xt_count against refc/xt_count.c: what every event adds to which counter, and when. */
#include <string.h>

#include "room.h"
#include "xt_count.h"

static int n, m;
static struct xt_count ref;

static struct pins {
  int running, reset, read, transferred, train, dir, clip, hits_valid, set, act, upset;
  uint32_t op, status, kind, cycle, hits, rails, overs, plane, word, data;
} in, before; /* before: in the cycle before */

static void cycle(void) {
  struct xt_count then = ref;
  room_put((uint64_t)in.running, 1);
  room_put(in.op, 8);
  room_put(in.status, 8);
  room_put((uint64_t)in.reset, 1);
  room_put((uint64_t)in.read, 1);
  room_put((uint64_t)in.transferred, 1);
  room_put((uint64_t)in.train, 1);
  room_put(in.kind, 8);
  room_put(in.cycle, 32);
  room_put((uint64_t)in.dir, 1);
  room_put((uint64_t)in.clip, 1);
  room_put((uint64_t)in.hits_valid, 1);
  room_put(in.hits, 32);
  room_put(in.rails, 16);
  room_put(in.plane, XT_PLANE_BITS);
  room_put((uint64_t)in.set, 1);
  room_put(in.word, 6);
  room_put(in.data, 32);
  room_put((uint64_t)in.act, 1);
  room_put((uint64_t)in.upset, 1);
  room_put(in.overs, 16);
  room_settle();
  if (in.running) {
    if (before.read) xt_count_read(&then, before.dir ? n : m, in.rails, in.overs);
    if (before.train) xt_count_train(&then, (int)before.plane, before.clip);
    if (in.upset) xt_count_upset(&then);
    xt_count_pulses(&then, (uint64_t)in.act, in.hits_valid ? in.hits : 0);
    if (before.transferred) xt_count_transfer(&then);
    if (in.kind == XT_KIND_END && !(in.op == XT_OP_RESET && in.status == XT_ST_OK))
      xt_count_end(&then, in.cycle + 1, in.status != XT_ST_OK);
  }
  for (int k = 0; k < (int)XT_NUM_COUNTERS; k++) {
    const uint64_t got = room_get(64);
    must(got == ref.value[k], "counter %d is %" PRIu64 ", not %" PRIu64, k, got, ref.value[k]);
  }
  for (int k = 0; k < (int)XT_NUM_COUNTERS; k++) {
    const uint64_t got = room_get(64);
    must(got == then.value[k], "counter %d becomes %" PRIu64 ", not %" PRIu64, k, got, then.value[k]);
  }
  room_clock();
  ref = then;
  before = in;
  if (!in.running && in.set) xt_count_write(&ref, in.word, in.data);
  if (in.reset) xt_count_reset(&ref);
}

START_TEST(events_count) {
  static const uint32_t kinds[] = {
      0, 0, 0, XT_KIND_INTEG, XT_KIND_HOLD, XT_KIND_SAR, XT_KIND_PULSE, XT_KIND_PULSE, XT_KIND_END};
  seed_rng("xt_count", 25);
  for (int s = 0; s < room_sizes(); s++) {
    room_select(s);
    n = room_param(0);
    m = room_param(1);
    memset(&before, 0, sizeof before);
    xt_count_reset(&ref);
    for (int k = 0; k < 5000; k++) {
      memset(&in, 0, sizeof in);
      in.running = !rng_one_in(5);
      in.op = (uint32_t)rng_in(0, 9);
      in.status = rng_one_in(3) ? (uint32_t)rng_in(XT_ST_ERR_OPCODE, XT_ST_ERR_CODE) : XT_ST_OK;
      in.cycle = rng_one_in(50) ? UINT32_MAX - 1 : (uint32_t)rng_in(0, 100000);
      in.kind = in.running ? kinds[rng_in(0, 8)] : 0;
      in.act = in.kind == XT_KIND_PULSE && rng_one_in(2);
      in.upset = rng_one_in(3);
      in.dir = rng_one_in(2);
      in.clip = rng_one_in(2);
      in.train = in.running && rng_one_in(3);
      in.read = in.running && rng_one_in(3);
      in.transferred = in.running && rng_one_in(3);
      in.hits_valid = in.running && rng_one_in(2);
      in.hits = rng_one_in(20) ? UINT32_MAX : (uint32_t)rng_in(0, n * m);
      in.rails = (uint32_t)rng_in(0, 65535);
      in.overs = (uint32_t)rng_in(0, 65535);
      in.plane = (uint32_t)rng_in(0, XT_NUM_PLANES - 1);
      in.reset = in.running && rng_one_in(200);
      in.set = !in.running && rng_one_in(2);
      in.word = (uint32_t)rng_in(0, 2 * XT_NUM_COUNTERS - 1);
      in.data = rng_one_in(2) ? UINT32_MAX : (uint32_t)rng64();
      cycle();
      if (rng_one_in(700)) {
        room_reset();
        memset(&before, 0, sizeof before);
        xt_count_reset(&ref);
      }
    }
  }
}
END_TEST

int main(void) {
  const TTest *const tests[] = {events_count};
  return room_main("xt_count", tests, 1);
}
