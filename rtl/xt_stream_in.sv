// SPDX-License-Identifier: Apache-2.0
// xt_stream_in: command packets to the tile that TDEST names; packets under way.
//
// Operation. rtl/SPEC.md section 13. Words are held in a buffer of two, each with the destination of its packet, which
//   TDEST of the packet's first word chose. A packet for a tile that does not exist is swallowed; its answer (none_*:
//   operation and TDEST) is offered like a tile's. Nothing reaches a tile that is closed: its words in the buffer are
//   lost, what comes for it is swallowed, and a packet that met the closed tile is swallowed to its last word.
//   Per tile it counts packets under way (first word taken, last word of the answer not) and those of them whose
//   operation has not ended; reset_i makes both 0.
// Parameters. Tiles 1..16; Words 1, 2, 4 .. 32 of 32 bits (a "word" here is a beat of so many).
// Timing. One cycle is added; a word per cycle. s_ready_o is a register. A packet for no tile waits until the answer to
//   the previous one of its kind has been taken.
// Trace record. none. Golden counterpart. none: testbench/top, testbench/cocotb.
// Invariants. R1 the words of a packet go to one place. R2 one answer per swallowed packet for no tile; none_* holds
//   until taken. R3 s_ready_o does not look at the cycle's inputs. R4 at most five packets of a tile are under way: an
//   answer, an operation, a packet in the shadow buffer, two words here. R5 nothing reaches a closed tile.
`default_nettype none
module xt_stream_in #(
  parameter int Tiles = 1,
  parameter int Words = 1
) (
  input  wire logic clk_i,
  input  wire logic rst_ni,
  // command stream
  input  wire logic s_valid_i,
  input  wire logic s_last_i,
  input  wire logic [3:0] s_dest_i,
  input  wire logic [32*Words-1:0] s_data_i,
  output logic s_ready_o,
  // the tiles; data and last are the same for all
  output logic [Tiles-1:0] tile_valid_o,
  output logic [32*Words-1:0] tile_data_o,
  output logic tile_last_o,
  input  wire logic [Tiles-1:0] tile_ready_i,
  // tiles that wait for their reset; they are reset at the end of this cycle
  input  wire logic [Tiles-1:0] closed_i,
  input  wire logic [Tiles-1:0] reset_i,
  // packets under way: an operation is in END, the last word of an answer is taken; none, none that has not ended, a
  // credit left
  input  wire logic [Tiles-1:0] op_end_i,
  input  wire logic [Tiles-1:0] answered_i,
  output logic [Tiles-1:0] idle_o,
  output logic [Tiles-1:0] done_o,
  output logic [Tiles-1:0] space_o,
  // answer to a packet for no tile: its operation and TDEST, until it is taken
  output logic none_valid_o,
  output logic [7:0] none_op_o,
  output logic [3:0] none_dest_o,
  input  wire logic none_taken_i
);

  localparam int Data = 32 * Words;
  localparam int WordW = Data + 5;  // destination, last, data

  logic [15:0] closed;
  assign closed = 16'(closed_i);

  // ---- into the buffer

  logic ready_q;
  logic inside_q;  // after the first word of a packet
  logic lost_q;    // the rest of it is swallowed
  logic [3:0] dest_q;

  logic beat;
  logic [3:0] dest;
  logic lost;
  assign beat = s_valid_i && ready_q;
  assign dest = inside_q ? dest_q : s_dest_i;
  assign lost = (inside_q && lost_q) || closed[dest];

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      inside_q <= 1'b0;
      lost_q <= 1'b0;
      dest_q <= 4'd0;
    end else if (beat) begin
      inside_q <= !s_last_i;
      lost_q <= !s_last_i && lost;
      dest_q <= dest;
    end else if (inside_q && closed[dest_q]) begin
      lost_q <= 1'b1;
    end
  end

  // ---- the buffer: the head, and one behind it

  logic head_valid_q;
  logic next_valid_q;
  logic [WordW-1:0] head_q;
  logic [WordW-1:0] next_q;
  logic [3:0] head_dest;
  logic head_none;
  assign head_dest = head_q[Data+1 +: 4];
  assign head_none = (32'(head_dest) >= 32'(Tiles));

  logic store;
  logic head_done;   // the head leaves: taken, or lost
  logic head_stays;
  logic next_stays;
  logic next_valid_d;
  logic none_full_q;
  assign store = beat && !lost;
  assign head_stays = head_valid_q && !head_done;
  assign next_stays = next_valid_q && !closed[next_q[Data+1 +: 4]];
  assign next_valid_d = head_stays && (next_stays || store);

  integer t;
  always @* begin
    tile_valid_o = Tiles'(1'b0);
    head_done = closed[head_dest] || (head_none && !none_full_q);
    for (t = 0; t < Tiles; t = t + 1) begin
      if (32'(head_dest) == 32'(t)) begin
        tile_valid_o[t] = head_valid_q && !closed_i[t];
        if (tile_ready_i[t]) head_done = 1'b1;
      end
    end
  end

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      ready_q <= 1'b0;
      head_valid_q <= 1'b0;
      next_valid_q <= 1'b0;
      head_q <= WordW'(1'b0);
      next_q <= WordW'(1'b0);
    end else begin
      ready_q <= !next_valid_d;
      head_valid_q <= head_stays || next_stays || store;
      next_valid_q <= next_valid_d;
      if (!head_stays && next_stays) head_q <= next_q;
      else if (!head_stays && store) head_q <= {dest, s_last_i, s_data_i};
      if (head_stays && store) next_q <= {dest, s_last_i, s_data_i};
    end
  end

  assign s_ready_o = ready_q;
  assign tile_data_o = head_q[Data-1:0];
  assign tile_last_o = head_q[Data];

  // ---- packets for no tile

  logic none_beat;
  logic none_inside_q;
  logic [7:0] none_op_q;
  logic [3:0] none_dest_q;
  assign none_beat = head_valid_q && head_none && !none_full_q;

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      none_full_q <= 1'b0;
      none_inside_q <= 1'b0;
      none_op_q <= 8'd0;
      none_dest_q <= 4'd0;
    end else begin
      if (none_beat) begin
        none_inside_q <= !tile_last_o;
        if (!none_inside_q) none_op_q <= tile_data_o[7:0];
        none_dest_q <= head_dest;
        none_full_q <= tile_last_o;
      end
      if (none_taken_i) none_full_q <= 1'b0;
    end
  end

  assign none_valid_o = none_full_q;
  assign none_op_o = none_op_q;
  assign none_dest_o = none_dest_q;

  // ---- packets under way

  logic [Tiles*3-1:0] way_q;     // of tile t at 3 t
  logic [Tiles*3-1:0] undone_q;
  logic [Tiles-1:0] begun;
  integer b;
  always @* begin
    for (b = 0; b < Tiles; b = b + 1) begin
      begun[b] = store && !inside_q && (32'(dest) == 32'(b));
      idle_o[b] = (way_q[3 * b +: 3] == 3'd0);
      done_o[b] = (undone_q[3 * b +: 3] == 3'd0);
      space_o[b] = (way_q[3 * b +: 3] < 3'(xt_pkg::TOP_CREDITS));
    end
  end

  integer c;
  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      way_q <= (3 * Tiles)'(1'b0);
      undone_q <= (3 * Tiles)'(1'b0);
    end else begin
      for (c = 0; c < Tiles; c = c + 1) begin
        if (reset_i[c]) begin
          way_q[3 * c +: 3] <= 3'd0;
          undone_q[3 * c +: 3] <= 3'd0;
        end else begin
          way_q[3 * c +: 3] <= way_q[3 * c +: 3] + 3'(begun[c]) - 3'(answered_i[c]);
          undone_q[3 * c +: 3] <= undone_q[3 * c +: 3] + 3'(begun[c]) - 3'(op_end_i[c]);
        end
      end
    end
  end

endmodule
`default_nettype wire
