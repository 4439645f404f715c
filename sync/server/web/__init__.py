"""What a requester meets in a browser: the form, the private page, and a readable page for each refusal."""
