// SPDX-License-Identifier: Apache-2.0
// xt_top_csr: address map of xt_top, its own registers, the interrupt.
//
// Operation. rtl/SPEC.md section 13. A request goes to one tile's register port (tile_*), to a register of xt_top, or
//   nowhere; in the next cycle rsp_* is the tile's answer, the register's, or status ADDRESS. A request with
//   req_bad_i goes nowhere. Refusals of a write to a register of xt_top, in order: ADDRESS, READONLY, VALUE.
// Parameters. Tiles 1..16.
// Timing. One request per cycle; the answer one cycle later. A register has its new value one cycle after the request.
// Trace record. none. Golden counterpart. none: testbench/top, testbench/cocotb.
// Invariants. R1 at most one tile_valid_o. R2 an event in the cycle of its clear leaves the bit set.
`default_nettype none
module xt_top_csr #(
  parameter int Tiles = 1
) (
  input  wire logic clk_i,
  input  wire logic rst_ni,
  // request (bad: to be refused), and the answer one cycle later
  input  wire logic req_valid_i,
  input  wire logic req_write_i,
  input  wire logic req_bad_i,
  input  wire logic [17:0] req_addr_i,
  input  wire logic [31:0] req_wdata_i,
  output logic [31:0] rsp_rdata_o,
  output logic [2:0] rsp_status_o,
  // register ports of the tiles; write, address and data are the same for all
  output logic [Tiles-1:0] tile_valid_o,
  output logic tile_write_o,
  output logic [7:0] tile_addr_o,
  output logic [31:0] tile_wdata_o,
  input  wire logic [Tiles*32-1:0] tile_rdata_i,
  input  wire logic [Tiles*3-1:0] tile_status_i,
  // events: an access was refused, which
  input  wire logic err_i,
  input  wire logic err_write_i,
  input  wire logic [17:0] err_addr_i,
  input  wire logic answer_i,        // first word of an answer taken
  input  wire logic answer_error_i,  // its status is not OK
  input  wire logic answer_end_i,    // last word taken
  output logic irq_o
);

  // The map: tile, word within the tile; word within xt_top.
  localparam int StrideBits = $clog2(xt_pkg::TOP_TILE_STRIDE);
  logic own;
  logic [17:0] tile;
  logic [17:0] tile_word;
  logic [17:0] own_word;
  logic tile_hit;
  assign own = (32'(req_addr_i) >= xt_pkg::TOP_BASE);
  assign tile = req_addr_i >> StrideBits;
  assign tile_word = (req_addr_i & 18'(xt_pkg::TOP_TILE_STRIDE - 32'd1)) >> 2;
  assign own_word = (req_addr_i - 18'(xt_pkg::TOP_BASE)) >> 2;
  assign tile_hit = req_valid_i && !req_bad_i && !own && (32'(tile) < 32'(Tiles)) && (tile_word < 18'd256);

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

  // Own registers.
  logic [2:0] irq_status_q;
  logic [2:0] irq_enable_q;
  logic [22:0] bus_status_q;
  logic [31:0] answers_q;

  logic [2:0] status_d;
  logic [31:0] value;
  logic known;
  logic writable;
  logic value_ok;
  always @* begin
    known = 1'b1;
    writable = 1'b0;
    value_ok = 1'b1;
    value = 32'd0;
    case (own_word)
      18'(xt_pkg::CSR_TOP_ID): value = xt_pkg::ID;
      18'(xt_pkg::CSR_TOP_PARAM_HASH): value = xt_pkg::PARAM_HASH;
      18'(xt_pkg::CSR_TOP_TILES): value = 32'(Tiles);
      18'(xt_pkg::CSR_IRQ_STATUS): begin
        writable = 1'b1;
        value = 32'(irq_status_q);
      end
      18'(xt_pkg::CSR_IRQ_ENABLE): begin
        writable = 1'b1;
        value_ok = (req_wdata_i <= xt_pkg::MAX_IRQ_ENABLE);
        value = 32'(irq_enable_q);
      end
      18'(xt_pkg::CSR_BUS_STATUS): value = 32'(bus_status_q);
      18'(xt_pkg::CSR_ANSWERS): value = answers_q;
      default: known = 1'b0;
    endcase
    status_d = xt_pkg::CSR_ST_OK;
    if (req_bad_i || !own || !known) status_d = xt_pkg::CSR_ST_ADDRESS;
    else if (req_write_i && !writable) status_d = xt_pkg::CSR_ST_READONLY;
    else if (req_write_i && !value_ok) status_d = xt_pkg::CSR_ST_VALUE;
  end

  logic store;
  assign store = req_valid_i && req_write_i && (status_d == xt_pkg::CSR_ST_OK);

  // Interrupt bits: set by events, cleared by a written 1, an event wins.
  logic [2:0] clear;
  logic [2:0] set;
  always @* begin
    clear = (store && own_word == 18'(xt_pkg::CSR_IRQ_STATUS)) ? req_wdata_i[2:0] : 3'b000;
    set = 3'b000;
    set[xt_pkg::IRQ_ANSWER] = answer_i;
    set[xt_pkg::IRQ_ERROR] = answer_i && answer_error_i;
    set[xt_pkg::IRQ_BUS] = err_i;
  end

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      irq_status_q <= 3'(xt_pkg::RST_IRQ_STATUS);
      irq_enable_q <= 3'(xt_pkg::RST_IRQ_ENABLE);
      bus_status_q <= 23'd0;
      answers_q <= 32'd0;
    end else begin
      irq_status_q <= (irq_status_q & ~clear) | set;
      if (store && own_word == 18'(xt_pkg::CSR_IRQ_ENABLE)) irq_enable_q <= req_wdata_i[2:0];
      if (err_i) bus_status_q <= {rsp_status_o, 1'b0, err_write_i, err_addr_i};
      if (answer_end_i) answers_q <= answers_q + 32'd1;
    end
  end
  assign irq_o = |(irq_status_q & irq_enable_q);

  // The answer: of a tile, or of here.
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
      value_q <= req_valid_i ? value : 32'd0;
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
