"""The menu bar: the same commands once more, for those who look for them in menus."""

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QMenuBar

from desktop.actions import Actions
from desktop.translation import QT_TRANSLATE_NOOP

_MENUS: tuple[tuple[str, tuple[str, ...]], ...] = (
    (
        QT_TRANSLATE_NOOP("Menus", "&Deskbell"),
        (
            "new_ticket", "quick_note", "", "sync_now", "dnd", "spot_check", "people", "intake", "",
            "settings", "sign_out", "", "close", "quit",
        ),
    ),
    (
        QT_TRANSLATE_NOOP("Menus", "&Go"),
        (
            "search", "jump", "back", "forward", "", "view_awaiting", "view_mine", "view_unassigned", "view_waiting",
            "view_new", "view_closed", "view_all", "", "view_quick_notes", "view_undelivered", "incidents",
            "faq", "piles",
        ),
    ),
    (
        QT_TRANSLATE_NOOP("Menus", "&Ticket"),
        (
            "reply", "note", "", "take_next", "take", "assign", "status", "wait", "category", "priority", "tags", "",
            "similar", "merge", "incident", "", "read", "unfold", "original", "make_faq", "insert_faq", "", "next",
            "previous", "next_awaiting", "select", "", "undo",
        ),
    ),
    (
        QT_TRANSLATE_NOOP("Menus", "&View"),
        (
            "side_bar", "details", "compact", "", "text_bigger", "text_smaller", "text_normal", "", "theme_light",
            "theme_dark", "theme_system",
        ),
    ),
    (QT_TRANSLATE_NOOP("Menus", "&Help"), ("palette", "keys")),
)  # fmt: skip


def fill_menu_bar(bar: QMenuBar, actions: Actions) -> None:
    """Empty names are separators."""
    for title, names in _MENUS:
        actions.fill(bar.addMenu(QCoreApplication.translate("Menus", title)), names)
