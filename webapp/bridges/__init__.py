"""Glue where two siblings meet, one file a sentence."""
