/* SPDX-License-Identifier: Apache-2.0 */
/* xt_result against xt_result_words() of refc/xt_result.c: every beat of every answer, stalls, resets. */
#include <string.h>

#include "room.h"
#include "xt_bits.h"
#include "xt_result.h"

enum { LINES = 320 };

static int n, m, lines, bits, beat, acc; /* beat: words of one */
static int16_t codes[LINES];
static uint32_t rails; /* since the last CLEAR */

static struct pins {
  int start, clear, rails_valid, train, put, ready, take, upd_answer;
  uint32_t op, status, rails, bl, rounds, phases, count;
} in;

static void put(void) {
  const int flags[] = {in.start, in.clear, in.rails_valid, in.train, in.put, in.ready, in.take, in.upd_answer};
  for (size_t k = 0; k < sizeof flags / sizeof *flags; k++) room_put((uint64_t)flags[k], 1);
  room_put(in.op, 8);
  room_put(in.status, 8);
  room_put(in.rails, 16);
  room_put(in.bl, 8);
  room_put(in.rounds, 8);
  room_put(in.phases, 4);
  room_put(in.count, 16);
  for (int l = 0; l < lines; l++) room_put((uint64_t)(uint16_t)codes[l], bits);
  room_settle();
}

/* The `count` words that are offered in this cycle, 0 behind them; NULL: nothing. */
static void expect(const uint32_t *word, int count, int last, const char *when) {
  const uint32_t empty = (uint32_t)room_get(1), valid = (uint32_t)room_get(1), got_last = (uint32_t)room_get(1);
  must(empty == (word == NULL), "%d lines, %s: empty is %u", lines, when, empty);
  must(valid == (word != NULL), "%d lines, %s: valid is %u", lines, when, valid);
  if (word != NULL) {
    must((int)got_last == last, "%d lines, %s: last is %u", lines, when, got_last);
  }
  for (int w = 0; w < beat; w++) {
    const uint32_t data = (uint32_t)room_get(32), want = w < count ? word[w] : 0;
    must(word == NULL || data == want, "%d lines, %s: word %d of a beat %08x, not %08x", lines, when, w, data, want);
  }
}

static void scramble(void) { /* all may change as soon as the answer has been taken */
  for (int l = 0; l < lines; l++) codes[l] = (int16_t)xt_sext((uint32_t)rng64(), (unsigned)bits);
  in.op = rng_one_in(5) ? (uint32_t)rng_in(0, 255) : (uint32_t)rng_in(XT_OP_RESET, XT_OP_ACC_UPDATE);
  in.status = rng_one_in(4) ? (uint32_t)rng_in(0, XT_ST_ERR_CODE) : XT_ST_OK;
  in.rounds = (uint32_t)rng_in(0, 255);
  in.phases = (uint32_t)rng_in(0, 15);
  in.count = (uint32_t)rng_in(0, 65535);
  in.upd_answer = rng_one_in(2);
}

/* A cycle without an answer on offer. */
static void cycle(const char *when) {
  put();
  expect(NULL, 0, 0, when);
  room_clock();
  in.start = in.clear = in.rails_valid = in.train = in.take = 0;
}

/* An operation: its reads and trains in any order; what of them an answer may show; was a transfer's read among them?
 */
static int operation(uint32_t *bl) {
  int trains = 0, transfer = 0;
  in.start = 1;
  *bl = 0;
  cycle("START");
  for (int k = (int)rng_in(0, 6); k > 0; k--) {
    in.bl = (uint32_t)rng_in(0, 255);
    if (rng_one_in(3)) {
      in.train = 1;
      if (trains++ == 0) *bl = in.bl; /* the first train of an operation */
      cycle("end of a train");
      continue;
    }
    in.clear = 1;
    cycle("CLEAR");
    rails = 0;
    for (int share = (int)rng_in(1, 3); share > 0; share--) {
      in.rails_valid = !rng_one_in(4);
      in.rails = (uint32_t)rng_in(0, lines);
      if (in.rails_valid) rails += in.rails;
      in.take = share == 1 && rng_one_in(4);
      transfer |= in.take;
      cycle("LATCH");
    }
  }
  return transfer;
}

static void answer(void) {
  uint32_t words[LINES / 2 + 2];
  uint32_t bl;
  const int transfer = operation(&bl);
  scramble();
  uint32_t info = 0;
  int count_lines = 0;
  if (in.status == XT_ST_OK) {
    if (in.op == XT_OP_FORWARD || in.op == XT_OP_BACKWARD || in.op == XT_OP_READ || in.op == XT_OP_CALIBRATE)
      info = rails;
    if (in.op == XT_OP_UPDATE || in.op == XT_OP_TRANSFER) info = bl;
    if (in.op == XT_OP_PROGRAM) info = in.rounds;
    if (in.op == XT_OP_MTJ_UPDATE || in.op == XT_OP_ACC_UPDATE)
      info = acc ? in.count : (uint32_t)xt_bits_count(&in.phases, 1);
    if (in.op == XT_OP_ACCUMULATE) info = acc ? in.count : 0;
    if (in.op == XT_OP_FORWARD || in.op == XT_OP_TRANSFER || in.op == XT_OP_READ || in.op == XT_OP_PROGRAM)
      count_lines = m;
    if (in.op == XT_OP_UPDATE && transfer && in.upd_answer) count_lines = m;
    if (in.op == XT_OP_BACKWARD) count_lines = n;
    if (in.op == XT_OP_CALIBRATE) count_lines = n > m ? n : m;
  }
  if (rng_one_in(4)) /* both ends of a code */
    for (int l = 0; l < lines; l++) codes[l] = (int16_t)(rng_one_in(2) ? (1 << (bits - 1)) - 1 : -(1 << (bits - 1)));
  const size_t count = xt_result_words(words, (uint8_t)in.op, (uint8_t)in.status, info, codes, count_lines);
  const int stall = (int)rng_in(0, 3);
  in.put = 1;
  in.ready = rng_one_in(2);
  put();
  expect(NULL, 0, 0, "put");
  const uint32_t got_info = (uint32_t)room_get(16), got_lines = (uint32_t)room_get(16);
  must(got_info == info && (int)got_lines == count_lines, "%dx%d, op %u status %u: info %u, %u lines, not %u, %d", n, m,
       in.op, in.status, got_info, got_lines, info, count_lines);
  const uint32_t got_rails = (uint32_t)room_get(16);
  must(got_rails == (rails & 0xFFFF), "lines at a rail: %u, not %u", got_rails, rails);
  room_clock();
  in.put = 0;
  for (size_t k = 0; k < count;) {
    scramble();
    in.ready = stall == 0 || (int)rng_in(0, 3) >= stall;
    put();
    size_t of_beat = k == 0 ? 1 : (size_t)beat; /* the header is alone */
    if (of_beat > count - k) of_beat = count - k;
    expect(&words[k], (int)of_beat, k + of_beat == count, "answer");
    room_clock();
    if (in.ready) k += of_beat;
    if (rng_one_in(400)) {
      room_reset();
      rails = 0;
      break;
    }
  }
  for (int idle = (int)rng_in(0, 3); idle > 0; idle--) {
    in.ready = rng_one_in(2);
    put();
    expect(NULL, 0, 0, "idle");
    room_clock();
  }
}

START_TEST(answers_follow_the_reference) {
  seed_rng("xt_result", 9);
  for (int s = 0; s < room_sizes(); s++) {
    room_select(s);
    n = room_param(0);
    m = room_param(1);
    bits = room_param(2);
    beat = room_param(3);
    acc = room_param(4);
    lines = n > m ? n : m;
    memset(&in, 0, sizeof in);
    rails = 0;
    for (int k = 0; k < 300 - lines / 2; k++) answer();
  }
}
END_TEST

int main(void) {
  const TTest *const tests[] = {answers_follow_the_reference};
  return room_main("xt_result", tests, 1);
}
