// SPDX-License-Identifier: Apache-2.0
// Invariants of xt_csr (numbers as in its header). R1 is checked where a register can change: after a write.
`default_nettype none
`include "xt_types.svh"
module xt_csr_props #(
  parameter int N = 784,
  parameter int AdcBits = 9,
  parameter int BlMax = 31,
  parameter int ProbBits = 16,
  parameter int AccBits = 0
) (
  input wire logic clk_i,
  input wire logic rst_ni,
  input wire logic valid_i,
  input wire logic write_i,
  input wire logic busy_i,
  input wire logic [7:0] addr_i,
  input wire logic ack_o,
  input wire logic [2:0] status_o,
  /* verilator lint_off UNUSEDSIGNAL */  // not all of it is of interest here
  input wire xt_csr_set_t set_o,
  /* verilator lint_on UNUSEDSIGNAL */
  input wire logic abort_o,
  input wire xt_regs_t regs_o
);
  logic told;   // a block is told something
  logic told_q;
  assign told = set_o.xfer_ptr | set_o.xfer_count | set_o.lowdisc | set_o.gen | set_o.cal | set_o.acc | set_o.counter
              | abort_o;
  localparam logic signed [11:0] ADCMAX = 12'((1 << (AdcBits - 1)) - 1);
  localparam logic signed [32:0] SMAX = (33'sd1 <<< ((AccBits != 0) ? AccBits - 1 : 0)) - 33'sd1;
  logic signed [32:0] sum;
  assign sum = {set_o.data[31], set_o.data};
  logic signed [11:0] offset;
  assign offset = regs_o.adc_offset;
  /* verilator lint_off CMPCONST */  // with BlMax = 255
  function automatic logic is_length(input logic [7:0] bl);
    is_length = (bl != 8'd0) && (bl <= 8'(BlMax));
  endfunction
  /* verilator lint_on CMPCONST */
  logic written_q;
  logic busy_q;
  xt_regs_t regs_q;
  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      written_q <= 1'b1;  // the reset values are legal, too
      busy_q <= 1'b0;
      told_q <= 1'b0;
      regs_q <= '0;
    end else begin
      written_q <= valid_i & write_i;
      busy_q <= valid_i & write_i & busy_i;
      told_q <= told;
      if (valid_i && write_i) regs_q <= regs_o;
      if (written_q) begin
        R1: assert (regs_o.range_fwd <= 6'(xt_pkg::MAX_RANGE_FWD) && regs_o.range_bwd <= 6'(xt_pkg::MAX_RANGE_BWD)
                    && regs_o.range_xfer <= 6'(xt_pkg::MAX_RANGE_XFER)
                    && regs_o.range_read <= 6'(xt_pkg::MAX_RANGE_READ)
                    && offset <= ADCMAX && offset >= -ADCMAX
                    && regs_o.upd_mode <= 2'(xt_pkg::MAX_UPD_MODE) && regs_o.xfer_enc <= 2'(xt_pkg::MAX_XFER_ENC)
                    && is_length(regs_o.upd_bl) && is_length(regs_o.xfer_bl) && is_length(regs_o.prog_bl)
                    && regs_o.pulse_width != 8'd0)
          else $error("a register is beyond its range");
      end
      if (busy_q) begin
        R2: assert (regs_o == regs_q) else $error("a register changes while the tile is busy");
      end
      if (told || told_q) begin
        R3: assert ((!told || (valid_i && write_i && (!busy_i || addr_i == xt_pkg::CSR_CONTROL)))
                    && (!told_q || (ack_o && status_o == xt_pkg::CSR_ST_OK)))
          else $error("a block is told of a write that is refused");
        R4: assert ((!set_o.xfer_ptr || set_o.data < 32'(N)) && (!set_o.lowdisc || (set_o.data >> ProbBits) == 32'd0)
                    && (!set_o.gen || (set_o.data >> (ProbBits + 1)) == 32'd0)
                    && (!set_o.cal || set_o.data + 32'(1 << (AdcBits - 1)) - 32'd1 < 32'(1 << AdcBits) - 32'd1)
                    && (!set_o.acc || (AccBits != 0 && sum >= -SMAX && sum <= SMAX)))
          else $error("a block is told a value beyond the register's range");
      end
    end
  end
endmodule
bind xt_csr xt_csr_props #(.N(N), .AdcBits(AdcBits), .BlMax(BlMax), .ProbBits(ProbBits), .AccBits(AccBits)) u_props (
  .busy_i(status_i.busy), .*
);
`default_nettype wire
