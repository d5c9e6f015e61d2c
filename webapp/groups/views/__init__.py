"""Groups: the chat, who is in it, single messages, and the desk of a circle's groups."""
