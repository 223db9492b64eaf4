"""The console with a million assignments: every page, twenty clients at once."""
