/* SPDX-License-Identifier: Apache-2.0 */
/* Command packets: decoding and error checks (rtl/SPEC.md section 2). */
#ifndef XT_CMD_H
#define XT_CMD_H

#include <stdbool.h>

#include "xt_csr.h"

struct xt_cmd {
  uint8_t op, sel; /* as received */
  uint16_t arg;
  uint8_t status; /* XT_ST_* */
  int16_t *x;     /* [n]: codes of the rows, of the last good command that had them */
  int16_t *d;     /* [m]: codes of the columns, or the targets */
  bool kept;      /* x is there for an update that does not bring it */
};

/* What an operation is; known = 0 if there is none of this code. */
const struct xt_op *xt_cmd_op(uint8_t op);

/* Payload words of a command, -1 for an operation that the tile does not have. */
int64_t xt_cmd_payload_words(const struct xt_dim *dim, uint8_t op, uint8_t sel);

/* Decodes words[count] (count >= 1, `last` on the final one) and makes every check of section 2. cmd->x and cmd->d must
 * point to n and m codes; they are written only for good commands that have them. x is kept from here on; what ends
 * that is the sequencer's (xt_cmd_forget). */
void xt_cmd_decode(struct xt_cmd *cmd, const struct xt_dim *dim, const struct xt_csr *csr, bool reset_given,
                   const uint32_t *words, size_t count);

/* Nothing is kept any more. */
static inline void xt_cmd_forget(struct xt_cmd *cmd) {
  cmd->kept = false;
}

/* Lines of the answer to a good command, without those of XT_OUT_XFER. */
int32_t xt_cmd_result_lines(const struct xt_dim *dim, uint8_t op);

#endif
