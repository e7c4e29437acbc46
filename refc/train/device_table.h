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
  ROW(plane, gamma_up, 0, 0, 100, "linear_step: fall of the up step from 0 to w_max, at most 4; exp_step: growth of its exponential") \
  ROW(plane, gamma_down, 0, 0, 100, "the same, down") \
  ROW(plane, A_up, 0, -100, 100, "exp_step: factor of the exponential, up") \
  ROW(plane, A_down, 0, -100, 100, "exp_step: the same, down") \
  ROW(plane, a, 0, -100, 100, "exp_step: z = 2 a w / (w_max - w_min) + b; up step 1 - A_up exp(gamma_up z), down step 1 - A_down exp(-gamma_down z)") \
  ROW(plane, b, 0, -100, 100, "exp_step: see a") \
  ROW(plane, corrupt_devices_prob, 0, 0, 0.99, "fraction stuck")

/* ROW(LAW, up, down): mean steps of a law (rtl/SPEC.md section 9) at w, as parts of the mean step. */
#define TR_LAW_TABLE(ROW) \
  ROW(LINEAR, 1 - d->gamma_up * w / d->w_max, 1 - d->gamma_down * w / d->w_min) \
  ROW(EXP, 1 - d->A_up * exp(d->gamma_up * (2 * d->a * w / (d->w_max - d->w_min) + d->b)), \
      1 - d->A_down * exp(-d->gamma_down * (2 * d->a * w / (d->w_max - d->w_min) + d->b)))

/* ROW(LAW, FIELD, key, value): the fields of the array that only this law has. */
#define TR_LAW_FIELD_TABLE(ROW) \
  ROW(LINEAR, GAMMA_UP, "gamma_up", 4096 * d->gamma_up) \
  ROW(LINEAR, GAMMA_DOWN, "gamma_down", 4096 * d->gamma_down) \
  ROW(EXP, EXP_AMP_UP, "A_up", 4096 * d->A_up) \
  ROW(EXP, EXP_AMP_DOWN, "A_down", 4096 * d->A_down) \
  ROW(EXP, EXP_SLOPE_UP, "gamma_up", 1024 * M_LOG2E * 2 * d->a * d->gamma_up) \
  ROW(EXP, EXP_SLOPE_DOWN, "gamma_down", -1024 * M_LOG2E * 2 * d->a * d->gamma_down) \
  ROW(EXP, EXP_OFFSET_UP, "b", 1024 * M_LOG2E * d->b * d->gamma_up) \
  ROW(EXP, EXP_OFFSET_DOWN, "b", -1024 * M_LOG2E * d->b * d->gamma_down)

/* ROW(name, LAW, text, parameters that the model fixes). */
#define TR_DEVICE_MODEL_TABLE(ROW) \
  ROW(constant_step, LINEAR, "symmetric, hard bounds", d->gamma_up = d->gamma_down = 0) \
  ROW(linear_step, LINEAR, "step falls from 0 to the bound by gamma_up, gamma_down", (void)d) \
  ROW(soft_bounds, LINEAR, "step vanishes at the bound", d->gamma_up = d->gamma_down = 1) \
  ROW(exp_step, EXP, "step is a constant less an exponential of the state: filaments of ReRAM", (void)d)

/* ROW(name): models of aihwkit that this array cannot do. */
#define TR_DEVICE_MISSING_TABLE(ROW) \
  ROW(soft_bounds_reference) \
  ROW(soft_bounds_pmax) \
  ROW(pow_step) \
  ROW(piecewise_step) \
  ROW(one_sided) \
  ROW(ideal)

/* ROW(name, model, text, parameters): aihwkit's presets of that name; parameters that one does not name keep their
 * defaults, and what it cannot say here is in its text. */
#define TR_DEVICE_PRESET_TABLE(ROW) \
  ROW(idealized, constant_step, "10000 symmetric steps", d->dw_min = 0.0002, d->w_max = 1, d->w_min = -1) \
  ROW(gokmen_vlasov, constant_step, "1250 steps with a spread of their imbalance (Gokmen, Vlasov 2016)", \
      d->dw_min = 0.0016, d->up_down_dtod = 0.01, d->w_max = 1, d->w_min = -1) \
  ROW(reram_es, exp_step, "ReRAM (Gong 2018) without its write noise of 75 steps", \
      d->dw_min = 0.00135, d->dw_min_dtod = 0.2, d->dw_min_std = 5, d->up_down = 0.259359, d->up_down_dtod = 0.05, \
      d->w_max = 1, d->w_min = -1, d->a = d->b = -0.5, d->gamma_up = d->gamma_down = 5, d->A_up = -1.18445, \
      d->A_down = -0.081404)

/* clang-format on */

#endif
