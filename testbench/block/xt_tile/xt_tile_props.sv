// SPDX-License-Identifier: Apache-2.0
// Invariants of xt_tile (numbers as in its header). R2 compares two runs: lockstep under back-pressure shows it. R3: of
// control it is R4 of xt_seq, of drives R3 of xt_coinc; here the trial codes, once per read and operation.
`default_nettype none
`include "xt_types.svh"
module xt_tile_props #(
  parameter int TrialW = 784
) (
  input wire logic clk_i,
  input wire logic rst_ni,
  input wire logic op_busy_o,
  input wire logic written_i,   // a register is written
  input wire logic [2:0] csr_status_o,
  input wire logic taken_i,     // the last word of a packet
  input wire logic m_valid_o,
  input wire logic answered_i,  // the last word of an answer
  input wire logic converts_i,  // SAR, LATCH
  input wire logic [7:0] kind_i,
  input wire xt_array_ctl_t to_array_ctl_o,
  input wire logic [TrialW-1:0] to_array_sar_code_o
);
  // Commands taken whose answers have not been: one in the shadow, one that runs, one on its way out.
  logic [1:0] due_q;
  logic written_q;
  logic drives;       // lines may be driven
  logic look;
  assign drives = to_array_ctl_o.integ | to_array_ctl_o.pulse;
  assign look = to_array_ctl_o.clear || to_array_ctl_o.hold || kind_i == xt_pkg::KIND_END;
  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      due_q <= 2'd0;
      written_q <= 1'b0;
    end else begin
      due_q <= due_q + 2'(taken_i) - 2'(answered_i);
      written_q <= written_i;
      if (written_q && csr_status_o == xt_pkg::CSR_ST_OK) begin
        R4: assert (!op_busy_o) else $error("a register changes under an operation");
      end
      R1: assert (!m_valid_o || due_q != 2'd0) else $error("a word of an answer without a command");
      if (look) begin
        R3: assert (to_array_sar_code_o == '0 && !drives && !converts_i
                    && (kind_i != xt_pkg::KIND_END || to_array_ctl_o == '0))
          else $error("the array boundary is not 0");
      end
    end
  end
endmodule
bind xt_tile xt_tile_props #(.TrialW($bits(to_array_sar_code_o))) u_props (
  .written_i(csr_valid_i && csr_write_i && csr_addr_i != xt_pkg::CSR_CONTROL),
  .taken_i(s_valid_i && s_ready_o && s_last_i), .answered_i(m_valid_o && m_ready_i && m_last_o),
  .converts_i(now.sar || now.latch), .kind_i(now.kind), .*
);
`default_nettype wire
