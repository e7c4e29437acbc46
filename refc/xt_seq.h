/* SPDX-License-Identifier: Apache-2.0 */
/* The sequencer: walks an operation's plan (rtl/SPEC.md section 4; [step] of the description), cycle by cycle, through
 * the blocks of a tile. */
#ifndef XT_SEQ_H
#define XT_SEQ_H

#include "xt_acc.h"
#include "xt_amp.h"
#include "xt_array.h"
#include "xt_coinc.h"
#include "xt_drive.h"
#include "xt_upd_mgr.h"

struct xt_blocks;

/* The operation under way. The memory belongs to the caller. */
struct xt_seq {
  bool reset_given; /* since the hardware reset */
  bool cut_on;      /* a hardware reset comes before the edge that ends cycle cut_at of the next operation */
  uint32_t cut_at;
  bool abort_on; /* a write of ABORT is acknowledged in cycle abort_at of the next operation */
  uint32_t abort_at;
  uint64_t stop_at;          /* the cycle in which a reset falls, or END after a cut, unless it comes before */
  uint8_t cut_status;        /* of the answer of an operation that is cut */
  uint32_t cycle;            /* of the operation */
  uint32_t line;             /* that the last READ of one line drove */
  uint32_t rails;            /* lines at a rail in the last READ */
  uint32_t trains, first_bl; /* PULSE steps scaled; BL of the first of them */
  uint32_t phases;           /* of SWITCH and FLUSH steps */
  uint32_t clipped;          /* rows in which a SUM step clipped */
  bool transferred;          /* a transfer has ended */
  int16_t *one_line;         /* [n]: a code on one row */
  int16_t *signs;            /* [m]: of a row of sums, as codes */
  int16_t *codes;            /* [lines]: results of the last READ */
  uint32_t *mag, *neg;       /* of a READ's driven lines: |code| [lines], bit vector of signs */
  uint32_t *row_t, *col_t;   /* of a PULSE step: thresholds [n], [m] */
  uint32_t *row_neg, *col_neg, *row_fire, *col_fire; /* bit vectors */
  uint8_t *row_amp, *col_amp;                        /* amplitudes of a SWITCH [n], [m] */
  uint32_t *row_amp_bits, *col_amp_bits;             /* as the record has them */
  struct xt_drives drives;
};

/* A READSEQ. */
struct xt_read {
  struct xt_select select;
  int dir;              /* 0 rows driven, columns sensed; 1 transposed */
  bool one_line;        /* one row is driven, at +CMAX */
  const int16_t *codes; /* of the driven lines */
  uint32_t range;
};

/* The pulses of an UPDSEQ. */
struct xt_pulse_train {
  int plane;
  struct xt_coinc_cfg coinc;
  uint32_t enc;         /* XT_ENC_* */
  const int16_t *x, *d; /* codes [n], [m] */
  struct xt_um_out um;  /* um.bl > 0 */
  uint32_t phases;      /* that are driven, bit p: phase p */
};

/* The pulses of an MTJ_UPDATE, or of a row of an ACC_UPDATE. */
struct xt_switch {
  int plane;
  struct xt_switch_cfg cfg;
  int32_t first, end;   /* x of other rows is 0 */
  const int16_t *x, *d; /* codes [n], [m] */
  const struct xt_amp *amp;
  uint32_t slots; /* of a phase */
};

/* The same sequences at once, taken where all of their cycles come: state, counters and records as if cycle by cycle;
 * the sequencer itself moves on by cycles. Each returns false, nothing done, for what it has no form for. */
struct xt_seq_fast {
  bool (*read)(struct xt_blocks *t, const struct xt_read *rd);
  bool (*pulse)(struct xt_blocks *t, const struct xt_pulse_train *u);
  bool (*alternate)(struct xt_blocks *t, int plane, uint32_t pairs);
  bool (*switches)(struct xt_blocks *t, const struct xt_switch *s);
  void (*sum)(struct xt_blocks *t); /* any: always done */
  uint32_t (*digest)(struct xt_blocks *t, int plane);
  void (*settle)(struct xt_blocks *t); /* puts all state back into the blocks: before anyone else looks at it */
};
/* Calls settle, if there is a fast form. */
void xt_seq_settle(struct xt_blocks *t);

/* Drives of slot s of INTEG; the codes' magnitudes and signs are in seq.mag and seq.neg: xt_seq_read_codes(). */
void xt_seq_read_codes(struct xt_blocks *t, const struct xt_read *rd);
void xt_seq_read_drives(struct xt_blocks *t, const struct xt_read *rd, uint32_t s);
void xt_seq_no_drives(struct xt_blocks *t);
/* Drives and amplitudes of a slot of a SWITCH; the codes' signs are in seq.row_neg and seq.col_neg:
 * xt_seq_switch_codes(). */
void xt_seq_switch_codes(struct xt_blocks *t, const struct xt_switch *s);
void xt_seq_switch_drives(struct xt_blocks *t, const struct xt_switch *s, uint32_t phase, uint32_t slot);
/* A record shows seq.drives; that of a train's pulse its factors, too; that of a SWITCH amplitudes, packed. */
void xt_seq_record_drives(const struct xt_blocks *t, struct xt_record *r);
void xt_seq_pack_amplitudes(struct xt_blocks *t);
void xt_seq_record_factors(const struct xt_blocks *t, const struct xt_um_out *um, struct xt_record *r);

/* rst_ni: everything but the devices and the array's noise counters. */
void xt_seq_hw_reset(struct xt_blocks *t);

/* Runs one packet, words[count], count >= 1. out: room for an answer of `lines` codes; returns its words, 0 if a reset
 * cut the operation or dropped its answer (then xt_seq_hw_reset() has been done). */
size_t xt_seq_run(struct xt_blocks *t, const uint32_t *words, size_t count, uint32_t *out);

#endif
