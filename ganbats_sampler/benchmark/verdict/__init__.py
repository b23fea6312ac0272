"""Judge a table of runs: comparisons, sentences, pictures and a page."""
