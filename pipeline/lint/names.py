"""Rules about people and their offices."""
