// SPDX-License-Identifier: Apache-2.0
// Invariants of xt_adc (numbers as in its header).
`default_nettype none
module xt_adc_props #(
  parameter int N = 784,
  parameter int M = 128,
  parameter int Lines = 784,
  parameter int Units = 784,
  parameter int AdcBits = 9,
  parameter int AdcShare = 1
) (
  input wire logic clk_i,
  input wire logic rst_ni,
  input wire logic sar_i,
  input wire logic [3:0] bit_i,
  input wire logic latch_i,
  input wire logic [5:0] share_i,
  input wire logic dir_i,
  input wire logic [Units*AdcBits-1:0] trial_o,
  input wire logic [Lines*AdcBits-1:0] codes_o,
  input wire logic rails_valid_o,
  input wire logic [15:0] rails_o
);
  localparam logic [AdcBits-1:0] LOWEST = {1'b1, {(AdcBits - 1) {1'b0}}};  // one below -ADCMAX

  // Lines of the sensed side that a share slot converts.
  function automatic int sensed(input logic dir, input logic [5:0] share);
    int lines;
    lines = dir ? N : M;
    sensed = (lines > 32'(share)) ? (lines - 32'(share) + AdcShare - 1) / AdcShare : 0;
  endfunction

  // Is a lane LOWEST, that is 0 once its sign is turned? (x - 1) & ~x has the top bit of the lowest lane that is 0.
  localparam logic [Lines*AdcBits-1:0] SIGNS = {Lines{LOWEST}};
  localparam logic [Lines*AdcBits-1:0] ONES = {Lines{AdcBits'(1'b1)}};
  function automatic logic beyond(input logic [Lines*AdcBits-1:0] codes);
    logic [Lines*AdcBits-1:0] x;
    x = codes ^ SIGNS;
    beyond = ((x - ONES) & ~x & SIGNS) != '0;
  endfunction

  localparam logic [Units*AdcBits-1:0] LAST = {Units{AdcBits'(1'b1)}};  // bit 0 of every trial

  int most_q;  // lines that may be at a rail
  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      most_q <= 0;
    end else begin
      if (latch_i) most_q <= sensed(dir_i, share_i);
      if (rails_valid_o) begin
        R1: assert (!beyond(codes_o)) else $error("a result is below -ADCMAX");
        R3: assert (32'(rails_o) <= most_q) else $error("more lines at a rail than the sensed side has");
      end
      // The search starts in the middle and halves its step in each cycle: its last trial is odd.
      if (sar_i && (bit_i == 4'(AdcBits - 1) || bit_i == 4'd0)) begin
        R2: assert ((bit_i == 4'd0) ? ((trial_o & LAST) == LAST) : (trial_o == '0))
          else $error("a trial code is not one that the search can reach");
      end
    end
  end
endmodule
bind xt_adc xt_adc_props #(
  .N(N), .M(M), .Lines(Lines), .Units(Units), .AdcBits(AdcBits), .AdcShare(AdcShare)
) u_props (.*);
`default_nettype wire
