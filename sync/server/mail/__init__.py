"""E-mail: how letters come in and go out, and what is known of each."""
