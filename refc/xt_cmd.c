/* SPDX-License-Identifier: Apache-2.0 */
#include "xt_cmd.h"

int64_t xt_cmd_payload_words(const struct xt_dim *dim, uint8_t op) {
  switch (op) {
    case XT_OP_RESET:
    case XT_OP_TRANSFER:
    case XT_OP_READ:
    case XT_OP_ZERO_SHIFT:
      return 0;
    case XT_OP_FORWARD:
      return xt_ceil_div(dim->n, 4);
    case XT_OP_BACKWARD:
      return xt_ceil_div(dim->m, 4);
    case XT_OP_UPDATE:
      return xt_ceil_div(dim->n, 4) + xt_ceil_div(dim->m, 4);
    case XT_OP_PROGRAM:
      return xt_ceil_div(dim->m, 2);
    default:
      return -1;
  }
}

static int most_sel(uint8_t op) {
  return op == XT_OP_READ ? 3 : op == XT_OP_PROGRAM || op == XT_OP_ZERO_SHIFT ? 2 : 0;
}

static bool arg_ok(const struct xt_cmd *c, const struct xt_dim *dim, const struct xt_csr *csr) {
  switch (c->op) {
    case XT_OP_UPDATE: {
      const int reg = csr->reg[XT_CSR_UPD_MODE] == XT_UPD_MANUAL ? XT_CSR_SCALE_D_EXP : XT_CSR_UPD_EXP;
      const int32_t e = (int32_t)csr->reg[reg] + xt_sext(c->arg, 16);
      return e >= 0 && e <= 63;
    }
    case XT_OP_READ:
    case XT_OP_PROGRAM:
      return c->arg < dim->n;
    case XT_OP_ZERO_SHIFT:
      return c->arg != 0;
    default:
      return c->arg == 0;
  }
}

/* `count` codes of `bits` (8 or 16) bits each; true if all are within +-most. */
static bool unpack(const uint32_t *words, int16_t *codes, int32_t count, int bits, int32_t most) {
  bool ok = true;
  const int32_t per = 32 / bits;
  for (int32_t i = 0; i < count; i++) {
    const int32_t c = xt_sext(words[i / per] >> (i % per * bits), (unsigned)bits);
    ok &= c <= most && c >= -most;
    codes[i] = (int16_t)c;
  }
  return ok;
}

static bool codes_ok(struct xt_cmd *c, const struct xt_dim *dim, const uint32_t *p) {
  bool ok = true;
  if (c->op == XT_OP_FORWARD || c->op == XT_OP_UPDATE) {
    ok &= unpack(p, c->x, dim->n, 8, dim->cmax);
    p += xt_ceil_div(dim->n, 4);
  }
  if (c->op == XT_OP_BACKWARD || c->op == XT_OP_UPDATE) ok &= unpack(p, c->d, dim->m, 8, dim->cmax);
  if (c->op == XT_OP_PROGRAM) ok &= unpack(p, c->d, dim->m, 16, dim->adcmax);
  return ok;
}

void xt_cmd_decode(struct xt_cmd *c, const struct xt_dim *dim, const struct xt_csr *csr, bool reset_given,
                   const uint32_t *words, size_t count) {
  const uint32_t h = words[0];
  c->op = (uint8_t)h;
  c->sel = (uint8_t)((h >> 8) & 15);
  c->arg = (uint16_t)(h >> 16);
  const int64_t want = xt_cmd_payload_words(dim, c->op), have = (int64_t)count - 1;
  if (want < 0)
    c->status = XT_ST_ERR_OPCODE;
  else if (have < want)
    c->status = XT_ST_ERR_SHORT;
  else if (have > want)
    c->status = XT_ST_ERR_LONG;
  else if (!reset_given && c->op != XT_OP_RESET)
    c->status = XT_ST_ERR_ORDER;
  else if (((h >> 12) & 15) != 0 || c->sel > most_sel(c->op))
    c->status = XT_ST_ERR_FLAGS;
  else if (!arg_ok(c, dim, csr))
    c->status = XT_ST_ERR_ARG;
  else if (!codes_ok(c, dim, words + 1))
    c->status = XT_ST_ERR_CODE;
  else
    c->status = XT_ST_OK;
}

size_t xt_cmd_answer(uint32_t *out, uint8_t op, uint8_t status, uint32_t info, const int16_t *codes, int32_t ncodes) {
  out[0] = (uint32_t)op | (uint32_t)status << 8 | (info > 65535 ? 65535 : info) << 16;
  for (int32_t i = 0; i < ncodes; i += 2) {
    const uint32_t hi = i + 1 < ncodes ? (uint16_t)codes[i + 1] : 0;
    out[1 + i / 2] = (uint32_t)(uint16_t)codes[i] | hi << 16;
  }
  return 1 + (size_t)xt_ceil_div(ncodes, 2);
}
