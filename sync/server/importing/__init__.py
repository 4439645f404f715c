"""Tickets from CSV: what the columns mean, what each row becomes, how they are stored without doubling."""
