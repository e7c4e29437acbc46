/* SPDX-License-Identifier: Apache-2.0 */
/* Readers of tables, configurations and IDX files on broken inputs: sound files, mutated from a seed. Whatever comes is
 * taken, or refused in one line with the exit code of data or configuration; with XT_SANITIZE the sanitizers look on.
 * XT_FUZZ: inputs of each kind (default 500); XT_TEST_SEED. */
#define _GNU_SOURCE
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../splitmix.h"
#include "algo.h"
#include "cli_run.h"
#include "data.h"

static char folder[256];
static uint64_t state;
static int inputs, taken, refused;

static size_t below(size_t n) {
  return n ? (size_t)(splitmix64(&state) % n) : 0;
}

static void setup(void) {
  const char *n = getenv("XT_FUZZ");
  folder_make(folder);
  state = test_seed();
  inputs = n ? atoi(n) : 500;
  taken = refused = 0;
}
static void teardown(void) {
  folder_remove(folder);
}

/* ---- mutation ---- */
enum { CAP = 1 << 16 };
struct input {
  size_t n;
  char bytes[CAP];
};

static void insert(struct input *in, size_t at, const char *what, size_t n) {
  if (in->n + n > CAP) return;
  memmove(in->bytes + at + n, in->bytes + at, in->n - at);
  memcpy(in->bytes + at, what, n);
  in->n += n;
}

static void mutate(struct input *in, const char *const *words) {
  size_t count = 0;
  while (words[count]) count++;
  for (size_t k = below(4) + 1; k > 0; k--) {
    const size_t at = below(in->n), span = below(12) + 1, n = at + span < in->n ? span : in->n - at;
    const char *word = words[below(count)];
    char copy[16];
    switch (below(8)) {
      case 0:
        if (in->n) in->bytes[at] = (char)(in->bytes[at] ^ (1 << below(8)));
        break;
      case 1:
        if (in->n) in->bytes[at] = (char)splitmix64(&state);
        break;
      case 2:
        memmove(in->bytes + at, in->bytes + at + n, in->n - at - n);
        in->n -= n;
        break;
      case 3:
        memcpy(copy, in->bytes + at, n);
        insert(in, below(in->n), copy, n);
        break;
      case 4:
        if (below(4) == 0) in->n = at;
        break;
      default:
        insert(in, at, word, strlen(word));
    }
  }
}

static void write_input(const char *name, const struct input *in) {
  char path[600];
  snprintf(path, sizeof path, "%s/%s", folder, name);
  FILE *f = fopen(path, "wb");
  ck_assert_ptr_nonnull(f);
  ck_assert_uint_eq(fwrite(in->bytes, 1, in->n, f), in->n);
  ck_assert_int_eq(fclose(f), 0);
}

static void start(struct input *in, const void *seed, size_t n, const char *const *words) {
  in->n = n;
  memcpy(in->bytes, seed, n);
  mutate(in, words);
}

static void one_line(const struct tr_err *e, int input) {
  refused++;
  ck_assert_msg(e->code == TR_EXIT_DATA || e->code == TR_EXIT_CONFIG, "input %d: exit code %d: %s", input, e->code,
                e->text);
  ck_assert_msg(e->text[0] && !strpbrk(e->text, "\n\r"), "input %d: not one line: '%s'", input, e->text);
}

static void load(const struct tr_config *c, int input) {
  struct tr_dataset d;
  struct tr_err e = {0, ""};
  if (tr_data_load(c, folder, &d, &e)) {
    one_line(&e, input);
    return;
  }
  taken++;
  ck_assert(d.inputs > 0 && d.classes >= 2 && d.train.n > 0);
  for (size_t k = 0; k < d.train.n; k++) ck_assert_int_lt(d.train.label[k], d.classes);
  for (size_t k = 0; k < d.test.n; k++) ck_assert_int_lt(d.test.label[k], d.classes);
  tr_data_free(&d);
}

static void both_were_seen(void) {
  printf("%d inputs: %d taken, %d refused\n", inputs, taken, refused);
  ck_assert_int_gt(taken, 0);
  ck_assert_int_gt(refused, 0);
}

/* ---- tables ---- */
static const char *const table_words[] = {",",        ";",
                                          "\t",       "\"",
                                          "\n",       "\r\n",
                                          "\r",       "\n\n",
                                          "\"\"",     "?",
                                          "NA",       "1e5",
                                          "-",        ".",
                                          "e",        "1e999",
                                          " ",        "a",
                                          "|",        "1e-200",
                                          "0x1",      "\xEF\xBB\xBF",
                                          "\xFF\xFE", "99999999999999999999999999",
                                          ",,,,",     "\"a\nb\"",
                                          NULL};
static const char *const tables[] = {
    "1.5,2,a\n2.5,3,b\n3.5,4,a\n4.5,1,b\n5.5,0,a\n6.5,2,b\n",
    "x;y;class\n1,5;2;a\n2,5;3;b\n3,5;4;a\n4,5;1;b\n5,5;0;a\n",
    "\"id\"\t\"w\"\t\"c\"\r\n1\t\"a \"\"b\"\"\"\t1\r\n2\t\"c\nd\"\t2\r\n3\t\"e\"\t1\r\n4\t?\t2\r\n",
    "  1  2 a\n 2 3 b\n  3 4 a\n4 5 b\n",
};
static const char *const table_keys[] = {"",
                                         "decimal: comma",
                                         "nominal: one_hot, missing: mean",
                                         "nominal: one_hot, missing: drop, label: 2",
                                         "header: true, skip: \"1\"",
                                         "label: first, missing: mean, signed: false",
                                         "columns: \"1-\", label: last, test: u"};

static struct tr_config *configs(size_t k) {
  static struct tr_config c;
  char text[300];
  struct tr_err e = {0, ""};
  snprintf(text, sizeof text, "data: {kind: csv, train: t%s%s}\n", *table_keys[k] ? ", " : "", table_keys[k]);
  ck_assert_msg(!tr_config_parse(text, strlen(text), "fuzz", NULL, &c, &e), "%s", e.text);
  return &c;
}

START_TEST(broken_tables) {
  static struct input in;
  for (int k = 0; k < inputs; k++) {
    const char *seed = tables[below(sizeof tables / sizeof *tables)];
    if (k % 16 == 0) { /* as it is */
      in.n = strlen(seed);
      memcpy(in.bytes, seed, in.n);
    } else {
      start(&in, seed, strlen(seed), table_words);
    }
    write_input("t", &in);
    if (k % 3 == 0) mutate(&in, table_words);
    write_input("u", &in);
    load(configs(below(sizeof table_keys / sizeof *table_keys)), k);
    if (k % 25 == 0) {
      struct cli c = {0};
      char path[600];
      snprintf(path, sizeof path, "%s/made.yaml", folder);
      remove(path);
      cli_start(&c, folder, "init %s/t -o %s", folder, path);
      const int rc = cli_wait(&c);
      ck_assert_msg(rc == 0 || rc == TR_EXIT_DATA || rc == TR_EXIT_CONFIG, "input %d: init: exit code %d: %s", k, rc,
                    c.err);
    }
  }
  both_were_seen();
}
END_TEST

/* ---- configurations ---- */
static const char *const yaml_words[] = {
    ":",    ": ", "-",     "- ",   "{",     "}",   "[",  "]",    ",",  "\n",   "\n  ",  "&a",
    "*a",   "\"", "'",     "#",    "auto",  "1e9", "-1", "nan",  "|",  ">",    "---\n", "...",
    "seed", "\t", "tile:", "true", "!!int", "<<",  "%",  "\xC3", "? ", "[[[[", "\\x00", NULL};
static const char yaml_seed[] =
    "seed: 3\ndata: {kind: csv, train: t, label: last, columns: \"1-2, x\"}\nnetwork:\n  hidden: [3, 4]\n  init: auto\n"
    "tile: {range_forward: auto, adc_bits: 9, w_scale_log2: [0, 0, 1]}\nalgorithm:\n  name: shd\n  fast_lr: 0.032\n"
    "device:\n  A: {preset: reram_es, dw_min: 0.1}\nrun: {epochs: 3}\n";

START_TEST(broken_configurations) {
  static struct input in;
  static struct tr_config c;
  for (int k = 0; k < 4 * inputs; k++) {
    struct tr_err e = {0, ""};
    start(&in, yaml_seed, sizeof yaml_seed - 1, yaml_words);
    if (tr_config_parse(in.bytes, in.n, "t.yaml", NULL, &c, &e) || tr_config_resolve(&c, &e)) {
      one_line(&e, k);
      continue;
    }
    taken++;
    char *text = tr_config_text(&c, 1, &e); /* what was understood is understood again */
    ck_assert_ptr_nonnull(text);
    ck_assert_msg(!tr_config_parse(text, strlen(text), "again", NULL, &c, &e), "input %d: %s", k, e.text);
    free(text);
  }
  both_were_seen();
}
END_TEST

/* ---- IDX ---- */
START_TEST(broken_idx) {
  static const char *const words[] = {"\x01", "\xFF\xFF\xFF\xFF", "\x08\x03", "\x1F\x8B\x08", "\x7F", NULL};
  static struct input in, labels;
  static struct tr_config c;
  char images[16 + 12 * 6] = {0, 0, 8, 3, 0, 0, 0, 12, 0, 0, 0, 2, 0, 0, 0, 3},
                        label[8 + 12] = {0, 0, 8, 1, 0, 0, 0, 12};
  struct tr_err e = {0, ""};
  static const char text[] = "data: {kind: idx, train_images: a, train_labels: b, test_images: a, test_labels: b}\n";
  for (int k = 0; k < 12; k++) label[8 + k] = (char)(k % 3);
  ck_assert(!tr_config_parse(text, sizeof text - 1, "fuzz", NULL, &c, &e));
  for (int k = 0; k < inputs; k++) {
    start(&in, images, sizeof images, words);
    start(&labels, label, sizeof label, words);
    if (k % 2) { /* one of them is sound */
      labels.n = sizeof label;
      memcpy(labels.bytes, label, sizeof label);
    } else if (k % 4 == 0) {
      in.n = sizeof images;
      memcpy(in.bytes, images, sizeof images);
    }
    write_input("a", &in);
    write_input("b", &labels);
    load(&c, k);
  }
  both_were_seen();
}
END_TEST

int main(void) {
  Suite *s = suite_create("train_fuzz");
  TCase *t = tcase_create("all");
  tcase_add_checked_fixture(t, setup, teardown);
  tcase_set_timeout(t, 600);
  tcase_add_test(t, broken_tables);
  tcase_add_test(t, broken_configurations);
  tcase_add_test(t, broken_idx);
  suite_add_tcase(s, t);
  SRunner *r = srunner_create(s);
  srunner_run_all(r, CK_ENV);
  const int failed = srunner_ntests_failed(r);
  srunner_free(r);
  return failed != 0;
}
