// SPDX-License-Identifier: Apache-2.0
// Invariants of xt_count (numbers as in its header).
`default_nettype none
`include "xt_types.svh"
module xt_count_props (
  input wire logic clk_i,
  input wire logic rst_ni,
  input wire logic running_i,
  input wire logic reset_i,
  input wire logic end_i,
  /* verilator lint_off UNUSEDSIGNAL */  // not all of it is of interest here
  input wire xt_csr_set_t set_i,
  /* verilator lint_on UNUSEDSIGNAL */
  input wire logic silent_i,  // a RESET that is not refused: not counted
  input wire logic [31:0] cycle_i,
  input wire logic [64*xt_pkg::NUM_COUNTERS-1:0] counters_o,
  input wire logic [64*xt_pkg::NUM_COUNTERS-1:0] counters_d_o
);
  localparam int Cycles = 64 * 32'(xt_pkg::CNT_CYCLES);
  logic [63:0] grows;
  assign grows = counters_d_o[Cycles +: 64] - counters_o[Cycles +: 64];
  // What the counters are to be if no command moves them.
  logic still_q;
  logic [64*xt_pkg::NUM_COUNTERS-1:0] stay_q;
  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      still_q <= 1'b0;
      stay_q <= '0;
    end else begin
      still_q <= ~running_i;
      if (!running_i) begin
        stay_q <= counters_o;
        if (set_i.counter) stay_q[32'(set_i.word)*32 +: 32] <= set_i.data;
      end
      R2: assert ((!still_q || counters_o == stay_q) && (running_i || counters_d_o == counters_o))
        else $error("a counter moves without a command");
      if (!reset_i) begin
        A1: assume (running_i || !end_i) else $error("an END without a command");
        A2: assume (cycle_i != '1) else $error("an operation of 2^32 cycles");
        R1: assert (grows == ((end_i && !silent_i) ? 64'(cycle_i) + 64'd1 : 64'd0))
          else $error("CYCLES does not grow by the cycles from START to END");
      end
    end
  end
endmodule
bind xt_count xt_count_props u_props (
  .reset_i(event_i.reset), .end_i(now_i.kind == xt_pkg::KIND_END), .cycle_i(now_i.cycle),
  .silent_i(command_i.op == xt_pkg::OP_RESET && command_i.status == xt_pkg::ST_OK), .*
);
`default_nettype wire
