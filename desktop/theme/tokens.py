"""The colours of light and dark, named once; shapes and words carry meaning, these only speed it up."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Theme:
    """One set of colours as #rrggbb. `*_soft` is the tint behind a chip or a message of that meaning."""

    name: str
    dark: bool
    bg: str
    surface: str
    alt: str
    text: str
    muted: str
    line: str
    edge: str
    button: str
    accent: str
    on_accent: str
    select: str
    focus: str
    us: str
    us_soft: str
    them: str
    them_soft: str
    overdue: str
    overdue_soft: str
    due: str
    due_soft: str
    note: str
    note_soft: str
    note_line: str
    on_note: str
    sent: str
    sent_soft: str
    pending: str
    pending_soft: str
    needs: str
    needs_soft: str
    offline: str
    offline_soft: str

    def value(self, name: str) -> str:
        """The colour by its name, as icons and chips ask for it. Raises AttributeError for an unknown name."""
        value: str = getattr(self, name)
        return value


LIGHT = Theme(
    name="light",
    dark=False,
    bg="#f1f3f5",
    surface="#ffffff",
    alt="#f8f9fa",
    text="#1b2027",
    muted="#566070",
    line="#d8dce2",
    edge="#7b8592",
    button="#ffffff",
    accent="#1f57b8",
    on_accent="#ffffff",
    select="#dfe9f9",
    focus="#0b5fe0",
    us="#1f57b8",
    us_soft="#e3ecfa",
    them="#566070",
    them_soft="#eaedf0",
    overdue="#b3211b",
    overdue_soft="#fce9e7",
    due="#914600",
    due_soft="#fdefdc",
    note="#6f5200",
    note_soft="#fff4cf",
    note_line="#a67c08",
    on_note="#ffffff",
    sent="#1b6b35",
    sent_soft="#e2f3e7",
    pending="#5646a6",
    pending_soft="#edeafa",
    needs="#9c1b63",
    needs_soft="#fbe5ef",
    offline="#3d4858",
    offline_soft="#e0e5eb",
)

DARK = Theme(
    name="dark",
    dark=True,
    bg="#15181d",
    surface="#1c2026",
    alt="#20252c",
    text="#e5e8ec",
    muted="#a2abb7",
    line="#323943",
    edge="#75808f",
    button="#262c34",
    accent="#8ab4f8",
    on_accent="#0d1a2f",
    select="#26364f",
    focus="#a9c8ff",
    us="#8ab4f8",
    us_soft="#21304a",
    them="#a2abb7",
    them_soft="#2a3038",
    overdue="#ff9389",
    overdue_soft="#452423",
    due="#f5b36b",
    due_soft="#402f1b",
    note="#f2cf75",
    note_soft="#352d17",
    note_line="#a98a35",
    on_note="#221a02",
    sent="#82d297",
    sent_soft="#1e3827",
    pending="#beb2f7",
    pending_soft="#302b4d",
    needs="#f7a0ca",
    needs_soft="#441f34",
    offline="#b7c1cd",
    offline_soft="#2c333d",
)
