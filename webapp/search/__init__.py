"""Search over everything that capabilities register as findable; it never shows what the searcher may not open."""
