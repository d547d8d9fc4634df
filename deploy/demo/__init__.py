"""A morning in a synthetic borough and the weeks after it, on real parts: `make demo`."""
