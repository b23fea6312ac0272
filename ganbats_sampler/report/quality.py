"""One call that says how good synthetic series are."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from sklearn.utils import check_random_state

from ganbats_sampler import metrics
from ganbats_sampler.metrics.pairing import as_series
from ganbats_sampler.report.verdict import give_verdict

#: Most series of each side that are looked at.
MAX_SERIES = 1000
#: Most synthetic and real series that DTW, the dearest of the metrics, is taken between.
MAX_DTW = 50, 100
#: Fewest series of either side that a classifier is asked about.
MIN_CLASSIFIED = 10


class Figure(NamedTuple):
    """A metric of synthetic series, and what to read it against.

    Attributes
    ----------
    value : float
        Of the synthetic series.
    floor : float
        Of held-out real series in their place: what a perfect generator would have.
    class_mean : float
        Of the mean real series again and again: a collapsed generator.
    copy : float
        Of the real series themselves: a generator that learned them by heart.
    low, high : float
        Bounds with 95% confidence; NaN where there are none.
    """

    value: float
    floor: float
    class_mean: float
    copy: float
    low: float = float("nan")
    high: float = float("nan")


#: What is looked at in every report: functions of (real, synthetic, random_state), in this order.
METRICS: dict[str, Callable[..., float]] = {
    "spread": metrics.spread_ratio,
    "repeats": metrics.repeat_rate,
    "copies": metrics.copy_rate,
    "authenticity": metrics.authenticity,
    "density": metrics.density,
    "coverage": metrics.coverage,
    "PRD, nearest (%)": partial(metrics.prd, pairing="nearest"),
    "PRD, random (%)": partial(metrics.prd, pairing="random"),
    "DTW, nearest": partial(metrics.dtw, pairing="nearest"),
    "marginals": metrics.marginal_difference,
    "autocorrelation": metrics.autocorrelation_difference,
    "spectrum (dB)": metrics.spectral_distance,
    "skewness": metrics.skewness_difference,
    "kurtosis": metrics.kurtosis_difference,
}


@dataclass(frozen=True)
class ClassQuality:
    """How good the synthetic series of one class are.

    Attributes
    ----------
    verdict : {"collapsed", "copies", "off-distribution", "undecided", "indistinguishable"}
        By the rules of :func:`~ganbats_sampler.report.verdict.give_verdict`.
    reasons : list of str
        What it follows from.
    figures : dict of str to Figure
        Every metric beside its floor and controls; NaN where it is not defined.
    n_real, n_synthetic, n_compared : int
        Series given, and how many of either side were compared.
    real, synthetic, unseen : ndarray of shape (n_samples, n_channels, n_timepoints)
        The series that were compared, for pictures.
    """

    verdict: str
    reasons: list[str]
    figures: dict[str, Figure]
    n_real: int
    n_synthetic: int
    n_compared: int
    real: np.ndarray
    synthetic: np.ndarray
    unseen: np.ndarray


@dataclass(frozen=True)
class QualityReport:
    """What :func:`quality_report` found; prints as text, and in a notebook as a table.

    Attributes
    ----------
    classes : dict of label to ClassQuality
        The findings for each class.
    """

    classes: dict[Any, ClassQuality]

    def __str__(self) -> str:
        from ganbats_sampler.report.rendering import as_text

        return as_text(self)

    __repr__ = __str__

    def _repr_html_(self) -> str:
        from ganbats_sampler.report.rendering import as_html

        return as_html(self)

    def to_frame(self):
        """Put all figures into a pandas DataFrame, a row for each class and metric."""
        import pandas as pd

        rows = [
            {"class": label, "metric": name, **figure._asdict(), "verdict": found.verdict}
            for label, found in self.classes.items()
            for name, figure in found.figures.items()
        ]
        return pd.DataFrame(rows).set_index(["class", "metric"])

    def plot(self, label: Any = None):
        """Draw series, spectra, an embedding and distances of a class.

        Parameters
        ----------
        label : object, default=None
            Which class; None for the first.

        Returns
        -------
        dict of str to matplotlib Axes
        """
        from ganbats_sampler.report.rendering import plot_class

        found = self.classes[next(iter(self.classes)) if label is None else label]
        return plot_class(found)

    def save(self, path) -> Path:
        """Write a page of HTML that needs no network; with matplotlib it has pictures.

        Parameters
        ----------
        path : str or Path
            Of the file.

        Returns
        -------
        Path
        """
        from ganbats_sampler.report.rendering import as_page

        path = Path(path)
        path.write_text(as_page(self), encoding="utf-8")
        return path


def quality_report(real, synthetic, held_out=None, *, random_state=0) -> QualityReport:
    """Say how good synthetic series are, each figure beside what it is to be read against.

    Parameters
    ----------
    real : array-like or mapping of label to array-like
        What the generator was trained on, (n_samples, n_timepoints) or (n_samples, n_channels,
        n_timepoints): the series of one class, or of each class by its label.
    synthetic : array-like or mapping of label to array-like
        What it generates.
    held_out : array-like or mapping of label to array-like, default=None
        Real series that it was not trained on. None splits `real` in two halves: floors are those
        of one half beside the other, and the synthetic series are compared with one half as well.
        It was trained on both, so that copies with noise can pass for real ones there; exact ones
        are searched for in all of `real` in either case.
    random_state : int, RandomState instance or None, default=0
        Of splitting, sampling and the metrics.

    Returns
    -------
    QualityReport

    Raises
    ------
    ValueError
        If there is nothing to report on, or the sides do not fit each other. A class of fewer than
        8 real, 4 synthetic or 4 held-out series is "undecided", without figures.

    Notes
    -----
    As many synthetic as held-out series are compared, 1,000 at most (for DTW 50, with 100 real
    ones, fewer where they are long), for the size of a sample moves most of the figures. Channels
    are brought to units of the real series' standard deviation first, so that each counts alike.

    Examples
    --------
    >>> import numpy as np
    >>> from ganbats_sampler import quality_report
    >>> series = np.random.default_rng(0).normal(size=(300, 40)).cumsum(axis=1)
    >>> report = quality_report(series[:100], series[100:200], series[200:])
    >>> report.classes["all"].verdict
    'indistinguishable'
    >>> quality_report(series[:100], series[:100], series[200:]).classes["all"].verdict
    'copies'
    """
    sides = [real, synthetic] + ([] if held_out is None else [held_out])
    if len({isinstance(side, Mapping) for side in sides}) > 1:
        raise ValueError(
            "Some of real, synthetic and held_out are mappings and some are arrays: pass arrays if "
            "there is one class, or mappings of label to series for all."
        )
    if not isinstance(real, Mapping):
        real, synthetic = {"all": real}, {"all": synthetic}
        held_out = None if held_out is None else {"all": held_out}
    for name, side in (("real", real), ("held_out", held_out)):
        missing = [] if side is None else [label for label in synthetic if label not in side]
        if missing:
            raise ValueError(f"There are synthetic series of class {missing}, but {name} has none.")
    if not synthetic:
        raise ValueError("There are no synthetic series to report on.")
    seed = check_random_state(random_state).randint(2**31 - 1)
    return QualityReport(
        {
            label: _assess(
                as_series(real[label], f"real, class {label}"),
                as_series(series, f"synthetic, class {label}"),
                None
                if held_out is None
                else as_series(held_out[label], f"held_out, class {label}"),
                np.random.RandomState(seed),  # each class by itself, whichever others there are
            )
            for label, series in synthetic.items()
        }
    )


def _assess(
    real: np.ndarray,
    synthetic: np.ndarray,
    held_out: np.ndarray | None,
    rng: np.random.RandomState,
) -> ClassQuality:
    given = {"real": real, "synthetic": synthetic}
    if held_out is not None:
        given["held_out"] = held_out
    too_few = _check(given)
    if too_few:
        sizes = (len(real), len(synthetic), 0)
        return ClassQuality("undecided", too_few, {}, *sizes, real, synthetic, real[:0])
    unit = _unit(real)
    shuffled = real[rng.permutation(len(real))] / unit
    if held_out is None:
        half = len(real) // 2
        reference, unseen = shuffled[:half], shuffled[half:]
    else:
        reference, unseen = shuffled, held_out / unit
    n_compared = min(len(unseen), len(synthetic), MAX_SERIES)
    reference = reference[:MAX_SERIES]
    unseen = unseen[rng.permutation(len(unseen))[:n_compared]]
    compared = synthetic[rng.permutation(len(synthetic))[:n_compared]] / unit
    figures = _figures(shuffled, reference, unseen, compared, rng)
    verdict, reasons = give_verdict(figures, n_compared)
    sizes = (len(real), len(synthetic), n_compared)
    pictured = (side * unit for side in (reference, compared, unseen))
    return ClassQuality(verdict, reasons, figures, *sizes, *pictured)


def _check(given: dict[str, np.ndarray]) -> list[str]:
    """Check that the sides fit each other, and say which have too few series."""
    too_few = []
    for name, series in given.items():
        shape, of_real = series.shape[1:], given["real"].shape[1:]
        if shape != of_real:
            raise ValueError(
                f"{name} series have (channels, time steps) {shape}, real ones {of_real}; they "
                "must be alike."
            )
        least = 8 if name == "real" else 4
        if len(series) < least:
            too_few.append(f"{name} has {len(series)} series; a report needs at least {least}.")
    return too_few


def _unit(real: np.ndarray) -> np.ndarray:
    """Compute the deviation of each channel, (1, n_channels, 1); a constant has its size."""
    size = np.abs(real).max(axis=(0, 2), keepdims=True)  # first: squares might overflow
    size = np.where(size > 0, size, 1.0)
    spread = (real / size).std(axis=(0, 2), keepdims=True)
    return size * np.where(spread > 0, spread, 1.0)


def _figures(
    real: np.ndarray,
    reference: np.ndarray,
    unseen: np.ndarray,
    synthetic: np.ndarray,
    rng: np.random.RandomState,
) -> dict[str, Figure]:
    """Compute every metric beside its floor and controls; `reference` is a part of `real`."""
    controls = _controls(reference, len(synthetic), rng)
    seed = rng.randint(2**31 - 1)
    figures = {}
    for name, metric in METRICS.items():
        against, sides = reference, [synthetic, unseen, *controls]
        if name == "DTW, nearest":
            n_left, n_right = _dtw_sizes(real.shape[2])
            against = reference[:n_right]
            sides = [side[:n_left] for side in (synthetic, unseen, controls[0], against)]
        if name in ("density", "coverage"):
            metric = partial(metric, n_neighbors=min(5, len(reference) - 1))
        values = [_value(metric, against, side, seed) for side in sides]
        if name == "copies":  # of any real series; held-out ones have their own floor
            values[0] = _value(metric, real, synthetic, seed)
        figures[name] = Figure(*values)
    return {**figures, **_two_sample_figures(unseen, synthetic, reference, seed)}


def _value(
    metric: Callable[..., float], real: np.ndarray, synthetic: np.ndarray, seed: int
) -> float:
    """Compute a metric; NaN where it is not defined, as PRD is not for a series of zeros."""
    try:
        return metric(real, synthetic, random_state=seed)
    except ValueError:
        return float("nan")


def _dtw_sizes(n_timepoints: int) -> tuple[int, int]:
    """How many synthetic and real series DTW, quadratic in their length, is taken between."""
    share = min(1.0, 512 / n_timepoints)
    return max(5, int(share * MAX_DTW[0])), max(5, int(share * MAX_DTW[1]))


def _controls(
    reference: np.ndarray, n_samples: int, rng: np.random.RandomState
) -> list[np.ndarray]:
    """Make what two useless generators would: the mean series, and copies."""
    mean = np.repeat(reference.mean(axis=0, keepdims=True), n_samples, axis=0)
    return [mean, reference[rng.randint(len(reference), size=n_samples)]]


def _two_sample_figures(
    unseen: np.ndarray, synthetic: np.ndarray, reference: np.ndarray, seed: int
) -> dict[str, Figure]:
    """Ask whether synthetic series can be told from unseen real ones; for a floor, seen ones."""
    nan = float("nan")
    nothing = metrics.TwoSampleResult(nan, nan, nan, nan)
    can_see = unseen.shape[2] >= 3
    seen = reference[: len(unseen)]
    found = {}
    for name, test in (
        ("classifier accuracy", metrics.classifier_two_sample_test),
        ("MMD", metrics.maximum_mean_discrepancy),
    ):
        result, floor = (
            test(unseen, side, random_state=seed)
            if can_see and min(len(unseen), len(side)) >= MIN_CLASSIFIED
            else nothing
            for side in (synthetic, seen)
        )
        # the bounds of the discrepancy are those of the floor, not of its value
        bounds = (result.low, result.high) if name == "classifier accuracy" else ()
        found[name] = Figure(result.statistic, floor.statistic, nan, nan, *bounds)
    return found
