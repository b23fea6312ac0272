"""Pictures of a finding, which need matplotlib."""

from __future__ import annotations

import warnings
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

import numpy as np

from ganbats_sampler import plotting
from ganbats_sampler.benchmark.methods import FREE, ORACLE
from ganbats_sampler.benchmark.scores import SCORES
from ganbats_sampler.benchmark.verdict.comparison import SIGNIFICANCE
from ganbats_sampler.benchmark.verdict.finding import Finding
from ganbats_sampler.benchmark.verdict.statistics import MIN_TASKS

if TYPE_CHECKING:
    import pandas as pd

#: A heat map with more rows or columns has no numbers in its cells.
MAX_NUMBERED = 30


def plot_finding(finding: Finding) -> dict[str, Any]:
    """Draw "gains" by task and, if there is enough to rank, "ranks"; each in its own figure."""
    axes = {"gains": plot_gains(finding.gains)}
    axes["gains"].set_title(f"{SCORES[finding.score].title}, {finding.classifier}")
    if (ranks := plot_ranks(finding)) is not None:
        axes["ranks"] = ranks
    return axes


def plot_ranks(finding: Finding) -> Any:
    """Draw mean ranks, the best on the right; a bar joins methods that do not differ significantly.

    aeon runs the tests: Friedman's test, then one-sided Wilcoxon tests of pairs of methods.

    Returns
    -------
    matplotlib Axes or None
        None if there are too few tasks or methods to rank, if all scores are equal, or if aeon is
        not installed.
    """
    if find_spec("aeon") is None:
        return None
    # Only methods that have every task can be ranked.
    means = finding.scores.drop(columns=ORACLE, errors="ignore").groupby(level="task").mean()
    means = means.dropna(axis="columns")
    if len(means) < MIN_TASKS or means.shape[1] < 3 or not np.ptp(means, axis=1).any():
        return None
    from aeon.visualisation import plot_critical_difference

    with warnings.catch_warnings():
        # The scores of a free method can equal those of no resampling.
        warnings.filterwarnings("ignore", message="Estimators .* have the same performance")
        _, ax = plot_critical_difference(
            means.to_numpy(),
            list(means),
            highlight={method: plotting.REAL for method in means if method in FREE},
            lower_better=not SCORES[finding.score].greater_is_better,
            alpha=SIGNIFICANCE,
        )
    ax.set_title(f"mean ranks on {len(means)} tasks (best: right)", y=1, pad=-12, fontsize=9)
    return ax


def plot_gains(gains: pd.DataFrame) -> Any:
    """Draw gains, (tasks, methods), as a heat map: blue is better, orange worse, hatched NaN.

    Returns
    -------
    matplotlib Axes
    """
    pyplot = plotting.import_pyplot()
    from matplotlib.colors import LinearSegmentedColormap

    values = gains.to_numpy(dtype=float)  # (n_tasks, n_methods)
    n_tasks, n_methods = values.shape
    size = (2.5 + 0.6 * n_methods, 1.5 + 0.25 * n_tasks)
    ax = pyplot.subplots(figsize=size, layout="constrained")[1]
    limit = float(np.nan_to_num(np.abs(values)).max(initial=0)) or 1.0
    colours = [plotting.SYNTHETIC, "white", plotting.REAL]
    cmap = LinearSegmentedColormap.from_list("gains", colours)
    ax.patch.set(hatch="////", edgecolor="#bbbbbb")
    image = ax.imshow(values, cmap=cmap, vmin=-limit, vmax=limit, aspect="auto")
    ax.set_xticks(range(n_methods), list(map(str, gains)), rotation=45, ha="right")
    ax.set_yticks(range(n_tasks), list(map(str, gains.index)), fontsize=8)
    ax.figure.colorbar(image, ax=ax, label="gain over no resampling")
    if max(n_tasks, n_methods) <= MAX_NUMBERED:
        for row, column in np.argwhere(np.isfinite(values)):
            value = values[row, column]
            colour = "white" if abs(value) > 0.6 * limit else "black"
            place = {"ha": "center", "va": "center", "fontsize": 7, "color": colour}
            ax.text(column, row, f"{value:+.2f}", **place)
    return ax
