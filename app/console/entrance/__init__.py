"""Coming in: log-in, log-out, one's own password and second factor, accounts."""
