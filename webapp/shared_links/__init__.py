"""Tokens that open one thing for one purpose, without an account."""
