"""Fast random convolutions: matrix products on blocks that fit into a core's cache."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import groupby
from typing import NamedTuple

import numpy as np

from ganbats_sampler.threads import count_threads, one_blas_thread

#: Number of outputs of a kernel for a block of series. With fewer, threads wait for each other.
BLOCK = 24576
#: Maximum number of kernels in one matrix product. A product of more rows takes longer per row.
MOST_KERNELS = 16
#: Number of time steps that a stage reduces to one. A small number keeps NumPy's inner loops long.
FACTOR = 8


class Kernel(NamedTuple):
    """A random kernel: the channel that it reads, its weights, bias, dilation and padding.

    The padding is 0 or half of the kernel's span. Kernels of an even length are not dilated.
    """

    channel: int
    weights: np.ndarray
    bias: float
    dilation: int
    padding: int


class _Group(NamedTuple):
    """Kernels with the same channel and dilation; each has an output at every time step.

    Output ``t`` reads the steps ``t + first + dilation * i``. A shorter kernel has weights of 0 at
    the taps that it lacks. The first and last outputs of a kernel without padding are invalid.
    """

    channel: int
    dilation: int
    first: int
    weights: np.ndarray  # (n_kernels, n_taps), float32
    #: Pairs of kernels and their invalid outputs.
    invalid: list[tuple[slice, slice]]
    places: slice  # the positions of these kernels among all sorted kernels
    products: list[slice]  # the kernels of each matrix product


class _Kernels(NamedTuple):
    """All kernels, in the order of their groups."""

    groups: list[_Group]
    threshold: np.ndarray  # (n_kernels, 1), float32: minus the bias
    n_outputs: np.ndarray  # (n_kernels, 1)
    order: np.ndarray  # (n_kernels,): their positions before sorting


def convolutional_features(series: np.ndarray, kernels: Sequence[Kernel]) -> np.ndarray:
    """Compute the largest value and the share of positive values of each convolution.

    As many threads as OpenMP would use compute blocks of series. The features do not depend on the
    number of threads.

    Parameters
    ----------
    series : ndarray of shape (n_samples, n_channels, n_timepoints), dtype=float32
        The scaled series.
    kernels : sequence of Kernel
        The kernels to apply.

    Returns
    -------
    ndarray of shape (n_samples, 2 * n_kernels), dtype=float32
        Both features of the first kernel, then both of the second, and so on.
    """
    features = np.empty((len(series), len(kernels), 2), dtype=np.float32)
    arranged = _arrange(kernels, series.shape[2])
    step = max(1, BLOCK // series.shape[2])
    blocks = [slice(start, start + step) for start in range(0, len(series), step)]

    def fill(rows: slice) -> None:
        _fill_block(np.ascontiguousarray(series[rows].transpose(1, 2, 0)), arranged, features[rows])

    n_threads = min(count_threads(), len(blocks))
    with one_blas_thread():
        if n_threads > 1:
            with ThreadPoolExecutor(n_threads) as threads:
                list(threads.map(fill, blocks))
        else:
            for rows in blocks:
                fill(rows)
    return features.reshape(len(series), -1)


def _arrange(kernels: Sequence[Kernel], n_timepoints: int) -> _Kernels:
    """Group the kernels that read the same channel with the same dilation."""

    def rank(place: int) -> tuple[int, int, bool, int]:
        kernel = kernels[place]
        return kernel.channel, kernel.dilation, kernel.padding == 0, len(kernel.weights)

    order = sorted(range(len(kernels)), key=rank)
    groups: list[_Group] = []
    for _, places in groupby(order, key=lambda place: rank(place)[:2]):
        of_group = [kernels[place] for place in places]
        start = groups[-1].places.stop if groups else 0
        groups.append(_make_group(of_group, start, n_timepoints))
    n_outputs = np.full((len(kernels), 1), n_timepoints)
    for group in groups:
        for rows, invalid in group.invalid:
            n_outputs[group.places][rows] -= invalid.stop - invalid.start
    thresholds = np.array([[-kernels[place].bias] for place in order], dtype=np.float32)
    return _Kernels(groups, thresholds, n_outputs, np.array(order))


def _make_group(kernels: list[Kernel], start: int, n_timepoints: int) -> _Group:
    channel, _, _, dilation, _ = kernels[0]
    n_taps = max(len(kernel.weights) for kernel in kernels)
    first = -((n_taps - 1) // 2) * dilation
    weights = np.zeros((len(kernels), n_taps), dtype=np.float32)
    invalid = []
    for i, kernel in enumerate(kernels):
        n = len(kernel.weights)
        lead = (n_taps - n) // 2  # all kernels of a group have the same centre
        weights[i, lead : lead + n] = kernel.weights
        begin = -first - lead * dilation - kernel.padding
        end = begin + n_timepoints + 2 * kernel.padding - (n - 1) * dilation
        parts = ((0, begin), (end, n_timepoints))
        invalid += [(i, part) for part in parts if part[0] < part[1]]
    places = slice(start, start + len(kernels))
    products = [slice(i, i + MOST_KERNELS) for i in range(0, len(kernels), MOST_KERNELS)]
    return _Group(channel, dilation, first, weights, _join(invalid), places, products)


def _join(invalid: list[tuple[int, tuple[int, int]]]) -> list[tuple[slice, slice]]:
    """Merge adjacent kernels that have the same invalid outputs."""
    joined: list[tuple[slice, slice]] = []
    for part in sorted({part for _, part in invalid}):
        rows = [i for i, of_kernel in invalid if of_kernel == part]
        for run in np.split(rows, np.flatnonzero(np.diff(rows) > 1) + 1):
            joined.append((slice(run[0], run[-1] + 1), slice(*part)))
    return joined


def _fill_block(block: np.ndarray, kernels: _Kernels, features: np.ndarray) -> None:
    """Write the features of a block, (n_channels, time, batch), to (batch, n_kernels, 2)."""
    _, n_steps, n_series = block.shape
    before = -min(group.first for group in kernels.groups)
    after = max((g.weights.shape[1] - 1) * g.dilation + g.first for g in kernels.groups)
    # a row holds all series at one time step, so a shift in time copies one contiguous range
    padded = np.pad(block, ((0, 0), (before, after), (0, 0)))
    size = n_steps * n_series
    taps = np.empty((max(g.weights.shape[1] for g in kernels.groups), size), dtype=np.float32)
    outputs = np.empty((max(len(g.weights) for g in kernels.groups), size), dtype=np.float32)
    is_positive = np.empty(outputs.shape, dtype=bool)
    largest = np.empty((len(kernels.order), n_series), dtype=np.float32)
    counts = np.empty((len(kernels.order), n_series), dtype=np.int32)
    for group in kernels.groups:
        n_kernels, n_taps = group.weights.shape
        shifted = np.ndarray(
            (n_taps, n_steps, n_series),
            np.float32,
            padded[group.channel],
            4 * (before + group.first) * n_series,
            (4 * group.dilation * n_series, 4 * n_series, 4),
        )
        np.copyto(taps[:n_taps].reshape(shifted.shape), shifted)
        out, over = outputs[:n_kernels], is_positive[:n_kernels]
        for rows in group.products:
            np.matmul(group.weights[rows], taps[:n_taps], out=out[rows])
        by_time = out.reshape(n_kernels, n_steps, n_series)
        for rows, steps in group.invalid:
            by_time[rows, steps] = -np.inf
        np.greater(out, kernels.threshold[group.places], out=over)
        largest[group.places] = _reduce(np.maximum, by_time)
        counts[group.places] = _reduce(np.add, over.view(np.uint8).reshape(by_time.shape))
    features[:, kernels.order, 0] = (largest - kernels.threshold).T
    features[:, kernels.order, 1] = (counts / kernels.n_outputs).T


def _reduce(operation: np.ufunc, values: np.ndarray) -> np.ndarray:
    """Reduce values of shape (n_kernels, time, batch) over time, in stages."""
    n_kernels, n_steps, n_series = values.shape
    while n_steps > 2 * FACTOR:
        n_left = n_steps // FACTOR
        rest = values[:, FACTOR * n_left :]
        stage = values[:, : FACTOR * n_left].reshape(n_kernels, FACTOR, n_left * n_series)
        values = operation.reduce(stage, axis=1, dtype=values.dtype)
        values = values.reshape(n_kernels, n_left, n_series)
        for start in range(0, rest.shape[1], n_left):
            piece = rest[:, start : start + n_left]
            place = values[:, : piece.shape[1]]
            operation(place, piece, out=place)
        if values.dtype == np.uint8:  # uint8 holds the counts of the first stage only
            values = values.astype(np.int32)
        n_steps = n_left
    return operation.reduce(values, axis=1, dtype=values.dtype)
