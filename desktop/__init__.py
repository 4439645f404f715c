"""What agents and owners see; the only place that imports PySide6 or plyer."""
