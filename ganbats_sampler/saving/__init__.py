"""Saved samplers: one safetensors file, with tensors and one JSON text in its metadata.

No object is pickled. :mod:`~ganbats_sampler.saving.table` lists every class and function that a
file can name; a file never names a module to import, and no code of it is run. This package imports
nothing by itself, so that samplers without a network do not load PyTorch.
"""
