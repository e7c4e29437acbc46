// SPDX-License-Identifier: Apache-2.0
// Invariants of xt_stream_in (numbers as in its header).
`default_nettype none
module xt_stream_in_props #(
  parameter int Tiles = 1
) (
  input wire logic clk_i,
  input wire logic rst_ni,
  input wire logic s_valid_i,
  input wire logic s_last_i,
  input wire logic s_ready_o,
  input wire logic [Tiles-1:0] tile_valid_o,
  input wire logic none_valid_o,
  input wire logic [7:0] none_op_o,
  input wire logic [3:0] none_dest_o,
  input wire logic none_taken_i
);
  logic inside_q;             // after the first word of a packet
  logic [Tiles-1:0] place_q;  // where it went; 0: nowhere
  logic due_q;                // a packet for no tile has ended, its answer has not been taken
  logic held_q;               // the answer was offered in the cycle before
  logic [11:0] answer_q;
  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      inside_q <= 1'b0;
      place_q <= Tiles'(1'b0);
      due_q <= 1'b0;
      held_q <= 1'b0;
      answer_q <= 12'd0;
    end else begin
      if (s_valid_i && s_ready_o) begin
        inside_q <= ~s_last_i;
        place_q <= tile_valid_o;
        R1: assert (!inside_q || tile_valid_o == place_q) else $error("the words of a packet go to two places");
      end
      if (none_taken_i) due_q <= 1'b0;
      else if (s_valid_i && s_ready_o && s_last_i && tile_valid_o == '0) due_q <= 1'b1;
      held_q <= none_valid_o & ~none_taken_i;
      answer_q <= {none_op_o, none_dest_o};
      R2: assert (none_valid_o == due_q && (!held_q || answer_q == {none_op_o, none_dest_o}))
        else $error("not one answer for a packet for no tile, or one that changes");
    end
  end
endmodule
bind xt_stream_in xt_stream_in_props #(.Tiles(Tiles)) u_props (.*);
`default_nettype wire
