/* SPDX-License-Identifier: Apache-2.0 */
/* xt_acc against a model from the text of SPEC section 6: sums of outer products, clamped; columns of every row, decay;
 * reads and writes of the bus between operations and in them; operations that stop anywhere, resets. */
#include <string.h>

#include "room.h"
#include "xt_bits.h"

enum { LINES = 64, AMP = (int)XT_AMP_BITS };

static int n, m, mag, bits, gang, sums;
static int64_t smax;
static int64_t s[LINES][LINES]; /* the sums */

static struct pins {
  int start, factor, sum, fetch, encode, flush, ahead, clear, busy, read, set;
  uint32_t row, exponent, decay, phases, sel, data;
  int x[LINES], d[LINES];
} in;

static uint32_t count; /* of phases, or rows clipped */
static bool shows;     /* a read in the cycle before */
static int64_t shown;
static int64_t fetched[LINES]; /* the row that the columns are of, as it was */

static void put_codes(const int *codes, int lines) {
  uint32_t size[LINES] = {0}, neg[2] = {0};
  for (int l = 0; l < lines; l++) {
    size[l] = (uint32_t)(codes[l] < 0 ? -codes[l] : codes[l]);
    neg[l / 32] |= (uint32_t)(codes[l] < 0) << l % 32;
  }
  room_put_sliced(size, lines, mag, lines);
  room_put_words(neg, lines);
}

static void put(void) {
  const int flags[] = {in.start, in.factor, in.sum,  in.fetch, in.encode, in.flush,
                       in.ahead, in.clear,  in.busy, in.read,  in.set};
  for (size_t k = 0; k < sizeof flags / sizeof *flags; k++) room_put((uint64_t)flags[k], 1);
  room_put(in.row, 16);
  room_put(in.exponent, 6);
  room_put(in.decay, 4);
  room_put(in.phases, 4);
  room_put(in.sel, 32);
  room_put(in.data, 32);
  put_codes(in.x, n);
  put_codes(in.d, m);
  room_settle();
}

/* {on, amplitude} of a sum: a column's level is 2 l + next of its leading one l. */
static int amplitude(int64_t sum, int *amp) {
  const int64_t size = sum < 0 ? -sum : sum;
  if (size == 0) return 0;
  const int l = xt_bitlen((uint64_t)size) - 1, next = l > 0 ? (int)(size >> (l - 1) & 1) : 0;
  const int code = (int)in.exponent - 2 * l - next;
  *amp = code > 0 ? code : 0;
  return *amp <= (1 << AMP) - 1;
}

static bool there(void) {
  return (int)(in.sel >> 16) < n && (int)(in.sel & 0xFFFF) < sums;
}

/* Gives the inputs of a cycle, looks at every output, and ends the cycle. */
static void cycle(const char *what) {
  put();
  const uint32_t got_count = (uint32_t)room_get(16), signs = (uint32_t)room_get(2), value = (uint32_t)room_get(32);
  uint32_t on[2] = {0}, neg[2] = {0}, amps[LINES] = {0}, want_signs = 0;
  must(got_count == count, "%dx%d %s: %u counted, not %u", n, m, what, got_count, count);
  must(value == (shows ? (uint32_t)shown : 0), "%dx%d %s: ACC is %d, not %" PRId64, n, m, what, (int32_t)value,
       shows ? shown : 0);
  room_get_words(on, m);
  room_get_sliced(amps, m, AMP);
  room_get_words(neg, m);
  for (int j = 0; j < m; j++) {
    const int64_t sum = fetched[j >> gang];
    int amp = 0;
    const int want = in.fetch && !in.clear && amplitude(s[in.row][j >> gang], &amp);
    if (want) want_signs |= s[in.row][j >> gang] < 0 ? 2 : 1;
    must((int)(on[j / 32] >> j % 32 & 1) == want, "%dx%d %s: column %d of sum %" PRId64 ", exponent %u: on is %d", n, m,
         what, j, sum, in.exponent, !want);
    must(!want || (int)amps[j] == amp, "%dx%d %s: column %d of sum %" PRId64 ", exponent %u: amplitude %u, not %d", n,
         m, what, j, sum, in.exponent, amps[j], amp);
    must((int)(neg[j / 32] >> j % 32 & 1) == (in.flush && sum < 0), "%dx%d %s: sign of column %d", n, m, what, j);
  }
  must(signs == want_signs, "%dx%d %s: signs %u, not %u", n, m, what, signs, want_signs);
  shows = in.read && !in.busy && there();
  if (shows) shown = s[in.sel >> 16][in.sel & 0xFFFF];
  if (in.set) s[in.sel >> 16][in.sel & 0xFFFF] = (int32_t)in.data;
  room_clock();
}

static void after_reset(void) {
  in.start = in.factor = in.sum = in.fetch = in.encode = in.flush = in.ahead = in.busy = in.read = in.set = 0;
  room_reset();
  count = 0;
  shows = false;
  memset(fetched, 0, sizeof fetched);
}

/* Codes of all sizes, 0 among them. */
static void any_codes(int *codes, int lines) {
  const int style = (int)rng_in(0, 6), most = (1 << mag) - 1;
  for (int l = 0; l < lines; l++) {
    const int size = style == 0 || rng_one_in(4) ? 0 : rng_one_in(3) ? most : (int)rng_in(1, most);
    codes[l] = style == 1 || (style > 2 && rng_one_in(2)) ? -size : size;
  }
}

static void any_sel(int beyond) {
  in.sel = (uint32_t)rng_in(0, n - 1 + beyond) << 16 | (uint32_t)rng_in(0, sums - 1 + beyond);
}

/* What the bus does in this cycle of an operation: reads, which give 0. */
static void bus_knocks(void) {
  in.read = rng_one_in(4);
  any_sel(1);
}

/* Does the operation stop with the cycle that was? A cut, or now and then a reset. */
static bool stops(int one_in) {
  if (!rng_one_in(one_in)) return false;
  if (rng_one_in(3)) after_reset();
  return true;
}

static void start(void) {
  in.busy = in.start = 1;
  bus_knocks();
  cycle("START");
  in.start = in.ahead = 0;
  count = 0;
}

static void finish(void) {
  in.factor = in.sum = in.fetch = in.encode = in.flush = in.ahead = 0;
  if (in.busy) {
    bus_knocks();
    cycle("END");
  }
  in.busy = in.read = 0;
}

static void accumulate(void) {
  int64_t d[LINES];
  any_codes(in.x, n);
  any_codes(in.d, m);
  in.exponent = (uint32_t)(rng_one_in(6) ? rng_in(0, 63) : rng_in(0, mag + 9));
  in.decay = (uint32_t)rng_in(0, 15);
  start();
  for (int k = 0; k < sums; k++) {
    const int code = in.d[k << gang];
    const uint64_t size = 256 * (uint64_t)(code < 0 ? -code : code);
    const int e = (int)in.exponent;
    const int64_t scaled = (int64_t)(e > 0 ? (size + (UINT64_C(1) << (e - 1))) >> e : size);
    d[k] = code < 0 ? -scaled : scaled;
  }
  in.factor = 1;
  cycle("ENCODE of ACCUMULATE");
  in.factor = 0;
  in.sum = 1;
  in.exponent = (uint32_t)rng_in(0, 63); /* no matter any more */
  for (int at = 0; at <= n; at++) {
    in.row = (uint32_t)at;
    in.ahead = at < n;
    bus_knocks();
    cycle("SUM");
    if (at > 0) {
      bool clipped = false;
      for (int k = 0; k < sums; k++) {
        int64_t *sum = &s[at - 1][k];
        const int64_t free = *sum + in.x[at - 1] * d[k];
        *sum = free > smax ? smax : free < -smax ? -smax : free;
        clipped |= *sum != free;
      }
      if (clipped) count++;
    }
    if (stops(40 * n)) break;
  }
}

static void update(void) {
  in.clear = rng_one_in(8);
  in.exponent = (uint32_t)(rng_one_in(2) ? rng_in(0, 63) : rng_in(10, 2 * bits));
  if (in.exponent > 63) in.exponent = 63;
  in.decay = (uint32_t)(rng_one_in(3) ? 0 : rng_one_in(3) ? rng_in(1, 15) : rng_in(1, 4));
  in.row = 0;
  in.ahead = 1;
  start();
  in.flush = 1;
  for (int i = 0; i < n; i++) {
    in.fetch = 1;
    bus_knocks();
    cycle("FETCH");
    in.fetch = 0;
    memcpy(fetched, s[i], sizeof fetched);
    if (stops(40 * n)) return;
    in.encode = 1;
    in.row = (uint32_t)i + 1;
    in.ahead = i + 1 < n;
    in.phases = (uint32_t)rng_in(0, 15);
    bus_knocks();
    cycle("ENCODE of ACC_UPDATE");
    in.encode = in.ahead = 0;
    count += (uint32_t)xt_bits_count(&in.phases, 1);
    for (int k = 0; k < sums; k++) {
      const int64_t size = s[i][k] < 0 ? -s[i][k] : s[i][k], round = (INT64_C(1) << in.decay) - 1;
      const int64_t left = in.decay == 0 || in.clear ? 0 : size - ((size + round) >> in.decay);
      s[i][k] = s[i][k] < 0 ? -left : left;
    }
    for (int pulses = (int)rng_in(0, 3); pulses > 0; pulses--) {
      bus_knocks();
      cycle("pulse");
    }
    if (stops(40 * n)) return;
  }
}

/* MTJ_UPDATE: its phases count too. */
static void single(void) {
  start();
  in.encode = 1;
  in.phases = (uint32_t)rng_in(0, 15);
  bus_knocks();
  cycle("ENCODE of MTJ_UPDATE");
  in.encode = 0;
  count += (uint32_t)xt_bits_count(&in.phases, 1);
}

static void bus(void) {
  for (int k = (int)rng_in(0, 6); k > 0; k--) {
    in.set = in.read = 0;
    if (shows)
      ; /* ACC_SEL stands in the cycle of the acknowledge */
    else
      any_sel(rng_one_in(8));
    if (rng_one_in(2) && there()) {
      in.set = 1;
      const int64_t value = rng_one_in(4)   ? (rng_one_in(2) ? smax : -smax)
                            : rng_one_in(3) ? 0
                                            : (int64_t)(rng64() % (uint64_t)(2 * smax + 1)) - smax;
      in.data = (uint32_t)(int32_t)(rng_one_in(2) ? value >> rng_in(0, bits - 1) : value);
    } else {
      in.read = 1;
    }
    cycle("bus");
  }
  in.set = in.read = 0;
  cycle("idle");
}

START_TEST(sums_follow_the_specification) {
  seed_rng("xt_acc", 41);
  for (int size = 0; size < room_sizes(); size++) {
    room_select(size);
    n = room_param(0), m = room_param(1), mag = room_param(2), bits = room_param(3), gang = room_param(4);
    sums = m >> gang;
    smax = (INT64_C(1) << (bits - 1)) - 1;
    memset(&in, 0, sizeof in);
    memset(s, 0, sizeof s);
    after_reset();
    for (int k = 0; k < 500; k++) {
      const int what = (int)rng_in(0, 7);
      if (what < 5)
        accumulate();
      else if (what < 7)
        update();
      else
        single();
      finish();
      bus();
    }
    for (int i = 0; i < n; i++) /* every sum at last */
      for (int k = 0; k < sums; k++) {
        in.read = 1;
        in.sel = (uint32_t)i << 16 | (uint32_t)k;
        cycle("read");
        in.read = 0;
        cycle("acknowledge");
      }
  }
}
END_TEST

/* Every leading one, and the bit below it, at an exponent that gives amplitude 0 and one beside it. */
START_TEST(every_level) {
  for (int size = 0; size < room_sizes(); size++) {
    room_select(size);
    n = room_param(0), m = room_param(1), mag = room_param(2), bits = room_param(3), gang = room_param(4);
    sums = m >> gang;
    memset(&in, 0, sizeof in);
    memset(s, 0, sizeof s);
    after_reset();
    for (int level = 0; level < 2 * (bits - 1); level++)
      for (int beside = -1; beside <= 33; beside += beside < 1 ? 1 : 16) {
        if (level == 1 || level + beside < 0 || level + beside > 63) continue; /* 1 has no bit below it */
        in.set = 1;
        in.sel = 0;
        in.data = UINT32_C(1) << level / 2 | (level & 1 ? UINT32_C(1) << (level / 2 - 1) : 0);
        cycle("write");
        in.set = 0;
        in.row = 0;
        in.ahead = 1;
        start();
        in.read = 0;
        in.flush = in.fetch = 1;
        in.exponent = (uint32_t)(level + beside);
        cycle("FETCH");
        in.fetch = 0;
        memcpy(fetched, s[0], sizeof fetched);
        in.encode = 1;
        in.row = 1;
        in.phases = 0;
        cycle("ENCODE");
        for (int k = 0; k < sums; k++) s[0][k] = 0;
        finish();
      }
  }
}
END_TEST

int main(void) {
  const TTest *const tests[] = {sums_follow_the_specification, every_level};
  return room_main("xt_acc", tests, 2);
}
