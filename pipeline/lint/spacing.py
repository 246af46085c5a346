"""Rules about typed blanks: between Han and Latin, inside Han, missing in Latin."""
