/* SPDX-License-Identifier: Apache-2.0 */
/* The trace record of a tile (rtl/SPEC.md section 11), the same for every engine.
 *
 * Bit vectors are arrays of 32-bit words: line i is bit i%32 of word i/32, bits past the last line are 0.
 * Pointers are valid during the sink's call only. A pointer that a kind does not use may be NULL: it means all zero.
 */
#ifndef XT_RECORD_H
#define XT_RECORD_H

#include <stdint.h>
#include <stdio.h>

#include "xt_types.h"

typedef void (*xt_trace_sink)(void *user, const struct xt_record *rec);

/* Text form: tab-separated, one line a record, one header line. Bit vectors are hexadecimal, last line first; "-" is
 * all zero or unused. Both return 0, or -1 when the file cannot be written. */
int xt_trace_header(FILE *f);
int xt_trace_write(FILE *f, int tile, const struct xt_shape *shape, const struct xt_record *rec);

/* The first field in which two records of one tile differ: NULL if none. left and right (XT_FIELD_TEXT bytes each) get
 * both values as text; for vectors, the first line that differs and its values. */
#define XT_FIELD_TEXT 96
const char *xt_record_diff(const struct xt_shape *shape, const struct xt_record *a, const struct xt_record *b,
                           char *left, char *right);

#endif
