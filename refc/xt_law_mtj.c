/* SPDX-License-Identifier: Apache-2.0 */
/* Magnetic tunnel junction: a binary device, at wmax (parallel) or wmin (antiparallel), that a pulse towards the other
 * state flips with P = 1 - exp(-t/tau(V)), t the duration, log2(1/tau) linear in the voltage (rtl/SPEC.md section 9).
 * The shape is what the device adds to the octaves of the rate at full scale, Q8. A flip is a step that reaches the
 * other bound from anywhere; at the bound of its direction a device stays where it is. */
#include "xt_bits.h"
#include "xt_law.h"
#include "xt_noise.h"

/* Q8 octaves of the flip rate per clock cycle. */
enum { OCTAVES_LEAST = -8192, OCTAVES_MOST = 2047, OCTAVES_SHAPE = 8192, STEP = (1 << 20) - 1 };

static int32_t shape(const struct xt_dev_cfg *cfg, int32_t sw, bool up, int32_t step, int32_t wmax, int32_t wmin,
                     struct xt_law_words own) {
  (void)sw;
  (void)up;
  (void)step;
  (void)wmax;
  (void)wmin;
  return (int32_t)xt_clamp(xt_sra((int64_t)xt_noise_gauss(own.shape) * cfg->c_vc, 8), -OCTAVES_SHAPE, OCTAVES_SHAPE);
}

static int32_t start(int32_t wmax, int32_t wmin, struct xt_law_words own) {
  return (own.start & 1) != 0 ? wmax : wmin;
}

/* 2^16 exp(-k/16), k = 0..255; 0 from where the table ends. */
static const uint32_t exp16[256] = {
    65536, 61565, 57835, 54331, 51039, 47947, 45042, 42313, 39750, 37341, 35079, 32954, 30957, 29081, 27319, 25664,
    24109, 22649, 21276, 19987, 18776, 17639, 16570, 15566, 14623, 13737, 12905, 12123, 11388, 10698, 10050, 9441,
    8869,  8332,  7827,  7353,  6907,  6489,  6096,  5726,  5380,  5054,  4747,  4460,  4190,  3936,  3697,  3473,
    3263,  3065,  2879,  2705,  2541,  2387,  2243,  2107,  1979,  1859,  1746,  1641,  1541,  1448,  1360,  1278,
    1200,  1128,  1059,  995,   935,   878,   825,   775,   728,   684,   642,   604,   567,   533,   500,   470,
    442,   415,   390,   366,   344,   323,   303,   285,   268,   252,   236,   222,   209,   196,   184,   173,
    162,   153,   143,   135,   127,   119,   112,   105,   99,    93,    87,    82,    77,    72,    68,    64,
    60,    56,    53,    50,    47,    44,    41,    39,    36,    34,    32,    30,    28,    27,    25,    23,
    22,    21,    19,    18,    17,    16,    15,    14,    13,    13,    12,    11,    10,    10,    9,     9,
    8,     8,     7,     7,     6,     6,     6,     5,     5,     5,     4,     4,     4,     4,     3,     3,
    3,     3,     3,     2,     2,     2,     2,     2,     2,     2,     2,     1,     1,     1,     1,     1,
    1,     1,     1,     1,     1,     1,     1,     1,     1,     1,     1,     1,     1,
};

/* rate * duration in Q40, at most 16. */
static int64_t exponent(int64_t octaves, int64_t duration) {
  const int64_t whole = xt_sra(octaves, 8), t = duration * xt_law_arc(4 * (octaves - whole * 256));
  const int64_t lam = whole >= -20 ? t << (whole + 20) : t >> (-20 - whole);
  return lam < INT64_C(1) << 44 ? lam : INT64_C(1) << 44;
}

/* 1 - exp(-lam) in Q32: x - x^2/2 below 2^-8, else by sixteenths and a rest. */
static uint64_t probability(int64_t lam) {
  if (lam < INT64_C(1) << 32) {
    const uint64_t x = (uint64_t)lam >> 8;
    return x - ((x * x) >> 33);
  }
  const int64_t k = lam >> 36 < 255 ? lam >> 36 : 255, r = (lam >> 24) & 4095;
  return (uint64_t)(65536 - ((exp16[k] * (65536 - r + ((r * r) >> 17))) >> 16)) << 16;
}

uint64_t xt_law_mtj_flip(const struct xt_dev_cfg *cfg, struct xt_pulse p, int32_t own) {
  const int32_t full = (p.up ? cfg->mtj_up : cfg->mtj_down) - 128 * p.amplitude;
  const int64_t octaves = p.read   ? cfg->mtj_read + xt_sra(own, 1)
                          : p.half ? full + xt_sra(own, 1) - cfg->mtj_half
                                   : full + own;
  return probability(exponent(xt_clamp(octaves, OCTAVES_LEAST, OCTAVES_MOST), p.duration));
}

static int64_t step(const struct xt_dev_cfg *cfg, int32_t sw, struct xt_pulse p, int32_t step_0, int32_t own, int32_t w,
                    uint32_t w32, uint64_t flip) {
  (void)sw;
  (void)p;
  (void)step_0;
  (void)own;
  (void)w;
  return cfg->dw > 0 && w32 < flip ? STEP : 0;
}

const struct xt_law xt_law_mtj = {"mtj", true, shape, start, xt_law_mtj_flip, step};
