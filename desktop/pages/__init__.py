"""Whole pages of the main window beside the ticket pane."""
