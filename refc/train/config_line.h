/* SPDX-License-Identifier: Apache-2.0 */
/* Where a key stands in a YAML text: libcyaml tells no lines after loading, so the text is walked with libyaml. */
#ifndef TR_CONFIG_LINE_H
#define TR_CONFIG_LINE_H

#include <stddef.h>

/* Line (from 1) of the key with this path (section.key); 0: not there. */
unsigned tr_config_line(const char *text, size_t n, const char *path);
/* 1 if a key is given twice in one mapping: libcyaml would take the last one without a word. */
int tr_config_duplicate(const char *text, size_t n, char *path, size_t cap, unsigned *line);
/* Calls check(ctx, path, value) for every scalar value, entries of lists too, until it returns non-zero; then returns
 * the line of that value. 0: all passed. */
unsigned tr_config_scalars(const char *text, size_t n, int (*check)(void *ctx, const char *path, const char *value),
                           void *ctx);
/* Number of documents in the text. */
int tr_config_documents(const char *text, size_t n);

#endif
