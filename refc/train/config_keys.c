/* SPDX-License-Identifier: Apache-2.0 */
#include "config.h"

#define AT(member) offsetof(struct tr_config, member)
#define INT(path, member, dflt, lo, hi, text) {path, TR_T_INT, AT(member), lo, hi, dflt, NULL, text},
#define NUM(path, member, dflt, lo, hi, text) {path, TR_T_NUM, AT(member), lo, hi, dflt, NULL, text},
#define BOOL(path, member, dflt, text) {path, TR_T_BOOL, AT(member), 0, 1, dflt, NULL, text},
#define STR(path, member, dflt, allowed, text) {path, TR_T_STR, AT(member), 0, 0, dflt, allowed, text},
#define INTS(path, member, dflt, lo, hi, text) {path, TR_T_INTS, AT(member), lo, hi, dflt, NULL, text},
#define NUMS(path, member, dflt, lo, hi, text) {path, TR_T_NUMS, AT(member), lo, hi, dflt, NULL, text},

/* Presets and models are checked by device.c, which also knows those that are not implemented. */
#define DEVICE_PARAM(plane, name, dflt, lo, hi, text) \
  NUM("device." #plane "." #name, device[XT_PLANE_##plane].name, #dflt, lo, hi, text)
#define NAME(name, ...) " " #name
#define DEVICE(plane, value, text)                                                                                \
  STR("device." #plane ".preset", device[value].preset, "", NULL,                                                 \
      "model and defaults of the keys below, from aihwkit:" TR_DEVICE_PRESET_TABLE(NAME))                         \
  STR("device." #plane ".model", device[value].model, "soft_bounds", NULL, "one of:" TR_DEVICE_MODEL_TABLE(NAME)) \
  TR_DEVICE_PARAM_TABLE(DEVICE_PARAM, plane)                                                                      \
  STR("device." #plane ".rounding", device[value].rounding, "stochastic", "stochastic|nearest", "rounding of a step")
#define STRS(path, member, dflt, text) {path, TR_T_STRS, AT(member), 0, 0, dflt, NULL, text},
#define DEVICES() XT_PLANE_TABLE(DEVICE)

const struct tr_key tr_keys[] = {
    TR_KEY_TABLE(INT, NUM, BOOL, STR, INTS, NUMS, STRS, DEVICES){NULL, TR_T_INT, 0, 0, 0, NULL, NULL, NULL}};
