"""The rules that turn the figures of a class into a verdict."""

from __future__ import annotations

import math
from collections.abc import Mapping

from scipy.stats import fisher_exact

from ganbats_sampler.metrics import ReferencedScore
from ganbats_sampler.metrics.diversity import has_collapsed
from ganbats_sampler.metrics.features import MIN_TIMEPOINTS
from ganbats_sampler.report.metrics import MIN_CLASSIFIED

#: The largest allowed excess of the shares of repeats and near-copies over held-out real series.
MAX_REPEATS, MAX_COPIES = 0.5, 0.05
#: The verdict is "copies" if the authenticity is below this share of that of held-out real series.
#: Noisy copies have a share of 0. HerdedSampler(drop="copies") has .4 to .9 on GunPoint,
#: ItalyPowerDemand and ArrowHead, where none of its series is a near-copy.
MIN_AUTHENTICITY = 0.35
#: The significance level of a difference between a share and its reference.
SIGNIFICANCE = 0.01
#: The largest width of the accuracy's confidence interval for the verdict "indistinguishable".
MAX_WIDTH = 0.3

#: The advice after each verdict. :func:`say_next_step` has another one for near-copies.
NEXT_STEPS = {
    "collapsed": "Do not use these series. Use another sampler, such as HerdedSampler, or train "
    "for more updates.",
    "copies": "These series stay close to single real series. Use samplers that vary series more, "
    'such as "deformation" or "arc", or add fewer series.',
    "distinguishable": "These series may still help a classifier. Before you use them, measure "
    "that with compare_samplers or resampling_search.",
    "undecided": "Pass at least 30 synthetic and, as held_out, 30 real series of each class.",
    "indistinguishable": "You can use these series. Measure with compare_samplers or "
    "resampling_search whether they help your classifier.",
}


def say_next_step(verdict: str, figures: Mapping[str, ReferencedScore]) -> str:
    """Return the advice that follows a verdict."""
    if verdict == "copies" and figures["near-copies"].value > MAX_COPIES:
        return (
            f'{figures["near-copies"].value:.0%} are near-copies: set drop="copies", or use '
            'samplers that vary series more, such as "deformation" or "arc".'
        )
    return NEXT_STEPS[verdict]


def give_verdict(figures: Mapping[str, ReferencedScore], n_compared: int) -> tuple[str, list[str]]:
    """Turn the figures of a class into a verdict and the reasons for it.

    The first rule that holds gives the verdict; every rule that holds gives a reason.

    1. *collapsed*: the diversity ratio is below .2 of that of held-out real series, or the share of
       series that repeat another one exceeds theirs by more than .5.
    2. *copies*: the share of near-copies exceeds that of held-out real series by more than .05, or
       the authenticity is below .35 of theirs. A difference that may be chance does not count
       (Fisher's exact test, p >= .01).
    3. *distinguishable*: a classifier tells the series from real ones. The 95% confidence interval
       of its two-sample accuracy lies above .5.
    4. *undecided*: the classifier does not, but this may be chance. Either the interval is wider
       than .3, as with fewer than about 30 series on each side, or no classifier can be trained:
       it needs 10 series on each side and 3 time steps.
    5. *indistinguishable*: none of these.

    Parameters
    ----------
    figures : mapping of str to ReferencedScore
        The figures, as in :class:`~ganbats_sampler.report.ClassQuality`.
    n_compared : int
        The number of synthetic series that were compared, with as many held-out real ones.

    Returns
    -------
    verdict : {"collapsed", "copies", "distinguishable", "undecided", "indistinguishable"}
        The verdict of the first rule that holds.
    reasons : list of str
        A sentence for each rule that holds.
    """
    found: list[tuple[str, str]] = []
    diversity, repeats, copies = (
        figures[name] for name in ("diversity", "duplicates", "near-copies")
    )
    if has_collapsed(diversity.value, diversity.reference):
        share = diversity.value / diversity.reference
        found.append(
            ("collapsed", f"The series are {share:.2f} times as varied as held-out real series.")
        )
    if repeats.value - repeats.reference > MAX_REPEATS:
        found.append(("collapsed", f"{repeats.value:.0%} of the series repeat another one."))
    if copies.value - copies.reference > MAX_COPIES and _differ(copies, n_compared):
        found.append(
            (
                "copies",
                f"{copies.value:.0%} of the series are near-copies of a real one, compared with "
                f"{copies.reference:.0%} of held-out real series.",
            )
        )
    authentic = figures["authenticity"]
    if authentic.value < MIN_AUTHENTICITY * authentic.reference and _differ(authentic, n_compared):
        found.append(
            (
                "copies",
                f"{1 - authentic.value:.0%} of the series are nearer to a real series than any "
                "other real series is, compared with "
                f"{1 - authentic.reference:.0%} of held-out real series.",
            )
        )
    accuracy = figures["two-sample accuracy"]
    if math.isnan(accuracy.low):
        found.append(
            (
                "undecided",
                f"A classifier needs at least {MIN_CLASSIFIED} series of each side and "
                f"{MIN_TIMEPOINTS} time steps; {n_compared} synthetic and {n_compared} real series "
                "were compared.",
            )
        )
    else:
        sentence = (
            f"A classifier is right on {accuracy.value:.0%} of {n_compared} synthetic and "
            f"{n_compared} real series ({accuracy.low:.0%} to {accuracy.high:.0%} with 95% "
            "confidence)"
        )
        if accuracy.low > 0.5:
            found.append(("distinguishable", f"{sentence}: it can distinguish them."))
        elif accuracy.high - accuracy.low > MAX_WIDTH:
            found.append(("undecided", f"{sentence}: there are too few series to decide."))
        else:
            found.append(("indistinguishable", f"{sentence}: it cannot distinguish them."))
    order = ["collapsed", "copies", "distinguishable", "undecided", "indistinguishable"]
    word = min((word for word, _ in found), key=order.index)
    return word, [sentence for _, sentence in found]


def _differ(figure: ReferencedScore, n_compared: int) -> bool:
    """Return whether a share differs from its reference by more than chance."""
    counts = [round(share * n_compared) for share in (figure.value, figure.reference)]
    table = [[count, n_compared - count] for count in counts]
    side = "greater" if figure.value > figure.reference else "less"
    return fisher_exact(table, alternative=side).pvalue < SIGNIFICANCE
