/* SPDX-License-Identifier: Apache-2.0 */
#include "xt_upd_mgr.h"

static void ask_update(struct xt_um_in *in, const uint32_t *reg, int32_t dexp) {
  in->mode = (enum xt_um_mode)reg[XT_CSR_UPD_MODE];
  in->man = reg[XT_CSR_UPD_RATE];
  in->e = (int32_t)reg[XT_CSR_UPD_EXP] + dexp;
  in->cap = reg[XT_CSR_UPD_BL];
  in->scale_x = reg[XT_CSR_SCALE_X];
  in->scale_x_exp = (int32_t)reg[XT_CSR_SCALE_X_EXP];
  in->scale_d = reg[XT_CSR_SCALE_D];
  in->scale_d_exp = (int32_t)reg[XT_CSR_SCALE_D_EXP] + dexp;
}

static void ask_transfer(struct xt_um_in *in, const uint32_t *reg, int32_t dexp) {
  (void)dexp; /* of the update that went before */
  in->mode = reg[XT_CSR_XFER_ENC] == XT_ENC_COUNT ? XT_UM_COUNT : XT_UM_UBLM;
  in->man = reg[XT_CSR_XFER_RATE];
  in->e = (int32_t)reg[XT_CSR_XFER_EXP];
  in->cap = reg[XT_CSR_XFER_BL];
}

static void ask_program(struct xt_um_in *in, const uint32_t *reg, int32_t dexp) {
  (void)dexp; /* the argument is a line */
  in->mode = XT_UM_COUNT;
  in->man = reg[XT_CSR_PROG_RATE];
  in->e = (int32_t)reg[XT_CSR_PROG_EXP];
  in->cap = reg[XT_CSR_PROG_BL];
}

void xt_um_ask(struct xt_um_in *in, uint32_t by, const struct xt_csr *csr, int32_t dexp) {
  static void (*const ask[])(struct xt_um_in *, const uint32_t *, int32_t) = {
      [XT_BY_UPDATE] = ask_update, [XT_BY_TRANSFER] = ask_transfer, [XT_BY_PROGRAM] = ask_program};
  *in = (struct xt_um_in){0};
  ask[by](in, csr->reg, dexp);
}

uint32_t xt_um_encoder(uint32_t by, const struct xt_csr *csr) {
  return by == XT_BY_UPDATE     ? csr->reg[XT_CSR_UPD_ENC]
         : by == XT_BY_TRANSFER ? csr->reg[XT_CSR_XFER_ENC]
                                : XT_ENC_COUNT;
}

uint32_t xt_um_max(const int16_t *codes, int32_t count) {
  int16_t lo = 0, hi = 0;
  for (int32_t i = 0; i < count; i++) {
    lo = codes[i] < lo ? codes[i] : lo;
    hi = codes[i] > hi ? codes[i] : hi;
  }
  return (uint32_t)(hi > -lo ? hi : -lo);
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

static void manual(const struct xt_um_in *in, struct xt_um_out *out) {
  out->bl = in->cap;
  out->gx = in->scale_x;
  out->rx = clamp_shift(in->scale_x_exp - in->pb);
  out->gd = in->scale_d;
  out->rd = clamp_shift(in->scale_d_exp - in->pb);
}

static void counted(const struct xt_um_in *in, struct xt_um_out *out) {
  const uint64_t n = xt_shr_round((uint64_t)in->dm * in->man, in->e);
  out->bl = n < in->cap ? (uint32_t)n : in->cap;
  out->clip = n > in->cap;
  out->gd = in->man;
  out->rd = clamp_shift(in->e);
}

/* UM and UBLM: steps 2 to 4. */
static void managed(const struct xt_um_in *in, struct xt_um_out *out) {
  const uint64_t q = (uint64_t)in->man * in->xm * in->dm; /* < 2^34 */
  if (q == 0) return;
  const uint64_t k = (q + ((UINT64_C(1) << in->e) - 1)) >> in->e; /* ceil(Q / 2^e); k > L is Q > L 2^e */
  out->clip = k > in->cap;
  out->bl = in->mode == XT_UM_UBLM && k < in->cap ? (uint32_t)k : in->cap;

  const uint64_t v = q * xt_recip(out->bl);
  const int32_t slack = in->e + (int32_t)XT_RECIP_BITS - xt_bitlen(v);
  const int32_t half = slack > 0 ? slack >> 1 : 0;
  const int32_t h = half < in->pb - 6 ? half : in->pb - 6;

  const int32_t cut_x = norm(xt_recip(in->xm), &out->gx);
  const int32_t cut_d = norm((uint64_t)in->man * in->xm * xt_recip(out->bl), &out->gd);
  out->rx = clamp_shift((int32_t)XT_RECIP_BITS - in->pb + h - cut_x);
  out->rd = clamp_shift(in->e + (int32_t)XT_RECIP_BITS - in->pb - h - cut_d);
}

void xt_um(const struct xt_um_in *in, struct xt_um_out *out) {
  *out = (struct xt_um_out){0};
  out->count = in->mode == XT_UM_COUNT;
  if (in->xm == 0 || in->dm == 0) return;
  if (in->mode == XT_UM_MANUAL)
    manual(in, out);
  else if (in->mode == XT_UM_COUNT)
    counted(in, out);
  else
    managed(in, out);
}

struct xt_um_factor xt_um_factor(uint32_t g, int32_t r, int32_t pb) {
  if (r >= 0) return (struct xt_um_factor){g, r};
  const uint64_t full = UINT64_C(1) << pb, left = (uint64_t)g << -r;
  return (struct xt_um_factor){(uint32_t)(left < full ? left : full), 0};
}

uint32_t xt_um_threshold(uint32_t mag, uint32_t g, int32_t r, int32_t pb) {
  const uint64_t full = UINT64_C(1) << pb, t = xt_shr_round((uint64_t)mag * g, r);
  return (uint32_t)(t < full ? t : full);
}

uint32_t xt_um_row_threshold(const struct xt_um_out *um, uint32_t mag, int32_t pb) {
  if (um->count) return mag != 0 ? UINT32_C(1) << pb : 0;
  return xt_um_threshold(mag, um->gx, um->rx, pb);
}
