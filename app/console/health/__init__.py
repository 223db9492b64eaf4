"""For machines: is it alive, is it ready, how much of what."""
