/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE
#include "sweep.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "algo.h"
#include "cli.h"

enum { MAX_TEXT = 1 << 20, MAX_POINTS = 1000000 };

/* ---- the file ---- */
/* Paths of a sweep file start at its folder. */
static char *beside(const char *file, const char *path, struct tr_err *e) {
  const char *slash = strrchr(file, '/');
  char *full = NULL;
  if (path[0] == '/' || !slash) {
    full = strdup(path);
  } else if (asprintf(&full, "%.*s/%s", (int)(slash - file), file, path) < 0) {
    full = NULL;
  }
  if (!full) tr_nomem(e);
  return full;
}

static int read_text(const char *path, char **text, size_t *n, struct tr_err *e) {
  uint8_t *bytes = NULL;
  if (tr_read_file(path, 0, MAX_TEXT, &bytes, n, e)) {
    e->code = TR_EXIT_CONFIG;
    return -1;
  }
  *text = (char *)bytes;
  return memchr(bytes, 0, *n) ? tr_fail(e, TR_EXIT_CONFIG, "%s: not a text file", path) : 0;
}

static int add_column(struct tr_sweep *s, const struct tr_key *key, struct tr_err *e) {
  if (strcmp(key->path, "seed") == 0) return 0;
  for (size_t k = 0; k < s->columns; k++)
    if (s->column[k] == key) return 0;
  const struct tr_key **more = realloc(s->column, (s->columns + 1) * sizeof *more);
  if (!more) return tr_nomem(e);
  s->column = more;
  more[s->columns++] = key;
  return 0;
}

static int count(struct tr_sweep *s, struct tr_err *e) {
  s->points = 1;
  for (size_t a = 0; a < s->axes; a++) {
    const struct tr_axis *axis = &s->axis[a];
    if (axis->n == 0) continue;
    s->points *= axis->n;
    if (s->points > MAX_POINTS)
      return tr_fail(e, TR_EXIT_CONFIG, "%s:%u: more than %d points", s->file, axis->line, MAX_POINTS);
    for (size_t c = 0; c < axis->n; c++)
      for (size_t k = 0; k < axis->choice[c].n; k++)
        if (add_column(s, axis->choice[c].set[k].key, e)) return -1;
  }
  return 0;
}

static int default_out(struct tr_sweep *s, struct tr_err *e) {
  if (s->out) return 0;
  char *name = tr_cli_name(s->file, e);
  s->out = name ? tr_join("out", name, e) : NULL;
  free(name);
  return s->out ? 0 : -1;
}

int tr_sweep_load(const char *file, const struct tr_sets *sets, const char *out, struct tr_sweep *s, struct tr_err *e) {
  char *text = NULL, *base = NULL;
  size_t n = 0;
  memset(s, 0, sizeof *s);
  s->sets = sets;
  if (!(s->file = strdup(file))) return tr_nomem(e);
  int rc = read_text(file, &text, &n, e) || tr_sweep_read(s, text, n, e);
  free(text);
  if (!rc && out) {
    free(s->out);
    if (!(s->out = strdup(out))) rc = tr_nomem(e);
  }
  if (!rc) rc = (base = beside(file, s->base, e)) ? 0 : -1;
  if (!rc) {
    free(s->base);
    s->base = base;
  }
  return rc || read_text(s->base, &s->base_text, &s->base_n, e) || default_out(s, e) || count(s, e) ? -1 : 0;
}

void tr_sweep_free(struct tr_sweep *s) {
  for (size_t a = 0; a < s->axes; a++) {
    for (size_t c = 0; c < s->axis[a].n; c++) tr_sets_free(&s->axis[a].choice[c]);
    free(s->axis[a].choice);
  }
  free(s->axis);
  free(s->column);
  free(s->file);
  free(s->base);
  free(s->base_text);
  free(s->out);
  memset(s, 0, sizeof *s);
}

/* ---- points ---- */
/* The choice of every axis at a point: calls `each` for its keys. */
static int each_set(const struct tr_sweep *s, size_t point, int (*each)(void *, const struct tr_set *), void *ctx) {
  size_t stride = s->points;
  for (size_t a = 0; a < s->axes; a++) {
    const struct tr_axis *axis = &s->axis[a];
    if (axis->n == 0) continue;
    stride /= axis->n;
    const struct tr_sets *choice = &axis->choice[point / stride % axis->n];
    for (size_t k = 0; k < choice->n; k++)
      if (each(ctx, &choice->set[k])) return -1;
  }
  return 0;
}

struct search {
  const struct tr_key *key;
  const struct tr_given *given;
};

static int found(void *ctx, const struct tr_set *set) {
  struct search *s = ctx;
  if (set->key == s->key) s->given = &set->given;
  return 0;
}

const struct tr_given *tr_sweep_given(const struct tr_sweep *s, size_t point, const struct tr_key *key) {
  struct search search = {key, NULL};
  (void)each_set(s, point, found, &search);
  return search.given;
}

static int lend(void *ctx, const struct tr_set *set) {
  struct tr_sets *all = ctx;
  struct tr_set *more = realloc(all->set, (all->n + 1) * sizeof *more);
  if (!more) return -1;
  all->set = more;
  more[all->n++] = *set; /* the values stay the axis's */
  return 0;
}

static uint64_t digest(uint64_t h, const char *text, size_t n) {
  for (size_t k = 0; k < n; k++) h = (h ^ (uint8_t)text[k]) * UINT64_C(0x100000001b3); /* FNV-1a */
  return h;
}
#define DIGEST_START UINT64_C(0xcbf29ce484222325)

/* What the result does not depend on is left out of the digest. */
static int name_folder(const struct tr_sweep *s, struct tr_config *c, struct tr_err *e) {
  struct tr_config *same = tr_alloc(1, sizeof *same, e);
  if (!same) return -1;
  *same = *c;
  same->out[0] = 0;
  same->threads = 1;
  same->checkpoint_every = 0;
  char *text = tr_config_text(same, 1, e);
  free(same);
  if (!text) return -1;
  const uint64_t h = digest(DIGEST_START, text, strlen(text));
  free(text);
  if (snprintf(c->out, sizeof c->out, "%s/%016" PRIx64, s->out, h) >= (int)sizeof c->out)
    return tr_fail(e, TR_EXIT_CONFIG, "%s: the folder's name is too long", s->out);
  return 0;
}

int tr_sweep_config(const struct tr_sweep *s, size_t point, struct tr_config *c, struct tr_err *e) {
  struct tr_sets all = {0, NULL};
  int rc = 0;
  for (size_t k = 0; !rc && k < s->sets->n; k++) rc = lend(&all, &s->sets->set[k]);
  if (rc || each_set(s, point, lend, &all))
    rc = tr_nomem(e);
  else
    rc = tr_config_parse(s->base_text, s->base_n, s->base, &all, c, e) || tr_config_resolve(c, e) ||
         name_folder(s, c, e);
  free(all.set);
  return rc ? -1 : 0;
}

static int say(void *ctx, const struct tr_set *set) {
  FILE *f = ctx;
  const struct tr_given *g = &set->given;
  fprintf(f, "%s%s=%s", ftell(f) ? " " : "", set->key->path, g->n == 1 ? "" : "[");
  for (int k = 0; k < g->n; k++) fprintf(f, "%s%s", k ? "," : "", g->value[k]);
  if (g->n != 1) fputc(']', f);
  return 0;
}

char *tr_sweep_words(const struct tr_sweep *s, size_t point, struct tr_err *e) {
  char *text = NULL;
  size_t n = 0;
  FILE *f = open_memstream(&text, &n);
  if (f) (void)each_set(s, point, say, f);
  if (f && !fclose(f)) return text;
  tr_nomem(e);
  return NULL;
}

static void fold(uint64_t *h, const char *text) {
  *h = digest(*h, text, strlen(text) + 1);
}

uint64_t tr_sweep_digest(const struct tr_sweep *s) {
  uint64_t h = digest(DIGEST_START, s->base_text, s->base_n);
  fold(&h, s->out);
  for (size_t k = 0; k < s->sets->n; k++)
    for (int i = 0; i < s->sets->set[k].given.n; i++) fold(&h, s->sets->set[k].given.value[i]);
  for (size_t a = 0; a < s->axes; a++)
    for (size_t c = 0; c < s->axis[a].n; c++)
      for (size_t k = 0; k < s->axis[a].choice[c].n; k++) {
        const struct tr_set *set = &s->axis[a].choice[c].set[k];
        fold(&h, set->key->path);
        for (int i = 0; i < set->given.n; i++) fold(&h, set->given.value[i]);
      }
  return h;
}
