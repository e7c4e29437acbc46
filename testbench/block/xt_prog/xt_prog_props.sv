// SPDX-License-Identifier: Apache-2.0
// Invariants of xt_prog (numbers as in its header). In sign and magnitude |d_j| <= ADCMAX means: no magnitude bit above
// AdcBits - 2; and there is no negative 0.
`default_nettype none
module xt_prog_props #(
  parameter int M = 128,
  parameter int AdcBits = 9,
  parameter int ColMag = 8
) (
  input wire logic clk_i,
  input wire logic rst_ni,
  input wire logic start_i,
  input wire logic check_i,
  input wire logic [7:0] iters_i,
  input wire logic [ColMag*M-1:0] mag_o,
  input wire logic [M-1:0] neg_o,
  input wire logic round_o,
  input wire logic [7:0] rounds_o
);
  function automatic logic codes_ok(input logic [ColMag*M-1:0] mag, input logic [M-1:0] neg);
    logic [M-1:0] some;
    some = '0;
    for (int b = 0; b < AdcBits - 1; b++) some |= mag[b*M +: M];
    codes_ok = ((neg & ~some) == '0);
    for (int b = AdcBits - 1; b < ColMag; b++) if (mag[b*M +: M] != '0) codes_ok = 1'b0;
  endfunction
  logic [7:0] iters_q;  // of this operation, from its first CHECK on
  logic checked_q;
  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      iters_q <= 8'd0;
      checked_q <= 1'b0;
    end else begin
      if (start_i) checked_q <= 1'b0;
      else if (check_i) checked_q <= 1'b1;
      if (check_i) begin
        iters_q <= iters_i;
        if (checked_q) begin
          A1: assume (iters_i == iters_q) else $error("PROG_ITERS changes within an operation");
        end
        R1: assert (rounds_o <= iters_i && !(round_o && rounds_o == iters_i)) else $error("a round beyond PROG_ITERS");
        R2: assert (codes_ok(mag_o, neg_o)) else $error("an error that is no code within +-ADCMAX");
      end
    end
  end
endmodule
bind xt_prog xt_prog_props #(.M(M), .AdcBits(AdcBits), .ColMag(ColMag)) u_props (.*);
`default_nettype wire
