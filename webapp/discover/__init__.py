"""Discover: my circles, those of my organisation, public ones, and topics that are moving."""
