/* SPDX-License-Identifier: Apache-2.0 */
/* xt_axil against a model of AXI4-Lite as SPEC section 13 has it: every channel in every cycle. */
#include <string.h>

#include "room.h"
#include "xt_params.h"

enum { OKAY = 0, SLVERR = 2 };

/* The target as the bus may see it. */
struct channel {
  int waits;     /* an access has been handed over, its response is not taken */
  int requested; /* cycles since its request; 0: not yet */
  uint32_t addr, rdata, resp;
};
static struct channel w, r;
static int have_aw, have_w; /* parts of the write in w */
static uint32_t wdata, wstrb;
static int last_was_write, live;

static struct pins {
  int awvalid, wvalid, arvalid, bready, rready, hold, slverr;
  uint32_t awaddr, awprot, wdata, wstrb, araddr, arprot, rdata, status;
} in;

static void put(void) {
  room_put((uint64_t)in.awvalid, 1);
  room_put(in.awaddr, 18);
  room_put(in.awprot, 3);
  room_put((uint64_t)in.wvalid, 1);
  room_put(in.wdata, 32);
  room_put(in.wstrb, 4);
  room_put((uint64_t)in.arvalid, 1);
  room_put(in.araddr, 18);
  room_put(in.arprot, 3);
  room_put((uint64_t)in.bready, 1);
  room_put((uint64_t)in.rready, 1);
  room_put(in.rdata, 32);
  room_put(in.status, 3);
  room_put((uint64_t)in.hold, 1);
  room_put((uint64_t)in.slverr, 1);
  room_settle();
}

static void after_reset(void) {
  room_reset();
  memset(&w, 0, sizeof w);
  memset(&r, 0, sizeof r);
  memset(&in, 0, sizeof in);
  have_aw = have_w = last_was_write = live = 0;
}

static uint32_t address(void) {
  return rng_one_in(4) ? (uint32_t)rng_in(0, (1 << 18) - 1) : (uint32_t)rng_in(0, (1 << 16) - 1) * 4;
}

/* A cycle in which the rates are in percent. */
static void cycle(int offer, int take, int hold) {
  if (!in.awvalid && rng_in(0, 99) < offer) in.awvalid = 1, in.awaddr = address();
  if (!in.wvalid && rng_in(0, 99) < offer)
    in.wvalid = 1, in.wdata = (uint32_t)rng64(), in.wstrb = rng_one_in(3) ? (uint32_t)rng_in(0, 15) : 15;
  if (in.wvalid && rng_one_in(9)) in.wstrb = 0;
  if (!in.arvalid && rng_in(0, 99) < offer) in.arvalid = 1, in.araddr = address();
  in.awprot = (uint32_t)rng_in(0, 7);
  in.arprot = (uint32_t)rng_in(0, 7);
  in.bready = rng_in(0, 99) < take;
  in.rready = rng_in(0, 99) < take;
  in.rdata = (uint32_t)rng64();
  in.status = rng_one_in(2) ? XT_CSR_ST_OK : (uint32_t)rng_in(XT_CSR_ST_ADDRESS, XT_CSR_ST_PARTIAL);
  if (w.requested == 1 && wstrb == 0) in.status = XT_CSR_ST_OK; /* nobody was asked */
  in.hold = rng_in(0, 99) < hold;
  in.slverr = rng_one_in(2);
  put();

  const int aw_ready = (int)room_get(1), w_ready = (int)room_get(1), ar_ready = (int)room_get(1);
  const int b_valid = (int)room_get(1);
  const uint32_t b_resp = (uint32_t)room_get(2);
  const int r_valid = (int)room_get(1);
  const uint32_t r_data = (uint32_t)room_get(32), r_resp = (uint32_t)room_get(2);
  const int req = (int)room_get(1), req_write = (int)room_get(1), req_partial = (int)room_get(1);
  const uint32_t req_addr = (uint32_t)room_get(18), req_wdata = (uint32_t)room_get(32);
  const int err = (int)room_get(1), err_write = (int)room_get(1);
  const uint32_t err_addr = (uint32_t)room_get(18);

  must(aw_ready == (live && !have_aw), "AWREADY is %d", aw_ready);
  must(w_ready == (live && !have_w), "WREADY is %d", w_ready);
  must(ar_ready == (live && !r.waits), "ARREADY is %d", ar_ready);
  must(b_valid == (w.requested >= 2), "BVALID is %d, %d cycles after the request", b_valid, w.requested);
  must(r_valid == (r.requested >= 2), "RVALID is %d, %d cycles after the request", r_valid, r.requested);
  if (b_valid) must(b_resp == w.resp, "BRESP is %u, not %u", b_resp, w.resp);
  if (r_valid) must(r_resp == r.resp && r_data == r.rdata, "R: %u %08x, not %u %08x", r_resp, r_data, r.resp, r.rdata);

  /* reads and writes that wait take turns; a write of no byte takes its turn, but asks nobody */
  const int write_wants = have_aw && have_w && !w.requested && !in.hold;
  const int read_wants = r.waits && !r.requested && !in.hold;
  const int write_goes = write_wants && !(read_wants && last_was_write), read_goes = read_wants && !write_goes;
  must(req == ((write_goes && wstrb != 0) || read_goes), "a request: %d, write %d (strobes %x), read %d", req,
       write_goes, wstrb, read_goes);
  if (req) {
    must(req_write == write_goes, "a request: write %d, not %d", req_write, write_goes);
    const uint32_t addr = req_write ? w.addr : r.addr;
    const int partial = req_write && wstrb != 15;
    must(req_addr == addr && req_partial == partial, "request at %05x partial %d, not %05x %d", req_addr, req_partial,
         addr, partial);
    must(!req_write || req_wdata == wdata, "request with %08x, not %08x", req_wdata, wdata);
  }
  /* the answer of the request before */
  const int refused = in.status != XT_CSR_ST_OK;
  const int w_answered = w.requested == 1, r_answered = r.requested == 1;
  must(err == ((w_answered || r_answered) && refused), "err_o is %d", err);
  if (err)
    must(err_write == w_answered && err_addr == (w_answered ? w.addr : r.addr), "err_o: write %d at %05x", err_write,
         err_addr);

  const int aw_go = in.awvalid && aw_ready, w_go = in.wvalid && w_ready, ar_go = in.arvalid && ar_ready;
  const uint32_t resp = refused && in.slverr ? SLVERR : OKAY;
  if (w_answered) w.resp = resp;
  if (r_answered) r.resp = resp, r.rdata = refused ? 0 : in.rdata;
  if (w.requested) w.requested++;
  if (r.requested) r.requested++;
  if (write_goes || read_goes) {
    (write_goes ? &w : &r)->requested = 1;
    last_was_write = write_goes;
  }
  if (b_valid && in.bready) w.requested = have_aw = have_w = 0;
  if (r_valid && in.rready) r.requested = r.waits = 0;
  if (aw_go) have_aw = 1, w.addr = in.awaddr;
  if (w_go) have_w = 1, wdata = in.wdata, wstrb = in.wstrb;
  if (ar_go) r.waits = 1, r.addr = in.araddr;
  room_clock();
  live = 1;
  if (aw_go) in.awvalid = 0;
  if (w_go) in.wvalid = 0;
  if (ar_go) in.arvalid = 0;
}

START_TEST(every_channel_in_every_cycle) {
  seed_rng("xt_axil", 14);
  room_select(0);
  after_reset();
  for (int round = 0; round < 60; round++) {
    const int offer = rng_one_in(3) ? 100 : (int)rng_in(5, 95), take = rng_one_in(3) ? 100 : (int)rng_in(5, 95);
    const int hold = rng_one_in(2) ? 0 : (int)rng_in(1, 60);
    for (int k = 0; k < 600; k++) cycle(offer, take, hold);
    if (rng_one_in(2)) after_reset();
  }
}
END_TEST

START_TEST(reads_and_writes_take_turns) {
  seed_rng("xt_axil", 15);
  room_select(0);
  after_reset();
  for (int k = 0; k < 2000; k++) cycle(100, 50, 0);
}
END_TEST

int main(void) {
  const TTest *const tests[] = {every_channel_in_every_cycle, reads_and_writes_take_turns};
  return room_main("xt_axil", tests, 2);
}
