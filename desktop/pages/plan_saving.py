"""Saving what is ticked: asked again where somebody would be left alone, told where somebody else was quicker."""

from collections.abc import Mapping
from functools import partial

from PySide6.QtCore import QObject, QTimer

from desktop.desk import Desk
from desktop.keeping import Keeping
from desktop.models.people_matrix import PeopleMatrix
from desktop.widgets.notice_line import NoticeLine
from desktop.widgets.plan_preview import PlanPreview
from sync.domain.people import Plan

_ROWS_WAIT_MS = 5_000


class PlanSaving(QObject):
    """Between the matrix, its preview and the server."""

    def __init__(
        self, desk: Desk, matrix: PeopleMatrix, preview: PlanPreview, notice: NoticeLine, keeping: Keeping
    ) -> None:
        super().__init__(preview)
        self._desk = desk
        self._matrix = matrix
        self._preview = preview
        self._notice = notice
        self._keeping = keeping
        self._saving = False
        self._patience = QTimer(self, singleShot=True, interval=_ROWS_WAIT_MS)
        self._patience.timeout.connect(self._look)
        preview.saved.connect(self.save)
        preview.dropped.connect(self.drop)
        notice.answered.connect(lambda yes: self._save() if yes else None)

    def drop(self) -> None:
        """Back to what the server has."""
        self._matrix.drop()
        self._notice.say(self.tr("Nothing was changed."))

    def save(self) -> None:
        """All that is ticked."""
        warnings = [one.words for one in self._preview.sentences if one.warning]
        if not self._matrix.plan or self._saving:
            return
        if self._keeping.offline:
            self._notice.say(self._keeping.offline)
        elif warnings:
            question = self.tr("{warnings} Save all the same?").format(warnings=" ".join(warnings))
            self._notice.ask(question, self.tr("Save"), self.tr("No"))
        else:
            self._save()

    def _save(self) -> None:
        plan, base = self._matrix.plan, {one.id: one for one in self._matrix.people}
        self._set_saving(True)
        self._keeping.ask(
            lambda server: server.change_people(plan.edits(), base), partial(self._saved, plan), self._not_saved
        )

    def _saved(self, plan: Plan, refused: Mapping[str, str]) -> None:
        self._set_saving(False)
        names = {one.id: one.name for one in self._matrix.people}
        self._matrix.settle(plan, refused.keys())
        self._patience.start()
        if refused:
            self._notice.say(" ".join(f"{names.get(one, one)}: {said}" for one, said in refused.items()))
        else:
            self._notice.say(self.tr("Saved."), "sent", "check")

    def _look(self) -> None:
        if not self._preview.window().isVisible():  # put away, or closed with its cache: looked at when it is shown
            self._patience.start()
            return
        self._matrix.forget_settled(self._desk.reader.people())

    def _not_saved(self, sentence: str) -> None:
        self._set_saving(False)
        self._notice.say(sentence)

    def _set_saving(self, saving: bool) -> None:
        self._saving = saving
        self._preview.save.setEnabled(not saving)
