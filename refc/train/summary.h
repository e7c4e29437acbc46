/* SPDX-License-Identifier: Apache-2.0 */
/* What a run cost and reached. */
#ifndef TR_SUMMARY_H
#define TR_SUMMARY_H

#include "checkpoint.h"
#include "net.h"

/* YAML, to be freed. Does not depend on the machine or on the wall clock. */
char *tr_summary_text(const struct tr_config *c, struct tr_net *net, const struct tr_state *s, struct tr_err *e);
/* The same for people, on stdout. */
int tr_summary_print(const struct tr_config *c, struct tr_net *net, const struct tr_state *s, struct tr_err *e);
/* Engines that compare: "matched N records, M operations, K cycles (seed S)"; nothing compared is an error. */
int tr_matched_print(struct tr_net *net, long long seed, struct tr_err *e);

#endif
