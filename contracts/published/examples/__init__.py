"""One whole CloudEvent a type at least; the people in them do not exist."""
