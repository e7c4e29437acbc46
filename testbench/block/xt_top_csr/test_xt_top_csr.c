/* SPDX-License-Identifier: Apache-2.0 */
/* xt_top_csr against a model of SPEC section 13: the address map, own registers, levels, events and the interrupt,
 * resets of single tiles. */
#include <string.h>

#include "room.h"
#include "xt_params.h"

enum { TILES = 16, ANSWER, DONE, IDLE, ERROR, SPACE };

static int n_tiles;
static uint32_t tiles, sources; /* masks */

/* Own registers by address: those that software writes, and events. */
static uint32_t reg[64];
static uint32_t bus_status, answers, irq;
static uint32_t before[SPACE]; /* levels of the cycle before, by kind */
static uint32_t resets;        /* tiles in the cycle of their reset */

static int to_tile;                 /* the tile that answers in this cycle, or -1 */
static uint32_t own_data, own_code; /* otherwise */
static uint32_t rdata[TILES], status[TILES];

static struct pins {
  int valid, write, partial, err, err_write, answered;
  uint32_t addr, data, err_addr, waits, errors, done, idle, space, op_end, on_bus;
} in;

static const struct own {
  uint8_t addr;
  int access;
  uint32_t legal; /* 0xFFFF: a bit per tile; 0x1FFFF: and the bit of packets for no tile */
} owns[] = {
    {XT_CSR_TOP_ID, XT_ACCESS_RO, 0},
    {XT_CSR_TOP_PARAM_HASH, XT_ACCESS_RO, 0},
    {XT_CSR_TOP_TILES, XT_ACCESS_RO, 0},
    {XT_CSR_IRQ_STATUS, XT_ACCESS_RO, 0},
    {XT_CSR_BUS_STATUS, XT_ACCESS_RO, 0},
    {XT_CSR_ANSWERS, XT_ACCESS_RO, 0},
    {XT_CSR_BUS_CTRL, XT_ACCESS_RW, 1},
    {XT_CSR_BUS_EVENT, XT_ACCESS_RW1C, 1},
    {XT_CSR_BUS_ENABLE, XT_ACCESS_RW, 1},
    {XT_CSR_TILE_RESET, XT_ACCESS_RW1S, 0xFFFF},
    {XT_CSR_ANSWER_NOW, XT_ACCESS_RO, 0},
    {XT_CSR_ANSWER_EVENT, XT_ACCESS_RW1C, 0x1FFFF},
    {XT_CSR_ANSWER_ENABLE, XT_ACCESS_RW, 0x1FFFF},
    {XT_CSR_ANSWER_LEVEL_ENABLE, XT_ACCESS_RW, 0x1FFFF},
    {XT_CSR_DONE_NOW, XT_ACCESS_RO, 0},
    {XT_CSR_DONE_EVENT, XT_ACCESS_RW1C, 0xFFFF},
    {XT_CSR_DONE_ENABLE, XT_ACCESS_RW, 0xFFFF},
    {XT_CSR_DONE_LEVEL_ENABLE, XT_ACCESS_RW, 0xFFFF},
    {XT_CSR_IDLE_NOW, XT_ACCESS_RO, 0},
    {XT_CSR_IDLE_EVENT, XT_ACCESS_RW1C, 0xFFFF},
    {XT_CSR_IDLE_ENABLE, XT_ACCESS_RW, 0xFFFF},
    {XT_CSR_IDLE_LEVEL_ENABLE, XT_ACCESS_RW, 0xFFFF},
    {XT_CSR_ERROR_NOW, XT_ACCESS_RO, 0},
    {XT_CSR_ERROR_EVENT, XT_ACCESS_RW1C, 0x1FFFF},
    {XT_CSR_ERROR_ENABLE, XT_ACCESS_RW, 0x1FFFF},
    {XT_CSR_ERROR_LEVEL_ENABLE, XT_ACCESS_RW, 0x1FFFF},
    {XT_CSR_SPACE_NOW, XT_ACCESS_RO, 0},
    {XT_CSR_SPACE_LEVEL_ENABLE, XT_ACCESS_RW, 0xFFFF},
};
enum { OWNS = sizeof owns / sizeof *owns };
/* Of the kinds ANSWER to ERROR. */
static const struct {
  uint8_t now, event, enable, level;
} kinds[SPACE] = {
    [ANSWER - 1] = {XT_CSR_ANSWER_NOW, XT_CSR_ANSWER_EVENT, XT_CSR_ANSWER_ENABLE, XT_CSR_ANSWER_LEVEL_ENABLE},
    [DONE - 1] = {XT_CSR_DONE_NOW, XT_CSR_DONE_EVENT, XT_CSR_DONE_ENABLE, XT_CSR_DONE_LEVEL_ENABLE},
    [IDLE - 1] = {XT_CSR_IDLE_NOW, XT_CSR_IDLE_EVENT, XT_CSR_IDLE_ENABLE, XT_CSR_IDLE_LEVEL_ENABLE},
    [ERROR - 1] = {XT_CSR_ERROR_NOW, XT_CSR_ERROR_EVENT, XT_CSR_ERROR_ENABLE, XT_CSR_ERROR_LEVEL_ENABLE},
};

static uint32_t mask_of(uint32_t legal) {
  return legal == 0xFFFF ? tiles : legal == 0x1FFFF ? sources : legal;
}

/* The levels of this cycle; a vector of sources has the bit of packets for no tile at n_tiles. */
static uint32_t spread(uint32_t v) {
  return (v & tiles) | (v >> n_tiles & 1) << XT_NO_TILE;
}
static uint32_t level(int kind) {
  return kind == ANSWER ? spread(in.waits) : kind == DONE ? in.done : kind == IDLE ? in.idle : spread(in.errors);
}

static uint32_t irq_status(void) {
  static const uint8_t bits[SPACE] = {
      [ANSWER - 1] = XT_IRQ_ANSWER, [DONE - 1] = XT_IRQ_DONE, [IDLE - 1] = XT_IRQ_IDLE, [ERROR - 1] = XT_IRQ_ERROR};
  uint32_t v = 0;
  for (int k = ANSWER; k < SPACE; k++) {
    const uint32_t sticky = reg[kinds[k - 1].event] & reg[kinds[k - 1].enable];
    if ((sticky | (level(k) & reg[kinds[k - 1].level])) != 0) v |= 1U << bits[k - 1];
  }
  if ((in.space & reg[XT_CSR_SPACE_LEVEL_ENABLE]) != 0) v |= 1U << XT_IRQ_SPACE;
  if ((reg[XT_CSR_BUS_EVENT] & reg[XT_CSR_BUS_ENABLE]) != 0) v |= 1U << XT_IRQ_BUS;
  return v;
}

static uint32_t shown(uint32_t word) {
  for (int k = ANSWER; k < SPACE; k++)
    if (word == kinds[k - 1].now) return level(k);
  switch (word) {
    case XT_CSR_TOP_ID:
      return XT_ID;
    case XT_CSR_TOP_PARAM_HASH:
      return XT_PARAM_HASH;
    case XT_CSR_TOP_TILES:
      return (uint32_t)n_tiles;
    case XT_CSR_IRQ_STATUS:
      return irq_status();
    case XT_CSR_BUS_STATUS:
      return bus_status;
    case XT_CSR_ANSWERS:
      return answers;
    case XT_CSR_SPACE_NOW:
      return in.space;
    default:
      return reg[word];
  }
}

static void after_reset(void) {
  room_reset();
  memset(reg, 0, sizeof reg);
  memset(before, 0, sizeof before);
  before[IDLE - 1] = tiles;
  bus_status = answers = irq = own_data = own_code = resets = 0;
  to_tile = -1;
}

static bool tile_register(uint32_t word) {
#define X(name, address, access, reset, smallest, largest) \
  if (word == (address)) return true;
  XT_CSR_TABLE(X)
#undef X
  return word >= XT_CSR_COUNTERS && word < XT_CSR_COUNTERS + 2 * XT_NUM_COUNTERS;
}

/* Status of an access that is not a tile's; *r: the own register, or NULL. */
static uint32_t judge(bool tile_known, const struct own **r) {
  const uint32_t word = in.addr >= XT_TOP_BASE ? (in.addr - XT_TOP_BASE) / 4 : UINT32_MAX;
  *r = NULL;
  for (int k = 0; k < OWNS; k++)
    if (owns[k].addr == word) *r = &owns[k];
  if (*r == NULL && !tile_known) return XT_CSR_ST_ADDRESS;
  if (in.partial) return XT_CSR_ST_PARTIAL;
  if (*r == NULL || !in.write) return XT_CSR_ST_OK;
  if ((*r)->access == XT_ACCESS_RO) return XT_CSR_ST_READONLY;
  if ((*r)->access == XT_ACCESS_RW && (in.data & ~mask_of((*r)->legal)) != 0) return XT_CSR_ST_VALUE;
  return XT_CSR_ST_OK;
}

static void put(void) {
  room_put((uint64_t)in.valid, 1);
  room_put((uint64_t)in.write, 1);
  room_put((uint64_t)in.partial, 1);
  room_put(in.addr, 18);
  room_put(in.data, 32);
  room_put((uint64_t)in.err, 1);
  room_put((uint64_t)in.err_write, 1);
  room_put(in.err_addr, 18);
  room_put((uint64_t)in.answered, 1);
  room_put(in.waits, n_tiles + 1);
  room_put(in.errors, n_tiles + 1);
  room_put(in.done, n_tiles);
  room_put(in.idle, n_tiles);
  room_put(in.space, n_tiles);
  room_put(in.op_end, n_tiles);
  room_put(in.on_bus, n_tiles);
  for (int t = 0; t < n_tiles; t++) room_put(rdata[t], 32);
  for (int t = 0; t < n_tiles; t++) room_put(status[t], 3);
  room_settle();
}

static void cycle(void) {
  for (int t = 0; t < n_tiles; t++) {
    rdata[t] = (uint32_t)rng64();
    status[t] = (uint32_t)rng_in(XT_CSR_ST_OK, XT_CSR_ST_BUSY);
  }
  const uint32_t closed = reg[XT_CSR_TILE_RESET], next_resets = closed & ~in.on_bus & ~resets;
  put();
  for (int k = 0; k < 78 + n_tiles; k++) (void)room_get(1); /* up to slverr_o */
  if (room_get(1) != 0) in.valid = 0;                       /* hold_o */
  put();

  const uint32_t data = (uint32_t)room_get(32), code = (uint32_t)room_get(3);
  const int got_irq = (int)room_get(1), write = (int)room_get(1);
  const uint32_t addr = (uint32_t)room_get(8), wdata = (uint32_t)room_get(32), valid = (uint32_t)room_get(n_tiles);
  const int slverr = (int)room_get(1), hold = (int)room_get(1);
  const uint32_t got_closed = (uint32_t)room_get(n_tiles), got_next = (uint32_t)room_get(n_tiles);
  const uint32_t got_reset = (uint32_t)room_get(n_tiles);
  const uint32_t want_code = to_tile >= 0 ? status[to_tile] : own_code;
  const uint32_t want_data = to_tile >= 0 ? rdata[to_tile] : own_data;
  must(code == want_code, "%d tiles: status %u, not %u", n_tiles, code, want_code);
  if (code == XT_CSR_ST_OK) /* xt_axil gives no other */
    must(data == want_data, "%d tiles: data %08x, not %08x", n_tiles, data, want_data);
  must(got_irq == (irq != 0), "%d tiles: irq %d, IRQ_STATUS was %x", n_tiles, got_irq, irq);
  must(slverr == (int)reg[XT_CSR_BUS_CTRL], "%d tiles: SLVERR %d", n_tiles, slverr);
  must(got_closed == closed && got_next == next_resets && got_reset == resets,
       "%d tiles: closed %x, reset next %x, reset %x, not %x %x %x", n_tiles, got_closed, got_next, got_reset, closed,
       next_resets, resets);
  must(hold == (resets != 0 || next_resets != 0), "%d tiles: hold %d", n_tiles, hold);

  /* where the access goes */
  const uint32_t tile = in.addr / XT_TOP_TILE_STRIDE, word = in.addr % XT_TOP_TILE_STRIDE / 4;
  const bool tile_known = tile < (uint32_t)n_tiles && tile_register(word);
  const struct own *r;
  const uint32_t verdict = judge(tile_known, &r);
  to_tile = in.valid && tile_known && !in.partial ? (int)tile : -1;
  must(valid == (to_tile >= 0 ? 1U << to_tile : 0), "%d tiles: access of %05x goes to %x", n_tiles, in.addr, valid);
  if (to_tile >= 0)
    must(write == in.write && addr == word && wdata == in.data, "%d tiles: access of %05x: %d %02x %08x", n_tiles,
         in.addr, write, addr, wdata);
  own_code = in.valid && to_tile < 0 ? verdict : XT_CSR_ST_OK;
  own_data = in.valid && r != NULL ? shown(r->addr) : 0;
  const bool store = in.valid && in.write && r != NULL && verdict == XT_CSR_ST_OK;
  irq = irq_status();

  /* the end of the cycle */
  const bool bus_clear = store && r->addr == XT_CSR_BUS_EVENT && (in.data & 1) != 0;
  if (in.err && (reg[XT_CSR_BUS_EVENT] == 0 || bus_clear))
    bus_status = code << 20 | (uint32_t)in.err_write << 18 | in.err_addr;
  if (store && r->access == XT_ACCESS_RW) reg[r->addr] = in.data;
  if (store && r->access == XT_ACCESS_RW1C) reg[r->addr] &= ~in.data;
  if (store && r->access == XT_ACCESS_RW1S) reg[r->addr] |= in.data & tiles;
  reg[XT_CSR_TILE_RESET] &= ~resets;
  for (int k = ANSWER; k < SPACE; k++) {
    uint32_t set = k == DONE ? in.op_end : level(k) & ~before[k - 1];
    if (k == IDLE) set &= ~resets;
    reg[kinds[k - 1].event] |= set;
    before[k - 1] = level(k);
  }
  reg[XT_CSR_BUS_EVENT] |= (uint32_t)in.err;
  answers += (uint32_t)in.answered;
  resets = next_resets;
  room_clock();
}

static uint32_t some(int quiet, uint32_t mask) {
  return rng_one_in(quiet) ? (uint32_t)rng64() & mask : 0;
}

static void random_cycle(int quiet) {
  in.valid = !rng_one_in(3);
  in.write = rng_one_in(2);
  in.addr = (uint32_t)rng_in(0, (1 << 18) - 1);
  if (rng_one_in(3)) in.addr = (uint32_t)rng_in(0, n_tiles) * XT_TOP_TILE_STRIDE + (uint32_t)rng_in(0, 1040);
  if (rng_one_in(2)) in.addr = XT_TOP_BASE + (uint32_t)rng_in(0, 4 * 36 - 1);
  in.partial = in.write && rng_one_in(8);
  in.data = rng_one_in(2) ? (uint32_t)rng_in(0, 8) : (uint32_t)rng64();
  if (rng_one_in(3)) in.data &= rng_one_in(2) ? sources : tiles;
  const uint32_t both = (2U << n_tiles) - 1;
  in.waits ^= some(quiet, both);
  in.errors = in.waits & (in.errors ^ some(quiet, both));
  in.done ^= some(quiet, tiles);
  in.idle ^= some(quiet, tiles);
  in.idle = (in.idle & ~reg[XT_CSR_TILE_RESET]) | resets; /* a reset makes idle */
  in.space ^= some(quiet, tiles);
  in.op_end = some(quiet, tiles);
  in.on_bus = some(2, tiles);
  in.on_bus &= ~in.on_bus + 1; /* one at most */
  in.answered = rng_one_in(quiet);
  /* an access is refused in the cycle of its answer only */
  in.err = (to_tile >= 0 || own_code != XT_CSR_ST_OK) && rng_one_in(quiet);
  in.err_write = rng_one_in(2);
  in.err_addr = (uint32_t)rng_in(0, (1 << 18) - 1);
  cycle();
}

static void select_size(int which) {
  room_select(which);
  n_tiles = room_param(0);
  tiles = (1U << n_tiles) - 1;
  sources = tiles | 1U << XT_NO_TILE;
  memset(&in, 0, sizeof in);
  in.done = in.idle = in.space = tiles;
  after_reset();
}

START_TEST(accesses_and_events) {
  seed_rng("xt_top_csr", 19);
  for (int s = 0; s < room_sizes(); s++) {
    select_size(s);
    for (int k = 0; k < 20000; k++) {
      random_cycle(1 + k / 100 % 9);
      if (rng_one_in(500)) after_reset();
    }
  }
}
END_TEST

static void own_write(uint32_t word, uint32_t data) {
  in.valid = in.write = 1;
  in.addr = XT_TOP_BASE + 4 * word;
  in.data = data;
  cycle();
  in.valid = in.write = 0;
}

/* A host that waits for one kind: its level, its sticky bit, and nothing else, raises the interrupt. */
START_TEST(every_kind_interrupts_for_itself) {
  seed_rng("xt_top_csr", 20);
  for (int k = ANSWER; k < SPACE; k++)
    for (int sticky = 0; sticky < 2; sticky++) {
      select_size(1);
      in.done = in.idle = 0;
      in.space = 0;
      before[IDLE - 1] = tiles;
      cycle();
      own_write(sticky ? kinds[k - 1].enable : kinds[k - 1].level, 2);
      for (int other = ANSWER; other < SPACE; other++) {
        in.waits = other == ANSWER || other == ERROR ? 2 : 0;
        in.errors = other == ERROR ? 2 : 0;
        in.idle = other == IDLE ? 2 : 0;
        in.done = other == DONE ? 2 : 0;
        in.op_end = in.done;
        cycle();
        in.op_end = 0;
        cycle();
        cycle();
        /* with an answer that has an error an answer waits, too */
        const int want = other == k || (k == ANSWER && other == ERROR);
        ck_assert_int_eq(irq != 0, want);
        in.waits = in.errors = in.idle = in.done = 0;
        cycle();
        own_write(kinds[k - 1].event, 2);
        cycle();
        cycle();
        ck_assert_int_eq(irq != 0, 0);
      }
    }
}
END_TEST

int main(void) {
  const TTest *const tests[] = {accesses_and_events, every_kind_interrupts_for_itself};
  return room_main("xt_top_csr", tests, 2);
}
