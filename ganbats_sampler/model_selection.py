"""Choose by cross-validation: no resampling, class weights, or which sampler and how much."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
from imblearn.pipeline import Pipeline
from sklearn.base import clone
from sklearn.model_selection import GridSearchCV, StratifiedGroupKFold

from ganbats_sampler.strategies import UpTo

__all__ = ["StratifiedFolds", "UpTo", "class_weight_parameters", "resampling_search"]

#: The number of folds of the search by default.
N_FOLDS = 3


class StratifiedFolds(StratifiedGroupKFold):
    """Stratified folds, by group if groups are given, with every class on both sides of each."""

    def split(
        self, X: Any, y: Any = None, groups: Any = None
    ) -> Iterator[tuple[np.ndarray, np.ndarray]]:
        """Yield training and test rows, or raise a ValueError if a class would be missing."""
        y, own = np.asarray(y), np.arange(len(y)) if groups is None else np.asarray(groups)
        labels = np.unique(y)
        counts = {label: len(np.unique(own[y == label])) for label in labels.tolist()}
        folds = []
        if min(counts.values()) >= self.n_splits:
            folds = list(super().split(X, y, own))
        if not folds or any(len(np.unique(y[side])) < len(labels) for f in folds for side in f):
            what = "series" if groups is None else "groups"
            raise ValueError(
                f"Not all of {self.n_splits} folds would have series of each class on both sides: "
                f"classes have {counts} {what}. Pass cv= with fewer folds, or one that fits your "
                "data."
            )
        return iter(folds)


def class_weight_parameters(classifier: Any) -> list[str]:
    """List the class-weight parameters of the last step or, if it has none, of its nested parts."""
    prefix = ""
    while getattr(classifier, "steps", None):
        name, classifier = classifier.steps[-1]
        prefix += f"{name}__"
    names = classifier.get_params()
    if "class_weight" in names:
        return [f"{prefix}class_weight"]
    return [f"{prefix}{name}" for name in names if name.endswith("__class_weight")]


def resampling_search(
    classifier: Any,
    samplers: Any = ("herded",),
    *,
    shares: float | Sequence[float] = (0.2, 0.5, 1.0),
    scoring: Any = "balanced_accuracy",
    cv: Any = None,
    n_jobs: int | None = None,
    memory: Any = None,
    random_state: int = 0,
) -> GridSearchCV:
    """Make a grid search over no resampling, class weights, and samplers at several amounts.

    The search compares the classifier as it is, with class weights if it has them, and with each
    sampler at each share. Only the training folds are resampled; the scores are from real series.
    If a patient or a machine has several series, pass ``fit(X, y, groups=...)``.

    Parameters
    ----------
    classifier : classifier object
        A classifier of the rows that samplers return, or a pipeline that starts with a transformer
        of series. The search replaces its class weights.
    samplers : str, sampler object or sequence of both, default=("herded",)
        Names of :func:`~ganbats_sampler.samplers.get_sampler`, or samplers.
    shares : float or sequence of float, default=(0.2, 0.5, 1.0)
        The amounts to try. Every smaller class is over-sampled up to this share of the largest; see
        :class:`UpTo`.
    scoring : str or callable, default="balanced_accuracy"
        The score to choose by, as in scikit-learn. A tuned threshold
        (``TunedThresholdClassifierCV``) can often improve a score of decisions without resampling.
    cv : int, splitter or iterable, default=None
        The folds. None means three shuffled stratified folds, by group if groups are given.
    n_jobs : int, default=None
        The number of parallel fits, through joblib. None means 1.
    memory : str or joblib.Memory, default=None
        The folder of a cache of resampled rows. A later search over other classifiers, on the same
        data and folds, then trains no GAN again. None keeps nothing.
    random_state : int, default=0
        The seed of the samplers made by name, and of the folds.

    Returns
    -------
    GridSearchCV
        The search, not fitted. After fitting, ``best_params_`` is the choice, and the search
        predicts with it.

    Raises
    ------
    ValueError
        If there is no such sampler, or a share is not above 0 and at most 1. Fitting without `cv`
        raises it if a class is not on both sides of every fold. Fitting also raises every error of
        a sampler or a classifier.

    Notes
    -----
    ``best_score_`` is too high, because it is from the folds that the choice was made on. Measure
    the choice on series that the search has not seen. With few minority-class series, the choice is
    close to chance; see :ref:`amounts_results`.

    Examples
    --------
    >>> import numpy as np
    >>> from sklearn.linear_model import LogisticRegression
    >>> from ganbats_sampler.model_selection import resampling_search
    >>> rng = np.random.default_rng(0)
    >>> X, y = rng.normal(size=(66, 12)), np.repeat([False, True], [60, 6])
    >>> X[y] += 1
    >>> search = resampling_search(LogisticRegression(), shares=[0.5]).fit(X, y)
    >>> len(search.cv_results_["params"])
    3
    """
    from ganbats_sampler.samplers import get_sampler  # needs PyTorch

    if isinstance(samplers, str) or hasattr(samplers, "fit_resample"):
        samplers = [samplers]
    if isinstance(shares, (int, float)):
        shares = [shares]
    made = [
        get_sampler(one, random_state=random_state) if isinstance(one, str) else clone(one)
        for one in samplers
    ]
    weights = [f"classify__{name}" for name in class_weight_parameters(classifier)]
    without: dict[str, list[Any]] = {name: [None] for name in weights}
    grid: list[dict[str, list[Any]]] = [{"resample": ["passthrough"], **without}]
    if weights:
        grid.append({"resample": ["passthrough"], **{name: ["balanced"] for name in weights}})
    if made:
        strategies = [UpTo(share) for share in shares]
        grid.append({"resample": made, "resample__sampling_strategy": strategies, **without})
    if cv is None:
        cv = StratifiedFolds(N_FOLDS, shuffle=True, random_state=random_state)
    pipeline = Pipeline(
        [("resample", "passthrough"), ("classify", clone(classifier))], memory=memory
    )
    return GridSearchCV(pipeline, grid, scoring=scoring, cv=cv, n_jobs=n_jobs, error_score="raise")
