"""The metrics of the quality report: one object each, which users can add to."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import numpy as np

from ganbats_sampler import metrics
from ganbats_sampler.metrics.blocks import NEAR_COPY
from ganbats_sampler.metrics.pairing import Seed

#: Fewest series of either side for a classifier to be trained.
MIN_CLASSIFIED = 10
#: The questions that metrics answer, in the order of a report.
QUESTIONS = {
    "varied": "Are they varied?",
    "faithful": "Are they faithful?",
    "copied": "Are they copied?",
    "distinguishable": "Can a classifier distinguish them from real series?",
}


@dataclass(frozen=True)
class ReportMetric:
    """A metric of the quality report.

    Parameters
    ----------
    name : str
        The name in the report.
    function : callable
        ``function(real, synthetic)``, with series of shape (n_samples, n_channels, n_timepoints),
        and with ``random_state=`` if it has such a parameter. It returns a float, or a
        :class:`~ganbats_sampler.metrics.TwoSampleResult` with bounds. A ValueError means that the
        metric is not defined for these series.
    meaning : str
        An explanation of what it measures and how to read it.
    compared_with : {"training", "all", "few", "held-out"}, default="training"
        The real series. "training": those that the generator was trained on, or the first half of
        them if no series were held out. "all": for the synthetic series, all that it was trained
        on. "few": a sample of "training", for a slow metric. "held-out": those that it was not
        trained on; the controls are left out then.
    question : {"varied", "faithful", "copied", "distinguishable"}, default="faithful"
        The question that it answers, below which the report shows it.

    Examples
    --------
    >>> import numpy as np
    >>> from ganbats_sampler import quality_report
    >>> from ganbats_sampler.report import ReportMetric
    >>> def peak(real, synthetic):
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
    question: str = "faithful"

    def __post_init__(self) -> None:
        allowed = {
            "compared_with": ("training", "all", "few", "held-out"),
            "question": tuple(QUESTIONS),
        }
        for name, choices in allowed.items():
            if (given := getattr(self, name)) not in choices:
                raise ValueError(f"{name}={given!r} was given; choose from {choices}.")


def _density(real: np.ndarray, synthetic: np.ndarray) -> float:
    return metrics.density(real, synthetic, n_neighbors=min(5, len(real) - 1))


def _coverage(real: np.ndarray, synthetic: np.ndarray) -> float:
    return metrics.coverage(real, synthetic, n_neighbors=min(5, len(real) - 1))


def _classifier(
    real: np.ndarray, synthetic: np.ndarray, random_state: Seed = 0
) -> metrics.TwoSampleResult:
    _check_numbers(real, synthetic)
    return metrics.classifier_two_sample_test(real, synthetic, random_state=random_state)


def _discrepancy(real: np.ndarray, synthetic: np.ndarray, random_state: Seed = 0) -> float:
    _check_numbers(real, synthetic)
    found = metrics.maximum_mean_discrepancy(real, synthetic, random_state=random_state)
    return found.statistic  # its bounds are those of the reference, not of the value


def _check_numbers(real: np.ndarray, synthetic: np.ndarray) -> None:
    if min(len(real), len(synthetic)) < MIN_CLASSIFIED:
        raise ValueError(f"There are fewer than {MIN_CLASSIFIED} series of a side.")


_near_copies = partial(metrics.copy_rate, tolerance=NEAR_COPY)
_prd_nearest = partial(metrics.prd, pairing="nearest")
_prd_random = partial(metrics.prd, pairing="random")
_dtw_nearest = partial(metrics.dtw, pairing="nearest")

#: The metrics of every report, in this order.
REPORT_METRICS = (
    ReportMetric(
        *("diversity", metrics.diversity_ratio),
        "How varied they are, over how varied real series are. A collapsed generator has 0.",
        question="varied",
    ),
    ReportMetric(
        *("repeats", metrics.repeat_rate),
        "The share that repeats another synthetic series.",
        question="varied",
    ),
    ReportMetric(
        *("coverage", _coverage),
        "The share of real series that have a synthetic one in their neighbourhood.",
        question="varied",
    ),
    ReportMetric(
        *("density", _density),
        "How many real neighbourhoods each lies in, over how many it should. Far away is 0.",
    ),
    ReportMetric("PRD, nearest (%)", _prd_nearest, "The difference from the nearest real series."),
    ReportMetric("PRD, random (%)", _prd_random, "The difference from a random real series."),
    ReportMetric(
        "DTW, nearest", _dtw_nearest, "The warped distance from the nearest real series.", "few"
    ),
    ReportMetric(
        "marginals", metrics.marginal_difference, "The difference of the value histograms."
    ),
    ReportMetric(
        *("autocorrelation", metrics.autocorrelation_difference),
        "The difference of the mean autocorrelation.",
    ),
    ReportMetric(
        "spectrum (dB)", metrics.spectral_distance, "The difference of the mean power spectra."
    ),
    ReportMetric("skewness", metrics.skewness_difference, "The absolute difference of skewness."),
    ReportMetric("kurtosis", metrics.kurtosis_difference, "The absolute difference of kurtosis."),
    ReportMetric(
        *("copies", _near_copies),
        'The share of near-copies of a real series. Samplers drop them with drop="copies".',
        *("all", "copied"),
    ),
    ReportMetric(
        *("authenticity", metrics.authenticity),
        "The share that is not nearer to a real series than any other real one is. Copies have 0.",
        question="copied",
    ),
    ReportMetric(
        *("two-sample accuracy", _classifier),
        "How often a classifier is right on whether a series is real. 0.5 is ideal.",
        *("held-out", "distinguishable"),
    ),
    ReportMetric(
        *("MMD", _discrepancy),
        "The discrepancy of the means of random features. 0 is ideal.",
        *("held-out", "distinguishable"),
    ),
)
