// SPDX-License-Identifier: Apache-2.0
// Invariants of xt_encoder (numbers as in its header). The wide ones are checked where they can break: a generator
// that is 0 stays 0, so R1 looks after a train and after seeding; a threshold changes only in SCALE.
`default_nettype none
module xt_encoder_props #(
  parameter int Lines = 784,
  parameter int ProbBits = 16,
  parameter int GenBits = 16,
  parameter int AccW = 784
) (
  input wire logic clk_i,
  input wire logic rst_ni,
  input wire logic seed_load_i,
  input wire logic advance_i,
  input wire logic scale_i,
  input wire logic scale_last_i,
  input wire logic train_i,
  input wire logic read_i,
  input wire logic [Lines-1:0] fire_o,
  input wire logic [GenBits*Lines-1:0] gen_q,
  input wire logic [AccW-1:0] acc_q
);
  // OR over the bits of every line, from bit 0.
  function automatic logic [Lines-1:0] any_of_gen(input logic [GenBits*Lines-1:0] v);
    any_of_gen = v[0 +: Lines];
    for (int b = 1; b < GenBits; b++) any_of_gen |= v[b*Lines +: Lines];
  endfunction
  function automatic logic [Lines-1:0] any_below_full(input logic [AccW-1:0] v);
    any_below_full = v[0 +: Lines];
    for (int b = 1; b < ProbBits; b++) any_below_full |= v[b*Lines +: Lines];
  endfunction

  function automatic logic [Lines-1:0] any_above_full(input logic [AccW-1:0] v);
    any_above_full = '0;
    for (int b = ProbBits + 1; b < AccW / Lines; b++) any_above_full |= v[b*Lines +: Lines];
  endfunction

  logic moved_q;   // the generators were seeded, or advanced and now stand
  logic scaled_q;  // the thresholds are new
  logic [Lines-1:0] never_q;
  logic [Lines-1:0] always_q;
  logic [Lines-1:0] below;
  logic [Lines-1:0] full;
  assign full = acc_q[ProbBits*Lines +: Lines];

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      moved_q <= 1'b1;
      scaled_q <= 1'b0;
      never_q <= '0;
      always_q <= '0;
    end else begin
      moved_q <= advance_i | seed_load_i;
      scaled_q <= scale_i & scale_last_i;
      if (moved_q && !advance_i) begin
        R1: assert (any_of_gen(gen_q) == '1) else $error("a generator is 0");
      end
      if (scaled_q) begin
        below = any_below_full(acc_q);
        R3: assert ((below & full) == '0 && any_above_full(acc_q) == '0)
          else $error("a threshold is above 2^ProbBits");
        never_q <= ~(below | full);
        always_q <= full;
        if (train_i) begin
          R2: assert ((fire_o & ~(below | full)) == '0 && (full & ~fire_o) == '0)
            else $error("a line with T = 0 fires, or one with T = 2^ProbBits does not");
        end
      end else if (train_i) begin
        R2b: assert ((fire_o & never_q) == '0 && (always_q & ~fire_o) == '0)
          else $error("a line with T = 0 fires, or one with T = 2^ProbBits does not");
      end
      if (!train_i && !read_i) begin
        R4: assert (fire_o == '0) else $error("a line fires that was not asked");
      end
    end
  end
endmodule
bind xt_encoder xt_encoder_props #(
  .Lines(Lines), .ProbBits(ProbBits), .GenBits(GenBits), .AccW(AccW)
) u_props (.*);
`default_nettype wire
