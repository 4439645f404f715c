"""The editable fields of a ticket, as rows of the details or as one line under the title."""

from collections.abc import Mapping

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QLabel, QSizePolicy, QWidget

from desktop.models.event_sentence import priority_name, status_name
from desktop.models.ticket_facts import Choices, Fields
from desktop.theme.appearance import Appearance
from desktop.widgets.choice_field import ChoiceField, Option
from desktop.widgets.flow import FlowLayout
from desktop.widgets.tag_popup import TagPopup
from desktop.widgets.tag_row import TagRow
from sync.domain.records import Priority, Status

_STATUS_ICONS = {"open": "turn-us", "waiting": "turn-them", "closed": "check-circle"}
_PRIORITY_ICONS = {"high": "high", "urgent": "urgent"}


class DetailsFields(QWidget):
    """edited(name, value): status, assigneeId, categoryId, priority in wire names. tag_added(str), tag_removed(str).

    tags_opened(TagPopup): tell it which tags are known.
    """

    edited = Signal(str, object)
    tag_added = Signal(str)
    tag_removed = Signal(str)
    tags_opened = Signal(object)

    def __init__(self, appearance: Appearance, *, hug: bool) -> None:
        super().__init__()
        self._appearance = appearance
        self._fields = Fields("", None, "", "", "", "", ())
        self._choices = Choices()
        self.status = ChoiceField(appearance, self.tr("Status"), hug=hug)
        self.assignee = ChoiceField(appearance, self.tr("Assignee"), hug=hug)
        self.category = ChoiceField(appearance, self.tr("Category"), hug=hug)
        self.priority = ChoiceField(appearance, self.tr("Priority"), hug=hug)
        for name, field in self.by_name().items():
            field.chosen.connect(lambda value, name=name: self.edited.emit(name, value))
        self.status.set_options(
            [
                Option(value.value, status_name(value), _STATUS_ICONS[value], plain=True)
                for value in (Status.OPEN, Status.WAITING, Status.CLOSED)
            ]
        )
        self.priority.set_options(
            [Option(value.value, priority_name(value), _PRIORITY_ICONS.get(value, "")) for value in Priority]
        )

    def by_name(self) -> Mapping[str, ChoiceField]:
        """The fields by their wire names."""
        return {
            "status": self.status,
            "assigneeId": self.assignee,
            "categoryId": self.category,
            "priority": self.priority,
        }

    def show_choices(self, choices: Choices) -> None:
        """What may be chosen; oneself first."""
        self._choices = choices
        people = [Option(None, self.tr("Nobody"), "user-none", plain=True)]
        for agent_id, name in choices.agents:
            if agent_id == choices.me:
                people.insert(0, Option(agent_id, self.tr("{name} (me)").format(name=name), "user", plain=True))
            else:
                people.append(Option(agent_id, name, "user", plain=True))
        self.assignee.set_options(people)
        self.category.set_options([Option(value, name, "folder", plain=True) for value, name in choices.categories])
        self.show_fields(self._fields)

    def show_fields(self, fields: Fields) -> None:
        """The values in force."""
        self._fields = fields
        self.status.set_value(fields.status, status_name(fields.status))
        self.assignee.set_value(fields.assignee_id, fields.assignee or self.tr("Nobody"))
        self.category.set_value(fields.category_id, fields.category)
        self.priority.set_value(fields.priority, priority_name(fields.priority))

    def open_tags(self, anchor: QWidget) -> None:
        """The tags' own small window."""
        popup = TagPopup(self._appearance, self._fields.tags, self)
        popup.added.connect(self.tag_added)
        popup.removed.connect(self.tag_removed)
        self.tags_opened.emit(popup)
        popup.open_below(anchor)


class DetailsRows(DetailsFields):
    """One row each, with its name before it."""

    def __init__(self, appearance: Appearance) -> None:
        super().__init__(appearance, hug=False)
        self.tags = TagRow(appearance)
        self.tags.pressed.connect(lambda: self.open_tags(self.tags.plus))
        grid = QGridLayout(self)
        px = appearance.px
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setVerticalSpacing(px(2))
        grid.setHorizontalSpacing(px(4))
        grid.setColumnMinimumWidth(0, px(68))
        grid.setColumnStretch(1, 1)
        named = [
            (self.tr("Status"), self.status),
            (self.tr("Assignee"), self.assignee),
            (self.tr("Category"), self.category),
            (self.tr("Priority"), self.priority),
            (self.tr("Tags"), self.tags),
        ]
        for line, (name, widget) in enumerate(named):
            label = QLabel(name)
            label.setProperty("tone", "muted")
            label.setFont(appearance.font(12))
            grid.addWidget(label, line, 0, Qt.AlignmentFlag.AlignTop if line == len(named) - 1 else Qt.AlignmentFlag(0))
            grid.addWidget(widget, line, 1)
        grid.setRowMinimumHeight(len(named) - 1, px(26))

    def show_fields(self, fields: Fields) -> None:
        super().show_fields(fields)
        self.tags.show_tags(fields.tags)


class DetailsLine(DetailsFields):
    """All in one line that breaks where it must."""

    def __init__(self, appearance: Appearance) -> None:
        super().__init__(appearance, hug=True)
        self.tags = ChoiceField(appearance, self.tr("Tags"), hug=True)
        self.tags.clicked.disconnect()
        self.tags.clicked.connect(lambda: self.open_tags(self.tags))
        flow = FlowLayout(self, appearance.px(8))
        for widget in (self.status, self.assignee, self.category, self.priority, self.tags):
            flow.addWidget(widget)
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def show_fields(self, fields: Fields) -> None:
        super().show_fields(fields)
        words = ", ".join(fields.tags) or self.tr("No tags")
        self.tags.set_options([Option("tags", words, "tag")])
        self.tags.set_value("tags")
