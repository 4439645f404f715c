"""What strangers send by form, checked: the words as they are to be stored, or a sentence for each field."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from sync.domain.addresses import normal_address
from sync.domain.limits import NAME_MAX, SUBJECT_MAX, clean_line, clean_text
from sync.domain.records import Category

TRAP = "website"
KEY_MAX = 100

SHOWN = ("category", "name", "email", "subject", "text")


@dataclass(frozen=True, slots=True)
class TicketForm:
    """A new question, ready to be filed. `key` is the form's one-time key, None where none was sent.

    `site`: where the link to the form stood.
    """

    category_id: str
    name: str
    email: str
    subject: str
    text: str
    key: str | None = None
    site: str | None = None


@dataclass(frozen=True, slots=True)
class Allowed:
    """What one address may send, as it is set now: forms an hour, files of a form and their octets, octets of text."""

    per_hour: int
    files: int
    file_bytes: int
    text_bytes: int


@dataclass(slots=True)
class Problems:
    """What is wrong, by field ("" for the form as a whole). `too_big`: something is over a limit of size."""

    by_field: dict[str, str] = field(default_factory=dict)
    too_big: bool = False

    def __bool__(self) -> bool:
        return bool(self.by_field)

    @property
    def status(self) -> int:
        """The HTTP status that says so."""
        return 413 if self.too_big else 422


@dataclass(frozen=True, slots=True)
class Refused:
    """What is wrong, with the values to show again."""

    problems: Problems
    values: Mapping[str, str]


def read_ticket(
    fields: Mapping[str, str], sizes: Sequence[int], categories: Sequence[Category], allowed: Allowed
) -> TicketForm | Refused:
    """The question that the fields hold. A filled trap is refused like a mistake that a person could mend.

    `sizes`: the octets of each file that came with it. Problems are in the order of the page: the first has the focus.
    """
    problems = Problems()
    wrong = problems.by_field
    if fields.get(TRAP, "").strip():
        wrong[""] = "One field must stay empty, and a program filled it. Please send the form again by hand."
    subject = _line(fields, "subject", SUBJECT_MAX, "Please write a few words as a subject.", wrong)
    text = read_text(fields, allowed, problems)
    category = _category(fields.get("category", "").strip(), categories)
    if category is None:
        wrong["category"] = "Please choose what it is about; what fits best is good enough."
    name = _line(fields, "name", NAME_MAX, "Please write your name.", wrong)
    email = _email(fields, wrong)
    check_files(sizes, allowed, problems)
    if category is None or problems:
        return Refused(problems, {name: fields.get(name, "") for name in SHOWN})
    return TicketForm(category.id, name, email, subject, text, read_key(fields))


def read_text(fields: Mapping[str, str], allowed: Allowed, problems: Problems, *, required: bool = True) -> str:
    """The question's words; what is wrong with them goes into `problems`."""
    text = clean_text(fields.get("text", "")).strip("\n")
    if len(text.encode()) > allowed.text_bytes:
        limit = f"{allowed.text_bytes / 1e6:g} MB"
        problems.by_field["text"] = f"This text is longer than {limit}. Please shorten it or send it as a file."
        problems.too_big = True
    elif required and not text.strip():
        problems.by_field["text"] = "Please write your question."
    return text


def check_files(sizes: Sequence[int], allowed: Allowed, problems: Problems) -> None:
    """Whether there are too many files, or too big ones."""
    if len(sizes) > allowed.files:
        problems.by_field["files"] = f"These are {len(sizes)} files, the limit is {allowed.files}. Please pack them."
    if sum(sizes) > allowed.file_bytes:
        size, limit = f"{sum(sizes) / 1e6:.1f} MB", f"{allowed.file_bytes / 1e6:g} MB"
        problems.by_field["files"] = f"These files have {size}, the limit is {limit} in all. Please send fewer."
        problems.too_big = True


def read_key(fields: Mapping[str, str]) -> str | None:
    """The one-time key, if the form had a usable one."""
    key = fields.get("key", "").strip()
    return key if 0 < len(key) <= KEY_MAX and key.isascii() and key.isprintable() else None


def _category(wanted: str, categories: Sequence[Category]) -> Category | None:
    return next((c for c in categories if wanted in (c.id, c.name)), None)


def _line(fields: Mapping[str, str], name: str, limit: int, missing: str, wrong: dict[str, str]) -> str:
    line = clean_line(fields.get(name, ""))
    if not line:
        wrong[name] = missing
    elif len(line) > limit:
        wrong[name] = f"This has {len(line)} characters, the limit is {limit}. Please shorten it."
    return line


def _email(fields: Mapping[str, str], wrong: dict[str, str]) -> str:
    address = clean_line(fields.get("email", ""))
    try:
        return normal_address(address)
    except ValueError:
        wrong["email"] = "Please write the whole address, like name@mail.example."
        return address
