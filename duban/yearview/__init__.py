"""A year at a glance, one file a noun; view.py puts them together."""
