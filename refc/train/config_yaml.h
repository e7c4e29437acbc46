/* SPDX-License-Identifier: Apache-2.0 */
/* What a YAML text says about each key, in one pass over libyaml's events. */
#ifndef TR_CONFIG_YAML_H
#define TR_CONFIG_YAML_H

#include <yaml.h>

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

/* One of the keys beside the file (config.h). */
struct tr_set {
  const struct tr_key *key;
  struct tr_given given;
};
/* Room for one more; NULL and an error without memory. The values become the list's. */
struct tr_set *tr_sets_more(struct tr_sets *s, const struct tr_key *key, const char *name, unsigned line,
                            struct tr_err *e);
/* Texts and lines, not the name, from one to another that has none. */
int tr_given_copy(struct tr_given *to, const struct tr_given *from, struct tr_err *e);
/* A value alone, as far as it can be judged without the other keys. */
int tr_given_check(const struct tr_key *key, const struct tr_given *g, struct tr_err *e);

/* ---- for other files of the same form ---- */
struct tr_yaml {
  yaml_parser_t parser;
  const char *name; /* what messages call the text */
  struct tr_err *e;
};
/* Calls `mapping` after the start of the one mapping that the text is; it reads up to and including the end. */
int tr_yaml_document(struct tr_yaml *r, const char *text, size_t n, int (*mapping)(void *), void *ctx);
int tr_yaml_refuse(struct tr_yaml *r, unsigned line, const char *path, const char *what);
/* The next event, its line (from 1) to *line. To be deleted unless it fails. */
int tr_yaml_event(struct tr_yaml *r, yaml_event_t *event, unsigned *line);
/* The next event must be a value's text, to be freed, or `end`: then *text is NULL. what: the refusal. */
int tr_yaml_scalar(struct tr_yaml *r, yaml_event_type_t end, const char *path, const char *what, char **text,
                   unsigned *line);
/* The values of a list, after its start; a value or a list, as the key wants it. g->line: that of the key. */
int tr_yaml_list(struct tr_yaml *r, const char *path, struct tr_given *g);
int tr_yaml_value(struct tr_yaml *r, const struct tr_key *key, struct tr_given *g);

#endif
