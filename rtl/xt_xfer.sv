// SPDX-License-Identifier: Apache-2.0
// xt_xfer: SHD transfer controller: schedule, line pointer, one-hot line, and what is read turned into an operand.
//
// Operation. Every update counts; when the count reaches every_i (or exceeds it) it becomes 0 and due_o asks
//   for a transfer; every_i = 0: never, count 0. After a transfer ptr = ptr + 1 mod N.
//   Column operand: of a transfer d_j = code_j; of PROGRAM (check_i)
//   d_j = clamp(target_j - code_j, +-ADCMAX), 0 where |d_j| <= tol.
// Parameters. N, M 1..32768; AdcBits 4..12; ColMag = max(CodeBits, AdcBits) - 1.
// Timing. due_o, onehot_o, d_*_o, any_o are combinational, 0 unless asked for.
// Trace record. row_act of transfers, PROGRAM and READ; col_act and info of transfers.
// Golden counterpart. refc/xt_xfer.c
// Invariants.
//   R1 ptr < N. R2 every line is transferred once in N transfers. R3 onehot_o has at most one bit set.
`default_nettype none
module xt_xfer #(
  parameter int N = 784,
  parameter int M = 128,
  parameter int AdcBits = 9,
  parameter int ColMag = 8
) (
  input  wire logic clk_i,
  input  wire logic rst_ni,
  // schedule
  input  wire logic clear_i,
  input  wire logic update_done_i,
  input  wire logic transfer_done_i,
  input  wire logic [15:0] every_i,
  output logic due_o,
  output logic [15:0] ptr_o,
  output logic [15:0] count_o,
  // the driven line
  input  wire logic hot_i,
  input  wire logic [15:0] line_i,
  output logic [N-1:0] onehot_o,
  // column operand
  input  wire logic take_i,
  input  wire logic check_i,
  input  wire logic [M*AdcBits-1:0] codes_i,    // of the last read
  input  wire logic [M*AdcBits-1:0] codes_d_i,  // of the read that this LATCH ends
  input  wire logic [M*AdcBits-1:0] targets_i,
  input  wire logic [7:0] tol_i,
  output logic [ColMag*M-1:0] d_mag_o,
  output logic [M-1:0] d_neg_o,
  output logic any_o
);

  localparam logic [AdcBits:0] TOP = {2'b00, {(AdcBits - 1) {1'b1}}};

  logic [15:0] ptr_q;
  logic [15:0] count_q;
  logic [16:0] count_next;

  assign count_next = {1'b0, count_q} + 17'd1;
  assign due_o = update_done_i && (every_i != 16'd0) && (count_next >= {1'b0, every_i});

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      ptr_q <= 16'd0;
      count_q <= 16'd0;
    end else if (clear_i) begin
      ptr_q <= 16'd0;
      count_q <= 16'd0;
    end else begin
      if (update_done_i) begin
        count_q <= (every_i == 16'd0 || due_o) ? 16'd0 : count_next[15:0];
      end
      if (transfer_done_i) begin
        ptr_q <= ({1'b0, ptr_q} + 17'd1 >= 17'(N)) ? 16'd0 : ptr_q + 16'd1;
      end
    end
  end

  assign ptr_o = ptr_q;
  assign count_o = count_q;

  always @* begin
    onehot_o = {N{1'b0}};
    if (hot_i) onehot_o = N'(1'b1) << line_i;
  end

  // Sign and magnitude of the code, or of the error.
  localparam logic [AdcBits:0] ZERO = (AdcBits + 1)'(1'b0);
  integer j;
  integer b;
  logic [AdcBits-1:0] code;
  logic [AdcBits-1:0] target;
  logic [AdcBits:0] e;
  logic neg;
  always @* begin
    d_mag_o = (ColMag * M)'(1'b0);
    d_neg_o = {M{1'b0}};
    any_o = 1'b0;
    code = AdcBits'(1'b0);
    target = AdcBits'(1'b0);
    e = ZERO;
    neg = 1'b0;
    if (take_i) begin
      for (j = 0; j < M; j = j + 1) begin
        code = check_i ? codes_i[j * AdcBits +: AdcBits] : codes_d_i[j * AdcBits +: AdcBits];
        target = targets_i[j * AdcBits +: AdcBits];
        e = {code[AdcBits-1], code};
        if (check_i) e = {target[AdcBits-1], target} - e;
        neg = e[AdcBits];
        if (neg) e = ZERO - e;
        if (e > TOP) e = TOP;
        if (check_i && 16'(e) <= 16'(tol_i)) e = ZERO;
        d_neg_o[j] = neg && (e != ZERO);
        if (e != ZERO) any_o = 1'b1;
        for (b = 0; b < AdcBits - 1; b = b + 1) d_mag_o[b * M + j] = e[b];
      end
    end
  end

endmodule
`default_nettype wire
