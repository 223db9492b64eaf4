"""What managers look at."""
