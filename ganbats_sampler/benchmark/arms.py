"""What can be done about a rare class: nothing, weights, a threshold, samplers, real series."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from sklearn.base import clone

from ganbats_sampler.benchmark.tasks import Split

#: Always among the arms: what a sampler has to beat, and what more real series would bring.
BASELINES = ("none", "class_weights", "tuned_threshold", "oracle")
#: What the note of an arm begins with if others stand in for the series of its GAN, or if they
#: are there although they should not be taken for a result.
FELL_BACK, NOT_PASSED = "fell back", "did not pass the watch"
#: How many series are added: as many as make the classes equal, or as many as there are.
AMOUNTS = ("balance", "double")


class NotApplicable(Exception):
    """An arm cannot be run on a task or with a classifier, and why; that is no failure."""


class Choice(NamedTuple):
    """What is chosen among, beside nothing and class weights, and by which score."""

    samplers: tuple[str, ...] = ("herded",)
    scoring: str = "balanced_accuracy"


@dataclass(frozen=True)
class Arm:
    """One way to deal with a rare class.

    Parameters
    ----------
    name : str
        As results name it.
    sampler : sampler object, default=None
        With ``fit_resample``; cloned, and its ``sampling_strategy`` and ``random_state`` are set.
        None adds no series.
    class_weight : {"balanced"} or None, default=None
        Of the classifier.
    tune_threshold : bool, default=False
        Choose the threshold of decision for the best balanced accuracy, by cross-validation inside
        the training side, by entity where there are enough.
    oracle : bool, default=False
        Add real series in place of synthetic ones.
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
        if self.oracle and self.sampler is not None:
            raise ValueError(f"Arm {self.name!r}: an oracle adds real series; leave sampler out.")
        if self.tune_threshold and (self.sampler is not None or self.oracle):
            raise ValueError(
                f"Arm {self.name!r}: a threshold is tuned on real series that were not trained on, "
                "so it does not go with added ones. Leave tune_threshold or the sampler out."
            )
        alone = self.sampler is None and not self.oracle and not self.tune_threshold
        if self.choice is not None and (not alone or self.class_weight is not None):
            raise ValueError(f"Arm {self.name!r}: what is to be chosen is not to be given as well.")


class Resampled(NamedTuple):
    """What an arm makes of the series to train on: the real ones first, and then those it adds.

    `note` says what is to be known of it: that a GAN failed and others stand in for its series.
    """

    X: np.ndarray
    y: np.ndarray
    n_added: int
    note: str = ""


def make_arms(
    arms: Iterable[str | Arm | tuple[str, Any]] | Mapping[str, Any],
) -> list[Arm]:
    """Make arms of names, samplers or both; the baselines come first, if they were not named.

    Parameters
    ----------
    arms : iterable of str, Arm or (str, sampler), or mapping of str to sampler
        Names are the baselines and those of :func:`~ganbats_sampler.samplers.get_sampler`, which
        with ``+class_weights`` after them add series and weigh classes as well; and ``"chosen"``
        and ``"chosen_by_ap"``, which choose among nothing, class weights and herded series.

    Raises
    ------
    ValueError
        If there is no such sampler, two arms have one name, or one that is a baseline's.
    TypeError
        If an arm is neither a name, an Arm nor a pair.
    """
    if isinstance(arms, str):
        raise TypeError(f"arms={arms!r} is one name; pass a list of them.")
    made = [_make_arm(arm) for arm in (arms.items() if isinstance(arms, Mapping) else arms)]
    names = [arm.name for arm in made]
    if taken := [arm.name for arm in made if arm.name in BASELINES and arm != _by_name(arm.name)]:
        raise ValueError(f"{taken} name the baselines {list(BASELINES)}; choose other names.")
    if twice := sorted({name for name in names if names.count(name) > 1}):
        raise ValueError(f"Several arms are called {twice}; give each a name of its own.")
    return [_by_name(name) for name in BASELINES if name not in names] + made


def _make_arm(arm: Any) -> Arm:
    if isinstance(arm, Arm):
        return arm
    if isinstance(arm, str):
        return _by_name(arm)
    if isinstance(arm, tuple) and len(arm) == 2 and hasattr(arm[1], "fit_resample"):
        return Arm(*arm)
    raise TypeError(f"An arm is a name, an Arm, or a name with a sampler; {arm!r} was given.")


def _by_name(name: str) -> Arm:
    plain = {
        "none": Arm("none"),
        "class_weights": Arm("class_weights", class_weight="balanced"),
        "tuned_threshold": Arm("tuned_threshold", tune_threshold=True),
        "oracle": Arm("oracle", oracle=True),
        "chosen": Arm("chosen", choice=Choice()),
        "chosen_by_ap": Arm("chosen_by_ap", choice=Choice(scoring="average_precision")),
    }
    if name in plain:
        return plain[name]
    from ganbats_sampler.samplers import get_sampler, get_sampler_names

    sampler, plus, weights = name.partition("+")
    if sampler not in get_sampler_names() or (plus and weights != "class_weights"):
        raise ValueError(
            f"There is no arm {name!r}. Arms are {list(plain)}, {get_sampler_names()}, and "
            "these last with +class_weights after them; others are passed as Arm(name, sampler)."
        )
    return Arm(name, get_sampler(sampler), class_weight="balanced" if plus else None)


def n_to_add(y: np.ndarray, amount: str) -> int:
    """Count the rare series to add: to balance, or to double, but no more than balance needs."""
    n_rare, n_others = int(y.sum()), int((~y).sum())
    to_balance = max(n_others - n_rare, 0)
    return to_balance if amount == "balance" else min(n_rare, to_balance)


def resample(arm: Arm, split: Split, amount: str, seed: int) -> Resampled:
    """Do to the training side of a split what the arm does.

    Raises
    ------
    NotApplicable
        If the arm is an oracle and too few real series are left.
    """
    X, y, n_new = split.X_train, split.y_train, n_to_add(split.y_train, amount)
    if n_new == 0 or (arm.sampler is None and not arm.oracle):
        return Resampled(X, y, 0)
    if arm.oracle:
        if len(split.X_reserve) < n_new:
            raise NotApplicable(
                f"the oracle would add {n_new} real series; {len(split.X_reserve)} are left"
            )
        added = np.ones(n_new, dtype=bool)
        return Resampled(
            np.concatenate([X, split.X_reserve[:n_new]]), np.concatenate([y, added]), n_new
        )
    sampler = _for_series(clone(arm.sampler))
    strategy = {True: int(y.sum()) + n_new}
    sampler.set_params(sampling_strategy=strategy)
    if "random_state" in sampler.get_params():
        sampler.set_params(random_state=seed)
    X_resampled, y_resampled = sampler.fit_resample(X, y)
    return Resampled(X_resampled, y_resampled, len(y_resampled) - len(y), _failure(sampler))


def _failure(sampler: Any) -> str:
    """Say what became of a GAN that the watch did not pass, or that was not trained."""
    failure = getattr(sampler, "failures_", {}).get(True, "")
    fell_back = True in getattr(sampler, "fallback_", {})
    return f"{FELL_BACK if fell_back else NOT_PASSED}: {failure}" if failure else ""


def _for_series(sampler: Any) -> Any:
    """Wrap a sampler of flat rows."""
    from ganbats_sampler.samplers import FlatSampler
    from ganbats_sampler.samplers.base import BaseSeriesOverSampler

    return sampler if isinstance(sampler, BaseSeriesOverSampler) else FlatSampler(sampler)
