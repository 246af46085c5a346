"""Citations: what a note says of a source, read from its text, as data, and tagged in the manuscript."""
