"""What a department does from the link in a letter, without an account."""
