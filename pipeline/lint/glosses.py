"""Rules about glosses 名（Name） and abbreviations."""
