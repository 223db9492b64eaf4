"""Other queues, in an environment of their own below .cache/; only how to drive them is written here."""
