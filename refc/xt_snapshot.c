/* SPDX-License-Identifier: Apache-2.0 */
#include "xt_snapshot.h"

#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>

#include "xt_csr.h"

static const char *const plane_names[] = {
#define X(NAME, value, text) [value] = #NAME,
    XT_PLANE_TABLE(X)
#undef X
};

static size_t devices(const struct xt_dim *dim) {
  return (size_t)dim->n * (size_t)dim->m;
}

static int check_plane(const struct xt_dim *dim, const char *name, const int32_t *w, char *err, size_t errlen) {
  for (size_t k = 0; k < devices(dim); k++) {
    if (w[k] >= -dim->fs && w[k] < dim->fs) continue;
    snprintf(err, errlen, "snapshot: device %zu of array %s is %" PRId32 ", not in %" PRId32 "..%" PRId32, k, name,
             w[k], -dim->fs, dim->fs - 1);
    return XT_E_ARG;
  }
  return XT_E_OK;
}

static int check_generators(const char *side, const uint32_t *gen, int32_t lines, int32_t width, char *err,
                            size_t errlen) {
  for (int32_t i = 0; i < lines; i++) {
    if (gen[i] >> width == 0) continue; /* 0 is an upset: SPEC section 6 */
    snprintf(err, errlen, "snapshot: generator of %s %" PRId32 " is %" PRIu32 ", not in 0..%" PRIu32, side, i, gen[i],
             (UINT32_C(1) << width) - 1);
    return XT_E_ARG;
  }
  return XT_E_OK;
}

static int check_corrections(const struct xt_dim *dim, const int16_t *cal, char *err, size_t errlen) {
  for (int32_t u = 0; u < dim->units; u++) {
    if (cal[u] >= -dim->adcmax && cal[u] <= dim->adcmax) continue;
    snprintf(err, errlen, "snapshot: correction of converter %" PRId32 " is %d, not in %" PRId32 "..%" PRId32, u,
             cal[u], -dim->adcmax, dim->adcmax);
    return XT_E_ARG;
  }
  return XT_E_OK;
}

static int check_sums(const struct xt_dim *dim, const int32_t *acc, char *err, size_t errlen) {
  for (int32_t i = 0; i < dim->n; i++) {
    for (int32_t k = 0; k < dim->ms; k++) {
      const int32_t sum = acc[(size_t)i * (size_t)dim->ms + (size_t)k];
      if (sum >= -dim->smax && sum <= dim->smax) continue;
      snprintf(err, errlen,
               "snapshot: sum (%" PRId32 ", %" PRId32 ") of the accumulator is %" PRId32 ", not in %" PRId32
               "..%" PRId32,
               i, k, sum, -dim->smax, dim->smax);
      return XT_E_ARG;
    }
  }
  return XT_E_OK;
}

static int check_scalars(const struct xt_shape *shape, const struct xt_snapshot *s, char *err, size_t errlen) {
#define X(name, type, legal, rtl, text)                                                 \
  {                                                                                     \
    const uint64_t v = s->name;                                                         \
    if (!(legal)) {                                                                     \
      snprintf(err, errlen, "snapshot: %s cannot be %" PRIu64 " (%s)", #name, v, text); \
      return XT_E_ARG;                                                                  \
    }                                                                                   \
  }
  XT_SNAPSHOT_TABLE(X)
#undef X
  (void)shape; /* not every description has a scalar that depends on it */
  return XT_E_OK;
}

static int check_registers(const struct xt_dim *dim, const struct xt_snapshot *s, char *err, size_t errlen) {
#define X(NAME, address, access, reset, smallest, largest)                                       \
  if (xt_csr_kept(address) && !xt_csr_legal(dim, address, s->csr[address])) {                    \
    snprintf(err, errlen, "snapshot: register %s cannot hold %" PRIu32, #NAME, s->csr[address]); \
    return XT_E_ARG;                                                                             \
  }
  XT_CSR_TABLE(X)
#undef X
  return XT_E_OK;
}

int xt_snapshot_check(const struct xt_dim *dim, const struct xt_snapshot *s, char *err, size_t errlen) {
  int rc = XT_E_OK;
  for (int p = 0; p < XT_NUM_PLANES && rc == XT_E_OK; p++) rc = check_plane(dim, plane_names[p], s->w[p], err, errlen);
  if (rc == XT_E_OK) rc = check_generators("row", s->row_gen, dim->n, dim->pb, err, errlen);
  if (rc == XT_E_OK) rc = check_generators("column", s->col_gen, dim->m, dim->pb + 1, err, errlen);
  if (rc == XT_E_OK) rc = check_corrections(dim, s->cal, err, errlen);
  if (rc == XT_E_OK) rc = check_sums(dim, s->acc, err, errlen);
  if (rc == XT_E_OK) rc = check_scalars(&dim->shape, s, err, errlen);
  if (rc == XT_E_OK) rc = check_registers(dim, s, err, errlen);
  return rc;
}

static bool differ(uint64_t a, uint64_t b, char *text) {
  if (a == b) return false;
  snprintf(text, XT_SNAPSHOT_TEXT, "%" PRIu64 " and %" PRIu64, a, b);
  return true;
}

/* Matrices of dim->n rows of m. */
static bool matrices_differ(const struct xt_dim *dim, int32_t m, const char *what, const int32_t *a, const int32_t *b,
                            char *text) {
  for (size_t k = 0; k < (size_t)dim->n * (size_t)m; k++) {
    if (a[k] == b[k]) continue;
    snprintf(text, XT_SNAPSHOT_TEXT, "%s (%zu, %zu): %" PRId32 " and %" PRId32, what, k / (size_t)m, k % (size_t)m,
             a[k], b[k]);
    return true;
  }
  return false;
}

static bool lines_differ(const uint32_t *a, const uint32_t *b, int32_t lines, char *text) {
  for (int32_t i = 0; i < lines; i++) {
    if (a[i] == b[i]) continue;
    snprintf(text, XT_SNAPSHOT_TEXT, "line %" PRId32 ": %" PRIu32 " and %" PRIu32, i, a[i], b[i]);
    return true;
  }
  return false;
}

static bool corrections_differ(const struct xt_dim *dim, const int16_t *a, const int16_t *b, char *text) {
  for (int32_t u = 0; u < dim->units; u++) {
    if (a[u] == b[u]) continue;
    snprintf(text, XT_SNAPSHOT_TEXT, "converter %" PRId32 ": %d and %d", u, a[u], b[u]);
    return true;
  }
  return false;
}

const char *xt_snapshot_diff(const struct xt_dim *dim, const struct xt_snapshot *a, const struct xt_snapshot *b,
                             char *text) {
  for (int p = 0; p < XT_NUM_PLANES; p++) {
    if (matrices_differ(dim, dim->m, "device", a->w[p], b->w[p], text)) return plane_names[p];
  }
  if (lines_differ(a->row_gen, b->row_gen, dim->n, text)) return "row_gen";
  if (lines_differ(a->col_gen, b->col_gen, dim->m, text)) return "col_gen";
  if (corrections_differ(dim, a->cal, b->cal, text)) return "cal";
  if (matrices_differ(dim, dim->ms, "sum", a->acc, b->acc, text)) return "acc";
#define X(name, type, legal, rtl, note) \
  if (differ(a->name, b->name, text)) return #name;
  XT_SNAPSHOT_TABLE(X)
#undef X
#define X(NAME, value, note) \
  if (differ(a->counters[value], b->counters[value], text)) return "counter " #NAME;
  XT_CNT_TABLE(X)
#undef X
#define X(NAME, address, access, reset, smallest, largest) \
  if (xt_csr_kept(address) && differ(a->csr[address], b->csr[address], text)) return "register " #NAME;
  XT_CSR_TABLE(X)
#undef X
  return NULL;
}
