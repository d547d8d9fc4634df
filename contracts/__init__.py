"""What is said: every message that Sharewell takes in or sends out, as pydantic models; imports nothing of ours."""
