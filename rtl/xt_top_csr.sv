// SPDX-License-Identifier: Apache-2.0
// xt_top_csr: address map of xt_top, its own registers, events and interrupt, resets of single tiles.
//
// Operation. rtl/SPEC.md section 13. A request goes to one tile's register port (tile_*), to a register of xt_top, or
//   nowhere; in the next cycle rsp_* is the tile's answer, the register's, or a refusal. Refusals, in order: ADDRESS,
//   PARTIAL, READONLY, (of a tile) BUSY, VALUE.
//   Levels come from the streams; an event is a level that became 1 (ANSWER, IDLE, ERROR) or a strobe (DONE, BUS).
//   A tile whose bit of TILE_RESET is written is closed; it is reset, for a cycle, as soon as it has not the result
//   stream.
// Parameters. Tiles 1..16.
// Timing. One request per cycle, none in a cycle with hold_o; the answer one cycle later. A register has its new value
//   one cycle after the request. irq_o is the OR of IRQ_STATUS one cycle later. reset_o is a register.
// Trace record. none. Golden counterpart. none: testbench/top, testbench/cocotb.
// Invariants. R1 at most one tile_valid_o. R2 an event in the cycle of its clear leaves the bit set. R3 irq_o tells
//   what a bit of IRQ_STATUS explained in the cycle before. R4 a refused write changes no register. R5 a tile is reset
//   only while it is closed and has not the result stream. R6 no request reaches a tile in the cycle of a reset or
//   before it.
`default_nettype none
module xt_top_csr #(
  parameter int Tiles = 1
) (
  input  wire logic clk_i,
  input  wire logic rst_ni,
  // request (partial: a write that strobes some bytes only), and the answer one cycle later; no request now
  input  wire logic req_valid_i,
  input  wire logic req_write_i,
  input  wire logic req_partial_i,
  input  wire logic [17:0] req_addr_i,
  input  wire logic [31:0] req_wdata_i,
  output logic [31:0] rsp_rdata_o,
  output logic [2:0] rsp_status_o,
  output logic hold_o,
  // register ports of the tiles; write, address and data are the same for all
  output logic [Tiles-1:0] tile_valid_o,
  output logic tile_write_o,
  output logic [7:0] tile_addr_o,
  output logic [31:0] tile_wdata_o,
  input  wire logic [Tiles*32-1:0] tile_rdata_i,
  input  wire logic [Tiles*3-1:0] tile_status_i,
  // an access was refused, which; BUS_CTRL: such are answered SLVERR
  input  wire logic err_i,
  input  wire logic err_write_i,
  input  wire logic [17:0] err_addr_i,
  output logic slverr_o,
  // levels (bit Tiles: packets for no tile); an operation is in END; the last word of an answer is taken
  input  wire logic [Tiles:0] waits_i,
  input  wire logic [Tiles:0] errors_i,
  input  wire logic [Tiles-1:0] done_i,
  input  wire logic [Tiles-1:0] idle_i,
  input  wire logic [Tiles-1:0] space_i,
  input  wire logic [Tiles-1:0] op_end_i,
  input  wire logic answered_i,
  output logic irq_o,
  // tiles that wait for their reset; they are reset at the end of this cycle; their reset; tiles that have the result
  // stream
  output logic [Tiles-1:0] closed_o,
  output logic [Tiles-1:0] reset_next_o,
  output logic [Tiles-1:0] reset_o,
  input  wire logic [Tiles-1:0] on_bus_i
);

  localparam logic [16:0] TILES = 17'((1 << Tiles) - 1);
  localparam logic [16:0] SOURCES = TILES | (17'd1 << xt_pkg::NO_TILE);

  // ---- the map: tile, word within the tile; word within xt_top

  localparam int StrideBits = $clog2(xt_pkg::TOP_TILE_STRIDE);
  logic own;
  logic [17:0] tile;
  logic [17:0] tile_word;
  logic [17:0] own_word;
  logic tile_known;
  logic tile_hit;
  assign own = (32'(req_addr_i) >= xt_pkg::TOP_BASE);
  assign tile = req_addr_i >> StrideBits;
  assign tile_word = (req_addr_i & 18'(xt_pkg::TOP_TILE_STRIDE - 32'd1)) >> 2;
  assign own_word = (req_addr_i - 18'(xt_pkg::TOP_BASE)) >> 2;
  assign tile_known = !own && (32'(tile) < 32'(Tiles)) && (tile_word < 18'd256) && xt_pkg::csr_known(tile_word[7:0]);

  assign tile_hit = req_valid_i && tile_known && !req_partial_i;

  integer t;
  always @* begin
    tile_valid_o = Tiles'(1'b0);
    for (t = 0; t < Tiles; t = t + 1) begin
      if (tile_hit && 32'(tile) == 32'(t)) tile_valid_o[t] = 1'b1;
    end
  end
  assign tile_write_o = req_write_i;
  assign tile_addr_o = tile_word[7:0];
  assign tile_wdata_o = req_wdata_i;

  // ---- levels and events; kind k (IRQ_*) of ANSWER, DONE, IDLE, ERROR: bits 17 k + 16 .. 17 k, one per source

  localparam int Kinds = 4;
  localparam int A = 17 * 32'(xt_pkg::IRQ_ANSWER);
  localparam int D = 17 * 32'(xt_pkg::IRQ_DONE);
  localparam int I = 17 * 32'(xt_pkg::IRQ_IDLE);
  localparam int E = 17 * 32'(xt_pkg::IRQ_ERROR);

  // A vector of sources with the bit of packets for no tile at NO_TILE.
  function automatic [16:0] sources(input [Tiles:0] v);
    sources = 17'(v[Tiles-1:0]) | (17'(v[Tiles]) << xt_pkg::NO_TILE);
  endfunction

  // The sources that a kind has.
  function automatic [16:0] of_kind(input integer kind);
    of_kind = (kind == 32'(xt_pkg::IRQ_ANSWER) || kind == 32'(xt_pkg::IRQ_ERROR)) ? SOURCES : TILES;
  endfunction

  logic [17*Kinds-1:0] now;
  logic [16:0] space;
  assign now[A +: 17] = sources(waits_i);
  assign now[D +: 17] = 17'(done_i);
  assign now[I +: 17] = 17'(idle_i);
  assign now[E +: 17] = sources(errors_i);
  assign space = 17'(space_i);

  logic [17*Kinds-1:0] before_q;  // levels of the cycle before
  logic [17*Kinds-1:0] event_q;
  logic [17*Kinds-1:0] enable_q;
  logic [17*Kinds-1:0] level_enable_q;
  logic [16:0] space_enable_q;
  logic bus_event_q;
  logic bus_enable_q;
  logic slverr_q;
  logic [22:0] bus_status_q;
  logic [31:0] answers_q;
  logic [Tiles-1:0] closed_q;
  logic [Tiles-1:0] reset_q;
  logic irq_q;

  logic [5:0] irq_status;
  integer k;
  always @* begin
    irq_status = 6'd0;
    for (k = 0; k < Kinds; k = k + 1) begin
      irq_status[k] = |((event_q[17 * k +: 17] & enable_q[17 * k +: 17])
                        | (now[17 * k +: 17] & level_enable_q[17 * k +: 17]));
    end
    irq_status[xt_pkg::IRQ_SPACE] = |(space & space_enable_q);
    irq_status[xt_pkg::IRQ_BUS] = bus_event_q && bus_enable_q;
  end

  // ---- own registers

  logic [2:0] status_d;
  logic [31:0] value;
  logic own_known;
  logic writable;
  logic [31:0] legal;           // bits that can be written; a write of others is refused
  logic [Kinds-1:0] hit_event;  // which register
  logic [Kinds-1:0] hit_enable;
  logic [Kinds-1:0] hit_level;
  logic hit_space;
  logic hit_ctrl;
  logic hit_bus_event;
  logic hit_bus_enable;
  logic hit_reset;
  always @* begin
    own_known = 1'b1;
    value = 32'd0;
    hit_event = Kinds'(1'b0);
    hit_enable = Kinds'(1'b0);
    hit_level = Kinds'(1'b0);
    hit_space = 1'b0;
    hit_ctrl = 1'b0;
    hit_bus_event = 1'b0;
    hit_bus_enable = 1'b0;
    hit_reset = 1'b0;
    case (own_word)
      18'(xt_pkg::CSR_TOP_ID): value = xt_pkg::ID;
      18'(xt_pkg::CSR_TOP_PARAM_HASH): value = xt_pkg::PARAM_HASH;
      18'(xt_pkg::CSR_TOP_TILES): value = 32'(Tiles);
      18'(xt_pkg::CSR_IRQ_STATUS): value = 32'(irq_status);
      18'(xt_pkg::CSR_BUS_STATUS): value = 32'(bus_status_q);
      18'(xt_pkg::CSR_ANSWERS): value = answers_q;
      18'(xt_pkg::CSR_BUS_CTRL): hit_ctrl = 1'b1;
      18'(xt_pkg::CSR_BUS_EVENT): hit_bus_event = 1'b1;
      18'(xt_pkg::CSR_BUS_ENABLE): hit_bus_enable = 1'b1;
      18'(xt_pkg::CSR_TILE_RESET): hit_reset = 1'b1;
      18'(xt_pkg::CSR_ANSWER_NOW): value = 32'(now[A +: 17]);
      18'(xt_pkg::CSR_ANSWER_EVENT): hit_event[xt_pkg::IRQ_ANSWER] = 1'b1;
      18'(xt_pkg::CSR_ANSWER_ENABLE): hit_enable[xt_pkg::IRQ_ANSWER] = 1'b1;
      18'(xt_pkg::CSR_ANSWER_LEVEL_ENABLE): hit_level[xt_pkg::IRQ_ANSWER] = 1'b1;
      18'(xt_pkg::CSR_DONE_NOW): value = 32'(now[D +: 17]);
      18'(xt_pkg::CSR_DONE_EVENT): hit_event[xt_pkg::IRQ_DONE] = 1'b1;
      18'(xt_pkg::CSR_DONE_ENABLE): hit_enable[xt_pkg::IRQ_DONE] = 1'b1;
      18'(xt_pkg::CSR_DONE_LEVEL_ENABLE): hit_level[xt_pkg::IRQ_DONE] = 1'b1;
      18'(xt_pkg::CSR_IDLE_NOW): value = 32'(now[I +: 17]);
      18'(xt_pkg::CSR_IDLE_EVENT): hit_event[xt_pkg::IRQ_IDLE] = 1'b1;
      18'(xt_pkg::CSR_IDLE_ENABLE): hit_enable[xt_pkg::IRQ_IDLE] = 1'b1;
      18'(xt_pkg::CSR_IDLE_LEVEL_ENABLE): hit_level[xt_pkg::IRQ_IDLE] = 1'b1;
      18'(xt_pkg::CSR_ERROR_NOW): value = 32'(now[E +: 17]);
      18'(xt_pkg::CSR_ERROR_EVENT): hit_event[xt_pkg::IRQ_ERROR] = 1'b1;
      18'(xt_pkg::CSR_ERROR_ENABLE): hit_enable[xt_pkg::IRQ_ERROR] = 1'b1;
      18'(xt_pkg::CSR_ERROR_LEVEL_ENABLE): hit_level[xt_pkg::IRQ_ERROR] = 1'b1;
      18'(xt_pkg::CSR_SPACE_NOW): value = 32'(space);
      18'(xt_pkg::CSR_SPACE_LEVEL_ENABLE): hit_space = 1'b1;
      default: own_known = 1'b0;
    endcase
  end

  // What a writable one shows, and takes: enables as many bits as there are sources; events and resets ignore others.
  logic [31:0] shown;
  integer h;
  always @* begin
    shown = value;
    writable = 1'b0;
    legal = 32'd0;
    for (h = 0; h < Kinds; h = h + 1) begin
      if (hit_event[h]) shown = 32'(event_q[17 * h +: 17]);
      if (hit_enable[h]) shown = 32'(enable_q[17 * h +: 17]);
      if (hit_level[h]) shown = 32'(level_enable_q[17 * h +: 17]);
      if (hit_enable[h] || hit_level[h]) legal = 32'(of_kind(h));
    end
    if (hit_space) begin
      shown = 32'(space_enable_q);
      legal = 32'(TILES);
    end
    if (hit_ctrl) shown = 32'(slverr_q);
    if (hit_bus_event) shown = 32'(bus_event_q);
    if (hit_bus_enable) shown = 32'(bus_enable_q);
    if (hit_ctrl || hit_bus_enable) legal = 32'd1;
    if (hit_reset) shown = 32'(closed_q);
    if ((hit_event != Kinds'(1'b0)) || hit_bus_event || hit_reset) legal = 32'hffffffff;
    writable = (legal != 32'd0);
  end

  always @* begin
    status_d = xt_pkg::CSR_ST_OK;
    if (!tile_known && !(own && own_known)) status_d = xt_pkg::CSR_ST_ADDRESS;
    else if (req_partial_i) status_d = xt_pkg::CSR_ST_PARTIAL;
    else if (own && req_write_i && !writable) status_d = xt_pkg::CSR_ST_READONLY;
    else if (own && req_write_i && (req_wdata_i & ~legal) != 32'd0) status_d = xt_pkg::CSR_ST_VALUE;
  end

  logic store;
  assign store = req_valid_i && req_write_i && own && (status_d == xt_pkg::CSR_ST_OK);

  // Events: set by what happens, cleared by a written 1; what happens wins. A tile's reset makes it idle: no event.
  logic [17*Kinds-1:0] set;
  logic [17*Kinds-1:0] clear;
  logic [17*Kinds-1:0] clear_all;  // the written ones
  logic bus_clear;
  logic [16:0] quiet;
  assign quiet = 17'(reset_q);
  assign clear_all = {Kinds{req_wdata_i[16:0]}};
  assign bus_clear = store && hit_bus_event && req_wdata_i[0];
  integer e;
  always @* begin
    set = now & ~before_q;
    set[D +: 17] = 17'(op_end_i);
    set[I +: 17] = set[I +: 17] & ~quiet;
    clear = (17 * Kinds)'(1'b0);
    for (e = 0; e < Kinds; e = e + 1) begin
      if (store && hit_event[e]) clear[17 * e +: 17] = clear_all[17 * e +: 17];
    end
  end

  logic [Tiles-1:0] reset_d;
  assign reset_d = closed_q & ~on_bus_i & ~reset_q;

  integer f;
  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      before_q <= (17 * Kinds)'(TILES) << I;
      event_q <= (17 * Kinds)'(1'b0);
      enable_q <= (17 * Kinds)'(1'b0);
      level_enable_q <= (17 * Kinds)'(1'b0);
      space_enable_q <= 17'd0;
      bus_event_q <= 1'b0;
      bus_enable_q <= 1'b0;
      slverr_q <= 1'b0;
      bus_status_q <= 23'd0;
      answers_q <= 32'd0;
      closed_q <= Tiles'(1'b0);
      reset_q <= Tiles'(1'b0);
      irq_q <= 1'b0;
    end else begin
      before_q <= now;
      event_q <= (event_q & ~clear) | set;
      for (f = 0; f < Kinds; f = f + 1) begin
        if (store && hit_enable[f]) enable_q[17 * f +: 17] <= req_wdata_i[16:0];
        if (store && hit_level[f]) level_enable_q[17 * f +: 17] <= req_wdata_i[16:0];
      end
      if (store && hit_space) space_enable_q <= req_wdata_i[16:0];
      bus_event_q <= (bus_event_q && !bus_clear) || err_i;
      if (store && hit_bus_enable) bus_enable_q <= req_wdata_i[0];
      if (store && hit_ctrl) slverr_q <= req_wdata_i[0];
      if (err_i && (!bus_event_q || bus_clear)) bus_status_q <= {rsp_status_o, 1'b0, err_write_i, err_addr_i};
      if (answered_i) answers_q <= answers_q + 32'd1;
      closed_q <= (closed_q | ((store && hit_reset) ? req_wdata_i[Tiles-1:0] : Tiles'(1'b0))) & ~reset_q;
      reset_q <= reset_d;
      irq_q <= |irq_status;
    end
  end
  assign slverr_o = slverr_q;
  assign irq_o = irq_q;
  assign closed_o = closed_q;
  assign reset_next_o = reset_d;
  assign reset_o = reset_q;
  // The answer of a tile would be lost with it.
  assign hold_o = (|reset_d) || (|reset_q);

  // ---- the answer: of a tile, or of here

  logic [Tiles-1:0] from_tile_q;
  logic [2:0] status_q;
  logic [31:0] value_q;
  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      from_tile_q <= Tiles'(1'b0);
      status_q <= xt_pkg::CSR_ST_OK;
      value_q <= 32'd0;
    end else begin
      from_tile_q <= tile_valid_o;
      status_q <= req_valid_i ? status_d : xt_pkg::CSR_ST_OK;
      value_q <= (req_valid_i && own) ? shown : 32'd0;
    end
  end

  integer r;
  always @* begin
    rsp_rdata_o = value_q;
    rsp_status_o = status_q;
    for (r = 0; r < Tiles; r = r + 1) begin
      if (from_tile_q[r]) begin
        rsp_rdata_o = tile_rdata_i[32 * r +: 32];
        rsp_status_o = tile_status_i[3 * r +: 3];
      end
    end
  end

endmodule
`default_nettype wire
