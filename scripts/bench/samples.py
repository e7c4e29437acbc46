# SPDX-License-Identifier: Apache-2.0
"""The order in which crosstrain takes its samples (refc/train/rng.c, stream TR_STREAM_ORDER of run.c), for those that are to
take the same ones in the same order."""

MASK = (1 << 64) - 1
GOLDEN = 0x9E3779B97F4A7C15
STREAM_ORDER = 2


def mix(z):
    """SplitMix64."""
    z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9 & MASK
    z = (z ^ z >> 27) * 0x94D049BB133111EB & MASK
    return z ^ z >> 31


def order(seed, epoch, count):
    """A permutation of 0..count-1."""
    state = mix((mix((mix((seed + GOLDEN) & MASK) + STREAM_ORDER) & MASK) + epoch) & MASK)
    out = list(range(count))
    for i in range(count, 1, -1):
        threshold = (1 << 32) % i
        while True:  # Lemire 2019: reject the short interval
            state = (state + GOLDEN) & MASK
            m = (mix(state) >> 32) * i
            if m & 0xFFFFFFFF >= threshold:
                break
        j = m >> 32
        out[i - 1], out[j] = out[j], out[i - 1]
    return out
