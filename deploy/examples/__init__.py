"""Two short programs to copy: what a publisher does, and what a recipient does."""
