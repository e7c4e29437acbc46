/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE
#include "config.h"

#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "config_yaml.h"
#include "device.h"
#include "front.h"

enum { MAX_TEXT = 1 << 20 };

/* Keys that take the word auto. */
static int may_be_auto(const struct tr_key *key) {
  return strncmp(key->path, "tile.range_", 11) == 0 || strcmp(key->path, "network.init") == 0 ||
         strcmp(key->path, "data.header") == 0;
}

static int is_auto(const struct tr_key *key, const char *text) {
  return may_be_auto(key) && strcmp(text, "auto") == 0;
}

/* ---- values ---- */
/* Where a value stands, for messages; line 0: nowhere. */
struct place {
  const char *name;
  unsigned line;
};

static int bad_value(struct place at, const struct tr_key *key, struct tr_err *e, const char *fmt, ...)
    __attribute__((format(printf, 4, 5)));
static int bad_value(struct place at, const struct tr_key *key, struct tr_err *e, const char *fmt, ...) {
  char what[600];
  va_list ap;
  va_start(ap, fmt);
  vsnprintf(what, sizeof what, fmt, ap);
  va_end(ap);
  if (at.line) return tr_fail(e, TR_EXIT_CONFIG, "%s:%u: %s: %s", at.name, at.line, key->path, what);
  return tr_fail(e, TR_EXIT_CONFIG, "%s: %s: %s", at.name, key->path, what);
}

static int word_allowed(const char *list, const char *word) {
  const size_t n = strlen(word);
  for (const char *p = list; *p;) {
    const size_t len = strcspn(p, "|");
    if (len == n && strncmp(p, word, n) == 0) return 1;
    p += len + (p[len] == '|');
  }
  return 0;
}

static int is_integer(const char *s) {
  if (*s == '-' || *s == '+') s++;
  if (s[0] == '0' && s[1]) return s[1] == 'x' && s[2] && !s[2 + strspn(s + 2, "0123456789abcdefABCDEF")];
  return *s && !s[strspn(s, "0123456789")];
}

/* A limit of a key as text: exact for integers. */
static const char *limit(const struct tr_key *key, double v, char text[32]) {
  if (key->type == TR_T_NUM || key->type == TR_T_NUMS)
    snprintf(text, 32, "%.10g", v);
  else
    snprintf(text, 32, "%" PRId64, v < 0x1p63 ? (int64_t)v : INT64_MAX);
  return text;
}

static int out_of_range(struct place at, const struct tr_key *key, const char *value, struct tr_err *e) {
  char lo[32], hi[32];
  return bad_value(at, key, e, "%.40s is out of range: %s to %s is allowed", value, limit(key, key->lo, lo),
                   limit(key, key->hi, hi));
}

static int to_integer(struct place at, const struct tr_key *key, const char *text, int64_t *v, struct tr_err *e) {
  if (is_auto(key, text)) {
    *v = TR_AUTO;
    return 0;
  }
  if (!is_integer(text))
    return bad_value(at, key, e, "'%.40s' is not an integer%s", text, may_be_auto(key) ? " or auto" : "");
  errno = 0;
  *v = strtoll(text, NULL, 0);
  return errno || (double)*v < key->lo || (double)*v > key->hi ? out_of_range(at, key, text, e) : 0;
}

static int to_number(struct place at, const struct tr_key *key, const char *text, double *v, struct tr_err *e) {
  char *end = NULL;
  if (is_auto(key, text)) {
    *v = TR_AUTO;
    return 0;
  }
  *v = strtod(text, &end);
  if (end == text || *end)
    return bad_value(at, key, e, "'%.40s' is not a number%s", text, may_be_auto(key) ? " or auto" : "");
  return *v >= key->lo && *v <= key->hi ? 0 : out_of_range(at, key, text, e); /* also refuses NaN */
}

static int to_bool(struct place at, const struct tr_key *key, const char *text, int64_t *v, struct tr_err *e) {
  *v = is_auto(key, text) ? TR_AUTO : word_allowed("true|yes|on", text);
  if (*v || word_allowed("false|no|off", text)) return 0;
  return bad_value(at, key, e, "'%.40s' is not true%s or false", text, may_be_auto(key) ? ", auto" : "");
}

static int to_text(struct place at, const struct tr_key *key, const char *text, char *v, struct tr_err *e) {
  if (strpbrk(text, "\n\r\"\\")) return bad_value(at, key, e, "line breaks, quotes and backslashes are not allowed");
  if (key->allowed && !word_allowed(key->allowed, text))
    return bad_value(at, key, e, "'%.80s' is not allowed; one of: %s", text, key->allowed);
  if (strlen(text) >= TR_STR) return bad_value(at, key, e, "longer than %d characters", TR_STR - 1);
  snprintf(v, TR_STR, "%s", text);
  return 0;
}

/* The values of a key into its member. */
static int store(struct tr_config *c, const struct tr_key *key, const struct tr_given *g, struct tr_err *e) {
  void *to = (char *)c + key->offset;
  struct place at = {g->name, g->value_line[0]};
  switch (key->type) {
    case TR_T_INT:
      return to_integer(at, key, g->value[0], to, e);
    case TR_T_NUM:
      return to_number(at, key, g->value[0], to, e);
    case TR_T_BOOL:
      return to_bool(at, key, g->value[0], to, e);
    case TR_T_STR:
      return to_text(at, key, g->value[0], to, e);
    case TR_T_INTS: {
      struct tr_ints *list = to;
      memset(list, 0, sizeof *list);
      for (; list->n < g->n; list->n++) {
        at.line = g->value_line[list->n];
        if (to_integer(at, key, g->value[list->n], &list->v[list->n], e)) return -1;
      }
      return 0;
    }
    case TR_T_NUMS: {
      struct tr_nums *list = to;
      memset(list, 0, sizeof *list);
      for (; list->n < g->n; list->n++) {
        at.line = g->value_line[list->n];
        if (to_number(at, key, g->value[list->n], &list->v[list->n], e)) return -1;
      }
      return 0;
    }
    case TR_T_STRS: {
      struct tr_strs *list = to;
      memset(list, 0, sizeof *list);
      for (; list->n < g->n; list->n++) {
        at.line = g->value_line[list->n];
        if (to_text(at, key, g->value[list->n], list->v[list->n], e)) return -1;
      }
      return 0;
    }
  }
  return 0;
}

static int store_defaults(struct tr_config *c, struct tr_err *e) {
  for (const struct tr_key *k = tr_keys; k->path; k++) {
    char text[TR_STR];
    snprintf(text, sizeof text, "%s", k->dflt);
    const struct tr_given g = {.name = "default", .n = tr_key_is_list(k) && !text[0] ? 0 : 1, .value = {text}};
    if (store(c, k, &g, e)) return -1;
  }
  return 0;
}

/* A preset stands between the defaults and what is given beside it. */
static int store_presets(struct tr_config *c, const struct tr_given *given, struct tr_err *e) {
  for (int k = 0; tr_keys[k].path; k++)
    for (int plane = 0; plane < XT_NUM_PLANES; plane++) {
      struct tr_device_cfg *d = &c->device[plane];
      if ((char *)c + tr_keys[k].offset != d->preset || !given[k].name || !*given[k].value[0]) continue;
      if (tr_device_preset(given[k].value[0], d))
        return bad_value((struct place){given[k].name, given[k].line}, &tr_keys[k], e,
                         "'%.60s' is not available; allowed: %s", given[k].value[0], tr_device_presets());
    }
  return 0;
}

/* The same of the shape of pulses: "return_to_zero" is the default. */
static void store_pulse(struct tr_config *c, const struct tr_given *given) {
  const struct tr_given *g = &given[tr_key_find("tile.pulse") - tr_keys];
  if (g->name && strcmp(g->value[0], "fast") == 0) c->pulse_gap = 0;
}

/* And of the front end: "ideal" is the default. */
static void store_front_end(struct tr_config *c, const struct tr_given *given) {
  const struct tr_given *g = &given[tr_key_find("front_end.preset") - tr_keys];
  if (g->name) tr_front_preset(g->value[0], c);
}

/* ---- lists ---- */
/* An empty list means "choose"; hidden: no hidden layer. */
static int may_be_empty(const struct tr_key *key) {
  return strncmp(key->path, "tile.range_", 11) == 0 || strcmp(key->path, "network.hidden") == 0;
}

/* One value stands for all layers. */
static void spread(struct tr_config *c, const struct tr_key *key, int layers) {
  void *at = (char *)c + key->offset;
  struct tr_ints *i = at;
  struct tr_nums *d = at;
  struct tr_strs *s = at;
  int *n = key->type == TR_T_INTS ? &i->n : key->type == TR_T_NUMS ? &d->n : &s->n;
  if (*n == 0) return;
  for (; *n < layers; ++*n) {
    if (key->type == TR_T_INTS) {
      i->v[*n] = i->v[0];
    } else if (key->type == TR_T_NUMS) {
      d->v[*n] = d->v[0];
    } else {
      memcpy(s->v[*n], s->v[0], TR_STR);
    }
  }
}

static int check_lists(struct tr_config *c, const struct tr_given *given, const char *name, struct tr_err *e) {
  const int layers = tr_config_layers(c);
  for (int k = 0; tr_keys[k].path; k++) {
    const struct tr_key *key = &tr_keys[k];
    const struct place at = {given[k].name ? given[k].name : name, given[k].line};
    const int n = given[k].name ? given[k].n : *key->dflt != 0;
    if (!tr_key_is_list(key)) continue;
    if (n == 0 && !may_be_empty(key)) return bad_value(at, key, e, "an empty list is not allowed here");
    if ((char *)c + key->offset == (char *)&c->hidden) {
      if (layers > TR_MAX_LAYERS) return bad_value(at, key, e, "at most %d layers", TR_MAX_LAYERS - 1);
      continue;
    }
    if (n > 1 && n != layers) return bad_value(at, key, e, "%d values; 1 or one per layer (%d) is allowed", n, layers);
    spread(c, key, layers);
  }
  return 0;
}

/* ---- keys beside the file ---- */
static void free_values(struct tr_given *g) {
  while (g->n) free(g->value[--g->n]);
}

/* The value that the n characters at `text` are, blanks around them apart. */
static int add_value(struct tr_given *g, const char *text, size_t n, struct tr_err *e) {
  for (; n && *text == ' '; n--) text++;
  while (n && text[n - 1] == ' ') n--;
  if (!(g->value[g->n] = strndup(text, n))) return tr_nomem(e);
  g->n++;
  return 0;
}

/* V or [V, V]. */
static int split_list(const struct tr_key *key, const char *text, struct tr_given *g, struct tr_err *e) {
  const size_t n = strlen(text);
  const int brackets = n >= 2 && text[0] == '[' && text[n - 1] == ']';
  const char *p = text + brackets, *end = text + n - brackets;
  if (p + strspn(p, " ") >= end) return brackets ? 0 : add_value(g, "", 0, e);
  for (;;) {
    const char *comma = memchr(p, ',', (size_t)(end - p));
    if (g->n == TR_MAX_LAYERS) return bad_value((struct place){g->name, 0}, key, e, "a list is too long");
    if (add_value(g, p, (size_t)((comma ? comma : end) - p), e)) return -1;
    if (!comma) return 0;
    p = comma + 1;
  }
}

int tr_given_check(const struct tr_key *key, const struct tr_given *g, struct tr_err *e) {
  struct tr_config *scratch = tr_alloc(1, sizeof *scratch, e);
  const int rc = scratch ? store(scratch, key, g, e) : -1;
  free(scratch);
  return rc;
}

struct tr_set *tr_sets_more(struct tr_sets *s, const struct tr_key *key, const char *name, unsigned line,
                            struct tr_err *e) {
  struct tr_set *more = realloc(s->set, (s->n + 1) * sizeof *more);
  if (!more) {
    tr_nomem(e);
    return NULL;
  }
  s->set = more;
  more[s->n] = (struct tr_set){.key = key, .given = {.name = name, .line = line}};
  return &more[s->n++];
}

int tr_given_copy(struct tr_given *to, const struct tr_given *from, struct tr_err *e) {
  for (to->n = 0; to->n < from->n; to->n++) {
    to->value_line[to->n] = from->value_line[to->n];
    if (!(to->value[to->n] = strdup(from->value[to->n]))) return tr_nomem(e);
  }
  return 0;
}

const struct tr_key *tr_key_find(const char *path) {
  const struct tr_key *k = tr_keys;
  while (k->path && strcmp(k->path, path) != 0) k++;
  return k->path ? k : NULL;
}

int tr_sets_add(struct tr_sets *s, const char *option, const char *key, const char *value, struct tr_err *e) {
  const struct tr_key *k = tr_key_find(key);
  if (!k) return tr_fail(e, TR_EXIT_CONFIG, "%s: %.60s: unknown key", option, key);
  for (size_t i = 0; i < s->n; i++)
    if (s->set[i].key == k) return bad_value((struct place){option, 0}, k, e, "given twice (%s)", s->set[i].given.name);
  struct tr_set *new = tr_sets_more(s, k, option, 0, e);
  if (!new) return -1;
  if (tr_key_is_list(k) ? split_list(k, value, &new->given, e) : add_value(&new->given, value, strlen(value), e))
    return -1;
  return tr_given_check(k, &new->given, e);
}

int tr_sets_parse(struct tr_sets *s, const char *option, const char *text, struct tr_err *e) {
  const char *equal = strchr(text, '=');
  if (!equal) return tr_fail(e, TR_EXIT_CONFIG, "%s: '%.80s' is not KEY=VALUE", option, text);
  char *key = strndup(text, (size_t)(equal - text));
  const int rc = key ? tr_sets_add(s, option, key, equal + 1, e) : tr_nomem(e);
  free(key);
  return rc;
}

void tr_sets_free(struct tr_sets *s) {
  while (s->n) free_values(&s->set[--s->n].given);
  free(s->set);
  s->set = NULL;
}

void tr_sets_print(const struct tr_sets *s, FILE *f) {
  for (size_t k = 0; k < s->n; k++) {
    const struct tr_key *key = s->set[k].key;
    const struct tr_given *g = &s->set[k].given;
    if (strcmp(key->path, "seed") == 0 || strncmp(key->path, "run.", 4) == 0) continue;
    const int brackets = tr_key_is_list(key) && (key->type != TR_T_STRS || g->n > 1);
    fprintf(f, " --set '%s=%s", key->path, brackets ? "[" : "");
    for (int i = 0; i < g->n; i++) fprintf(f, "%s%s", i ? ", " : "", g->value[i]);
    fprintf(f, "%s'", brackets ? "]" : "");
  }
}

/* Over what the file says. */
static int give(const struct tr_sets *s, struct tr_given *given, struct tr_err *e) {
  for (size_t k = 0; s && k < s->n; k++) {
    const struct tr_given *from = &s->set[k].given;
    struct tr_given *to = &given[s->set[k].key - tr_keys];
    free_values(to);
    *to = (struct tr_given){.name = from->name, .line = from->line};
    if (tr_given_copy(to, from, e)) return -1;
  }
  return 0;
}

/* ---- reading ---- */
int tr_config_parse(const char *text, size_t n, const char *name, const struct tr_sets *sets, struct tr_config *c,
                    struct tr_err *e) {
  size_t keys = 0;
  while (tr_keys[keys].path) keys++;
  struct tr_given *given = tr_alloc(keys, sizeof *given, e);
  memset(c, 0, sizeof *c);
  int rc = given ? tr_yaml_read(text, n, name, given, e) || give(sets, given, e) || store_defaults(c, e) ||
                       store_presets(c, given, e)
                 : -1;
  if (!rc) store_pulse(c, given);
  if (!rc) store_front_end(c, given);
  for (size_t k = 0; !rc && k < keys; k++)
    if (given[k].name) rc = store(c, &tr_keys[k], &given[k], e);
  if (!rc) rc = check_lists(c, given, name, e);
  for (int plane = 0; plane < XT_NUM_PLANES; plane++) memset(c->device[plane].preset, 0, TR_STR); /* done */
  tr_yaml_free(given);
  return rc ? -1 : 0;
}

int tr_config_load(const char *path, const struct tr_sets *sets, struct tr_config *c, struct tr_err *e) {
  uint8_t *text = NULL;
  size_t n = 0;
  if (tr_read_file(path, 0, MAX_TEXT, &text, &n, e)) {
    e->code = TR_EXIT_CONFIG;
    return -1;
  }
  const int rc = memchr(text, 0, n) ? tr_fail(e, TR_EXIT_CONFIG, "%s: not a text file", path)
                                    : tr_config_parse((const char *)text, n, path, sets, c, e);
  free(text);
  return rc;
}

/* ---- the resolved text ---- */
/* Shortest of %.15g .. %.17g that reads back as the same number. */
static void print_number(FILE *f, double v) {
  char s[40];
  if (v == TR_AUTO) {
    fputs("auto", f);
    return;
  }
  for (int digits = 15; digits <= 17; digits++) {
    snprintf(s, sizeof s, "%.*g", digits, v);
    if (strtod(s, NULL) == v) break;
  }
  fputs(s, f);
}

static void print_value(FILE *f, const struct tr_config *c, const struct tr_key *key) {
  const void *at = (const char *)c + key->offset;
  const struct tr_ints *ints = at;
  const struct tr_nums *nums = at;
  const struct tr_strs *strs = at;
  switch (key->type) {
    case TR_T_INT:
      fprintf(f, "%lld", (long long)*(const int64_t *)at);
      break;
    case TR_T_BOOL:
      fputs(*(const int64_t *)at == TR_AUTO ? "auto" : *(const int64_t *)at ? "true" : "false", f);
      break;
    case TR_T_NUM:
      print_number(f, *(const double *)at);
      break;
    case TR_T_STR:
      fprintf(f, "\"%s\"", (const char *)at);
      break;
    case TR_T_STRS: { /* one word where it is that of all layers */
      int same = 1;
      for (int k = 1; k < strs->n; k++) same &= strcmp(strs->v[k], strs->v[0]) == 0;
      fputs(same ? "" : "[", f);
      for (int k = 0; k < (same ? 1 : strs->n); k++) fprintf(f, "%s\"%s\"", k ? ", " : "", strs->v[k]);
      fputs(same ? "" : "]", f);
      break;
    }
    case TR_T_INTS:
      fputc('[', f);
      for (int k = 0; k < ints->n; k++) {
        if (k) fputs(", ", f);
        print_number(f, (double)ints->v[k]);
      }
      fputc(']', f);
      break;
    case TR_T_NUMS:
      fputc('[', f);
      for (int k = 0; k < nums->n; k++) {
        if (k) fputs(", ", f);
        print_number(f, nums->v[k]);
      }
      fputc(']', f);
      break;
  }
}

static size_t part_length(const char *path) {
  return strcspn(path, ".");
}

/* Opens the sections of `path` that `before` is not in; returns the last part of the path, its depth to *depth. */
static const char *open_sections(FILE *f, const char *path, const char *before, int *depth) {
  int same = 1;
  for (*depth = 0;; ++*depth) {
    const size_t len = part_length(path);
    if (!path[len]) return path;
    if (!same || strncmp(before, path, len + 1) != 0) {
      same = 0;
      fprintf(f, "%*s%.*s:\n", 2 * *depth, "", (int)len, path);
    } else {
      before += len + 1;
    }
    path += len + 1;
  }
}

char *tr_config_value(const struct tr_config *c, const struct tr_key *key, struct tr_err *e) {
  char *text = NULL;
  size_t n = 0;
  FILE *f = open_memstream(&text, &n);
  if (f) print_value(f, c, key);
  if (f && !fclose(f)) return text;
  tr_nomem(e);
  return NULL;
}

void tr_config_adopt(struct tr_config *c, const struct tr_config *from) {
  for (const struct tr_key *k = tr_keys; k->path; k++) {
    void *to = (char *)c + k->offset;
    const void *at = (const char *)from + k->offset;
    if (!may_be_auto(k)) continue;
    if (k->type == TR_T_BOOL && *(int64_t *)to == TR_AUTO) *(int64_t *)to = *(const int64_t *)at;
    for (int i = 0; i < TR_MAX_LAYERS; i++) {
      if (k->type == TR_T_INTS && ((struct tr_ints *)to)->v[i] == TR_AUTO)
        ((struct tr_ints *)to)->v[i] = ((const struct tr_ints *)at)->v[i];
      if (k->type == TR_T_NUMS && ((struct tr_nums *)to)->v[i] == TR_AUTO)
        ((struct tr_nums *)to)->v[i] = ((const struct tr_nums *)at)->v[i];
    }
  }
}

char *tr_config_text(const struct tr_config *c, int run_too, struct tr_err *e) {
  char *text = NULL;
  size_t n = 0;
  FILE *f = open_memstream(&text, &n);
  if (!f) {
    tr_nomem(e);
    return NULL;
  }
  const char *before = "";
  for (const struct tr_key *k = tr_keys; k->path; k++) {
    int depth = 0;
    if (!run_too && strncmp(k->path, "run.", 4) == 0) continue;
    const char *key = open_sections(f, k->path, before, &depth);
    fprintf(f, "%*s%s: ", 2 * depth, "", key);
    print_value(f, c, k);
    fputc('\n', f);
    before = k->path;
  }
  if (fclose(f)) {
    free(text);
    tr_nomem(e);
    return NULL;
  }
  return text;
}

void tr_config_print_keys(void) {
  static const char *const types[] = {"integer", "number", "true/false", "text", "integers", "numbers", "texts"};
  for (const struct tr_key *k = tr_keys; k->path; k++) {
    const int list = tr_key_is_list(k) && k->type != TR_T_STRS;
    printf("%-40s %-10s default %s%s%s", k->path, types[k->type], list ? "[" : "",
           k->dflt[0] || list ? k->dflt : "\"\"", list ? "]" : "");
    if (k->allowed) {
      printf(", %s", k->allowed);
    } else if (k->type != TR_T_STR && k->type != TR_T_STRS && k->type != TR_T_BOOL) {
      char lo[32], hi[32];
      printf(", %s to %s", limit(k, k->lo, lo), limit(k, k->hi, hi));
    }
    if (may_be_auto(k)) printf(" or auto");
    printf(": %s\n", k->text);
  }
}
