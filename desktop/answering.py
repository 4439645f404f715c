"""What a terminal asks of the running program, answered once it is done: a quick note, a spot-check."""

from PySide6.QtCore import QObject

from desktop.alerts.check_timer import CheckTimer
from desktop.desk import Desk
from desktop.instance import Answer, Message
from desktop.spot_check_cli import answer_of
from sync.domain.spot_check import Report
from sync.engine.status import Condition


class Answering(QObject):
    """Keeps who asked until there is an answer."""

    def __init__(self, desk: Desk, checks: CheckTimer) -> None:
        super().__init__()
        self._desk = desk
        self._checks = checks
        self._notes: dict[str, tuple[str, Answer]] = {}
        self._saved_keys: set[str] = set()
        self._asking: list[Answer] = []
        checks.checked.connect(self._checked)
        checks.unknown.connect(self._not_told)
        desk.intents.saved.connect(self._saved)
        desk.intents.failed.connect(self._failed)

    def take_note(self, text: str, answer: Answer) -> None:
        """A quick note, answered once it is safe on this computer."""
        if not text.strip():
            answer({"ok": False, "sentence": self.tr("There is nothing in this note. Write something after “note”.")})
            return
        self._notes[self._desk.intents.quick_note(text)] = (text, answer)
        self._answer_notes()

    def _saved(self, key: str) -> None:
        self._saved_keys.add(key)
        self._answer_notes()

    def _answer_notes(self) -> None:
        for key in self._saved_keys & set(self._notes):
            self._notes.pop(key)[1]({"ok": True})
        self._saved_keys.clear()

    def _failed(self, sentence: str, text: str) -> None:
        for key, (words, answer) in list(self._notes.items()):
            if words == text:
                del self._notes[key]
                answer({"ok": False, "sentence": sentence})

    def check(self, answer: Answer) -> None:
        """The owner's check, now."""
        self._asking.append(answer)
        self._checks.check_now()

    def _checked(self, report: Report) -> None:
        status = self._desk.bridge.status
        online = status is not None and status.condition is Condition.ONLINE
        self._answer_check(answer_of(report, online))

    def _not_told(self, sentence: str) -> None:
        self._answer_check({"ok": False, "sentence": sentence})

    def _answer_check(self, words: Message) -> None:
        asking, self._asking = self._asking, []
        for answer in asking:
            answer(words)
