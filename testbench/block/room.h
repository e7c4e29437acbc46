/* SPDX-License-Identifier: Apache-2.0 */
/* A room: one block, Verilated alone at several sizes, seen from C.
 *
 * Every room has a module `dut` (xt_NAME/xt_NAME_dut.sv) that joins the block's ports into one vector each way, first
 * field lowest. A test puts the fields of a cycle in that order, lets them settle, gets the outputs in theirs, and
 * gives a clock edge. One size is alive at a time; the others see no clock. */
#ifndef XT_BLOCK_ROOM_H
#define XT_BLOCK_ROOM_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#else
#include <stdbool.h>

#include "../random.h"

/* XT_ROOM_PROPERTIES=1: only the properties judge. So a planted bug runs on until the one that it breaks. */
extern bool room_only_properties;
#undef must
#define must(cond, ...)                                              \
  do {                                                               \
    if (!(cond) && !room_only_properties) ck_abort_msg(__VA_ARGS__); \
  } while (0)

/* Runs the tests of a room; a failed property fails the test under way. */
int room_main(const char *name, const TTest *const *tests, int count);
#endif

int room_sizes(void);
void room_select(int size); /* also resets it */
int room_param(int k);      /* k-th number of the shape of this size */

void room_reset(void); /* asynchronous, between two edges; the inputs stay */

/* The inputs of this cycle, from the first field on. */
void room_put(uint64_t value, int bits);
void room_put_words(const uint32_t *words, int bits);
/* Bit-sliced: bit b of line l at b*stride + l. */
void room_put_sliced(const uint32_t *value, int lines, int bits, int stride);

void room_settle(void); /* takes the inputs; the outputs can be read, from the first field on */
void room_clock(void);  /* the rising edge that ends the cycle, and the falling one */

uint64_t room_get(int bits);
void room_get_words(uint32_t *words, int bits);
void room_get_sliced(uint32_t *value, int lines, int bits);

/* Word w of a beat whose word 0 is `first`, for blocks that carry beats as they are. */
static inline uint32_t room_lane(uint32_t first, int w) {
  return first ^ (uint32_t)w * UINT32_C(0x9E3779B9);
}

long room_cycles(void); /* clock cycles so far */

/* The property that failed ("xt_adc.R1"), or NULL; asking clears it. */
const char *room_broken(void);

#ifdef __cplusplus
}
#endif

#endif
