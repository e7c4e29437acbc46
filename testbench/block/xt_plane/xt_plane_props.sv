// SPDX-License-Identifier: Apache-2.0
// Invariants of xt_plane (numbers as in its header), at the falling edge: what happened at the rising one is settled.
// R1: what changes shows in the digest. R2 adds up all states, which a snapshot may set from outside before it rescans:
// after fabrication and rescan, after 16 pulses, and from there after every 4096th.
`default_nettype none
module xt_plane_props #(
  parameter int K = 1,
  parameter int AW = 1,
  parameter int SW = 16
) (
  input wire logic clk_i,
  input wire logic renew_i,  // fabrication, rescan
  input wire logic pulse_i,  // a pulse acts on this plane, or a read that disturbs its devices
  input wire logic [31:0] digest_o
);
  /* verilator lint_off BLKSEQ */  // one process, in order
  logic acted_q;  // at the last rising edge
  logic look_q;   // and R2 looks
  logic [31:0] digest_q;
  logic [11:0] pulses_q;
  always_ff @(posedge clk_i) begin
    acted_q <= renew_i | pulse_i;
    look_q <= renew_i || (pulse_i && pulses_q == 12'd15);
    if (pulse_i) pulses_q <= pulses_q + 12'd1;
  end

  function automatic logic [31:0] sum_of_states();
    logic [31:0] sum;
    logic [SW-1:0] state;  // $signed() of what another module has fails in Verilator 5.006
    sum = 32'd0;
    for (logic [31:0] k = 32'd0; k < 32'(K); k = k + 32'd1) begin
      state = xt_plane.w[k[AW-1:0]];
      sum = sum + 32'($signed(state)) * (((k << 1) | 32'd1) * xt_pkg::DIGEST_MUL);
    end
    sum_of_states = sum;
  endfunction

  always @(negedge clk_i) begin
    R1: assert (acted_q || digest_o == digest_q) else $error("an idle cycle changes a device");
    if (look_q) begin
      R2: assert (digest_o == sum_of_states()) else $error("the digest is not the sum over the states");
    end
    digest_q = digest_o;
  end
  /* verilator lint_on BLKSEQ */
endmodule
bind xt_plane xt_plane_props #(.K(K), .AW(AW), .SW(SW)) u_props (
  .renew_i(fabricate_i || rescan_i),
  .pulse_i((ctl_i.pulse && ctl_i.act && 32'(ctl_i.sel) == 32'(Plane)) || (ctl_i.hold && disturbs)), .*
);
`default_nettype wire
