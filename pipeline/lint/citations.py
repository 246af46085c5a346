"""Rules about sources in notes: how they are cited, separated and dated."""
