"""Generators: objects that generate series of one class and share one protocol.

Start with :class:`~ganbats_sampler.generators.protocol.Generator`. This package imports nothing by
itself, so that generators without a network do not load PyTorch.
"""
