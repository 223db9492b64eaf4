"""A year in time-lapse: real flows, real SMTP, simulated departments."""
