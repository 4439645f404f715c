"""Synthesises the chimes beside this script; running it writes them anew, byte for byte."""

import array
import math
import sys
import wave
from dataclasses import dataclass
from pathlib import Path

RATE = 48_000
PEAK = 0.7
_ATTACK_S = 0.002
_RELEASE_S = 0.02


@dataclass(frozen=True, slots=True)
class Partial:
    """One sine of a strike: its ratio to the fundamental, its level and its decay (1/e) in seconds."""

    ratio: float
    level: float
    decay_s: float


@dataclass(frozen=True, slots=True)
class Strike:
    """One blow: when it falls (seconds), its fundamental (Hz) and its partials."""

    at_s: float
    hertz: float
    partials: tuple[Partial, ...]


@dataclass(frozen=True, slots=True)
class Sound:
    """A chime: its strikes and its length in seconds."""

    strikes: tuple[Strike, ...]
    seconds: float

    @property
    def fundamentals(self) -> tuple[float, ...]:
        """The pitches (Hz) by which a recording tells this chime from the others, in order."""
        return tuple(dict.fromkeys(strike.hertz for strike in self.strikes))


# The fundamental is the strongest partial in each, so that the loudest pitch of a recording names the chime.
_BELL = (Partial(1, 1.0, 0.42), Partial(2.0, 0.22, 0.2), Partial(2.76, 0.2, 0.14), Partial(5.4, 0.08, 0.05))
_SMALL_BELL = (Partial(1, 1.0, 0.2), Partial(2.0, 0.2, 0.1), Partial(2.76, 0.16, 0.07))
_SOFT = (Partial(1, 1.0, 0.3), Partial(2.0, 0.12, 0.16), Partial(3.0, 0.04, 0.1))
_WOOD = (Partial(1, 1.0, 0.055), Partial(2.57, 0.3, 0.025), Partial(4.9, 0.12, 0.01))
_GLASS = (Partial(1, 1.0, 0.5), Partial(3.0, 0.1, 0.2))

SOUNDS = {
    "deskBell": Sound((Strike(0, 1318.5, _BELL),), 1.5),
    "twoNotes": Sound((Strike(0, 880.0, _SOFT), Strike(0.2, 1174.7, _SOFT)), 1.1),
    "tripleBell": Sound(tuple(Strike(n * 0.22, 1760.0, _SMALL_BELL) for n in range(3)), 1.2),
    "woodBlock": Sound(tuple(Strike(n * 0.14, 698.5, _WOOD) for n in range(2)), 0.45),
    "ownersCheck": Sound((Strike(0, 392.0, _GLASS), Strike(0.28, 523.3, _GLASS)), 1.6),
}


def samples(sound: Sound) -> "array.array[int]":
    """The chime as 16 bit mono at 48 kHz, its loudest sample at `PEAK` of full scale."""
    total = round(sound.seconds * RATE)
    mixed = [0.0] * total
    for strike in sound.strikes:
        _add(mixed, strike)
    fade = round(_RELEASE_S * RATE)
    for n in range(fade):
        mixed[total - 1 - n] *= n / fade
    scale = PEAK * 32_767 / max(abs(value) for value in mixed)
    return array.array("h", (round(value * scale) for value in mixed))


def _add(mixed: list[float], strike: Strike) -> None:
    start = round(strike.at_s * RATE)
    for n in range(start, len(mixed)):
        t = (n - start) / RATE
        attack = min(1.0, t / _ATTACK_S)
        turn = 2 * math.pi * strike.hertz * t
        mixed[n] += attack * sum(
            partial.level * math.exp(-t / partial.decay_s) * math.sin(turn * partial.ratio)
            for partial in strike.partials
        )


def write(folder: Path) -> list[Path]:
    """Write every chime as NAME.wav; the paths, in the table's order."""
    paths = []
    for name, sound in SOUNDS.items():
        path = folder / f"{name}.wav"
        data = samples(sound)
        if sys.byteorder == "big":
            data.byteswap()
        with wave.open(str(path), "wb") as file:
            file.setnchannels(1)
            file.setsampwidth(2)
            file.setframerate(RATE)
            file.writeframes(data.tobytes())
        paths.append(path)
    return paths


if __name__ == "__main__":
    write(Path(__file__).parent)
