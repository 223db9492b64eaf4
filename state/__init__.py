"""What is remembered: tables, queries, guarded moves, migrations."""
