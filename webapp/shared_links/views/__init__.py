"""The page behind a link, and the pages of those who make links."""
