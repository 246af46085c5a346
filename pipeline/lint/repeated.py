"""Rules about words and phrases that stand twice by mistake."""
