"""The scores of a classifier that looks for a rare class."""

from __future__ import annotations

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

#: Scores of what a classifier decides.
OF_DECISION = {
    "accuracy": accuracy_score,
    "balanced_accuracy": balanced_accuracy_score,
    "f1": f1_score,
    "g_mean": geometric_mean_score,
}
#: Scores of the order it puts series in.
OF_ORDER = {
    "average_precision": average_precision_score,
    "roc_auc": roc_auc_score,
}
#: Of Brier's, which is of how sure it is, less is better.
SCORES = [*OF_DECISION, *OF_ORDER, "brier"]


def score(
    y: np.ndarray, predicted: np.ndarray, probability: np.ndarray, ranking: np.ndarray | None = None
) -> dict[str, float]:
    """Compute all scores.

    Parameters
    ----------
    y : ndarray of shape (n_samples,), bool
        Whether each series is of the rare class.
    predicted : ndarray of shape (n_samples,), bool
        Whether the classifier says so.
    probability : ndarray of shape (n_samples,)
        How probable it takes it to be, from 0 to 1.
    ranking : ndarray of shape (n_samples,), default=None
        What it orders series by, the greater the rarer; None for the probability. Where
        probabilities are cut off at 0 and 1, series beyond would else be tied.

    Returns
    -------
    dict of str to float

    Examples
    --------
    >>> import numpy as np
    >>> y = np.array([False, False, False, True])
    >>> found = score(y, np.array([False, False, True, True]), np.array([0.1, 0.2, 0.6, 0.9]))
    >>> round(found["balanced_accuracy"], 3), found["average_precision"], round(found["f1"], 3)
    (0.833, 1.0, 0.667)
    """
    decided = {name: float(metric(y, predicted)) for name, metric in OF_DECISION.items()}
    ranking = probability if ranking is None else ranking
    ordered = {name: float(metric(y, ranking)) for name, metric in OF_ORDER.items()}
    return decided | ordered | {"brier": float(brier_score_loss(y, probability))}
