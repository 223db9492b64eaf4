"""What is fast, measured by commands that print it again."""
