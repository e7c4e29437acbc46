/* SPDX-License-Identifier: Apache-2.0 */
/* IDX files (LeCun): magic 0 0 type dims, big-endian sizes, then the data. Unsigned bytes only. */
#define _GNU_SOURCE
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "data.h"

struct idx {
  uint8_t *bytes;
  const uint8_t *data;
  int dims;
  size_t count, item; /* first size; product of the others */
};

static uint32_t be32(const uint8_t *p) {
  return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | (uint32_t)p[3];
}

static int read_idx(const char *path, struct idx *f, struct tr_err *e) {
  size_t n = 0;
  memset(f, 0, sizeof *f);
  if (tr_read_file(path, 1, TR_DATA_MAX_BYTES, &f->bytes, &n, e)) return -1;
  if (n < 4) return tr_fail(e, TR_EXIT_DATA, "%s: %zu bytes: too short for an IDX header", path, n);
  if (f->bytes[0] || f->bytes[1])
    return tr_fail(e, TR_EXIT_DATA, "%s: magic number 0x%08" PRIx32 " is not IDX (0x0000TTDD)", path, be32(f->bytes));
  if (f->bytes[2] != 8)
    return tr_fail(e, TR_EXIT_DATA, "%s: IDX type 0x%02x; only 0x08 (unsigned byte) is allowed", path, f->bytes[2]);
  f->dims = f->bytes[3];
  if (f->dims < 1 || f->dims > 4)
    return tr_fail(e, TR_EXIT_DATA, "%s: %d dimensions; 1 to 4 are allowed", path, f->dims);
  const size_t head = 4 + 4 * (size_t)f->dims;
  if (n < head) return tr_fail(e, TR_EXIT_DATA, "%s: ends inside its header", path);
  f->count = be32(f->bytes + 4);
  f->item = 1;
  for (int k = 1; k < f->dims; k++) {
    const size_t s = be32(f->bytes + 4 + 4 * k);
    if (s == 0 || s > 65536 || (f->item *= s) > 32767)
      return tr_fail(e, TR_EXIT_DATA, "%s: items of more than 32767 (or 0) values", path);
  }
  if (f->count > TR_DATA_MAX_SAMPLES)
    return tr_fail(e, TR_EXIT_DATA, "%s: %zu items; at most %zu are allowed", path, f->count, TR_DATA_MAX_SAMPLES);
  if (f->count == 0) return tr_fail(e, TR_EXIT_DATA, "%s: 0 items", path);
  if (n - head != f->count * f->item)
    return tr_fail(e, TR_EXIT_DATA, "%s: header says %zu bytes of data, file has %zu", path, f->count * f->item,
                   n - head);
  f->data = f->bytes + head;
  return 0;
}

static int load_pair(const char *images, const char *labels, size_t limit, int cmax, struct tr_samples *s,
                     struct tr_dataset *d, struct tr_err *e) {
  struct idx im, lb;
  memset(&lb, 0, sizeof lb);
  int rc = read_idx(images, &im, e) || read_idx(labels, &lb, e) ? -1 : 0;
  if (!rc && lb.dims != 1) rc = tr_fail(e, TR_EXIT_DATA, "%s: %d dimensions; labels have 1", labels, lb.dims);
  if (!rc && im.dims < 2) rc = tr_fail(e, TR_EXIT_DATA, "%s: 1 dimension; images have 2 or more", images);
  if (!rc && im.count != lb.count)
    rc = tr_fail(e, TR_EXIT_DATA, "%s has %zu items but %s has %zu", images, im.count, labels, lb.count);
  if (!rc && d->inputs && (size_t)d->inputs != im.item)
    rc = tr_fail(e, TR_EXIT_DATA, "%s: %zu values per item; the training set has %d", images, im.item, (int)d->inputs);
  if (!rc) {
    d->inputs = (int32_t)im.item;
    const size_t n = limit && limit < im.count ? limit : im.count;
    rc = tr_samples_alloc(s, n, d->inputs, e);
    int8_t code[256];
    for (int v = 0; v < 256; v++) code[v] = (int8_t)((v * cmax + 127) / 255);
    for (size_t k = 0; !rc && k < n * im.item; k++) s->x[k] = code[im.data[k]];
    for (size_t k = 0; !rc && k < n; k++) s->label[k] = lb.data[k];
    /* the class count comes from whole files, so that a limit does not change the network */
    for (size_t k = 0; !rc && k < lb.count; k++)
      if (lb.data[k] >= d->classes) d->classes = lb.data[k] + 1;
  }
  free(im.bytes);
  free(lb.bytes);
  return rc;
}

/* NAME.gz stands for NAME too, and the other way round. */
static char *find(const char *data_dir, const char *name, struct tr_err *e) {
  char *path = tr_data_path(data_dir, name, e), *other = NULL;
  if (!path || access(path, F_OK) == 0) return path;
  const size_t n = strlen(path);
  const int packed = n > 3 && strcmp(path + n - 3, ".gz") == 0;
  other = tr_alloc(n + 4, 1, e);
  if (!other) return path;
  memcpy(other, path, packed ? n - 3 : n);
  if (!packed) memcpy(other + n, ".gz", 3);
  if (access(other, F_OK) == 0) {
    free(path);
    return other;
  }
  free(other);
  return path;
}

/* What is missing, and where people get it. */
static int all_there(const struct tr_config *cfg, const char *data_dir, char *const p[4], struct tr_err *e) {
  int missing = -1;
  for (int k = 3; k >= 0; k--)
    if (access(p[k], F_OK)) missing = k;
  if (missing < 0) return 0;
  return tr_fail(
      e, TR_EXIT_DATA,
      "%s: No such file; data.kind idx needs four files, plain or gzip, in %s (--data DIR "
      "names the folder): %s, %s, %s, %s: MNIST and Fashion-MNIST have these names; get them from their sites or "
      "through PyTorch's or Keras's data sets, or do without: data.kind: digits",
      p[missing], data_dir ? data_dir : "the current folder", cfg->data_train_images, cfg->data_train_labels,
      cfg->data_test_images, cfg->data_test_labels);
}

int tr_load_idx(const struct tr_config *cfg, const char *data_dir, struct tr_dataset *d, struct tr_err *e) {
  const int cmax = (1 << (cfg->code_bits - 1)) - 1;
  char *p[4] = {find(data_dir, cfg->data_train_images, e), find(data_dir, cfg->data_train_labels, e),
                find(data_dir, cfg->data_test_images, e), find(data_dir, cfg->data_test_labels, e)};
  int rc = p[0] && p[1] && p[2] && p[3] ? all_there(cfg, data_dir, p, e) : -1;
  if (!rc) rc = load_pair(p[0], p[1], (size_t)cfg->data_limit, cmax, &d->train, d, e);
  const int32_t train_classes = d->classes;
  if (!rc) rc = load_pair(p[2], p[3], (size_t)cfg->data_test_limit, cmax, &d->test, d, e);
  if (!rc && d->classes > train_classes)
    rc = tr_fail(e, TR_EXIT_DATA, "%s: label %d does not occur in the training set", p[3], (int)d->classes - 1);
  for (int k = 0; k < 4; k++) free(p[k]);
  return rc;
}
