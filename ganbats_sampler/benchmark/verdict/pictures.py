"""Pictures of a comparison over tasks; they need matplotlib."""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING, Any

import numpy as np

from ganbats_sampler import plotting
from ganbats_sampler.benchmark.verdict.comparison import SIGNIFICANCE
from ganbats_sampler.benchmark.verdict.runs import FREE, ORACLE, SCORES
from ganbats_sampler.benchmark.verdict.statistics import MIN_TASKS

if TYPE_CHECKING:
    import pandas as pd

    from ganbats_sampler.benchmark.verdict.finding import Finding

#: An arm that has scores on a smaller share of the tasks is left out of the ranks.
MIN_SHARE = 0.8
#: In cells smaller than so many to a side numbers would not be read.
MAX_NUMBERED = 30


def plot_critical_difference(table: pd.DataFrame, score: str):
    """Draw the mean ranks of the arms, and which of them do not differ, by aeon.

    The best is on the right. A bar joins arms between which no difference is established: by the
    Friedman test, then by pairs in one-sided Wilcoxon tests at .05 over the number of arms less
    one, which is how aeon reads Holm's correction. Free arms are blue.

    Parameters
    ----------
    table : DataFrame of shape (tasks x seeds, arms)
        From :func:`tabulate_scores`. Only rows that all arms have are ranked, seeds averaged; the
        oracle, and an arm with fewer than 80% of the tasks, is left out.
    score : str
        Which score it holds; of the Brier score the least is best.

    Returns
    -------
    matplotlib Axes
        Of a figure of its own: aeon lays it out.

    Raises
    ------
    ValueError
        If there are fewer than three arms or six tasks, or all arms are equal.
    ImportError
        If aeon or matplotlib is not installed.

    References
    ----------
    Demsar, J. (2006). Statistical comparisons of classifiers over multiple data sets. Journal of
    Machine Learning Research 7. Section 3.2.

    Benavoli, A., Corani, G., Mangili, F. (2016). Should we really use post-hoc tests based on
    mean-ranks? Journal of Machine Learning Research 17.
    """
    ranked = rankable_means(table)
    pyplot = plotting.import_pyplot()
    try:
        from aeon.visualisation import plot_critical_difference as draw
    except ImportError as error:
        raise ImportError(
            'The picture of ranks is aeon\'s: pip install "ganbats-sampler[benchmark]"'
        ) from error
    arms = list(ranked)
    with warnings.catch_warnings():
        # a free arm that leaves the scores as they are is equal to nothing, which is no fault
        warnings.filterwarnings("ignore", message="Estimators .* have the same performance")
        figure, ax = draw(
            ranked.to_numpy(),
            arms,
            highlight={arm: plotting.REAL for arm in arms if arm in FREE},
            lower_better=not SCORES[score].greater_is_better,
            alpha=SIGNIFICANCE,
            width=8,
            textspace=2,
        )
    for text in ax.texts:
        text.set_fontsize(min(text.get_fontsize(), pyplot.rcParams["font.size"]))
    ax.set_title(f"mean ranks on {len(ranked)} tasks, best right", y=1, pad=-12, fontsize=9)
    return ax


def rankable_means(table: pd.DataFrame) -> pd.DataFrame:
    """Average the rows that all arms have, for ranks can be taken of nothing else.

    Parameters
    ----------
    table : DataFrame of shape (tasks x seeds, arms)
        From :func:`tabulate_scores`.

    Returns
    -------
    DataFrame of shape (tasks, arms)
        Without the oracle, and without arms that have fewer than 80% of the tasks.

    Raises
    ------
    ValueError
        If there is too little left to rank.
    """
    candidates = table.drop(columns=ORACLE, errors="ignore")
    coverage = candidates.notna().groupby(level="task").any().mean()
    shared = candidates[coverage.index[coverage >= MIN_SHARE]].dropna()
    means = shared.groupby(level="task").mean()
    n_tasks, n_arms = means.shape
    if n_arms < 3 or n_tasks < MIN_TASKS:
        raise ValueError(
            f"{n_arms} arms have {n_tasks} tasks in common; ranks need at least 3 arms and "
            f"{MIN_TASKS} tasks."
        )
    if (means.max(axis=1) == means.min(axis=1)).all():
        raise ValueError("All arms are equal on every task: there is nothing to rank.")
    return means


def plot_gains(gains: pd.DataFrame, *, limit: float | None = None, ax=None):
    """Draw what each arm gains on each task as a map of colours: blue helps, orange harms.

    Parameters
    ----------
    gains : DataFrame of shape (tasks, arms)
        From :func:`tabulate_gains`; what is NaN is hatched.
    limit : float, default=None
        Gain of the strongest colour; None for the largest there is.
    ax : matplotlib Axes, default=None
        Where to draw; None for a new figure.

    Returns
    -------
    matplotlib Axes
    """
    pyplot = plotting.import_pyplot()
    from matplotlib.colors import LinearSegmentedColormap

    values = gains.to_numpy(dtype=float)  # (n_tasks, n_arms)
    n_tasks, n_arms = values.shape
    if ax is None:
        size = (2.5 + 0.6 * n_arms, 1.5 + 0.25 * n_tasks)
        ax = pyplot.subplots(figsize=size, layout="constrained")[1]
    if limit is None:
        known = values[np.isfinite(values)]
        limit = float(np.abs(known).max(initial=0)) or 1.0
    colours = LinearSegmentedColormap.from_list(
        "gains", [plotting.GENERATED, "white", plotting.REAL]
    )
    ax.patch.set(hatch="////", edgecolor="#bbbbbb")
    image = ax.imshow(values, cmap=colours, vmin=-limit, vmax=limit, aspect="auto")
    ax.set_xticks(range(n_arms), [str(arm) for arm in gains], rotation=45, ha="right")
    ax.set_yticks(range(n_tasks), [str(task) for task in gains.index], fontsize=8)
    ax.figure.colorbar(image, ax=ax, label="gain over doing nothing")
    if max(n_tasks, n_arms) <= MAX_NUMBERED:
        for row, column in np.argwhere(np.isfinite(values)):
            value = values[row, column]
            colour = "white" if abs(value) > 0.6 * limit else "black"
            place = {"ha": "center", "va": "center", "fontsize": 7, "color": colour}
            ax.text(column, row, f"{value:+.2f}", **place)
    return ax


def plot_finding(finding: Finding) -> dict[str, Any]:
    """Draw the gains by task, and the mean ranks where there is enough to rank.

    Parameters
    ----------
    finding : Finding
        Of one score and classifier.

    Returns
    -------
    dict of str to matplotlib Axes
        "gains", and "ranks" where they can be drawn.
    """
    order = [c.arm for c in finding.comparisons]
    axes = {"gains": plot_gains(finding.gains[order])}
    axes["gains"].set_title(f"{SCORES[finding.score].title}, {finding.classifier}")
    try:
        rankable_means(finding.scores)
    except ValueError:
        return axes
    axes["ranks"] = plot_critical_difference(finding.scores, finding.score)
    return axes
