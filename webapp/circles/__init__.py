"""Circles, what their kinds allow, and who belongs to them."""
