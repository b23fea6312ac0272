"""The figures and the verdict of one class."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from ganbats_sampler.metrics import ReferencedScore, TwoSampleResult
from ganbats_sampler.metrics.reference import pass_random_state
from ganbats_sampler.report.metrics import ReportMetric
from ganbats_sampler.report.rules import give_verdict, say_next_step
from ganbats_sampler.series import DeviationScaler

#: Maximum number of series to compare on each side.
MAX_SERIES = 1000
#: Maximum numbers of synthetic and real series for slow metrics, with up to 512 time steps.
MAX_FEW = 50, 100


@dataclass(frozen=True)
class ClassQuality:
    """The quality of the synthetic series of one class.

    Attributes
    ----------
    verdict : {"collapsed", "copies", "distinguishable", "undecided", "indistinguishable"}
        The verdict of :func:`~ganbats_sampler.report.rules.give_verdict`.
    reasons : list of str
        The sentences that explain the verdict.
    figures : dict of str to ReferencedScore
        The value of every metric with its reference and controls; NaN if it is not defined. Empty
        if there are too few series.
    metrics : dict of str to ReportMetric
        The metrics by name, with their meanings and the questions that they answer.
    n_real, n_synthetic, n_compared : int
        The numbers of given real and synthetic series, and the number of synthetic series that were
        compared with as many held-out real ones.
    real, synthetic, held_out : ndarray of shape (n_samples, n_channels, n_timepoints)
        The series that were compared, for the pictures.
    """

    verdict: str
    reasons: list[str]
    figures: dict[str, ReferencedScore]
    metrics: dict[str, ReportMetric]
    n_real: int
    n_synthetic: int
    n_compared: int
    real: np.ndarray
    synthetic: np.ndarray
    held_out: np.ndarray

    @property
    def next_step(self) -> str:
        """The advice for this class."""
        return say_next_step(self.verdict, self.figures)


def assess(
    given: Mapping[str, np.ndarray],
    metrics: Sequence[ReportMetric],
    rng: np.random.RandomState,
) -> ClassQuality:
    """Compute every metric for one class, and give a verdict.

    `given` has the series "real" and "synthetic", and optionally "held_out", each of shape
    (n_samples, n_channels, n_timepoints). `metrics` must include those that the rules need.
    """
    real, synthetic, held_out = given["real"], given["synthetic"], given.get("held_out")
    by_name = {metric.name: metric for metric in metrics}
    too_few = _too_few(given)
    if too_few:
        sizes = (len(real), len(synthetic), 0)
        return ClassQuality("undecided", too_few, {}, by_name, *sizes, real, synthetic, real[:0])
    # only scaled, not centred: PRD depends on the level
    scale = DeviationScaler.fit(real).scale
    shuffled = real[rng.permutation(len(real))]
    shuffled /= scale
    half = len(real) if held_out is not None else len(real) // 2
    training, unseen = shuffled[:half], shuffled[half:] if held_out is None else held_out
    n_compared = min(len(unseen), len(synthetic), MAX_SERIES)
    training = training[:MAX_SERIES]
    unseen = unseen[rng.permutation(len(unseen))[:n_compared]]
    if held_out is not None:
        unseen = unseen / scale
    compared = synthetic[rng.permutation(len(synthetic))[:n_compared]] / scale
    mean = np.repeat(training.mean(axis=0, keepdims=True), n_compared, axis=0)
    copies = training[rng.randint(len(training), size=n_compared)]
    seed = rng.randint(2**31 - 1)
    sides = _Sides(shuffled, training, unseen, compared, mean, copies)
    figures = {metric.name: sides.score(metric, seed) for metric in metrics}
    verdict, reasons = give_verdict(figures, n_compared)
    sizes = (len(real), len(synthetic), n_compared)
    pictured = (side * scale for side in (training, compared, unseen))
    return ClassQuality(verdict, reasons, figures, by_name, *sizes, *pictured)


def _too_few(given: Mapping[str, np.ndarray]) -> list[str]:
    """Return a sentence for each side that has too few series."""
    least = {"real": 8, "synthetic": 4, "held_out": 4}
    return [
        f"{name} has {len(series)} series; a report needs at least {least[name]}."
        for name, series in given.items()
        if len(series) < least[name]
    ]


@dataclass(frozen=True)
class _Sides:
    """The series that metrics are computed from. `training` is a part of `real`."""

    real: np.ndarray
    training: np.ndarray
    unseen: np.ndarray
    synthetic: np.ndarray
    mean: np.ndarray
    copies: np.ndarray

    def score(self, metric: ReportMetric, seed: int) -> ReferencedScore:
        """Compute a metric with its reference and controls."""
        against = [self.training] * 4
        sides = [self.synthetic, self.unseen, self.mean, self.copies]
        if metric.compared_with == "all":
            against[0] = self.real  # the reference keeps `training`: `real` can include `unseen`
        elif metric.compared_with == "few":
            share = min(1.0, 512 / self.real.shape[2])  # the cost grows with length squared
            n_few, n_real = (max(5, int(share * most)) for most in MAX_FEW)
            against = [self.training[:n_real]] * 4
            sides = [side[:n_few] for side in (*sides[:3], against[0])]
        elif metric.compared_with == "held-out":
            against = [self.unseen] * 2
            sides = [self.synthetic, self.training[: len(self.unseen)]]
        found = [_value(metric, *pair, seed) for pair in zip(against, sides, strict=True)]
        return ReferencedScore(*(of.statistic for of in found))._replace(
            low=found[0].low, high=found[0].high
        )


def _value(
    metric: ReportMetric, real: np.ndarray, synthetic: np.ndarray, seed: int
) -> TwoSampleResult:
    """Compute a metric, or NaN if it is not defined, as PRD is not for a series of zeros."""
    nan = float("nan")
    try:
        options = pass_random_state(metric.function, seed)
        found = metric.function(real, synthetic, **options)
    except ValueError:
        found = nan
    return found if isinstance(found, TwoSampleResult) else TwoSampleResult(found, nan, nan, nan)
