"""Imported first by the program: what only the server needs stays out, and nobody looks for garbage among modules.

Peewee loads the PostgreSQL driver where it finds it: about 15 MB, and time at each start. Python looks for cycles of
garbage again and again while modules are loaded, and there is none; later `Collection` does it. A thread that computes
gives way to the UI thread ten times as soon as Python's own 5 ms: each call of Qt may have to wait for it.
"""

import gc
import sys

gc.disable()
sys.setswitchinterval(0.0005)

sys.modules["psycopg"] = None  # type: ignore[assignment]  # how Python is told that an import shall fail
