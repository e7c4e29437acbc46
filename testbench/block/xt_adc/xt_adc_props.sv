// SPDX-License-Identifier: Apache-2.0
// Invariants of xt_adc (numbers as in its header).
`default_nettype none
module xt_adc_props #(
  parameter int N = 784,
  parameter int M = 128,
  parameter int Lines = 784,
  parameter int Units = 784,
  parameter int AdcBits = 9,
  parameter int AdcShare = 1,
  parameter int AdcKind = 0
) (
  input wire logic clk_i,
  input wire logic rst_ni,
  input wire logic sar_i,
  input wire logic [11:0] slot_i,
  input wire logic latch_i,
  input wire logic [5:0] share_i,
  input wire logic dir_i,
  input wire logic calibrate_i,
  input wire logic next_sar_i,
  input wire logic [11:0] next_slot_i,
  input wire logic cal_set_i,
  input wire logic [AdcBits-1:0] cal_i,
  input wire logic [Units*AdcBits-1:0] cal_q,
  input wire logic [Units*AdcBits-1:0] trial_o,
  input wire logic [Lines*AdcBits-1:0] codes_o,
  input wire logic rails_valid_o,
  input wire logic [15:0] rails_o,
  input wire logic [Units-1:0] over_q
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

  int most_q;       // lines that may be at a rail
  int limited_q;    // lines that may be at a limit, as seen in the last SAR: those of the first units
  logic moved_q;    // corrections may have moved at the last edge
  logic looked_q;   // they stand in cal_was_q, from a read's first SAR cycle on (between reads a snapshot may set them)
  // Blocking assignments, in order: Verilator copies what an edge delays in every cycle.
  /* verilator lint_off BLKSEQ */
  logic [Units*AdcBits-1:0] cal_was_q;
  logic sar_q;
  logic next_sar_q;
  logic [11:0] next_slot_q;
  logic [AdcBits-1:0] trial_q;  // of unit 0
  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      most_q <= 0;
      limited_q <= 0;
      moved_q <= 1'b0;
      looked_q <= 1'b0;
      cal_was_q = '0;
      sar_q <= 1'b0;
      next_sar_q <= 1'b0;
      next_slot_q <= 12'd0;
      trial_q <= '0;
    end else begin
      if (latch_i) most_q <= sensed(dir_i, share_i);
      if (sar_i) limited_q <= sensed(dir_i, share_i);
      moved_q <= calibrate_i | cal_set_i;
      looked_q <= (sar_i | (latch_i & looked_q)) & ~(calibrate_i | cal_set_i);
      sar_q <= sar_i;
      next_sar_q <= next_sar_i;
      next_slot_q <= next_slot_i;
      trial_q <= trial_o[AdcBits-1:0];
      A1: assume (AdcKind == 0 || (sar_i == next_sar_q && (!sar_i || slot_i == next_slot_q)))
        else $error("the next cycle is not as said");
      A2: assume (AdcKind == 0 || !sar_i || !sar_q || trial_q == AdcBits'(slot_i) + LOWEST + AdcBits'(1'b1))
        else $error("the numbers of a ramp do not climb by one");
      A3: assume (!cal_set_i || cal_i != LOWEST) else $error("a correction below -ADCMAX from the bus");
      if (rails_valid_o) begin
        R1: assert (!beyond(codes_o)) else $error("a result is below -ADCMAX");
      end
      if (rails_valid_o || latch_i) begin
        R3: assert ((!rails_valid_o || 32'(rails_o) <= most_q) && (!latch_i || (over_q >> limited_q) == '0))
          else $error("more lines at a rail or a limit than the sensed side has");
      end
      // The search starts in the middle and halves its step in each cycle: its last trial is odd.
      if (AdcKind == 0 && sar_i && (slot_i[3:0] == 4'(AdcBits - 1) || slot_i[3:0] == 4'd0)) begin
        R2: assert ((slot_i[3:0] == 4'd0) ? ((trial_o & LAST) == LAST) : (trial_o == '0))
          else $error("a trial code is not one that the search can reach");
      end
      if (moved_q || (latch_i && looked_q)) begin
        R4: assert (moved_q ? !beyond((Lines * AdcBits)'(cal_q)) : cal_q == cal_was_q)
          else $error("a correction is below -ADCMAX, or changes by itself");
      end
      if (sar_i && !looked_q) cal_was_q = cal_q;
      if (AdcKind != 0 && sar_i) begin
        R5: assert (trial_o == {Units{trial_o[AdcBits-1:0]}}
                    && (!sar_q || trial_o[AdcBits-1:0] == trial_q + AdcBits'(1'b1)))
          else $error("the trials of a ramp differ, or do not climb by one");
      end
    end
  end
  /* verilator lint_on BLKSEQ */
endmodule
bind xt_adc xt_adc_props #(
  .N(N), .M(M), .Lines(Lines), .Units(Units), .AdcBits(AdcBits), .AdcShare(AdcShare), .AdcKind(AdcKind)
) u_props (.*);
`default_nettype wire
