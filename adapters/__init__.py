"""The outside: files, templates, SMTP, the clock."""
