"""Rules about variant characters: 台 and 臺, 為 and 爲, against the practice of the brief."""
