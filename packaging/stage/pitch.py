"""How loud one pitch is in a recording (Goertzel's algorithm)."""

import math
import sys
from array import array
from collections.abc import Sequence
from functools import lru_cache


def samples_of(raw: bytes) -> "array[int]":
    """Return signed 16-bit little-endian mono samples; an odd last byte is left out."""
    samples = array("h")
    samples.frombytes(raw[: len(raw) // 2 * 2])
    if sys.byteorder == "big":
        samples.byteswap()
    return samples


@lru_cache(maxsize=8)
def _hann(count: int) -> tuple[float, ...]:
    """Return Hann's window, without which the start of one pitch looks like all the others."""
    return tuple(1 - math.cos(2 * math.pi * (n + 0.5) / count) for n in range(count))


def amplitude(samples: Sequence[int], rate: int, hertz: float) -> float:
    """Return the amplitude of the pitch, 0 to 1 of full scale; 0 for no samples."""
    if not samples:
        return 0.0
    factor = 2 * math.cos(2 * math.pi * hertz / rate)
    before, last = 0.0, 0.0
    for sample, weight in zip(samples, _hann(len(samples)), strict=True):
        before, last = last, sample * weight + factor * last - before
    power = before * before + last * last - factor * before * last
    return 2 * math.sqrt(max(power, 0.0)) / len(samples) / 32768


def first_heard(samples: Sequence[int], rate: int, hertz: float, least: float) -> float | None:
    """Return the second at which the pitch first reaches the amplitude, in windows of 20 ms; None for never."""
    window = rate // 50
    for start in range(0, len(samples) - window + 1, window):
        if amplitude(samples[start : start + window], rate, hertz) >= least:
            return start / rate
    return None
