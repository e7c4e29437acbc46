// SPDX-License-Identifier: Apache-2.0
// Invariants of xt_encoder (numbers as in its header). The wide ones are checked where they can break: a generator
// that is 0 stays 0, so R1 looks after a train and after seeding; a threshold changes only in SCALE. What looks at all
// generators or thresholds does so in the first 64 trains after a hardware reset, and in every 16th from there.
`default_nettype none
module xt_encoder_props #(
  parameter int Lines = 784,
  parameter int MagBits = 6,
  parameter int ProbBits = 16,
  parameter int GenBits = 16,
  parameter int AccW = 784
) (
  input wire logic clk_i,
  input wire logic rst_ni,
  input wire logic seed_load_i,
  input wire logic gen_set_i,
  input wire logic advance_i,
  input wire logic load_i,  // of one line, and nothing goes before it
  input wire logic [15:0] line_i,
  input wire logic [MagBits*Lines-1:0] mag_o,
  input wire logic [Lines-1:0] neg_o,
  input wire logic scale_i,
  input wire logic scale_last_i,
  input wire logic train_i,
  input wire logic [1:0] enc_i,
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

  logic moved_q;   // the generators were seeded, or advanced and now stand
  logic unsure_q;  // one was written: it may be 0 until the next advance
  logic scaled_q;  // the thresholds are new
  logic open_q;    // SCALE has begun and not ended
  logic loaded_q;  // code 1 at line_q
  logic [15:0] line_q;
  logic [6:0] trains_q;
  logic look;
  assign look = !trains_q[6] || trains_q[3:0] == 4'd0;
  // Blocking assignments, in order: Verilator copies what an edge delays in every cycle.
  /* verilator lint_off BLKSEQ */
  logic [Lines-1:0] never_q;
  logic [Lines-1:0] always_q;
  logic [Lines-1:0] below;
  logic [Lines-1:0] full;
  logic [Lines-1:0] missed;

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      moved_q <= 1'b1;
      unsure_q <= 1'b0;
      scaled_q <= 1'b0;
      open_q <= 1'b0;
      loaded_q <= 1'b0;
      line_q <= 16'd0;
      trains_q <= 7'd0;
      never_q = '0;
      always_q = '0;
    end else begin
      moved_q <= advance_i | seed_load_i;
      unsure_q <= ~(advance_i | seed_load_i) & (unsure_q | gen_set_i);
      scaled_q <= scale_i & scale_last_i;
      if (scale_i) open_q <= ~scale_last_i;
      loaded_q <= load_i;
      line_q <= line_i;
      if (load_i) begin
        A2: assume (32'(line_i) < Lines) else $error("a line that does not exist");
      end
      if (loaded_q) begin
        R5: assert (mag_o == (MagBits*Lines)'(1'b1) << line_q && neg_o == '0)
          else $error("not code 1 at one line and 0 at the others");
      end
      if (moved_q && !advance_i && look) begin
        R1: assert (any_of_gen(gen_q) == '1) else $error("a generator is 0 after an advance");
      end
      if (scaled_q) begin
        trains_q <= trains_q[6] ? {1'b1, trains_q[5:0] + 6'd1} : trains_q + 7'd1;
        if (look) begin
          full = acc_q[ProbBits*Lines +: Lines];
          below = any_below_full(acc_q);
          R3: assert ((below & full) == '0 && acc_q[AccW-1:(ProbBits+1)*Lines] == '0)
            else $error("a threshold is above 2^ProbBits");
          never_q = ~(below | full);
          always_q = full;
        end else begin
          never_q = '0;
          always_q = '0;
        end
      end
      if (train_i) begin
        A1: assume (!open_q) else $error("a train within SCALE");
        missed = always_q & ~fire_o;
        R2: assert ((fire_o & never_q) == '0
                    && (missed == '0 || (enc_i == xt_pkg::ENC_STOCH && (missed & any_of_gen(gen_q)) == '0)))
          else $error("a line with T = 0 fires, or one with T = 2^ProbBits does not");
        if (unsure_q && enc_i == xt_pkg::ENC_STOCH) begin
          R6: assert ((fire_o & ~any_of_gen(gen_q)) == '0) else $error("a line fires whose generator is 0");
        end
      end
      if (!train_i && !read_i) begin
        R4: assert (fire_o == '0) else $error("a line fires that was not asked");
      end
    end
  end
  /* verilator lint_on BLKSEQ */
endmodule
bind xt_encoder xt_encoder_props #(
  .Lines(Lines), .MagBits(MagBits), .ProbBits(ProbBits), .GenBits(GenBits), .AccW(AccW)
) u_props (.load_i(line_load_i & ~code_load_i), .*);
`default_nettype wire
