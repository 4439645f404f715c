"""Everything that a server holds, in files that people and programs can read, and back again."""
