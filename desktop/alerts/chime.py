"""Plays the chimes; survives a sound server that comes, goes or never was."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject, QTimer, QUrl, Signal, Slot
from PySide6.QtMultimedia import QMediaDevices, QSoundEffect

from sync.domain.alerting import Chime, ChimeChoice

_SETTLE_MS = 300
_KEEP_MS = 6_000


class ChimePlayer(QObject):
    """One effect for each ring, thrown away after it, so that none is left over from a server that went away.

    outputs_changed(): the sound devices are others.
    """

    outputs_changed = Signal()

    def __init__(self, folder: Path) -> None:
        """`folder` holds NAME.wav for each chime."""
        super().__init__()
        self._folder = folder
        self._playing: list[QSoundEffect] = []
        self._devices = QMediaDevices(self)
        self._devices.audioOutputsChanged.connect(self._outputs_changed)
        self._settle = QTimer(self, singleShot=True, interval=_SETTLE_MS)
        self._settle.timeout.connect(self.outputs_changed)

    @property
    def device(self) -> str | None:
        """The name of the device that sounds; None where there is none."""
        output = QMediaDevices.defaultAudioOutput()
        return None if output.isNull() else output.description()

    def play(self, choice: ChimeChoice) -> bool:
        """Ring, now; False where nothing can sound or the choice is silence."""
        if choice.chime is Chime.SILENT or choice.volume == 0:
            return False
        if self.device is None:
            return False
        self._start(choice.chime, choice.volume / 100)
        return True

    def prove(self, chime: Chime, volume: int, done: Callable[[bool], None]) -> None:
        """Play it to its end and tell whether that happened; `volume` 0 proves the way without a sound."""
        if self.device is None:
            done(False)
            return
        effect = self._start(chime, volume / 100)
        answered: list[bool] = []

        def answer(played: bool) -> None:
            if not answered:
                answered.append(played)
                done(played)

        def playing_changed() -> None:
            if not effect.isPlaying() and effect.status() is not QSoundEffect.Status.Error:
                answer(True)

        effect.playingChanged.connect(playing_changed)
        QTimer.singleShot(_KEEP_MS - 500, self, lambda: answer(False))

    def _start(self, chime: Chime, volume: float) -> QSoundEffect:
        effect = QSoundEffect(QMediaDevices.defaultAudioOutput(), self)
        effect.setVolume(volume)
        effect.setSource(QUrl.fromLocalFile(str(self._folder / f"{chime.value}.wav")))
        self._playing.append(effect)
        effect.play()
        QTimer.singleShot(_KEEP_MS, effect, lambda: self._drop(effect))
        return effect

    def stop(self) -> None:
        """Silence, at once."""
        for effect in list(self._playing):
            self._drop(effect)

    def _drop(self, effect: QSoundEffect) -> None:
        if effect in self._playing:
            self._playing.remove(effect)
            effect.stop()
            effect.deleteLater()

    @Slot()
    def _outputs_changed(self) -> None:
        """Stop at once: an effect of the old server would sound again by itself on the new one."""
        self.stop()
        self._settle.start()
