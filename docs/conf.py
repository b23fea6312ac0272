"""Configuration of the documentation; `make docs` builds it."""

import os
from pathlib import Path

from sklearn.base import BaseEstimator
from skorch import NeuralNet
from torch import nn

import ganbats_sampler

project = "ganbats-sampler"
author = copyright = "The ganbats-sampler developers"
version = release = ganbats_sampler.__version__

extensions = [
    "myst_parser",
    "numpydoc",
    "sphinx.ext.autodoc",
    "sphinx.ext.autosummary",
    "sphinx.ext.doctest",  # hides what code blocks need and readers do not
    "sphinx.ext.mathjax",
    "sphinx_design",
    "sphinx_gallery.gen_gallery",
]
exclude_patterns = ["_build", "README.md"]
autosummary_generate = True
# methods that every estimator, network or tuple inherits
inherited = {*dir(BaseEstimator), *dir(nn.Module), *dir(tuple), *dir(NeuralNet)}
shown = {"fit", "forward", "get_params", "set_params"}
autosummary_context = {"hidden_methods": inherited - shown}
templates_path = ["_templates"]
numpydoc_show_class_members = False
autodoc_typehints = "none"  # the sections of parameters name the types
nitpicky = False

toc_object_entries_show_parents = "hide"

html_theme = "pydata_sphinx_theme"
html_title = "ganbats-sampler"
html_theme_options = {
    "show_toc_level": 2,
    "secondary_sidebar_items": ["page-toc"],
    "header_links_before_dropdown": 5,  # they fit at 1,280 pixels
}
html_static_path = ["_static"]
html_css_files = ["long_names.css"]

# The ECG example needs recordings that are not carried here: it is run where they are, and shown
# without its output elsewhere.
has_ecg = "GANBATS_SAMPLER_MITBIH" in os.environ
sphinx_gallery_conf = {
    "examples_dirs": str(Path(__file__).parent.parent / "examples"),
    "gallery_dirs": "auto_examples",
    "ignore_pattern": r"benchmarks",
    "filename_pattern": r"plot_" if has_ecg else r"plot_(?!8)",
    "within_subsection_order": "FileNameSortKey",
    "download_all_examples": False,
    "show_memory": False,
    "parallel": 2,
}
suppress_warnings = ["config.cache"]
