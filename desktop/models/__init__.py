"""Item models between the cache's reader and the views."""
