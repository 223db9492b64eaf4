"""The web console and the reply page: docs/console.md says how it is built."""
