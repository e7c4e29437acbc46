/* SPDX-License-Identifier: Apache-2.0 */
/* Checkpoints: HDF5 files behind a 512-byte user block with a CRC of all that follows (h5dump and h5py skip the block).
 * Written aside, fsync, rename: the last good one stays until the next is complete. Layout: README.md. */
#ifndef TR_CHECKPOINT_H
#define TR_CHECKPOINT_H

#include "config.h"
#include "net.h"

/* Where a run stands, and the sums of the interval of metrics that is open. */
#define TR_STATE_TABLE(X)                                \
  X(epoch, "epochs completed")                           \
  X(position, "samples of the open epoch that are done") \
  X(samples, "training samples done")                    \
  X(interval_n, "samples in the open interval")          \
  X(interval_correct, "of them predicted right")         \
  X(interval_loss, "sum of their losses, Q16")           \
  X(csv_bytes, "length of metrics.csv")                  \
  X(test_correct, "of the last evaluation")              \
  X(test_n, "samples of the last evaluation")            \
  X(best_correct, "of the best evaluation")              \
  X(setup_unfinished, "lines that used all rounds of programming")
struct tr_state {
#define X(name, text) uint64_t name;
  TR_STATE_TABLE(X)
#undef X
  uint64_t setup[XT_NUM_COUNTERS]; /* counters of all tiles after the initial weights */
  uint64_t eval[XT_NUM_COUNTERS];  /* what evaluations added */
  uint64_t data_digest;            /* struct tr_dataset; 0: a checkpoint from before it was kept */
  uint64_t counted_from;           /* samples done when the counts of binary devices began */
};

int tr_checkpoint_save(const char *path, struct tr_net *net, const struct tr_config *c, const struct tr_state *s,
                       struct tr_err *e);

/* A checkpoint in memory. */
struct tr_checkpoint;
struct tr_checkpoint *tr_checkpoint_open(const char *path, struct tr_err *e);
void tr_checkpoint_close(struct tr_checkpoint *cp);
/* Its configuration, run section excepted. */
int tr_checkpoint_config(struct tr_checkpoint *cp, struct tr_config *c, struct tr_err *e);
/* 1 if it holds the pulses that every device has seen (run.count_pulses). */
int tr_checkpoint_counts(const struct tr_checkpoint *cp);
/* 1 if it holds what pulses did to binary devices. */
int tr_checkpoint_counts_flips(const struct tr_checkpoint *cp);
/* Inputs and classes of its network, from the sizes of its arrays. */
int tr_checkpoint_sizes(struct tr_checkpoint *cp, const struct tr_config *c, int32_t *inputs, int32_t *classes,
                        struct tr_err *e);
/* Puts the tiles (opened and configured) and *s to where it was. Refuses other shapes, and tiles that count pulses if
 * it has no counts; its counts are left out by tiles that do not count. Counts of binary devices begin anew where it
 * has none. */
int tr_checkpoint_load(struct tr_checkpoint *cp, struct tr_net *net, struct tr_state *s, struct tr_err *e);

/* 1 if the file begins like a checkpoint; 0 if not, or if it cannot be read. */
int tr_checkpoint_is(const char *path);
/* First difference of two checkpoints as one line; returns 0 equal, 1 different, -1 error. *compared: numbers compared.
 * Counts of binary devices are compared where both have them from the same sample on: not every engine counts. */
int tr_checkpoint_compare(const char *a, const char *b, char *line, size_t cap, uint64_t *compared, struct tr_err *e);

#endif
