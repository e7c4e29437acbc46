// SPDX-License-Identifier: Apache-2.0
// Invariants of xt_encoder (numbers as in its header). The wide ones are checked where they can break: a generator
// that is 0 stays 0, so R1 looks after a train and after seeding; a threshold changes only in SCALE. What looks at all
// generators or thresholds does so in the first 64 trains after a hardware reset, and in every 16th from there.
`default_nettype none
module xt_encoder_props #(
  parameter int Lines = 784,
  parameter int Pitch = 800,
  parameter int MagBits = 6,
  parameter int ProbBits = 16,
  parameter int GenBits = 16,
  parameter int Passes = 6
) (
  input wire logic clk_i,
  input wire logic rst_ni,
  input wire logic seed_load_i,
  input wire logic gen_set_i,
  input wire logic fresh_q,
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
  input wire logic [GenBits*Pitch-1:0] gen_q,
  input wire logic scale_first_i,
  input wire logic scale_full_i,
  input wire logic [20:0] gain_i,
  input wire logic [6:0] shift_i,
  input wire logic other_load_i,
  input wire logic [ProbBits*Pitch-1:0] t_q,
  input wire logic [Lines-1:0] over_q
);
  // OR over the bits of every line, from bit 0.
  function automatic logic [Lines-1:0] any_of_gen(input logic [GenBits*Pitch-1:0] v);
    any_of_gen = v[0 +: Lines];
    for (int b = 1; b < GenBits; b++) any_of_gen |= v[b*Pitch +: Lines];
  endfunction
  function automatic logic [Lines-1:0] any_of_t(input logic [ProbBits*Pitch-1:0] v);
    any_of_t = v[0 +: Lines];
    for (int b = 1; b < ProbBits; b++) any_of_t |= v[b*Pitch +: Lines];
  endfunction

  // Line 0: its code, its threshold, and what that has to be.
  logic [MagBits-1:0] code;
  logic [ProbBits-1:0] first_t;
  for (genvar b = 0; b < MagBits; b++) assign code[b] = mag_o[b*Lines];
  for (genvar b = 0; b < ProbBits; b++) assign first_t[b] = t_q[b*Pitch];
  logic [20:0] gain_q;  // of the first cycle that multiplies
  logic [6:0] shift_q;
  logic full_q;
  logic [3:0] pass_q;   // cycles that have multiplied, and 1; 0: no SCALE
  logic [MagBits+20:0] product;
  logic [MagBits+21:0] half;
  logic [ProbBits+32:0] wide;
  logic [ProbBits:0] want;
  always_comb begin
    product = (MagBits+21)'(code) * (MagBits+21)'(gain_q);
    half = {product, 1'b0} >> shift_q[5:0];
    wide = (ProbBits+33)'(half[MagBits+21:1]) + (ProbBits+33)'(half[0]);
    if (shift_q[6]) begin  // to the left
      wide = (ProbBits+33)'(product) << (6'd0 - shift_q[5:0]);
      if (product >> ProbBits != '0) wide = '1;
    end
    if (full_q) wide = (code != '0) ? '1 : '0;
    want = (wide >> ProbBits != '0) ? (ProbBits+1)'(1'b1) << ProbBits : wide[ProbBits:0];
  end

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
      moved_q <= 1'b0;
      unsure_q <= 1'b0;
      scaled_q <= 1'b0;
      open_q <= 1'b0;
      loaded_q <= 1'b0;
      line_q <= 16'd0;
      trains_q <= 7'd0;
      gain_q <= 21'd0;
      shift_q <= 7'd0;
      full_q <= 1'b0;
      pass_q <= 4'd0;
      never_q = '0;
      always_q = '0;
    end else begin
      moved_q <= advance_i | seed_load_i | (fresh_q & ~gen_set_i);
      unsure_q <= ~(advance_i | seed_load_i) & (unsure_q | gen_set_i);
      scaled_q <= scale_i & scale_last_i;
      if (scale_i) open_q <= ~scale_last_i;
      if (scale_i) begin
        pass_q <= scale_first_i ? 4'd1 : scale_last_i ? 4'd0 : pass_q + 4'd1;
        A4: assume (scale_first_i ? !scale_last_i : pass_q != 4'd0 && scale_last_i == (32'(pass_q) == Passes))
          else $error("SCALE has not its cycles");
        if (pass_q == 4'd1) begin
          gain_q <= gain_i;
          shift_q <= shift_i;
          full_q <= scale_full_i;
        end else if (!scale_first_i) begin
          A5: assume (gain_i == gain_q && shift_i == shift_q && scale_full_i == full_q)
            else $error("a factor changes within SCALE");
        end
      end
      if (scale_i) begin
        A6: assume (!load_i && !other_load_i) else $error("codes change in a cycle of SCALE");
      end else if (load_i || other_load_i) begin
        pass_q <= 4'd0;  // SCALE was cut: the next one begins anew
      end
      A7: assume (!scale_i || (gain_i <= 21'd1 << xt_pkg::GAIN_BITS
                               && $signed(shift_i) >= -7'sd24 && $signed(shift_i) <= 7'sd40))
        else $error("a factor beyond its range");
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
          full = over_q;
          below = any_of_t(t_q);
          R3: assert (over_q[0] == want[ProbBits] && (over_q[0] || first_t == want[ProbBits-1:0]))
            else $error("the threshold of line 0 is not |c| g 2^-r");
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
        if (missed != '0 && enc_i == xt_pkg::ENC_STOCH) missed = missed & any_of_gen(gen_q);
        R2: assert ((fire_o & never_q) == '0 && missed == '0)
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
  .Lines(Lines), .Pitch(Pitch), .MagBits(MagBits), .ProbBits(ProbBits), .GenBits(GenBits), .Passes(Passes)
) u_props (.load_i(line_load_i & ~code_load_i), .other_load_i(code_load_i | int_load_i), .*);
`default_nettype wire
