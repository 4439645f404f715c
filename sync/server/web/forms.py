"""What strangers send by form, checked: the words as they are to be stored, or a sentence for each field."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from sync.domain.addresses import normal_address
from sync.domain.limits import BODY_MAX_BYTES, NAME_MAX, SUBJECT_MAX, clean_line, clean_text
from sync.domain.records import Category

TRAP = "website"
KEY_MAX = 100

Problems = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class TicketForm:
    """A new question, ready to be filed. `key` is the form's one-time key, None where none was sent."""

    category_id: str
    name: str
    email: str
    subject: str
    text: str
    key: str | None = None


@dataclass(frozen=True, slots=True)
class Refused:
    """What is wrong, by field ("" for the form as a whole), with the values to show again."""

    problems: Problems
    values: Mapping[str, str] = field(default_factory=dict)


def read_ticket(fields: Mapping[str, str], categories: Sequence[Category]) -> TicketForm | Refused:
    """The question that the fields hold. A filled trap is refused like a mistake that a person could mend."""
    problems: dict[str, str] = {}
    category = _category(fields.get("category", "").strip(), categories)
    if category is None:
        problems["category"] = "Please choose what it is about."
    name = _line(fields, "name", NAME_MAX, "Please write your name.", problems)
    email = _email(fields, problems)
    subject = _line(fields, "subject", SUBJECT_MAX, "Please write a few words as a subject.", problems)
    text = read_text(fields, problems)
    if fields.get(TRAP, "").strip():
        problems[""] = "One field must stay empty, and a program filled it. Please send the form again by hand."
    if category is None or problems:
        shown = {name: fields.get(name, "") for name in ("category", "name", "email", "subject", "text")}
        return Refused(problems, shown)
    return TicketForm(category.id, name, email, subject, text, read_key(fields))


def read_text(fields: Mapping[str, str], problems: dict[str, str], *, required: bool = True) -> str:
    """The question's words; what is wrong with them goes into `problems`."""
    text = clean_text(fields.get("text", "")).strip("\n")
    if len(text.encode()) > BODY_MAX_BYTES:
        limit = BODY_MAX_BYTES // 1_000_000
        problems["text"] = f"This text is longer than {limit} MB, the limit. Please shorten it or send it as a file."
    elif required and not text.strip():
        problems["text"] = "Please write your question."
    return text


def read_key(fields: Mapping[str, str]) -> str | None:
    """The one-time key, if the form had a usable one."""
    key = fields.get("key", "").strip()
    return key if 0 < len(key) <= KEY_MAX and key.isascii() and key.isprintable() else None


def _category(wanted: str, categories: Sequence[Category]) -> Category | None:
    return next((c for c in categories if wanted in (c.id, c.name)), None)


def _line(fields: Mapping[str, str], name: str, limit: int, missing: str, problems: dict[str, str]) -> str:
    line = clean_line(fields.get(name, ""))
    if not line:
        problems[name] = missing
    elif len(line) > limit:
        problems[name] = f"This has {len(line)} characters, the limit is {limit}. Please shorten it."
    return line


def _email(fields: Mapping[str, str], problems: dict[str, str]) -> str:
    address = clean_line(fields.get("email", ""))
    try:
        return normal_address(address)
    except ValueError:
        problems["email"] = "Please write the whole address, like name@mail.example."
        return address
