"""Folds inside the training side, for what is chosen there."""

from __future__ import annotations

import numpy as np
from sklearn.model_selection import StratifiedGroupKFold, StratifiedKFold

from ganbats_sampler.benchmark.protocols import Prepared

N_FOLDS = 3


def inner_folds(prepared: Prepared, seed: int) -> list[tuple[np.ndarray, np.ndarray]]:
    """Split what is trained on in three, by entity where each part then has both classes."""
    X, y, groups = prepared.X_train, prepared.y_train, prepared.groups_train
    if groups is not None and len(np.unique(groups[y])) >= N_FOLDS:
        by_entity = StratifiedGroupKFold(N_FOLDS, shuffle=True, random_state=seed)
        folds = list(by_entity.split(X, y, groups))
        if all(len(set(y[rows])) == 2 for fold in folds for rows in fold):
            return folds
    return list(StratifiedKFold(N_FOLDS, shuffle=True, random_state=seed).split(X, y))
