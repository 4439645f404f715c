"""People and categories through the connector, against the real server: done, refused in a sentence, or in conflict."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from sync.cache.cache import Cache
from sync.connectors.central.administration import CentralAdministration
from sync.connectors.central.connector import CentralConnector
from sync.connectors.port import AccountKind
from sync.domain.errors import Denied, Rejected
from sync.domain.people import AgentAccess, PersonEdit, Plan
from tests.rigs.office import PASSWORD, Office, office_in_process


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    with office_in_process(tmp_path) as opened:
        opened.agent("Olga", is_owner=True)
        yield opened


@pytest.fixture
def cache(office: Office, tmp_path: Path) -> Iterator[Cache]:
    """The owner's."""
    opened = Cache.open(tmp_path / "cache", None, office.clock, office.house.parts.ids)
    yield opened
    opened.close()


def _people(cache: Cache, connector: CentralConnector) -> dict[str, AgentAccess]:
    """As the owner's cache has them after a round."""
    access = connector.access()
    cache.save_access(access)
    [oversight] = [one for one in access.accounts if one.kind is AccountKind.OVERSIGHT]
    more = True
    while more:
        page = connector.changes(oversight, cache.cursor(oversight.id))
        cache.apply(page)
        more = page.more
    reader = cache.reader()
    try:
        return {person.name: person for person in reader.people()}
    finally:
        reader.close()


def test_what_owners_see_comes_into_the_cache_and_leaves_with_the_role(office: Office, cache: Cache) -> None:
    billing = office.category("Billing")
    ann_id = office.agent("Ann", billing)
    office.token("Ann")
    connector = office.connector("Olga")

    ann = _people(cache, connector)["Ann"]
    assert (ann.id, ann.category_ids, ann.is_owner, ann.active) == (ann_id, frozenset({billing}), False, True)
    assert [one.name for one in ann.devices] == ["test"]
    assert ann.last_seen_at == ann.devices[0].last_seen_at
    office.house.people.deactivate(ann_id)
    assert not _people(cache, connector)["Ann"].active

    office.house.people.set_owner(ann_id, True)
    office.house.people.reactivate(ann_id)
    office.house.people.set_owner(office.house.people.find("Olga")["id"], False)
    cache.save_access(connector.access())
    reader = cache.reader()
    assert reader.people() == []
    reader.close()


def test_a_plan_is_saved_and_a_stale_one_is_a_conflict(office: Office, cache: Cache) -> None:
    billing, repairs = office.category("Billing"), office.category("Repairs")
    office.agent("Ann", billing)
    office.agent("Ben", billing)
    connector = office.connector("Olga")
    people = _people(cache, connector)
    by_id = {one.id: one for one in people.values()}
    ann, ben = people["Ann"], people["Ben"]
    plan = Plan().with_grant(ann, repairs, True).with_grant(ben, billing, False).with_owner(ben, True)
    office.house.grants.revoke(ben.id, billing)

    refused = connector.administration().change_people(plan.edits(), by_id)

    assert set(refused) == {ben.id}
    assert "meanwhile" in refused[ben.id]
    after = _people(cache, connector)
    assert after["Ann"].category_ids == {billing, repairs}
    assert not after["Ben"].is_owner
    again = plan.upon(list(after.values()))
    assert connector.administration().change_people(again.edits(), {one.id: one for one in after.values()}) == {}
    assert _people(cache, connector)["Ben"].is_owner


def test_the_only_owner_is_kept_with_a_sentence(office: Office, cache: Cache) -> None:
    connector = office.connector("Olga")
    olga = _people(cache, connector)["Olga"]
    refused = connector.administration().change_people([PersonEdit(olga.id, {}, False)], {olga.id: olga})
    assert "only owner" in refused[olga.id]
    with pytest.raises(Rejected, match="only owner"):
        connector.administration().remove_person(olga.id, None)


def test_somebody_comes_and_leaves(office: Office, cache: Cache) -> None:
    connector = office.connector("Olga")
    keeping = connector.administration()
    category = keeping.add_category("Returns")
    keeping.rename_category(category, "Sent back")
    keeping.describe_category(category, "What came back to us")
    assert keeping.category_description(category) == "What came back to us"
    with pytest.raises(Rejected, match="longer than 300"):
        keeping.describe_category(category, "x" * 301)
    ann_id = keeping.add_person("Ann", PASSWORD, False)
    with pytest.raises(Rejected, match="already"):
        keeping.add_person("ann", PASSWORD, False)
    with pytest.raises(Rejected, match="8 to 1000"):
        keeping.add_person("Ben", "short", False)
    keeping.rename_person(ann_id, "Anna")
    at_work = office.connector("Anna")
    at_work.access()
    device = _people(cache, connector)["Anna"].devices[0]
    keeping.sign_out_device(ann_id, device.token_id)
    keeping.sign_out_device(ann_id, device.token_id)
    with pytest.raises(Denied):
        at_work.access()
    keeping.give_password(ann_id, "another horse")
    keeping.remove_person(ann_id, None)
    keeping.bring_back(ann_id)
    person = _people(cache, connector)["Anna"]
    assert (person.active, person.devices) == (True, ())
    assert [row["name"] for row in office.house.grants.categories()] == ["Sent back"]


def test_who_is_no_owner_keeps_nothing(office: Office) -> None:
    office.agent("Ann")
    with pytest.raises(Rejected, match="Only owners"):
        office.connector("Ann").administration().add_category("Mine")
    connector = office.connector("Olga")
    keeping: CentralAdministration = connector.administration()
    office.agent("Ben", is_owner=True)
    office.house.people.set_owner(office.house.people.find("Olga")["id"], False)
    with pytest.raises(Rejected, match="no owner any more"):
        keeping.add_category("Mine")


def test_a_grant_is_put_into_the_second_line_and_back(office: Office, cache: Cache) -> None:
    billing, repairs = office.category("Billing"), office.category("Repairs")
    ann_id = office.agent("Ann", billing)
    connector = office.connector("Olga")
    keeping = connector.administration()
    keeping.place_grant(ann_id, billing, True)
    ann = _people(cache, connector)["Ann"]
    assert (ann.category_ids, ann.second_line_ids, ann.rings(billing)) == (
        frozenset({billing}),
        frozenset({billing}),
        False,
    )
    keeping.place_grant(ann_id, billing, False)
    assert _people(cache, connector)["Ann"].rings(billing)
    with pytest.raises(Rejected):
        keeping.place_grant(ann_id, repairs, True)
