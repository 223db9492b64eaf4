"""The account of everything: reading it, exporting it, verifying its seals."""
