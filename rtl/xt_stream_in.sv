// SPDX-License-Identifier: Apache-2.0
// xt_stream_in: command packets to the tile that TDEST names.
//
// Operation. rtl/SPEC.md section 13. TDEST of a packet's first word chooses the tile for the whole packet. A packet
//   for a tile that does not exist is swallowed; its answer (none_*: operation and TDEST) is offered like a tile's.
// Parameters. Tiles 1..16.
// Timing. No cycle is added. A packet for no tile waits until the answer to the previous one of its kind has been
//   taken.
// Trace record. none. Golden counterpart. none: testbench/top, testbench/cocotb.
// Invariants. R1 the words of a packet go to one place. R2 one answer per swallowed packet; none_* holds until taken.
`default_nettype none
module xt_stream_in #(
  parameter int Tiles = 1
) (
  input  wire logic clk_i,
  input  wire logic rst_ni,
  // command stream
  input  wire logic s_valid_i,
  input  wire logic s_last_i,
  input  wire logic [3:0] s_dest_i,
  input  wire logic [7:0] s_op_i,     // bits [7:0] of the word
  output logic s_ready_o,
  // the tiles; data and last are the stream's
  output logic [Tiles-1:0] tile_valid_o,
  input  wire logic [Tiles-1:0] tile_ready_i,
  // answer to a packet for no tile: its operation and TDEST, until it is taken
  output logic none_valid_o,
  output logic [7:0] none_op_o,
  output logic [3:0] none_dest_o,
  input  wire logic none_taken_i
);

  logic live_q;    // ready only after the reset
  logic inside_q;  // after the first word of a packet
  logic [3:0] dest_q;
  logic full_q;
  logic [7:0] op_q;

  logic [3:0] dest;
  // TDEST means nothing, and may be X in a simulation, without TVALID.
  assign dest = (inside_q || !s_valid_i) ? dest_q : s_dest_i;
  logic none;
  assign none = (32'(dest) >= 32'(Tiles));

  integer t;
  always @* begin
    tile_valid_o = Tiles'(1'b0);
    s_ready_o = live_q && none && !full_q;
    for (t = 0; t < Tiles; t = t + 1) begin
      if (32'(dest) == 32'(t)) begin
        tile_valid_o[t] = s_valid_i;
        s_ready_o = tile_ready_i[t];
      end
    end
  end

  logic beat;
  assign beat = s_valid_i && s_ready_o;

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      live_q <= 1'b0;
      inside_q <= 1'b0;
      dest_q <= 4'd0;
      full_q <= 1'b0;
      op_q <= 8'd0;
    end else begin
      live_q <= 1'b1;
      if (beat) begin
        inside_q <= !s_last_i;
        if (!inside_q) dest_q <= s_dest_i;
        if (!inside_q && none) op_q <= s_op_i;
        if (none && s_last_i) full_q <= 1'b1;
      end
      if (none_taken_i) full_q <= 1'b0;
    end
  end

  // The destination of the answer: dest_q moves on with the next packet.
  logic [3:0] none_dest_q;
  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) none_dest_q <= 4'd0;
    else if (beat && none) none_dest_q <= dest;
  end

  assign none_valid_o = full_q;
  assign none_op_o = op_q;
  assign none_dest_o = none_dest_q;

endmodule
`default_nettype wire
