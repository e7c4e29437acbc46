/* SPDX-License-Identifier: Apache-2.0 */
/* Built-in digits: every digit is a set of strokes; size, slant, position, thickness and every vertex vary, then noise
 * is added. Integers only: the same images on every machine. Train and test come from separate random streams. */
#include <stdlib.h>
#include <string.h>

#include "data.h"
#include "rng.h"

enum { SUB = 64, MAX_POINTS = 24 }; /* positions in 1/64 pixel */

/* Strokes on a grid of 8 x 12, y down; -1 lifts the pen. */
static const int8_t glyphs[10][MAX_POINTS][2] = {
    {{4, 0}, {7, 2}, {8, 6}, {7, 10}, {4, 12}, {1, 10}, {0, 6}, {1, 2}, {4, 0}, {-1, -1}},
    {{2, 3}, {4, 0}, {4, 12}, {-1, -1}},
    {{0, 3}, {2, 0}, {6, 0}, {8, 3}, {7, 6}, {0, 12}, {8, 12}, {-1, -1}},
    {{0, 1}, {4, 0}, {7, 2}, {6, 5}, {3, 6}, {7, 7}, {8, 10}, {4, 12}, {0, 11}, {-1, -1}},
    {{5, 0}, {0, 8}, {8, 8}, {-1, -1}, {6, 4}, {6, 12}, {-1, -1}},
    {{8, 0}, {1, 0}, {0, 6}, {5, 5}, {8, 8}, {6, 12}, {0, 11}, {-1, -1}},
    {{7, 0}, {3, 2}, {0, 7}, {1, 11}, {4, 12}, {8, 10}, {7, 7}, {4, 6}, {0, 8}, {-1, -1}},
    {{0, 0}, {8, 0}, {3, 12}, {-1, -1}},
    {{4, 0}, {7, 2}, {4, 6}, {1, 2}, {4, 0}, {-1, -1}, {4, 6}, {8, 9}, {4, 12}, {0, 9}, {4, 6}, {-1, -1}},
    {{8, 4}, {5, 6}, {1, 5}, {0, 2}, {4, 0}, {7, 1}, {8, 4}, {7, 9}, {4, 12}, {-1, -1}},
};

struct segment {
  int32_t ax, ay, bx, by;
};

static int32_t isqrt(int64_t v) {
  int64_t r = 0;
  for (int64_t bit = INT64_C(1) << 30; bit; bit >>= 2) {
    if (v >= r + bit) {
      v -= r + bit;
      r = (r >> 1) + bit;
    } else {
      r >>= 1;
    }
  }
  return (int32_t)r;
}

static int32_t distance(const struct segment *s, int32_t px, int32_t py) {
  const int64_t dx = s->bx - s->ax, dy = s->by - s->ay, ex = px - s->ax, ey = py - s->ay;
  const int64_t len2 = dx * dx + dy * dy, dot = tr_clamp(ex * dx + ey * dy, 0, len2);
  const int64_t qx = ex - (len2 ? dx * dot / len2 : 0), qy = ey - (len2 ? dy * dot / len2 : 0);
  return isqrt(qx * qx + qy * qy);
}

static int strokes(struct tr_rng *r, int digit, int size, struct segment *out) {
  const int32_t sx = tr_rng_range(r, 55, 80) * size / 16, sy = tr_rng_range(r, 55, 75) * size / 16; /* per grid step */
  const int32_t slant = tr_rng_range(r, -16, 20) * size / 16;
  const int32_t wob = 22 * size / 16;
  const int32_t cx = size * SUB / 2 + tr_rng_range(r, -size * SUB / 10, size * SUB / 10);
  const int32_t cy = size * SUB / 2 + tr_rng_range(r, -size * SUB / 12, size * SUB / 12);
  int n = 0, down = 0;
  int32_t x = 0, y = 0;
  for (int k = 0; k < MAX_POINTS; k++) {
    const int gx = glyphs[digit][k][0], gy = glyphs[digit][k][1];
    if (gx < 0) {
      down = 0;
      if (k + 1 == MAX_POINTS || (glyphs[digit][k + 1][0] == 0 && glyphs[digit][k + 1][1] == 0)) break;
      continue;
    }
    const int32_t nx = cx + (gx - 4) * sx * 2 / 3 - (gy - 6) * slant / 2 + tr_rng_range(r, -wob, wob);
    const int32_t ny = cy + (gy - 6) * sy + tr_rng_range(r, -wob, wob);
    if (down) out[n++] = (struct segment){x, y, nx, ny};
    x = nx;
    y = ny;
    down = 1;
  }
  return n;
}

static void draw(struct tr_rng *r, int digit, int size, int noise, int cmax, int8_t *x) {
  struct segment s[MAX_POINTS];
  const int n = strokes(r, digit, size, s);
  const int32_t half = tr_rng_range(r, 30, 70) * size / 16; /* half of the stroke's width */
  const int32_t ink = tr_rng_range(r, 170, 255);
  for (int py = 0; py < size; py++)
    for (int px = 0; px < size; px++) {
      int32_t best = INT32_MAX;
      for (int k = 0; k < n; k++) {
        const int32_t d = distance(&s[k], px * SUB + SUB / 2, py * SUB + SUB / 2);
        if (d < best) best = d;
      }
      const int32_t cover = (int32_t)tr_clamp(half + SUB / 2 - best, 0, SUB);
      int32_t v = ink * cover / SUB;
      if (noise) v += tr_rng_range(r, -noise, noise);
      x[py * size + px] = (int8_t)((tr_clamp(v, 0, 255) * cmax + 127) / 255);
    }
}

static int draw_all(const struct tr_config *cfg, enum tr_stream stream, size_t n, struct tr_samples *s,
                    struct tr_err *e) {
  const int size = (int)cfg->data_size, cmax = (1 << (cfg->code_bits - 1)) - 1;
  if (tr_samples_alloc(s, n, size * size, e)) return -1;
  for (size_t k = 0; k < n; k++) {
    struct tr_rng r;
    tr_rng_init(&r, (uint64_t)cfg->seed, stream, k);
    s->label[k] = (uint16_t)tr_rng_below(&r, 10);
    draw(&r, s->label[k], size, (int)cfg->data_noise, cmax, s->x + k * (size_t)(size * size));
  }
  return 0;
}

static size_t cap(int64_t n, int64_t limit) {
  return (size_t)(limit > 0 && limit < n ? limit : n);
}

int tr_load_digits(const struct tr_config *cfg, const char *data_dir, struct tr_dataset *d, struct tr_err *e) {
  (void)data_dir;
  d->inputs = (int32_t)(cfg->data_size * cfg->data_size);
  d->classes = 10;
  return draw_all(cfg, TR_STREAM_DIGITS_TRAIN, cap(cfg->data_train_samples, cfg->data_limit), &d->train, e) ||
                 draw_all(cfg, TR_STREAM_DIGITS_TEST, cap(cfg->data_test_samples, cfg->data_test_limit), &d->test, e)
             ? -1
             : 0;
}
