"""The rule book: who is told what, why and by when; one file a subject, named as in contracts/."""
