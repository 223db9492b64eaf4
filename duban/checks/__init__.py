"""Cross checks of the book, one file a subject."""
