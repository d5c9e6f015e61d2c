"""Schools, companies and communities, and who is who in them."""
