// SPDX-License-Identifier: Apache-2.0
// Invariants of xt_afe (numbers as in its header). R1 at the falling edge, where what the rising one changed stands, in
// the last share slot, where lines may not exist. R2 of the read counter and of the first integrator, right after the
// rising edge: a snapshot writes the counter before the falling one.
`default_nettype none
module xt_afe_props #(
  parameter int N = 784,
  parameter int M = 128,
  parameter int P = 784,
  parameter int AdcShare = 1
) (
  input wire logic clk_i,
  input wire logic idle_i,  // neither configuration nor a read
  input wire logic alive_i,  // the comparators
  input wire logic dir_i,
  input wire logic [5:0] slot_i,
  input wire logic [P-1:0] cmp_o,
  input wire logic [31:0] read_ctr_q,
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
  logic [63:0] acc_before_q;
  always_ff @(posedge clk_i) begin
    if (idle_i) compare_q <= ~compare_q;
    read_ctr_before_q <= $sampled(read_ctr_q);
    acc_before_q <= $sampled(acc_i);
  end
  always_ff @(negedge clk_i) begin
    if (alive_i && slot_i == 6'(AdcShare - 1)) begin
      R1: assert ((cmp_o & ~present(dir_i)) == '0) else $error("a comparator without a line answers");
    end
  end
  always @(compare_q) begin
    R2: assert (read_ctr_q == read_ctr_before_q && acc_i == acc_before_q)
      else $error("an idle cycle changes a state");
  end
endmodule
bind xt_afe xt_afe_props #(.N(N), .M(M), .P(P), .AdcShare(AdcShare)) u_props (
  .idle_i(!ctl_i.clear && !ctl_i.integ && !ctl_i.hold && !fabricate_i && !cfg_valid_i), .alive_i(conv_q != 16'd0),
  .dir_i(ctl_i.dir), .slot_i(ctl_i.adc_slot), .acc_i(acc[0]), .*
);
`default_nettype wire
