"""What `duban doctor` looks at: one small check a matter, each for itself."""
