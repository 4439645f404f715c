"""When an answer can be expected: the house's calendar, its closings, and how fast it answers (PRODUCT E6, G1)."""
