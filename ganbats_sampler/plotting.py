"""Pictures of series and of training, which need matplotlib."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Literal, TypeVar

import numpy as np
from numpy.typing import ArrayLike
from scipy.spatial.distance import cdist
from sklearn.decomposition import PCA
from sklearn.manifold import TSNE
from sklearn.utils import check_random_state

from ganbats_sampler.metrics.blocks import to_nearest, to_nearest_other
from ganbats_sampler.metrics.pairing import Seed, check_sides
from ganbats_sampler.metrics.spectrum import periodograms

if TYPE_CHECKING:
    from matplotlib.axes import Axes

Function = TypeVar("Function", bound=Callable[..., Any])
#: One row for each epoch of the training of a network.
History = Sequence[Mapping[str, float]]

# colours of Okabe and Ito, which colour-blind readers can distinguish
REAL, SYNTHETIC, ACCENT = "#0072b2", "#d55e00", "#009e73"

_PARAGRAPHS = {
    "series": """real, synthetic : array-like of shape (n_samples, n_timepoints) or \
            (n_samples, n_channels, n_timepoints)
        Series of one class.""",
    "history": """history : list of dict
        The training history of one class, ``sampler.history_[label]``.""",
    "channel": """channel : int, default=0
        The channel to draw.""",
    "sampling_rate": """sampling_rate : float, default=None
        The sampling rate in Hz. None makes an axis in time steps.""",
    "random_state": """random_state : int, RandomState instance or None, default=0
        The seed of random choices.""",
    "ax": """ax : matplotlib Axes, default=None
        The axes to draw on. None makes a new figure.

    Returns
    -------
    matplotlib Axes
        The axes with the picture.""",
    "raises_history": """Raises
    ------
    TypeError
        If `history` does not have the rows of one class.""",
    "raises_channel": """Raises
    ------
    ValueError
        If the two sides differ in channels or time steps, a value is missing or infinite, or there
        is no such channel.""",
}


def _documented(function: Function) -> Function:
    """Fill in the paragraphs that several docstrings share."""
    function.__doc__ = (function.__doc__ or "").format(**_PARAGRAPHS)
    return function


@_documented
def plot_real_beside_synthetic(
    real: ArrayLike,
    synthetic: ArrayLike,
    *,
    n_series: int = 8,
    channel: int = 0,
    sampling_rate: float | None = None,
    unit: str | None = None,
    axes: Sequence[Axes] | None = None,
    random_state: Seed = 0,
) -> Sequence[Axes]:
    """Draw real beside synthetic series on one scale, as figure 8 of Liu et al. (2023) does.

    Parameters
    ----------
    {series}
    n_series : int, default=8
        The number of real and of synthetic series, chosen at random.
    {channel}
    {sampling_rate}
    unit : str, default=None
        The unit of the values, for the label of the axis.
    axes : sequence of two matplotlib Axes, default=None
        The axes to draw on. None makes a new figure.
    {random_state}

    Returns
    -------
    sequence of two matplotlib Axes
        The axes of the real and of the synthetic series.

    {raises_channel}
    """
    real, synthetic = _read_sides(real, synthetic, channel)
    if axes is None:
        axes = import_pyplot().subplots(1, 2, sharex=True, sharey=True, figsize=(8, 3))[1]
    rng = check_random_state(random_state)
    sides = (("real", real, REAL), ("synthetic", synthetic, SYNTHETIC))
    limits = []
    for ax, (title, series, colour) in zip(axes, sides, strict=True):
        series = series[:, channel]
        chosen = rng.permutation(len(series))[:n_series]
        time = np.arange(series.shape[1]) / (sampling_rate or 1)
        ax.plot(time, series[chosen].T, color=colour, alpha=0.6, linewidth=1)
        ax.set(title=title, xlabel="time step" if sampling_rate is None else "time (s)")
        limits += [series[chosen].min(), series[chosen].max()]
    axes[0].set_ylabel("value" if unit is None else f"value ({unit})")
    margin = 0.05 * (max(limits) - min(limits)) or 1.0
    for ax in axes:
        ax.set_ylim(min(limits) - margin, max(limits) + margin)
    return axes


@_documented
def plot_losses(history: History, *, ax: Axes | None = None) -> Axes:
    """Draw the losses over the updates, as figure 9 of Liu et al. (2023) does.

    Parameters
    ----------
    {history}
    {ax}

    {raises_history}
    """
    _check_history(history)
    ax = ax or _new_axes()
    updates = [row["update"] for row in history]
    for name, colour in (("discriminator", REAL), ("generator", SYNTHETIC)):
        if history and f"{name}_loss" not in history[0]:  # flow matching has no discriminator
            continue
        losses = [row[f"{name}_loss"] for row in history]
        ax.plot(updates, losses, color=colour, linewidth=1, label=name)
    ax.set(xlabel="updates of the generator", ylabel="loss")
    ax.legend(frameon=False)
    return ax


@_documented
def plot_diversity(history: History, *, ax: Axes | None = None) -> Axes:
    """Draw the diversity ratio during training. A ratio near 0 means collapse, and 1 is ideal.

    Parameters
    ----------
    {history}
    {ax}

    {raises_history}
    """
    return _plot_evaluations(history, "diversity", "diversity ratio", 1, ax)[0]


@_documented
def plot_discrepancy(history: History, *, ax: Axes | None = None) -> Axes:
    """Draw the discrepancy from held-out series during training, and mark the kept generator.

    Parameters
    ----------
    {history} Train the sampler
        with `validation_fraction` to have discrepancies.
    {ax}

    {raises_history}
    """
    label = "discrepancy from held-out series"
    ax, evaluations = _plot_evaluations(history, "discrepancy", label, 0, ax)
    if evaluations:
        kept = min(evaluations, key=lambda evaluation: evaluation[1])
        ax.plot(*kept, color=SYNTHETIC, marker="o", linestyle="", label="kept")
        ax.legend(frameon=False)
    return ax


def _plot_evaluations(
    history: History, name: str, label: str, ideal: float, ax: Axes | None
) -> tuple[Axes, list[tuple[float, float]]]:
    """Draw a value that the history has at some updates only, and its ideal."""
    _check_history(history)
    ax = ax or _new_axes()
    evaluated = [row for row in history if np.isfinite(row.get(name, np.nan))]
    evaluations = [(row["update"], row[name]) for row in evaluated]
    if evaluations:
        ax.plot(*zip(*evaluations, strict=True), color=ACCENT, marker="o", markersize=4)
    ax.axhline(ideal, color="black", linestyle=":", linewidth=1)
    if ideal:
        ax.set_ylim(bottom=0)
    ax.set(xlabel="updates of the generator", ylabel=label)
    return ax, evaluations


@_documented
def plot_nearest(
    real: ArrayLike,
    synthetic: ArrayLike,
    *,
    n_series: int = 4,
    channel: int = 0,
    ax: Axes | None = None,
    random_state: Seed = 0,
) -> Axes:
    """Draw synthetic series, each over its nearest real series.

    A copy coincides with its nearest real series. An off-distribution series is far from it.

    Parameters
    ----------
    real, synthetic : array-like of shape (n_samples, n_timepoints) or \
            (n_samples, n_channels, n_timepoints)
        Series of one class. The nearest one is found over all channels.
    n_series : int, default=4
        The number of synthetic series, chosen at random and drawn below one another.
    {channel}
    {random_state}
    {ax}

    {raises_channel}
    """
    real, synthetic = _read_sides(real, synthetic, channel)
    ax = ax or _new_axes()
    chosen = check_random_state(random_state).permutation(len(synthetic))[:n_series]
    distances = cdist(_flat(synthetic[chosen]), _flat(real))
    step = 1.1 * (np.ptp(real[:, channel]) or 1.0)
    for place, (series, nearest) in enumerate(
        zip(synthetic[chosen], real[distances.argmin(axis=1)], strict=True)
    ):
        labels = ("real", "synthetic") if place == 0 else (None, None)
        ax.plot(nearest[channel] - place * step, color=REAL, linewidth=1, label=labels[0])
        ax.plot(series[channel] - place * step, color=SYNTHETIC, linewidth=1, label=labels[1])
    ax.set(title="synthetic and nearest real series", xlabel="time step", yticks=[])
    ax.legend(frameon=False, loc="lower right")
    return ax


@_documented
def plot_spectra(
    real: ArrayLike,
    synthetic: ArrayLike,
    *,
    channel: int = 0,
    sampling_rate: float | None = None,
    ax: Axes | None = None,
) -> Axes:
    """Draw the mean power spectra, with a band for the middle half of the series.

    Parameters
    ----------
    {series}
    {channel}
    {sampling_rate}
    {ax}

    {raises_channel}
    """
    real, synthetic = _read_sides(real, synthetic, channel)
    ax = ax or _new_axes()
    for label, series, colour in (("real", real, REAL), ("synthetic", synthetic, SYNTHETIC)):
        power = periodograms(series)[:, channel]  # (n_samples, frequencies)
        step = (sampling_rate or 1) / series.shape[2]
        frequencies = step * np.arange(1, power.shape[1] + 1)
        level = 10 * np.log10(np.maximum(power.mean(axis=0), 1e-300))
        low, high = 10 * np.log10(np.maximum(np.quantile(power, [0.25, 0.75], axis=0), 1e-300))
        ax.fill_between(frequencies, low, high, color=colour, alpha=0.2, linewidth=0)
        ax.plot(frequencies, level, color=colour, linewidth=1.5, label=label)
    unit = "1 / time step" if sampling_rate is None else "Hz"
    ax.set(title="spectrum", xlabel=f"frequency ({unit})", ylabel="power (dB)")
    ax.legend(frameon=False)
    return ax


@_documented
def plot_embedding(
    real: ArrayLike,
    synthetic: ArrayLike,
    *,
    method: Literal["pca", "tsne"] = "pca",
    ax: Axes | None = None,
    random_state: Seed = 0,
) -> Axes:
    """Draw series as points in a plane, by principal components or t-SNE.

    Parameters
    ----------
    {series}
    method : {{"pca", "tsne"}}, default="pca"
        The embedding. "pca" projects both sides on the first two principal components of the real
        series. "tsne" embeds both sides together; its distances between clusters mean nothing.
    {random_state}
    {ax}

    Raises
    ------
    ValueError
        If the two sides differ in channels or time steps, a value is missing or infinite, or
        `method` is unknown.
    """
    flat = [_flat(side) for side in check_sides(real=real, synthetic=synthetic)]
    ax = ax or _new_axes()
    if method == "pca":
        projection = PCA(min(2, *flat[0].shape)).fit(flat[0])
        points = [projection.transform(side) for side in flat]
    elif method == "tsne":
        both = np.concatenate(flat)
        perplexity = min(30, (len(both) - 1) / 3)
        placed = TSNE(perplexity=perplexity, random_state=random_state).fit_transform(both)
        points = [placed[: len(flat[0])], placed[len(flat[0]) :]]
    else:
        raise ValueError(f'method={method!r} was given; choose from "pca" and "tsne".')
    for label, side, colour in zip(("real", "synthetic"), points, (REAL, SYNTHETIC), strict=True):
        second = side[:, 1] if side.shape[1] > 1 else np.zeros(len(side))
        ax.scatter(side[:, 0], second, s=8, alpha=0.5, color=colour, linewidth=0, label=label)
    name = "principal component" if method == "pca" else "t-SNE"
    ax.set(title="series as points", xlabel=f"{name} 1", ylabel=f"{name} 2")
    ax.legend(frameon=False)
    return ax


@_documented
def plot_selection(selection: Any, *, axes: Sequence[Axes] | None = None) -> Sequence[Axes]:
    """Draw the candidates of a herded sampler: which were chosen, and from which sampler.

    Parameters
    ----------
    selection : Selection
        The result of :meth:`~ganbats_sampler.HerdedSampler.selection`.
    axes : sequence of two matplotlib Axes, default=None
        The axes to draw on. None makes a new figure.

    Returns
    -------
    sequence of two matplotlib Axes
        The first has candidates and real series on the first two principal components of random
        convolutional features, with chosen candidates filled. The second has the number of
        candidates of each sampler, and how many were chosen.

    Raises
    ------
    TypeError
        If `selection` is not a Selection.
    """
    parts = ("candidates", "sources", "chosen", "components", "real_components")
    if missing := [part for part in parts if not hasattr(selection, part)]:
        raise TypeError(
            f"selection is a {type(selection).__name__}, which has no {missing}; pass what "
            "HerdedSampler.selection returns, as in plot_selection(sampler.selection())."
        )
    if axes is None:
        axes = import_pyplot().subplots(1, 2, figsize=(9, 3.5), layout="constrained")[1]
    where, counts = axes
    is_chosen = np.zeros(len(selection.candidates), dtype=bool)
    is_chosen[selection.chosen] = True
    sides = (selection.components, selection.real_components)
    plane, real_plane = (np.pad(side, ((0, 0), (0, 1)))[:, :2] for side in sides)
    for i, name in enumerate(dict.fromkeys(selection.sources.tolist())):
        own, colour = selection.sources == name, f"C{i}"
        left, chosen = plane[own & ~is_chosen].T, plane[own & is_chosen].T
        where.scatter(
            left[0], left[1], s=10, facecolors="none", edgecolors=colour, alpha=0.4, linewidths=0.7
        )
        where.scatter(chosen[0], chosen[1], s=14, color=colour, label=name)
        counts.barh(name, own.sum(), color=colour, alpha=0.25)
        counts.barh(name, (own & is_chosen).sum(), color=colour)
    where.scatter(real_plane[:, 0], real_plane[:, 1], s=40, marker="x", color="black", label="real")
    where.set(xlabel="principal component 1", ylabel="principal component 2")
    where.set_title("candidates (filled: chosen)")
    where.legend(fontsize="small")
    counts.set_xlabel("number of candidates (dark: chosen)")
    counts.invert_yaxis()
    return axes


@_documented
def plot_distances(
    real: ArrayLike,
    synthetic: ArrayLike,
    held_out: ArrayLike | None = None,
    *,
    ax: Axes | None = None,
) -> Axes:
    """Draw distances of synthetic and real series to the nearest real series, as histograms.

    Copies are left of the real series, and off-distribution series right of them.

    Parameters
    ----------
    real, synthetic, held_out : array-like of shape (n_samples, n_timepoints) or \
            (n_samples, n_channels, n_timepoints)
        Series of one class. Without `held_out`, each real series is compared with the other real
        ones.
    {ax}

    Raises
    ------
    ValueError
        If the two sides differ in channels or time steps, or a value is missing or infinite.
    """
    further = {} if held_out is None else {"held_out": held_out}
    sides = check_sides(real=real, synthetic=synthetic, **further)
    flat, synthetic, *unseen = map(_flat, sides)
    ax = ax or _new_axes()
    label = "held-out real" if unseen else "real to other real"
    of_real = to_nearest(unseen[0], flat) if unseen else to_nearest_other(flat)
    of_synthetic = to_nearest(synthetic, flat)
    high = max(of_real.max(), of_synthetic.max()) or 1.0
    bins = np.linspace(0, high, 31).tolist()
    for name, values, colour in ((label, of_real, REAL), ("synthetic", of_synthetic, SYNTHETIC)):
        weights = np.full(len(values), 1 / len(values))
        ax.hist(values, bins, weights=weights, color=colour, alpha=0.5, label=name)
    ax.set(title="nearest-neighbour distances", xlabel="distance to the nearest real series")
    ax.set_ylabel("share of series")
    ax.legend(frameon=False)
    return ax


def _read_sides(real: ArrayLike, synthetic: ArrayLike, channel: int) -> list[np.ndarray]:
    """Convert both sides, and check that they are comparable and have the channel."""
    real, synthetic = check_sides(real=real, synthetic=synthetic)
    if channel not in range(-real.shape[1], real.shape[1]):
        raise ValueError(
            f"channel={channel} was given; the series have {real.shape[1]} channels, counted from "
            "0."
        )
    return [real, synthetic]


def _check_history(history: Any) -> None:
    """Check that `history` has the rows of one class, and is no mapping of label to rows."""
    rows = [] if isinstance(history, Mapping) or not isinstance(history, Iterable) else history
    if rows is not history or not all(isinstance(row, Mapping) for row in rows):
        raise TypeError(
            f"history is a {type(history).__name__}; pass the rows of one class, as in "
            "sampler.history_[label]."
        )


def _new_axes() -> Axes:
    return import_pyplot().subplots()[1]


def _flat(series: np.ndarray) -> np.ndarray:
    return series.reshape(len(series), -1)


def import_pyplot() -> Any:
    """Import matplotlib.pyplot. An ImportError says how to install it."""
    try:
        import matplotlib.pyplot as plt
    except ImportError as error:
        raise ImportError(
            'Pictures need matplotlib: pip install "ganbats-sampler[plot]"'
        ) from error
    return plt
