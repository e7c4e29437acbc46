// SPDX-License-Identifier: Apache-2.0
// Invariants of xt_acc (numbers as in its header).
`default_nettype none
module xt_acc_props #(
  parameter int N = 784,
  parameter int M = 128,
  parameter int Bits = 24,
  parameter int Gang = 0,
  localparam int Sums = M >> Gang
) (
  input wire logic clk_i,
  input wire logic rst_ni,
  input wire logic sum_i,
  input wire logic fetch_i,
  input wire logic flush,  // ENCODE of ACC_UPDATE
  input wire logic flush_i,
  input wire logic [3:0] decay_i,
  input wire logic clear_i,
  input wire logic [M-1:0] col_on_o,
  input wire logic [32'(xt_pkg::AMP_BITS)*M-1:0] col_amp_o,
  input wire logic [M-1:0] col_neg_o,
  input wire logic [1:0] signs_o,
  input wire logic busy_i,
  input wire logic read_i,
  input wire logic [31:0] sel_i,
  input wire logic set_i,
  input wire logic [31:0] data_i,
  input wire logic [31:0] value_o,
  input wire logic [Sums*Bits-1:0] row,     // of the memory
  input wire logic [Sums-1:0] write,        // lanes
  input wire logic [Sums*Bits-1:0] stored
);
  localparam logic signed [32:0] SMAX = (33'sd1 <<< (Bits - 1)) - 33'sd1;
  function automatic logic signed [Bits-1:0] of(input logic [Sums*Bits-1:0] sums, input int k);
    of = sums[k*Bits +: Bits];
  endfunction
  // Lanes that are below -SMAX.
  function automatic logic [Sums-1:0] beyond(input logic [Sums*Bits-1:0] sums);
    for (int k = 0; k < Sums; k++) beyond[k] = (sums[k*Bits +: Bits] == {1'b1, (Bits - 1)'(1'b0)});
  endfunction
  function automatic logic [M-1:0] summed(input logic [Sums*Bits-1:0] sums);
    for (int j = 0; j < M; j++) summed[j] = (sums[(j >> Gang)*Bits +: Bits] != '0);
  endfunction
  // Columns that are not as the first of their gang.
  function automatic logic [M-1:0] apart(input logic [M-1:0] v);
    for (int j = 0; j < M; j++) apart[j] = v[j] ^ v[(j >> Gang) << Gang];
  endfunction
  function automatic logic amps_apart(input logic [32'(xt_pkg::AMP_BITS)*M-1:0] amp);
    amps_apart = 1'b0;
    for (int b = 0; b < 32'(xt_pkg::AMP_BITS); b++) amps_apart = amps_apart | (apart(amp[b*M +: M]) != '0);
  endfunction
  function automatic logic grown(input logic [Sums*Bits-1:0] was, input logic [Sums*Bits-1:0] is);
    grown = 1'b0;
    for (int k = 0; k < Sums; k++) begin
      if (of(was, k) > 0) grown = grown | (of(is, k) < 0 || of(is, k) >= of(was, k));
      else if (of(was, k) < 0) grown = grown | (of(is, k) > 0 || of(is, k) <= of(was, k));
      else grown = grown | (of(is, k) != 0);
    end
  endfunction

  logic there;
  logic shows_q;
  logic fetched_q;     // FETCH was the cycle before: its columns, and what it said of their signs
  logic [M-1:0] on_q;
  logic [1:0] signs_q;
  logic signed [32:0] data;
  assign there = (32'(sel_i[31:16]) < N) && (32'(sel_i[15:0]) < Sums);
  assign data = {data_i[31], data_i};
  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      shows_q <= 1'b0;
      fetched_q <= 1'b0;
      on_q <= '0;
      signs_q <= 2'd0;
    end else begin
      shows_q <= read_i && !busy_i && there;
      fetched_q <= fetch_i;
      if (fetch_i) on_q <= col_on_o;
      signs_q <= signs_o;
      if (fetched_q && flush_i) begin
        R7: assert (signs_q == {|(on_q & col_neg_o), |(on_q & ~col_neg_o)})
          else $error("signs of the columns are not those that were told");
      end
      A1: assume (!set_i || (!busy_i && there && data <= SMAX && data >= -SMAX)) else $error("an illegal write of ACC");
      A2: assume ({1'b0, sum_i} + {1'b0, flush} < 2'd2 && (busy_i || (!sum_i && !flush)))
        else $error("two cycles at once, or one without an operation");
      R5: assert (shows_q || value_o == 32'd0) else $error("a sum is shown that was not read");
      if (write != '0) begin
        R1: assert ((beyond(stored) & write) == '0) else $error("a sum beyond +-SMAX is written");
        R4: assert (sum_i || flush || (set_i && $onehot(write))) else $error("the memory is written beside its cycles");
      end
      if (fetch_i) begin
        R2: assert ((col_on_o & ~summed(row)) == '0) else $error("a column without a sum is on");
      end
      if (flush) begin
        R6: assert (clear_i || decay_i == 4'd0 ? stored == '0 : !grown(row, stored))
          else $error("a decay that is none");
      end
      if (flush_i) begin
        R3: assert (apart(col_neg_o) == '0 && apart(col_on_o) == '0 && !amps_apart(col_amp_o))
          else $error("columns of a gang differ");
      end
    end
  end
endmodule
bind xt_acc xt_acc_props #(.N(N), .M(M), .Bits(Bits), .Gang(Gang)) u_props (.*);
`default_nettype wire
