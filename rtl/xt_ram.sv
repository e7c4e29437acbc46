// SPDX-License-Identifier: Apache-2.0
// xt_ram: the memory of the accumulator: rows of lanes, one port to read and one to write.
//
// Operation. read_i: data_o has row read_row_i from the next cycle on, until the next read. write_i: the lanes of
//   row write_row_i that are named. A read of a row that is written in the same cycle gives what was there.
//   For an SRAM, replace this module by a wrapper of the macro: two ports (1R1W), a write mask of Bits per lane.
//   Nothing rests on its content after power-up.
// Parameters. Rows 1..32768; Lanes 1..32768; Bits 1..32.
// Timing. As said: synchronous read.
// Trace record. none.
// Golden counterpart. none: a memory.
`default_nettype none
module xt_ram #(
  parameter int Rows = 16,
  parameter int Lanes = 16,
  parameter int Bits = 24,
  localparam int RowBits = (Rows > 1) ? $clog2(Rows) : 1
) (
  input  wire logic clk_i,
  input  wire logic read_i,
  input  wire logic [RowBits-1:0] read_row_i,
  output logic [Lanes*Bits-1:0] data_o,
  input  wire logic [Lanes-1:0] write_i,
  input  wire logic [RowBits-1:0] write_row_i,
  input  wire logic [Lanes*Bits-1:0] data_i
);

  logic [Lanes*Bits-1:0] mem [0:Rows-1];

`ifndef SYNTHESIS
  integer r;
  initial for (r = 0; r < Rows; r = r + 1) mem[r] = (Lanes * Bits)'(1'b0);
`endif

  integer k;
  always_ff @(posedge clk_i) begin
    if (read_i) data_o <= mem[read_row_i];
    /* verilator lint_off BLKSEQ */  // nobody else looks at it; Verilator has no <= to a memory in a loop
    if (|write_i) begin
      for (k = 0; k < Lanes; k = k + 1) begin
        if (write_i[k]) mem[write_row_i][k * Bits +: Bits] = data_i[k * Bits +: Bits];
      end
    end
    /* verilator lint_on BLKSEQ */
  end

endmodule
`default_nettype wire
