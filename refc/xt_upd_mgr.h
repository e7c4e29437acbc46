/* SPDX-License-Identifier: Apache-2.0 */
/* Update manager (rtl/SPEC.md section 5): from the largest codes and the learning rate to the pulse train's length and
 * the thresholds of rows and columns. Gokmen & Vlasov 2016; update management and BL management as in aihwkit. */
#ifndef XT_UPD_MGR_H
#define XT_UPD_MGR_H

#include <stdbool.h>

#include "xt_csr.h"

enum xt_um_mode {
  XT_UM_MANUAL = XT_UPD_MANUAL,
  XT_UM_UM = XT_UPD_UM,
  XT_UM_UBLM = XT_UPD_UBLM,
  XT_UM_COUNT = XT_UPD_COUNT
};

struct xt_um_in {
  enum xt_um_mode mode;
  uint32_t man;                     /* 16 bits; not used by MANUAL */
  int32_t e;                        /* 0..63; not used by MANUAL */
  uint32_t cap;                     /* L, 1..BlMax */
  uint32_t xm, dm;                  /* largest |code| of rows and columns */
  uint32_t scale_x, scale_d;        /* MANUAL: 16 bits */
  int32_t scale_x_exp, scale_d_exp; /* MANUAL: 0..63, the latter with dexp added */
  int32_t pb;
};

struct xt_um_out {
  uint32_t bl; /* 0: no pulses, and the rest is not used */
  bool clip, count;
  uint32_t gx, gd; /* factors, at most 2^GAIN_BITS */
  int32_t rx, rd;  /* right shifts, -24..40 */
};

/* The row of section 5's table of who asks (by: XT_BY_*): all inputs but xm, dm, pb. dexp: of the command, signed. */
void xt_um_ask(struct xt_um_in *in, uint32_t by, const struct xt_csr *csr, int32_t dexp);
/* Its pulse encoders, XT_ENC_*. */
uint32_t xt_um_encoder(uint32_t by, const struct xt_csr *csr);

/* max |c| over count codes. */
uint32_t xt_um_max(const int16_t *codes, int32_t count);
void xt_um(const struct xt_um_in *in, struct xt_um_out *out);
/* A factor g, r of xt_um() as the thresholds are made with it: a negative shift goes into the gain. */
struct xt_um_factor {
  uint32_t gain;
  int32_t shift; /* 0..40 */
};
struct xt_um_factor xt_um_factor(uint32_t g, int32_t r, int32_t pb);
/* T(c) of step 5, 0..2^pb; mag = |c| < 2^11, g <= 2^20. */
uint32_t xt_um_threshold(uint32_t mag, uint32_t g, int32_t r, int32_t pb);
uint32_t xt_um_row_threshold(const struct xt_um_out *um, uint32_t mag, int32_t pb);

#endif
