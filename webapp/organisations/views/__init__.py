"""What an organisation shows and takes: itself and its people, and each of them."""
