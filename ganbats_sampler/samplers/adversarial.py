"""The base of samplers whose generators are trained against a discriminator."""

from __future__ import annotations

import warnings
from abc import abstractmethod
from numbers import Integral, Real
from typing import Any

import numpy as np
from imblearn.over_sampling.base import BaseOverSampler
from joblib import Parallel, delayed
from sklearn.utils._param_validation import Interval, StrOptions

from ganbats_sampler.adversarial.recipes import RECIPES, Recipe
from ganbats_sampler.samplers.base import BaseSeriesOverSampler, SeriesGenerator
from ganbats_sampler.samplers.training import TrainedGenerator, Training, resolve_device, train
from ganbats_sampler.seeded import SeededGenerator

#: Trainings of a class, each from another seed, before its failure is final.
MAX_ATTEMPTS = 2


class GenerationWarning(UserWarning):
    """A class was too small to train on, or the training of its generator failed."""


class BaseAdversarialSampler(BaseSeriesOverSampler):
    """Over-sample each class with a generator trained on it against a discriminator.

    A subclass writes ``__init__`` and :meth:`_networks`.
    """

    _parameter_constraints: dict = {
        **BaseOverSampler._parameter_constraints,
        "n_channels": [Interval(Integral, 1, None, closed="left"), None],
        "hidden_size": [Interval(Integral, 1, None, closed="left")],
        "recipe": [StrOptions(set(RECIPES)), Recipe],
        "max_epochs": [Interval(Integral, 1, None, closed="left")],
        "min_updates": [Interval(Integral, 0, None, closed="left")],
        "batch_size": [Interval(Integral, 2, None, closed="left")],
        "lr": [Interval(Real, 0, None, closed="neither")],
        "min_class_size": [Interval(Integral, 2, None, closed="left")],
        "on_failure": [StrOptions({"fallback", "raise", "warn"})],
        "device": [str],
        "n_jobs": [Integral, None],
        "verbose": ["verbose"],
    }

    @abstractmethod
    def _networks(self) -> dict[str, Any]:
        """Name the two modules and their parameters, as :class:`AdversarialNet` takes them."""

    def _fit_generators(
        self, classes: dict[Any, np.ndarray], seeds: dict[Any, int]
    ) -> dict[Any, SeriesGenerator]:
        training = Training(
            recipe=RECIPES[self.recipe] if isinstance(self.recipe, str) else self.recipe,
            net_options={
                **self._networks(),
                "lr": self.lr,
                "device": resolve_device(self.device),
            },
            batch_size=self.batch_size,
            max_epochs=self.max_epochs,
            min_updates=self.min_updates,
            max_attempts=1 if self.on_failure == "warn" else MAX_ATTEMPTS,
        )
        trainable = {k: s for k, s in classes.items() if len(s) >= self.min_class_size}
        trained = Parallel(n_jobs=self.n_jobs)(
            delayed(train)(
                series, training, seeds[label], f"class {label}" if self.verbose else None
            )
            for label, series in trainable.items()
        )
        trained = dict(zip(trainable, trained, strict=True))
        fallback: dict[Any, str] = {}
        generators = {
            label: self._accept(label, series, trained.get(label), fallback)
            for label, series in classes.items()
        }
        self.nets_ = {label: generator.net for label, generator in trained.items()}
        self.history_ = {label: generator.history for label, generator in trained.items()}
        self.fallback_ = fallback
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
        name = label.item() if isinstance(label, np.generic) else label
        if trained is None:
            fallback[label] = (
                f"the class has {len(series)} series, fewer than min_class_size="
                f"{self.min_class_size}, too few to train a network on"
            )
            return _fall_back(name, series, fallback[label])
        failure = trained.failure
        if failure is None:
            return trained
        if self.on_failure == "raise":
            raise RuntimeError(
                f"Class {name!r}: {failure.message}, also when trained again from another seed. "
                'Change recipe, lr or min_updates, or use on_failure="fallback".'
            )
        if self.on_failure == "warn" and failure.kind != "diverged":
            warnings.warn(
                f'Class {name!r}: {failure.message}. Its series are returned as on_failure="warn" '
                "asks; do not take them for a result.",
                GenerationWarning,
                stacklevel=2,
            )
            return trained
        fallback[label] = failure.message
        return _fall_back(name, series, failure.message)


def _fall_back(name: Any, series: np.ndarray, problem: str) -> SeededGenerator:
    warnings.warn(
        f"Class {name!r}: {problem}. Its synthetic series are interpolated between real ones and "
        "warped in time instead.",
        GenerationWarning,
        stacklevel=2,
    )
    return SeededGenerator(series)
