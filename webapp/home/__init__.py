"""What a person sees first: one feed of all circles, and the counters."""
