// SPDX-License-Identifier: Apache-2.0
// xt_stream_out: answers of many sources onto one stream, whole packets, round robin.
//
// Operation. rtl/SPEC.md section 13. Sources 0..Tiles-1 are the tiles, source Tiles the answers of packets for no
//   tile (one word). A source keeps the stream until its last word is taken; then the next source above it,
//   cyclically, that has a word. A closed tile gets the stream no more, but keeps it to the end of its packet.
// Parameters. Tiles 1..16; Words 1, 2, 4 .. 32 of 32 bits (a "word" here is a beat of so many).
// Timing. One cycle from an idle stream to valid, none between packets that wait. A source's valid must hold until
//   last.
// Trace record. none. Golden counterpart. none: testbench/top, testbench/cocotb.
// Invariants. R1 no word without a source's. R2 packets do not mix. R3 a source that waits, and is not closed, is
//   served after at most Tiles packets. R4 valid does not fall, and the word does not change, before it is taken.
`default_nettype none
module xt_stream_out #(
  parameter int Tiles = 1,
  parameter int Words = 1
) (
  input  wire logic clk_i,
  input  wire logic rst_ni,
  // answers of the tiles
  input  wire logic [Tiles*32*Words-1:0] tile_data_i,
  input  wire logic [Tiles-1:0] tile_valid_i,
  input  wire logic [Tiles-1:0] tile_last_i,
  output logic [Tiles-1:0] tile_ready_o,
  // answer to a packet for no tile
  input  wire logic none_valid_i,
  input  wire logic [7:0] none_op_i,
  input  wire logic [3:0] none_dest_i,
  output logic none_taken_o,
  // tiles that wait for their reset; tiles that have the stream
  input  wire logic [Tiles-1:0] closed_i,
  output logic [Tiles-1:0] on_bus_o,
  // result stream
  output logic [32*Words-1:0] m_data_o,
  output logic m_valid_o,
  output logic m_last_o,
  output logic [3:0] m_id_o,
  input  wire logic m_ready_i,
  // answers that wait, no word taken yet; of these the ones with an error; whose last word is taken; bit Tiles: for no
  // tile
  output logic [Tiles:0] waits_o,
  output logic [Tiles:0] errors_o,
  output logic [Tiles:0] answered_o
);

  localparam int Sources = Tiles + 1;
  localparam int Data = 32 * Words;

  logic [Sources-1:0] valid;
  assign valid = {none_valid_i, tile_valid_i & ~closed_i};

  logic busy_q;    // cur_q has the stream
  logic first_q;
  logic [4:0] cur_q;
  logic beat;
  logic done;

  // The next source: the lowest above cur_q, else the lowest. The one that is just ending has no further word yet.
  logic [4:0] next;
  logic any;
  integer s;
  always @* begin
    next = 5'd0;
    any = 1'b0;
    for (s = Sources - 1; s >= 0; s = s - 1) begin
      if (valid[s] && 32'(s) <= 32'(cur_q) && !(busy_q && 32'(cur_q) == 32'(s))) begin
        next = 5'(s);
        any = 1'b1;
      end
    end
    for (s = Sources - 1; s >= 0; s = s - 1) begin
      if (valid[s] && 32'(s) > 32'(cur_q)) begin
        next = 5'(s);
        any = 1'b1;
      end
    end
  end

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      busy_q <= 1'b0;
      first_q <= 1'b0;
      cur_q <= 5'(Tiles);
    end else if (!busy_q || done) begin
      busy_q <= any;
      first_q <= any;
      if (any) cur_q <= next;
    end else if (beat) begin
      first_q <= 1'b0;
    end
  end

  integer t;
  always @* begin
    tile_ready_o = Tiles'(1'b0);
    m_valid_o = 1'b0;
    m_data_o = Data'(1'b0);
    m_last_o = 1'b0;
    m_id_o = 4'd0;
    for (t = 0; t < Tiles; t = t + 1) begin
      if (busy_q && 32'(cur_q) == 32'(t)) begin
        tile_ready_o[t] = m_ready_i;
        m_valid_o = tile_valid_i[t];
        m_data_o = tile_data_i[Data * t +: Data];
        m_last_o = tile_last_i[t];
        m_id_o = 4'(t);
      end
    end
    if (busy_q && 32'(cur_q) == 32'(Tiles)) begin
      m_valid_o = none_valid_i;
      m_data_o[31:0] = {16'd0, xt_pkg::ST_ERR_TILE, none_op_i};
      m_last_o = 1'b1;
      m_id_o = none_dest_i;
    end
  end

  assign beat = m_valid_o && m_ready_i;
  assign done = beat && m_last_o;
  assign none_taken_o = answered_o[Tiles];

  integer w;
  always @* begin
    for (w = 0; w < Sources; w = w + 1) begin
      waits_o[w] = (w == Tiles) ? none_valid_i : tile_valid_i[(w < Tiles) ? w : 0];
      if (busy_q && !first_q && 32'(cur_q) == 32'(w)) waits_o[w] = 1'b0;
      errors_o[w] = waits_o[w];
      if (w < Tiles && tile_data_i[Data * ((w < Tiles) ? w : 0) + 8 +: 8] == xt_pkg::ST_OK) errors_o[w] = 1'b0;
      answered_o[w] = done && (32'(cur_q) == 32'(w));
      if (w < Tiles) on_bus_o[(w < Tiles) ? w : 0] = busy_q && (32'(cur_q) == 32'(w));
    end
  end

endmodule
`default_nettype wire
