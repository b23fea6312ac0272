"""The cost of a fit, estimated before it starts."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from sklearn.base import clone

from ganbats_sampler.generators.protocol import Generator
from ganbats_sampler.samplers.counts import check_memory, count_to_add, plain_counts
from ganbats_sampler.series import SeriesShape
from ganbats_sampler.threads import one_thread_after_fork

#: Number of series of each class that are generated to time one series.
N_PROBED = 300
#: Working memory while a chunk is generated, as a number of float64 series.
WORKING_SERIES = 12_000
MIB = 2**20


class CostEstimate(NamedTuple):
    """The estimated cost of :meth:`fit_resample`.

    Attributes
    ----------
    seconds : float
        Time in seconds on this machine at its current load. A network whose first training fails
        the checks takes up to twice as long.
    memory_mb : float
        Memory in MiB of the returned rows, of the real series that are kept, and of working arrays.
        The memory of `X` and of the libraries is not included.
    n_synthetic : dict of label to int
        Number of synthetic series, by class.
    """

    seconds: float
    memory_mb: float
    n_synthetic: dict[Any, int]


class EstimableSampler:
    """Mixin class that estimates the time and the memory of a fit."""

    if TYPE_CHECKING:
        sampling_strategy: Any
        constrain: str | None
        _shape: SeriesShape
        _check_X_y: Callable[..., Any]
        _validate_params: Callable[[], None]
        _fit_classes: Callable[..., dict[Any, Generator]]

    @one_thread_after_fork()
    def estimate_cost(self, X: Any, y: Any) -> CostEstimate:
        """Estimate the time and the memory of :meth:`fit_resample`, in a fraction of its time.

        Networks are trained for a few updates, and a few series of each class are generated. The
        sampler itself does not change.

        Parameters
        ----------
        X, y
            The data, as for :meth:`fit_resample`.

        Returns
        -------
        CostEstimate

        Raises
        ------
        ValueError
            If the data or a parameter is not valid, or the returned rows do not fit into memory.
        """
        probe = clone(self)
        rows, labels, _ = probe._check_X_y(X, y)
        probe._validate_params()
        counts = plain_counts(count_to_add(self.sampling_strategy, labels))
        n_returned = len(rows) + sum(counts.values())
        check_memory(n_returned, rows.shape[1], rows.dtype)
        targets = list(counts)
        seeds = {label: i for i, label in enumerate(np.unique(labels).tolist())}
        series = probe._shape.to_3d(rows)
        seconds, generators = probe._probe(series, labels, targets, seeds)
        seconds += time_draws(generators, counts)
        n_kept = int(np.isin(labels, targets).sum())
        size = count_megabytes(n_returned, n_kept, rows.shape[1], rows.itemsize)
        return CostEstimate(seconds, size, counts)

    def _probe(
        self, series: np.ndarray, y: np.ndarray, targets: list[Any], seeds: dict[Any, int]
    ) -> tuple[float, dict[Any, Generator]]:
        """Estimate the seconds of fitting, and make generators that are as slow as fitted ones."""
        start = time.perf_counter()
        generators = self._fit_classes(series, y, targets, seeds, self.constrain)
        return time.perf_counter() - start, generators


def time_draws(generators: Mapping[Any, Generator], counts: Mapping[Any, int]) -> float:
    """Estimate the seconds for generating `counts` series of each class, from a few of them."""
    seconds = 0.0
    for i, (label, generator) in enumerate(generators.items()):
        n_probed = min(counts[label], N_PROBED)
        for _ in range(1 if i else 2):  # the very first call is slower, because it imports modules
            start = time.perf_counter()
            for _ in generator.draw(n_probed, seed=0):
                pass
            taken = time.perf_counter() - start
        seconds += taken * counts[label] / n_probed
    return seconds


def count_megabytes(n_returned: int, n_kept: int, n_features: int, itemsize: int) -> float:
    """Estimate the MiB of the returned rows, of the real series kept, and of working arrays."""
    return n_features * (n_returned * itemsize + n_kept * 16 + WORKING_SERIES * 8) / MIB
