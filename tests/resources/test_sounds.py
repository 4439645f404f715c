"""The chimes: one file for each sound there is, made by the script beside them, told apart by pitch."""

import wave
from array import array
from pathlib import Path

import pytest

from resources.sounds.make_sounds import PEAK, RATE, SOUNDS, samples, write
from stage.pitch import amplitude, samples_of
from sync.domain.alerting import Chime

FOLDER = Path(__file__).parents[2] / "resources" / "sounds"


def played(name: str) -> "array[int]":
    """The file's samples."""
    with wave.open(str(FOLDER / f"{name}.wav"), "rb") as file:
        assert (file.getnchannels(), file.getsampwidth(), file.getframerate()) == (1, 2, RATE)
        return samples_of(file.readframes(file.getnframes()))


def test_each_chime_that_can_be_chosen_has_its_file() -> None:
    assert set(SOUNDS) == {chime.value for chime in Chime} - {Chime.SILENT.value}


def test_the_script_makes_the_files_as_they_are(tmp_path: Path) -> None:
    for path in write(tmp_path):
        assert path.read_bytes() == (FOLDER / path.name).read_bytes()


@pytest.mark.parametrize("name", list(SOUNDS))
def test_its_own_pitch_is_the_loudest_and_nothing_clips(name: str) -> None:
    heard = played(name)
    pitches = {other: sound.fundamentals[0] for other, sound in SOUNDS.items()}
    assert max(pitches, key=lambda other: amplitude(heard, RATE, pitches[other])) == name
    assert max(abs(value) for value in heard) == round(PEAK * 32_767)
    assert heard[0] == 0
    assert abs(heard[-1]) < 50


def test_the_first_sound_comes_at_once() -> None:
    for sound in SOUNDS.values():
        assert max(abs(value) for value in samples(sound)[: RATE // 100]) > 3_000
