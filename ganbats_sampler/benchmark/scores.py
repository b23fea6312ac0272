"""The scores of a classifier that looks for rare classes."""

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
    """A score, and which difference in it matters.

    Attributes
    ----------
    title : str
        The name in words.
    function : callable
        ``(y, prediction) -> float`` for two classes, False and True.
    takes : {"decision", "ranking", "probability"}
        The kind of prediction that it is computed from.
    rope : float or None
        Half the width of the region of practical equivalence: a smaller difference does not matter.
        None for accuracy, which gets no verdict because ignoring the minority class maximises it.
    greater_is_better : bool
        Whether a greater value is better.
    of_many : callable or None
        The same as `function` for more than two classes: `y` and a decision hold labels, and a
        ranking or a probability has a column for each class, in sorted order. None if it is the
        same function.
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
    """Half the squared distance to the truth, which is the Brier score where there are two."""
    return float(np.mean(np.sum((_indicate(y) - probability) ** 2, axis=1)) / 2)


#: The scores by name. Those of a single class are averaged over more than two classes. The Brier
#: score of a minority class is small as a whole (a constant forecast of a tenth has .09 where a
#: tenth are of the class), so its region is narrower.
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
    """Compute all scores, which are NaN for what the classifier does not have.

    `y` and `decision` say whether each series is of the minority class (bool), or name its class.
    `ranking` orders series, and is greater for that class; for named classes it has a column for
    each, in sorted order, and so has `probability`. Probabilities that are clipped at 0 and 1 have
    ties there, so the values before clipping are preferable.

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
