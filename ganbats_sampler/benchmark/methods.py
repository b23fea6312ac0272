"""Ways to deal with minority classes: nothing, weights, a threshold, samplers, real series."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from sklearn.base import clone

from ganbats_sampler.benchmark.names import as_list
from ganbats_sampler.benchmark.tasks import Split

#: Methods that cost nothing.
FREE = ("none", "class_weights", "tuned_threshold")
#: Real series in place of synthetic ones: nobody can choose it, but it is the most to hope for.
ORACLE = "oracle"
#: The methods that every benchmark includes.
BASELINES = (*FREE, ORACLE)
#: How the note of a method begins if recombined series replaced those of its GAN, or if the series
#: of a failed GAN are there.
FELL_BACK, FAILED_CHECKS = "fell back", "failed the checks"
#: How many series are added: as many as balance the classes, or as many as there are.
AMOUNTS = ("balance", "double")


class NotApplicable(Exception):
    """A method does not apply to a task or a classifier, for the reason given; not a failure."""


class Choice(NamedTuple):
    """The samplers to choose among, in addition to nothing and class weights, and the score."""

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
        ``random_state`` are set. None adds no series.
    class_weight : {"balanced"} or None, default=None
        The class weights of the classifier.
    tune_threshold : bool, default=False
        Whether to choose the decision threshold for the best balanced accuracy, by cross-validation
        inside the training side, by entity where there are enough.
    oracle : bool, default=False
        Whether to add real series in place of synthetic ones.
    choice : Choice, default=None
        Let cross-validation inside the training side choose what to do, for each classifier, by
        :func:`~ganbats_sampler.model_selection.resampling_search`.
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
                f"Method {self.name!r}: a threshold is tuned on real series that were not trained "
                "on, so it does not go with added ones. Leave tune_threshold or the sampler out."
            )
        alone = self.sampler is None and not self.oracle and not self.tune_threshold
        if self.choice is not None and (not alone or self.class_weight is not None):
            raise ValueError(
                f"Method {self.name!r}: leave out what the choice is to choose: sampler, "
                "class_weight, tune_threshold and oracle."
            )


class Resampled(NamedTuple):
    """The series to train on: the real ones first, and then the `n_added` that a method adds.

    `note` says that a GAN failed, and whether other series replace its own.
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
    """Make methods from names, samplers or both; baselines that are not named come first.

    Names are the baselines; those of :func:`~ganbats_sampler.samplers.get_sampler`, which with
    ``+class_weights`` appended add series and weigh classes as well; and ``"chosen"`` and
    ``"chosen_by_ap"``, which choose among nothing, class weights and herded series. Networks by
    name are not replaced by a fallback. It raises a ValueError for an unknown or repeated name, and
    a TypeError for what is no method.
    """
    made = [_make(method) for method in as_list(methods, Method)]
    names = [method.name for method in made]
    if taken := [m.name for m in made if m.name in BASELINES and m != _NAMED[m.name]]:
        raise ValueError(f"{taken} name the baselines {list(BASELINES)}; choose other names.")
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
        made.set_params(on_failure="warn")  # what is reported of a network is its own series
    return Method(name, made, class_weight="balanced" if plus else None)


def numbers_to_add(split: Split, amount: str) -> dict[Any, int]:
    """Count the series to add to each rare class: to balance it, or to double it at most."""
    labels, counts = np.unique(split.y_train, return_counts=True)
    sizes = dict(zip(labels.tolist(), counts.tolist(), strict=True))
    n_common = sizes.pop(split.common)
    to_balance = {label: max(n_common - n, 0) for label, n in sizes.items()}
    if amount == "double":
        return {label: min(sizes[label], n) for label, n in to_balance.items()}
    return to_balance


def resample(method: Method, split: Split, amount: str, seed: int) -> Resampled:
    """Apply a method to the training side of a split, or say that it is not applicable to it."""
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
    """Find real series of a rare class that were not drawn."""
    rows = np.flatnonzero(split.y_reserve == label)
    if len(rows) < n_new:
        raise NotApplicable(f"the oracle would add {n_new} real series; {len(rows)} are left")
    return rows[:n_new]


def _note(sampler: Any) -> str:
    """Say which networks failed the checks, or were not trained."""
    outcomes = getattr(sampler, "outcomes_", {})
    failed = {label: outcome for label, outcome in outcomes.items() if not outcome.passed}
    if not failed:
        return ""
    kind = FAILED_CHECKS if any(one.is_generated for one in failed.values()) else FELL_BACK
    if len(outcomes) == 1:
        return f"{kind}: {next(iter(failed.values())).reason}"
    reasons = "; ".join(f"{label}: {outcome.reason}" for label, outcome in failed.items())
    return f"{kind} in {len(failed)} of {len(outcomes)} classes: {reasons}"
