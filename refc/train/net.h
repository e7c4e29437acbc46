/* SPDX-License-Identifier: Apache-2.0 */
/* A multi-layer perceptron on tiles, one per layer. Integers only.
 *
 * Layer l has N = inputs + 1 lines (the last is the bias, always at the full-scale code) and M outputs. Per sample:
 * FORWARD through all layers; error vector e = p - t of the outputs (derivative of the cross entropy); from the last
 * layer down, the error becomes a block floating point vector d (codes and one exponent), BACKWARD gives the error of
 * the layer below; then UPDATE of every layer with its x, d and exponent; or ACCUMULATE, and every mtj.batch samples
 * ACC_UPDATE (a batch goes on over the end of an epoch).
 *
 * The clocks of it are those of a host that never waits on an xt_top with a tile per layer (rtl/SPEC.md section 13). It
 * gives an UPDATE right behind the BACKWARD of its layer, and the next sample's first FORWARD behind the last UPDATE,
 * so tiles work at the same time and packets are loaded meanwhile. An engine's tiles have no bus in common: there the
 * order between tiles does not matter, that on a tile is the same. */
#ifndef TR_NET_H
#define TR_NET_H

#include "algo.h"
#include "config.h"
#include "data.h"
#include "pool.h"
#include "tile.h"
#include "xt_clock.h"

/* Sums for the report of omega0 and zeta, over every TR_PROBE-th training sample. */
enum { TR_PROBE = 16 };
struct tr_probe {
  uint64_t n;
  double abs_g, g2; /* sums of mean |x_i d_j| and mean (x_i d_j)^2 */
};

struct tr_layer {
  struct tr_plan plan;
  struct tr_rates rates; /* of the epoch */
  struct tr_tile tile;
  int8_t *act_code;   /* [2 adc_max + 1]: hidden layers */
  int16_t *act_slope; /* the same */
  int8_t *x;          /* [n] */
  int16_t *y;         /* [m] */
  int16_t *back;      /* [n] */
  int64_t *v;         /* [m]: error, real value v 2^vexp */
  int vexp;
  int8_t *d; /* [m]: real value d 2^-(MB + dexp) */
  int dexp;
  struct tr_op forward, backward, update; /* of the sample */
  struct tr_op flush;                     /* ACC_UPDATE behind its update; beats 0: none */
  uint64_t batched;                       /* samples in the sums that no pulse has been given for */
  uint64_t clipped;                       /* rows in which an ACCUMULATE clipped a sum */
  struct tr_probe probe;
  uint64_t exp_clamps; /* updates whose exponent did not fit the register */
  int given;           /* its update, by tr_pool_give() */
  struct tr_err err;   /* of its update */
};

struct tr_net {
  int layers;
  struct tr_layer *layer;
  int softmax;
  uint32_t *p_table;  /* logistic: Q16 by code + adc_max */
  uint32_t *loss[2];  /* logistic: cross entropy of an output that should be 0, 1, by the same */
  uint32_t *ex_table; /* softmax: e^-z in Q30 by difference of codes */
  uint32_t *p;        /* [classes]: outputs, Q16 */
  int classes;
  int lanes;             /* words of a beat of the streams */
  struct xt_clock clock; /* of tr_net_train with updates */
  struct tr_pool *pool;  /* NULL, or who may be at updates of the last sample, of layers `behind` and above */
  int behind;
};

struct tr_result {
  int predicted;
  uint32_t loss; /* cross entropy, Q16 nats */
};

/* Plans, tables and buffers; no tiles yet. */
int tr_net_make(const struct tr_config *c, int32_t inputs, int32_t classes, struct tr_net *net, struct tr_err *e);
void tr_net_free(struct tr_net *net);

/* Tiles, configured and fabricated, registers written, RESET given. opts: for tile 0; the index is filled in.
 * wave_tile: the one tile that gets opts->wave. */
int tr_net_open(struct tr_net *net, const struct xt_engine *engine, const struct xt_engine_opts *opts, int wave_tile,
                struct tr_err *e);

/* The registers of a layer's plan, again. */
int tr_net_registers(struct tr_layer *l, struct tr_err *e);
/* Evaluations change no device, so that copies of the tiles may share them. */
int tr_net_can_copy(const struct tr_net *net);

/* Zero-shift (if configured) and initial weights. *unfinished: lines that used all rounds of programming. */
int tr_net_init(struct tr_net *net, const struct tr_config *c, uint64_t *unfinished, struct tr_err *e);
/* Learning rate of an epoch (from 0) into the registers. */
int tr_net_epoch(struct tr_net *net, const struct tr_config *c, uint64_t epoch, struct tr_err *e);
/* Sums over all tiles. */
int tr_net_counters(struct tr_net *net, uint64_t c[XT_NUM_COUNTERS], struct tr_err *e);

/* Waits for what is behind of the sample before, as soon as the first layer has answered. */
int tr_net_forward(struct tr_net *net, const int8_t *x, uint16_t label, struct tr_result *r, struct tr_err *e);
/* probe: add to the sums. update = 0: forward and backward only. With threads, and an engine whose tiles are cheap
 * (XT_CAN_COPIES), an update begins right behind the BACKWARD of its layer, and but for the first layer's it may not be
 * done yet when this returns; how it failed is told later then. */
int tr_net_train(struct tr_net *net, const int8_t *x, uint16_t label, struct tr_pool *pool, int probe, int update,
                 struct tr_result *r, struct tr_err *e);
/* Waits for that, before anybody looks at tiles or layers; tr_net_counters() and tr_net_epoch() do it themselves. */
int tr_net_settle(struct tr_net *net, struct tr_err *e);

/* Block floating point: d = round(v 2^-s) with the s that makes the largest |d| fill mb bits; *dexp such that the real
 * value is d 2^-(mb + *dexp), given that of v as v 2^vexp. All 0: zeros and dexp 0. */
void tr_block_float(const int64_t *v, int32_t n, int vexp, int mb, int8_t *d, int *dexp);

#endif
