"""Configuration of the documentation; `make docs` builds it."""

import os
from pathlib import Path

import ganbats_sampler

project = "ganbats-sampler"
author = copyright = "The ganbats-sampler developers"
version = release = ganbats_sampler.__version__

extensions = [
    "myst_parser",
    "numpydoc",
    "sphinx.ext.autodoc",
    "sphinx.ext.autosummary",
    "sphinx.ext.mathjax",
    "sphinx_gallery.gen_gallery",
]
exclude_patterns = ["_build", "README.md"]
autosummary_generate = True
templates_path = ["_templates"]
numpydoc_show_class_members = False
nitpicky = False

html_theme = "pydata_sphinx_theme"
html_title = "ganbats-sampler"
html_theme_options = {"show_toc_level": 2, "secondary_sidebar_items": ["page-toc"]}

# The ECG example needs recordings that are not carried here: it is run where they are, and shown
# without its output elsewhere.
has_ecg = "GANBATS_SAMPLER_MITBIH" in os.environ
sphinx_gallery_conf = {
    "examples_dirs": str(Path(__file__).parent.parent / "examples"),
    "gallery_dirs": "auto_examples",
    "ignore_pattern": r"benchmarks",
    "filename_pattern": r"plot_" if has_ecg else r"plot_(?!ecg)",
    "within_subsection_order": "FileNameSortKey",
    "download_all_examples": False,
    "show_memory": False,
}
suppress_warnings = ["config.cache"]
