"""Routes of circles, a room a concern."""
