// SPDX-License-Identifier: Apache-2.0
// Invariants of xt_stream_in (numbers as in its header). R3: what ready is, is known at the end of the cycle before.
`default_nettype none
module xt_stream_in_props #(
  parameter int Tiles = 1
) (
  input wire logic clk_i,
  input wire logic rst_ni,
  input wire logic next_full_i,   // the buffer is full at the end of this cycle
  input wire logic s_ready_o,
  input wire logic [Tiles-1:0] tile_valid_o,
  input wire logic [Tiles-1:0] tile_ready_i,
  input wire logic tile_last_o,
  input wire logic [Tiles-1:0] closed_i,
  input wire logic none_beat_i,   // a word of a packet for no tile is swallowed
  input wire logic none_valid_o,
  input wire logic [7:0] none_op_o,
  input wire logic [3:0] none_dest_o,
  input wire logic none_taken_i,
  input wire logic [Tiles*3-1:0] way_i
);
  logic [Tiles-1:0] taken;
  assign taken = tile_valid_o & tile_ready_i;

  logic inside_q;             // after the first word of a packet that is not swallowed half way
  logic [Tiles-1:0] place_q;  // where it goes; 0: nowhere
  logic due_q;                // a packet for no tile has ended, its answer has not been taken
  logic held_q;               // the answer was offered in the cycle before
  logic [11:0] answer_q;
  logic ready_q;              // what ready is to be
  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      inside_q <= 1'b0;
      place_q <= Tiles'(1'b0);
      due_q <= 1'b0;
      held_q <= 1'b0;
      answer_q <= 12'd0;
      ready_q <= 1'b0;
    end else begin
      R1: assert ($onehot0(tile_valid_o) && !(none_beat_i && tile_valid_o != '0)
                  && (!inside_q || !(none_beat_i || tile_valid_o != '0) || tile_valid_o == place_q))
        else $error("the words of a packet go to two places");
      if (none_beat_i || taken != '0) begin
        inside_q <= ~tile_last_o;
        place_q <= tile_valid_o;
      end
      if ((place_q & closed_i) != '0) inside_q <= 1'b0;
      if (none_taken_i) due_q <= 1'b0;
      else if (none_beat_i && tile_last_o) due_q <= 1'b1;
      held_q <= none_valid_o & ~none_taken_i;
      answer_q <= {none_op_o, none_dest_o};
      R2: assert (none_valid_o == due_q && (!held_q || answer_q == {none_op_o, none_dest_o})
                  && !(none_beat_i && none_valid_o))
        else $error("not one answer for a packet for no tile, or one that changes");
      ready_q <= ~next_full_i;
      R3: assert (s_ready_o == ready_q) else $error("ready is not what the cycle before made it");
      for (int t = 0; t < Tiles; t++) begin
        R4: assert (way_i[3*t +: 3] <= 3'd5) else $error("more packets under way than a tile can hold");
      end
      R5: assert ((tile_valid_o & closed_i) == '0) else $error("a word reaches a closed tile");
    end
  end
endmodule
bind xt_stream_in xt_stream_in_props #(.Tiles(Tiles)) u_props (
  .next_full_i(next_valid_d), .none_beat_i(none_beat), .way_i(way_q), .*
);
`default_nettype wire
