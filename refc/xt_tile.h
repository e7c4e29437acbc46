/* SPDX-License-Identifier: Apache-2.0 */
/* A tile: its blocks, as xt_tile connects them. The sequencer (xt_seq) runs them; the engine (xt_tile.c) gives them
 * memory. */
#ifndef XT_TILE_H
#define XT_TILE_H

#include "xt_acc.h"
#include "xt_adc.h"
#include "xt_afe.h"
#include "xt_array.h"
#include "xt_cmd.h"
#include "xt_coinc.h"
#include "xt_count.h"
#include "xt_csr.h"
#include "xt_encoder.h"
#include "xt_prog.h"
#include "xt_seq.h"
#include "xt_trace.h"
#include "xt_upd_mgr.h"
#include "xt_xfer.h"

struct xt_fast; /* refc/fast: its memory */

struct xt_blocks {
  struct xt_dim dim;
  struct xt_csr csr;
  struct xt_cmd cmd;
  struct xt_seq seq;
  struct xt_count count;
  struct xt_trace trace;
  struct xt_encoder enc;
  struct xt_amp amp;
  struct xt_acc acc;
  struct xt_xfer xfer;
  struct xt_prog prog;
  struct xt_adc adc;
  struct xt_array array;
  struct xt_afe afe;
  const struct xt_seq_fast *fast; /* NULL: everything cycle by cycle */
  struct xt_fast *fast_memory;
};

#endif
