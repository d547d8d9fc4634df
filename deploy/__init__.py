"""How Sharewell is put together: the only package that knows every adapter."""
