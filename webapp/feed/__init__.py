"""What stands in a circle: cards, comments, reactions, pins."""
