"""The scores of a classifier that looks for a minority class."""

from __future__ import annotations

from collections.abc import Callable
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
        ``(y, prediction) -> float``.
    takes : {"decision", "ranking", "probability"}
        What it is computed from.
    rope : float or None
        Half the width of the region of practical equivalence: a smaller difference does not matter.
        None for accuracy, which gets no verdict because ignoring the minority class maximises it.
    greater_is_better : bool
        Whether a greater value is better.
    """

    title: str
    function: Callable[[np.ndarray, np.ndarray], float]
    takes: str
    rope: float | None = 0.01
    greater_is_better: bool = True


#: The scores by name. The Brier score of a minority class is small as a whole (a constant forecast
#: of a tenth has .09 where a tenth are of the class), so its region is narrower.
SCORES = {
    "accuracy": Score("accuracy", accuracy_score, "decision", rope=None),
    "balanced_accuracy": Score("balanced accuracy", balanced_accuracy_score, "decision"),
    "f1": Score("F1", f1_score, "decision"),
    "g_mean": Score("G-mean", geometric_mean_score, "decision"),
    "average_precision": Score("average precision", average_precision_score, "ranking"),
    "roc_auc": Score("ROC AUC", roc_auc_score, "ranking"),
    "brier": Score("Brier score", brier_score_loss, "probability", 0.002, greater_is_better=False),
}


def score(
    y: np.ndarray,
    decision: np.ndarray,
    ranking: np.ndarray | None = None,
    probability: np.ndarray | None = None,
) -> dict[str, float]:
    """Compute all scores, which are NaN for what the classifier does not have.

    `y` and `decision` say whether each series is of the minority class. `ranking` orders series,
    and is greater for that class. Probabilities that are clipped at 0 and 1 have ties there, so the
    values before clipping are preferable.

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
        scores[name] = float("nan") if prediction is None else float(of.function(y, prediction))
    return scores
