"""What is said: examples, errors, and the gate."""
