"""Saved samplers: one safetensors file, with tensors and one JSON text in its metadata.

No object is pickled. :mod:`~ganbats_sampler.saving.table` lists every class and function that a
file can name; a file never names a module to import, and no code of it is run.
"""

from ganbats_sampler.saving.file import load_file, to_bytes
from ganbats_sampler.saving.kinds import register

__all__ = ["load_file", "register", "to_bytes"]
