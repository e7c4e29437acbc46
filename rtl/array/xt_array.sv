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
    output wire logic [31:0] digest_a_o,
    output wire logic [31:0] digest_c_o,
    output wire logic [31:0] digest_r_o
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
  // Width of slope * state.
  localparam int PW = (SW <= 16) ? 32 : 64;
  localparam logic signed [63:0] FS = 64'sd1 <<< (SW - 1);

  // The memories of the devices: state; step and slope up; step and slope down; upper and lower bound.
  /* verilator lint_off BLKSEQ */  // one process owns each memory, and nobody samples it at its edge
  logic signed [SW-1:0] w [0:D-1];
  logic [31:0] up_q [0:D-1];
  logic [31:0] down_q [0:D-1];
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

  // ------------------------------------------------------------------ one pulse on one device
  // Of the array that is being pulsed; set before the loops.
  logic signed [31:0] c_c2c;
  logic [5:0] shr;
  logic nearest;

  // State v after a pulse with noise word w32; sl = {step, slope}, bd = {wmax, wmin}.
  function automatic logic signed [SW-1:0] stepped(
      input logic signed [SW-1:0] v, input logic [31:0] sl, input logic [2*SW-1:0] bd,
      input logic [31:0] w32, input logic up);
    logic signed [PW-1:0] slope;
    logic signed [PW-1:0] state;
    logic signed [PW-1:0] prod;
    logic signed [PW-1:0] step;
    logic signed [63:0] t;
    logic signed [63:0] q;
    logic signed [63:0] dw;
    logic signed [63:0] nw;
    logic signed [63:0] hi;
    logic signed [63:0] lo;
    logic [63:0] r16;
    slope = PW'($signed(sl[15:0]));
    state = PW'(v);
    prod = slope * state;
    step = $signed(PW'(sl[31:16])) + (prod >>> (SW - 3));
    t = (step < 0) ? 64'sd0 : 64'(step);
    q = 64'(q12(c_c2c, gauss(w32)));
    r16 = {48'd0, w32[15:0] ^ w32[31:16]};
    if (nearest) r16 = (shr == 6'd0) ? 64'd0 : (64'd1 << (shr - 6'd1));
    else if (shr <= 6'd16) r16 = r16 >> (6'd16 - shr);
    else r16 = r16 << (shr - 6'd16);
    dw = (t * q + $signed(r16)) >>> shr;
    nw = up ? (64'(v) + dw) : (64'(v) - dw);
    hi = 64'($signed(bd[2*SW-1:SW]));
    lo = 64'($signed(bd[SW-1:0]));
    nw = (nw < lo) ? lo : nw;
    nw = (nw > hi) ? hi : nw;
    stepped = nw[SW-1:0];
  endfunction

  // ------------------------------------------------------------------ pulses, configuration, fabrication
  logic [31:0] list0 [0:M-1];  // driven columns of polarity 0
  logic [31:0] list1 [0:M-1];  // and 1
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
          up_q[idx[AW-1:0]] = {su[15:0], lu[15:0]};
          down_q[idx[AW-1:0]] = {sd[15:0], ld[15:0]};
          bound_q[idx[AW-1:0]] = {wmax[SW-1:0], wmin[SW-1:0]};
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
          w0 = 32'(w[idx]);
          sum = sum + w0 * (32'(2 * k + 1) * xt_pkg::DIGEST_MUL);
        end
        digest_q[s[1:0]] = sum;
      end
    end

    if (pulse_i) begin : pulse
      int n0;
      int n1;
      int na;
      int nb;
      logic [31:0] key;
      logic [31:0] words;
      logic [31:0] pols;
      logic [31:0] row;
      logic [31:0] j;
      logic [31:0] idx;
      logic [31:0] sum;
      logic [31:0] first;
      logic pol;
      logic up;
      logic signed [SW-1:0] was;
      logic signed [SW-1:0] now;
      n0 = 0;
      n1 = 0;
      for (int c = 0; c < M; c++) begin
        if (col_act_i[c]) begin
          if (col_pol_i[c]) begin
            list1[n1] = c;
            n1 = n1 + 1;
          end else begin
            list0[n0] = c;
            n0 = n0 + 1;
          end
        end
      end
      key = hash_key(seed_q, xt_pkg::DOM_PULSE, pulse_ctr_q);
      c_c2c = c_c2c_q[sel_i];
      shr = 6'(32'sd12 + shift_q[sel_i]);
      nearest = round_q[sel_i];
      first = 32'(K) * {30'd0, sel_i};
      sum = digest_q[sel_i];
      if (n0 + n1 != 0) begin
        for (int q = 0; q < NW; q++) begin
          words = row_act_pad[32*q +: 32];
          pols = row_pol_pad[32*q +: 32];
          for (int b = 0; b < 32; b++) begin
            if (words[b]) begin
              row = 32'((32 * q + b) * M);
              pol = pols[b];
              // Columns of the other polarity: the row's direction (half-select), up (gated).
              up = gated_i | pol;
              na = pol ? n0 : n1;
              for (int c = 0; c < na; c++) begin
                j = row + (pol ? list0[c] : list1[c]);
                idx = first + j;
                was = w[idx[AW-1:0]];
                now = stepped(was, up ? up_q[idx[AW-1:0]] : down_q[idx[AW-1:0]], bound_q[idx[AW-1:0]],
                              hash_word(key, idx), up);
                w[idx[AW-1:0]] = now;
                sum = sum + (32'(now) - 32'(was)) * ((2 * j + 32'd1) * xt_pkg::DIGEST_MUL);
              end
              // Columns of the same polarity: nothing (half-select), down (gated).
              nb = gated_i ? (pol ? n1 : n0) : 0;
              for (int c = 0; c < nb; c++) begin
                j = row + (pol ? list1[c] : list0[c]);
                idx = first + j;
                was = w[idx[AW-1:0]];
                now = stepped(was, down_q[idx[AW-1:0]], bound_q[idx[AW-1:0]], hash_word(key, idx), 1'b0);
                w[idx[AW-1:0]] = now;
                sum = sum + (32'(now) - 32'(was)) * ((2 * j + 32'd1) * xt_pkg::DIGEST_MUL);
              end
            end
          end
        end
      end
      digest_q[sel_i] = sum;
      pulse_ctr_q = pulse_ctr_q + 32'd1;
    end
  end

  // ------------------------------------------------------------------ line currents
  // What the driven lines did in the last INTEG cycle: cur[] is the sum for exactly this drive.
  logic [32*LW-1:0] act_q;
  logic [32*LW-1:0] pol_q;
  // Current of every sensed line; xt_afe reads it by name (Icarus has no array ports).
  logic signed [CurBits-1:0] cur [0:L-1];
  logic [31:0] chg_line [0:L-1];        // lines whose drive changed
  logic signed [31:0] chg_by [0:L-1];   // and by how much: -2..2

  always @(negedge clk_i) begin : currents
    if (clear_i) begin
      act_q = '0;
      pol_q = '0;
      for (int l = 0; l < L; l++) cur[l] = '0;
    end
    if (integ_i) begin : integ
      int n;
      int nwords;
      logic [31:0] act;
      logic [31:0] pol;
      logic [31:0] was_act;
      logic [31:0] was_pol;
      logic [31:0] diff;
      logic [31:0] ka;
      logic [31:0] kb;
      logic signed [31:0] by;
      logic signed [CurBits-1:0] sum;
      n = 0;
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
              by = 32'sd0;
              if (act[b]) by = pol[b] ? 32'sd1 : -32'sd1;
              if (was_act[b]) by = was_pol[b] ? by - 32'sd1 : by + 32'sd1;
              chg_line[n] = 32'(32 * q + b);
              chg_by[n] = by;
              n = n + 1;
            end
          end
          act_q[32*q +: 32] = act;
          pol_q[32*q +: 32] = pol;
        end
      end
      // The value of a device in a read: A - R, C, R or A.
      ka = (sel_i == xt_pkg::SEL_C) ? 32'(K) : (sel_i == xt_pkg::SEL_R) ? 32'(2 * K) : 32'd0;
      kb = 32'(2 * K);
      if (!dir_i) begin
        for (int c = 0; c < n; c++) begin
          by = chg_by[c];
          ka = ((sel_i == xt_pkg::SEL_C) ? 32'(K) : (sel_i == xt_pkg::SEL_R) ? 32'(2 * K) : 32'd0)
               + chg_line[c] * 32'(M);
          kb = 32'(2 * K) + chg_line[c] * 32'(M);
          if (sel_i == xt_pkg::SEL_A) begin
            for (int l = 0; l < M; l++) begin
              cur[l] = cur[l] + CurBits'(by) * (CurBits'(w[ka[AW-1:0]]) - CurBits'(w[kb[AW-1:0]]));
              ka = ka + 32'd1;
              kb = kb + 32'd1;
            end
          end else begin
            for (int l = 0; l < M; l++) begin
              cur[l] = cur[l] + CurBits'(by) * CurBits'(w[ka[AW-1:0]]);
              ka = ka + 32'd1;
            end
          end
        end
      end else if (n != 0) begin
        for (int l = 0; l < N; l++) begin
          sum = cur[l];
          for (int c = 0; c < n; c++) begin
            if (sel_i == xt_pkg::SEL_A)
              sum = sum + CurBits'(chg_by[c]) * (CurBits'(w[AW'(ka + chg_line[c])])
                                                 - CurBits'(w[AW'(kb + chg_line[c])]));
            else
              sum = sum + CurBits'(chg_by[c]) * CurBits'(w[AW'(ka + chg_line[c])]);
          end
          cur[l] = sum;
          ka = ka + 32'(M);
          kb = kb + 32'(M);
        end
      end
    end
  end
  /* verilator lint_on BLKSEQ */

  assign digest_a_o = digest_q[0];
  assign digest_c_o = digest_q[1];
  assign digest_r_o = digest_q[2];
endmodule
`default_nettype wire
