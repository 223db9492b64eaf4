"""Mail that comes back: where it lies, and what it says."""
