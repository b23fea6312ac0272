"""Choosing what to do about a rare class: nothing, class weights, or which sampler and how much."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
from imblearn.pipeline import Pipeline
from sklearn.base import clone
from sklearn.model_selection import GridSearchCV, StratifiedGroupKFold

from ganbats_sampler.strategies import UpTo

__all__ = ["StratifiedFolds", "UpTo", "class_weight_parameters", "resampling_search"]

#: Folds of the search, where none are given.
N_FOLDS = 3


class StratifiedFolds(StratifiedGroupKFold):
    """Stratified folds, by group if there are groups, with every class on both sides of each."""

    def split(
        self, X: Any, y: Any = None, groups: Any = None
    ) -> Iterator[tuple[np.ndarray, np.ndarray]]:
        """Yield rows to train and to test on, or raise a ValueError if a class would be missing."""
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
    """Name the parameters for class weights: of the last step, or else of all nested parts."""
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
    """Make a search over what can be done about rare classes, scored on series left as they are.

    Its candidates are the classifier without class weights; with them, if it knows any; and each
    sampler, at each share, without. Series are resampled inside each training fold alone. Where a
    patient or a machine has several series, pass ``fit(X, y, groups=...)``.

    Parameters
    ----------
    classifier : classifier object
        A classifier of the rows that samplers return; a pipeline may start with a transformer of
        series. Class weights that it has been given are put aside.
    samplers : str, sampler object or sequence of both, default=("herded",)
        Names as of :func:`~ganbats_sampler.samplers.get_sampler`, or samplers.
    shares : float or sequence of float, default=(0.2, 0.5, 1.0)
        How much: up to which share of the largest class; see :class:`UpTo`.
    scoring : str or callable, default="balanced_accuracy"
        The score to choose by, as in scikit-learn. A score of decisions can often be had from a
        threshold instead (``TunedThresholdClassifierCV``).
    cv : int, splitter or iterable, default=None
        None stands for three stratified folds, shuffled, and by group if there are groups.
    n_jobs : int, default=None
        Fits at the same time.
    memory : str or joblib.Memory, default=None
        Where to keep what samplers return: another search, over other classifiers on the same data
        and folds, then trains no GAN again.
    random_state : int, default=0
        The seed of the samplers made by name, and of the folds.

    Returns
    -------
    GridSearchCV
        Not fitted. Once it is, ``best_params_`` says what was chosen, and it predicts with that.

    Raises
    ------
    ValueError
        If there is no such sampler, or a share is not above 0 and at most 1; and, when it is
        fitted without `cv`, if a class is not on both sides of every fold.

    Notes
    -----
    ``best_score_`` is of the folds that the choice was made on, and too good. Measure the choice on
    series that the search has not seen. With few minority-class series it is near to chance: the
    user guide has what was measured.

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
    from ganbats_sampler.samplers import get_sampler  # which need PyTorch

    if isinstance(samplers, str) or hasattr(samplers, "fit_resample"):
        samplers = [samplers]
    if isinstance(shares, (int, float)):
        shares = [shares]
    made = [
        get_sampler(one, random_state=random_state) if isinstance(one, str) else clone(one)
        for one in samplers
    ]
    weights = [f"classify__{name}" for name in class_weight_parameters(classifier)]
    without: dict[str, list] = {name: [None] for name in weights}
    grid: list[dict[str, list]] = [{"resample": ["passthrough"], **without}]
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
