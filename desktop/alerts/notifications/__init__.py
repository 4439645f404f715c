"""Desktop notifications: one port, and the ways to carry it out."""
