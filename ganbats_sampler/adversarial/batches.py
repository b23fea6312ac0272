"""Shuffled batches of real series, with a fixed share of target series if requested."""

from __future__ import annotations

import math
from collections.abc import Iterator
from itertools import islice

import torch
from torch import Tensor

#: Series of shape (batch, n_channels, n_timepoints) and, for conditional networks, the class of
#: each series, (batch,).
Batch = tuple[Tensor, ...]


class SeriesBatches:
    """Iterate over shuffled batches of tensors that are already on their device.

    Each item is a list of the `n_critic` batches of one generator update. An epoch is about one
    pass over the series, and at least one item. Every batch has ``min(batch_size, n_samples)``
    series. The series left over at the end of a pass are dropped, because a last batch of one or
    two series would spoil batch norm.

    With `target_share`, that share of every batch is drawn from the targets, the series of the
    classes to generate. The rest is drawn from the other series. Each side has its own passes, and
    repeats series if it has fewer than its part of a batch. The share has no effect if all series
    are targets or none is.

    Parameters
    ----------
    tensors : tuple of Tensor
        Tensors of the same length: the series and, for conditional networks, their classes.
    batch_size, n_critic : int
        Number of series in a batch, and of batches in an item.
    rng : torch.Generator
        The random number generator, on the device of the tensors.
    target_share : float, default=None
        Share of the targets in a batch. It is rounded to whole series, with at least one of either
        side. None ignores `is_target`.
    is_target : Tensor of shape (n_samples,), dtype=bool, default=None
        Whether each series is a target. None means that no series is.
    """

    def __init__(
        self,
        tensors: Batch,
        batch_size: int,
        n_critic: int,
        rng: torch.Generator,
        target_share: float | None = None,
        is_target: Tensor | None = None,
    ):
        self.tensors = tensors
        self.batch_size = min(batch_size, len(tensors[0]))
        self.n_critic = n_critic
        self.rng = rng
        self.target_share = target_share
        self.is_target = is_target

    def __len__(self) -> int:
        return math.ceil(len(self.tensors[0]) // self.batch_size / self.n_critic)

    def __iter__(self) -> Iterator[list[Batch]]:
        batches = self._batches()
        for _ in range(len(self)):
            yield list(islice(batches, self.n_critic))

    def _batches(self) -> Iterator[Batch]:
        """Yield batches without end."""
        rows = self._passes()
        if self.target_share is not None and self.is_target is not None:
            if 0 < self.is_target.sum() < len(self.is_target):
                rows = self._shares(self.target_share, self.is_target)
        for of_batch in rows:
            yield tuple(tensor[of_batch] for tensor in self.tensors)

    def _passes(self) -> Iterator[Tensor]:
        """Yield the rows of each batch, from endless passes over all series in random order."""
        n_samples, device = len(self.tensors[0]), self.tensors[0].device
        while True:
            order = torch.randperm(n_samples, generator=self.rng, device=device)
            yield from order.split(self.batch_size)[: n_samples // self.batch_size]

    def _shares(self, target_share: float, is_target: Tensor) -> Iterator[Tensor]:
        """Yield the rows of each batch, which joins targets and other series."""
        n_targets = min(max(round(target_share * self.batch_size), 1), self.batch_size - 1)
        targets = self._draw(is_target.nonzero()[:, 0], n_targets)
        others = self._draw((~is_target).nonzero()[:, 0], self.batch_size - n_targets)
        return map(torch.cat, zip(targets, others, strict=True))

    def _draw(self, rows: Tensor, size: int) -> Iterator[Tensor]:
        """Yield `size` of the shuffled rows at a time, which may come from several passes."""
        waiting = rows[:0]
        while True:
            while len(waiting) < size:
                order = torch.randperm(len(rows), generator=self.rng, device=rows.device)
                waiting = torch.cat([waiting, rows[order]])
            yield waiting[:size]
            waiting = waiting[size:]
