"""A virtual screen (Xvfb) on a display number of its own, and the tray (trayer) on it."""

from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from stage import x11
from stage.process import Announcement, environment, running

TRAY_SELECTION = "_NET_SYSTEM_TRAY_S0"


@contextmanager
def virtual_screen(size: str = "1440x900", dots_per_inch: int = 96) -> Iterator[str]:
    """Yield the name of a new display, such as ":5"; raises ProgramMissing, NotReady."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(TemporaryDirectory(prefix="deskbell-screen-")))
        number = stack.enter_context(closing(Announcement()))
        command = [
            "Xvfb", "-displayfd", str(number.end), "-screen", "0", f"{size}x24",
            "-dpi", str(dots_per_inch), "-nolisten", "tcp", "-noreset",
        ]  # fmt: skip
        stack.enter_context(
            running(
                command,
                number.arrived,
                env=environment(folder),
                log=folder / "xvfb.log",
                pass_fds=[number.end],
            )
        )
        yield f":{number.line()}"


@contextmanager
def tray_host(display: str) -> Iterator[None]:
    """Run a tray (XEmbed) at the top right of the display; raises ProgramMissing, NotReady."""
    with TemporaryDirectory(prefix="deskbell-tray-") as name:
        folder = Path(name)
        command = [
            "trayer", "--edge", "top", "--align", "right", "--widthtype", "request",
            "--height", "24", "--SetPartialStrut", "true",
        ]  # fmt: skip
        with running(
            command,
            lambda: x11.selection_owned(display, TRAY_SELECTION),
            env=environment(folder, DISPLAY=display),
            log=folder / "trayer.log",
        ):
            yield
