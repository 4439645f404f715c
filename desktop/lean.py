"""Imported first by the program: Peewee loads the PostgreSQL driver where it finds it; only the server needs one.

It costs the desktop a fifth of its start and 15 MB.
"""

import sys

sys.modules["psycopg"] = None  # type: ignore[assignment]  # how Python is told that an import shall fail
