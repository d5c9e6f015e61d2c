"""Short posts."""
