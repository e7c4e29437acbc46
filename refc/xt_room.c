/* SPDX-License-Identifier: Apache-2.0 */
#include "xt_room.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#if defined(__linux__)
#include <sys/mman.h>
#endif

#include "xt_plane.h"

static void *keep(struct xt_room *r, void *p) {
  if (p == NULL || r->blocks == XT_ROOM_BLOCKS) {
    free(p);
    r->failed = true;
    return NULL;
  }
  return r->block[r->blocks++] = p;
}

void *xt_room_take(struct xt_room *r, size_t count, size_t size) {
  const size_t line = 64, bytes = ((count + XT_SLACK) * size + line - 1) / line * line; /* a cache line */
  void *p = aligned_alloc(line, bytes);
  if (p != NULL) memset(p, 0, bytes);
  return keep(r, p);
}

/* Huge pages, where there are any, for what is far bigger than one. */
static void advise(uint8_t *p, size_t bytes) {
#if defined(MADV_HUGEPAGE)
  const size_t page = (size_t)1 << 21, skip = page - (uintptr_t)p % page;
  if (p != NULL && bytes >= 8 * page) (void)madvise(p + skip, (bytes - skip) / page * page, MADV_HUGEPAGE);
#else
  (void)p;
  (void)bytes;
#endif
}

void *xt_room_lazy(struct xt_room *r, size_t count, size_t size) {
  const size_t line = 64, bytes = (count + XT_SLACK) * size + line;
  uint8_t *p = keep(r, calloc(bytes, 1));
  advise(p, bytes);
  return p == NULL ? NULL : p + (line - (uintptr_t)p % line);
}

void xt_room_free(struct xt_room *r) {
  for (size_t b = 0; b < r->blocks; b++) free(r->block[b]);
  r->blocks = 0;
}
