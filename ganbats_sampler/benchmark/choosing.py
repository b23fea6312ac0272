"""What to do about a rare class, chosen inside the training side."""

from __future__ import annotations

from typing import Any

from ganbats_sampler.benchmark.arms import Choice
from ganbats_sampler.benchmark.folds import inner_folds
from ganbats_sampler.benchmark.protocols import Prepared
from ganbats_sampler.model_selection import resampling_search


def choose(classifier: Any, choice: Choice, prepared: Prepared, seed: int) -> Any:
    """Fit a classifier after what cross-validation in three parts chose."""
    search = resampling_search(
        classifier,
        choice.samplers,
        scoring=choice.scoring,
        cv=inner_folds(prepared, seed),
        random_state=seed,
    )
    return search.fit(prepared.X_train, prepared.y_train)


def tell_choice(search: Any) -> str:
    """Say what was chosen."""
    chosen = search.best_params_
    if chosen["resample"] == "passthrough":
        weighed = "balanced" in chosen.values()
        return f"chose {'class weights' if weighed else 'nothing'}"
    share = chosen["resample__sampling_strategy"].share
    return f"chose {type(chosen['resample']).__name__} up to {share:g}"
