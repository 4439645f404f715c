"""What is filled in for a new ticket, and what is still wrong with it, said in sentences."""

import json
from dataclasses import asdict, dataclass, fields

from email_validator import EmailNotValidError, validate_email

from desktop.translation import translate
from sync.domain.limits import EMAIL_MAX, NAME_MAX, SUBJECT_MAX, clean_line


@dataclass(frozen=True, slots=True)
class Filled:
    """The fields as typed."""

    name: str
    email: str
    phone: str
    category_id: str
    subject: str
    text: str
    priority: str = ""

    def cleaned(self) -> "Filled":
        """Lines without line breaks and stray blanks; the text as it is."""
        lines = (clean_line(self.name), clean_line(self.email), clean_line(self.phone))
        return Filled(*lines, self.category_id, clean_line(self.subject), self.text, self.priority)

    def to_text(self) -> str:
        """All fields, to be kept as a draft; empty where nothing was written."""
        if not any((self.name, self.email, self.phone, self.subject, self.text)):
            return ""
        return json.dumps(asdict(self), ensure_ascii=False)

    @classmethod
    def from_text(cls, text: str) -> "Filled":
        """What `to_text` gave, here or in another version of Deskbell."""
        saved = json.loads(text)
        return cls(*(str(saved.get(field.name, "")) for field in fields(cls)))


def objections(filled: Filled) -> dict[str, str]:
    """Field name -> sentence, in the order of the fields; empty where it can be saved."""
    found: dict[str, str] = {}
    if not filled.name:
        found["name"] = translate("NewTicket", "Write who asks. A first name is enough.")
    elif len(filled.name) > NAME_MAX:
        found["name"] = translate(
            "NewTicket", "The name has {count} letters, the limit is {limit}. Shorten it."
        ).format(count=len(filled.name), limit=NAME_MAX)
    if filled.email and not _is_address(filled.email):
        found["email"] = translate("NewTicket", "This is not an e-mail address. Correct it, or leave it empty.")
    if not filled.category_id:
        found["category"] = translate("NewTicket", "Choose a category, so that the right colleagues are told.")
    if not filled.subject:
        found["subject"] = translate("NewTicket", "Write a subject of a few words.")
    elif len(filled.subject) > SUBJECT_MAX:
        found["subject"] = translate(
            "NewTicket", "The subject has {count} letters, the limit is {limit}. Put the rest into the text."
        ).format(count=len(filled.subject), limit=SUBJECT_MAX)
    return found


def _is_address(text: str) -> bool:
    if len(text) > EMAIL_MAX:
        return False
    try:
        validate_email(text, check_deliverability=False, test_environment=True)
    except EmailNotValidError:
        return False
    return True
