"""Plays the chimes; survives a sound server that comes, goes or never was."""

import sys
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject, QTimer, QUrl, Signal, Slot
from PySide6.QtMultimedia import QMediaDevices, QSoundEffect

from desktop.alerts.plain_player import PlainPlayer
from desktop.alerts.sound_server import CHECK_MS, SoundServer
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
        self._server = SoundServer()
        self._plain = PlainPlayer(self)
        self._watch = QTimer(self, interval=CHECK_MS)
        self._watch.timeout.connect(self._look)
        if sys.platform == "linux":
            self._watch.start()
        self._devices = QMediaDevices(self)
        self._devices.audioOutputsChanged.connect(self._outputs_changed)
        self._settle = QTimer(self, singleShot=True, interval=_SETTLE_MS)
        self._settle.timeout.connect(self.outputs_changed)

    @property
    def device(self) -> str | None:
        """The name of the device that sounds; None where there is none."""
        if self._lost:
            return self.tr("the sound server") if self._server.here and self._plain.program is not None else None
        output = QMediaDevices.defaultAudioOutput()
        return None if output.isNull() else output.description()

    @property
    def _lost(self) -> bool:
        """Whether Qt must not be asked for sound any more, or has never found the server."""
        if sys.platform == "linux":
            self._look()
        if self._server.went_away:
            return True
        return not self._server.was_here and self._server.here and QMediaDevices.defaultAudioOutput().isNull()

    def play(self, choice: ChimeChoice) -> bool:
        """Ring, now; False where nothing can sound or the choice is silence."""
        if choice.chime is Chime.SILENT or choice.volume == 0:
            return False
        if self.device is None:
            return False
        if self._lost:
            return self._plain.play(self._file(choice.chime), choice.volume / 100)
        self._start(choice.chime, choice.volume / 100)
        return True

    def prove(self, chime: Chime, volume: int, done: Callable[[bool], None]) -> None:
        """Play it to its end and tell whether that happened; `volume` 0 proves the way without a sound."""
        if self.device is None:
            done(False)
            return
        if self._lost:
            self._plain.play(self._file(chime), volume / 100, done)
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
        effect.setSource(QUrl.fromLocalFile(str(self._file(chime))))
        self._playing.append(effect)
        effect.play()
        QTimer.singleShot(_KEEP_MS, effect, lambda: self._drop(effect))
        return effect

    def stop(self) -> None:
        """Silence, at once."""
        self._plain.stop()
        self._drop_all()

    def _drop_all(self) -> None:
        for effect in list(self._playing):
            self._drop(effect)

    def _file(self, chime: Chime) -> Path:
        return self._folder / f"{chime.value}.wav"

    @Slot()
    def _look(self) -> None:
        if self._server.look():
            self._drop_all()  # before Qt asks the server again: an effect that is left may end the program then
            self._settle.start()

    def _drop(self, effect: QSoundEffect) -> None:
        if effect in self._playing:
            self._playing.remove(effect)
            effect.stop()
            effect.deleteLater()

    @Slot()
    def _outputs_changed(self) -> None:
        """Stop at once: an effect of the old server would sound again by itself on the new one."""
        self._drop_all()
        self._settle.start()
