"""Rules about punctuation: brackets and quotation marks, their width, doubled marks, dashes and ellipses."""
