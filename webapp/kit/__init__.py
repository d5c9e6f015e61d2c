"""What every capability stands on; knows Flask and SQL, knows no domain word."""
