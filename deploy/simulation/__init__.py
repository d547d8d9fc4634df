"""Real events of the past decided by two rule books, each in a process of its own, and what is different."""
