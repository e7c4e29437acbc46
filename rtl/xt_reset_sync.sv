// SPDX-License-Identifier: Apache-2.0
// xt_reset_sync: a reset for xt_top or xt_tile from one that knows no clock.
//
// Operation. rst_no falls with arst_ni at once and rises Stages clock edges after it: asserted asynchronously, released
//   synchronously. One per clock domain, in front of all that share its reset; the tiles have none inside.
// Parameters. Stages 2..8: flip-flops; the first may be metastable for a cycle less than Stages.
// Timing. Release: Stages rising edges of clk_i after arst_ni has risen. A clock must run for the release, not for the
//   assertion.
// Trace record. none. Golden counterpart. none: testbench/block/xt_reset_sync.
// Invariants. R1 rst_no is low from arst_ni low on until Stages edges without it, and high from then on.
`default_nettype none
module xt_reset_sync #(
  parameter int Stages = 2
) (
  input  wire logic clk_i,
  input  wire logic arst_ni,
  output logic rst_no
);

  // Illegal parameters: a module of that name does not exist.
  generate
    if (Stages < 2 || Stages > 8) begin : g_stages
      xt_illegal_parameter_Stages u_illegal ();
    end
  endgenerate

  (* async_reg = "true", keep = "true" *) logic [Stages-1:0] release_q;
  always_ff @(posedge clk_i or negedge arst_ni) begin
    if (!arst_ni) release_q <= Stages'(1'b0);
    else release_q <= {release_q[Stages-2:0], 1'b1};
  end
  assign rst_no = release_q[Stages-1];

endmodule
`default_nettype wire
