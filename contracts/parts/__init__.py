"""The vocabulary that all contracts share."""
