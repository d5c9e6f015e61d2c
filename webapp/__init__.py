"""Quanzi: circles beside chat groups."""
