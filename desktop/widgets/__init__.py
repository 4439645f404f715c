"""Reusable parts of windows; each knows what it shows, never where it comes from."""
