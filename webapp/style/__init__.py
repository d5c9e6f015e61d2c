"""/-/style: every component and fragment, and the five mechanisms at work, for who builds on them."""
