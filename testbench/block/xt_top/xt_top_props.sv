// SPDX-License-Identifier: Apache-2.0
// Invariants of xt_top (numbers as in its header). R1 and R2 compare two runs: testbench/top shows them.
`default_nettype none
module xt_top_props #(
  parameter int Tiles = 1
) (
  input wire logic clk_i,
  input wire logic rst_ni,
  input wire logic [Tiles-1:0] cmd_valid_i,
  input wire logic [Tiles-1:0] cmd_ready_i,
  input wire logic [Tiles*3-1:0] way_i,       // packets under way
  input wire logic [Tiles-1:0] op_busy_o
);
  // A word that a tile does not take while no operation runs: an operation starts within two cycles, since what else it
  // can wait for is an answer that is not read.
  logic [2*Tiles-1:0] waits_q;
  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      waits_q <= '0;
    end else begin
      for (int t = 0; t < Tiles; t++) begin
        if (!cmd_valid_i[t] || cmd_ready_i[t] || op_busy_o[t] || 32'(way_i[3*t +: 3]) > xt_pkg::TOP_CREDITS)
          waits_q[2*t +: 2] <= 2'd0;
        else if (waits_q[2*t +: 2] != 2'd3) waits_q[2*t +: 2] <= waits_q[2*t +: 2] + 2'd1;
        R3: assert (waits_q[2*t +: 2] != 2'd3)
          else $error("a word for a tile with a credit waits for an answer to be read");
      end
    end
  end
endmodule
bind xt_top xt_top_props #(.Tiles(Tiles)) u_props (
  .cmd_valid_i(cmd_valid), .cmd_ready_i(cmd_ready), .way_i(u_stream_in.way_q), .*
);
`default_nettype wire
