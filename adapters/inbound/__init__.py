"""Where events and receipts come in."""
