"""Methods of ours that belong to no data type."""
