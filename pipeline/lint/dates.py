"""Rules about dates: impossible, malformed, in the future, written in two ways."""
