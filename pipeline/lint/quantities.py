"""Rules about numbers: how they are written, and the same quantity or date with two values."""
