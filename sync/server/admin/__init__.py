"""The command deskbell-server: what an administrator does at a terminal."""
