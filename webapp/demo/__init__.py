"""The demo world: three weeks of life, performed by the actions that people would have taken."""
