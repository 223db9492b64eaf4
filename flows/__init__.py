"""What runs on schedule: Prefect flows, each a short list of named steps."""
