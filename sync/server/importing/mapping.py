"""Which column becomes what: the words of --map, and the presets for files that are known."""

from collections.abc import Mapping as Dict
from dataclasses import dataclass, field

TARGETS = (
    "subject",
    "body",
    "category",
    "priority",
    "status",
    "createdAt",
    "externalId",
    "requesterName",
    "requesterEmail",
    "tags",
)
MESSAGE_TARGETS = ("ticket", "kind", "body", "createdAt", "author", "requesterEmail", "externalId")
"""`ticket`: the externalId of a ticket that was imported before; `author`: an agent's name, for replies and notes."""
REQUESTER_TARGETS = ("name", "email", "phone", "externalId")


@dataclass(frozen=True)
class Mapping:
    """Columns by target, and what a file does not say itself.

    `columns` maps a target to one or more columns (several are joined). `open_when` maps a column to the values
    with which a ticket stays open; a row that fits none of them, and has no status of its own, is closed.
    `open_every` keeps each n-th row open instead, for a file that says nothing about it. `prefix` stands before
    the category's name, `tag_when` maps a column to the tag that each of its values gives. `source` keeps
    the external ids of different files apart.
    """

    columns: Dict[str, tuple[str, ...]]
    source: str = "csv"
    open_when: Dict[str, frozenset[str]] = field(default_factory=dict)
    open_every: int | None = None
    category_prefix: str = ""
    requester_prefix: str = ""
    tag_when: Dict[str, Dict[str, str]] = field(default_factory=dict)

    def wanted_columns(self) -> frozenset[str]:
        """Every column that the file must have."""
        named = {column for columns in self.columns.values() for column in columns}
        return frozenset(named | set(self.open_when) | set(self.tag_when))


PRESETS: Dict[str, Mapping] = {
    "complaints": Mapping(
        columns={
            "subject": ("issue", "sub_issue"),
            "body": ("issue", "sub_issue", "subcategory", "state", "outcome", "sent_to_company_on"),
            "category": ("category",),
            "createdAt": ("received_on",),
            "externalId": ("id",),
            "requesterName": ("state",),
            "tags": ("subcategory",),
        },
        source="complaints",
        open_when={"outcome": frozenset({"In progress"})},
        requester_prefix="Consumer, ",
        tag_when={"disputed": {"Yes": "disputed"}, "timely": {"No": "late"}},
    ),
    "it-tickets": Mapping(
        columns={"subject": ("title",), "body": ("body",), "category": ("category",)},
        source="it-tickets",
        open_every=100,
        category_prefix="IT ",
    ),
}


def parse_map(text: str) -> Mapping:
    """The mapping that `--map subject=title,body=body,tags=kind+area` means; `+` joins columns.

    Raises ValueError with a sentence that names the part which is wrong.
    """
    return _for_tickets(parse_columns(text, TARGETS))


def parse_columns(text: str, targets: tuple[str, ...]) -> dict[str, tuple[str, ...]]:
    """Columns by target; parts stand between commas or on lines of their own. Raises ValueError."""
    columns: dict[str, tuple[str, ...]] = {}
    for part in text.replace("\n", ",").split(","):
        if not part.strip() and "\n" in text:
            continue
        target, equals, names = part.strip().partition("=")
        if not equals or not names:
            raise ValueError(f"'{part.strip()}' is not TARGET=COLUMN. Write --map subject=title,body=text.")
        if target.strip() not in targets:
            raise ValueError(f"'{target}' is no target. Targets are: {', '.join(targets)}.")
        columns[target.strip()] = tuple(name.strip() for name in names.split("+"))
    return columns


def columns_of(header: list[str], targets: tuple[str, ...]) -> dict[str, tuple[str, ...]]:
    """The columns that are called as the targets are; letter case does not count."""
    known = {target.casefold(): target for target in targets}
    return {known[one.strip().casefold()]: (one.strip(),) for one in header if one.strip().casefold() in known}


def mapping_of(header: list[str]) -> Mapping | None:
    """For tickets whose columns are called as the targets are; None: they are not enough."""
    try:
        return _for_tickets(columns_of(header, TARGETS))
    except ValueError:
        return None


def _for_tickets(columns: dict[str, tuple[str, ...]]) -> Mapping:
    if "subject" not in columns and "body" not in columns:
        raise ValueError("A ticket needs words: map subject or body.")
    if "category" not in columns:
        raise ValueError("Every ticket stands in a category: map category.")
    return Mapping(columns=columns)
