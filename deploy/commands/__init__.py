"""The commands of `sharewell`, one module a group of them; what is heavy is imported when a command runs."""
