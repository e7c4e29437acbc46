/* SPDX-License-Identifier: Apache-2.0 */
/* Blocks of the reference against vectors that gen_vectors.py computed from SPEC.md's text. */
#include "ref_util.h"
#include "vectors.h"

#include "xt_adc.h"
#include "xt_array.h"
#include "xt_encoder.h"
#include "xt_fast.h"
#include "xt_noise.h"
#include "xt_upd_mgr.h"

#define COUNT(a) ((int)(sizeof(a) / sizeof *(a)))

START_TEST(hashes) {
  const struct hash_vector *v = &hash_vectors[_i];
  const uint32_t key = xt_noise_key(v->seed, v->dom, v->ctr), word = xt_noise_word(key, v->idx);
  ck_assert_uint_eq(key, v->key);
  ck_assert_uint_eq(word, v->word);
  ck_assert_int_eq(xt_noise_gauss(word), v->gauss);
  ck_assert_int_eq(xt_noise_q12(v->c, v->gauss), v->q12);
}
END_TEST

START_TEST(shifts) {
  const struct shift_vector *v = &shift_vectors[_i];
  ck_assert_uint_eq(xt_shr_round(v->v, v->r), v->rounded);
  ck_assert_int_eq(xt_bitlen(v->v), v->bitlen);
}
END_TEST

START_TEST(small_helpers) {
  for (uint32_t n = 1; n < 256; n++) ck_assert_uint_eq(xt_recip(n), recip_vectors[n]);
  ck_assert_int_eq(xt_sra(-1, 5), -1);
  ck_assert_int_eq(xt_sra(-33, 5), -2);
  ck_assert_int_eq(xt_sra(31, 5), 0);
  ck_assert_int_eq(xt_clamp(5, 0, 3), 3);
  ck_assert_int_eq(xt_clamp(-5, 0, 3), 0);
  ck_assert_int_eq(xt_clamp(7, 4, 2), 2); /* lo > hi gives hi */
  ck_assert_int_eq(xt_clamp(1, 4, 2), 2);
  ck_assert_int_eq(xt_sext(0xFFFF, 16), -1);
  ck_assert_int_eq(xt_sext(0x17FFF, 16), 0x7FFF);
  ck_assert_int_eq(xt_sext(0x80, 8), -128);
  ck_assert_int_eq(xt_ceil_div(7, 4), 2);
  ck_assert_int_eq(xt_ceil_div(8, 4), 2);
  ck_assert_uint_eq(xt_parity(0), 0);
  ck_assert_uint_eq(xt_parity(0x80000001), 0);
  ck_assert_uint_eq(xt_parity(0x80010001), 1);
  ck_assert_uint_eq(xt_bitrev(1, 16), 0x8000);
}
END_TEST

START_TEST(update_manager) {
  const struct um_vector *v = &um_vectors[_i];
  const struct xt_um_in in = {.mode = (enum xt_um_mode)v->mode,
                              .man = v->man,
                              .e = v->e,
                              .cap = v->cap,
                              .xm = v->xm,
                              .dm = v->dm,
                              .scale_x = v->sx,
                              .scale_x_exp = v->sxe,
                              .scale_d = v->sd,
                              .scale_d_exp = v->sde,
                              .pb = v->pb};
  struct xt_um_out o;
  xt_um(&in, &o);
  ck_assert_uint_eq(o.bl, v->bl);
  ck_assert_uint_eq(o.clip, v->clip);
  if (v->bl == 0) return;
  if (v->mode != XT_UM_COUNT) {
    ck_assert_uint_eq(o.gx, v->gx);
    ck_assert_int_eq(o.rx, v->rx);
  }
  ck_assert_uint_eq(o.gd, v->gd);
  ck_assert_int_eq(o.rd, v->rd);
  ck_assert_uint_eq(xt_um_row_threshold(&o, v->cx, v->pb), v->tx);
  ck_assert_uint_eq(xt_um_threshold(v->cd, o.gd, o.rd, v->pb), v->td);
}
END_TEST

START_TEST(lfsr) {
  const struct lfsr_vector *v = &lfsr_vectors[_i];
  uint32_t s = xt_lfsr_slot(v->state, v->width);
  ck_assert_uint_eq(s, v->after1);
  for (int k = 0; k < 8; k++) s = xt_lfsr_slot(s, v->width);
  ck_assert_uint_eq(s, v->after9);
}
END_TEST

START_TEST(encoder) {
  const struct encoder_vector *v = &encoder_vectors[_i];
  ck_assert_uint_eq(xt_encoder_row_seed(v->seed, v->line, v->pb), v->row);
  ck_assert_uint_eq(xt_encoder_col_seed(v->seed, v->line, v->pb), v->col);
  /* a threshold just above the sequence's value fires, the value itself does not */
  struct xt_encoder e = {.n = 2, .m = 2, .pb = v->pb, .lowdisc = v->n};
  const uint32_t rt[2] = {v->weyl, v->weyl + 1}, ct[2] = {v->rev, v->rev + 1};
  uint32_t rf, cf;
  xt_encoder_fire(&e, XT_ENC_LOWDISC, 0, rt, ct, &rf, &cf);
  ck_assert_uint_eq(rf, 2);
  ck_assert_uint_eq(cf, 2);
  const int32_t line[2] = {0, 1};
  uint32_t mask[2];
  const struct xt_fast_gens none = {0};
  const struct xt_fast_chunk slot = {.enc = XT_ENC_LOWDISC, .slots = 1};
  xt_fast_row_masks(&none, &e, slot, 2, line, rt, mask);
  ck_assert(mask[0] == 0 && mask[1] == 1);
  xt_fast_col_masks(&none, &e, slot, 2, line, ct, mask);
  ck_assert(mask[0] == 0 && mask[1] == 1);
}
END_TEST

START_TEST(adc) {
  const struct adc_vector *v = &adc_vectors[_i];
  struct xt_shape shape = {.n = 1,
                           .m = 1,
                           .code_bits = 7,
                           .adc_bits = v->bits,
                           .adc_share = 1,
                           .bl_max = 31,
                           .state_bits = 16,
                           .prob_bits = 16};
  /* either kind of converter; a ramp alone does not know the code below -ADCMAX, which is latched as -ADCMAX */
  for (shape.adc_kind = 0; shape.adc_kind < 2; shape.adc_kind++) {
    struct xt_room memory = {0};
    struct xt_fast fast;
    struct xt_blocks t = {.fast_memory = &fast};
    const struct xt_array_cfg ideal = {.seed = 1};
    const struct xt_read rd = {.range = v->range};
    int16_t result = 0, cal = 0;
    char err[128];
    bool rail;
    ck_assert_int_eq(xt_dim_init(&t.dim, &shape, err, sizeof err), 0);
    xt_afe_room(&t.afe, &t.dim, &memory);
    xt_fast_room(&fast, xt_fast_simds[0], &t.dim, &memory);
    must(!memory.failed, "no memory");
    xt_afe_fabricate(&t.afe, &ideal);
    xt_fast_units(&fast, &t.afe);
    t.seq.codes = &result;
    t.adc.cal = &cal;
    t.csr.reg[XT_CSR_ADC_OFFSET] = (uint32_t)v->offset;
    t.afe.v[0] = v->v;
    for (int ideal_form = 0; ideal_form < 2; ideal_form++) {
      fast.ideal = ideal_form;
      ck_assert_int_eq((int)xt_fast_convert(&t, &rd), v->rail);
      ck_assert_int_eq(result, v->result);
    }
    /* and by comparisons */
    int32_t code = xt_adc_first(&t.dim);
    for (int32_t k = 0; k < t.dim.conv; k++)
      code = xt_adc_step(&t.dim, code, k, xt_afe_cmp(&t.afe, 0, v->range, xt_adc_trial(&t.dim, code, k)));
    ck_assert_int_eq(xt_adc_latch(&t.dim, code, v->offset, &rail), v->result);
    ck_assert_int_eq(rail, v->rail);
    xt_room_free(&memory);
  }
}
END_TEST

START_TEST(read_noise) {
  const struct noise_vector *v = &noise_vectors[_i];
  int64_t acc[2] = {1000, 1000}, hold[2] = {0, 0};
  struct xt_afe a = {.dim = {.n = 2, .m = 2},
                     .seed = v->seed,
                     .read_noise = v->read_noise,
                     .read_ctr = v->read_ctr,
                     .acc = acc,
                     .v = hold};
  const struct xt_select states = {.sel = XT_SEL_C};
  xt_afe_hold(&a, &states, v->dir);
  ck_assert_int_eq(hold[v->line], 1000 + v->noise);
  ck_assert_uint_eq(a.read_ctr, (uint32_t)(v->read_ctr + 1)); /* wraps */
}
END_TEST

static struct xt_room room; /* given back at the end of a test */

static void build(struct xt_array *a, const struct fab_vector *v) {
  array_room(a, v->n, VEC_DEVICES, v->sw, &room);
  struct xt_array_cfg cfg = {.seed = v->seed};
  const struct xt_dev_cfg other = {.dw = 100, .w_max = 1, .w_min = 1};
  for (int s = 0; s < 3; s++) cfg.dev[s] = other;
  struct xt_dev_cfg *dev = &cfg.dev[v->sel]; /* LINEAR: what laws of higher fields need stays 0 */
#define X(NAME, name, field, smallest, largest, text) dev->name = field < XT_DEV_LAW ? v->cfg[field] : 0;
  XT_DEV_TABLE(X)
#undef X
  char err[160];
  ck_assert_msg(xt_array_check(v->sw, &cfg, err, sizeof err) == 0, "%s", err);
  xt_array_fabricate(a, &cfg);
  ck_assert_uint_eq(a->pulse_ctr, 0);
  a->pulse_ctr = v->pulse_ctr;
}

START_TEST(devices) {
  const struct fab_vector *v = &fab_vectors[_i];
  struct xt_array a;
  build(&a, v);
  const struct xt_plane *plane = &a.plane[v->sel];
  const size_t k0 = (size_t)v->row * VEC_DEVICES;
  for (size_t j = 0; j < VEC_DEVICES; j++) {
    const struct device_vector *want = &v->dev[j];
    const size_t k = k0 + j;
    const struct xt_device d = xt_plane_device(plane, k);
    ck_assert_int_eq(d.step_up, want->step_up);
    ck_assert_int_eq(d.step_down, want->step_down);
    ck_assert_int_eq(d.shape_up, want->shape_up);
    ck_assert_int_eq(d.shape_down, want->shape_down);
    ck_assert_int_eq(d.wmin, want->lo);
    ck_assert_int_eq(d.wmax, want->hi);
    ck_assert_int_eq(xt_plane_state(plane, k), want->w);
  }
  for (unsigned p = 0; p < VEC_PULSES; p++) { /* half-select: up is row 1, column 0 */
    const uint32_t up = (v->up >> p) & 1;
    uint32_t cols = (1U << VEC_DEVICES) - 1, row = 1U << v->row, row_pol = up ? row : 0, col_pol = up ? 0 : cols;
    const struct xt_drives drives = {&row, &row_pol, &cols, &col_pol, 0, 0, 1};
    xt_array_pulse(&a, v->sel, &xt_cell_half, &drives);
  }
  for (size_t j = 0; j < VEC_DEVICES; j++) ck_assert_int_eq(xt_plane_state(&a.plane[v->sel], k0 + j), v->after[j]);
  ck_assert_uint_eq(xt_plane_digest(&a.plane[v->sel]), v->digest);
  ck_assert_uint_eq(a.pulse_ctr, (uint32_t)(v->pulse_ctr + VEC_PULSES));
  xt_room_free(&room);
}
END_TEST

/* The same pulses as trains of one slot each, so that directions may alternate: by the law's vector form where it fits,
 * and by its plain form. */
static void train_devices(const struct fab_vector *v, const struct xt_fast_law *law) {
  struct xt_array a;
  build(&a, v);
  struct xt_plane *plane = &a.plane[v->sel];
  xt_plane_make(plane);
  const bool fits = law != NULL && law->fits(plane, plane->fixed16, 0, xt_plane_devices(plane));
  for (unsigned p = 0; p < VEC_PULSES; p++) {
    const int32_t row = v->row;
    static struct xt_fast_work work;
    const uint32_t row_mask = 1;
    int32_t col[VEC_DEVICES];
    uint32_t col_mask[VEC_DEVICES + XT_SLACK] = {0};
    for (int j = 0; j < VEC_DEVICES; j++) {
      col[j] = (j + (int)p) % VEC_DEVICES; /* in any order */
      col_mask[j] = 1;
    }
    const uint32_t key = xt_noise_key(v->seed, XT_DOM_PULSE, a.pulse_ctr++);
    const struct xt_fast_pulse_train t = {.slots = 1,
                                          .key = {key},
                                          .up = (v->up >> p) & 1,
                                          .rows = 1,
                                          .row = &row,
                                          .row_mask = &row_mask,
                                          .cols = VEC_DEVICES,
                                          .col = col,
                                          .col_mask = col_mask,
                                          .fixed = plane->fixed16,
                                          .work = &work};
    ck_assert_uint_eq(fits ? law->pulses(plane, &t) : xt_fast_plain_pulses(plane, &t), VEC_DEVICES);
  }
  const size_t k0 = (size_t)v->row * VEC_DEVICES;
  for (size_t j = 0; j < VEC_DEVICES; j++) ck_assert_int_eq(xt_plane_state(&a.plane[v->sel], k0 + j), v->after[j]);
  ck_assert_uint_eq(xt_plane_digest(plane), v->digest);
  xt_room_free(&room);
}

START_TEST(devices_train) {
  for (int k = 0; xt_fast_simds[k] != NULL; k++)
    if (xt_fast_simd_runs(xt_fast_simds[k])) train_devices(&fab_vectors[_i], xt_fast_simds[k]->law[XT_LAW_LINEAR]);
  train_devices(&fab_vectors[_i], NULL);
}
END_TEST

START_TEST(law_exp) {
  const struct exp_vector *v = &exp_vectors[_i];
  const bool up = v->up != 0;
  struct xt_dev_cfg cfg = {.law = XT_LAW_EXP}; /* the other direction's fields must not matter */
  *(up ? &cfg.exp_amp_up : &cfg.exp_amp_down) = v->amp;
  *(up ? &cfg.exp_slope_up : &cfg.exp_slope_down) = v->slope;
  *(up ? &cfg.exp_offset_up : &cfg.exp_offset_down) = v->offset;
  const struct xt_pulse pulse = {.hit = true, .up = up, .duration = 1};
  ck_assert_int_eq(xt_laws[XT_LAW_EXP]->shape(&cfg, v->sw, up, v->step, v->wmax, v->wmin, (struct xt_law_words){0, 0}),
                   v->shape);
  ck_assert_int_eq(xt_laws[XT_LAW_EXP]->step(&cfg, v->sw, pulse, v->step, v->shape, v->w, 0, 0), v->moved);
}
END_TEST

int main(void) {
  Suite *s = suite_create("ref vectors");
  TCase *tc = tcase_create("vectors");
  tcase_add_loop_test(tc, hashes, 0, COUNT(hash_vectors));
  tcase_add_loop_test(tc, shifts, 0, COUNT(shift_vectors));
  tcase_add_test(tc, small_helpers);
  tcase_add_loop_test(tc, update_manager, 0, COUNT(um_vectors));
  tcase_add_loop_test(tc, lfsr, 0, COUNT(lfsr_vectors));
  tcase_add_loop_test(tc, encoder, 0, COUNT(encoder_vectors));
  tcase_add_loop_test(tc, adc, 0, COUNT(adc_vectors));
  tcase_add_loop_test(tc, read_noise, 0, COUNT(noise_vectors));
  tcase_add_loop_test(tc, devices, 0, COUNT(fab_vectors));
  tcase_add_loop_test(tc, devices_train, 0, COUNT(fab_vectors));
  tcase_add_loop_test(tc, law_exp, 0, COUNT(exp_vectors));
  suite_add_tcase(s, tc);
  SRunner *sr = srunner_create(s);
  srunner_run_all(sr, CK_NORMAL);
  const int failed = srunner_ntests_failed(sr);
  srunner_free(sr);
  return failed != 0;
}
