"""How it is put together."""
