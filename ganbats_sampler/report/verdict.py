"""The rules by which figures become a word."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ganbats_sampler.report.quality import Figure

#: A spread below this share of that of real series is a collapse.
MIN_SPREAD = 0.2
#: A generator that repeats itself, or real series, in more than this share is collapsed, or copies.
MAX_DUPLICATES = 0.5, 0.05
#: Less authentic than this share of what real series are is copied.
MIN_AUTHENTICITY = 0.5
#: How wide the interval of a classifier's accuracy may be, for series to pass for the same.
MAX_WIDTH = 0.25


def give_verdict(figures: Mapping[str, Figure], n_compared: int) -> tuple[str, list[str]]:
    """Say in a word, and in sentences, what figures mean.

    The first rule that holds gives the word; every rule that holds gives a sentence.

    1. *collapsed*: the spread is below .2 of that of real series, or more than half of the
       synthetic series repeat one another or a real one.
    2. *copies*: more than a twentieth do, or fewer than half as many are authentic as of held-out
       real series.
    3. *off-distribution*: a classifier tells them from real ones: the interval of its accuracy,
       with 95% confidence, lies above .5.
    4. *undecided*: it does not, but there are so few series that the interval is wider than .25,
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
    spread, duplicates = figures["spread"].value, figures["duplicates"].value
    if spread < MIN_SPREAD:
        found.append(("collapsed", f"They are {spread:.2f} times as varied as real series."))
    if duplicates > MAX_DUPLICATES[1]:
        word = "collapsed" if duplicates > MAX_DUPLICATES[0] else "copies"
        found.append((word, f"{duplicates:.0%} repeat a real series or one another."))
    authentic = figures["authenticity"]
    if authentic.value < MIN_AUTHENTICITY * authentic.floor:
        found.append(
            (
                "copies",
                f"{1 - authentic.value:.0%} lie nearer to a real series than any other real one "
                f"does; of held-out real series {1 - authentic.floor:.0%} do.",
            )
        )
    accuracy = figures["classifier accuracy"]
    asked = f"{n_compared} of them and as many real ones"
    if accuracy.low is None or accuracy.high is None:
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
