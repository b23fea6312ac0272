"""From a table of runs to a verdict: comparisons, sentences, pictures and a page."""
