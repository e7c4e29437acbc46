// SPDX-License-Identifier: Apache-2.0
// Invariants of xt_stream_out (numbers as in its header).
`default_nettype none
module xt_stream_out_props #(
  parameter int Tiles = 1,
  parameter int Words = 1
) (
  input wire logic clk_i,
  input wire logic rst_ni,
  input wire logic [Tiles*32*Words-1:0] tile_data_i,
  input wire logic [Tiles-1:0] tile_valid_i,
  input wire logic [Tiles-1:0] tile_last_i,
  input wire logic [Tiles-1:0] tile_ready_o,
  input wire logic none_valid_i,
  input wire logic [7:0] none_op_i,
  input wire logic [3:0] none_dest_i,
  input wire logic none_taken_o,
  input wire logic [Tiles-1:0] closed_i,
  input wire logic [Tiles-1:0] on_bus_o,
  input wire logic m_valid_o,
  input wire logic [32*Words-1:0] m_data_o,
  input wire logic m_last_o,
  input wire logic [3:0] m_id_o,
  input wire logic m_ready_i
);
  localparam int Data = 32 * Words;
  logic beat;
  logic [Tiles:0] from;  // the source of the word that is taken
  logic [Tiles:0] valid;
  assign beat = m_valid_o & m_ready_i;
  assign from = {none_taken_o, tile_ready_o & tile_valid_i};
  assign valid = {none_valid_i, tile_valid_i & ~closed_i};

  // A1, A2: what has the stream holds it until it is taken.
  logic [Tiles:0] waits_q;  // offered, not taken
  logic [Tiles-1:0] bus_q;  // had the stream: a tile that is closed keeps it to the end of its packet
  logic [Tiles*32*Words-1:0] data_q;
  logic [Tiles-1:0] last_q;
  logic [11:0] none_q;
  logic wait_q;   // a word was offered and not taken
  logic [32*Words+4:0] word_q;
  logic inside_q;
  logic [Tiles:0] from_q;
  logic [3:0] id_q;
  logic [6*(Tiles+1)-1:0] waited_q;  // of each source: packets of others since it waits
  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      waits_q <= '0;
      bus_q <= '0;
      data_q <= '0;
      last_q <= '0;
      none_q <= 12'd0;
      wait_q <= 1'b0;
      word_q <= (32 * Words + 5)'(1'b0);
      inside_q <= 1'b0;
      from_q <= '0;
      id_q <= 4'd0;
      waited_q <= '0;
    end else begin
      waits_q <= {none_valid_i, tile_valid_i} & ~{none_taken_o, tile_ready_o};
      bus_q <= on_bus_o;
      data_q <= tile_data_i;
      last_q <= tile_last_i;
      none_q <= {none_op_i, none_dest_i};
      for (int s = 0; s < Tiles; s++) begin
        A1: assume (!waits_q[s] || !bus_q[s] || (tile_valid_i[s] && tile_last_i[s] == last_q[s]
                                                 && tile_data_i[Data*s +: Data] == data_q[Data*s +: Data]))
          else $error("a tile withdraws a word or changes it");
      end
      A2: assume (!waits_q[Tiles] || (none_valid_i && {none_op_i, none_dest_i} == none_q))
        else $error("an answer to a packet for no tile is withdrawn or changes");
      R1: assert (beat ? $onehot(from) : (from == '0)) else $error("a word taken from none or from two sources");
      wait_q <= m_valid_o & ~m_ready_i;
      word_q <= {m_last_o, m_id_o, m_data_o};
      if (wait_q) begin
        R4: assert (m_valid_o && word_q == {m_last_o, m_id_o, m_data_o}) else $error("a word is withdrawn or changes");
      end
      if (beat) begin
        inside_q <= ~m_last_o;
        from_q <= from;
        id_q <= m_id_o;
        R2: assert (!inside_q || (from == from_q && m_id_o == id_q)) else $error("packets mix");
        for (int s = 0; s <= Tiles; s++) begin
          if (m_last_o) waited_q[6*s +: 6] <= (valid[s] && !from[s]) ? waited_q[6*s +: 6] + 6'd1 : 6'd0;
          R3: assert (32'(waited_q[6*s +: 6]) <= Tiles) else $error("a source waits for more than Tiles packets");
        end
      end
    end
  end
endmodule
bind xt_stream_out xt_stream_out_props #(.Tiles(Tiles), .Words(Words)) u_props (.*);
`default_nettype wire
