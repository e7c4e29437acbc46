/* SPDX-License-Identifier: Apache-2.0 */
/* xt_prog against refc/xt_prog.c: errors, tolerance, rounds. */
#include "room.h"
#include "xt_prog.h"

enum { LINES = 64 };

static struct xt_dim dim;
static int col_bits;
static struct xt_csr csr;
static int16_t codes[LINES], targets[LINES], errors[LINES];
static struct xt_prog ref = {.error = errors};

static void cycle(int start, int check) {
  uint32_t mag[LINES], neg[LINES];
  room_put((uint64_t)start, 1);
  room_put(csr.reg[XT_CSR_PROG_TOL], 8);
  room_put(csr.reg[XT_CSR_PROG_ITERS], 8);
  room_put((uint64_t)check, 1);
  for (int j = 0; j < dim.m; j++) room_put((uint64_t)(uint16_t)codes[j], dim.adc_bits);
  for (int j = 0; j < dim.m; j++) room_put((uint64_t)(uint16_t)targets[j], dim.adc_bits);
  room_settle();
  const int round = (int)room_get(1);
  const uint32_t rounds = (uint32_t)room_get(8);
  room_get_sliced(mag, dim.m, col_bits);
  room_get_sliced(neg, dim.m, 1);
  must(rounds == ref.rounds, "%u rounds given, not %u", rounds, ref.rounds);
  int want = 0;
  if (check) {
    xt_prog_check(&ref, &dim, &csr, targets, codes);
    want = xt_prog_round(&ref, &csr);
  }
  must(round == want, "after %u rounds of %u, tolerance %u: another: %d", rounds, csr.reg[XT_CSR_PROG_ITERS],
       csr.reg[XT_CSR_PROG_TOL], round);
  for (int j = 0; j < dim.m; j++) {
    const int32_t got = neg[j] ? -(int32_t)mag[j] : (int32_t)mag[j];
    must(got == (check ? errors[j] : 0), "target %d, code %d, tolerance %u: error %d, not %d", targets[j], codes[j],
         csr.reg[XT_CSR_PROG_TOL], got, check ? errors[j] : 0);
  }
  room_clock();
  if (start) xt_prog_start(&ref);
}

START_TEST(rounds_follow_the_reference) {
  seed_rng("xt_prog", 24);
  for (int s = 0; s < room_sizes(); s++) {
    room_select(s);
    dim = (struct xt_dim){.m = room_param(0), .adc_bits = room_param(1)};
    dim.adcmax = (1 << (dim.adc_bits - 1)) - 1;
    col_bits = room_param(2);
    xt_csr_reset(&csr);
    xt_prog_start(&ref);
    for (int op = 0; op < 250; op++) {
      csr.reg[XT_CSR_PROG_TOL] = (uint32_t)(rng_one_in(2) ? rng_in(0, 3) : rng_in(0, 255));
      csr.reg[XT_CSR_PROG_ITERS] = (uint32_t)(rng_one_in(4) ? rng_in(0, 255) : rng_in(0, 4));
      cycle(1, 0);
      for (int check = (int)rng_in(1, rng_one_in(20) ? 260 : 6); check > 0; check--) {
        const int near = rng_one_in(2), tol = (int)csr.reg[XT_CSR_PROG_TOL];
        for (int j = 0; j < dim.m; j++) { /* targets of exactly +-ADCMAX, errors at the tolerance */
          targets[j] =
              (int16_t)(rng_one_in(4) ? (rng_one_in(2) ? 1 : -1) * dim.adcmax : rng_in(-dim.adcmax, dim.adcmax));
          codes[j] = (int16_t)rng_in(-dim.adcmax, dim.adcmax);
          if (near)
            codes[j] = (int16_t)xt_clamp(
                targets[j] + (rng_one_in(2) ? tol : -tol) * (!rng_one_in(4)) + rng_in(-1, 1) * rng_one_in(9),
                -dim.adcmax, dim.adcmax);
        }
        cycle(0, 1);
        if (rng_one_in(3)) cycle(0, 0);
        if (rng_one_in(100)) {
          room_reset();
          xt_prog_start(&ref);
        }
      }
    }
  }
}
END_TEST

int main(void) {
  const TTest *const tests[] = {rounds_follow_the_reference};
  return room_main("xt_prog", tests, 1);
}
