/* SPDX-License-Identifier: Apache-2.0 */
#include "xt_record.h"

#include <inttypes.h>
#include <string.h>

#include "xt_dim.h"

static const char *const op_names[] = {
#define X(name, value, text) [value] = #name,
    XT_OP_TABLE(X)
#undef X
};
static const char *const kind_names[] = {
#define X(name, value, text) [value] = #name,
    XT_KIND_TABLE(X)
#undef X
};

static const char *name_of(const char *const *names, size_t count, uint8_t value) {
  return value < count && names[value] ? names[value] : "?";
}

static uint32_t words_of(uint32_t bits) {
  return (bits + 31) / 32;
}

/* A vector that is NULL is all zero: the word i of it. */
static uint32_t word_at(const uint32_t *v, uint32_t i) {
  return v ? v[i] : 0;
}
static int32_t code_at(const int16_t *v, uint32_t i) {
  return v ? v[i] : 0;
}

static void put_bits(FILE *f, const uint32_t *v, uint32_t bits) {
  uint32_t i = words_of(bits);
  while (i > 0 && word_at(v, i - 1) == 0) i--;
  if (i == 0) {
    fputs("\t-", f);
    return;
  }
  fprintf(f, "\t%" PRIx32, v[--i]);
  while (i-- > 0) fprintf(f, "%08" PRIx32, v[i]);
}

static void put_codes(FILE *f, const int16_t *v, uint32_t count) {
  if (!v || count == 0) {
    fputs("\t-", f);
    return;
  }
  for (uint32_t i = 0; i < count; i++) fprintf(f, "%c%d", i ? ',' : '\t', v[i]);
}

static void put_factor(FILE *f, uint32_t gain, uint32_t shift) {
  if (gain == 0 && shift == 0)
    fputs("\t-\t-", f);
  else
    fprintf(f, "\t%" PRIu32 "\t%" PRIu32, gain, shift);
}

int xt_trace_header(FILE *f) {
  fputs(
      "tile\torder\tcycle\top\tkind\tsel\tphase\tslot\tat\trow_act\trow_pol\tcol_act\tcol_pol\trow_amp\tcol_amp\trow_"
      "gain\t"
      "row_shift\tcol_gain\tcol_shift\ttrial\tcmp\tover\tstatus\tinfo\tcycles\tcodes\tdigest_a\tdigest_c\tdigest_"
      "r\tcounters\n",
      f);
  return ferror(f) ? -1 : 0;
}

int xt_trace_write(FILE *f, int tile, const struct xt_shape *shape, const struct xt_record *rec) {
  const uint32_t n = (uint32_t)shape->n, m = (uint32_t)shape->m, units = (uint32_t)xt_shape_units(shape);
  fprintf(f, "%d\t%" PRIu64 "\t%" PRIu32 "\t%s\t%s\t%u\t%u\t%u\t%u", tile, rec->order, rec->cycle,
          name_of(op_names, sizeof op_names / sizeof *op_names, rec->op),
          name_of(kind_names, sizeof kind_names / sizeof *kind_names, rec->kind), rec->sel, rec->phase, rec->slot,
          rec->at);
  put_bits(f, rec->row_act, n);
  put_bits(f, rec->row_pol, n);
  put_bits(f, rec->col_act, m);
  put_bits(f, rec->col_pol, m);
  put_bits(f, rec->row_amp, n * XT_AMP_BITS);
  put_bits(f, rec->col_amp, m * XT_AMP_BITS);
  put_factor(f, rec->row_gain, rec->row_shift);
  put_factor(f, rec->col_gain, rec->col_shift);
  put_codes(f, rec->trial, rec->kind == XT_KIND_SAR ? units : 0);
  put_bits(f, rec->cmp, units);
  put_bits(f, rec->over, units);
  if (rec->kind == XT_KIND_END) {
    fprintf(f, "\t%u\t%u\t%" PRIu32, rec->status, rec->info, rec->cycles);
    put_codes(f, rec->codes, rec->ncodes);
    fprintf(f, "\t%08" PRIx32 "\t%08" PRIx32 "\t%08" PRIx32, rec->digest[0], rec->digest[1], rec->digest[2]);
    for (int i = 0; i < XT_NUM_COUNTERS; i++) fprintf(f, "%c%" PRIu64, i ? ',' : '\t', rec->counters[i]);
    fputc('\n', f);
  } else {
    fputs("\t-\t-\t-\t-\t-\t-\t-\t-\n", f);
  }
  return ferror(f) ? -1 : 0;
}

static const char *diff_number(const char *field, uint64_t a, uint64_t b, char *left, char *right) {
  if (a == b) return NULL;
  snprintf(left, XT_FIELD_TEXT, "%" PRIu64, a);
  snprintf(right, XT_FIELD_TEXT, "%" PRIu64, b);
  return field;
}

static const char *diff_bits(const char *field, const uint32_t *a, const uint32_t *b, uint32_t bits, char *left,
                             char *right) {
  if (a == b || (a && b && memcmp(a, b, words_of(bits) * sizeof *a) == 0)) return NULL;
  uint32_t w = 0; /* the first word that differs */
  while (w < words_of(bits) && word_at(a, w) == word_at(b, w)) w++;
  if (w == words_of(bits)) return NULL;
  for (uint32_t i = 32 * w; i < bits; i++) {
    const uint32_t x = word_at(a, i / 32) >> (i % 32) & 1, y = word_at(b, i / 32) >> (i % 32) & 1;
    if (x != y) {
      snprintf(left, XT_FIELD_TEXT, "%" PRIu32 " (line %" PRIu32 ")", x, i);
      snprintf(right, XT_FIELD_TEXT, "%" PRIu32 " (line %" PRIu32 ")", y, i);
      return field;
    }
  }
  return diff_number(field, word_at(a, w), word_at(b, w), left, right); /* bits past the last line */
}

static const char *diff_codes(const char *field, const int16_t *a, const int16_t *b, uint32_t count, char *left,
                              char *right) {
  if (a == b || (a && b && memcmp(a, b, count * sizeof *a) == 0)) return NULL;
  for (uint32_t i = 0; i < count; i++) {
    if (code_at(a, i) != code_at(b, i)) {
      snprintf(left, XT_FIELD_TEXT, "%" PRId32 " (line %" PRIu32 ")", code_at(a, i), i);
      snprintf(right, XT_FIELD_TEXT, "%" PRId32 " (line %" PRIu32 ")", code_at(b, i), i);
      return field;
    }
  }
  return NULL;
}

const char *xt_record_diff(const struct xt_shape *shape, const struct xt_record *a, const struct xt_record *b,
                           char *left, char *right) {
  static const char *const counter_fields[] = {
#define X(name, value, text) [value] = "counter " #name,
      XT_CNT_TABLE(X)
#undef X
  };
  static const char *const digest_fields[] = {"digest_a", "digest_c", "digest_r"};
  const uint32_t n = (uint32_t)shape->n, m = (uint32_t)shape->m, units = (uint32_t)xt_shape_units(shape);
  const char *field = NULL;
#define NUMBER(f) \
  if ((field = diff_number(#f, a->f, b->f, left, right))) return field
#define BITS(f, bits) \
  if ((field = diff_bits(#f, a->f, b->f, bits, left, right))) return field
  NUMBER(order);
  NUMBER(op);
  NUMBER(kind);
  NUMBER(cycle);
  NUMBER(sel);
  NUMBER(phase);
  NUMBER(slot);
  NUMBER(at);
  NUMBER(row_gain);
  NUMBER(row_shift);
  NUMBER(col_gain);
  NUMBER(col_shift);
  BITS(row_act, n);
  BITS(row_pol, n);
  BITS(col_act, m);
  BITS(col_pol, m);
  BITS(row_amp, n * XT_AMP_BITS);
  BITS(col_amp, m * XT_AMP_BITS);
  if (a->kind == XT_KIND_SAR) {
    if ((field = diff_codes("trial", a->trial, b->trial, units, left, right))) return field;
    BITS(cmp, units);
    BITS(over, units);
  }
  if (a->kind != XT_KIND_END) return NULL;
  NUMBER(status);
  NUMBER(info);
  NUMBER(cycles);
  NUMBER(ncodes);
  if ((field = diff_codes("codes", a->codes, b->codes, a->ncodes, left, right))) return field;
  for (int i = 0; i < XT_NUM_COUNTERS; i++)
    if ((field = diff_number(counter_fields[i], a->counters[i], b->counters[i], left, right))) return field;
  for (int i = 0; i < 3; i++)
    if ((field = diff_number(digest_fields[i], a->digest[i], b->digest[i], left, right))) return field;
  return NULL;
#undef NUMBER
#undef BITS
}
