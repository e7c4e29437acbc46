/* SPDX-License-Identifier: Apache-2.0 */
#include "xt_cmd.h"

const struct xt_op *xt_cmd_op(uint8_t op) {
  static const struct xt_op ops[256] = XT_OPS;
  return &ops[op];
}

/* XT_IN_* of a command. */
static uint8_t payload(uint8_t code, uint8_t sel) {
  const struct xt_op *op = xt_cmd_op(code);
  return sel == 1 ? op->in_short : op->in;
}
static bool has_x(uint8_t in) {
  return in == XT_IN_X || in == XT_IN_XD;
}
static bool has_d(uint8_t in) {
  return in == XT_IN_D || in == XT_IN_XD;
}
/* An update that does not bring its x. */
static bool needs_kept(uint8_t code, uint8_t sel) {
  return has_x(xt_cmd_op(code)->in) && !has_x(payload(code, sel));
}

/* Has the tile this operation? */
static bool known(const struct xt_dim *dim, uint8_t code) {
  switch (code) {
#define X(NAME, parameter) \
  case XT_OP_##NAME:       \
    return dim->shape.parameter != 0;
    XT_OP_BUILT_TABLE(X)
#undef X
    default:
      return xt_cmd_op(code)->known;
  }
}

int64_t xt_cmd_payload_words(const struct xt_dim *dim, uint8_t code, uint8_t sel) {
  if (!known(dim, code)) return -1;
  const uint8_t in = payload(code, sel);
  int64_t words = 0;
  if (has_x(in)) words += xt_ceil_div(dim->n, 4);
  if (has_d(in)) words += xt_ceil_div(dim->m, 4);
  if (in == XT_IN_TARGETS) words += xt_ceil_div(dim->m, 2);
  return words;
}

int32_t xt_cmd_result_lines(const struct xt_dim *dim, uint8_t op) {
  const uint8_t out = xt_cmd_op(op)->out;
  return out == XT_OUT_COLS ? dim->m : out == XT_OUT_ROWS ? dim->n : out == XT_OUT_LONG ? dim->lines : 0;
}

/* The exponent in use: register `reg` and the argument. */
static bool exponent_ok(const struct xt_cmd *c, const struct xt_csr *csr, int reg) {
  const int32_t e = (int32_t)csr->reg[reg] + xt_sext(c->arg, 16);
  return e >= 0 && e <= 63;
}
static bool cells_switch(const struct xt_csr *csr) {
  return csr->reg[XT_CSR_CELL_MODE] != XT_CELL_HALF;
}

static bool arg_ok(const struct xt_cmd *c, const struct xt_dim *dim, const struct xt_csr *csr) {
  switch (xt_cmd_op(c->op)->arg) {
    case XT_ARG_DEXP:
      return exponent_ok(c, csr, csr->reg[XT_CSR_UPD_MODE] == XT_UPD_MANUAL ? XT_CSR_SCALE_D_EXP : XT_CSR_UPD_EXP);
    case XT_ARG_RATE:
      return exponent_ok(c, csr, XT_CSR_MTJ_RATE) && cells_switch(csr);
    case XT_ARG_SUM:
      return exponent_ok(c, csr, XT_CSR_ACC_EXP);
    case XT_ARG_SUM_RATE:
      return exponent_ok(c, csr, XT_CSR_ACC_RATE) && cells_switch(csr);
    case XT_ARG_LINE:
      return c->arg < dim->n;
    case XT_ARG_PAIRS:
      return c->arg != 0;
    default: /* XT_ARG_NONE */
      return c->arg == 0;
  }
}

/* `count` codes of 16 bits, to `codes` unless that is NULL; true if all are within +-most. */
static bool unpack16(const uint32_t *words, int16_t *codes, int32_t count, int32_t most) {
  bool ok = true;
  for (int32_t i = 0; i < count; i++) {
    const int32_t c = xt_sext(words[i / 2] >> (i % 2 * 16), 16);
    ok &= c <= most && c >= -most;
    if (codes != NULL) codes[i] = (int16_t)c;
  }
  return ok;
}

/* Code i of a payload of codes of 8 bits. */
static inline int16_t code8(const uint32_t *words, int32_t i) {
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__ /* byte i: compilers then make vectors of a loop */
  return ((const int8_t *)words)[i];
#else
  return (int16_t)xt_sext(words[i / 4] >> (i % 4 * 8), 8);
#endif
}

static bool unpack8(const uint32_t *words, int16_t *codes, int32_t count, int32_t most) {
  int16_t lo = 0, hi = 0;
  for (int32_t i = 0; i < count; i++) {
    const int16_t c = code8(words, i);
    lo = c < lo ? c : lo;
    hi = c > hi ? c : hi;
  }
  for (int32_t i = 0; codes != NULL && i < count; i++) codes[i] = code8(words, i);
  return lo >= -most && hi <= most;
}

/* Payload p of the command: its codes to x and d (NULL: only looked at); true if all are legal. */
static bool codes(const struct xt_cmd *c, const struct xt_dim *dim, const uint32_t *p, int16_t *x, int16_t *d) {
  const uint8_t in = payload(c->op, c->sel);
  bool ok = true;
  if (has_x(in)) {
    ok &= unpack8(p, x, dim->n, dim->cmax);
    p += xt_ceil_div(dim->n, 4);
  }
  if (has_d(in)) ok &= unpack8(p, d, dim->m, dim->cmax);
  if (in == XT_IN_TARGETS) ok &= unpack16(p, d, dim->m, dim->adcmax);
  return ok;
}

/* A good command's codes. */
static void take(struct xt_cmd *c, const struct xt_dim *dim, const uint32_t *p) {
  codes(c, dim, p, c->x, c->d);
  c->kept |= has_x(payload(c->op, c->sel));
}

void xt_cmd_decode(struct xt_cmd *c, const struct xt_dim *dim, const struct xt_csr *csr, bool reset_given,
                   const uint32_t *words, size_t count) {
  const uint32_t h = words[0];
  c->op = (uint8_t)h;
  c->sel = (uint8_t)((h >> 8) & 15);
  c->arg = (uint16_t)(h >> 16);
  const int64_t want = xt_cmd_payload_words(dim, c->op, c->sel), have = (int64_t)count - 1;
  if (want < 0)
    c->status = XT_ST_ERR_OPCODE;
  else if (have < want)
    c->status = XT_ST_ERR_SHORT;
  else if (have > want)
    c->status = XT_ST_ERR_LONG;
  else if (!reset_given && c->op != XT_OP_RESET)
    c->status = XT_ST_ERR_ORDER;
  else if (((h >> 12) & 15) != 0 || c->sel > xt_cmd_op(c->op)->sel_most)
    c->status = XT_ST_ERR_FLAGS;
  else if (!arg_ok(c, dim, csr))
    c->status = XT_ST_ERR_ARG;
  else if (!codes(c, dim, words + 1, NULL, NULL))
    c->status = XT_ST_ERR_CODE;
  else if (needs_kept(c->op, c->sel) && !c->kept)
    c->status = XT_ST_ERR_KEPT;
  else
    c->status = XT_ST_OK;
  if (c->status == XT_ST_OK) take(c, dim, words + 1);
}
