"""Rules about terms: one thing under two names within a brief or an issue."""
