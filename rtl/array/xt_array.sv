// SPDX-License-Identifier: Apache-2.0
// Behavioural model of the crosspoint devices A, C and R: pulses, line currents, digests.
//
// Operation: rtl/SPEC.md sections 8 (boundary), 9 (devices), 10 (configuration). Not synthesizable.
//   A pulse acts at the rising edge that ends a PULSE cycle. The line currents of an INTEG cycle
//   settle at the falling edge inside it, before the integrators of xt_afe sample them; only lines
//   whose drive changed since the last INTEG cycle are added or taken away.
//   One memory per field group, index k = sel*N*M + i*M + j: rows i, columns j innermost.
// Parameters: as xt_tile.
// Timing: cur[] valid from the falling edge of each INTEG cycle; everything else at rising edges.
// Golden counterpart: refc (devices), written from the same page, not from this file.
// Invariants: R1 an idle cycle changes nothing. R2 the digest equals the sum over the states.
`default_nettype none
module xt_array #(
    parameter int N = 784,
    parameter int M = 128,
    parameter int StateBits = 16,
    parameter int CurBits = 32
) (
    input wire logic         clk_i,
    // array boundary
    input wire logic [N-1:0] row_act_i,
    input wire logic [N-1:0] row_pol_i,
    input wire logic [M-1:0] col_act_i,
    input wire logic [M-1:0] col_pol_i,
    input wire logic [1:0]   sel_i,
    input wire logic         gated_i,
    input wire logic         dir_i,
    input wire logic         clear_i,
    input wire logic         integ_i,
    input wire logic         pulse_i,
    // configuration; rescan: the states have been loaded from outside, take their digests anew
    input wire logic         cfg_valid_i,
    input wire logic [7:0]   cfg_addr_i,
    input wire logic [31:0]  cfg_data_i,
    input wire logic         fabricate_i,
    input wire logic         rescan_i,
    // digest of plane p at [32 p +: 32]
    output wire logic [32*int'(xt_pkg::NUM_PLANES)-1:0] digest_o
);
  localparam int L = (N > M) ? N : M;
  localparam int K = N * M;
  localparam int SW = StateBits;
  // Depth rounded up to a power of two: an exact index needs no range check in the simulator.
  localparam int AW = $clog2(3 * K);
  localparam int D = 1 << AW;
  // Lines padded to whole 32-bit words, so that idle words are skipped at once.
  localparam int NW = (N + 31) / 32;
  localparam int MW = (M + 31) / 32;
  localparam int LW = (L + 31) / 32;
  // Bits that count to N - 1 and M - 1; lists are rounded up to powers of two as well.
  localparam int RW = (N > 1) ? $clog2(N) : 1;
  localparam int CW = (M > 1) ? $clog2(M) : 1;
  localparam int DN = 1 << RW;
  localparam int DM = 1 << CW;
  localparam int LB = (L > 1) ? $clog2(L) : 1;
  localparam int DL = 1 << LB;
  // Width of slope * state.
  localparam int PW = (SW <= 16) ? 32 : 64;
  localparam logic signed [63:0] FS = 64'sd1 <<< (SW - 1);
  localparam logic [SW-1:0] OFFSET = {1'b1, {(SW - 1) {1'b0}}};
  // Added before an unsigned shift that stands for a signed one; a multiple of every 2^shift here.
  localparam logic [PW-1:0] SLOPE_BIAS = {1'b1, {(PW - 1) {1'b0}}};
  localparam logic [63:0] DW_BIAS = 64'd1 << 40;

  // The memories of the devices: state; {step, slope + 32768}, entry {up, device}; {upper, lower bound}.
  // Bounds, and the states while one computes with them, are offset binary (value + FS): sums, shifts and
  // comparisons of unsigned numbers are several times faster in the simulator than signed ones.
  /* verilator lint_off BLKSEQ */  // one process owns each memory, and nobody samples it at its edge
  logic [SW-1:0] w [0:D-1];
  logic [31:0] step_q [0:2*D-1];
  logic [2*SW-1:0] bound_q [0:D-1];

  logic [31:0] pulse_ctr_q;
  logic [31:0] digest_q [0:3];
  logic [31:0] seed_q;

  // Configuration of the three arrays (SPEC section 10), entry sel.
  logic signed [31:0] dw_q [0:3];
  logic signed [31:0] shift_q [0:3];
  logic signed [31:0] c_dtod_q [0:3];
  logic signed [31:0] up_down_q [0:3];
  logic signed [31:0] c_ud_q [0:3];
  logic signed [31:0] w_max_q [0:3];
  logic signed [31:0] w_min_q [0:3];
  logic signed [31:0] c_wmax_q [0:3];
  logic signed [31:0] c_wmin_q [0:3];
  logic signed [31:0] gamma_up_q [0:3];
  logic signed [31:0] gamma_down_q [0:3];
  logic signed [31:0] c_c2c_q [0:3];
  logic [31:0] stuck_q [0:3];
  logic round_q [0:3];

  function automatic logic [31:0] mix(input logic [31:0] a);
    logic [31:0] x;
    x = a ^ (a >> 16);
    x = x * xt_pkg::HASH_M1;
    x = x ^ (x >> 15);
    x = x * xt_pkg::HASH_M2;
    mix = x ^ (x >> 16);
  endfunction

  function automatic logic [31:0] hash_key(input logic [31:0] seed, input logic [31:0] dom,
                                           input logic [31:0] ctr);
    hash_key = mix(seed + dom * xt_pkg::HASH_DOMAIN + ctr * xt_pkg::HASH_SEED);
  endfunction

  function automatic logic [31:0] hash_word(input logic [31:0] key, input logic [31:0] idx);
    hash_word = mix(key + idx * xt_pkg::HASH_INDEX);
  endfunction

  // Sum of the four bytes minus 510.
  function automatic logic signed [31:0] gauss(input logic [31:0] a);
    logic [31:0] s;
    s = (a & 32'h00ff00ff) + ((a >> 8) & 32'h00ff00ff);
    gauss = $signed((s & 32'h0000ffff) + (s >> 16)) - 32'sd510;
  endfunction

  function automatic logic signed [31:0] q12(input logic signed [31:0] c, input logic signed [31:0] s);
    logic signed [31:0] p;
    p = s * c;
    q12 = 32'sd4096 + (p >>> 4);
  endfunction

  function automatic logic signed [63:0] clamp(input logic signed [63:0] v, input logic signed [63:0] lo,
                                               input logic signed [63:0] hi);
    logic signed [63:0] a;
    a = (v < lo) ? lo : v;
    clamp = (a > hi) ? hi : a;
  endfunction

  // ------------------------------------------------------------------ pulses
  // The lines driven in this PULSE cycle, by polarity: entry {polarity, number}.
  logic [31:0] row_list [0:2*DN-1];
  logic [31:0] col_list [0:2*DM-1];
  // The array that is being pulsed; set before the loops.
  logic [31:0] pulse_key;
  logic [31:0] pulse_base;  // sel*N*M
  // q12(C_C2C, g) = ((bytes * c2c_scale + c2c_bias) >> 4) - C2C_LESS with g = bytes - 510; the shifted sum is positive.
  localparam logic [63:0] C2C_LESS = 64'd1048576 - 64'd4096;
  logic [31:0] c2c_scale;
  logic [31:0] c2c_bias;
  logic [5:0] shr;          // T of SPEC section 9
  // dw = ((v + r16' + dw_bias) >> shr) - dw_less; r16' = ((r16 & round_mask) << round_shl) >> round_shr.
  logic [63:0] dw_bias;
  logic [63:0] dw_less;
  logic [63:0] round_mask;
  logic [5:0] round_shl;
  logic [5:0] round_shr;
  logic [31:0] digest_gain;

  // One pulse on every crossing of the first nr rows of polarity rp and the first nc columns of polarity cp.
  // Tasks, not blocks: the simulator keeps their locals in machine registers. Tasks, not functions: Verilator
  // 5.006 merges two conditional assignments from functions and then calls both.
  task automatic pulse_block(input logic rp, input logic [31:0] nr, input logic cp,
                             input logic [31:0] nc, input logic up);
    logic [31:0] gain;
    logic [31:0] row;
    logic [31:0] r;
    logic [31:0] c;
    logic [31:0] k;
    logic [31:0] idx;
    logic [31:0] w32;
    logic [31:0] sl;
    logic [2*SW-1:0] bd;
    logic [31:0] bytes;
    logic [SW-1:0] v;
    logic [PW-1:0] step;
    logic [63:0] t;
    logic [63:0] q;
    logic [63:0] r16;
    logic [63:0] dw;
    logic [63:0] nw;
    logic [63:0] hi;
    logic [63:0] lo;
    logic [31:0] moved;
    gain = 32'd0;
    for (r = 32'd0; r < nr; r = r + 32'd1) begin
      row = row_list[{rp, r[RW-1:0]}] * 32'(M);
      for (c = 32'd0; c < nc; c = c + 32'd1) begin
        k = row + col_list[{cp, c[CW-1:0]}];
        idx = pulse_base + k;
        w32 = hash_word(pulse_key, idx);
        sl = step_q[{up, idx[AW-1:0]}];
        bd = bound_q[idx[AW-1:0]];
        v = w[idx[AW-1:0]] ^ OFFSET;
        // t = max(0, step + ((slope * state) >>> (SW-3)))
        step = (PW'(sl[15:0]) - PW'(32768)) * (PW'(v) - PW'(OFFSET)) + SLOPE_BIAS;
        step = PW'(sl[31:16]) + (step >> (SW - 3)) - (SLOPE_BIAS >> (SW - 3));
        t = step[PW-1] ? 64'd0 : 64'(step);
        // q = q12(C_C2C, g): the sum of the bytes is at most 1020
        bytes = (w32 & 32'h00ff00ff) + ((w32 >> 8) & 32'h00ff00ff);
        bytes = (bytes & 32'h0000ffff) + (bytes >> 16);
        bytes = (bytes * c2c_scale + c2c_bias) >> 4;
        q = 64'(bytes) - C2C_LESS;
        // dw = (t * q + r) >>> T
        r16 = {48'd0, w32[15:0] ^ w32[31:16]};
        r16 = ((r16 & round_mask) << round_shl) >> round_shr;
        dw = ((t * q + r16 + dw_bias) >> shr) - dw_less;
        nw = up ? 64'(v) + dw : 64'(v) - dw;
        hi = 64'(bd[2*SW-1:SW]);
        lo = 64'(bd[SW-1:0]);
        nw = ($signed(nw) < $signed(lo)) ? lo : nw;
        nw = ($signed(nw) > $signed(hi)) ? hi : nw;
        w[idx[AW-1:0]] = nw[SW-1:0] ^ OFFSET;
        moved = nw[31:0] - 32'(v);
        gain = gain + moved * (((k << 1) | 32'd1) * xt_pkg::DIGEST_MUL);
      end
    end
    digest_gain = digest_gain + gain;
  endtask

  // ------------------------------------------------------------------ configuration, fabrication, pulses
  logic [32*NW-1:0] row_act_pad;
  logic [32*NW-1:0] row_pol_pad;
  assign row_act_pad = (32*NW)'(row_act_i);
  assign row_pol_pad = (32*NW)'(row_pol_i);
  logic [32*MW-1:0] col_act_pad;
  logic [32*MW-1:0] col_pol_pad;
  assign col_act_pad = (32*MW)'(col_act_i);
  assign col_pol_pad = (32*MW)'(col_pol_i);

  always @(posedge clk_i) begin : devices
    if (cfg_valid_i) begin : configure
      logic [1:0] s;
      s = cfg_addr_i[6:5];
      if (cfg_addr_i == 8'd96) seed_q = cfg_data_i;
      if (cfg_addr_i < 8'd96) begin
        case (cfg_addr_i[4:0])
          5'd0: dw_q[s] = $signed(cfg_data_i);
          5'd1: shift_q[s] = $signed(cfg_data_i);
          5'd2: c_dtod_q[s] = $signed(cfg_data_i);
          5'd3: up_down_q[s] = $signed(cfg_data_i);
          5'd4: c_ud_q[s] = $signed(cfg_data_i);
          5'd5: w_max_q[s] = $signed(cfg_data_i);
          5'd6: w_min_q[s] = $signed(cfg_data_i);
          5'd7: c_wmax_q[s] = $signed(cfg_data_i);
          5'd8: c_wmin_q[s] = $signed(cfg_data_i);
          5'd9: gamma_up_q[s] = $signed(cfg_data_i);
          5'd10: gamma_down_q[s] = $signed(cfg_data_i);
          5'd11: c_c2c_q[s] = $signed(cfg_data_i);
          5'd12: stuck_q[s] = cfg_data_i;
          5'd13: round_q[s] = cfg_data_i[0];
          default: ;
        endcase
      end
    end

    if (fabricate_i) begin : fabricate
      logic [31:0] key0;
      logic [31:0] key1;
      logic [31:0] key2;
      logic [31:0] key3;
      logic [31:0] key4;
      logic [31:0] idx;
      logic [31:0] hw;
      logic [31:0] sum;
      logic signed [63:0] gain;
      logic signed [63:0] r;
      logic signed [63:0] su;
      logic signed [63:0] sd;
      logic signed [63:0] wmax;
      logic signed [63:0] wmin;
      logic signed [63:0] lu;
      logic signed [63:0] ld;
      logic signed [63:0] den;
      logic signed [63:0] ud;
      logic signed [63:0] w0;
      key0 = hash_key(seed_q, xt_pkg::DOM_FAB, 32'd0);
      key1 = hash_key(seed_q, xt_pkg::DOM_FAB, 32'd1);
      key2 = hash_key(seed_q, xt_pkg::DOM_FAB, 32'd2);
      key3 = hash_key(seed_q, xt_pkg::DOM_FAB, 32'd3);
      key4 = hash_key(seed_q, xt_pkg::DOM_FAB, 32'd4);
      for (int s = 0; s < 3; s++) begin
        sum = 32'd0;
        for (int k = 0; k < K; k++) begin
          idx = 32'(s * K + k);
          gain = clamp(64'(q12(c_dtod_q[s[1:0]], gauss(hash_word(key0, idx)))), 64'sd512, 64'sd32767);
          ud = 64'(gauss(hash_word(key1, idx))) * 64'(c_ud_q[s[1:0]]);
          r = clamp(64'(up_down_q[s[1:0]]) + (ud >>> 4), -64'sd3686, 64'sd3686);
          su = clamp((64'(dw_q[s[1:0]]) * gain * (64'sd4096 + r) + 64'sd8388608) >>> 24, 64'sd1, 64'sd32767);
          sd = clamp((64'(dw_q[s[1:0]]) * gain * (64'sd4096 - r) + 64'sd8388608) >>> 24, 64'sd1, 64'sd32767);
          wmax = (64'(w_max_q[s[1:0]]) * 64'(q12(c_wmax_q[s[1:0]], gauss(hash_word(key2, idx))))) >>> 12;
          wmax = clamp(wmax, clamp((64'(w_max_q[s[1:0]]) * 64'sd614) >>> 12, 64'sd1, FS),
                       clamp((64'(w_max_q[s[1:0]]) * 64'sd4506) >>> 12, -FS, FS - 64'sd1));
          wmin = (64'(w_min_q[s[1:0]]) * 64'(q12(c_wmin_q[s[1:0]], gauss(hash_word(key3, idx))))) >>> 12;
          wmin = -clamp(wmin, clamp((64'(w_min_q[s[1:0]]) * 64'sd614) >>> 12, 64'sd1, FS),
                        clamp((64'(w_min_q[s[1:0]]) * 64'sd4506) >>> 12, -FS, FS - 64'sd1));
          den = 64'sd4096 * wmax;
          lu = (su * 64'(gamma_up_q[s[1:0]]) * (64'sd1 <<< (SW - 3)) + (den >>> 1)) / den;
          lu = (lu > 64'sd32767) ? -64'sd32767 : -lu;
          den = 64'sd4096 * -wmin;
          ld = (sd * 64'(gamma_down_q[s[1:0]]) * (64'sd1 <<< (SW - 3)) + (den >>> 1)) / den;
          ld = (ld > 64'sd32767) ? 64'sd32767 : ld;
          if (dw_q[s[1:0]] == 32'sd0) begin
            su = 64'sd0;
            sd = 64'sd0;
            lu = 64'sd0;
            ld = 64'sd0;
          end
          w0 = 64'sd0;
          hw = hash_word(key4, idx);
          if ({16'd0, hw[15:0]} < stuck_q[s[1:0]]) begin
            w0 = wmin + (($signed({48'd0, hw[31:16]}) * (wmax - wmin)) >>> 16);
            wmax = w0;
            wmin = w0;
          end
          w[idx[AW-1:0]] = w0[SW-1:0];
          step_q[{1'b1, idx[AW-1:0]}] = {su[15:0], lu[15:0] ^ 16'h8000};
          step_q[{1'b0, idx[AW-1:0]}] = {sd[15:0], ld[15:0] ^ 16'h8000};
          bound_q[idx[AW-1:0]] = {wmax[SW-1:0] ^ OFFSET, wmin[SW-1:0] ^ OFFSET};
          sum = sum + w0[31:0] * (32'(2 * k + 1) * xt_pkg::DIGEST_MUL);
        end
        digest_q[s[1:0]] = sum;
      end
      pulse_ctr_q = 32'd0;
    end

    if (rescan_i) begin : rescan
      logic [AW-1:0] idx;
      logic [31:0] sum;
      logic signed [31:0] w0;
      for (int s = 0; s < 3; s++) begin
        sum = 32'd0;
        for (int k = 0; k < K; k++) begin
          idx = AW'(s * K + k);  // through an unsigned variable: a signed index would be negative
          w0 = 32'($signed(w[idx]));
          sum = sum + w0 * (32'(2 * k + 1) * xt_pkg::DIGEST_MUL);
        end
        digest_q[s[1:0]] = sum;
      end
    end

    if (pulse_i) begin : pulse
      logic [31:0] rows0;
      logic [31:0] rows1;
      logic [31:0] cols0;
      logic [31:0] cols1;
      logic [31:0] act;
      logic [31:0] pol;
      logic [5:0] t;
      rows0 = 32'd0;
      rows1 = 32'd0;
      cols0 = 32'd0;
      cols1 = 32'd0;
      for (int q = 0; q < MW; q++) begin
        act = col_act_pad[32*q +: 32];
        pol = col_pol_pad[32*q +: 32];
        if (act != 32'd0) begin
          for (int b = 0; b < 32; b++) begin
            if (act[b]) begin
              if (pol[b]) begin
                col_list[{1'b1, cols1[CW-1:0]}] = 32'(32 * q + b);
                cols1 = cols1 + 32'd1;
              end else begin
                col_list[{1'b0, cols0[CW-1:0]}] = 32'(32 * q + b);
                cols0 = cols0 + 32'd1;
              end
            end
          end
        end
      end
      if (cols0 + cols1 != 32'd0) begin
        for (int q = 0; q < NW; q++) begin
          act = row_act_pad[32*q +: 32];
          pol = row_pol_pad[32*q +: 32];
          if (act != 32'd0) begin
            for (int b = 0; b < 32; b++) begin
              if (act[b]) begin
                if (pol[b]) begin
                  row_list[{1'b1, rows1[RW-1:0]}] = 32'(32 * q + b);
                  rows1 = rows1 + 32'd1;
                end else begin
                  row_list[{1'b0, rows0[RW-1:0]}] = 32'(32 * q + b);
                  rows0 = rows0 + 32'd1;
                end
              end
            end
          end
        end
      end
      pulse_key = hash_key(seed_q, xt_pkg::DOM_PULSE, pulse_ctr_q);
      pulse_base = 32'(K) * {30'd0, sel_i};
      c2c_scale = 32'(c_c2c_q[sel_i]);
      c2c_bias = 32'd16777216 - 32'd510 * c2c_scale;
      t = 6'(32'sd12 + shift_q[sel_i]);
      shr = t;
      round_mask = round_q[sel_i] ? 64'd0 : 64'hffff;
      dw_bias = DW_BIAS + ((round_q[sel_i] && t != 6'd0) ? (64'd1 << (t - 6'd1)) : 64'd0);
      dw_less = DW_BIAS >> t;
      round_shl = (t > 6'd16) ? t - 6'd16 : 6'd0;
      round_shr = (t < 6'd16) ? 6'd16 - t : 6'd0;
      digest_gain = 32'd0;
      // Half-select: row 1 on column 0 up, row 0 on column 1 down. Gated: different up, equal down.
      pulse_block(1'b1, rows1, 1'b0, cols0, 1'b1);
      pulse_block(1'b0, rows0, 1'b1, cols1, gated_i);
      if (gated_i) begin
        pulse_block(1'b0, rows0, 1'b0, cols0, 1'b0);
        pulse_block(1'b1, rows1, 1'b1, cols1, 1'b0);
      end
      digest_q[sel_i] = digest_q[sel_i] + digest_gain;
      pulse_ctr_q = pulse_ctr_q + 32'd1;
    end
  end

  // ------------------------------------------------------------------ line currents
  // Current of every sensed line; xt_afe reads it by name (Icarus has no array ports).
  logic [CurBits-1:0] cur [0:DL-1];
  // What the driven lines did in the last INTEG cycle: cur[] is the sum for exactly this drive.
  logic [32*LW-1:0] act_q;
  logic [32*LW-1:0] pol_q;
  logic [31:0] chg_line [0:DL-1];              // driven lines whose drive changed
  logic [CurBits-1:0] chg_by [0:DL-1];         // and by how much: -2..2, two's complement

  // Add the n changed lines to the currents of all sensed lines. first: k of the array read; less: its
  // value minus that of R.
  task automatic add_rows(input logic [31:0] n, input logic [31:0] first, input logic less);
    logic [31:0] c;
    logic [31:0] l;
    logic [31:0] at;
    logic [AW-1:0] ka;
    logic [AW-1:0] kb;
    logic [CurBits-1:0] by;
    logic [CurBits-1:0] va;
    logic [CurBits-1:0] vb;
    for (c = 32'd0; c < n; c = c + 32'd1) begin
      by = chg_by[c[LB-1:0]];
      at = chg_line[c[LB-1:0]] * 32'(M);
      kb = AW'(at + 32'(2 * K));
      ka = AW'(at + first);
      if (less) begin
        for (l = 32'd0; l < 32'(M); l = l + 32'd1) begin
          va = CurBits'(w[ka]) ^ CurBits'(OFFSET);
          vb = CurBits'(w[kb]) ^ CurBits'(OFFSET);
          cur[l[LB-1:0]] = cur[l[LB-1:0]] + by * (va - vb);
          ka = ka + AW'(1);
          kb = kb + AW'(1);
        end
      end else begin
        for (l = 32'd0; l < 32'(M); l = l + 32'd1) begin
          va = CurBits'(w[ka]) ^ CurBits'(OFFSET);
          cur[l[LB-1:0]] = cur[l[LB-1:0]] + by * (va - CurBits'(OFFSET));
          ka = ka + AW'(1);
        end
      end
    end
  endtask

  task automatic add_cols(input logic [31:0] n, input logic [31:0] first, input logic less);
    logic [31:0] c;
    logic [31:0] l;
    logic [31:0] k;
    logic [31:0] at;
    logic [AW-1:0] ka;
    logic [AW-1:0] kb;
    logic [CurBits-1:0] va;
    logic [CurBits-1:0] vb;
    logic [CurBits-1:0] sum;
    k = 32'd0;
    for (l = 32'd0; l < 32'(N); l = l + 32'd1) begin
      sum = cur[l[LB-1:0]];
      if (less) begin
        for (c = 32'd0; c < n; c = c + 32'd1) begin
          at = k + chg_line[c[LB-1:0]];
          ka = AW'(at + first);
          kb = AW'(at + 32'(2 * K));
          va = CurBits'(w[ka]) ^ CurBits'(OFFSET);
          vb = CurBits'(w[kb]) ^ CurBits'(OFFSET);
          sum = sum + chg_by[c[LB-1:0]] * (va - vb);
        end
      end else begin
        for (c = 32'd0; c < n; c = c + 32'd1) begin
          ka = AW'(k + chg_line[c[LB-1:0]] + first);
          va = CurBits'(w[ka]) ^ CurBits'(OFFSET);
          sum = sum + chg_by[c[LB-1:0]] * (va - CurBits'(OFFSET));
        end
      end
      cur[l[LB-1:0]] = sum;
      k = k + 32'(M);
    end
  endtask

  always @(negedge clk_i) begin : currents
    if (clear_i) begin
      act_q = '0;
      pol_q = '0;
      for (int l = 0; l < DL; l++) cur[l] = '0;
    end
    if (integ_i) begin : integ
      int nwords;
      logic [31:0] n;
      logic [31:0] act;
      logic [31:0] pol;
      logic [31:0] was_act;
      logic [31:0] was_pol;
      logic [31:0] diff;
      logic [31:0] first;
      logic [CurBits-1:0] by;
      n = 32'd0;
      nwords = dir_i ? MW : NW;
      for (int q = 0; q < nwords; q++) begin
        act = dir_i ? col_act_pad[32*q +: 32] : row_act_pad[32*q +: 32];
        pol = dir_i ? col_pol_pad[32*q +: 32] : row_pol_pad[32*q +: 32];
        was_act = act_q[32*q +: 32];
        was_pol = pol_q[32*q +: 32];
        diff = (act ^ was_act) | (act & was_act & (pol ^ was_pol));
        if (diff != 32'd0) begin
          for (int b = 0; b < 32; b++) begin
            if (diff[b]) begin
              by = '0;
              if (act[b]) by = pol[b] ? by + CurBits'(1) : by - CurBits'(1);
              if (was_act[b]) by = was_pol[b] ? by - CurBits'(1) : by + CurBits'(1);
              chg_line[n[LB-1:0]] = 32'(32 * q + b);
              chg_by[n[LB-1:0]] = by;
              n = n + 32'd1;
            end
          end
          act_q[32*q +: 32] = act;
          pol_q[32*q +: 32] = pol;
        end
      end
      // The value of a device in a read: A - R, C, R or A.
      first = (sel_i == xt_pkg::SEL_C) ? 32'(K) : (sel_i == xt_pkg::SEL_R) ? 32'(2 * K) : 32'd0;
      if (n != 32'd0) begin
        if (dir_i) add_cols(n, first, sel_i == xt_pkg::SEL_A);
        else add_rows(n, first, sel_i == xt_pkg::SEL_A);
      end
    end
  end
  /* verilator lint_on BLKSEQ */

  generate
    for (genvar p = 0; p < int'(xt_pkg::NUM_PLANES); p = p + 1) begin : g_digest
      assign digest_o[32*p +: 32] = digest_q[p];
    end
  endgenerate
endmodule
`default_nettype wire
