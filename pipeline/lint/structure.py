"""Rules about headings, figures and metadata."""
