"""The base class of samplers that train a network to generate series."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Sequence
from dataclasses import replace
from numbers import Integral, Real
from os import PathLike
from pathlib import Path
from typing import Any

import numpy as np
from joblib import Parallel, delayed, effective_n_jobs
from sklearn.utils._param_validation import HasMethods, Interval, StrOptions
from sklearn.utils.validation import check_memory

from ganbats_sampler.adversarial.checkpoints import CheckpointFiles, compute_digest
from ganbats_sampler.adversarial.groups import TrainingGroup, group_all_classes, group_each_class
from ganbats_sampler.adversarial.training import Trained, Training, estimate_seconds, train
from ganbats_sampler.generators.outcomes import Outcome
from ganbats_sampler.generators.protocol import Generator
from ganbats_sampler.generators.trained import TrainedGenerator
from ganbats_sampler.samplers._hints import Memory, OnFailure
from ganbats_sampler.samplers.base import BaseSeriesOverSampler
from ganbats_sampler.samplers.registry import get_sampler
from ganbats_sampler.series import RangeScaler
from ganbats_sampler.warn import warn


class GenerationWarning(UserWarning):
    """A class has outliers or is too small to train on, or the training of its generator failed."""


class BaseNetworkSampler(BaseSeriesOverSampler):
    """Over-sample classes with networks, which are checked after training.

    A subclass implements ``__init__`` and :meth:`_training`.
    """

    _parameter_constraints: dict[str, Any] = {
        **BaseSeriesOverSampler._parameter_constraints,
        "max_epochs": [Interval(Integral, 1, None, closed="left"), None],
        "min_updates": [Interval(Integral, 0, None, closed="left")],
        "batch_size": [Interval(Integral, 2, None, closed="left")],
        "lr": [Interval(Real, 0, None, closed="neither"), None],
        "validation_fraction": [Interval(Real, 0, 1, closed="neither"), None],
        "on_failure": [StrOptions({"fallback", "raise", "warn"})],
        "checkpoint": [str, PathLike, None],
        "memory": [str, PathLike, HasMethods(["cache"]), None],
        "max_time": [Interval(Real, 0, None, closed="neither"), None],
        "warm_start": ["boolean"],
        "device": [str],
        "verbose": ["verbose"],
    }

    #: The end of the warning about outliers: how to keep them if they are correct.
    _to_keep_outliers: str = ""
    #: Only samplers that train several networks have this parameter.
    n_jobs: int | None = None
    # the parameters of all subclasses
    max_epochs: int | None
    min_updates: int | None
    batch_size: int
    lr: float | None
    validation_fraction: float | None
    on_failure: OnFailure
    checkpoint: str | PathLike[str] | None
    memory: Memory
    max_time: float | None
    warm_start: bool
    device: str
    verbose: bool | int

    @property
    def _conditional(self) -> bool:
        """Whether one network is trained on all classes. If False, one is trained on each class."""
        return False

    @property
    def _min_class_size(self) -> int:
        """The fewest series of a class that a network is trained on."""
        return 5

    @property
    def _robust_scaling(self) -> bool:
        """Whether outliers are left out of the range of each channel, and clipped to it."""
        return True

    @abstractmethod
    def _training(self, group: TrainingGroup) -> Training:
        """Return the training settings for a group."""

    def _second_training(self, group: TrainingGroup) -> Training:
        """Return the settings for the second attempt, which always uses a new seed."""
        return replace(self._training(group), change="from another seed")

    def _attempts(self, group: TrainingGroup) -> list[Training]:
        """List the settings of the attempts on a group, each made if the one before failed."""
        first = self._training(group)
        if self.on_failure == "warn":  # the user wants the series of this training as they are
            return [first]
        return [first, self._second_training(group)]

    def _groups(
        self, series: np.ndarray, y: np.ndarray, targets: list[Any], seeds: dict[Any, int]
    ) -> tuple[list[Any], list[TrainingGroup]]:
        """Return the classes that are large enough to train on, and the groups to train nets on."""
        trainable = [label for label in targets if np.sum(y == label) >= self._min_class_size]
        group = group_all_classes if self._conditional else group_each_class
        return trainable, group(series, y, trainable, seeds) if trainable else []

    def _fit_generators(
        self, series: np.ndarray, y: np.ndarray, targets: list[Any], seeds: dict[Any, int]
    ) -> dict[Any, Generator]:
        trainable, groups = self._groups(series, y, targets, seeds)
        if self._robust_scaling:
            for label in trainable:
                _warn_of_outliers(label, series[y == label], self._to_keep_outliers)
        works = [(one, self._attempts(one)) for one in groups]
        files = [self._checkpoint_files(*work) for work in works]
        trained: dict[Any, Trained] = {}
        max_time = self.max_time
        if max_time is not None and works:
            max_time *= min(effective_n_jobs(self.n_jobs), len(works)) / len(works)
        before = self._trained_before(series.shape[1:])
        for of_group in Parallel(n_jobs=self.n_jobs)(
            self._delayed_train(*work, of_work, max_time, before)
            for work, of_work in zip(works, files, strict=True)
        ):
            trained |= of_group
        if self.warm_start:
            self._last_trained = series.shape[1:], trained
        self.outcomes_ = {
            label: self._judge(label, int(np.sum(y == label)), trained.get(label))
            for label in targets
        }
        fallen = [label for label in targets if self.outcomes_[label].status == "fallback"]
        generators: dict[Any, Generator] = {}
        if fallen:
            generators = get_sampler("herded")._fit_generators(series, y, fallen, seeds)
        for label in targets:
            if label not in fallen:
                generators[label] = TrainedGenerator(trained[label])
        self.nets_ = {label: of_class.net for label, of_class in trained.items()}
        self.history_ = {label: of_class.history for label, of_class in trained.items()}
        for of_work in filter(None, files):
            of_work.remove()
        return generators

    def _delayed_train(
        self,
        group: TrainingGroup,
        attempts: list[Training],
        files: CheckpointFiles | None,
        max_time: float | None,
        before: dict[Any, Trained],
    ) -> Any:
        """Return a delayed call that trains on a group, or recalls its result from `memory`."""
        work = group, attempts, bool(self.verbose), files, max_time
        if self.memory is None:
            last = [before[label] for label in group.targets if label in before]
            nets = {id(of_class.net) for of_class in last if of_class.passed}
            goes_on = len(last) == len(group.targets) and len(nets) == 1
            return delayed(train)(*work, last[0] if goes_on else None)
        self._check_is_repeatable("memory", "find the networks of the first")
        memory = self.memory
        if isinstance(memory, str | PathLike):
            memory = str(Path(memory).expanduser())
        ignored = ["group", "trainings", "show_progress", "files", "max_time"]
        recalled = check_memory(memory).cache(train_once, ignore=ignored)
        return delayed(recalled)(compute_digest("memory", group, attempts, max_time), *work)

    def _trained_before(self, shape: tuple[int, ...]) -> dict[Any, Trained]:
        """Return the networks of the last fit, if this one continues from them."""
        if not self.warm_start:
            return {}
        if self.memory is not None or self.checkpoint is not None:
            raise ValueError(
                "warm_start=True was given with memory or checkpoint, which recall only trainings "
                "that started anew. Set warm_start=False, or set memory=None and checkpoint=None."
            )
        last_shape, trained = getattr(self, "_last_trained", (None, {}))
        return trained if last_shape == shape else {}

    def _checkpoint_files(
        self, group: TrainingGroup, attempts: list[Training]
    ) -> CheckpointFiles | None:
        """Name the files of a group, or return None without `checkpoint`."""
        if self.checkpoint is None:
            return None
        self._check_is_repeatable("checkpoint", "continue where the first stopped")
        return CheckpointFiles(self.checkpoint, group, attempts)

    def _check_is_repeatable(self, option: str, purpose: str) -> None:
        """Raise a ValueError if an option is useless because every call has a different seed."""
        if not isinstance(self.random_state, Integral):
            raise ValueError(
                f"{option} was given with random_state={self.random_state!r}: a second call would "
                f"not {purpose}. Set random_state to an int."
            )

    def _probe(
        self, series: np.ndarray, y: np.ndarray, targets: list[Any], seeds: dict[Any, int]
    ) -> tuple[float, dict[Any, Generator]]:
        trainable, groups = self._groups(series, y, targets, seeds)
        generators: dict[Any, Generator] = {}
        if fallen := [label for label in targets if label not in trainable]:
            generators = get_sampler("herded")._fit_generators(series, y, fallen, seeds)
        seconds = 0.0
        for group in groups:
            of_group, trained = estimate_seconds(group, self._training(group))
            seconds += of_group
            generators |= {label: TrainedGenerator(one) for label, one in trained.items()}
        seconds /= max(min(effective_n_jobs(self.n_jobs), len(groups)), 1)
        return min(seconds, self.max_time or seconds), generators

    def _judge(self, label: Any, n_real: int, trained: Trained | None) -> Outcome:
        """Return the outcome for a class, and warn or raise an error as `on_failure` says."""
        if trained is None:
            reason = (
                f"the class has {n_real} series, fewer than the "
                f"{self._min_class_size} that a generator needs"
            )
        elif trained.passed:
            retrained = f"{trained.message}; trained again {trained.change}"
            return Outcome("retrained", retrained) if trained.failures else Outcome("trained")
        elif self.on_failure == "raise":
            raise RuntimeError(
                f"Class {label!r}: {trained.message}. "
                'Change lr or min_updates, or use on_failure="fallback".'
            )
        elif self.on_failure == "warn" and trained.failures[-1].kind != "diverged":
            warn(
                f"Class {label!r}: {trained.message}. Its series are returned because of "
                'on_failure="warn"; do not report results with them.',
                GenerationWarning,
            )
            return Outcome("failed", trained.message)
        else:
            reason = trained.message
        warn(
            f"Class {label!r}: {reason}. Its synthetic series are recombined from real ones "
            "instead.",
            GenerationWarning,
        )
        return Outcome("fallback", reason)


def train_once(
    digest: str,
    group: TrainingGroup,
    trainings: Sequence[Training],
    show_progress: bool,
    files: CheckpointFiles | None,
    max_time: float | None,
) -> dict[Any, Trained]:
    """Train on a group; joblib recalls the result by `digest`, a hash of all that it depends on."""
    return train(group, trainings, show_progress, files, max_time)


def _warn_of_outliers(label: Any, series: np.ndarray, to_keep: str) -> None:
    """Warn if robust scaling clips values of a class."""
    robust = RangeScaler.fit_robust(series)
    beyond = (series < robust.low) | (series > robust.high)
    if not beyond.any():
        return
    channel = int(np.flatnonzero(beyond.any(axis=(0, 2)))[0])
    low, high = robust.low[channel, 0], robust.high[channel, 0]
    worst = series[:, channel][beyond[:, channel]]
    warn(
        f"Class {label!r}: {int(beyond.any(axis=(1, 2)).sum())} of {len(series)} series have "
        f"values far beyond those of the others, such as {worst[np.abs(worst).argmax()]:.3g} in "
        f"channel {channel}, where the others lie between {low:.3g} and {high:.3g}. The networks "
        f"are trained with these values clipped. Check them for sensor faults{to_keep}.",
        GenerationWarning,
    )
