/* SPDX-License-Identifier: Apache-2.0 */
/* What there is to say about devices: their parameters (configuration keys), laws, models and presets, one row each.
 * Parameters have the names, units and meanings of aihwkit. device.c does the rest.
 *
 * In the rows, `d` is the struct tr_device_cfg and `w` a weight. */
#ifndef TR_DEVICE_TABLE_H
#define TR_DEVICE_TABLE_H

/* clang-format off */
/* ROW(plane, name, default, smallest, largest, text): keys device.PLANE.name. */
#define TR_DEVICE_PARAM_TABLE(ROW, plane) \
  ROW(plane, dw_min, 0.001, 0, 1, "mean step at 0; 0: the array never moves") \
  ROW(plane, dw_min_dtod, 0.3, 0, 10, "its relative spread, device to device") \
  ROW(plane, dw_min_std, 0.3, 0, 10, "its relative spread, cycle to cycle") \
  ROW(plane, up_down, 0, -0.9, 0.9, "mean up/down imbalance") \
  ROW(plane, up_down_dtod, 0, 0, 10, "its spread") \
  ROW(plane, w_max, 0.9, 0, 256, "mean upper bound") \
  ROW(plane, w_min, -0.9, -256, 0, "mean lower bound") \
  ROW(plane, w_max_dtod, 0.3, 0, 10, "relative spread of the upper bound") \
  ROW(plane, w_min_dtod, 0.3, 0, 10, "relative spread of the lower bound") \
  ROW(plane, gamma_up, 0, 0, 4, "linear_step: fall of the up step from 0 to w_max") \
  ROW(plane, gamma_down, 0, 0, 4, "linear_step: the same, down") \
  ROW(plane, corrupt_devices_prob, 0, 0, 0.99, "fraction stuck")

/* ROW(LAW, up, down): mean steps of a law (rtl/SPEC.md section 9) at w, as parts of the mean step. */
#define TR_LAW_TABLE(ROW) ROW(LINEAR, 1 - d->gamma_up * w / d->w_max, 1 - d->gamma_down * w / d->w_min)

/* ROW(LAW, FIELD, key, value): the fields of the array that only this law has. */
#define TR_LAW_FIELD_TABLE(ROW) \
  ROW(LINEAR, GAMMA_UP, "gamma_up", 4096 * d->gamma_up) \
  ROW(LINEAR, GAMMA_DOWN, "gamma_down", 4096 * d->gamma_down)

/* ROW(name, LAW, text, parameters that the model fixes). */
#define TR_DEVICE_MODEL_TABLE(ROW) \
  ROW(constant_step, LINEAR, "symmetric, hard bounds", d->gamma_up = d->gamma_down = 0) \
  ROW(linear_step, LINEAR, "step falls from 0 to the bound by gamma_up, gamma_down", (void)d) \
  ROW(soft_bounds, LINEAR, "step vanishes at the bound", d->gamma_up = d->gamma_down = 1)

/* ROW(name): models of aihwkit that this array cannot do. */
#define TR_DEVICE_MISSING_TABLE(ROW) \
  ROW(soft_bounds_reference) \
  ROW(soft_bounds_pmax) \
  ROW(exp_step) \
  ROW(pow_step) \
  ROW(piecewise_step) \
  ROW(one_sided) \
  ROW(mtj) \
  ROW(ideal)

/* ROW(name, model, text, parameters): aihwkit's presets of that name; parameters that one does not name keep their
 * defaults, and what it cannot say here is in its text. */
#define TR_DEVICE_PRESET_TABLE(ROW) \
  ROW(idealized, constant_step, "10000 symmetric steps", d->dw_min = 0.0002, d->w_max = 1, d->w_min = -1) \
  ROW(gokmen_vlasov, constant_step, "1250 steps with a spread of their imbalance (Gokmen, Vlasov 2016)", \
      d->dw_min = 0.0016, d->up_down_dtod = 0.01, d->w_max = 1, d->w_min = -1)

/* clang-format on */

#endif
