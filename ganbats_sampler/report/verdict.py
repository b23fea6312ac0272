"""The rules by which figures become a word."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import TYPE_CHECKING

from scipy.stats import fisher_exact

if TYPE_CHECKING:
    from ganbats_sampler.report.quality import Figure

#: A spread below this share of that of held-out real series is a collapse.
MIN_SPREAD = 0.2
#: By how much more than held-out real series they may repeat themselves, and real ones.
MAX_REPEATS, MAX_COPIES = 0.5, 0.05
#: Less authentic than this share of what held-out real series are is copied.
MIN_AUTHENTICITY = 0.5
#: How unlikely a share has to be where both are alike, to count as another.
SIGNIFICANCE = 0.01
#: How wide the interval of a classifier's accuracy may be, for series to pass for the same.
MAX_WIDTH = 0.3


def give_verdict(figures: Mapping[str, Figure], n_compared: int) -> tuple[str, list[str]]:
    """Say in a word, and in sentences, what figures mean.

    The first rule that holds gives the word; every rule that holds gives a sentence.

    1. *collapsed*: the spread is below .2 of that of held-out real series, or the share that
       repeats another is greater by more than .5.
    2. *copies*: the share that repeats a real series is greater by more than .05 than that of
       held-out real ones, or fewer than half as many are authentic, and neither is chance (Fisher's
       exact test, p < .01).
    3. *off-distribution*: a classifier tells them from real ones: the interval of its accuracy,
       with 95% confidence, lies above .5.
    4. *undecided*: it does not, but there are so few series that the interval is wider than .3,
       fewer than about 30 of either side, or too few to ask.
    5. *indistinguishable*: none of these.

    Parameters
    ----------
    figures : mapping of str to Figure
        As in :class:`ClassQuality`.
    n_compared : int
        Synthetic series that were compared, and as many real ones.

    Returns
    -------
    word : {"collapsed", "copies", "off-distribution", "undecided", "indistinguishable"}
    reasons : list of str
    """
    found: list[tuple[str, str]] = []
    spread, repeats, copies = (figures[name] for name in ("spread", "repeats", "copies"))
    if spread.value < MIN_SPREAD * spread.floor:
        share = spread.value / spread.floor
        found.append(("collapsed", f"They are {share:.2f} times as varied as real series."))
    if repeats.value - repeats.floor > MAX_REPEATS:
        found.append(("collapsed", f"{repeats.value:.0%} repeat one another."))
    if copies.value - copies.floor > MAX_COPIES and _differ(copies, n_compared):
        found.append(
            (
                "copies",
                f"{copies.value:.0%} repeat a real series; of held-out real ones "
                f"{copies.floor:.0%} do.",
            )
        )
    authentic = figures["authenticity"]
    if authentic.value < MIN_AUTHENTICITY * authentic.floor and _differ(authentic, n_compared):
        found.append(
            (
                "copies",
                f"{1 - authentic.value:.0%} lie nearer to a real series than any other real one "
                f"does; of held-out real series {1 - authentic.floor:.0%} do.",
            )
        )
    accuracy = figures["classifier accuracy"]
    asked = f"{n_compared} of them and as many real ones"
    if math.isnan(accuracy.low):
        found.append(("undecided", f"There are too few, {asked}, to train a classifier."))
    else:
        sentence = (
            f"Asked about {asked}, a classifier is right on {accuracy.value:.0%} "
            f"({accuracy.low:.0%} to {accuracy.high:.0%})"
        )
        if accuracy.low > 0.5:
            found.append(("off-distribution", f"{sentence}: it can tell them."))
        elif accuracy.high - accuracy.low > MAX_WIDTH:
            found.append(("undecided", f"{sentence}: they are too few to say more."))
        else:
            found.append(("indistinguishable", f"{sentence}: it cannot tell them."))
    order = ["collapsed", "copies", "off-distribution", "undecided", "indistinguishable"]
    word = min((word for word, _ in found), key=order.index)
    return word, [sentence for _, sentence in found]


def _differ(figure: Figure, n_compared: int) -> bool:
    """Whether a share differs from its floor by more than chance, in the direction it does."""
    counts = [round(share * n_compared) for share in (figure.value, figure.floor)]
    table = [[count, n_compared - count] for count in counts]
    side = "greater" if figure.value > figure.floor else "less"
    return fisher_exact(table, alternative=side).pvalue < SIGNIFICANCE
