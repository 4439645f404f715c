"""On which thread garbage is collected."""

import gc
import threading
import weakref

from pytestqt.qtbot import QtBot

from desktop.collection import Collection


class Knot:
    """Something that only a collection frees."""

    def __init__(self) -> None:
        self.itself = self


def test_garbage_is_collected_on_the_ui_thread_however_much_another_one_makes(qtbot: QtBot) -> None:
    freed_on: list[int] = []
    collection = Collection()
    weakref.finalize(Knot(), lambda: freed_on.append(threading.get_ident()))

    worker = threading.Thread(target=lambda: [Knot() for _ in range(5 * gc.get_threshold()[0])])
    worker.start()
    worker.join()
    assert freed_on == []

    # What other tests left may be freed meanwhile, and counts against what is due: so there is always more.
    qtbot.waitUntil(lambda: bool([Knot() for _ in range(100)] and freed_on))
    assert freed_on == [threading.get_ident()]
    del collection


def test_python_does_not_collect_by_itself_any_more() -> None:
    gc.enable()
    Collection()
    assert not gc.isenabled()
