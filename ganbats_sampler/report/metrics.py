"""The metrics of the quality report. Users can add their own."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import numpy as np

from ganbats_sampler import metrics
from ganbats_sampler.metrics.blocks import NEAR_COPY
from ganbats_sampler.metrics.pairing import Seed

#: Minimum number of series on each side to train a classifier.
MIN_CLASSIFIED = 10
#: The questions that the metrics answer, in the order of a report.
QUESTIONS = {
    "varied": "Are the synthetic series varied?",
    "faithful": "Are they like real series?",
    "copied": "Are they copies of real series?",
    "distinguishable": "Can a classifier tell them from real series?",
}


@dataclass(frozen=True)
class ReportMetric:
    """A metric of the quality report.

    Parameters
    ----------
    name : str
        The name of the metric in the report.
    function : callable
        A function ``function(real, synthetic)`` of series of shape (n_samples, n_channels,
        n_timepoints). It also receives ``random_state=`` if it has this parameter. It returns a
        float, or a :class:`~ganbats_sampler.metrics.TwoSampleResult` with bounds. It raises a
        ValueError if the metric is not defined for these series.
    meaning : str
        A sentence that says what the metric measures and which value is ideal.
    compared_with : {"training", "all", "few", "held-out"}, default="training"
        The real series that the function receives.

        - "training": the series that the generator was trained on, or half of them if no series
          were held out.
        - "all": as "training", but the synthetic series are compared with all real series.
        - "few": as "training", but with fewer series on both sides, for a slow metric.
        - "held-out": the held-out series, or the other half of the real series. There are no
          controls.
    question : {"varied", "faithful", "copied", "distinguishable"}, default="faithful"
        The question that the metric answers. The report shows the metric below it.

    Raises
    ------
    ValueError
        If `compared_with` or `question` has another value.

    Examples
    --------
    >>> import numpy as np
    >>> from ganbats_sampler import quality_report
    >>> from ganbats_sampler.report import ReportMetric
    >>> def peak(real, synthetic):
    ...     return abs(real.max(axis=2).mean() - synthetic.max(axis=2).mean())
    >>> peak = ReportMetric("peak", peak, "The difference of the mean peaks. 0 is ideal.")
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
    return found.statistic  # its bounds are no confidence interval of the statistic


def _check_numbers(real: np.ndarray, synthetic: np.ndarray) -> None:
    if min(len(real), len(synthetic)) < MIN_CLASSIFIED:
        raise ValueError(f"A side has fewer than {MIN_CLASSIFIED} series.")


_near_copies = partial(metrics.copy_rate, tolerance=NEAR_COPY)
_prd_nearest = partial(metrics.prd, pairing="nearest")
_prd_random = partial(metrics.prd, pairing="random")
_dtw_nearest = partial(metrics.dtw, pairing="nearest")

#: The metrics of every report, in the order of their rows.
REPORT_METRICS = (
    ReportMetric(
        *("diversity", metrics.diversity_ratio),
        "How much synthetic series vary, divided by how much real series vary. A generator that "
        "repeats one series has 0.",
        question="varied",
    ),
    ReportMetric(
        *("duplicates", metrics.repeat_rate),
        "The share of synthetic series that repeat another one.",
        question="varied",
    ),
    ReportMetric(
        *("coverage", _coverage),
        "The share of real series that have a synthetic series in their neighbourhood, which "
        "reaches to the fifth nearest real series.",
        question="varied",
    ),
    ReportMetric(
        *("density", _density),
        "How many real neighbourhoods (see coverage) a synthetic series is in, divided by the "
        "expected number. Series far from all real ones have 0.",
    ),
    ReportMetric(
        *("PRD, nearest (%)", _prd_nearest),
        "The percent root mean square difference from the nearest real series.",
    ),
    ReportMetric(
        *("PRD, random (%)", _prd_random),
        "The percent root mean square difference from a random real series.",
    ),
    ReportMetric(
        *("DTW, nearest", _dtw_nearest),
        "The dynamic time warping distance to the nearest real series.",
        "few",
    ),
    ReportMetric(
        *("marginals", metrics.marginal_difference),
        "The difference between the histograms of values at each time step.",
    ),
    ReportMetric(
        *("autocorrelation", metrics.autocorrelation_difference),
        "The difference between the mean autocorrelation functions.",
    ),
    ReportMetric(
        "spectrum (dB)", metrics.spectral_distance, "The difference between the mean power spectra."
    ),
    ReportMetric("skewness", metrics.skewness_difference, "The absolute difference in skewness."),
    ReportMetric("kurtosis", metrics.kurtosis_difference, "The absolute difference in kurtosis."),
    ReportMetric(
        *("near-copies", _near_copies),
        "The share of synthetic series that are near-copies of a real one. Samplers drop them with "
        'drop="copies".',
        *("all", "copied"),
    ),
    ReportMetric(
        *("authenticity", metrics.authenticity),
        "The share of synthetic series that are further from their nearest real series than "
        "another real series is. Copies have 0.",
        question="copied",
    ),
    ReportMetric(
        *("two-sample accuracy", _classifier),
        "How often a classifier tells synthetic from real series. 0.5 is ideal, 1 the worst.",
        *("held-out", "distinguishable"),
    ),
    ReportMetric(
        *("MMD", _discrepancy),
        "The squared maximum mean discrepancy of random convolutional features. 0 is ideal.",
        *("held-out", "distinguishable"),
    ),
)
