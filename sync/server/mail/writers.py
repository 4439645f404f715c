"""Who asks by a mail, and who else takes part in it."""

from sync.domain import limits
from sync.server.intake import Asker
from sync.server.mail.headers import Person
from sync.server.mail.nature import Nature
from sync.server.mail.reading import ReadMail


def asker(mail: ReadMail, ours: frozenset[str]) -> Asker:
    """Who is to be answered: where answers shall go, if that is not a list or ourselves; else who wrote."""
    person = mail.sender
    if mail.reply_to is not None and mail.nature is not Nature.LIST and bare(mail.reply_to.email or "") not in ours:
        person = Person(mail.reply_to.name or mail.sender.name, mail.reply_to.email)
    name = limits.clean_line(person.name)[: limits.NAME_MAX].strip()
    return Asker(name or (person.email or "Unknown sender")[: limits.NAME_MAX], person.email)


def bare(address: str) -> str:
    """As our own addresses are listed: in lower case, without what stands behind `+`."""
    local, _, host = address.lower().rpartition("@")
    return f"{local.partition('+')[0]}@{host}"


def people(mail: ReadMail, ours: frozenset[str]) -> list[str]:
    """The addresses of everybody in it but us."""
    named = (mail.sender, mail.reply_to, *mail.recipients)
    emails = [one.email for one in named if one is not None and one.email is not None]
    return [one for one in emails if bare(one) not in ours]
