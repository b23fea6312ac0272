"""The rules by which figures become a verdict."""

from __future__ import annotations

import math
from collections.abc import Mapping

from scipy.stats import fisher_exact

from ganbats_sampler.metrics import ReferencedScore
from ganbats_sampler.metrics.diversity import has_collapsed

#: By how much more than held-out real series they may repeat themselves, and real ones.
MAX_REPEATS, MAX_COPIES = 0.5, 0.05
#: Series are copies if fewer are authentic than this share of held-out real series' value. Noisy
#: copies have 0 of it. HerdedSampler(drop="copies") has .4 to .9 on GunPoint, ItalyPowerDemand and
#: ArrowHead: its series lie between neighbours, and none is a near-copy.
MIN_AUTHENTICITY = 0.35
#: The level at which a share differs from its reference.
SIGNIFICANCE = 0.01
#: How wide the interval of a classifier's accuracy may be for series to be indistinguishable.
MAX_WIDTH = 0.3

#: What to do after each verdict; copies that can be dropped have another sentence.
NEXT_STEPS = {
    "collapsed": "Do not use these series. Use another sampler, such as HerdedSampler, or train "
    "for more updates.",
    "copies": "They stay close to single real series. Add samplers that vary them more, such as "
    '"deformation" or "arc", or add fewer series.',
    "off-distribution": "They may still help a classifier. Measure that before you use them, with "
    "compare_samplers or resampling_search.",
    "undecided": "Pass more real series as held_out, at least 30 of each class.",
    "indistinguishable": "You can use these series. Measure whether they help your classifier, "
    "with compare_samplers or resampling_search.",
}


def say_next_step(verdict: str, figures: Mapping[str, ReferencedScore]) -> str:
    """Say what to do after a verdict."""
    if verdict == "copies" and figures["copies"].value > MAX_COPIES:
        return (
            f'{figures["copies"].value:.0%} are near-copies: set drop="copies", or add samplers '
            'that vary series more, such as "deformation" or "arc".'
        )
    return NEXT_STEPS[verdict]


def give_verdict(figures: Mapping[str, ReferencedScore], n_compared: int) -> tuple[str, list[str]]:
    """Turn the figures of a class into a verdict and the reasons for it.

    The first rule that holds gives the verdict; every rule that holds gives a reason.

    1. *collapsed*: the diversity ratio is below .2 of that of held-out real series, or the share
       that repeats another series is greater by more than .5.
    2. *copies*: the share of near-copies is greater by more than .05 than that of held-out real
       series, or the share of authentic ones is below .35 of theirs. Neither counts if it may be
       chance (Fisher's exact test, p >= .01).
    3. *off-distribution*: a classifier tells them from real series: the interval of its two-sample
       accuracy, with 95% confidence, lies above .5.
    4. *undecided*: it does not, but the interval is wider than .3 because there are fewer than
       about 30 series of either side, or there are too few to train a classifier.
    5. *indistinguishable*: none of these.

    Parameters
    ----------
    figures : mapping of str to ReferencedScore
        As in :class:`~ganbats_sampler.report.ClassQuality`.
    n_compared : int
        Number of synthetic series that were compared, with as many real ones.

    Returns
    -------
    verdict : {"collapsed", "copies", "off-distribution", "undecided", "indistinguishable"}
    reasons : list of str
    """
    found: list[tuple[str, str]] = []
    diversity, repeats, copies = (figures[name] for name in ("diversity", "repeats", "copies"))
    if has_collapsed(diversity.value, diversity.reference):
        share = diversity.value / diversity.reference
        found.append(("collapsed", f"They are {share:.2f} times as varied as real series."))
    if repeats.value - repeats.reference > MAX_REPEATS:
        found.append(("collapsed", f"{repeats.value:.0%} repeat one another."))
    if copies.value - copies.reference > MAX_COPIES and _differ(copies, n_compared):
        found.append(
            (
                "copies",
                f"{copies.value:.0%} are near-copies of a real series; of held-out real series "
                f"{copies.reference:.0%} are.",
            )
        )
    authentic = figures["authenticity"]
    if authentic.value < MIN_AUTHENTICITY * authentic.reference and _differ(authentic, n_compared):
        found.append(
            (
                "copies",
                f"{1 - authentic.value:.0%} lie nearer to a real series than any other real one "
                f"does; of held-out real series {1 - authentic.reference:.0%} do.",
            )
        )
    accuracy = figures["two-sample accuracy"]
    if math.isnan(accuracy.low):
        sides = f"{n_compared} synthetic and as many real series"
        found.append(("undecided", f"There are too few to train a classifier: {sides}."))
    else:
        sentence = (
            f"A classifier is right on {accuracy.value:.0%} of {n_compared} synthetic and as many "
            f"real series ({accuracy.low:.0%} to {accuracy.high:.0%} with 95% confidence)"
        )
        if accuracy.low > 0.5:
            found.append(("off-distribution", f"{sentence}: it can distinguish them."))
        elif accuracy.high - accuracy.low > MAX_WIDTH:
            found.append(("undecided", f"{sentence}: there are too few series to say more."))
        else:
            found.append(("indistinguishable", f"{sentence}: it cannot distinguish them."))
    order = ["collapsed", "copies", "off-distribution", "undecided", "indistinguishable"]
    word = min((word for word, _ in found), key=order.index)
    return word, [sentence for _, sentence in found]


def _differ(figure: ReferencedScore, n_compared: int) -> bool:
    """Say whether a share differs from its reference by more than chance."""
    counts = [round(share * n_compared) for share in (figure.value, figure.reference)]
    table = [[count, n_compared - count] for count in counts]
    side = "greater" if figure.value > figure.reference else "less"
    return fisher_exact(table, alternative=side).pvalue < SIGNIFICANCE
