// SPDX-License-Identifier: Apache-2.0
// Invariants of xt_afe (numbers as in its header). R1 at the falling edge, where what the rising one changed stands, in
// the last share slot, where lines may not exist, and in the cycle after a conversion. R2 of the noise counters and of
// the first integrator, right after the rising edge: a snapshot writes the counters before the falling one. The
// integrator as it stood at the falling edge: Verilator would sample all of them, twice in every cycle.
`default_nettype none
module xt_afe_props #(
  parameter int N = 784,
  parameter int M = 128,
  parameter int P = 784,
  parameter int AdcShare = 1
) (
  input wire logic clk_i,
  input wire logic idle_i,  // neither configuration nor a read
  input wire logic conv_i,
  input wire logic clear_i,
  input wire logic dir_i,
  input wire logic [5:0] slot_i,
  input wire logic [P-1:0] cmp_o,
  input wire logic [P-1:0] over_o,
  input wire logic [31:0] read_ctr_q,
  input wire logic [31:0] cmp_ctr_q,
  input wire logic reached_i,  // an integrator its limit
  input wire logic [63:0] acc_i  // of line 0
);
  // Units whose line in the last share slot exists.
  function automatic logic [P-1:0] present(input logic dir);
    int lines;
    int units;
    lines = dir ? N : M;
    units = lines / AdcShare;
    present = (units >= P) ? {P{1'b1}} : ~({P{1'b1}} << units);
  endfunction

  // The block assigns in order: only what was sampled before the edge is from before it.
  logic compare_q = 1'b0;  // turns: compare now
  logic [31:0] read_ctr_before_q;
  logic [31:0] cmp_ctr_before_q;
  logic conv_q = 1'b0;
  logic clear_q = 1'b0;
  logic [63:0] acc_before_q;
  always_ff @(posedge clk_i) begin
    if (idle_i) compare_q <= ~compare_q;
    read_ctr_before_q <= $sampled(read_ctr_q);
    cmp_ctr_before_q <= $sampled(cmp_ctr_q);
    conv_q <= conv_i;
    clear_q <= clear_i;
  end
  always_ff @(negedge clk_i) begin
    acc_before_q <= acc_i;
    if (conv_i ? slot_i == 6'(AdcShare - 1) : conv_q) begin
      R1: assert (((cmp_o | over_o) & ~(conv_i ? present(dir_i) : '0)) == '0)
        else $error("a comparator or a limit answers without a line, or unasked");
    end
    if (clear_q) begin
      R3: assert (!reached_i) else $error("an integrator is at its limit after CLEAR");
    end
  end
  always @(compare_q) begin
    R2: assert (read_ctr_q == read_ctr_before_q && cmp_ctr_q == cmp_ctr_before_q && acc_i == acc_before_q)
      else $error("an idle cycle changes a state");
  end
endmodule
bind xt_afe xt_afe_props #(.N(N), .M(M), .P(P), .AdcShare(AdcShare)) u_props (
  .idle_i(!ctl_i.clear && !ctl_i.integ && !ctl_i.hold && !ctl_i.conv && !fabricate_i && !cfg_valid_i),
  .conv_i(ctl_i.conv), .clear_i(ctl_i.clear), .reached_i(reached != '0),
  .dir_i(ctl_i.dir), .slot_i(ctl_i.adc_slot), .acc_i(acc[0]), .*
);
`default_nettype wire
