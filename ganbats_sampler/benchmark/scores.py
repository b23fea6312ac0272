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
#: Scores of how it ranks series, or how sure it is. Of Brier's, less is better.
OF_PROBABILITY = {
    "average_precision": average_precision_score,
    "roc_auc": roc_auc_score,
    "brier": brier_score_loss,
}
SCORES = [*OF_DECISION, *OF_PROBABILITY]


def score(y: np.ndarray, predicted: np.ndarray, probability: np.ndarray) -> dict[str, float]:
    """Compute all scores.

    Parameters
    ----------
    y : ndarray of shape (n_samples,), bool
        Whether each series is of the rare class.
    predicted : ndarray of shape (n_samples,), bool
        Whether the classifier says so.
    probability : ndarray of shape (n_samples,)
        How probable it takes it to be, from 0 to 1.

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
    return decided | {
        name: float(metric(y, probability)) for name, metric in OF_PROBABILITY.items()
    }
