"""The pages of posts: reading and editing, writing, deciding."""
