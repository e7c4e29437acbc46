/* SPDX-License-Identifier: Apache-2.0 */
#include "xt_upd_mgr.h"

uint32_t xt_um_max(const int16_t *codes, int32_t count) {
  int32_t most = 0;
  for (int32_t i = 0; i < count; i++) {
    const int32_t mag = codes[i] < 0 ? -codes[i] : codes[i];
    most = mag > most ? mag : most;
  }
  return (uint32_t)most;
}

/* Step 4: F to at most GAIN_BITS bits (2^GAIN_BITS itself when the rounding carries); returns the shift. */
static int32_t norm(uint64_t f, uint32_t *g) {
  const int32_t excess = xt_bitlen(f) - (int32_t)XT_GAIN_BITS;
  const int32_t s = excess > 0 ? excess : 0;
  *g = (uint32_t)xt_shr_round(f, s);
  return s;
}

static int32_t clamp_shift(int32_t r) {
  return (int32_t)xt_clamp(r, -24, 40);
}

void xt_um(const struct xt_um_in *in, struct xt_um_out *out) {
  *out = (struct xt_um_out){0};
  out->count = in->mode == XT_UM_COUNT;
  if (in->xm == 0 || in->dm == 0) return;

  if (in->mode == XT_UM_MANUAL) {
    out->bl = in->cap;
    out->gx = in->scale_x;
    out->rx = clamp_shift(in->scale_x_exp - in->pb);
    out->gd = in->scale_d;
    out->rd = clamp_shift(in->scale_d_exp - in->pb);
    return;
  }
  if (in->mode == XT_UM_COUNT) {
    const uint64_t n = xt_shr_round((uint64_t)in->dm * in->man, in->e);
    out->bl = n < in->cap ? (uint32_t)n : in->cap;
    out->clip = n > in->cap;
    out->gd = in->man;
    out->rd = clamp_shift(in->e);
    return;
  }
  const uint64_t q = (uint64_t)in->man * in->xm * in->dm; /* < 2^34 */
  if (q == 0) return;
  const uint64_t k = (q + ((UINT64_C(1) << in->e) - 1)) >> in->e; /* ceil(Q / 2^e); k > L is Q > L 2^e */
  out->clip = k > in->cap;
  out->bl = in->mode == XT_UM_UBLM && k < in->cap ? (uint32_t)k : in->cap;

  const uint64_t v = q * xt_recip(out->bl);
  const int32_t slack = in->e + (int32_t)XT_RECIP_BITS - xt_bitlen(v);
  const int32_t half = slack > 0 ? slack >> 1 : 0;
  const int32_t h = half < in->pb - 6 ? half : in->pb - 6;

  const int32_t sx = norm(xt_recip(in->xm), &out->gx);
  const int32_t sd = norm((uint64_t)in->man * in->xm * xt_recip(out->bl), &out->gd);
  out->rx = clamp_shift((int32_t)XT_RECIP_BITS - in->pb + h - sx);
  out->rd = clamp_shift(in->e + (int32_t)XT_RECIP_BITS - in->pb - h - sd);
}

uint32_t xt_um_threshold(uint32_t mag, uint32_t g, int32_t r, int32_t pb) {
  const uint64_t full = UINT64_C(1) << pb, t = xt_shr_round((uint64_t)mag * g, r);
  return (uint32_t)(t < full ? t : full);
}

uint32_t xt_um_row_threshold(const struct xt_um_out *um, uint32_t mag, int32_t pb) {
  if (um->count) return mag != 0 ? UINT32_C(1) << pb : 0;
  return xt_um_threshold(mag, um->gx, um->rx, pb);
}
