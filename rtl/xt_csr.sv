// SPDX-License-Identifier: Apache-2.0
// xt_csr: registers.
//
// Operation. One access port: a request is taken in the cycle valid_i is high; acknowledge, read data and status
//   follow in the next cycle. Refusals of a write, in order: ADDRESS, READONLY, BUSY, VALUE.
//   Reads always work; an unknown address reads 0 with status ADDRESS.
// Parameters. All of xt_tile (they are readable).
// Timing. A register has its new value in the cycle of the acknowledge. One request per cycle.
// Trace record. none.
// Golden counterpart. refc/xt_csr.c
// Invariants. R1 a register is always within its legal range. R2 no register changes while busy_i.
`default_nettype none
module xt_csr #(
  parameter int N = 784,
  parameter int M = 128,
  parameter int CodeBits = 7,
  parameter int AdcBits = 9,
  parameter int AdcShare = 1,
  parameter int BlMax = 31,
  parameter int StateBits = 16,
  parameter int ProbBits = 16
) (
  input  wire logic clk_i,
  input  wire logic rst_ni,
  input  wire logic valid_i,
  input  wire logic write_i,
  input  wire logic [7:0] addr_i,
  input  wire logic [31:0] wdata_i,
  output logic ack_o,
  output logic [31:0] rdata_o,
  output logic [2:0] status_o,
  // status
  input  wire logic busy_i,
  input  wire logic reset_given_i,
  input  wire logic [15:0] xfer_ptr_i,
  input  wire logic [15:0] xfer_count_i,
  input  wire logic [639:0] counters_i,
  // values
  output logic [31:0] seed_o,
  output logic cell_gated_o,
  output logic read_serial_o,
  output logic [5:0] range_fwd_o,
  output logic [5:0] range_bwd_o,
  output logic [5:0] range_xfer_o,
  output logic [5:0] range_read_o,
  output logic [AdcBits-1:0] adc_offset_o,
  output logic upd_sel_o,
  output logic [1:0] upd_mode_o,
  output logic upd_enc_o,
  output logic [7:0] upd_bl_o,
  output logic [15:0] upd_rate_o,
  output logic [5:0] upd_exp_o,
  output logic [15:0] scale_x_o,
  output logic [5:0] scale_x_exp_o,
  output logic [15:0] scale_d_o,
  output logic [5:0] scale_d_exp_o,
  output logic [15:0] xfer_every_o,
  output logic [1:0] xfer_enc_o,
  output logic [7:0] xfer_bl_o,
  output logic [15:0] xfer_rate_o,
  output logic [5:0] xfer_exp_o,
  output logic [7:0] prog_bl_o,
  output logic [15:0] prog_rate_o,
  output logic [5:0] prog_exp_o,
  output logic [7:0] prog_iters_o,
  output logic [7:0] prog_tol_o
);

  localparam logic [31:0] ADCMAX = 32'((1 << (AdcBits - 1)) - 1);

  // Address decode, legal range, and what a read gives.
  logic known;
  logic writable;
  logic value_ok;
  logic [31:0] lowest;
  logic [31:0] highest;
  logic [31:0] value;

  always @* begin
    known = 1'b1;
    writable = 1'b1;
    lowest = 32'd0;
    highest = 32'd0;
    value = 32'd0;
    if (valid_i) begin
      case (addr_i)
        xt_pkg::CSR_ID: begin writable = 1'b0; value = xt_pkg::ID; end
        xt_pkg::CSR_PARAM_HASH: begin writable = 1'b0; value = xt_pkg::PARAM_HASH; end
        xt_pkg::CSR_SHAPE: begin writable = 1'b0; value = {16'(M), 16'(N)}; end
        xt_pkg::CSR_CONFIG: begin
          writable = 1'b0;
          value = {8'(AdcBits), 8'(AdcShare), 8'(StateBits), 8'(CodeBits)};
        end
        xt_pkg::CSR_CONFIG2: begin writable = 1'b0; value = {16'd0, 8'(ProbBits), 8'(BlMax)}; end
        xt_pkg::CSR_STATUS: begin writable = 1'b0; value = {30'd0, reset_given_i, busy_i}; end
        xt_pkg::CSR_XFER_PTR: begin writable = 1'b0; value = {16'd0, xfer_ptr_i}; end
        xt_pkg::CSR_XFER_COUNT: begin writable = 1'b0; value = {16'd0, xfer_count_i}; end
        xt_pkg::CSR_SEED: begin
          lowest = xt_pkg::MIN_SEED; highest = xt_pkg::MAX_SEED; value = seed_o;
        end
        xt_pkg::CSR_CELL_MODE: begin
          lowest = xt_pkg::MIN_CELL_MODE; highest = xt_pkg::MAX_CELL_MODE; value = 32'(cell_gated_o);
        end
        xt_pkg::CSR_READ_ENC: begin
          lowest = xt_pkg::MIN_READ_ENC; highest = xt_pkg::MAX_READ_ENC; value = 32'(read_serial_o);
        end
        xt_pkg::CSR_RANGE_FWD: begin
          lowest = xt_pkg::MIN_RANGE_FWD; highest = xt_pkg::MAX_RANGE_FWD; value = 32'(range_fwd_o);
        end
        xt_pkg::CSR_RANGE_BWD: begin
          lowest = xt_pkg::MIN_RANGE_BWD; highest = xt_pkg::MAX_RANGE_BWD; value = 32'(range_bwd_o);
        end
        xt_pkg::CSR_RANGE_XFER: begin
          lowest = xt_pkg::MIN_RANGE_XFER; highest = xt_pkg::MAX_RANGE_XFER; value = 32'(range_xfer_o);
        end
        xt_pkg::CSR_RANGE_READ: begin
          lowest = xt_pkg::MIN_RANGE_READ; highest = xt_pkg::MAX_RANGE_READ; value = 32'(range_read_o);
        end
        xt_pkg::CSR_ADC_OFFSET: value = 32'($signed(adc_offset_o));
        xt_pkg::CSR_UPD_SEL: begin
          lowest = xt_pkg::MIN_UPD_SEL; highest = xt_pkg::MAX_UPD_SEL; value = 32'(upd_sel_o);
        end
        xt_pkg::CSR_UPD_MODE: begin
          lowest = xt_pkg::MIN_UPD_MODE; highest = xt_pkg::MAX_UPD_MODE; value = 32'(upd_mode_o);
        end
        xt_pkg::CSR_UPD_ENC: begin
          lowest = xt_pkg::MIN_UPD_ENC; highest = xt_pkg::MAX_UPD_ENC; value = 32'(upd_enc_o);
        end
        xt_pkg::CSR_UPD_BL: begin
          lowest = xt_pkg::MIN_UPD_BL; highest = 32'(BlMax); value = 32'(upd_bl_o);
        end
        xt_pkg::CSR_UPD_RATE: begin
          lowest = xt_pkg::MIN_UPD_RATE; highest = xt_pkg::MAX_UPD_RATE; value = 32'(upd_rate_o);
        end
        xt_pkg::CSR_UPD_EXP: begin
          lowest = xt_pkg::MIN_UPD_EXP; highest = xt_pkg::MAX_UPD_EXP; value = 32'(upd_exp_o);
        end
        xt_pkg::CSR_SCALE_X: begin
          lowest = xt_pkg::MIN_SCALE_X; highest = xt_pkg::MAX_SCALE_X; value = 32'(scale_x_o);
        end
        xt_pkg::CSR_SCALE_X_EXP: begin
          lowest = xt_pkg::MIN_SCALE_X_EXP; highest = xt_pkg::MAX_SCALE_X_EXP; value = 32'(scale_x_exp_o);
        end
        xt_pkg::CSR_SCALE_D: begin
          lowest = xt_pkg::MIN_SCALE_D; highest = xt_pkg::MAX_SCALE_D; value = 32'(scale_d_o);
        end
        xt_pkg::CSR_SCALE_D_EXP: begin
          lowest = xt_pkg::MIN_SCALE_D_EXP; highest = xt_pkg::MAX_SCALE_D_EXP; value = 32'(scale_d_exp_o);
        end
        xt_pkg::CSR_XFER_EVERY: begin
          lowest = xt_pkg::MIN_XFER_EVERY; highest = xt_pkg::MAX_XFER_EVERY; value = 32'(xfer_every_o);
        end
        xt_pkg::CSR_XFER_ENC: begin
          lowest = xt_pkg::MIN_XFER_ENC; highest = xt_pkg::MAX_XFER_ENC; value = 32'(xfer_enc_o);
        end
        xt_pkg::CSR_XFER_BL: begin
          lowest = xt_pkg::MIN_XFER_BL; highest = 32'(BlMax); value = 32'(xfer_bl_o);
        end
        xt_pkg::CSR_XFER_RATE: begin
          lowest = xt_pkg::MIN_XFER_RATE; highest = xt_pkg::MAX_XFER_RATE; value = 32'(xfer_rate_o);
        end
        xt_pkg::CSR_XFER_EXP: begin
          lowest = xt_pkg::MIN_XFER_EXP; highest = xt_pkg::MAX_XFER_EXP; value = 32'(xfer_exp_o);
        end
        xt_pkg::CSR_PROG_BL: begin
          lowest = xt_pkg::MIN_PROG_BL; highest = 32'(BlMax); value = 32'(prog_bl_o);
        end
        xt_pkg::CSR_PROG_RATE: begin
          lowest = xt_pkg::MIN_PROG_RATE; highest = xt_pkg::MAX_PROG_RATE; value = 32'(prog_rate_o);
        end
        xt_pkg::CSR_PROG_EXP: begin
          lowest = xt_pkg::MIN_PROG_EXP; highest = xt_pkg::MAX_PROG_EXP; value = 32'(prog_exp_o);
        end
        xt_pkg::CSR_PROG_ITERS: begin
          lowest = xt_pkg::MIN_PROG_ITERS; highest = xt_pkg::MAX_PROG_ITERS; value = 32'(prog_iters_o);
        end
        xt_pkg::CSR_PROG_TOL: begin
          lowest = xt_pkg::MIN_PROG_TOL; highest = xt_pkg::MAX_PROG_TOL; value = 32'(prog_tol_o);
        end
        default: begin
          writable = 1'b0;
          known = (addr_i >= xt_pkg::CSR_COUNTERS)
               && (addr_i < xt_pkg::CSR_COUNTERS + 8'd2 * xt_pkg::NUM_COUNTERS);
          if (known) value = counters_i[(32'(addr_i) - 32'(xt_pkg::CSR_COUNTERS)) * 32 +: 32];
        end
      endcase
    end
    value_ok = (wdata_i >= lowest) && (wdata_i <= highest);
    if (addr_i == xt_pkg::CSR_ADC_OFFSET) begin
      value_ok = (wdata_i <= ADCMAX) || (wdata_i >= 32'd0 - ADCMAX);
    end
  end

  logic [2:0] status_d;
  always @* begin
    status_d = xt_pkg::CSR_ST_OK;
    if (!known) status_d = xt_pkg::CSR_ST_ADDRESS;
    else if (write_i && !writable) status_d = xt_pkg::CSR_ST_READONLY;
    else if (write_i && busy_i) status_d = xt_pkg::CSR_ST_BUSY;
    else if (write_i && !value_ok) status_d = xt_pkg::CSR_ST_VALUE;
  end

  logic store;
  assign store = valid_i && write_i && (status_d == xt_pkg::CSR_ST_OK);

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      ack_o <= 1'b0;
      rdata_o <= 32'd0;
      status_o <= 3'd0;
    end else begin
      ack_o <= valid_i;
      rdata_o <= (valid_i && !write_i) ? value : 32'd0;
      status_o <= valid_i ? status_d : 3'd0;
    end
  end

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      seed_o <= xt_pkg::RST_SEED;
      cell_gated_o <= 1'(xt_pkg::RST_CELL_MODE);
      read_serial_o <= 1'(xt_pkg::RST_READ_ENC);
      range_fwd_o <= 6'(xt_pkg::RST_RANGE_FWD);
      range_bwd_o <= 6'(xt_pkg::RST_RANGE_BWD);
      range_xfer_o <= 6'(xt_pkg::RST_RANGE_XFER);
      range_read_o <= 6'(xt_pkg::RST_RANGE_READ);
      adc_offset_o <= AdcBits'(xt_pkg::RST_ADC_OFFSET);
      upd_sel_o <= 1'(xt_pkg::RST_UPD_SEL);
      upd_mode_o <= 2'(xt_pkg::RST_UPD_MODE);
      upd_enc_o <= 1'(xt_pkg::RST_UPD_ENC);
      upd_bl_o <= 8'(xt_pkg::RST_UPD_BL);
      upd_rate_o <= 16'(xt_pkg::RST_UPD_RATE);
      upd_exp_o <= 6'(xt_pkg::RST_UPD_EXP);
      scale_x_o <= 16'(xt_pkg::RST_SCALE_X);
      scale_x_exp_o <= 6'(xt_pkg::RST_SCALE_X_EXP);
      scale_d_o <= 16'(xt_pkg::RST_SCALE_D);
      scale_d_exp_o <= 6'(xt_pkg::RST_SCALE_D_EXP);
      xfer_every_o <= 16'(xt_pkg::RST_XFER_EVERY);
      xfer_enc_o <= 2'(xt_pkg::RST_XFER_ENC);
      xfer_bl_o <= 8'(xt_pkg::RST_XFER_BL);
      xfer_rate_o <= 16'(xt_pkg::RST_XFER_RATE);
      xfer_exp_o <= 6'(xt_pkg::RST_XFER_EXP);
      prog_bl_o <= 8'(xt_pkg::RST_PROG_BL);
      prog_rate_o <= 16'(xt_pkg::RST_PROG_RATE);
      prog_exp_o <= 6'(xt_pkg::RST_PROG_EXP);
      prog_iters_o <= 8'(xt_pkg::RST_PROG_ITERS);
      prog_tol_o <= 8'(xt_pkg::RST_PROG_TOL);
    end else if (store) begin
      case (addr_i)
        xt_pkg::CSR_SEED: seed_o <= wdata_i;
        xt_pkg::CSR_CELL_MODE: cell_gated_o <= wdata_i[0];
        xt_pkg::CSR_READ_ENC: read_serial_o <= wdata_i[0];
        xt_pkg::CSR_RANGE_FWD: range_fwd_o <= wdata_i[5:0];
        xt_pkg::CSR_RANGE_BWD: range_bwd_o <= wdata_i[5:0];
        xt_pkg::CSR_RANGE_XFER: range_xfer_o <= wdata_i[5:0];
        xt_pkg::CSR_RANGE_READ: range_read_o <= wdata_i[5:0];
        xt_pkg::CSR_ADC_OFFSET: adc_offset_o <= wdata_i[AdcBits-1:0];
        xt_pkg::CSR_UPD_SEL: upd_sel_o <= wdata_i[0];
        xt_pkg::CSR_UPD_MODE: upd_mode_o <= wdata_i[1:0];
        xt_pkg::CSR_UPD_ENC: upd_enc_o <= wdata_i[0];
        xt_pkg::CSR_UPD_BL: upd_bl_o <= wdata_i[7:0];
        xt_pkg::CSR_UPD_RATE: upd_rate_o <= wdata_i[15:0];
        xt_pkg::CSR_UPD_EXP: upd_exp_o <= wdata_i[5:0];
        xt_pkg::CSR_SCALE_X: scale_x_o <= wdata_i[15:0];
        xt_pkg::CSR_SCALE_X_EXP: scale_x_exp_o <= wdata_i[5:0];
        xt_pkg::CSR_SCALE_D: scale_d_o <= wdata_i[15:0];
        xt_pkg::CSR_SCALE_D_EXP: scale_d_exp_o <= wdata_i[5:0];
        xt_pkg::CSR_XFER_EVERY: xfer_every_o <= wdata_i[15:0];
        xt_pkg::CSR_XFER_ENC: xfer_enc_o <= wdata_i[1:0];
        xt_pkg::CSR_XFER_BL: xfer_bl_o <= wdata_i[7:0];
        xt_pkg::CSR_XFER_RATE: xfer_rate_o <= wdata_i[15:0];
        xt_pkg::CSR_XFER_EXP: xfer_exp_o <= wdata_i[5:0];
        xt_pkg::CSR_PROG_BL: prog_bl_o <= wdata_i[7:0];
        xt_pkg::CSR_PROG_RATE: prog_rate_o <= wdata_i[15:0];
        xt_pkg::CSR_PROG_EXP: prog_exp_o <= wdata_i[5:0];
        xt_pkg::CSR_PROG_ITERS: prog_iters_o <= wdata_i[7:0];
        default: prog_tol_o <= wdata_i[7:0];
      endcase
    end
  end

endmodule
`default_nettype wire
