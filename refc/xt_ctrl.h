/* SPDX-License-Identifier: Apache-2.0 */
/* Tile control: the sequence of cycles of every operation, counters, trace (rtl/SPEC.md sections 4 and 11).
 *
 * xt_ctrl_run() executes one packet. With a sink, or with a reset to come, it goes cycle by cycle through the array
 * boundary; without, it takes whole reads and pulse trains at once. Both leave the same state, bit for bit. */
#ifndef XT_CTRL_H
#define XT_CTRL_H

#include "xt_adc.h"
#include "xt_array.h"
#include "xt_cmd.h"
#include "xt_coinc.h"
#include "xt_encoder.h"
#include "xt_xfer.h"

/* Memory of the controller; all of it belongs to the caller. Lines and vectors as commented, +XT_SLACK elements each.
 */
struct xt_ctrl_mem {
  int16_t *x, *d;                                        /* working buffers [n], [m] */
  int16_t *codes;                                        /* result of the last read [lines] */
  int16_t *pulse_x;                                      /* one-hot rows [n] */
  int16_t *pulse_d;                                      /* errors of PROGRAM [m] */
  uint32_t *row_t, *col_t;                               /* thresholds [n], [m] */
  uint32_t *row_fire, *row_neg, *col_fire, *col_neg;     /* bit vectors */
  uint32_t *row_act, *row_pol, *col_act, *col_pol, *cmp; /* bit vectors */
  uint32_t *mag, *read_neg;                              /* of a read: |codes| [lines], their signs */
  int32_t *adc_code;                                     /* [units] */
  int16_t *trial;                                        /* [units] */
  int32_t *list;                                         /* lines whose code is not 0 [lines] */
  /* pulse trains, the index [2]: phase or sign of the columns */
  int32_t *row_list, *col_list[2];             /* lines of one sign [n], [m] */
  uint32_t *row_list_t, *col_list_t[2];        /* their thresholds */
  uint32_t *row_mask[2], *list_mask;           /* their slots [n], [m] */
  uint32_t *col_mask, *col_sign, *vec_mask[2]; /* struct xt_train's [m] */
};

struct xt_ctrl {
  struct xt_dim dim;
  struct xt_csr csr;
  struct xt_encoder enc;
  struct xt_xfer xfer;
  struct xt_array array;
  struct xt_ctrl_mem mem;
  bool reset_given;
  uint64_t counters[XT_NUM_COUNTERS];
  uint64_t order;

  xt_trace_sink sink; /* NULL: none */
  void *user;
  bool cut_on; /* a hardware reset before the edge that ends cycle cut_at of the next operation */
  uint32_t cut_at;

  struct xt_cmd cmd; /* the operation under way */
  uint32_t cycle;    /* its cycles so far */
  uint32_t info, saturated;
};

/* rst_ni: everything but devices, the array's noise counters. */
void xt_ctrl_hw_reset(struct xt_ctrl *c);

/* One packet, words[count]. out: room for an answer of `lines` codes; returns its words, 0 if a reset cut the operation
 * or dropped its answer (then xt_ctrl_hw_reset() has been done and cut_on is false). */
size_t xt_ctrl_run(struct xt_ctrl *c, const uint32_t *words, size_t count, uint32_t *out);

#endif
