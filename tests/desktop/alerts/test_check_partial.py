"""A check on a part of the tickets tells nothing: no figure, no record, and a sentence that says why."""

import pytest

from desktop.alerts.check_run import run_check
from sync.connectors.port import Page
from sync.domain.errors import Offline
from tests.rigs.world import World


def test_no_check_is_made_while_an_account_is_still_being_copied(world: World) -> None:
    reader = world.cache.reader()
    try:
        assert run_check(reader, world.clock.now, None).awaiting >= 0
        account = next(one for one in world.cache.access().accounts if one.category_id)  # type: ignore[union-attr]  # the world is signed in
        world.cache.apply(Page(account.id, "2.1", {}, {}, more=True, replace=True, access_state="a", progress=0.1))
        with pytest.raises(Offline, match="still being loaded"):
            run_check(reader, world.clock.now, None)
        world.cache.apply(Page(account.id, "2.2", {}, {}, more=False, replace=False, access_state="a", progress=1.0))
        assert run_check(reader, world.clock.now, None).awaiting >= 0
    finally:
        reader.close()
