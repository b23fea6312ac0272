"""Pictures of series and of training; they need matplotlib."""

from __future__ import annotations

import numpy as np
from sklearn.utils import check_random_state

from ganbats_sampler.metrics.pairing import as_series

# Okabe and Ito's colours, which stay apart for the colour-blind.
REAL, GENERATED, ACCENT = "#0072b2", "#d55e00", "#009e73"


def plot_real_beside_generated(
    real,
    generated,
    *,
    n_series=8,
    channel=0,
    sampling_rate=None,
    unit=None,
    axes=None,
    random_state=0,
):
    """Draw real series beside generated ones, on one scale (as figure 8 of Liu et al. 2023).

    Parameters
    ----------
    real, generated : array-like of shape (n_samples, n_timepoints) or \
            (n_samples, n_channels, n_timepoints)
        Series of one class.
    n_series : int, default=8
        How many of each, drawn at random.
    channel : int, default=0
        Which channel.
    sampling_rate : float, default=None
        In Hz, for an axis in seconds; None for one in time steps.
    unit : str, default=None
        Of the values.
    axes : sequence of two matplotlib Axes, default=None
        Where to draw; None for a new figure.
    random_state : int, RandomState instance or None, default=0
        Of the choice.

    Returns
    -------
    sequence of two matplotlib Axes
        Of the real and the generated series.
    """
    if axes is None:
        axes = _pyplot().subplots(1, 2, sharex=True, sharey=True, figsize=(8, 3))[1]
    random_state = check_random_state(random_state)
    sides = (("real", real, REAL), ("generated", generated, GENERATED))
    limits = []
    for ax, (title, series, colour) in zip(axes, sides, strict=True):
        series = as_series(series, title)[:, channel]
        chosen = random_state.permutation(len(series))[:n_series]
        time = np.arange(series.shape[1]) / (sampling_rate or 1)
        ax.plot(time, series[chosen].T, color=colour, alpha=0.6, linewidth=1)
        ax.set_title(title)
        ax.set_xlabel("time step" if sampling_rate is None else "time (s)")
        limits += [series[chosen].min(), series[chosen].max()]
    axes[0].set_ylabel("value" if unit is None else f"value ({unit})")
    margin = 0.05 * (max(limits) - min(limits)) or 1.0
    for ax in axes:
        ax.set_ylim(min(limits) - margin, max(limits) + margin)
    return axes


def plot_losses(history, *, ax=None):
    """Draw both losses over the updates (as figure 9 of Liu et al. 2023).

    Parameters
    ----------
    history : list of dict
        A class's entry of a sampler's ``history_``.
    ax : matplotlib Axes, default=None
        Where to draw; None for a new figure.

    Returns
    -------
    matplotlib Axes
    """
    ax = _pyplot().subplots()[1] if ax is None else ax
    updates = [row["update"] for row in history]
    for name, colour in (("discriminator", REAL), ("generator", GENERATED)):
        losses = [row[f"{name}_loss"] for row in history]
        ax.plot(updates, losses, color=colour, linewidth=1, label=name)
    ax.set_xlabel("updates of the generator")
    ax.set_ylabel("loss")
    ax.legend(frameon=False)
    return ax


def plot_spread(history, *, ax=None):
    """Draw how varied generated series were during training; at 0 the generator has collapsed.

    Parameters
    ----------
    history : list of dict
        A class's entry of a sampler's ``history_``.
    ax : matplotlib Axes, default=None
        Where to draw; None for a new figure.

    Returns
    -------
    matplotlib Axes
    """
    ax = _pyplot().subplots()[1] if ax is None else ax
    looks = [(row["update"], row["spread"]) for row in history if np.isfinite(row["spread"])]
    if looks:
        ax.plot(*zip(*looks, strict=True), color=ACCENT, marker="o", markersize=4)
    ax.axhline(1, color="black", linestyle=":", linewidth=1)
    ax.set_ylim(bottom=0)
    ax.set_xlabel("updates of the generator")
    ax.set_ylabel("spread over that of real series")
    return ax


def _pyplot():
    try:
        import matplotlib.pyplot as plt
    except ImportError as error:
        raise ImportError(
            'Pictures need matplotlib: pip install "ganbats-sampler[plot]"'
        ) from error
    return plt
