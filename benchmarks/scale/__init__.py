"""A country of offices: what a morning, a question and a letter cost there. See docs/measuring.md."""
