"""The scores of a classifier on imbalanced classes."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import NamedTuple

import numpy as np
from imblearn.metrics import geometric_mean_score
from sklearn.metrics import (
    accuracy_score,
    average_precision_score,
    balanced_accuracy_score,
    brier_score_loss,
    f1_score,
    roc_auc_score,
)


class Score(NamedTuple):
    """A score, and the difference in it that matters.

    Attributes
    ----------
    title : str
        The name in words.
    function : callable
        A function ``(y, prediction) -> float`` for two classes, False and True.
    takes : {"decision", "ranking", "probability"}
        The kind of prediction that the score is computed from.
    rope : float or None
        The greatest difference that does not matter in practice, unless another one is given: half
        the width of the region of practical equivalence. None for accuracy, which is not judged
        because a classifier can reach a high accuracy by ignoring the minority class.
    greater_is_better : bool
        Whether a greater value is better.
    of_many : callable or None
        The function for more than two classes; None if `function` takes them too. `y` and a
        decision hold labels. A ranking or a probability has a column for each class, in sorted
        order.
    """

    title: str
    function: Callable[[np.ndarray, np.ndarray], float]
    takes: str
    rope: float | None = 0.01
    greater_is_better: bool = True
    of_many: Callable[[np.ndarray, np.ndarray], float] | None = None


def _indicate(y: np.ndarray) -> np.ndarray:
    """Turn labels into a column of 0 and 1 for each class."""
    return (y[:, None] == np.unique(y)).astype(int)


def _mean_over_classes(
    of_one: Callable[[np.ndarray, np.ndarray], float], y: np.ndarray, ranking: np.ndarray
) -> float:
    """Average a score of a ranking over the classes, each against the rest."""
    return of_one(_indicate(y), ranking)


def _brier_of_many(y: np.ndarray, probability: np.ndarray) -> float:
    """Compute half the squared distance to the truth; with two classes it is the Brier score."""
    return float(np.mean(np.sum((_indicate(y) - probability) ** 2, axis=1)) / 2)


#: The scores by name. With more than two classes, scores of a single class are averaged over the
#: classes. The Brier score of a minority class is small, so its rope is smaller: if a tenth of the
#: series are of the class, a constant forecast of .1 scores .09.
SCORES = {
    "accuracy": Score("accuracy", accuracy_score, "decision", rope=None),
    "balanced_accuracy": Score("balanced accuracy", balanced_accuracy_score, "decision"),
    "f1": Score("F1", f1_score, "decision", of_many=partial(f1_score, average="macro")),
    "g_mean": Score("G-mean", geometric_mean_score, "decision"),
    "average_precision": Score(
        *("average precision", average_precision_score, "ranking"),
        of_many=partial(_mean_over_classes, average_precision_score),
    ),
    "roc_auc": Score(
        *("ROC AUC", roc_auc_score, "ranking"),
        of_many=partial(_mean_over_classes, roc_auc_score),
    ),
    "brier": Score(
        *("Brier score", brier_score_loss, "probability"),
        rope=0.002,
        greater_is_better=False,
        of_many=_brier_of_many,
    ),
}


def score(
    y: np.ndarray,
    decision: np.ndarray,
    ranking: np.ndarray | None = None,
    probability: np.ndarray | None = None,
) -> dict[str, float]:
    """Compute all scores; those whose kind of prediction is None are NaN.

    `y` and `decision` are True for series of the minority class (bool), or hold labels. With bool,
    `ranking` and `probability` have one value for each series, greater for the minority class. With
    labels, they have a column for each class, in sorted order. Clipped probabilities are tied at 0
    and 1, so pass the values before clipping as `ranking`.

    Examples
    --------
    >>> import numpy as np
    >>> y = np.array([False, False, False, True])
    >>> probability = np.array([0.1, 0.2, 0.6, 0.9])
    >>> found = score(y, probability > 0.5, probability, probability)
    >>> round(found["balanced_accuracy"], 3), found["average_precision"], round(found["f1"], 3)
    (0.833, 1.0, 0.667)
    """
    given = {"decision": decision, "ranking": ranking, "probability": probability}
    scores = {}
    for name, of in SCORES.items():
        prediction = given[of.takes]
        function = of.function if y.dtype == bool else of.of_many or of.function
        scores[name] = float("nan") if prediction is None else float(function(y, prediction))
    return scores
