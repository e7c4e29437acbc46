/* SPDX-License-Identifier: Apache-2.0 */
#include "xt_sc_check.h"

#include <inttypes.h>
#include <stdio.h>

#include "xt_array.h"
#include "xt_csr.h"
#include "xt_dim.h"

int xt_sc_check_shape(const struct xt_shape *shape, char *why, size_t len) {
  struct xt_dim dim;
  return xt_dim_init(&dim, shape, why, len);
}

int xt_sc_check_config(const struct xt_shape *shape, const struct xt_array_cfg *cfg, char *why, size_t len) {
  return xt_array_check(shape->state_bits, cfg, why, len);
}

static int generators(const char *what, const uint32_t *gen, int32_t lines, int32_t width, char *why, size_t len) {
  for (int32_t i = 0; i < lines; i++)
    if (gen[i] == 0 || gen[i] >> width != 0) {
      snprintf(why, len, "snapshot: generator of %s %" PRId32 " is %" PRIu32 ", not in 1..%" PRIu32, what, i, gen[i],
               (UINT32_C(1) << width) - 1);
      return XT_E_ARG;
    }
  return XT_E_OK;
}

int xt_sc_check_snapshot(const struct xt_shape *shape, const struct xt_snapshot *s, char *why, size_t len) {
  struct xt_dim dim;
  int err = xt_dim_init(&dim, shape, why, len);
  const size_t devices = (size_t)shape->n * (size_t)shape->m;
  if (err) return err;
  for (size_t a = 0; a < 3; a++)
    for (size_t k = 0; k < devices; k++)
      if (s->w[a][k] < -dim.fs || s->w[a][k] >= dim.fs) {
        snprintf(why, len, "snapshot: device %zu of array %c is %" PRId32 ", not in %" PRId32 "..%" PRId32, k, "ACR"[a],
                 s -> w[a][k], -dim.fs, dim.fs - 1);
        return XT_E_ARG;
      }
  err = generators("row", s->row_gen, shape->n, shape->prob_bits, why, len);
  if (!err) err = generators("column", s->col_gen, shape->m, shape->prob_bits + 1, why, len);
  if (err) return err;
  if (s->lowdisc_n >> shape->prob_bits != 0 || s->xfer_ptr >= (uint32_t)shape->n || s->xfer_count > 0xFFFF ||
      s->reset_given > 1) {
    snprintf(why, len, "snapshot: a control value is out of range");
    return XT_E_ARG;
  }
  for (unsigned r = 0; r < 256; r++)
    if (xt_csr_writable((uint8_t)r) && !xt_csr_legal(&dim, (uint8_t)r, s->csr[r])) {
      snprintf(why, len, "snapshot: register 0x%02x cannot hold %" PRIu32, r, s->csr[r]);
      return XT_E_ARG;
    }
  return XT_E_OK;
}

int xt_sc_writable(uint8_t reg) {
  return xt_csr_writable(reg) ? 1 : 0;
}
