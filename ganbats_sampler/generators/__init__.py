"""Objects that generate series of one class, behind one protocol.

Start with :class:`~ganbats_sampler.generators.protocol.Generator`. This package imports nothing by
itself, so that generators without a network do not load PyTorch.
"""
