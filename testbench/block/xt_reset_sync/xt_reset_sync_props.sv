// SPDX-License-Identifier: Apache-2.0
// Invariants of xt_reset_sync (numbers as in its header).
`default_nettype none
module xt_reset_sync_props #(
  parameter int Stages = 2
) (
  input wire logic clk_i,
  input wire logic arst_ni,
  input wire logic rst_no
);
  logic [3:0] edges_q;  // since arst_ni was low
  always_ff @(posedge clk_i or negedge arst_ni) begin
    if (!arst_ni) begin
      edges_q <= 4'd0;
    end else begin
      if (edges_q != 4'd15) edges_q <= edges_q + 4'd1;
      R1: assert (rst_no == (32'(edges_q) >= Stages)) else $error("the reset ends too early or too late");
    end
  end
endmodule
bind xt_reset_sync xt_reset_sync_props #(.Stages(Stages)) u_props (.*);
`default_nettype wire
