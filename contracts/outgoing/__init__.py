"""What Sharewell sends: summaries, escalations, withdrawals, and the status of what a publisher sent."""
