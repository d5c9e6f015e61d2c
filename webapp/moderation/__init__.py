"""Reports, what moderators decide about them, and the log of what they did."""
