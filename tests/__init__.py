"""Sharewell's tests."""
