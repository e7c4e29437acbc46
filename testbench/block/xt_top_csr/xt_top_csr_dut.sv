// SPDX-License-Identifier: Apache-2.0
`default_nettype none
package room_pkg;
  localparam int SIZES = 3;
  // Tiles of each size
  localparam logic [0:SIZES-1][15:0] SHAPE = {16'd1, 16'd3, 16'd16};
  localparam int IN = 1024;
  localparam int OUT = 256;
endpackage

module dut #(parameter int Size = 0) (
  input  wire logic clk_i,
  input  wire logic rst_ni,
  input  wire logic [room_pkg::IN-1:0] pins_i,
  output logic [room_pkg::OUT-1:0] pins_o,
  output logic [255:0] shape_o
);
  localparam int Tiles = 32'(room_pkg::SHAPE[Size]);
  assign shape_o = 256'(Tiles);

  logic req_valid, req_write, req_partial, err, err_write, answered, irq, tile_write, hold, slverr;
  logic [Tiles:0] waits, errors;
  logic [Tiles-1:0] done, idle, space, op_end, closed, reset_next, reset, on_bus;
  logic [17:0] req_addr, err_addr;
  logic [31:0] req_wdata, rsp_rdata, tile_wdata;
  logic [2:0] rsp_status;
  logic [7:0] tile_addr;
  logic [Tiles-1:0] tile_valid;
  logic [Tiles*32-1:0] tile_rdata;
  logic [Tiles*3-1:0] tile_status;
  assign {tile_status, tile_rdata, on_bus, op_end, space, idle, done, errors, waits, answered, err_addr, err_write, err,
          req_wdata, req_addr, req_partial, req_write, req_valid} = pins_i;
  assign pins_o = {reset, reset_next, closed, hold, slverr, tile_valid, tile_wdata, tile_addr, tile_write, irq,
                   rsp_status, rsp_rdata};

  xt_top_csr #(.Tiles(Tiles)) u_top_csr (
    .clk_i(clk_i), .rst_ni(rst_ni),
    .req_valid_i(req_valid), .req_write_i(req_write), .req_partial_i(req_partial), .req_addr_i(req_addr),
    .req_wdata_i(req_wdata),
    .rsp_rdata_o(rsp_rdata), .rsp_status_o(rsp_status),
    .tile_valid_o(tile_valid), .tile_write_o(tile_write), .tile_addr_o(tile_addr), .tile_wdata_o(tile_wdata),
    .tile_rdata_i(tile_rdata), .tile_status_i(tile_status),
    .err_i(err), .err_write_i(err_write), .err_addr_i(err_addr),
    .hold_o(hold), .slverr_o(slverr),
    .waits_i(waits), .errors_i(errors), .done_i(done), .idle_i(idle), .space_i(space), .op_end_i(op_end),
    .answered_i(answered), .irq_o(irq),
    .closed_o(closed), .reset_next_o(reset_next), .reset_o(reset), .on_bus_i(on_bus)
  );
endmodule
`default_nettype wire
