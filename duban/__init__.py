"""The rules: pure Python, no database, no network, no clock, no framework."""
