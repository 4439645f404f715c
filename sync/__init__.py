"""Everything between a workstation's cache and a central server; Qt-free."""
