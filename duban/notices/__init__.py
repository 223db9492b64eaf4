"""A notice on a year's holidays, read from its text; one file a noun, reading.py is the way in."""
