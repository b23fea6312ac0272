"""Choices inside the training side: a decision threshold, and whether and how to resample."""

from __future__ import annotations

from typing import Any

import numpy as np
from sklearn.model_selection import StratifiedKFold

from ganbats_sampler.benchmark.methods import Choice, NotApplicable
from ganbats_sampler.benchmark.protocols import Prepared
from ganbats_sampler.model_selection import StratifiedFolds, resampling_search

N_FOLDS = 3


def inner_folds(prepared: Prepared, seed: int) -> list[tuple[np.ndarray, np.ndarray]]:
    """Split the training side into folds, by entity if every class is then in each fold."""
    X, y, groups = prepared.X_train, prepared.y_train, prepared.groups_train
    if groups is not None:
        by_group = StratifiedFolds(N_FOLDS, shuffle=True, random_state=seed)
        try:
            return list(by_group.split(X, y, groups))
        except ValueError:  # too few entities
            pass
    return list(StratifiedKFold(N_FOLDS, shuffle=True, random_state=seed).split(X, y))


def tune_threshold(classifier: Any, prepared: Prepared, seed: int) -> Any:
    """Fit a classifier, and choose its threshold for the best balanced accuracy."""
    from sklearn.model_selection import TunedThresholdClassifierCV

    _check_two_classes(prepared, "a threshold")
    decides = hasattr(classifier, "decision_function")
    tuned = TunedThresholdClassifierCV(
        classifier,
        scoring="balanced_accuracy",
        response_method="decision_function" if decides else "predict_proba",
        cv=inner_folds(prepared, seed),
        random_state=seed,
    )
    return tuned.fit(prepared.X_train, prepared.y_train)


def choose(classifier: Any, choice: Choice, prepared: Prepared, seed: int) -> Any:
    """Choose a method by cross-validation, and fit the classifier with it."""
    if choice.scoring == "average_precision":
        _check_two_classes(prepared, "a choice by average precision")
    search = resampling_search(
        classifier,
        choice.samplers,
        scoring=choice.scoring,
        cv=inner_folds(prepared, seed),
        random_state=seed,
    )
    return search.fit(prepared.X_train, prepared.y_train)


def _check_two_classes(prepared: Prepared, what: str) -> None:
    if prepared.y_train.dtype != bool:
        raise NotApplicable(f"{what} is for two classes")


def describe_choice(search: Any) -> str:
    """Describe the choice of a fitted search."""
    chosen = search.best_params_
    if chosen["resample"] == "passthrough":
        weighed = "balanced" in chosen.values()
        return f"chose {'class weights' if weighed else 'nothing'}"
    share = chosen["resample__sampling_strategy"].share
    return f"chose {type(chosen['resample']).__name__} up to {share:g}"
