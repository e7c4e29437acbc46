/* SPDX-License-Identifier: Apache-2.0 */
#include "config_line.h"

#include <stdio.h>
#include <string.h>
#include <yaml.h>

enum { MAX_PATH = 128, MAX_SEEN = 256 };

/* Called for every key (value = NULL) and every scalar value; the walk stops when it returns non-zero. */
typedef int (*visitor)(void *ctx, const char *path, const char *value, unsigned line);

struct level {
  int mapping, want_key;
  size_t length; /* of the path above this level */
};

static int walk(const char *text, size_t n, visitor visit, void *ctx, int *documents) {
  yaml_parser_t p;
  yaml_event_t ev;
  struct level stack[16];
  char path[MAX_PATH] = "";
  int depth = 0, stop = 0, done = 0;
  if (!yaml_parser_initialize(&p)) return 0;
  yaml_parser_set_input_string(&p, (const unsigned char *)text, n);
  while (!done && !stop && yaml_parser_parse(&p, &ev)) {
    struct level *top = depth ? &stack[depth - 1] : NULL;
    const int value_here = ev.type == YAML_SCALAR_EVENT || ev.type == YAML_MAPPING_START_EVENT ||
                           ev.type == YAML_SEQUENCE_START_EVENT || ev.type == YAML_ALIAS_EVENT;
    const char *scalar = ev.type == YAML_SCALAR_EVENT ? (const char *)ev.data.scalar.value : NULL;
    const unsigned line = (unsigned)ev.start_mark.line + 1;
    if (value_here && top && top->mapping && top->want_key) {
      if (scalar) {
        snprintf(path + top->length, sizeof path - top->length, "%s%.60s", top->length ? "." : "", scalar);
        stop = visit(ctx, path, NULL, line);
      }
      top->want_key = 0;
    } else if (value_here && top) {
      if (scalar) stop = visit(ctx, path, scalar, line);
      top->want_key = 1;
    }
    if (ev.type == YAML_DOCUMENT_START_EVENT && documents) ++*documents;
    if (ev.type == YAML_MAPPING_START_EVENT || ev.type == YAML_SEQUENCE_START_EVENT) {
      if (depth == 16) {
        done = 1;
      } else {
        stack[depth++] = (struct level){ev.type == YAML_MAPPING_START_EVENT, 1, strlen(path)};
      }
    } else if (ev.type == YAML_MAPPING_END_EVENT || ev.type == YAML_SEQUENCE_END_EVENT) {
      if (depth) depth--;
      if (depth) path[stack[depth - 1].length] = 0;
    } else if (ev.type == YAML_STREAM_END_EVENT || ev.type == YAML_NO_EVENT) {
      done = 1;
    }
    yaml_event_delete(&ev);
  }
  yaml_parser_delete(&p);
  return stop;
}

struct find {
  const char *path;
  unsigned line;
};

static int on_find(void *ctx, const char *path, const char *value, unsigned line) {
  struct find *f = ctx;
  if (value || strcmp(path, f->path) != 0) return 0;
  f->line = line;
  return 1;
}

unsigned tr_config_line(const char *text, size_t n, const char *path) {
  struct find f = {path, 0};
  (void)walk(text, n, on_find, &f, NULL);
  return f.line;
}

struct seen {
  char path[MAX_SEEN][MAX_PATH];
  int n, twice;
  unsigned line;
};

static int on_seen(void *ctx, const char *path, const char *value, unsigned line) {
  struct seen *s = ctx;
  if (value) return 0;
  for (int k = 0; k < s->n; k++)
    if (strcmp(s->path[k], path) == 0) {
      s->twice = k;
      s->line = line;
      return 1;
    }
  if (s->n < MAX_SEEN) snprintf(s->path[s->n++], MAX_PATH, "%s", path);
  return 0;
}

int tr_config_duplicate(const char *text, size_t n, char *path, size_t cap, unsigned *line) {
  struct seen s;
  s.n = 0;
  if (!walk(text, n, on_seen, &s, NULL)) return 0;
  snprintf(path, cap, "%s", s.path[s.twice]);
  *line = s.line;
  return 1;
}

struct scalars {
  int (*check)(void *ctx, const char *path, const char *value);
  void *ctx;
  unsigned line;
};

static int on_scalar(void *ctx, const char *path, const char *value, unsigned line) {
  struct scalars *s = ctx;
  if (!s->check(s->ctx, path, value)) return 0;
  s->line = line;
  return 1;
}

unsigned tr_config_scalars(const char *text, size_t n, int (*check)(void *ctx, const char *path, const char *value),
                           void *ctx) {
  struct scalars s = {check, ctx, 0};
  (void)walk(text, n, on_scalar, &s, NULL);
  return s.line;
}

static int on_nothing(void *ctx, const char *path, const char *value, unsigned line) {
  (void)ctx, (void)path, (void)value, (void)line;
  return 0;
}

int tr_config_documents(const char *text, size_t n) {
  int documents = 0;
  (void)walk(text, n, on_nothing, NULL, &documents);
  return documents;
}
