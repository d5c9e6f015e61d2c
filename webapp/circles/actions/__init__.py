"""The only writers of circles; each room one concern."""
