"""What the form asks of those who write: categories explained and guessed, and caps on open tickets."""
