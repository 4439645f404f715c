"""Imported first by the program: Peewee loads the PostgreSQL driver where it finds it; only the server needs one.

It costs the desktop about 15 MB, and time at each start.
"""

import sys

sys.modules["psycopg"] = None  # type: ignore[assignment]  # how Python is told that an import shall fail
