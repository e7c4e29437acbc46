// SPDX-License-Identifier: Apache-2.0
// xt_credits: the stream part of xt_top with abstract tiles, for the proof of its credits (rtl/SPEC.md section 13).
//
// Operation. xt_stream_in and xt_stream_out as xt_top connects them. An abstract tile holds what a tile holds: a packet
//   in its shadow buffer, an operation, one that has ended and waits, an answer in its output buffer. Free are: how
//   long an operation runs, up to Longest cycles; how many words an answer has; length and tile of every packet; when a
//   word is taken from m_axis, if ever. Left out: data, which only ERROR looks at, and resets of single tiles.
// Invariants. R1 no word waits for more than Longest + 5 cycles, if the host holds what it offers (A1) and begins a
//   packet only with a credit (A2). In simulations of xt_top, xt_top.R3 says the same of its tiles.
`default_nettype none
module xt_credits #(
  parameter int Tiles = 2,
  parameter int Longest = 2
) (
  input  wire logic clk_i,
  input  wire logic rst_ni,
  input  wire logic s_valid_i,
  input  wire logic s_last_i,
  input  wire logic [3:0] s_dest_i,
  input  wire logic m_ready_i,
  input  wire logic [Tiles-1:0] end_i,  // the operation ends now
  input  wire logic [Tiles-1:0] more_i  // the answer has another word
);
  logic s_ready;
  logic [Tiles-1:0] cmd_valid;
  logic cmd_last;
  logic [Tiles-1:0] ans_ready;
  logic [Tiles-1:0] op_end;
  logic [Tiles-1:0] space;
  logic none_valid;
  logic none_taken;
  logic [7:0] none_op;
  logic [3:0] none_dest;
  logic [Tiles:0] answered;

  logic [Tiles-1:0] full_q;  // a packet in the shadow buffer
  logic [Tiles-1:0] busy_q;  // an operation
  logic [Tiles-1:0] wait_q;  // it has ended, its answer has no place
  logic [Tiles-1:0] out_q;   // an answer
  logic [Tiles-1:0] last_q;  // of which this is the last word
  logic [3:0] run_q [Tiles];

  xt_stream_in #(.Tiles(Tiles)) u_stream_in (
    .clk_i(clk_i), .rst_ni(rst_ni), .s_valid_i(s_valid_i), .s_last_i(s_last_i), .s_dest_i(s_dest_i), .s_data_i(32'd0),
    .s_ready_o(s_ready), .tile_valid_o(cmd_valid), .tile_data_o(), .tile_last_o(cmd_last), .tile_ready_i(~full_q),
    .closed_i(Tiles'(1'b0)), .reset_i(Tiles'(1'b0)), .op_end_i(op_end), .answered_i(answered[Tiles-1:0]), .idle_o(),
    .done_o(), .space_o(space), .none_valid_o(none_valid), .none_op_o(none_op), .none_dest_o(none_dest),
    .none_taken_i(none_taken)
  );
  xt_stream_out #(.Tiles(Tiles)) u_stream_out (
    .clk_i(clk_i), .rst_ni(rst_ni), .tile_data_i((Tiles * 32)'(1'b0)), .tile_valid_i(out_q), .tile_last_i(last_q),
    .tile_ready_o(ans_ready), .none_valid_i(none_valid), .none_op_i(none_op), .none_dest_i(none_dest),
    .none_taken_o(none_taken), .closed_i(Tiles'(1'b0)), .on_bus_o(), .m_data_o(), .m_valid_o(), .m_last_o(), .m_id_o(),
    .m_ready_i(m_ready_i), .waits_o(), .errors_o(), .answered_o(answered)
  );

  always @* begin
    for (int t = 0; t < Tiles; t++) op_end[t] = busy_q[t] && (end_i[t] || run_q[t] == 4'(Longest));
  end
  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      full_q <= '0;
      busy_q <= '0;
      wait_q <= '0;
      out_q <= '0;
      last_q <= '0;
      for (int t = 0; t < Tiles; t++) run_q[t] <= 4'd0;
    end else begin
      for (int t = 0; t < Tiles; t++) begin
        run_q[t] <= (busy_q[t] && !op_end[t]) ? run_q[t] + 4'd1 : 4'd0;
        if (cmd_valid[t] && !full_q[t] && cmd_last) full_q[t] <= 1'b1;
        if (out_q[t] && ans_ready[t]) begin
          out_q[t] <= !last_q[t];
          last_q[t] <= !more_i[t];
        end
        if (op_end[t]) busy_q[t] <= 1'b0;
        if (op_end[t] || wait_q[t]) begin
          wait_q[t] <= out_q[t];
          if (!out_q[t]) begin
            out_q[t] <= 1'b1;
            last_q[t] <= !more_i[t];
          end
        end
        if (full_q[t] && !busy_q[t] && !wait_q[t]) begin
          full_q[t] <= 1'b0;
          busy_q[t] <= 1'b1;
        end
      end
    end
  end

  // The host.
  logic held_q;        // a word was offered and not taken
  logic [4:0] word_q;
  logic inside_q;      // after the first word of a packet
  logic none_way_q;    // a packet for no tile is under way
  logic credit;
  logic [4:0] waited_q;
  always @* begin
    credit = !none_way_q;
    for (int t = 0; t < Tiles; t++) if (32'(s_dest_i) == t) credit = space[t];
  end
  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      held_q <= 1'b0;
      word_q <= 5'd0;
      inside_q <= 1'b0;
      none_way_q <= 1'b0;
      waited_q <= 5'd0;
    end else begin
      held_q <= s_valid_i && !s_ready;
      word_q <= {s_last_i, s_dest_i};
      if (answered[Tiles]) none_way_q <= 1'b0;
      if (s_valid_i && s_ready) begin
        inside_q <= !s_last_i;
        if (!inside_q && 32'(s_dest_i) >= Tiles) none_way_q <= 1'b1;
      end
      waited_q <= (s_valid_i && !s_ready) ? waited_q + 5'd1 : 5'd0;
      A1: assume (!held_q || (s_valid_i && word_q == {s_last_i, s_dest_i}))
        else $error("the host withdraws a word or changes it");
      A2: assume (inside_q || held_q || !s_valid_i || credit) else $error("the host has no credit");
      R1: assert (32'(waited_q) <= Longest + 5) else $error("a word waits although the host keeps to its credits");
    end
  end
endmodule
`default_nettype wire
