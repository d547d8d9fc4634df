"""What is remembered: PostgreSQL, and the small memory that the stories use."""
