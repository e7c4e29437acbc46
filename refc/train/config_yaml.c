/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE
#include "config_yaml.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_PATH = 128, MAX_SECTIONS = 64 };

struct reader {
  struct tr_yaml y;
  struct tr_given *given;
  char section[MAX_SECTIONS][MAX_PATH]; /* seen so far */
  int sections;
};

int tr_yaml_refuse(struct tr_yaml *r, unsigned line, const char *path, const char *what) {
  return tr_fail(r->e, TR_EXIT_CONFIG, "%s:%u: %s%s%s", r->name, line, path, *path ? ": " : "", what);
}

int tr_yaml_event(struct tr_yaml *r, yaml_event_t *event, unsigned *line) {
  if (!yaml_parser_parse(&r->parser, event)) {
    const yaml_parser_t *p = &r->parser;
    return tr_yaml_refuse(r, (unsigned)p->problem_mark.line + 1, "", p->problem ? p->problem : "not YAML");
  }
  *line = (unsigned)event->start_mark.line + 1;
  return 0;
}

int tr_yaml_scalar(struct tr_yaml *r, yaml_event_type_t end, const char *path, const char *what, char **text,
                   unsigned *line) {
  yaml_event_t event;
  *text = NULL;
  if (tr_yaml_event(r, &event, line)) return -1;
  int rc = 0;
  if (event.type == YAML_SCALAR_EVENT) {
    if (!(*text = strdup((const char *)event.data.scalar.value))) rc = tr_nomem(r->e);
  } else if (event.type != end) {
    rc = tr_yaml_refuse(r, *line, path, event.type == YAML_ALIAS_EVENT ? "aliases are not allowed" : what);
  }
  yaml_event_delete(&event);
  return rc;
}

int tr_yaml_list(struct tr_yaml *r, const char *path, struct tr_given *g) {
  for (;;) {
    char *text = NULL;
    unsigned line = 0;
    if (tr_yaml_scalar(r, YAML_SEQUENCE_END_EVENT, path, "single values are expected in a list", &text, &line))
      return -1;
    if (!text) return 0;
    if (g->n == TR_MAX_LAYERS) {
      free(text);
      return tr_yaml_refuse(r, line, path, "a list is too long");
    }
    g->value[g->n] = text;
    g->value_line[g->n++] = line;
  }
}

int tr_yaml_value(struct tr_yaml *r, const struct tr_key *key, struct tr_given *g) {
  yaml_event_t event;
  unsigned line = 0;
  if (!tr_key_is_list(key)) {
    if (tr_yaml_scalar(r, YAML_SCALAR_EVENT, key->path, "a single value is expected", &g->value[0], &line)) return -1;
    g->value_line[0] = *g->value[0] ? line : g->line; /* a missing value stands nowhere */
    g->n = 1;
    return 0;
  }
  if (tr_yaml_event(r, &event, &line)) return -1;
  const yaml_event_type_t type = event.type;
  int rc = 0;
  if (type == YAML_SCALAR_EVENT && event.data.scalar.length) { /* one value is a list of one */
    if (!(g->value[0] = strdup((const char *)event.data.scalar.value))) rc = tr_nomem(r->e);
    g->value_line[0] = line;
    g->n = !rc;
  } else if (type != YAML_SEQUENCE_START_EVENT) {
    rc = tr_yaml_refuse(r, g->line, key->path, "a list is expected");
  }
  yaml_event_delete(&event);
  return !rc && type == YAML_SEQUENCE_START_EVENT ? tr_yaml_list(r, key->path, g) : rc;
}

/* Row of the key, its section's first row, or NULL; a section has more path behind it. */
static const struct tr_key *find_key(const char *path) {
  const size_t n = strlen(path);
  for (const struct tr_key *k = tr_keys; k->path; k++)
    if (strncmp(k->path, path, n) == 0 && (k->path[n] == 0 || k->path[n] == '.')) return k;
  return NULL;
}

static int first_time(struct reader *r, const char *section) {
  for (int k = 0; k < r->sections; k++)
    if (strcmp(r->section[k], section) == 0) return 0;
  if (r->sections < MAX_SECTIONS) snprintf(r->section[r->sections++], MAX_PATH, "%s", section);
  return 1;
}

static int read_mapping(struct reader *r, const char *above);

static int read_section(struct reader *r, const char *path, unsigned line) {
  yaml_event_t event;
  unsigned at = 0;
  if (!first_time(r, path)) return tr_yaml_refuse(&r->y, line, path, "key given twice");
  if (tr_yaml_event(&r->y, &event, &at)) return -1;
  const int is_mapping = event.type == YAML_MAPPING_START_EVENT;
  yaml_event_delete(&event);
  return is_mapping ? read_mapping(r, path)
                    : tr_yaml_refuse(&r->y, line, path, "is a section: keys are expected in it");
}

/* After its start, up to and including its end. above: path of the section, "" at the top. */
static int read_mapping(struct reader *r, const char *above) {
  for (;;) {
    char path[MAX_PATH], *text = NULL;
    unsigned line = 0;
    if (tr_yaml_scalar(&r->y, YAML_MAPPING_END_EVENT, above, "a key must be a word", &text, &line)) return -1;
    if (!text) return 0;
    snprintf(path, sizeof path, "%.60s%s%.60s", above, *above ? "." : "", text);
    free(text);
    const struct tr_key *key = find_key(path);
    if (!key) return tr_yaml_refuse(&r->y, line, path, "unknown key");
    if (key->path[strlen(path)] == '.') {
      if (read_section(r, path, line)) return -1;
      continue;
    }
    struct tr_given *g = &r->given[key - tr_keys];
    if (g->name) return tr_yaml_refuse(&r->y, line, path, "key given twice");
    g->name = r->y.name;
    g->line = line;
    if (tr_yaml_value(&r->y, key, g)) return -1;
  }
}

/* The stream of one document, or of none. */
static int read_stream(struct tr_yaml *r, int (*mapping)(void *), void *ctx) {
  yaml_event_t event;
  unsigned line = 0;
  int documents = 0;
  for (;;) {
    if (tr_yaml_event(r, &event, &line)) return -1;
    const yaml_event_type_t type = event.type;
    const int nothing = type == YAML_SCALAR_EVENT && event.data.scalar.length == 0;
    yaml_event_delete(&event);
    if (type == YAML_STREAM_END_EVENT) return 0;
    if (type == YAML_STREAM_START_EVENT || type == YAML_DOCUMENT_END_EVENT || nothing) continue;
    if (type == YAML_DOCUMENT_START_EVENT) {
      if (documents++) return tr_yaml_refuse(r, line, "", "more than one YAML document");
    } else if (type != YAML_MAPPING_START_EVENT) {
      return tr_yaml_refuse(r, line, "", "keys are expected");
    } else if (mapping(ctx)) {
      return -1;
    }
  }
}

int tr_yaml_document(struct tr_yaml *r, const char *text, size_t n, int (*mapping)(void *), void *ctx) {
  if (!yaml_parser_initialize(&r->parser)) return tr_nomem(r->e);
  yaml_parser_set_input_string(&r->parser, (const unsigned char *)text, n);
  const int rc = read_stream(r, mapping, ctx);
  yaml_parser_delete(&r->parser);
  return rc;
}

static int read_top(void *r) {
  return read_mapping(r, "");
}

int tr_yaml_read(const char *text, size_t n, const char *name, struct tr_given *given, struct tr_err *e) {
  struct reader *r = tr_alloc(1, sizeof *r, e);
  if (!r) return -1;
  r->y.name = name;
  r->y.e = e;
  r->given = given;
  const int rc = tr_yaml_document(&r->y, text, n, read_top, r);
  free(r);
  return rc;
}

void tr_yaml_free(struct tr_given *given) {
  for (int k = 0; given && tr_keys[k].path; k++)
    for (int i = 0; i < given[k].n; i++) free(given[k].value[i]);
  free(given);
}
