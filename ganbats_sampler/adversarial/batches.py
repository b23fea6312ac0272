"""Batches of real series: shuffled, and with a share of some of them, if that is asked for."""

from __future__ import annotations

import math
from collections.abc import Iterator
from itertools import islice

import torch
from torch import Tensor

#: Series of shape (batch, n_channels, n_timepoints), and what networks are conditioned on, if they
#: are: the class of each series, (batch,).
Batch = tuple[Tensor, ...]


class SeriesBatches:
    """Shuffle tensors that are on their device already, and slice them.

    Each item is a list of `n_critic` batches, those of one update of the generator; an epoch has as
    many as show every series about once, and at least one. Every batch has ``min(batch_size,
    n_samples)`` series: what is left over at the end of a pass is left out, for a last batch of one
    or two would spoil batch norm.

    With `target_share`, that share of every batch is drawn from the targets and the rest from the
    other series, each side in passes of its own: one that has fewer series than its part of a batch
    is drawn with repeats. Where all series are targets, or none is, there is nothing to share.

    Parameters
    ----------
    tensors : tuple of Tensor
        Tensors of the same length: the series, and what the networks are conditioned on.
    batch_size, n_critic : int
        Series in a batch, batches in an item.
    rng : torch.Generator
        On the device of the tensors.
    target_share : float, default=None
        Share of the targets in a batch, in whole series and at least one of either side. None draws
        all series alike.
    is_target : Tensor of shape (n_samples,), dtype=bool, default=None
        Which series are targets; None for none.
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
        """Yield one batch after the other, without end."""
        rows = self._passes()
        if self.target_share is not None and self.is_target is not None:
            if 0 < self.is_target.sum() < len(self.is_target):
                rows = self._shares(self.target_share, self.is_target)
        for of_batch in rows:
            yield tuple(tensor[of_batch] for tensor in self.tensors)

    def _passes(self) -> Iterator[Tensor]:
        """Go through the series again and again, each time in another order."""
        n_samples, device = len(self.tensors[0]), self.tensors[0].device
        while True:
            order = torch.randperm(n_samples, generator=self.rng, device=device)
            yield from order.split(self.batch_size)[: n_samples // self.batch_size]

    def _shares(self, target_share: float, is_target: Tensor) -> Iterator[Tensor]:
        """Join rows of the targets and rows of the others to a batch."""
        n_targets = min(max(round(target_share * self.batch_size), 1), self.batch_size - 1)
        targets = self._draw(is_target.nonzero()[:, 0], n_targets)
        others = self._draw((~is_target).nonzero()[:, 0], self.batch_size - n_targets)
        return map(torch.cat, zip(targets, others, strict=True))

    def _draw(self, rows: Tensor, size: int) -> Iterator[Tensor]:
        """Yield so many of the rows at a time; a batch may end one pass and begin another."""
        waiting = rows[:0]
        while True:
            while len(waiting) < size:
                order = torch.randperm(len(rows), generator=self.rng, device=rows.device)
                waiting = torch.cat([waiting, rows[order]])
            yield waiting[:size]
            waiting = waiting[size:]
