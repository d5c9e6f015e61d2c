"""People, their identities, sign-in and sessions."""
