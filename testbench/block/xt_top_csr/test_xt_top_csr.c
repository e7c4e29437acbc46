/* SPDX-License-Identifier: Apache-2.0 */
/* xt_top_csr against a model of SPEC section 13: the address map, own registers, events and the interrupt. */
#include <string.h>

#include "room.h"
#include "xt_params.h"

enum { TILES = 16 };

static int tiles;
static uint32_t irq_status, irq_enable, bus_status, answers;
static int to_tile;                 /* the tile that answers in this cycle, or -1 */
static uint32_t own_data, own_code; /* otherwise */
static uint32_t rdata[TILES], status[TILES];

static struct pins {
  int valid, write, bad, err, err_write, answer, error, end;
  uint32_t addr, data, err_addr;
} in;

static void after_reset(void) {
  room_reset();
  irq_status = irq_enable = bus_status = answers = own_data = own_code = 0;
  to_tile = -1;
}

/* What an access of xt_top's own registers gives; it writes, too. */
static uint32_t own(uint32_t word, uint32_t *data, uint32_t *clear) {
  int writable = 0;
  *data = 0;
  switch (word) {
    case XT_CSR_TOP_ID:
      *data = XT_ID;
      break;
    case XT_CSR_TOP_PARAM_HASH:
      *data = XT_PARAM_HASH;
      break;
    case XT_CSR_TOP_TILES:
      *data = (uint32_t)tiles;
      break;
    case XT_CSR_IRQ_STATUS:
      *data = irq_status;
      writable = 1;
      break;
    case XT_CSR_IRQ_ENABLE:
      *data = irq_enable;
      writable = 1;
      break;
    case XT_CSR_BUS_STATUS:
      *data = bus_status;
      break;
    case XT_CSR_ANSWERS:
      *data = answers;
      break;
    default:
      return XT_CSR_ST_ADDRESS;
  }
  if (!in.write) return XT_CSR_ST_OK;
  if (!writable) return XT_CSR_ST_READONLY;
  if (word == XT_CSR_IRQ_ENABLE && in.data > 7) return XT_CSR_ST_VALUE;
  if (word == XT_CSR_IRQ_STATUS) *clear = in.data & 7;
  if (word == XT_CSR_IRQ_ENABLE) irq_enable = in.data;
  return XT_CSR_ST_OK;
}

static void cycle(void) {
  for (int t = 0; t < tiles; t++) {
    rdata[t] = (uint32_t)rng64();
    status[t] = (uint32_t)rng_in(XT_CSR_ST_OK, XT_CSR_ST_BUSY);
  }
  room_put((uint64_t)in.valid, 1);
  room_put((uint64_t)in.write, 1);
  room_put((uint64_t)in.bad, 1);
  room_put(in.addr, 18);
  room_put(in.data, 32);
  room_put((uint64_t)in.err, 1);
  room_put((uint64_t)in.err_write, 1);
  room_put(in.err_addr, 18);
  room_put((uint64_t)in.answer, 1);
  room_put((uint64_t)in.error, 1);
  room_put((uint64_t)in.end, 1);
  for (int t = 0; t < tiles; t++) room_put(rdata[t], 32);
  for (int t = 0; t < tiles; t++) room_put(status[t], 3);
  room_settle();

  const uint32_t data = (uint32_t)room_get(32), code = (uint32_t)room_get(3);
  const int irq = (int)room_get(1), write = (int)room_get(1);
  const uint32_t addr = (uint32_t)room_get(8), wdata = (uint32_t)room_get(32), valid = (uint32_t)room_get(tiles);
  const uint32_t want_code = to_tile >= 0 ? status[to_tile] : own_code;
  const uint32_t want_data = to_tile >= 0 ? rdata[to_tile] : own_data;
  must(code == want_code, "%d tiles: status %u, not %u", tiles, code, want_code);
  if (code == XT_CSR_ST_OK) /* xt_axil gives no other */
    must(data == want_data, "%d tiles: data %08x, not %08x", tiles, data, want_data);
  must(irq == ((irq_status & irq_enable) != 0), "%d tiles: irq %d, status %x, enable %x", tiles, irq, irq_status,
       irq_enable);

  uint32_t clear = 0, new_bus = bus_status;
  if (in.err) new_bus = code << 20 | (uint32_t)in.err_write << 18 | in.err_addr;
  const uint32_t tile = in.addr / XT_TOP_TILE_STRIDE, word = in.addr % XT_TOP_TILE_STRIDE / 4;
  to_tile = in.valid && !in.bad && tile < (uint32_t)tiles && word < 256 ? (int)tile : -1;
  must(valid == (to_tile >= 0 ? 1U << to_tile : 0), "%d tiles: access of %05x goes to %x", tiles, in.addr, valid);
  if (to_tile >= 0)
    must(write == in.write && addr == word && wdata == in.data, "%d tiles: access of %05x: %d %02x %08x", tiles,
         in.addr, write, addr, wdata);
  own_code = own_data = 0;
  if (in.valid && to_tile < 0) {
    own_code = XT_CSR_ST_ADDRESS;
    if (!in.bad && in.addr >= XT_TOP_BASE) own_code = own((in.addr - XT_TOP_BASE) / 4, &own_data, &clear);
  }
  irq_status &= ~clear;
  irq_status |= (uint32_t)in.answer << XT_IRQ_ANSWER | (uint32_t)in.err << XT_IRQ_BUS;
  if (in.answer) irq_status |= (uint32_t)in.error << XT_IRQ_ERROR;
  bus_status = new_bus;
  answers += (uint32_t)in.end;
  room_clock();
}

static void random_cycle(int quiet) {
  in.valid = !rng_one_in(3);
  in.write = rng_one_in(2);
  in.addr = (uint32_t)rng_in(0, (1 << 18) - 1);
  if (rng_one_in(3)) in.addr = (uint32_t)rng_in(0, tiles) * XT_TOP_TILE_STRIDE + 4 * (uint32_t)rng_in(0, 260);
  if (rng_one_in(2)) in.addr = XT_TOP_BASE + 4 * (uint32_t)rng_in(0, 8);
  in.bad = (in.addr & 3) != 0 || rng_one_in(8);
  in.data = rng_one_in(2) ? (uint32_t)rng_in(0, 8) : (uint32_t)rng64();
  in.answer = rng_one_in(quiet);
  in.error = rng_one_in(2); /* means nothing without answer */
  in.end = rng_one_in(quiet);
  /* an access is refused in the cycle of its answer only */
  in.err = (to_tile >= 0 || own_code != XT_CSR_ST_OK) && rng_one_in(quiet);
  in.err_write = rng_one_in(2);
  in.err_addr = (uint32_t)rng_in(0, (1 << 18) - 1);
  cycle();
}

START_TEST(accesses_and_events) {
  seed_rng("xt_top_csr", 19);
  for (int s = 0; s < room_sizes(); s++) {
    room_select(s);
    tiles = room_param(0);
    after_reset();
    for (int k = 0; k < 12000; k++) {
      random_cycle(1 + k / 100 % 6);
      if (rng_one_in(500)) after_reset();
    }
  }
}
END_TEST

/* The status of an answer is that of its first word: a negative code behind it is no error. */
START_TEST(only_the_first_word_tells_an_error) {
  seed_rng("xt_top_csr", 20);
  room_select(0);
  tiles = room_param(0);
  after_reset();
  for (int k = 0; k < 50; k++) {
    memset(&in, 0, sizeof in);
    in.answer = k % 2 == 0;
    in.error = !in.answer;
    cycle();
    ck_assert_uint_eq(irq_status >> XT_IRQ_ERROR & 1, 0);
    in = (struct pins){.valid = 1, .addr = XT_TOP_BASE + 4 * XT_CSR_IRQ_STATUS};
    cycle();
    in.valid = 0;
    cycle(); /* reads it */
  }
}
END_TEST

int main(void) {
  const TTest *const tests[] = {accesses_and_events, only_the_first_word_tells_an_error};
  return room_main("xt_top_csr", tests, 2);
}
