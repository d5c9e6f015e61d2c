"""Figures beside their budgets (BUDGETS of the product): `make bench` prints them and writes docs/benchmarks.md."""
