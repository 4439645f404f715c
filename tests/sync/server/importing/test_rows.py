"""Rows of a CSV file become tickets to be, or a reason."""

import pytest

from sync.domain.limits import SUBJECT_MAX
from sync.domain.records import Priority, Status
from sync.server.importing.csv_records import HeaderError, Skipped
from sync.server.importing.mapping import PRESETS, Mapping, parse_map
from sync.server.importing.rows import ImportRow, read_rows

SIMPLE = parse_map(
    "subject=title,body=text,category=area,priority=prio,status=state,createdAt=on,externalId=no,"
    "requesterName=who,requesterEmail=mail,tags=tags"
)
HEADER = "title,text,area,prio,state,on,no,who,mail,tags"


def read(*lines: str, mapping: Mapping = SIMPLE) -> list[ImportRow | Skipped]:
    return list(read_rows([f"{line}\n" for line in lines], mapping))


def only(*lines: str, mapping: Mapping = SIMPLE) -> ImportRow:
    (row,) = read(*lines, mapping=mapping)
    assert isinstance(row, ImportRow), row
    return row


def reason(line: str) -> str:
    (row,) = read(HEADER, line)
    assert isinstance(row, Skipped), row
    return row.reason


def test_every_target_is_taken() -> None:
    row = only(HEADER, "Mirror,It stops,Downloads,High,open,2015-01-31T14:03:00Z,A7,Ines R.,ines@mail.example,Bundle")
    assert row == ImportRow(
        number=1,
        key="csv:id:A7",
        subject="Mirror",
        body="It stops",
        category="Downloads",
        status=Status.OPEN,
        priority=Priority.HIGH,
        created_at=1_422_712_980_000,
        requester_name="Ines R.",
        requester_email="ines@mail.example",
        tags=frozenset({"bundle"}),
    )


def test_without_a_status_a_ticket_is_closed() -> None:
    assert only(HEADER, "Mirror,,Downloads,,,,,,,").status is Status.CLOSED


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("a,b,,,,,,,,", "category is empty"),
        (",,Downloads,,,,,,,", "neither subject nor text"),
        ("a,b,Downloads,pressing,,,,,,", "priority 'pressing'"),
        ("a,b,Downloads,,done,,,,,", "status 'done'"),
        ("a,b,Downloads,,,31.01.2015,,,,", "date '31.01.2015'"),
        ("a,b,Downloads,,,1914-01-01,,,,", "before 1970"),
        ("a,b,Downloads,,,,,,nobody,", "address 'nobody'"),
        ("a,b,Downloads", "3 fields"),
        ("\udcff,b,Downloads,,,,,,,", "not UTF-8"),
    ],
)
def test_a_row_that_cannot_be_a_ticket_says_why(line: str, words: str) -> None:
    assert words in reason(line)


def test_a_bad_row_does_not_stop_the_next() -> None:
    first, second = read(HEADER, 'a,"b"x,Downloads,,,,,,,', "good,,Downloads,,,,,,,")
    assert isinstance(first, Skipped)
    assert first.number == 1
    assert isinstance(second, ImportRow)
    assert second.number == 2


def test_equal_rows_are_told_apart_by_their_occurrence() -> None:
    one, two = read("title,area", "same,A", "same,A", mapping=parse_map("subject=title,category=area"))
    assert isinstance(one, ImportRow)
    assert isinstance(two, ImportRow)
    assert one.key.removesuffix(":1") == two.key.removesuffix(":2")


def test_an_over_long_subject_stands_in_full_in_the_body() -> None:
    subject = "word " * 200
    row = only(HEADER, f"{subject},text,Downloads,,,,,,,")
    assert len(row.subject) == SUBJECT_MAX
    assert row.body == f"{subject.strip()}\n\ntext"


def test_an_empty_subject_is_made_of_the_first_words() -> None:
    assert only(HEADER, f",{'word ' * 60},Downloads,,,,,,,").subject.endswith("word…")


def test_a_missing_column_is_named() -> None:
    with pytest.raises(HeaderError, match="no column area"):
        read("title", "a", mapping=parse_map("subject=title,category=area"))


def test_an_empty_file_is_said_to_be_empty() -> None:
    with pytest.raises(HeaderError, match="empty"):
        read()


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("subject", "not TARGET=COLUMN"),
        ("title=a", "no target"),
        ("subject=a", "map category"),
        ("category=a", "words"),
    ],
)
def test_a_wrong_mapping_is_explained(text: str, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        parse_map(text)


def test_the_complaints_preset_keeps_what_is_in_progress_open() -> None:
    header = "id,received_on,sent_to_company_on,category,subcategory,issue,sub_issue,state,outcome,timely,disputed"
    row = only(
        header,
        "7,2015-01-01,2015-01-02,Mortgage,Other mortgage,Loan servicing,Escrow,AZ,In progress,No,Yes",
        mapping=PRESETS["complaints"],
    )
    assert (row.status, row.subject, row.key) == (Status.OPEN, "Loan servicing, Escrow", "complaints:id:7")
    assert row.tags == {"other mortgage", "disputed", "late"}
    assert "Sent to company on: 2015-01-02" in row.body
