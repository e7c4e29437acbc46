// SPDX-License-Identifier: Apache-2.0
// xt_prog: program-verify: the errors of a line against its targets, and whether another round of pulses is given.
//
// Operation. In CHECK: d_j = clamp(target_j - code_j, +-ADCMAX), 0 where |d_j| <= tol_i; round_o if some d_j is not 0
//   and fewer than iters_i rounds have been given.
// Parameters. M 1..32768; AdcBits 4..12; ColMag = max(CodeBits, AdcBits) - 1.
// Timing. round_o, mag_o, neg_o are combinational, 0 unless check_i; rounds_o counts from the next cycle on.
// Trace record. col_act and info of PROGRAM.
// Golden counterpart. refc/xt_prog.c
// Invariants. R1 rounds <= iters_i. R2 |d_j| <= ADCMAX.
`default_nettype none
module xt_prog #(
  parameter int M = 128,
  parameter int AdcBits = 9,
  parameter int ColMag = 8
) (
  input  wire logic clk_i,
  input  wire logic rst_ni,
  input  wire logic start_i,  // of a command: no round yet
  // registers
  input  wire logic [7:0] tol_i,
  input  wire logic [7:0] iters_i,
  // CHECK: codes of the last read, targets; column operand: signs, magnitude bit b of line j at b*M + j
  input  wire logic check_i,
  input  wire logic [M*AdcBits-1:0] codes_i,
  input  wire logic [M*AdcBits-1:0] targets_i,
  output logic [ColMag*M-1:0] mag_o,
  output logic [M-1:0] neg_o,
  output logic round_o,
  output logic [7:0] rounds_o  // rounds given
);

  localparam logic [AdcBits:0] ADCMAX = {2'b00, {(AdcBits - 1) {1'b1}}};
  localparam logic [AdcBits:0] ZERO = (AdcBits + 1)'(1'b0);

  logic [7:0] rounds_q;
  logic any_error;

  integer j;
  integer b;
  logic [AdcBits-1:0] code;
  logic [AdcBits-1:0] target;
  logic [AdcBits:0] error;  // then its magnitude
  logic neg;
  always @* begin
    mag_o = (ColMag * M)'(1'b0);
    neg_o = {M{1'b0}};
    any_error = 1'b0;
    code = AdcBits'(1'b0);
    target = AdcBits'(1'b0);
    error = ZERO;
    neg = 1'b0;
    if (check_i) begin
      for (j = 0; j < M; j = j + 1) begin
        code = codes_i[j * AdcBits +: AdcBits];
        target = targets_i[j * AdcBits +: AdcBits];
        error = {target[AdcBits-1], target} - {code[AdcBits-1], code};
        neg = error[AdcBits];
        if (neg) error = ZERO - error;
        if (error > ADCMAX) error = ADCMAX;
        if (16'(error) <= 16'(tol_i)) error = ZERO;
        neg_o[j] = neg && (error != ZERO);
        if (error != ZERO) any_error = 1'b1;
        for (b = 0; b < AdcBits - 1; b = b + 1) mag_o[b * M + j] = error[b];
      end
    end
  end

  assign round_o = any_error && (rounds_q != iters_i);
  assign rounds_o = rounds_q;

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) rounds_q <= 8'd0;
    else if (start_i) rounds_q <= 8'd0;
    else if (round_o) rounds_q <= rounds_q + 8'd1;
  end

endmodule
`default_nettype wire
