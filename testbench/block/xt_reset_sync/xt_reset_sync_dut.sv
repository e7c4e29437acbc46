// SPDX-License-Identifier: Apache-2.0
`default_nettype none
package room_pkg;
  localparam int SIZES = 3;
  // Stages of each size
  localparam logic [0:SIZES-1][15:0] SHAPE = {16'd2, 16'd3, 16'd8};
  localparam int IN = 32;
  localparam int OUT = 32;
endpackage

/* verilator lint_off UNUSEDSIGNAL */  // no input but clock and reset
module dut #(parameter int Size = 0) (
  input  wire logic clk_i,
  input  wire logic rst_ni,
  input  wire logic [room_pkg::IN-1:0] pins_i,
  output logic [room_pkg::OUT-1:0] pins_o,
  output logic [255:0] shape_o
);
  /* verilator lint_on UNUSEDSIGNAL */
  localparam int Stages = 32'(room_pkg::SHAPE[Size]);
  assign shape_o = 256'(Stages);

  logic rst_n;
  assign pins_o = 32'(rst_n);

  xt_reset_sync #(.Stages(Stages)) u_reset_sync (.clk_i(clk_i), .arst_ni(rst_ni), .rst_no(rst_n));
endmodule
`default_nettype wire
