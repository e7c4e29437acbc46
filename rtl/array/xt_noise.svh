// SPDX-License-Identifier: Apache-2.0
// Hash noise (rtl/SPEC.md section 1): what one draws depends on seed, domain, counter and index only, not on the order
// of drawing. Included inside the modules that draw. All numbers mod 2^32.
// Golden counterpart. refc/xt_noise.h

function automatic logic [31:0] mix(input logic [31:0] a);
  logic [31:0] x;
  x = a ^ (a >> 16);
  x = x * xt_pkg::HASH_M1;
  x = x ^ (x >> 15);
  x = x * xt_pkg::HASH_M2;
  mix = x ^ (x >> 16);
endfunction

// The part of noise() that all indices share.
function automatic logic [31:0] hash_key(input logic [31:0] seed, input logic [31:0] dom, input logic [31:0] ctr);
  hash_key = mix(seed + dom * xt_pkg::HASH_DOMAIN + ctr * xt_pkg::HASH_SEED);
endfunction

function automatic logic [31:0] hash_word(input logic [31:0] key, input logic [31:0] idx);
  hash_word = mix(key + idx * xt_pkg::HASH_INDEX);
endfunction

// Sum of the four bytes, 0 to 1020; two at a time.
function automatic logic [31:0] byte_sum(input logic [31:0] a);
  logic [31:0] s;
  s = (a & 32'h00ff00ff) + ((a >> 8) & 32'h00ff00ff);
  byte_sum = (s & 32'h0000ffff) + (s >> 16);
endfunction

// Nearly normal: mean 0, standard deviation 147.80.
function automatic logic signed [31:0] gauss(input logic [31:0] a);
  gauss = $signed(byte_sum(a)) - 32'sd510;
endfunction

// 1 + sigma*xi in Q12 for c = 443.405 sigma and s = gauss().
function automatic logic signed [31:0] q12(input logic signed [31:0] c, input logic signed [31:0] s);
  logic signed [31:0] p;
  p = s * c;
  q12 = 32'sd4096 + (p >>> 4);
endfunction
