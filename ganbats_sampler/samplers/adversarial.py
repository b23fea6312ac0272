"""The base of samplers whose generators are trained against a discriminator."""

from __future__ import annotations

import warnings
from abc import abstractmethod
from dataclasses import replace
from numbers import Integral, Real
from typing import Any

import numpy as np
from joblib import Parallel, delayed
from sklearn.utils._param_validation import Interval, StrOptions

from ganbats_sampler.adversarial.recipes import Recipe
from ganbats_sampler.recombination import Arc
from ganbats_sampler.samplers.base import BaseSeriesOverSampler, SeriesGenerator
from ganbats_sampler.samplers.groups import TrainingGroup, group_each_class
from ganbats_sampler.samplers.recombination import RecombinedGenerator
from ganbats_sampler.samplers.training import (
    TrainedGenerator,
    Training,
    resolve_device,
    train,
)
from ganbats_sampler.transforms import TimeWarp


class GenerationWarning(UserWarning):
    """A class was too small to train on, or the training of its generator failed."""


class BaseAdversarialSampler(BaseSeriesOverSampler):
    """Over-sample classes with generators that are trained against a discriminator.

    A subclass writes ``__init__``, :meth:`_networks` and :meth:`_recipe`; one that trains a net on
    several classes at once also :meth:`_groups`.
    """

    _parameter_constraints: dict = {
        **BaseSeriesOverSampler._parameter_constraints,
        "max_epochs": [Interval(Integral, 1, None, closed="left")],
        "min_updates": [Interval(Integral, 0, None, closed="left")],
        "batch_size": [Interval(Integral, 2, None, closed="left")],
        "lr": [Interval(Real, 0, None, closed="neither")],
        "validation_fraction": [Interval(Real, 0, 1, closed="neither"), None],
        "min_class_size": [Interval(Integral, 2, None, closed="left")],
        "on_failure": [StrOptions({"fallback", "raise", "warn"})],
        "device": [str],
        "n_jobs": [Integral, None],
        "verbose": ["verbose"],
    }

    def __init__(
        self,
        *,
        sampling_strategy,
        n_channels,
        max_epochs,
        min_updates,
        batch_size,
        lr,
        validation_fraction,
        min_class_size,
        on_failure,
        drop,
        device,
        n_jobs,
        random_state,
        verbose,
    ):
        super().__init__(sampling_strategy=sampling_strategy)
        self.n_channels = n_channels
        self.max_epochs = max_epochs
        self.min_updates = min_updates
        self.batch_size = batch_size
        self.lr = lr
        self.validation_fraction = validation_fraction
        self.min_class_size = min_class_size
        self.on_failure = on_failure
        self.drop = drop
        self.device = device
        self.n_jobs = n_jobs
        self.random_state = random_state
        self.verbose = verbose

    @abstractmethod
    def _networks(self, n_classes: int) -> dict[str, Any]:
        """Name the two modules and their parameters, as :class:`AdversarialNet` takes them.

        `n_classes` is the number of classes in a training group.
        """

    @abstractmethod
    def _recipe(self) -> Recipe:
        """Say how they are trained."""

    def _groups(
        self, series: np.ndarray, y: np.ndarray, targets: list, seeds: dict[Any, int]
    ) -> list[TrainingGroup]:
        """Group the series that a net is trained on: each class by itself."""
        return group_each_class(series, y, targets, seeds)

    def _training(self, n_classes: int) -> Training:
        """Put together how a net for a group of so many classes is trained."""
        return Training(
            recipe=self._recipe(),
            net_options={
                **self._networks(n_classes),
                "lr": self.lr,
                "device": resolve_device(self.device),
            },
            batch_size=self.batch_size,
            max_epochs=self.max_epochs,
            min_updates=self.min_updates,
            validation_fraction=self.validation_fraction,
        )

    def _retry(self, training: Training) -> Training:
        """Change what is to be other in the second attempt; its seed is another anyway."""
        return replace(training, retry="from another seed")

    def _attempts(self, n_classes: int) -> list[Training]:
        """List the trainings of a group, of which each follows on the failure of the one before."""
        training = self._training(n_classes)
        if self.on_failure == "warn":  # what comes out is wanted as it is
            return [training]
        training = replace(training, stop_on_collapse=True)
        return [training, self._retry(training)]

    def _fit_generators(
        self, series: np.ndarray, y: np.ndarray, targets: list, seeds: dict[Any, int]
    ) -> dict[Any, SeriesGenerator]:
        sizes = {label: int(np.sum(y == label)) for label in targets}
        trainable = [label for label in targets if sizes[label] >= self.min_class_size]
        groups = self._groups(series, y, trainable, seeds) if trainable else []
        trained: dict[Any, TrainedGenerator] = {}
        for of_group in Parallel(n_jobs=self.n_jobs)(
            delayed(train)(group, self._attempts(group.n_classes), bool(self.verbose))
            for group in groups
        ):
            trained.update(of_group)
        fallback: dict[Any, str] = {}
        generators = {
            label: self._accept(label, series[y == label], trained.get(label), fallback)
            for label in targets
        }
        self.nets_ = {label: generator.net for label, generator in trained.items()}
        self.history_ = {label: generator.history for label, generator in trained.items()}
        self.fallback_ = fallback
        self.failures_ = fallback | {
            label: generator.attempts
            for label, generator in trained.items()
            if generator.failure is not None
        }
        self.retrained_ = {
            label: f"{generator.attempts}; trained again {generator.retry}"
            for label, generator in trained.items()
            if generator.failure is None and generator.first_failure is not None
        }
        return generators

    def _accept(
        self,
        label: Any,
        series: np.ndarray,
        trained: TrainedGenerator | None,
        fallback: dict[Any, str],
    ) -> SeriesGenerator:
        """Pass a trained generator on; do with a failed or missing one what `on_failure` says.

        Where that is to fall back, the reason is left in `fallback`.
        """
        if trained is None:
            fallback[label] = (
                f"the class has {len(series)} series, fewer than min_class_size="
                f"{self.min_class_size}, too few for a generator"
            )
            return _fall_back(label, series, fallback[label])
        failure = trained.failure
        if failure is None:
            return trained
        if self.on_failure == "raise":
            raise RuntimeError(
                f"Class {label!r}: {trained.attempts}. "
                'Change lr or min_updates, or use on_failure="fallback".'
            )
        if self.on_failure == "warn" and failure.kind != "diverged":
            warnings.warn(
                f'Class {label!r}: {failure.message}. Its series are returned as on_failure="warn" '
                "asks; do not take them for a result.",
                GenerationWarning,
                stacklevel=2,
            )
            return trained
        fallback[label] = trained.attempts
        return _fall_back(label, series, fallback[label])


def _fall_back(label: Any, series: np.ndarray, problem: str) -> SeriesGenerator:
    warnings.warn(
        f"Class {label!r}: {problem}. Its synthetic series are recombined of real ones and "
        "warped in time instead.",
        GenerationWarning,
        stacklevel=2,
    )
    return RecombinedGenerator(series, series[:0], Arc(), [TimeWarp(smooth=True)])
