// SPDX-License-Identifier: Apache-2.0
// room: a block at every size of its room (module dut, package room_pkg), one of which has the clock (room.h).
`default_nettype none
module room (
  input  wire logic [31:0] clk_i,
  input  wire logic [31:0] rst_ni,
  input  wire logic [7:0] size_i,
  input  wire logic [room_pkg::IN-1:0] pins_i,
  output logic [room_pkg::OUT-1:0] pins_o,
  output logic [7:0] sizes_o,
  output logic [255:0] shape_o
);

  logic [room_pkg::OUT-1:0] pins [room_pkg::SIZES];
  logic [255:0] shape [room_pkg::SIZES];

  generate
    for (genvar s = 0; s < room_pkg::SIZES; s++) begin : g_size
      dut #(.Size(s)) u_dut (
        .clk_i(clk_i[s]), .rst_ni(rst_ni[s]), .pins_i(pins_i), .pins_o(pins[s]), .shape_o(shape[s])
      );
    end
  endgenerate

  assign sizes_o = 8'(room_pkg::SIZES);
  always_comb begin
    pins_o = pins[0];
    shape_o = shape[0];
    for (int s = 1; s < room_pkg::SIZES; s++) begin
      if (size_i == 8'(s)) begin
        pins_o = pins[s];
        shape_o = shape[s];
      end
    end
  end

endmodule
`default_nettype wire
