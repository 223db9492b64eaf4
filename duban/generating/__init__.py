"""A country made up by rule, for tests and benchmarks."""
