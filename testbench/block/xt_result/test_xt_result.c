/* SPDX-License-Identifier: Apache-2.0 */
/* xt_result against xt_result_words() of refc/xt_result.c: every word of every answer, stalls, resets. */
#include <string.h>

#include "room.h"
#include "xt_bits.h"
#include "xt_result.h"

enum { LINES = 320 };

static int lines, bits;
static int16_t codes[LINES];

static struct pins {
  int put, ready;
  uint32_t header, lines;
} in;

static void put(void) {
  room_put((uint64_t)in.put, 1);
  room_put((uint64_t)in.ready, 1);
  room_put(in.header, 32);
  room_put(in.lines, 16);
  for (int l = 0; l < lines; l++) room_put((uint64_t)(uint16_t)codes[l], bits);
  room_settle();
}

/* What is offered in this cycle; NULL: nothing. */
static void expect(const uint32_t *word, int last, const char *when) {
  const uint32_t empty = (uint32_t)room_get(1), valid = (uint32_t)room_get(1), got_last = (uint32_t)room_get(1);
  const uint32_t data = (uint32_t)room_get(32);
  must(empty == (word == NULL), "%d lines, %s: empty is %u", lines, when, empty);
  must(valid == (word != NULL), "%d lines, %s: valid is %u", lines, when, valid);
  if (word != NULL) {
    must(data == *word, "%d lines, %s: word %08x, not %08x", lines, when, data, *word);
    must((int)got_last == last, "%d lines, %s: last is %u", lines, when, got_last);
  }
}

static void scramble(void) { /* the codes may change as soon as the answer has been taken */
  for (int l = 0; l < lines; l++) codes[l] = (int16_t)xt_sext((uint32_t)rng64(), (unsigned)bits);
  in.header = (uint32_t)rng64();
  in.lines = (uint32_t)rng_in(0, lines);
}

static void answer(void) {
  uint32_t words[LINES / 2 + 2];
  scramble();
  if (rng_one_in(3)) in.lines = (uint32_t)lines;
  if (rng_one_in(4)) /* both ends of a code */
    for (int l = 0; l < lines; l++) codes[l] = (int16_t)(rng_one_in(2) ? (1 << (bits - 1)) - 1 : -(1 << (bits - 1)));
  const size_t count = xt_result_words(words, (uint8_t)in.header, (uint8_t)(in.header >> 8), in.header >> 16, codes,
                                     (int32_t)in.lines);
  const int stall = (int)rng_in(0, 3);
  in.put = 1;
  in.ready = rng_one_in(2);
  put();
  expect(NULL, 0, "put");
  room_clock();
  in.put = 0;
  for (size_t k = 0; k < count;) {
    scramble();
    in.ready = stall == 0 || (int)rng_in(0, 3) >= stall;
    put();
    expect(&words[k], k + 1 == count, "answer");
    room_clock();
    if (in.ready) k++;
    if (rng_one_in(400)) {
      room_reset();
      break;
    }
  }
  for (int idle = (int)rng_in(0, 3); idle > 0; idle--) {
    in.ready = rng_one_in(2);
    put();
    expect(NULL, 0, "idle");
    room_clock();
  }
}

START_TEST(answers_follow_the_reference) {
  seed_rng("xt_result", 9);
  for (int s = 0; s < room_sizes(); s++) {
    room_select(s);
    lines = room_param(0);
    bits = room_param(1);
    memset(&in, 0, sizeof in);
    for (int k = 0; k < 300 - lines / 2; k++) answer();
  }
}
END_TEST

int main(void) {
  const TTest *const tests[] = {answers_follow_the_reference};
  return room_main("xt_result", tests, 1);
}
