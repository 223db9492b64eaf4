"""The outbox: what became of each letter, and its brakes."""
