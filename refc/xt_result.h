/* SPDX-License-Identifier: Apache-2.0 */
/* Words of an answer (rtl/SPEC.md section 2). */
#ifndef XT_RESULT_H
#define XT_RESULT_H

#include <stddef.h>
#include <stdint.h>

/* Header, then codes[ncodes], two to a word, line 0 in the low half. info saturates at 65535. Writes
 * 1 + ceil(ncodes / 2) words to out and returns their number. */
size_t xt_result_words(uint32_t *out, uint8_t op, uint8_t status, uint32_t info, const int16_t *codes, int32_t ncodes);

#endif
