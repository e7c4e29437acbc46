/* SPDX-License-Identifier: Apache-2.0 */
/* The golden reference as an engine of xt_tile_if.h. */
#ifndef XT_REF_H
#define XT_REF_H

#include "xt_tile_if.h"

/* submit() executes the packet at once, so a register access sees the tile idle: BUSY never occurs here. A hardware
 * reset withdraws every answer that has not been collected. A tile must be configured before its first packet. */
extern const struct xt_engine xt_engine_ref;

/* From here on every cycle one by one: refc without refc/fast. t: of xt_engine_ref. */
void xt_ref_plain(struct xt_tile *t);
/* Planes are lazy as big ones are (xt_plane.h): for tests, before configure(). */
void xt_ref_lazy(struct xt_tile *t);

#endif
