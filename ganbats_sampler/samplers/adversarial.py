"""The base of samplers whose generators are trained against a discriminator."""

from __future__ import annotations

from abc import abstractmethod
from dataclasses import replace
from numbers import Integral, Real
from os import PathLike
from typing import Any, NamedTuple

import numpy as np
from joblib import Parallel, delayed
from sklearn.utils._param_validation import Interval, StrOptions
from torch import nn

from ganbats_sampler.adversarial.checkpoints import CheckpointFiles
from ganbats_sampler.adversarial.devices import resolve_device
from ganbats_sampler.adversarial.groups import TrainingGroup, group_all_classes, group_each_class
from ganbats_sampler.adversarial.recipes import RECIPES, Recipe
from ganbats_sampler.adversarial.spaces import SeriesSpace, Space
from ganbats_sampler.adversarial.training import Trained, Training, train
from ganbats_sampler.generators.outcomes import Outcome
from ganbats_sampler.generators.protocol import Generator, RealSeries
from ganbats_sampler.generators.recombined import fall_back
from ganbats_sampler.generators.trained import TrainedGenerator
from ganbats_sampler.samplers.base import BaseSeriesOverSampler
from ganbats_sampler.series import RangeScaler
from ganbats_sampler.warn import warn


class GenerationWarning(UserWarning):
    """A class was too small to train on, or the training of its generator failed."""


class Form(NamedTuple):
    """The parts that tell one GAN from another.

    Attributes
    ----------
    generator, discriminator : type
        The two modules.
    conditional : bool
        Whether one network is trained on all classes and both modules receive the class of each
        series; otherwise there is a network for each class.
    target_share : float or None
        Share of each batch that is drawn from the classes to over-sample, for conditional modules;
        None draws all series alike.
    space : type
        The space that the networks work in.
    """

    generator: type[nn.Module]
    discriminator: type[nn.Module]
    conditional: bool = False
    target_share: float | None = None
    space: type[Space] = SeriesSpace


class BaseAdversarialSampler(BaseSeriesOverSampler):
    """Over-sample classes with generators that are trained against a discriminator.

    A subclass writes ``__init__`` and :meth:`_module_options`, and sets :attr:`_form` and
    :attr:`_published`.
    """

    _parameter_constraints: dict = {
        **BaseSeriesOverSampler._parameter_constraints,
        "recipe": [StrOptions(set(RECIPES)), Recipe, None],
        "max_epochs": [Interval(Integral, 1, None, closed="left"), None],
        "min_updates": [Interval(Integral, 0, None, closed="left")],
        "batch_size": [Interval(Integral, 2, None, closed="left")],
        "lr": [Interval(Real, 0, None, closed="neither"), None],
        "validation_fraction": [Interval(Real, 0, 1, closed="neither"), None],
        "on_failure": [StrOptions({"fallback", "raise", "warn"})],
        "checkpoint": [str, PathLike, None],
        "device": [str],
        "verbose": ["verbose"],
    }

    #: The networks.
    _form: Form
    #: The training as it was published, which ``recipe=None`` stands for.
    _published: Recipe
    #: Only samplers that train several networks have this parameter.
    n_jobs: int | None = None
    # the parameters that all of them have
    recipe: str | Recipe | None
    max_epochs: int | None
    min_updates: int
    batch_size: int
    lr: float | None
    validation_fraction: float | None
    on_failure: str
    checkpoint: str | PathLike | None
    device: str
    verbose: bool | int

    def _least_updates(self, n_samples: int) -> int:
        """Return the number of updates for a network that is trained on so many series."""
        return self.min_updates

    @abstractmethod
    def _module_options(self) -> tuple[dict[str, Any], dict[str, Any]]:
        """Return the parameters of both modules, without `n_classes` and those of the space."""

    # -- the recipe and its parts as parameters ---------------------------------------------

    def _recipe(self) -> Any:
        """Look the recipe up; before parameters are validated it may be anything."""
        if self.recipe is None:
            return self._published
        return RECIPES.get(self.recipe) if isinstance(self.recipe, str) else self.recipe

    def get_params(self, deep=True):
        """Get parameters; with ``deep=True`` also the parts of the recipe, ``recipe__<part>``.

        Parameters
        ----------
        deep : bool, default=True
            Whether to include the parts of the recipe.

        Returns
        -------
        dict of str to object
        """
        params = super().get_params(deep=False)
        recipe = self._recipe() if deep else None
        if isinstance(recipe, Recipe):  # anything else is refused when the sampler is fitted
            params |= {f"recipe__{name}": value for name, value in recipe.parameters().items()}
        return params

    def set_params(self, **params):
        """Set parameters; ``recipe__<part>`` replaces a part of the recipe.

        Parameters
        ----------
        **params
            Names and values as in :meth:`get_params`.

        Returns
        -------
        self : object
        """
        changes = {k[8:]: params.pop(k) for k in list(params) if k.startswith("recipe__")}
        super().set_params(**params)
        if changes:
            recipe = self._recipe()
            if not isinstance(recipe, Recipe):
                raise ValueError(
                    f"recipe={self.recipe!r} was given; choose from {sorted(RECIPES)}, or pass a "
                    "Recipe."
                )
            parts = recipe.parameters()
            if unknown := sorted(changes.keys() - parts.keys()):
                raise ValueError(f"A recipe has no part {unknown}; choose from {sorted(parts)}.")
            changes = {name: value for name, value in changes.items() if value is not parts[name]}
            if self.lr is not None and changes.keys() & {"lr", "discriminator_lr"}:
                raise ValueError(
                    f"lr={self.lr} overrides the learning rates of the recipe: set lr=None to use "
                    "recipe__lr, or change lr itself."
                )
            if changes:
                self.recipe = replace(recipe, **changes)
        return self

    # -- training ---------------------------------------------------------------------------

    def _training(self, group: TrainingGroup, recipe: Recipe) -> Training:
        """Put together how a net for a group is trained."""
        form = self._form
        common = {"n_classes": group.n_classes} if form.conditional else {}
        generator, discriminator = self._module_options()
        net_options: dict[str, Any] = {
            "module": form.generator,
            **{f"module__{k}": v for k, v in (common | generator).items()},
            "discriminator": form.discriminator,
            **{f"discriminator__{k}": v for k, v in (common | discriminator).items()},
            "discriminator__batch_norm": recipe.batch_norm,
            "device": resolve_device(self.device),
        }
        if self.lr is not None:
            net_options |= {"lr": self.lr, "discriminator_lr": None}
        return Training(
            recipe=recipe,
            net_options=net_options,
            space=form.space,
            batch_size=self.batch_size,
            max_epochs=self.max_epochs,
            min_updates=self._least_updates(len(group.series)),
            validation_fraction=self.validation_fraction,
            target_share=form.target_share,
        )

    def _second_recipe(self) -> tuple[Recipe, str]:
        """Return the recipe of the second attempt, and what it changes."""
        return self._recipe(), "from another seed"

    def _attempts(self, group: TrainingGroup) -> list[Training]:
        """List the trainings of a group; each is tried if the one before failed."""
        first = self._training(group, self._recipe())
        if self.on_failure == "warn":  # the user wants the series of this training as they are
            return [first]
        recipe, change = self._second_recipe()
        second = replace(self._training(group, recipe), change=change)
        return [replace(training, stop_on_collapse=True) for training in (first, second)]

    def _fit_generators(
        self, series: np.ndarray, y: np.ndarray, targets: list, seeds: dict[Any, int]
    ) -> dict[Any, Generator]:
        least = self._recipe().min_class_size
        trainable = [label for label in targets if np.sum(y == label) >= least]
        group = group_all_classes if self._form.conditional else group_each_class
        groups = group(series, y, trainable, seeds) if trainable else []
        if self._recipe().robust_scaling:
            for label in trainable:
                _warn_of_outliers(label, series[y == label])
        works = [(one, self._attempts(one)) for one in groups]
        files = [self._checkpoint_files(*work) for work in works]
        trained: dict[Any, Trained] = {}
        for of_group in Parallel(n_jobs=self.n_jobs)(
            delayed(train)(*work, bool(self.verbose), of_work)
            for work, of_work in zip(works, files, strict=True)
        ):
            trained |= of_group
        generators: dict[Any, Generator] = {}
        self.outcomes_ = {}
        for label in targets:
            real = RealSeries.select(series, y == label)
            generators[label], self.outcomes_[label] = self._accept(label, real, trained.get(label))
        self.nets_ = {label: of_class.net for label, of_class in trained.items()}
        self.history_ = {label: of_class.history for label, of_class in trained.items()}
        for of_work in filter(None, files):
            of_work.remove()
        return generators

    def _checkpoint_files(
        self, group: TrainingGroup, attempts: list[Training]
    ) -> CheckpointFiles | None:
        """Name the files of a group; they are found again only with the same seed."""
        if self.checkpoint is None:
            return None
        if not isinstance(self.random_state, Integral):
            raise ValueError(
                f"checkpoint was given with random_state={self.random_state!r}: a second call "
                "would not go on where the first stopped. Set random_state to an int."
            )
        return CheckpointFiles(self.checkpoint, group, attempts)

    def _accept(
        self, label: Any, real: RealSeries, trained: Trained | None
    ) -> tuple[Generator, Outcome]:
        """Use a trained generator, or do what `on_failure` says with a failed or missing one."""
        if trained is None:
            reason = (
                f"the class has {len(real)} series, fewer than the "
                f"{self._recipe().min_class_size} that a generator needs"
            )
        elif trained.passed:
            retrained = f"{trained.message}; trained again {trained.change}"
            outcome = Outcome("retrained", retrained) if trained.failures else Outcome("trained")
            return TrainedGenerator(trained), outcome
        elif self.on_failure == "raise":
            raise RuntimeError(
                f"Class {label!r}: {trained.message}. "
                'Change lr or min_updates, or use on_failure="fallback".'
            )
        elif self.on_failure == "warn" and trained.failures[-1].kind != "diverged":
            warn(
                f"Class {label!r}: {trained.message}. Its series are returned as "
                'on_failure="warn" asks; do not take them for a result.',
                GenerationWarning,
            )
            return TrainedGenerator(trained), Outcome("failed", trained.message)
        else:
            reason = trained.message
        warn(
            f"Class {label!r}: {reason}. Its synthetic series are recombined from real ones "
            "instead.",
            GenerationWarning,
        )
        return fall_back(real), Outcome("fallback", reason)


def _warn_of_outliers(label: Any, series: np.ndarray) -> None:
    """Warn of values that robust scaling clips, in series of a class."""
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
        "are trained with these values clipped. Check them for faults of a sensor; if they are "
        "right, use recipe__robust_scaling=False.",
        GenerationWarning,
    )
