/* SPDX-License-Identifier: Apache-2.0 */
/* What a YAML text says about each key, in one pass over libyaml's events. */
#ifndef TR_CONFIG_YAML_H
#define TR_CONFIG_YAML_H

#include "config.h"

struct tr_given {
  const char *name;           /* what messages call the text it stands in; NULL: not given */
  unsigned line;              /* of the key, from 1; 0: nowhere */
  int n;                      /* values: 1, or those of a list */
  char *value[TR_MAX_LAYERS]; /* their texts */
  unsigned value_line[TR_MAX_LAYERS];
};

/* given: one per row of tr_keys, all zero. name: what messages call the text. Refuses whatever is not a mapping of
 * known keys, each once, to a value or a list as its row wants it; the texts themselves are not looked at. Returns 0 or
 * -1; *given is to be freed in both cases. An empty text gives nothing. */
int tr_yaml_read(const char *text, size_t n, const char *name, struct tr_given *given, struct tr_err *e);
void tr_yaml_free(struct tr_given *given);

#endif
