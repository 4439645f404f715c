"""The one sync loop: collect, exchange, apply; when to run; what to say about it."""
