"""Methods for minority classes: none, class weights, a threshold, samplers, real series."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from sklearn.base import clone

from ganbats_sampler.benchmark.names import as_list
from ganbats_sampler.benchmark.tasks import Split

#: Methods that generate nothing.
FREE = ("none", "class_weights", "tuned_threshold")
#: The method that adds real series in place of synthetic ones: an upper bound for samplers.
ORACLE = "oracle"
#: The methods that every benchmark includes.
BASELINES = (*FREE, ORACLE)
#: The first words of the note on a run whose network failed: other series replaced those of the
#: network, or its own series were used.
FELL_BACK, FAILED_CHECKS = "fell back", "failed the checks"
#: How many series to add: enough to balance the classes, or at most enough to double a class.
AMOUNTS = ("balance", "double")


class NotApplicable(Exception):
    """Raised if a method does not apply to a task or a classifier; the run is then skipped."""


class Choice(NamedTuple):
    """The samplers to choose among, and the score to choose by.

    No resampling and class weights are always among the candidates.
    """

    samplers: tuple[str, ...] = ("herded",)
    scoring: str = "balanced_accuracy"


@dataclass(frozen=True)
class Method:
    """One way to deal with minority classes.

    Parameters
    ----------
    name : str
        The name in the results.
    sampler : sampler object, default=None
        An object with ``fit_resample``. It is cloned, and its ``sampling_strategy`` and
        ``random_state`` are set. None means that no synthetic series are added.
    class_weight : {"balanced"} or None, default=None
        The class weights of the classifier.
    tune_threshold : bool, default=False
        Whether to choose the decision threshold for the best balanced accuracy. The threshold is
        chosen by cross-validation inside the training side, split by entity if enough entities
        have each class.
    oracle : bool, default=False
        Whether to add real series in place of synthetic ones.
    choice : Choice, default=None
        The samplers and the score of a search. For each classifier,
        :func:`~ganbats_sampler.model_selection.resampling_search` chooses by cross-validation
        inside the training side. None means no search.

    Raises
    ------
    TypeError
        If `sampler` has no ``fit_resample``, or is a class.
    ValueError
        If two parameters exclude each other.
    """

    name: str
    sampler: Any = None
    class_weight: str | None = None
    tune_threshold: bool = False
    oracle: bool = False
    choice: Choice | None = None

    def __post_init__(self) -> None:
        if self.sampler is not None and (
            isinstance(self.sampler, type) or not hasattr(self.sampler, "fit_resample")
        ):
            raise TypeError(
                f"Method {self.name!r}: sampler={self.sampler!r} was given; pass an object with "
                "fit_resample, such as HerdedSampler()."
            )
        if self.oracle and self.sampler is not None:
            raise ValueError(
                f"Method {self.name!r}: an oracle adds real series; leave sampler out."
            )
        if self.tune_threshold and (self.sampler is not None or self.oracle):
            raise ValueError(
                f"Method {self.name!r}: a threshold is tuned on real series, so it cannot be "
                "combined with added ones. Leave out tune_threshold, or sampler and oracle."
            )
        alone = self.sampler is None and not self.oracle and not self.tune_threshold
        if self.choice is not None and (not alone or self.class_weight is not None):
            raise ValueError(
                f"Method {self.name!r}: choice selects what to do; leave out sampler, "
                "class_weight, tune_threshold and oracle."
            )


class Resampled(NamedTuple):
    """The training series: first the real ones, then the `n_added` series that a method added.

    If a network failed, `note` gives the reason and says whether other series replace its own.
    """

    X: np.ndarray
    y: np.ndarray
    n_added: int
    note: str = ""


_NAMED = {
    method.name: method
    for method in (
        Method("none"),
        Method("class_weights", class_weight="balanced"),
        Method("tuned_threshold", tune_threshold=True),
        Method("oracle", oracle=True),
        Method("chosen", choice=Choice()),
        Method("chosen_by_ap", choice=Choice(scoring="average_precision")),
    )
}


def make_methods(
    methods: str | Method | Iterable[Any] | Mapping[str, Any],
) -> list[Method]:
    """Make methods from names, samplers or both. Baselines that are not named come first.

    A name is one of:

    - a baseline;
    - a name of :func:`~ganbats_sampler.samplers.get_sampler`, to which ``+class_weights`` can be
      appended to use class weights as well;
    - ``"chosen"`` or ``"chosen_by_ap"``, which choose among no resampling, class weights and
      `HerdedSampler` by balanced accuracy or average precision.

    A network that is made by name keeps its own series even if they fail the checks. Raises a
    ValueError for an unknown or repeated name, and a TypeError for an object that is no method.
    """
    made = [_make(method) for method in as_list(methods, Method)]
    names = [method.name for method in made]
    if taken := [m.name for m in made if m.name in BASELINES and m != _NAMED[m.name]]:
        raise ValueError(f"{taken} are names of the baselines {list(BASELINES)}; choose others.")
    if twice := sorted({name for name in names if names.count(name) > 1}):
        raise ValueError(f"Several methods are called {twice}; give each a name of its own.")
    return [_NAMED[name] for name in BASELINES if name not in names] + made


def _make(method: Any) -> Method:
    if isinstance(method, Method):
        return method
    if isinstance(method, str):
        return _NAMED[method] if method in _NAMED else _by_name(method)
    if isinstance(method, tuple) and len(method) == 2 and isinstance(method[0], str):
        return Method(*method)
    raise TypeError(
        f"A method is a name, a Method, or a name with a sampler; got {method!r}. Name a sampler "
        'of your own, as in {"mine": sampler}.'
    )


def _by_name(name: str) -> Method:
    from ganbats_sampler.samplers import get_sampler, get_sampler_names

    sampler, plus, weights = name.partition("+")
    if sampler not in get_sampler_names() or (plus and weights != "class_weights"):
        raise ValueError(
            f"There is no method {name!r}. Methods are {list(_NAMED)}, {get_sampler_names()}, and "
            "the latter with +class_weights appended; pass others as Method(name, sampler)."
        )
    made = get_sampler(sampler)
    if "on_failure" in made.get_params(deep=False):
        made.set_params(on_failure="warn")  # score the network's own series
    return Method(name, made, class_weight="balanced" if plus else None)


def numbers_to_add(split: Split, amount: str) -> dict[Any, int]:
    """Compute how many series to add to each minority class, to balance or at most double it."""
    labels, counts = np.unique(split.y_train, return_counts=True)
    sizes = dict(zip(labels.tolist(), counts.tolist(), strict=True))
    n_common = sizes.pop(split.common)
    to_balance = {label: max(n_common - n, 0) for label, n in sizes.items()}
    if amount == "double":
        return {label: min(sizes[label], n) for label, n in to_balance.items()}
    return to_balance


def resample(method: Method, split: Split, amount: str, seed: int) -> Resampled:
    """Apply a method to the training side of a split, or raise `NotApplicable`."""
    X, y, wanted = split.X_train, split.y_train, numbers_to_add(split, amount)
    if not any(wanted.values()) or (method.sampler is None and not method.oracle):
        return Resampled(X, y, 0)
    if method.oracle:
        rows = np.concatenate([_take_reserve(split, *item) for item in wanted.items()])
        added = split.X_reserve[rows], split.y_reserve[rows]
        return Resampled(np.concatenate([X, added[0]]), np.append(y, added[1]), len(rows))
    from ganbats_sampler.samplers.registry import as_series_sampler

    sampler = as_series_sampler(clone(method.sampler))
    sizes = {label: int(np.sum(y == label)) + n for label, n in wanted.items()}
    sampler.set_params(sampling_strategy=sizes)
    if "random_state" in sampler.get_params():
        sampler.set_params(random_state=seed)
    X_resampled, y_resampled = sampler.fit_resample(X, y)
    return Resampled(X_resampled, y_resampled, len(y_resampled) - len(y), _note(sampler))


def _take_reserve(split: Split, label: Any, n_new: int) -> np.ndarray:
    """Return the row numbers of reserve series to add to a minority class."""
    rows = np.flatnonzero(split.y_reserve == label)
    if len(rows) < n_new:
        raise NotApplicable(f"the oracle would add {n_new} real series; {len(rows)} are left")
    return rows[:n_new]


def _note(sampler: Any) -> str:
    """Describe the networks that failed the checks or were not trained; empty if there are none."""
    outcomes = getattr(sampler, "outcomes_", {})
    failed = {label: outcome for label, outcome in outcomes.items() if not outcome.passed}
    if not failed:
        return ""
    kind = FAILED_CHECKS if any(one.is_generated for one in failed.values()) else FELL_BACK
    if len(outcomes) == 1:
        return f"{kind}: {next(iter(failed.values())).reason}"
    reasons = "; ".join(f"{label}: {outcome.reason}" for label, outcome in failed.items())
    return f"{kind} in {len(failed)} of {len(outcomes)} classes: {reasons}"
