"""The threshold of decision, tuned inside the training side."""

from __future__ import annotations

from typing import Any

import numpy as np
from sklearn.model_selection import StratifiedGroupKFold, StratifiedKFold

from ganbats_sampler.benchmark.protocols import Prepared

N_FOLDS = 3


def tune_threshold(classifier: Any, prepared: Prepared, seed: int) -> Any:
    """Fit a classifier, and choose its threshold for the best balanced accuracy.

    By cross-validation in three parts, by entity where each part then has both classes.
    """
    from sklearn.model_selection import TunedThresholdClassifierCV

    tuned = TunedThresholdClassifierCV(
        classifier,
        scoring="balanced_accuracy",
        response_method=(
            "decision_function" if hasattr(classifier, "decision_function") else "predict_proba"
        ),
        cv=_folds(prepared, seed),
        random_state=seed,
    )
    return tuned.fit(prepared.X_train, prepared.y_train)


def _folds(prepared: Prepared, seed: int) -> list[tuple[np.ndarray, np.ndarray]]:
    X, y, groups = prepared.X_train, prepared.y_train, prepared.groups_train
    if groups is not None and len(np.unique(groups[y])) >= N_FOLDS:
        by_entity = StratifiedGroupKFold(N_FOLDS, shuffle=True, random_state=seed)
        folds = list(by_entity.split(X, y, groups))
        if all(len(set(y[rows])) == 2 for fold in folds for rows in fold):
            return folds
    return list(StratifiedKFold(N_FOLDS, shuffle=True, random_state=seed).split(X, y))
