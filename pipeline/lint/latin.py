"""Rules about Latin words: capitals, two forms of one name."""
