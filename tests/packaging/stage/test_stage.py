"""The private desktop works: each real program answers, and what it was told can be read back."""

import math
import struct
import subprocess
import wave
from collections.abc import Callable
from pathlib import Path

import psycopg
import pytest
from jeepney import DBusAddress, new_method_call

from stage import bus, pitch, postgres, process, screen, sound, x11
from stage.notifications import NotificationDaemon
from tests.rigs.children import children

_NOTIFY = DBusAddress(
    "/org/freedesktop/Notifications",
    bus_name="org.freedesktop.Notifications",
    interface="org.freedesktop.Notifications",
)


def _notify(address: str, replaces: int, summary: str) -> int:
    """Show a notification and return its number."""
    body: tuple[object, ...] = ("Deskbell", replaces, "", summary, "a < b & c", ["default", "Open"], {}, -1)
    (number,) = bus.ask(address, new_method_call(_NOTIFY, "Notify", "susssasa{sv}i", body))
    assert isinstance(number, int)
    return number


def _tone(file: Path, hertz: float, seconds: float = 0.3) -> None:
    """Write a sine of half of full scale that swells and fades, as a click holds every pitch."""
    count = int(sound.RATE * seconds)
    swell = (min(1.0, n / 2400, (count - 1 - n) / 2400) for n in range(count))
    values = (int(16_384 * s * math.sin(2 * math.pi * hertz * n / sound.RATE)) for n, s in enumerate(swell))
    with wave.open(str(file), "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(2)
        out.setframerate(sound.RATE)
        out.writeframes(struct.pack(f"<{count}h", *values))


def test_postgres_gives_each_test_an_empty_database(postgres: postgres.Postgres, fresh_postgres_url: str) -> None:
    with psycopg.connect(fresh_postgres_url) as connection:
        connection.execute("CREATE TABLE ticket (id text)")
    with postgres.database() as other, psycopg.connect(other) as connection:
        tables = connection.execute("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'").fetchone()
    assert tables == (0,)


def test_screen_answers_until_it_is_put_away() -> None:
    before = children("Xvfb")
    with screen.virtual_screen("800x600") as display:
        assert x11.answers(display)
        assert not x11.selection_owned(display, screen.TRAY_SELECTION)
        assert len(children("Xvfb") - before) == 1
    assert children("Xvfb") == before


def test_tray_host_owns_the_tray(xvfb: str, tray_host: None) -> None:
    assert x11.selection_owned(xvfb, screen.TRAY_SELECTION)


def test_bus_starts_no_service_by_itself(session_bus: str) -> None:
    assert bus.name_owned(session_bus, "org.freedesktop.DBus")
    assert not bus.name_owned(session_bus, "org.freedesktop.Notifications")


def test_notification_daemon_lists_and_replaces(
    session_bus: str, notification_daemon: NotificationDaemon, tmp_path: Path
) -> None:
    number = _notify(session_bus, 0, "Ticket 7: Büro")
    assert _notify(session_bus, number, "Ticket 7 and 1 more") == number
    assert notification_daemon.displayed() == 1
    notification_daemon.close_all()
    assert notification_daemon.displayed() == 0


def test_notification_daemon_remembers_the_words(
    session_bus: str, notification_daemon: NotificationDaemon, tmp_path: Path
) -> None:
    number = _notify(session_bus, 0, "Ticket 7: Büro")
    with (tmp_path / "log").open("wb") as log:
        waiting = subprocess.Popen(["sleep", "10"], stdout=log)
        try:
            assert process.wait_until(lambda: bool(notification_daemon.shown()), waiting, 5)
        finally:
            process.end(waiting)
    (shown,) = notification_daemon.shown()
    assert (shown.id, shown.summary, shown.urgency) == (number, "Ticket 7: Büro", "NORMAL")


def test_null_sink_hears_the_pitch_that_is_played(
    null_sink: sound.NullSink, needs: Callable[[str], str], tmp_path: Path
) -> None:
    tone = tmp_path / "tone.wav"
    _tone(tone, 880)
    with null_sink.record() as recorder:
        env = process.environment(tmp_path, **null_sink.environment())
        subprocess.run([needs("paplay"), str(tone)], env=env, check=True)
        assert recorder.wait_for(880) is not None
        assert recorder.loudest([440.0, 660.0, 880.0, 1320.0]) == 880.0
        assert recorder.heard(660) is None
        assert recorder.heard(1320) is None


def test_a_pitch_has_its_amplitude() -> None:
    wave_ = [int(16_384 * math.sin(2 * math.pi * 880 * n / sound.RATE)) for n in range(4800)]
    assert pitch.amplitude(wave_, sound.RATE, 880) == pytest.approx(0.5, rel=0.01)
    assert pitch.amplitude(wave_, sound.RATE, 660) < 0.001


def test_silence_has_no_pitch() -> None:
    assert pitch.first_heard([0] * 9600, sound.RATE, 880, 0.02) is None


def test_a_program_that_ends_early_is_reported_with_its_last_words(tmp_path: Path) -> None:
    with (
        pytest.raises(process.NotReady, match="no such luck"),
        process.running(
            ["sh", "-c", "echo no such luck; exit 3"],
            lambda: False,
            env=process.environment(tmp_path),
            log=tmp_path / "log",
        ),
    ):
        pytest.fail("never ready")


def test_a_missing_program_is_named() -> None:
    with pytest.raises(process.ProgramMissing, match="no-such-program is not installed"):
        process.found("no-such-program")
