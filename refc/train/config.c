/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE
#include "config.h"

#include <cyaml/cyaml.h>
#include <errno.h>
#include <math.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "config_line.h"

enum { MAX_KEYS = 160, MAX_FIELDS = 2 * MAX_KEYS, MAX_TEXT = 1 << 20 };

/* What libcyaml loads a key into: NULL = not given. */
struct slot {
  void *value;
  uint64_t count;
};

/* ---- schema from the table ---- */
struct schema {
  cyaml_schema_field_t field[MAX_FIELDS];
  int used;
};

static const cyaml_schema_value_t int_entry = {CYAML_VALUE_INT(CYAML_FLAG_DEFAULT, int64_t)};
static const cyaml_schema_value_t num_entry = {CYAML_VALUE_FLOAT(CYAML_FLAG_DEFAULT, double)};

static cyaml_schema_value_t leaf(enum tr_type type) {
  cyaml_schema_value_t v;
  memset(&v, 0, sizeof v);
  v.flags = CYAML_FLAG_POINTER | CYAML_FLAG_OPTIONAL;
  switch (type) {
    case TR_T_INT:
      v.type = CYAML_INT;
      v.data_size = sizeof(int64_t);
      break;
    case TR_T_NUM:
      v.type = CYAML_FLOAT;
      v.data_size = sizeof(double);
      break;
    case TR_T_BOOL:
      v.type = CYAML_BOOL;
      v.data_size = sizeof(bool);
      break;
    case TR_T_STR:
      v.type = CYAML_STRING;
      v.data_size = sizeof(char);
      v.string.max = TR_STR - 1;
      break;
    case TR_T_INTS:
    case TR_T_NUMS:
      v.type = CYAML_SEQUENCE;
      v.data_size = type == TR_T_INTS ? sizeof(int64_t) : sizeof(double);
      v.sequence.entry = type == TR_T_INTS ? &int_entry : &num_entry;
      v.sequence.max = TR_MAX_LAYERS;
      break;
  }
  return v;
}

static size_t part_length(const char *path) {
  const char *dot = strchr(path, '.');
  return dot ? (size_t)(dot - path) : strlen(path);
}

/* Keys first .. that share `prefix` characters become one list of fields; every nested mapping lies over the same
 * block. */
static const cyaml_schema_field_t *fields(struct schema *s, int first, size_t prefix, char names[][64], size_t block) {
  int own[MAX_KEYS], n = 0;
  for (int k = first; tr_keys[k].path && strncmp(tr_keys[k].path, tr_keys[first].path, prefix) == 0; k++) {
    const char *rest = tr_keys[k].path + prefix;
    const size_t len = part_length(rest);
    const char *last = n ? tr_keys[own[n - 1]].path + prefix : NULL;
    if (last && part_length(last) == len && strncmp(last, rest, len) == 0) continue; /* same section */
    own[n++] = k;
  }
  cyaml_schema_field_t *out = &s->field[s->used];
  s->used += n + 1;
  memset(out, 0, (size_t)(n + 1) * sizeof *out);
  for (int i = 0; i < n; i++) {
    const struct tr_key *key = &tr_keys[own[i]];
    const char *rest = key->path + prefix;
    const size_t len = part_length(rest);
    char *name = names[&out[i] - s->field];
    memcpy(name, rest, len);
    name[len] = 0;
    out[i].key = name;
    if (rest[len] == '.') {
      out[i].value.type = CYAML_MAPPING;
      out[i].value.flags = CYAML_FLAG_OPTIONAL;
      out[i].value.data_size = (uint32_t)block;
      out[i].value.mapping.fields = fields(s, own[i], prefix + len + 1, names, block);
    } else {
      out[i].value = leaf(key->type);
      out[i].data_offset = (uint32_t)((size_t)own[i] * sizeof(struct slot) + offsetof(struct slot, value));
      out[i].count_offset = (uint32_t)((size_t)own[i] * sizeof(struct slot) + offsetof(struct slot, count));
      out[i].count_size = sizeof(uint64_t);
    }
  }
  return out;
}

/* ---- libcyaml's messages: the cause, and the innermost line number and field ---- */
struct log {
  char cause[400], field[80];
  unsigned line;
};

__attribute__((format(printf, 3, 0))) static void on_log(cyaml_log_t level, void *ctx, const char *fmt, va_list args) {
  struct log *l = ctx;
  char text[512];
  (void)level;
  vsnprintf(text, sizeof text, fmt, args);
  text[strcspn(text, "\n")] = 0;
  const char *body = strncmp(text, "Load: ", 6) == 0 ? text + 6 : text;
  const char *at = strstr(body, "(line: ");
  if (at) {
    const char *name = strchr(body, '\'');
    if (!l->line) l->line = (unsigned)strtoul(at + 7, NULL, 10);
    if (name && !l->field[0]) snprintf(l->field, sizeof l->field, "%.*s: ", (int)strcspn(name + 1, "'"), name + 1);
  } else if (!l->cause[0] && strncmp(body, "Backtrace", 9) != 0) {
    snprintf(l->cause, sizeof l->cause, "%.*s", (int)sizeof l->cause - 1, body);
  }
}

/* ---- values ---- */
static int word_allowed(const char *list, const char *word) {
  const size_t n = strlen(word);
  for (const char *p = list; *p;) {
    const size_t len = strcspn(p, "|");
    if (len == n && strncmp(p, word, n) == 0) return 1;
    p += len + (p[len] == '|');
  }
  return 0;
}

/* libcyaml takes the number that a text begins with, and knows the line of a section but not of its key; this asks for
 * all of a number, and names the key. */
struct scalar_fault {
  char path[128], what[160];
};

static int is_integer(const char *s) {
  if (*s == '-' || *s == '+') s++;
  if (s[0] == '0' && s[1]) return s[1] == 'x' && s[2] && !s[2 + strspn(s + 2, "0123456789abcdefABCDEF")];
  return *s && !s[strspn(s, "0123456789")];
}

static int known_key(const char *path) {
  const size_t n = strlen(path);
  for (const struct tr_key *k = tr_keys; k->path; k++)
    if (strncmp(k->path, path, n) == 0 && (k->path[n] == 0 || k->path[n] == '.')) return 1;
  return 0;
}

static int check_scalar(void *ctx, const char *path, const char *value) {
  struct scalar_fault *f = ctx;
  if (!value) {
    if (known_key(path)) return 0;
    snprintf(f->path, sizeof f->path, "%s", path);
    snprintf(f->what, sizeof f->what, "unknown key");
    return 1;
  }
  for (const struct tr_key *k = tr_keys; k->path; k++) {
    if (strcmp(k->path, path) != 0) continue;
    const char *want = NULL;
    char *end = NULL;
    if ((k->type == TR_T_INT || k->type == TR_T_INTS) && !is_integer(value)) want = "an integer";
    if (k->type == TR_T_NUM || k->type == TR_T_NUMS) {
      (void)strtod(value, &end);
      if (end == value || *end) want = "a number";
    }
    if (k->type == TR_T_BOOL && !word_allowed("true|false|yes|no|on|off", value)) want = "true or false";
    if (!want) return 0;
    snprintf(f->path, sizeof f->path, "%s", path);
    snprintf(f->what, sizeof f->what, "'%.40s' is not %s", value, want);
    return 1;
  }
  return 0;
}

/* A place in the text for a message: "name:line: key". */
struct where {
  const char *name, *text;
  size_t n;
};

static int bad_value(const struct where *w, const struct tr_key *key, struct tr_err *e, const char *fmt, ...)
    __attribute__((format(printf, 4, 5)));
static int bad_value(const struct where *w, const struct tr_key *key, struct tr_err *e, const char *fmt, ...) {
  char what[600];
  va_list ap;
  va_start(ap, fmt);
  vsnprintf(what, sizeof what, fmt, ap);
  va_end(ap);
  const unsigned line = w->text ? tr_config_line(w->text, w->n, key->path) : 0;
  if (line) return tr_fail(e, TR_EXIT_CONFIG, "%s:%u: %s: %s", w->name, line, key->path, what);
  return tr_fail(e, TR_EXIT_CONFIG, "%s: %s: %s", w->name, key->path, what);
}

static int check_number(const struct where *w, const struct tr_key *key, double v, struct tr_err *e) {
  if (v >= key->lo && v <= key->hi) return 0; /* also refuses NaN */
  return bad_value(w, key, e, "%.10g is out of range: %.10g to %.10g is allowed", v, key->lo, key->hi);
}

static int store(struct tr_config *c, const struct tr_key *key, const struct slot *s, const struct where *w,
                 struct tr_err *e) {
  void *to = (char *)c + key->offset;
  switch (key->type) {
    case TR_T_INT: {
      const int64_t v = *(const int64_t *)s->value;
      memcpy(to, &v, sizeof v);
      return check_number(w, key, (double)v, e);
    }
    case TR_T_NUM: {
      const double v = *(const double *)s->value;
      memcpy(to, &v, sizeof v);
      return check_number(w, key, v, e);
    }
    case TR_T_BOOL: {
      const int64_t v = *(const bool *)s->value;
      memcpy(to, &v, sizeof v);
      return 0;
    }
    case TR_T_STR: {
      const char *v = s->value;
      if (strpbrk(v, "\n\r\"\\")) return bad_value(w, key, e, "line breaks, quotes and backslashes are not allowed");
      if (key->allowed && !word_allowed(key->allowed, v))
        return bad_value(w, key, e, "'%.80s' is not allowed; one of: %s", v, key->allowed);
      snprintf(to, TR_STR, "%s", v);
      return 0;
    }
    case TR_T_INTS: {
      struct tr_ints l = {(int)s->count, {0}};
      if (s->count) memcpy(l.v, s->value, s->count * sizeof *l.v);
      for (int k = 0; k < l.n; k++)
        if (check_number(w, key, (double)l.v[k], e)) return -1;
      memcpy(to, &l, sizeof l);
      return 0;
    }
    case TR_T_NUMS: {
      struct tr_nums l = {(int)s->count, {0}};
      if (s->count) memcpy(l.v, s->value, s->count * sizeof *l.v);
      for (int k = 0; k < l.n; k++)
        if (check_number(w, key, l.v[k], e)) return -1;
      memcpy(to, &l, sizeof l);
      return 0;
    }
  }
  return 0;
}

static void set_default(struct tr_config *c, const struct tr_key *key) {
  int64_t i = strtoll(key->dflt, NULL, 10);
  double d = strtod(key->dflt, NULL);
  bool b = strcmp(key->dflt, "true") == 0;
  struct slot s = {NULL, key->dflt[0] ? 1 : 0};
  switch (key->type) {
    case TR_T_INT:
    case TR_T_INTS:
      s.value = &i;
      break;
    case TR_T_NUM:
    case TR_T_NUMS:
      s.value = &d;
      break;
    case TR_T_BOOL:
      s.value = &b;
      break;
    case TR_T_STR:
      snprintf((char *)c + key->offset, TR_STR, "%s", key->dflt);
      return;
  }
  const struct where w = {"default", NULL, 0};
  struct tr_err ignored = {0, ""};
  (void)store(c, key, &s, &w, &ignored);
}

static int check_list(const struct tr_config *c, const char *path, int n, const struct where *w, struct tr_err *e) {
  const int layers = tr_config_layers(c);
  if (n <= 1 || n == layers || strcmp(path, "network.hidden") == 0) return 0;
  for (const struct tr_key *k = tr_keys; k->path; k++)
    if (strcmp(k->path, path) == 0)
      return bad_value(w, k, e, "%d values; 1 or one per layer (%d) is allowed", n, layers);
  return 0;
}

static int check_all(const struct tr_config *c, const struct where *w, struct tr_err *e) {
  if (tr_config_layers(c) > TR_MAX_LAYERS)
    return tr_fail(e, TR_EXIT_CONFIG, "%s: network.hidden: at most %d layers", w->name, TR_MAX_LAYERS - 1);
  for (const struct tr_key *k = tr_keys; k->path; k++) {
    const char *at = (const char *)c + k->offset;
    if (k->type != TR_T_INTS && k->type != TR_T_NUMS) continue;
    int n = 0; /* first member of both kinds of list */
    memcpy(&n, at, sizeof n);
    if (check_list(c, k->path, n, w, e)) return -1;
    const int may_be_empty = strncmp(k->path, "tile.range_", 11) == 0 || strcmp(k->path, "network.hidden") == 0;
    if (n == 0 && !may_be_empty) return bad_value(w, k, e, "an empty list is not allowed here");
  }
  return 0;
}

static void fill(struct tr_ints *l, int layers) {
  if (l->n == 1)
    for (int k = 1; k < layers; k++) l->v[k] = l->v[0];
  if (l->n) l->n = layers;
}

static void fill_nums(struct tr_nums *l, int layers) {
  if (l->n == 1)
    for (int k = 1; k < layers; k++) l->v[k] = l->v[0];
  l->n = layers;
}

int tr_config_parse(const char *text, size_t n, const char *name, struct tr_config *c, struct tr_err *e) {
  const size_t block = MAX_KEYS * sizeof(struct slot);
  memset(c, 0, sizeof *c);
  for (const struct tr_key *k = tr_keys; k->path; k++) set_default(c, k);

  struct schema *s = tr_alloc(1, sizeof *s, e);
  char(*names)[64] = tr_alloc(MAX_FIELDS, sizeof *names, e);
  if (!s || !names) {
    free(s);
    free(names);
    return -1;
  }
  cyaml_schema_value_t top;
  memset(&top, 0, sizeof top);
  top.type = CYAML_MAPPING;
  top.flags = CYAML_FLAG_POINTER;
  top.data_size = (uint32_t)block;
  top.mapping.fields = fields(s, 0, 0, names, block);

  struct log log = {"", "", 0};
  const cyaml_config_t cy = {.log_fn = on_log,
                             .log_ctx = &log,
                             .mem_fn = cyaml_mem,
                             .log_level = CYAML_LOG_ERROR,
                             .flags = CYAML_CFG_NO_ALIAS};
  const struct where w = {name, text, n};
  cyaml_data_t *data = NULL;
  int rc = 0;
  char twice[128];
  struct scalar_fault fault;
  unsigned line = 0;
  if (tr_config_documents(text, n) > 1) {
    rc = tr_fail(e, TR_EXIT_CONFIG, "%s: more than one YAML document", name);
  } else if ((line = tr_config_scalars(text, n, check_scalar, &fault)) != 0) {
    rc = tr_fail(e, TR_EXIT_CONFIG, "%s:%u: %s: %s", name, line, fault.path, fault.what);
  } else if (tr_config_duplicate(text, n, twice, sizeof twice, &line)) {
    rc = tr_fail(e, TR_EXIT_CONFIG, "%s:%u: %s: key given twice", name, line, twice);
  } else {
    const cyaml_err_t err = cyaml_load_data((const uint8_t *)text, n, &cy, &top, &data, NULL);
    if (err != CYAML_OK) {
      const char *what = log.cause[0] ? log.cause : cyaml_strerror(err);
      rc = log.line ? tr_fail(e, TR_EXIT_CONFIG, "%s:%u: %s%s", name, log.line, log.field, what)
                    : tr_fail(e, TR_EXIT_CONFIG, "%s: %s", name, what);
    }
  }
  const struct slot *slots = data;
  for (int k = 0; !rc && slots && tr_keys[k].path; k++)
    if (slots[k].value || slots[k].count) {
      rc = store(c, &tr_keys[k], &slots[k], &w, e);
    } else if ((tr_keys[k].type == TR_T_INTS || tr_keys[k].type == TR_T_NUMS) &&
               tr_config_line(text, n, tr_keys[k].path)) {
      memset((char *)c + tr_keys[k].offset, 0, sizeof(int)); /* an empty list was given: n = 0 */
    }
  if (data) cyaml_free(&cy, &top, data, 0);
  free(s);
  free(names);
  if (!rc) rc = check_all(c, &w, e);
  if (rc) return rc;
  const int layers = tr_config_layers(c);
  fill(&c->w_scale_log2, layers);
  fill(&c->range_forward, layers);
  fill(&c->range_backward, layers);
  fill(&c->range_transfer, layers);
  fill_nums(&c->init, layers);
  fill_nums(&c->lr, layers);
  fill_nums(&c->fast_lr, layers);
  fill_nums(&c->transfer_lr, layers);
  return 0;
}

int tr_config_load(const char *path, struct tr_config *c, struct tr_err *e) {
  uint8_t *text = NULL;
  size_t n = 0;
  if (tr_read_file(path, 0, MAX_TEXT, &text, &n, e)) {
    e->code = TR_EXIT_CONFIG;
    return -1;
  }
  const int rc = memchr(text, 0, n) ? tr_fail(e, TR_EXIT_CONFIG, "%s: not a text file", path)
                                    : tr_config_parse((const char *)text, n, path, c, e);
  free(text);
  return rc;
}

/* ---- the resolved text ---- */
/* Shortest of %.15g .. %.17g that reads back as the same number. */
static void print_number(FILE *f, double v) {
  char s[40];
  for (int digits = 15; digits <= 17; digits++) {
    snprintf(s, sizeof s, "%.*g", digits, v);
    if (strtod(s, NULL) == v) break;
  }
  fputs(s, f);
}

static void print_value(FILE *f, const struct tr_config *c, const struct tr_key *key) {
  const void *at = (const char *)c + key->offset;
  int64_t i;
  double d;
  struct tr_ints il;
  struct tr_nums nl;
  switch (key->type) {
    case TR_T_INT:
      memcpy(&i, at, sizeof i);
      fprintf(f, "%lld", (long long)i);
      break;
    case TR_T_BOOL:
      memcpy(&i, at, sizeof i);
      fputs(i ? "true" : "false", f);
      break;
    case TR_T_NUM:
      memcpy(&d, at, sizeof d);
      print_number(f, d);
      break;
    case TR_T_STR:
      fprintf(f, "\"%s\"", (const char *)at);
      break;
    case TR_T_INTS:
      memcpy(&il, at, sizeof il);
      fputc('[', f);
      for (int k = 0; k < il.n; k++) fprintf(f, "%s%lld", k ? ", " : "", (long long)il.v[k]);
      fputc(']', f);
      break;
    case TR_T_NUMS:
      memcpy(&nl, at, sizeof nl);
      fputc('[', f);
      for (int k = 0; k < nl.n; k++) {
        if (k) fputs(", ", f);
        print_number(f, nl.v[k]);
      }
      fputc(']', f);
      break;
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
  const char *open = ""; /* path of the key before */
  for (const struct tr_key *k = tr_keys; k->path; k++) {
    if (!run_too && strncmp(k->path, "run.", 4) == 0) continue;
    const char *rest = k->path, *prev = open;
    int depth = 0, same = 1;
    for (;;) { /* print the parts that differ from the key before */
      const size_t len = part_length(rest);
      if (rest[len] != '.') break;
      if (!same || strncmp(prev, rest, len + 1) != 0) {
        same = 0;
        fprintf(f, "%*s%.*s:\n", 2 * depth, "", (int)len, rest);
      } else {
        prev += len + 1;
      }
      rest += len + 1;
      depth++;
    }
    fprintf(f, "%*s%s: ", 2 * depth, "", rest);
    print_value(f, c, k);
    fputc('\n', f);
    open = k->path;
  }
  if (fclose(f)) {
    free(text);
    tr_nomem(e);
    return NULL;
  }
  return text;
}

void tr_config_print_keys(void) {
  static const char *const types[] = {"integer", "number", "true/false", "text", "integers", "numbers"};
  for (const struct tr_key *k = tr_keys; k->path; k++) {
    const int list = k->type == TR_T_INTS || k->type == TR_T_NUMS;
    printf("%-40s %-10s default %s%s%s", k->path, types[k->type], list ? "[" : "",
           k->dflt[0] || list ? k->dflt : "\"\"", list ? "]" : "");
    if (k->allowed) {
      printf(", %s", k->allowed);
    } else if (k->type != TR_T_STR && k->type != TR_T_BOOL) {
      printf(", %.10g to %.10g", k->lo, k->hi);
    }
    printf(": %s\n", k->text);
  }
}
