"""Chat groups and their links to circles."""
