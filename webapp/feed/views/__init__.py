"""The pages of a feed: its cards and what is said about them, its collections."""
