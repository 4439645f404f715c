"""Plays the chimes; survives a sound server that comes, goes or never was."""

from pathlib import Path

from PySide6.QtCore import QObject, QTimer, QUrl, Signal, Slot
from PySide6.QtMultimedia import QMediaDevices, QSoundEffect

from sync.domain.alerting import Chime, ChimeChoice

_SETTLE_MS = 300
_KEEP_MS = 6_000


class ChimePlayer(QObject):
    """One effect for each ring, thrown away after it, so that none is left over from a server that went away.

    outputs_changed(): the sound devices are others.
    failed(str): a chime could not be played; a sentence.
    """

    outputs_changed = Signal()
    failed = Signal(str)

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
            self.failed.emit(self.tr("This computer has no sound output that works."))
            return False
        effect = QSoundEffect(QMediaDevices.defaultAudioOutput(), self)
        effect.setVolume(choice.volume / 100)
        effect.setSource(QUrl.fromLocalFile(str(self._folder / f"{choice.chime.value}.wav")))
        self._playing.append(effect)
        effect.play()
        QTimer.singleShot(_KEEP_MS, effect, lambda: self._drop(effect))
        return True

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
