// SPDX-License-Identifier: Apache-2.0
// Bench of xt_analog (devices and front end) alone: plays a script of boundary cycles, with the answers that
// array_model.py expects, and prints how many comparisons it made and how many differed.
`default_nettype none
`include "xt_types.svh"
module tb_array #(
    parameter int N = 8,
    parameter int M = 4,
    parameter int CodeBits = 7,
    parameter int AdcBits = 9,
    parameter int AdcShare = 1,
    parameter int AdcKind = 0,
    parameter int StateBits = 16
);
  localparam int L = (N > M) ? N : M;
  localparam int P = (L + AdcShare - 1) / AdcShare;
  logic clk;
  logic [N-1:0] row_act;
  logic [N-1:0] row_pol;
  logic [M-1:0] col_act;
  logic [M-1:0] col_pol;
  logic [int'(xt_pkg::AMP_BITS)*N-1:0] row_amp;
  logic [int'(xt_pkg::AMP_BITS)*M-1:0] col_amp;
  /* verilator lint_off UNUSEDSIGNAL */
  logic [15:0] sel;  // gamma above four bits of the read select or plane
  /* verilator lint_on UNUSEDSIGNAL */
  logic [1:0] cell_mode;
  logic [15:0] duration;
  logic dir;
  logic clear;
  logic integ;
  logic halve;
  logic hold;
  logic conv;
  logic pulse;
  logic act;
  logic [5:0] slot;
  logic [5:0] range;
  logic [P*AdcBits-1:0] code;
  logic [P-1:0] cmp;
  logic [P-1:0] over;
  logic cfg_valid;
  logic [7:0] cfg_addr;
  logic [31:0] cfg_data;
  logic fabricate;
  logic rescan;
  logic [32*int'(xt_pkg::NUM_PLANES)-1:0] digest;

  // $fscanf writes variables, not fields.
  xt_array_ctl_t ctl;
  always_comb begin
    ctl = '0;
    ctl.sel = sel[xt_pkg::SEL_BITS-1:0];
    ctl.gamma = sel[12:4];
    ctl.cell_mode = cell_mode;
    ctl.dir = dir;
    ctl.clear = clear;
    ctl.integ = integ;
    ctl.halve = halve;
    ctl.hold = hold;
    ctl.conv = conv;
    ctl.pulse = pulse;
    ctl.act = act;
    ctl.duration = duration;
    ctl.adc_slot = slot;
    ctl.range = range;
  end

  xt_analog #(
    .N(N), .M(M), .CodeBits(CodeBits), .AdcBits(AdcBits), .AdcShare(AdcShare), .AdcKind(AdcKind),
    .StateBits(StateBits)
  ) u_analog (
    .clk_i(clk), .ctl_i(ctl), .row_act_i(row_act), .row_pol_i(row_pol), .col_act_i(col_act),
    .col_pol_i(col_pol), .row_amp_i(row_amp), .col_amp_i(col_amp), .sar_code_i(code), .cmp_o(cmp),
    .over_o(over), .cfg_valid_i(cfg_valid), .cfg_addr_i(cfg_addr),
    .cfg_data_i(cfg_data), .fabricate_i(fabricate), .rescan_i(rescan), .digest_o(digest));

  int fd;
  int got;
  int compared;
  int differed;
  int line;
  int plane;
  /* verilator lint_off UNUSEDSIGNAL */  // the memory needs fewer bits
  int index;
  /* verilator lint_on UNUSEDSIGNAL */
  logic [7:0] kind;
  logic [31:0] want_a;
  logic [31:0] want_c;
  logic [31:0] want_r;
  logic [P-1:0] want;
  logic [P-1:0] want_over;
  logic [StateBits-1:0] state;
  logic [8*256-1:0] name;

  task automatic quiet;
    begin
      row_act = '0;
      row_pol = '0;
      col_act = '0;
      col_pol = '0;
      row_amp = '0;
      col_amp = '0;
      sel = '0;
      cell_mode = '0;
      duration = '0;
      dir = 1'b0;
      clear = 1'b0;
      integ = 1'b0;
      halve = 1'b0;
      hold = 1'b0;
      conv = 1'b0;
      pulse = 1'b0;
      act = 1'b0;
      slot = '0;
      range = '0;
      code = '0;
      cfg_valid = 1'b0;
      cfg_addr = '0;
      cfg_data = '0;
      fabricate = 1'b0;
      rescan = 1'b0;
    end
  endtask

  // One clock cycle; inputs are already there.
  task automatic cycle;
    begin
      #5 clk = 1'b0;
      #5 clk = 1'b1;
      #1 quiet;
    end
  endtask

  function automatic logic [StateBits-1:0] peek();
    case (plane)
      0: peek = u_analog.u_array.u_plane_A.w[index];
      1: peek = u_analog.u_array.u_plane_C.w[index];
      default: peek = u_analog.u_array.u_plane_R.w[index];
    endcase
  endfunction

  task automatic poke;
    case (plane)
      0: u_analog.u_array.u_plane_A.w[index] = state;
      1: u_analog.u_array.u_plane_C.w[index] = state;
      default: u_analog.u_array.u_plane_R.w[index] = state;
    endcase
  endtask

  task automatic check(input logic same);
    begin
      compared = compared + 1;
      if (!same) begin
        differed = differed + 1;
        if (differed < 10) $display("line %0d (%c): differs", line, kind);
      end
    end
  endtask

  initial begin
    clk = 1'b1;
    compared = 0;
    differed = 0;
    line = 0;
    quiet;
    if ($value$plusargs("script=%s", name) == 0) $fatal(1, "no +script=");
    fd = $fopen(name, "r");
    if (fd == 0) $fatal(1, "cannot open the script");
    #1;
    got = $fscanf(fd, " %c", kind);
    while (got == 1) begin
      line = line + 1;
      case (kind)
        "C": begin  // configuration word
          got = $fscanf(fd, "%h %h", cfg_addr, cfg_data);
          cfg_valid = 1'b1;
          cycle;
        end
        "F": begin
          fabricate = 1'b1;
          cycle;
        end
        "X": cycle;
        "P": begin
          got = $fscanf(fd, "%h %h %h %h %h %h %h %h %h %h", sel, cell_mode, act, duration, row_act, row_pol,
                        row_amp, col_act, col_pol, col_amp);
          pulse = 1'b1;
          cycle;
        end
        "Z": begin  // CLEAR
          got = $fscanf(fd, "%h %h %h", sel, dir, range);
          clear = 1'b1;
          cycle;
        end
        "I": begin
          got = $fscanf(fd, "%h %h %h %h %h %h %h %h", sel, dir, range, halve, row_act, row_pol, col_act, col_pol);
          integ = 1'b1;
          cycle;
        end
        "H": begin
          got = $fscanf(fd, "%h %h %h", sel, dir, range);
          hold = 1'b1;
          cycle;
        end
        "S": begin  // SAR, LATCH
          got = $fscanf(fd, "%h %h %h %h %h %h %h %h", sel, dir, range, slot, conv, code, want, want_over);
          #3 check(cmp === want && over === want_over);
          cycle;
        end
        "D": begin
          got = $fscanf(fd, "%h %h %h", want_a, want_c, want_r);
          check(digest[31:0] === want_a);
          check(digest[63:32] === want_c);
          check(digest[95:64] === want_r);
        end
        "W": begin
          got = $fscanf(fd, "%d %d %h", plane, index, state);
          check(peek() === state);
        end
        "V": begin  // a state loaded from outside
          got = $fscanf(fd, "%d %d %h", plane, index, state);
          poke;
        end
        "R": begin
          rescan = 1'b1;
          cycle;
        end
        default: $fatal(1, "bad script");
      endcase
      got = $fscanf(fd, " %c", kind);
    end
    $display("compared %0d differed %0d", compared, differed);
    $finish;
  end
endmodule
`default_nettype wire
