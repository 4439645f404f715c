"""What agents and owners see; the only place that imports PySide6 or plyer."""

import os

os.environ.setdefault("QT_LOGGING_RULES", "qt.multimedia.symbolsresolver=false;qt.multimedia.ffmpeg=false")
# Read when Qt is loaded. Without it every start on a system without PipeWire, `deskbell note` too, prints two lines
# about a library that is not needed.
