"""The steps of setting up a checkout, in the standard library only."""
