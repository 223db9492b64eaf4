"""What can go wrong, in our own words: every message says what, where, and how to mend it."""


class Trouble(Exception):
    """Shown to the user as it stands, in Chinese, never with a traceback."""

    exit_code = 3
