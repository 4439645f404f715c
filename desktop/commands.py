"""The closed table of everything that a key, a menu or the palette can start."""

from dataclasses import dataclass
from enum import StrEnum

from PySide6.QtCore import QCoreApplication

from desktop.translation import QT_TRANSLATE_NOOP


class Where(StrEnum):
    """In which group of the keys sheet a command stands, and where its keys act."""

    EVERYWHERE = QT_TRANSLATE_NOOP("Commands", "Everywhere")
    VIEWS = QT_TRANSLATE_NOOP("Commands", "Views")
    TRIAGE = QT_TRANSLATE_NOOP("Commands", "Triage, left hand")
    LIST = QT_TRANSLATE_NOOP("Commands", "List")
    THREAD = QT_TRANSLATE_NOOP("Commands", "Thread")
    COMPOSER = QT_TRANSLATE_NOOP("Commands", "Writing")
    QUICK_NOTE = QT_TRANSLATE_NOOP("Commands", "Quick note")
    UNDELIVERED = QT_TRANSLATE_NOOP("Commands", "Undelivered")
    SPOT_CHECK = QT_TRANSLATE_NOOP("Commands", "Spot-check")
    PEOPLE = QT_TRANSLATE_NOOP("Commands", "People and categories")
    FAQ = QT_TRANSLATE_NOOP("Commands", "FAQ")


@dataclass(frozen=True, slots=True)
class Command:
    """One command. `keys` in Qt's portable spelling, the first is shown; `words` are further words it is found by.

    `own` keys are handled by the widget that they are for (a composer, a page); the keys sheet names them.
    `ticket` commands need a ticket. `palette` is False for what makes sense by key only.
    """

    id: str
    title: str
    where: Where
    keys: tuple[str, ...] = ()
    icon: str = "palette"
    words: str = ""
    ticket: bool = False
    own: bool = False
    palette: bool = True

    @property
    def shown_title(self) -> str:
        """In the person's language."""
        return QCoreApplication.translate("Commands", self.title)

    @property
    def single(self) -> bool:
        """Whether it is started by one plain key, which acts outside text fields only and can be switched off."""
        return any(len(key.removeprefix("Shift+")) == 1 for key in self.keys)


_E, _V, _T, _L = Where.EVERYWHERE, Where.VIEWS, Where.TRIAGE, Where.LIST

COMMANDS: tuple[Command, ...] = (
    Command("palette", QT_TRANSLATE_NOOP("Commands", "Commands"), _E, ("Ctrl+K",), "palette", palette=False),
    Command("keys", QT_TRANSLATE_NOOP("Commands", "Show the keys"), _E, ("?", "F1"), "keyboard", "help shortcuts"),
    Command("search", QT_TRANSLATE_NOOP("Commands", "Search tickets"), _E, ("Ctrl+F",), "search", "find"),
    Command("jump", QT_TRANSLATE_NOOP("Commands", "Go to a ticket by number"), _E, ("Ctrl+L",), "link", "open jump"),
    Command(
        "new_ticket", QT_TRANSLATE_NOOP("Commands", "New ticket or phone call"), _E, ("Ctrl+N",), "phone", "record"
    ),
    Command("quick_note", QT_TRANSLATE_NOOP("Commands", "Quick note"), _E, ("Ctrl+Shift+N",), "quick-note", "jot"),
    Command("next_pane", QT_TRANSLATE_NOOP("Commands", "Next pane"), _E, ("F6",), palette=False),
    Command("previous_pane", QT_TRANSLATE_NOOP("Commands", "Previous pane"), _E, ("Shift+F6",), palette=False),
    Command("side_bar", QT_TRANSLATE_NOOP("Commands", "Show or hide the side bar"), _E, ("Ctrl+B",), "panel-left"),
    Command("details", QT_TRANSLATE_NOOP("Commands", "Show or hide the details"), _E, ("Ctrl+I",), "panel-right"),
    Command("back", QT_TRANSLATE_NOOP("Commands", "Back"), _E, ("Alt+Left",), "undo"),
    Command("forward", QT_TRANSLATE_NOOP("Commands", "Forward"), _E, ("Alt+Right",), "chevron-right"),
    Command("settings", QT_TRANSLATE_NOOP("Commands", "Settings"), _E, ("Ctrl+,",), "settings", "alerts preferences"),
    Command("text_bigger", QT_TRANSLATE_NOOP("Commands", "Bigger text"), _E, ("Ctrl++", "Ctrl+="), "plus", "zoom"),
    Command("text_smaller", QT_TRANSLATE_NOOP("Commands", "Smaller text"), _E, ("Ctrl+-",), "chevron-down", "zoom"),
    Command("text_normal", QT_TRANSLATE_NOOP("Commands", "Usual text size"), _E, ("Ctrl+0",), "check", "zoom"),
    Command("sync_now", QT_TRANSLATE_NOOP("Commands", "Retry the outbox and sync now"), _E, ("F5",), "sync", "refresh"),
    Command("dnd", QT_TRANSLATE_NOOP("Commands", "Do not disturb"), _E, ("Ctrl+Shift+M",), "dnd", "mute silence quiet"),
    Command("faq", QT_TRANSLATE_NOOP("Commands", "FAQ"), _V, ("Ctrl+Shift+H",), "globe", "answers questions help page"),
    Command("incidents", QT_TRANSLATE_NOOP("Commands", "Incidents"), _V, ("Ctrl+Shift+E",), "urgent", "fault repair"),
    Command("intake", QT_TRANSLATE_NOOP("Commands", "Intake"), _E, ("Ctrl+Shift+I",), "inbound", "closing cap hours"),
    Command(
        "people", QT_TRANSLATE_NOOP("Commands", "People and categories"), _E, ("Ctrl+Shift+P",), "users", "owner grant"
    ),
    Command("spot_check", QT_TRANSLATE_NOOP("Commands", "Spot-check"), _E, ("Ctrl+Shift+K",), "spot-check", "owner"),
    Command("theme_light", QT_TRANSLATE_NOOP("Commands", "Light colours"), _E, (), "theme", "theme appearance"),
    Command("theme_dark", QT_TRANSLATE_NOOP("Commands", "Dark colours"), _E, (), "theme", "theme appearance"),
    Command("theme_system", QT_TRANSLATE_NOOP("Commands", "Colours of the system"), _E, (), "theme", "appearance"),
    Command("compact", QT_TRANSLATE_NOOP("Commands", "Compact list"), _E, (), "menu", "density rows"),
    Command("sign_out", QT_TRANSLATE_NOOP("Commands", "Sign out"), _E, (), "user-none", "account leave"),
    Command("leave", QT_TRANSLATE_NOOP("Commands", "Back out"), _E, ("Esc",), palette=False),
    Command("close", QT_TRANSLATE_NOOP("Commands", "Close the window"), _E, ("Ctrl+W",), "close"),
    Command("quit", QT_TRANSLATE_NOOP("Commands", "Quit Deskbell"), _E, ("Ctrl+Q",), "close", "exit"),
    Command("view_awaiting", QT_TRANSLATE_NOOP("Commands", "Awaiting us"), _V, ("Ctrl+1",), "inbox"),
    Command("view_mine", QT_TRANSLATE_NOOP("Commands", "Mine"), _V, ("Ctrl+2",), "user"),
    Command("view_unassigned", QT_TRANSLATE_NOOP("Commands", "Unassigned"), _V, ("Ctrl+3",), "user-none"),
    Command("view_waiting", QT_TRANSLATE_NOOP("Commands", "Waiting"), _V, ("Ctrl+4",), "turn-them"),
    Command("view_new", QT_TRANSLATE_NOOP("Commands", "New since I looked"), _V, ("Ctrl+5",), "spark"),
    Command("view_closed", QT_TRANSLATE_NOOP("Commands", "Closed"), _V, ("Ctrl+6",), "check-circle"),
    Command("view_all", QT_TRANSLATE_NOOP("Commands", "All"), _V, ("Ctrl+7",), "layers"),
    Command("view_quick_notes", QT_TRANSLATE_NOOP("Commands", "Quick notes"), _V, ("Ctrl+8",), "quick-note"),
    Command("view_undelivered", QT_TRANSLATE_NOOP("Commands", "Undelivered"), _V, ("Ctrl+9",), "undelivered"),
    Command("view_outbox", QT_TRANSLATE_NOOP("Commands", "Outbox"), _V, ("Ctrl+9",), "outbox", own=True),
    Command("next", QT_TRANSLATE_NOOP("Commands", "Next ticket"), _T, ("F", "J"), "chevron-down", palette=False),
    Command("previous", QT_TRANSLATE_NOOP("Commands", "Previous ticket"), _T, ("D", "K"), palette=False),
    Command("read_on", QT_TRANSLATE_NOOP("Commands", "Read on"), _T, ("Space",), own=True, palette=False),
    Command("next_awaiting", QT_TRANSLATE_NOOP("Commands", "Next ticket awaiting us"), _T, ("G",), "turn-us"),
    Command("take_next", QT_TRANSLATE_NOOP("Commands", "Take the next ticket"), _T, ("Shift+G",), "play", "assign me"),
    Command("take", QT_TRANSLATE_NOOP("Commands", "Take it"), _T, ("A",), "user", "assign me", ticket=True),
    Command(
        "assign", QT_TRANSLATE_NOOP("Commands", "Assign to a colleague"), _T, ("Shift+A",), "users", "", ticket=True
    ),
    Command(
        "status", QT_TRANSLATE_NOOP("Commands", "Set the status"), _T, ("S",), "check-circle", "close", ticket=True
    ),
    Command("wait", QT_TRANSLATE_NOOP("Commands", "Wait for the requester"), _T, ("W",), "turn-them", ticket=True),
    Command("category", QT_TRANSLATE_NOOP("Commands", "Move to a category"), _T, ("C",), "folder", ticket=True),
    Command("priority", QT_TRANSLATE_NOOP("Commands", "Set the priority"), _T, ("V",), "high", "urgent", ticket=True),
    Command("tags", QT_TRANSLATE_NOOP("Commands", "Tags"), _T, ("T",), "tag", "label", ticket=True),
    Command(
        "merge",
        QT_TRANSLATE_NOOP("Commands", "Merge into another ticket"),
        _T,
        ("M",),
        "link",
        "duplicate",
        ticket=True,
    ),
    Command(
        "similar",
        QT_TRANSLATE_NOOP("Commands", "Go to similar tickets"),
        _T,
        ("L",),
        "layers",
        "duplicates like",
        ticket=True,
    ),
    Command(
        "incident",
        QT_TRANSLATE_NOOP("Commands", "Put to an incident"),
        _T,
        ("I",),
        "urgent",
        "gather fault outage",
        ticket=True,
    ),
    Command("piles", QT_TRANSLATE_NOOP("Commands", "Duplicates in the pile"), _V, (), "layers", "similar merge all"),
    Command(
        "delete_ticket", QT_TRANSLATE_NOOP("Commands", "Delete the ticket"), _T, (), "discard", "remove", ticket=True
    ),
    Command("select", QT_TRANSLATE_NOOP("Commands", "Select or unselect"), _T, ("X",), "check", palette=False),
    Command("undo", QT_TRANSLATE_NOOP("Commands", "Take back the last change"), _T, ("Z",), "undo"),
    Command(
        "who_rings", QT_TRANSLATE_NOOP("Commands", "Who would ring"), _T, ("B",), "bell", "alert receipt", ticket=True
    ),
    Command(
        "original",
        QT_TRANSLATE_NOOP("Commands", "Save the original mail"),
        _T,
        (),
        "attach",
        "eml source headers",
        ticket=True,
    ),
    Command("unfold", QT_TRANSLATE_NOOP("Commands", "Unfold all messages"), _T, ("E",), "more", ticket=True),
    Command("open", QT_TRANSLATE_NOOP("Commands", "Open the ticket"), _L, ("Return",), own=True, palette=False),
    Command("read", QT_TRANSLATE_NOOP("Commands", "Mark as read"), _L, ("U",), "inbound", ticket=True),
    Command("extend", QT_TRANSLATE_NOOP("Commands", "Select more"), _L, ("Shift+Down",), own=True, palette=False),
    Command("select_all", QT_TRANSLATE_NOOP("Commands", "Select all"), _L, ("Ctrl+A",), own=True, palette=False),
    Command("copy", QT_TRANSLATE_NOOP("Commands", "Copy number and subject"), _L, ("Ctrl+C",), "copy", own=True),
    Command("reply", QT_TRANSLATE_NOOP("Commands", "Reply to requester"), Where.THREAD, ("R",), "reply", ticket=True),
    Command("note", QT_TRANSLATE_NOOP("Commands", "Internal note"), Where.THREAD, ("N",), "lock", ticket=True),
    Command(
        "find",
        QT_TRANSLATE_NOOP("Commands", "Find in this ticket"),
        Where.THREAD,
        ("Ctrl+Shift+F",),
        "search",
        ticket=True,
    ),
    Command(
        "make_faq",
        QT_TRANSLATE_NOOP("Commands", "Turn into FAQ entry"),
        Where.THREAD,
        ("Q",),
        "globe",
        "answer",
        ticket=True,
    ),
    Command(
        "insert_faq",
        QT_TRANSLATE_NOOP("Commands", "Insert FAQ answer"),
        Where.THREAD,
        ("Ctrl+J",),
        "globe",
        "",
        ticket=True,
    ),
    Command(
        "new_link",
        QT_TRANSLATE_NOOP("Commands", "New private link"),
        Where.THREAD,
        (),
        "link",
        "revoke page requester",
        ticket=True,
    ),
    Command(
        "requester_data",
        QT_TRANSLATE_NOOP("Commands", "Requester's data"),
        Where.THREAD,
        (),
        "user",
        "export erase delete privacy",
        ticket=True,
    ),
    Command("undo_send", QT_TRANSLATE_NOOP("Commands", "Undo send"), Where.THREAD, ("Ctrl+Z",), "undo", "take back"),
    Command("send", QT_TRANSLATE_NOOP("Commands", "Send the reply"), Where.COMPOSER, ("Ctrl+Return",), own=True),
    Command("save_note", QT_TRANSLATE_NOOP("Commands", "Save the note"), Where.COMPOSER, ("Ctrl+S",), own=True),
    Command("attach", QT_TRANSLATE_NOOP("Commands", "Attach a file"), Where.COMPOSER, ("Ctrl+Shift+A",), own=True),
    Command("paste", QT_TRANSLATE_NOOP("Commands", "Paste text or image"), Where.COMPOSER, ("Ctrl+V",), own=True),
    Command(
        "leave_composer", QT_TRANSLATE_NOOP("Commands", "Leave, the draft is kept"), Where.COMPOSER, ("Esc",), own=True
    ),
    Command(
        "keep_quick", QT_TRANSLATE_NOOP("Commands", "Save the quick note"), Where.QUICK_NOTE, ("Ctrl+S",), own=True
    ),
    Command("attach_quick", QT_TRANSLATE_NOOP("Commands", "Attach to a ticket"), Where.QUICK_NOTE, ("A",), own=True),
    Command(
        "send_again",
        QT_TRANSLATE_NOOP("Commands", "Send again, or apply mine"),
        Where.UNDELIVERED,
        ("Ctrl+Return",),
        own=True,
    ),
    Command("edit_words", QT_TRANSLATE_NOOP("Commands", "Edit first"), Where.UNDELIVERED, ("E",), own=True),
    Command("note_words", QT_TRANSLATE_NOOP("Commands", "Keep as internal note"), Where.UNDELIVERED, ("N",), own=True),
    Command(
        "follow_up", QT_TRANSLATE_NOOP("Commands", "Begin a follow-up ticket"), Where.UNDELIVERED, ("F",), own=True
    ),
    Command(
        "other_category", QT_TRANSLATE_NOOP("Commands", "Send to another category"), Where.UNDELIVERED, ("C",), own=True
    ),
    Command("copy_words", QT_TRANSLATE_NOOP("Commands", "Copy the text"), Where.UNDELIVERED, ("Ctrl+C",), own=True),
    Command("open_words", QT_TRANSLATE_NOOP("Commands", "Open the ticket"), Where.UNDELIVERED, ("Return",), own=True),
    Command("discard", QT_TRANSLATE_NOOP("Commands", "Discard"), Where.UNDELIVERED, ("Del",), own=True),
    Command("take_back", QT_TRANSLATE_NOOP("Commands", "Take back"), Where.UNDELIVERED, ("Ctrl+Z",), own=True),
    Command("check_open", QT_TRANSLATE_NOOP("Commands", "Open the ticket"), Where.SPOT_CHECK, ("Return",), own=True),
    Command("check_now", QT_TRANSLATE_NOOP("Commands", "Check now"), Where.SPOT_CHECK, ("F5",), own=True),
    Command("check_done", QT_TRANSLATE_NOOP("Commands", "Done"), Where.SPOT_CHECK, ("Esc",), own=True),
    Command("new_faq", QT_TRANSLATE_NOOP("Commands", "New entry"), Where.FAQ, ("Ins",), own=True),
    Command("save_faq", QT_TRANSLATE_NOOP("Commands", "Save the entry"), Where.FAQ, ("Ctrl+S",), own=True),
    Command("publish_faq", QT_TRANSLATE_NOOP("Commands", "Publish the entry"), Where.FAQ, ("Ctrl+Return",), own=True),
    Command("delete_faq", QT_TRANSLATE_NOOP("Commands", "Delete the entry"), Where.FAQ, ("Del",), own=True),
    Command("tick", QT_TRANSLATE_NOOP("Commands", "Tick or untick"), Where.PEOPLE, ("Space",), own=True, palette=False),
    Command("save_people", QT_TRANSLATE_NOOP("Commands", "Save what is ticked"), Where.PEOPLE, ("Ctrl+S",), own=True),
    Command(
        "person", QT_TRANSLATE_NOOP("Commands", "Devices and password of somebody"), Where.PEOPLE, ("Return",), own=True
    ),
    Command("add_person", QT_TRANSLATE_NOOP("Commands", "Add somebody"), Where.PEOPLE, ("Ins",), own=True),
    Command("rename_person", QT_TRANSLATE_NOOP("Commands", "Rename somebody"), Where.PEOPLE, ("F2",), own=True),
    Command("remove_person", QT_TRANSLATE_NOOP("Commands", "Remove somebody"), Where.PEOPLE, ("Del",), own=True),
    Command("add_category", QT_TRANSLATE_NOOP("Commands", "Add a category"), Where.PEOPLE, ("Shift+Ins",), own=True),
    Command(
        "describe_category",
        QT_TRANSLATE_NOOP("Commands", "Say what belongs into a category"),
        Where.PEOPLE,
        ("Ctrl+F2",),
        own=True,
    ),
    Command(
        "rename_category", QT_TRANSLATE_NOOP("Commands", "Rename a category"), Where.PEOPLE, ("Shift+F2",), own=True
    ),
)
