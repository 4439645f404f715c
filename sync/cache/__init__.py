"""The workstation's store: confirmed rows, shown rows, outbox, cursors, search."""
