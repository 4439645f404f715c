"""Duplicates: the index of rare words, and what it finds beside a ticket (PRODUCT D7)."""
