"""Which examples in docstrings cannot run here."""

from importlib.util import find_spec

collect_ignore = [] if find_spec("aeon") else ["ganbats_sampler/samplers/adapters.py"]
