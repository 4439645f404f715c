"""A private desktop to try Deskbell on: virtual screen, session bus, notification daemon, tray, sound, PostgreSQL."""
