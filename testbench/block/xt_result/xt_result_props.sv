// SPDX-License-Identifier: Apache-2.0
// Invariants of xt_result (numbers as in its header).
`default_nettype none
module xt_result_props #(
  parameter int Words = 1
) (
  input wire logic clk_i,
  input wire logic rst_ni,
  input wire logic put_i,
  input wire logic [15:0] lines_o,
  input wire logic [32*Words-1:0] m_data_o,
  input wire logic m_valid_o,
  input wire logic m_last_o,
  input wire logic m_ready_i
);
  logic wait_q;   // a word was offered and not taken
  logic [32*Words:0] word_q;
  logic open_q;   // words of an answer are still to come
  logic [15:0] left_q;  // of them, after the one on offer
  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      wait_q <= 1'b0;
      word_q <= (32 * Words + 1)'(1'b0);
      open_q <= 1'b0;
      left_q <= 16'd0;
    end else begin
      wait_q <= m_valid_o & ~m_ready_i;
      word_q <= {m_last_o, m_data_o};
      if (put_i) left_q <= (lines_o + 16'(2 * Words - 1)) / 16'(2 * Words);
      else if (m_valid_o && m_ready_i) left_q <= left_q - 16'd1;
      if (put_i) open_q <= 1'b1;
      else if (m_valid_o && m_ready_i && m_last_o) open_q <= 1'b0;
      if (put_i) begin
        A1: assume (!m_valid_o) else $error("an answer on top of another");
      end
      if (wait_q) begin
        R1: assert (m_valid_o && word_q == {m_last_o, m_data_o}) else $error("a word is withdrawn or changes");
      end
      if (m_valid_o) begin
        R2: assert (m_last_o == (left_q == 16'd0)) else $error("a last that is not the final word's");
      end
      R3: assert (m_valid_o == open_q) else $error("a word beside an answer, or none within it");
    end
  end
endmodule
bind xt_result xt_result_props #(.Words(Words)) u_props (.*);
`default_nettype wire
