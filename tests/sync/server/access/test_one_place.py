"""One place decides who sees what: no other module of the server asks about grants, owners or who is active."""

import re
from pathlib import Path

SERVER = Path(__file__).parents[4] / "sync" / "server"
ASKS = re.compile(r"category_grant\b|\bGrantRow\b|\bis_owner\b|\bis_active\b")
# Those that may name them, each for its reason; none of them decides what somebody sees.
NAMES_THEM = {
    "access.py": "decides",
    "tables.py": "declares the tables",
    "migrations.py": "makes the tables",
    "check.py": "looks whether what stands in the tables fits together",
    "grants.py": "writes grants, and asks access.sees",
    "people.py": "writes agents: who is an owner, who has left",
    "sign_in.py": "lets nobody in who has left, and says in the token's answer who is an owner",
    "parts.py": "carries in a Colleague whether its holder was an owner at sign-in",
    "types/reading.py": "shows a grant and whether a colleague is an owner",
    "types/category.py": "shows to those who see a category who else does",
    "types/agent_access.py": "shows owners who is granted what",
    "types/closing.py": "lets owners alone announce closings",
    "types/faq_entry.py": "lets owners alone publish, where it is set so",
    "types/incident.py": "lets owners alone tell the public, where it is set so",
    "types/ticket.py": "lets owners alone delete",
    "admin/people.py": "prints roles on the administrator's terminal",
}


def modules_that_ask(folder: Path) -> set[str]:
    return {
        file.relative_to(folder).as_posix()
        for file in folder.rglob("*.py")
        if ASKS.search(file.read_text(encoding="utf-8"))
    }


def test_no_further_module_asks() -> None:
    assert modules_that_ask(SERVER) - set(NAMES_THEM) == set(), "ask sync.server.access.sees or granted instead"


def test_the_list_is_no_longer_than_it_must_be() -> None:
    assert set(NAMES_THEM) - modules_that_ask(SERVER) == set()


def test_sql_that_joins_grants_stands_in_the_one_place_only() -> None:
    joins = re.compile(r"(?:JOIN|FROM)\s+category_grant", re.IGNORECASE)
    found = {file.name for file in SERVER.rglob("*.py") if joins.search(file.read_text(encoding="utf-8"))}
    assert found <= {"access.py", "check.py"}


def test_a_module_that_asks_would_be_found(tmp_path: Path) -> None:
    (tmp_path / "sly.py").write_text('QUERY = "SELECT 1 FROM category_grant"\n')
    (tmp_path / "good.py").write_text("from sync.server.access import sees\n")
    assert modules_that_ask(tmp_path) == {"sly.py"}
