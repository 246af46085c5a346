"""Rules about words and characters of another region in a Taiwanese text."""
