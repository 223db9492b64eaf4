"""Where a visitor goes after the log-in: to the page that was asked for, if it is one of ours."""

from urllib.parse import urlsplit

from adapters.secret import bytes_of


def after(text: str) -> str:
    """The path that door.py put into `next`; `/` for whatever else stands there (CWE-601)."""
    try:
        path = (bytes_of(text) or b"/").decode("utf-8")
        parts = urlsplit(path)
    except ValueError:
        return "/"
    ours = path.startswith("/") and not path.startswith("//") and "\\" not in path
    plain = path.isprintable() and " " not in path and not parts.scheme and not parts.netloc
    return path if ours and plain and parts.path not in ("/login", "/login/code") else "/"
