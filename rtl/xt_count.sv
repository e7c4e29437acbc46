// SPDX-License-Identifier: Apache-2.0
// xt_count: the counters of the tile.
//
// Operation. Counter k = counter k + its increment, in every cycle of a command; RESET clears all and, unless it is
//   refused, is not counted itself; set_i writes a word. One line of the table below per row of [counter] in
//   rtl/xt_params.toml.
// Parameters. N, M 1..32768.
// Timing. hits_i belong to the PULSE, rails_i, overs_i to the read that ended in the cycle before; a read, a train and
//   a transfer count in the cycle after their end, too, so that nothing long stands before an adder: all counters are
//   complete in END, whose record shows counters_d_o, the values after the edge. set_i only without a command. A slot
//   counts in the last cycle of its pulse, an upset in the first one.
// Trace record. counters.
// Golden counterpart. refc/xt_count.c
// Invariants. R1 CYCLES grows by exactly the cycles from START to END, in END. R2 no counter moves without a command,
//   but by set_i the one word that it names.
`default_nettype none
`include "xt_types.svh"
module xt_count #(
  parameter int N = 784,
  parameter int M = 128
) (
  input  wire logic clk_i,
  input  wire logic rst_ni,
  // what happens
  input  wire logic running_i,  // a command runs or waits after END
  /* verilator lint_off UNUSEDSIGNAL */  // of the sequencer's signals those that count
  input  wire xt_command_t command_i,
  input  wire xt_now_t now_i,
  input  wire xt_event_t event_i,
  input  wire xt_csr_set_t set_i,
  /* verilator lint_on UNUSEDSIGNAL */
  input  wire logic dir_i,              // of the read: 1 senses the rows
  input  wire logic clip_i,             // the BL cap clipped this train's scale
  input  wire logic hits_valid_i,       // devices that saw a coincidence
  input  wire logic [31:0] hits_i,
  input  wire logic upset_i,            // a pulse generator stood at 0 before this slot
  input  wire logic [15:0] rails_i,     // lines at a rail of the whole read
  input  wire logic [15:0] overs_i,     // lines whose integrator reached its limit
  // the counters, 64 bits each
  output logic [64*xt_pkg::NUM_COUNTERS-1:0] counters_o,
  output logic [64*xt_pkg::NUM_COUNTERS-1:0] counters_d_o
);

  logic [64*xt_pkg::NUM_COUNTERS-1:0] counters_q;
  logic [64*xt_pkg::NUM_COUNTERS-1:0] counters_d;
  logic [32*xt_pkg::NUM_COUNTERS-1:0] add;

  logic refused;
  logic answered;
  // ended in the cycle before: a read, a transfer, a train whose scale was clipped (of which plane)
  logic read_q;
  logic transferred_q;
  logic clipped_q;
  logic [xt_pkg::PLANE_BITS-1:0] plane_q;
  logic [31:0] sensed_q;
  assign refused = (command_i.status != xt_pkg::ST_OK);
  assign answered = (now_i.kind == xt_pkg::KIND_END) && (refused || command_i.op != xt_pkg::OP_RESET);

  // The table: what a counter grows by in this cycle.
  always @* begin
    add = (32 * xt_pkg::NUM_COUNTERS)'(1'b0);
    if (running_i) begin
      add[32 * xt_pkg::CNT_OPS +: 32]         = 32'(answered);
      add[32 * xt_pkg::CNT_CYCLES +: 32]      = answered ? now_i.cycle + 32'd1 : 32'd0;
      add[32 * xt_pkg::CNT_READS +: 32]       = 32'(read_q);
      add[32 * xt_pkg::CNT_CONVERSIONS +: 32] = read_q ? sensed_q : 32'd0;
      add[32 * xt_pkg::CNT_SATURATIONS +: 32] = read_q ? 32'(rails_i) : 32'd0;
      add[32 * xt_pkg::CNT_SLOTS +: 32]       = 32'(now_i.act);
      add[32 * xt_pkg::CNT_PULSES +: 32]      = hits_valid_i ? hits_i : 32'd0;
      add[32 * xt_pkg::CNT_TRANSFERS +: 32]   = 32'(transferred_q);
      add[32 * xt_pkg::CNT_CLIPS +: 32]       = 32'(clipped_q);
      add[32 * xt_pkg::CNT_ERRORS +: 32]      = 32'(answered && refused);
      add[32 * xt_pkg::CNT_CLIPS_A +: 32]     = 32'(clipped_q && plane_q == xt_pkg::PLANE_A);
      add[32 * xt_pkg::CNT_CLIPS_C +: 32]     = 32'(clipped_q && plane_q == xt_pkg::PLANE_C);
      add[32 * xt_pkg::CNT_CLIPS_R +: 32]     = 32'(clipped_q && plane_q == xt_pkg::PLANE_R);
      add[32 * xt_pkg::CNT_UPSETS +: 32]      = 32'(upset_i);
      add[32 * xt_pkg::CNT_OVERLOADS +: 32]   = read_q ? 32'(overs_i) : 32'd0;
    end
  end

  function automatic logic [64*xt_pkg::NUM_COUNTERS-1:0] sums(
      input logic [64*xt_pkg::NUM_COUNTERS-1:0] counters, input logic [32*xt_pkg::NUM_COUNTERS-1:0] more);
    integer k;
    begin
      for (k = 0; k < 32'(xt_pkg::NUM_COUNTERS); k = k + 1)
        sums[64 * k +: 64] = counters[64 * k +: 64] + 64'(more[32 * k +: 32]);
    end
  endfunction

  always @* begin
    counters_d = counters_q;
    if (running_i) counters_d = sums(counters_q, add);
  end

  integer w;
  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) counters_q <= (64 * xt_pkg::NUM_COUNTERS)'(1'b0);
    else if (event_i.reset) counters_q <= (64 * xt_pkg::NUM_COUNTERS)'(1'b0);
    else if (running_i) counters_q <= counters_d;
    else if (set_i.counter) begin
      for (w = 0; w < 32'(2 * xt_pkg::NUM_COUNTERS); w = w + 1) begin
        if (set_i.word == 6'(w)) counters_q[32 * w +: 32] <= set_i.data;
      end
    end
  end

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      read_q <= 1'b0;
      transferred_q <= 1'b0;
      clipped_q <= 1'b0;
      plane_q <= xt_pkg::PLANE_BITS'(1'b0);
      sensed_q <= 32'd0;
    end else begin
      read_q <= event_i.read;
      transferred_q <= event_i.transferred;
      clipped_q <= event_i.train && clip_i;
      plane_q <= now_i.plane;
      sensed_q <= dir_i ? 32'(N) : 32'(M);
    end
  end

  assign counters_o = counters_q;
  assign counters_d_o = counters_d;

endmodule
`default_nettype wire
