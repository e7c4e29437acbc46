// SPDX-License-Identifier: Apache-2.0
// xt_stream_out: answers of many sources onto one stream, whole packets, round robin.
//
// Operation. rtl/SPEC.md section 13. Sources 0..Tiles-1 are the tiles, source Tiles the answers of packets for no
//   tile (one word). A source keeps the stream until its last word is taken; then the next source above it,
//   cyclically, that has a word.
// Parameters. Tiles 1..16.
// Timing. One cycle from an idle stream to valid, none between packets that wait. A source's valid must hold until
//   last.
// Trace record. none. Golden counterpart. none: testbench/top, testbench/cocotb.
// Invariants. R1 no word without a source's. R2 packets do not mix. R3 a source that waits is served after at most
//   Tiles packets.
`default_nettype none
module xt_stream_out #(
  parameter int Tiles = 1
) (
  input  wire logic clk_i,
  input  wire logic rst_ni,
  // answers of the tiles
  input  wire logic [Tiles*32-1:0] tile_data_i,
  input  wire logic [Tiles-1:0] tile_valid_i,
  input  wire logic [Tiles-1:0] tile_last_i,
  output logic [Tiles-1:0] tile_ready_o,
  // answer to a packet for no tile
  input  wire logic none_valid_i,
  input  wire logic [7:0] none_op_i,
  input  wire logic [3:0] none_dest_i,
  output logic none_taken_o,
  // result stream
  output logic [31:0] m_data_o,
  output logic m_valid_o,
  output logic m_last_o,
  output logic [3:0] m_id_o,
  input  wire logic m_ready_i,
  // events
  output logic answer_o,        // first word taken
  output logic answer_error_o,  // the status in that word is not OK
  output logic answer_end_o     // last word taken
);

  localparam int Sources = Tiles + 1;

  logic [Sources-1:0] valid;
  assign valid = {none_valid_i, tile_valid_i};

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
    m_data_o = 32'd0;
    m_last_o = 1'b0;
    m_id_o = 4'd0;
    for (t = 0; t < Tiles; t = t + 1) begin
      if (busy_q && 32'(cur_q) == 32'(t)) begin
        tile_ready_o[t] = m_ready_i;
        m_valid_o = tile_valid_i[t];
        m_data_o = tile_data_i[32 * t +: 32];
        m_last_o = tile_last_i[t];
        m_id_o = 4'(t);
      end
    end
    if (busy_q && 32'(cur_q) == 32'(Tiles)) begin
      m_valid_o = none_valid_i;
      m_data_o = {16'd0, xt_pkg::ST_ERR_TILE, none_op_i};
      m_last_o = 1'b1;
      m_id_o = none_dest_i;
    end
  end

  assign beat = m_valid_o && m_ready_i;
  assign done = beat && m_last_o;
  assign none_taken_o = done && (32'(cur_q) == 32'(Tiles));
  assign answer_o = beat && first_q;
  assign answer_error_o = (m_data_o[15:8] != xt_pkg::ST_OK);
  assign answer_end_o = done;

endmodule
`default_nettype wire
