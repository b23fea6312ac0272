"""The threshold of decision, tuned inside the training side."""

from __future__ import annotations

from typing import Any

from ganbats_sampler.benchmark.folds import inner_folds
from ganbats_sampler.benchmark.protocols import Prepared


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
        cv=inner_folds(prepared, seed),
        random_state=seed,
    )
    return tuned.fit(prepared.X_train, prepared.y_train)
