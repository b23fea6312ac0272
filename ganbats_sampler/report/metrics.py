"""The metrics of the quality report: one object each, which users can add to."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import numpy as np

from ganbats_sampler import metrics

#: Fewest series of either side for a classifier to be trained.
MIN_CLASSIFIED = 10


@dataclass(frozen=True)
class ReportMetric:
    """A metric of the quality report.

    Parameters
    ----------
    name : str
        The name in the report.
    function : callable
        ``function(real, synthetic, random_state=...)``, with series of shape (n_samples,
        n_channels, n_timepoints). It returns a float, or a
        :class:`~ganbats_sampler.metrics.TwoSampleResult` with bounds. A ValueError means that the
        metric is not defined for these series.
    meaning : str
        What it measures and how to read it.
    compared_with : {"training", "all", "few", "held-out"}, default="training"
        The real series. "training": those that the generator was trained on, or the first half of
        them if no series were held out. "all": for the synthetic series, all that it was trained
        on. "few": a sample of "training", for a slow metric. "held-out": those that it was not
        trained on; the controls are left out then.

    Examples
    --------
    >>> import numpy as np
    >>> from ganbats_sampler import quality_report
    >>> from ganbats_sampler.report import ReportMetric
    >>> def peak(real, synthetic, random_state):
    ...     return abs(real.max(axis=2).mean() - synthetic.max(axis=2).mean())
    >>> peak = ReportMetric("peak", peak, "difference of the mean peaks; same distribution: 0")
    >>> walks = np.random.default_rng(0).normal(size=(60, 20)).cumsum(axis=1)
    >>> report = quality_report(walks[:40], walks[40:], metrics=[peak])
    >>> bool(report.classes["all"].figures["peak"].value < 1)
    True
    """

    name: str
    function: Callable[..., float | metrics.TwoSampleResult]
    meaning: str
    compared_with: str = "training"

    def __post_init__(self) -> None:
        allowed = ("training", "all", "few", "held-out")
        if self.compared_with not in allowed:
            raise ValueError(
                f"compared_with={self.compared_with!r} was given; choose from {allowed}."
            )


def _density(real, synthetic, random_state=None) -> float:
    return metrics.density(real, synthetic, n_neighbors=min(5, len(real) - 1))


def _coverage(real, synthetic, random_state=None) -> float:
    return metrics.coverage(real, synthetic, n_neighbors=min(5, len(real) - 1))


def _classifier(real, synthetic, random_state=0) -> metrics.TwoSampleResult:
    _check_numbers(real, synthetic)
    return metrics.classifier_two_sample_test(real, synthetic, random_state=random_state)


def _discrepancy(real, synthetic, random_state=0) -> float:
    _check_numbers(real, synthetic)
    found = metrics.maximum_mean_discrepancy(real, synthetic, random_state=random_state)
    return found.statistic  # its bounds are those of the reference, not of the value


def _check_numbers(real: np.ndarray, synthetic: np.ndarray) -> None:
    if min(len(real), len(synthetic)) < MIN_CLASSIFIED:
        raise ValueError(f"There are fewer than {MIN_CLASSIFIED} series of a side.")


#: The metrics of every report, in this order.
REPORT_METRICS = (
    ReportMetric(
        "diversity",
        metrics.diversity_ratio,
        "how varied they are, over real series; 0: collapsed, same distribution: 1",
    ),
    ReportMetric(
        "repeats",
        metrics.repeat_rate,
        "share that repeats another one; same distribution: the reference",
    ),
    ReportMetric(
        "copies",
        metrics.copy_rate,
        "share that repeats a real series; same distribution: the reference",
        "all",
    ),
    ReportMetric(
        "authenticity",
        metrics.authenticity,
        "share not nearer to a real series than another real one is; copies: 0, same "
        "distribution: the reference",
    ),
    ReportMetric(
        "density",
        _density,
        "number of real neighbourhoods that hold one; far away: 0, same distribution: 1",
    ),
    ReportMetric(
        "coverage",
        _coverage,
        "share of real neighbourhoods that hold one; same distribution: near 1",
    ),
    ReportMetric(
        "PRD, nearest (%)",
        partial(metrics.prd, pairing="nearest"),
        "difference from the nearest real series; same distribution: the reference",
    ),
    ReportMetric(
        "PRD, random (%)",
        partial(metrics.prd, pairing="random"),
        "difference from a random real series; same distribution: the reference",
    ),
    ReportMetric(
        "DTW, nearest",
        partial(metrics.dtw, pairing="nearest"),
        "warped distance from the nearest real series; same distribution: the reference",
        "few",
    ),
    ReportMetric(
        "marginals",
        metrics.marginal_difference,
        "difference of the histograms of values; same distribution: the reference",
    ),
    ReportMetric(
        "autocorrelation",
        metrics.autocorrelation_difference,
        "difference of the autocorrelations; same distribution: the reference",
    ),
    ReportMetric(
        "spectrum (dB)",
        metrics.spectral_distance,
        "difference of the mean spectra; same distribution: the reference",
    ),
    ReportMetric(
        "skewness",
        metrics.skewness_difference,
        "difference of the skewness; same distribution: the reference",
    ),
    ReportMetric(
        "kurtosis",
        metrics.kurtosis_difference,
        "difference of the kurtosis; same distribution: the reference",
    ),
    ReportMetric(
        "two-sample accuracy",
        _classifier,
        "how often a classifier tells them from held-out real series; same distribution: .5",
        "held-out",
    ),
    ReportMetric(
        "MMD",
        _discrepancy,
        "discrepancy from held-out real series in random features; same distribution: 0",
        "held-out",
    ),
)
