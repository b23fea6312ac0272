"""From a table of runs to a verdict: numbers, tests, words, pictures and a page."""
