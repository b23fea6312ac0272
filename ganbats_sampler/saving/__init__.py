"""Save a sampler in a safetensors file, which holds tensors and a JSON text in its metadata.

No object is pickled. A file can name only the samplers of this library, and the classes and
functions that :mod:`~ganbats_sampler.saving.table` lists. A file cannot name a module to import,
and no code from it is run. This package imports nothing by itself, so samplers without a network do
not load PyTorch.
"""
