// SPDX-License-Identifier: Apache-2.0
`default_nettype none
`include "xt_types.svh"
package room_pkg;
  localparam int SIZES = 4;
  // N, M, CodeBits, AdcBits, AdcShare, AdcKind, BlMax, StateBits of each size
  localparam logic [0:SIZES-1][0:7][15:0] SHAPE = {
    16'd1, 16'd1, 16'd7, 16'd9, 16'd1, 16'd0, 16'd31, 16'd16, 16'd3, 16'd5, 16'd2, 16'd4, 16'd2, 16'd1, 16'd1, 16'd8,
    16'd784, 16'd128, 16'd8, 16'd12, 16'd64, 16'd0, 16'd255, 16'd24,
    16'd7, 16'd32768, 16'd5, 16'd10, 16'd3, 16'd1, 16'd7, 16'd12};
  // shape_o has room for eight numbers
  localparam logic [0:SIZES-1][15:0] PROB_BITS = {16'd16, 16'd8, 16'd13, 16'd16};
  localparam logic [0:SIZES-1] MTJ = 4'b1110;
  localparam logic [0:SIZES-1][7:0] ACC_BITS = {8'd32, 8'd12, 8'd24, 8'd0};
  localparam logic [0:SIZES-1][7:0] ACC_GANG = {8'd0, 8'd0, 8'd5, 8'd0};
  localparam int IN = 2048;
  localparam int OUT = 1024;
endpackage

module dut #(parameter int Size = 0) (
  input  wire logic clk_i,
  input  wire logic rst_ni,
  input  wire logic [room_pkg::IN-1:0] pins_i,
  output logic [room_pkg::OUT-1:0] pins_o,
  output logic [255:0] shape_o
);
  localparam int N = 32'(room_pkg::SHAPE[Size][0]);
  localparam int M = 32'(room_pkg::SHAPE[Size][1]);
  localparam int CodeBits = 32'(room_pkg::SHAPE[Size][2]);
  localparam int AdcBits = 32'(room_pkg::SHAPE[Size][3]);
  localparam int AdcShare = 32'(room_pkg::SHAPE[Size][4]);
  localparam int AdcKind = 32'(room_pkg::SHAPE[Size][5]);
  localparam int BlMax = 32'(room_pkg::SHAPE[Size][6]);
  localparam int StateBits = 32'(room_pkg::SHAPE[Size][7]);
  localparam int ProbBits = 32'(room_pkg::PROB_BITS[Size]);
  localparam int Mtj = 32'(room_pkg::MTJ[Size]);
  localparam int AccBits = 32'(room_pkg::ACC_BITS[Size]);
  localparam int AccGang = 32'(room_pkg::ACC_GANG[Size]);
  assign shape_o = {32'(StateBits << 16 | Mtj << 8 | ProbBits), 32'(BlMax),
                    32'(AccGang << 16 | AccBits << 8 | AdcKind), 32'(AdcShare), 32'(AdcBits),
                    32'(CodeBits), 32'(M), 32'(N)};

  logic valid, write, ack;
  logic [7:0] addr;
  logic [31:0] wdata, rdata;
  logic [2:0] csr_status;
  xt_status_t status;
  logic busy, reset_given;
  logic [15:0] xfer_ptr, xfer_count, lowdisc, last_line, last_rails;
  logic [16:0] gen;
  logic [7:0] last_bl;
  xt_csr_set_t set;
  logic abort;
  logic [64*xt_pkg::NUM_COUNTERS-1:0] counters;
  xt_regs_t regs;
  logic [31:0] cal, acc;
  assign {acc, cal, counters, last_rails, last_bl, last_line, gen, lowdisc, xfer_count, xfer_ptr, busy, reset_given,
          wdata, addr, write, valid} = pins_i;
  assign pins_o = {regs, csr_status, rdata, ack, set.word, set.counter, set.acc, set.cal, set.gen, set.lowdisc,
                   set.xfer_count,
                   set.xfer_ptr, set.data, abort};
  always_comb begin
    status = '0;
    status.reset_given = reset_given;
    status.busy = busy;
    status.xfer_ptr = xfer_ptr;
    status.xfer_count = xfer_count;
    status.lowdisc = lowdisc;
    status.gen = gen;
    status.cal = cal;
    status.acc = acc;
    status.last_xfer_line = last_line;
    status.last_xfer_bl = last_bl;
    status.last_xfer_rails = last_rails;
  end

  xt_csr #(
    .N(N), .M(M), .CodeBits(CodeBits), .AdcBits(AdcBits), .AdcShare(AdcShare), .AdcKind(AdcKind), .BlMax(BlMax),
    .StateBits(StateBits), .ProbBits(ProbBits), .Mtj(Mtj),
    .AccBits(AccBits), .AccGang(AccGang)
  ) u_csr (
    .clk_i(clk_i), .rst_ni(rst_ni), .valid_i(valid), .write_i(write), .addr_i(addr), .wdata_i(wdata),
    .ack_o(ack), .rdata_o(rdata), .status_o(csr_status), .status_i(status), .counters_i(counters), .regs_o(regs),
    .set_o(set), .abort_o(abort)
  );
endmodule
`default_nettype wire
