"""`make bench`: how fast Sharewell is, what it costs, and what it costs with a million deliveries behind it."""
