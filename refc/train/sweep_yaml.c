/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sweep.h"

enum { MAX_JOINT = 16 };

struct reader {
  struct tr_yaml y;
  struct tr_sweep *s;
  struct tr_axis list, seeds; /* wherever they stand: the slowest and the fastest */
  int grid;                   /* seen */
};

static struct tr_sets *more_choices(struct reader *r, struct tr_axis *a) {
  struct tr_sets *more = realloc(a->choice, (a->n + 1) * sizeof *more);
  if (!more) {
    tr_nomem(r->y.e);
    return NULL;
  }
  a->choice = more;
  memset(&more[a->n], 0, sizeof *more);
  return &more[a->n++];
}

static struct tr_axis *more_axes(struct reader *r, unsigned line) {
  struct tr_sweep *s = r->s;
  struct tr_axis *more = realloc(s->axis, (s->axes + 1) * sizeof *more);
  if (!more) {
    tr_nomem(r->y.e);
    return NULL;
  }
  s->axis = more;
  more[s->axes] = (struct tr_axis){.line = line};
  return &more[s->axes++];
}

/* A key that may be varied. */
static const struct tr_key *find_key(struct reader *r, const char *path, unsigned line) {
  const struct tr_key *key = tr_key_find(path);
  if (!key) {
    tr_yaml_refuse(&r->y, line, path, "unknown key");
  } else if (strcmp(path, "run.out") == 0) {
    tr_yaml_refuse(&r->y, line, path, "every point has a folder of its own; their place is the sweep's key out");
    key = NULL;
  }
  return key;
}

/* The next event must start a sequence or a mapping. */
static int expect(struct reader *r, yaml_event_type_t type, unsigned line, const char *path, const char *what) {
  yaml_event_t event;
  unsigned at = 0;
  if (tr_yaml_event(&r->y, &event, &at)) return -1;
  const int is = event.type == type;
  yaml_event_delete(&event);
  return is ? 0 : tr_yaml_refuse(&r->y, line, path, what);
}

/* One value of a sequence, for all the keys; 1 at its end. */
static int read_choice(struct reader *r, struct tr_axis *a, const struct tr_key *const *key, int keys) {
  yaml_event_t event;
  unsigned line = 0;
  if (tr_yaml_event(&r->y, &event, &line)) return -1;
  const yaml_event_type_t type = event.type;
  char *text = type == YAML_SCALAR_EVENT ? strdup((const char *)event.data.scalar.value) : NULL;
  yaml_event_delete(&event);
  if (type == YAML_SEQUENCE_END_EVENT) return 1;
  struct tr_sets *choice = more_choices(r, a);
  struct tr_set *first = choice ? tr_sets_more(choice, key[0], r->y.name, line, r->y.e) : NULL;
  if (!first) {
    free(text);
    return -1;
  }
  if (text) {
    first->given.value[0] = text;
    first->given.value_line[0] = line;
    first->given.n = 1;
  } else if (type != YAML_SEQUENCE_START_EVENT || !tr_key_is_list(key[0])) {
    return tr_yaml_refuse(&r->y, line, key[0]->path, "single values are expected in the list");
  } else if (tr_yaml_list(&r->y, key[0]->path, &first->given)) {
    return -1;
  }
  for (int k = 0; k < keys; k++) {
    struct tr_set *set = k ? tr_sets_more(choice, key[k], r->y.name, line, r->y.e) : &choice->set[0];
    if (!set || (k && tr_given_copy(&set->given, &choice->set[0].given, r->y.e)) ||
        tr_given_check(key[k], &set->given, r->y.e))
      return -1;
  }
  return 0;
}

/* A sequence of values for these keys. */
static int read_choices(struct reader *r, struct tr_axis *a, const char *path, const struct tr_key *const *key,
                        int keys) {
  if (expect(r, YAML_SEQUENCE_START_EVENT, a->line, path, "a list of values is expected")) return -1;
  int rc = 0;
  while (!rc) rc = read_choice(r, a, key, keys);
  if (rc < 0) return -1;
  return a->n ? 0 : tr_yaml_refuse(&r->y, a->line, path, "no value: the sweep has no points");
}

/* KEY or KEY, KEY: [values] */
static int read_row(struct reader *r, char *path, unsigned line) {
  const struct tr_key *key[MAX_JOINT];
  int keys = 0;
  char *rest = NULL, *all = strdup(path);
  int rc = all ? 0 : tr_nomem(r->y.e);
  for (char *p = rc ? NULL : strtok_r(path, ", ", &rest); !rc && p; p = strtok_r(NULL, ", ", &rest)) {
    if (keys == MAX_JOINT)
      rc = tr_yaml_refuse(&r->y, line, all, "too many keys");
    else if (!(key[keys++] = find_key(r, p, line)))
      rc = -1;
  }
  if (!rc && !keys) rc = tr_yaml_refuse(&r->y, line, all, "a key is expected");
  struct tr_axis *a = rc ? NULL : more_axes(r, line);
  if (a) rc = read_choices(r, a, all, key, keys);
  free(all);
  return a ? rc : -1;
}

/* The keys of a mapping, after its start. */
static int read_mapping(struct reader *r, const char *where, int (*each)(struct reader *, char *, unsigned)) {
  for (;;) {
    char *text = NULL;
    unsigned line = 0;
    if (tr_yaml_scalar(&r->y, YAML_MAPPING_END_EVENT, where, "a key must be a word", &text, &line)) return -1;
    if (!text) return 0;
    const int rc = each(r, text, line);
    free(text);
    if (rc) return -1;
  }
}

static int read_pair(struct reader *r, char *path, unsigned line) {
  const struct tr_key *key = find_key(r, path, line);
  struct tr_sets *choice = &r->list.choice[r->list.n - 1];
  for (size_t k = 0; key && k < choice->n; k++)
    if (choice->set[k].key == key) return tr_yaml_refuse(&r->y, line, path, "key given twice");
  struct tr_set *set = key ? tr_sets_more(choice, key, r->y.name, line, r->y.e) : NULL;
  return set && !tr_yaml_value(&r->y, key, &set->given) ? tr_given_check(key, &set->given, r->y.e) : -1;
}

/* A sequence of mappings. */
static int read_list(struct reader *r, unsigned line) {
  if (expect(r, YAML_SEQUENCE_START_EVENT, line, "list", "a list of points is expected: - {KEY: VALUE, ...}"))
    return -1;
  for (;;) {
    yaml_event_t event;
    unsigned at = 0;
    if (tr_yaml_event(&r->y, &event, &at)) return -1;
    const yaml_event_type_t type = event.type;
    yaml_event_delete(&event);
    if (type == YAML_SEQUENCE_END_EVENT) break;
    if (type != YAML_MAPPING_START_EVENT)
      return tr_yaml_refuse(&r->y, at, "list", "keys are expected: {KEY: VALUE, ...}");
    if (!more_choices(r, &r->list) || read_mapping(r, "list", read_pair)) return -1;
  }
  return r->list.n ? 0 : tr_yaml_refuse(&r->y, line, "list", "no point in it");
}

static int read_text(struct reader *r, const char *path, unsigned line, char **to) {
  unsigned at = 0;
  if (tr_yaml_scalar(&r->y, YAML_SCALAR_EVENT, path, "a single value is expected", to, &at)) return -1;
  return **to ? 0 : tr_yaml_refuse(&r->y, line, path, "a value is missing");
}

static int read_section(struct reader *r, char *path, unsigned line) {
  struct tr_sweep *s = r->s;
  const int base = strcmp(path, "base") == 0, out = strcmp(path, "out") == 0, list = strcmp(path, "list") == 0;
  const int grid = strcmp(path, "grid") == 0, seeds = strcmp(path, "seeds") == 0;
  if ((base && s->base) || (out && s->out) || (list && r->list.line) || (grid && r->grid) || (seeds && r->seeds.line))
    return tr_yaml_refuse(&r->y, line, path, "key given twice");
  if (base) return read_text(r, path, line, &s->base);
  if (out) return read_text(r, path, line, &s->out);
  if (list) {
    r->list.line = line;
    return read_list(r, line);
  }
  if (grid) {
    r->grid = 1;
    return expect(r, YAML_MAPPING_START_EVENT, line, path, "keys are expected in it: KEY: [values]") ||
           read_mapping(r, path, read_row);
  }
  if (seeds) {
    const struct tr_key *const seed = tr_key_find("seed");
    r->seeds.line = line;
    return read_choices(r, &r->seeds, path, &seed, 1);
  }
  return tr_yaml_refuse(&r->y, line, path, "unknown key; a sweep has base, out, list, grid, seeds");
}

static int read_top(void *r) {
  return read_mapping(r, "", read_section);
}

/* No key is varied twice. */
static int check_axes(const struct tr_sweep *s, struct tr_err *e) {
  for (size_t a = 0; a < s->axes; a++)
    for (size_t c = 0; c < s->axis[a].n; c++)
      for (size_t k = 0; k < s->axis[a].choice[c].n; k++) {
        const struct tr_set *set = &s->axis[a].choice[c].set[k];
        for (size_t b = 0; b < a; b++)
          for (size_t d = 0; d < s->axis[b].n; d++)
            for (size_t m = 0; m < s->axis[b].choice[d].n; m++)
              if (s->axis[b].choice[d].set[m].key == set->key)
                return tr_fail(e, TR_EXIT_CONFIG, "%s:%u: %s: varied in line %u already", s->file, set->given.line,
                               set->key->path, s->axis[b].choice[d].set[m].given.line);
        for (size_t m = 0; m < s->sets->n; m++)
          if (s->sets->set[m].key == set->key)
            return tr_fail(e, TR_EXIT_CONFIG, "%s: %s: the sweep varies it (%s:%u)", s->sets->set[m].given.name,
                           set->key->path, s->file, set->given.line);
      }
  return 0;
}

int tr_sweep_read(struct tr_sweep *s, const char *text, size_t n, struct tr_err *e) {
  struct reader r = {.y = {.name = s->file, .e = e}, .s = s};
  int rc = tr_yaml_document(&r.y, text, n, read_top, &r);
  if (!rc && !s->base) rc = tr_fail(e, TR_EXIT_CONFIG, "%s: base: a configuration is missing", s->file);
  /* all become the sweep's, which frees them */
  if (more_axes(&r, 0)) s->axis[s->axes - 1] = r.seeds;
  if (more_axes(&r, 0)) {
    memmove(s->axis + 1, s->axis, (s->axes - 1) * sizeof *s->axis);
    s->axis[0] = r.list;
  }
  return rc || e->code ? -1 : check_axes(s, e);
}
