/* SPDX-License-Identifier: Apache-2.0 */
/* Memory of a tile: taken once, when it is made, and given back all at once. The blocks themselves allocate nothing. */
#ifndef XT_ROOM_H
#define XT_ROOM_H

#include <stdbool.h>
#include <stddef.h>

enum { XT_ROOM_BLOCKS = 256 };

struct xt_room {
  void *block[XT_ROOM_BLOCKS];
  size_t blocks;
  bool failed; /* something could not be had */
};

/* Zeroed room for count elements and XT_SLACK more (xt_plane.h), aligned for vectors; NULL and `failed` if there is
 * none.
 */
void *xt_room_take(struct xt_room *r, size_t count, size_t size);
/* The same without touching it: what is never written takes no memory. */
void *xt_room_lazy(struct xt_room *r, size_t count, size_t size);
void xt_room_free(struct xt_room *r);

#endif
