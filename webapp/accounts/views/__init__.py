"""Signing in and out, one's own page, and the administrator's list of people."""
