"""The base class of GANs: samplers whose generators are trained against a discriminator."""

from __future__ import annotations

from abc import abstractmethod
from dataclasses import replace
from typing import TYPE_CHECKING, Any, NamedTuple

from sklearn.utils._param_validation import StrOptions
from torch import nn

from ganbats_sampler.adversarial.devices import resolve_device
from ganbats_sampler.adversarial.groups import TrainingGroup
from ganbats_sampler.adversarial.net import AdversarialNet
from ganbats_sampler.adversarial.recipes import RECIPES, Recipe
from ganbats_sampler.adversarial.spaces import SeriesSpace, Space
from ganbats_sampler.adversarial.training import Training
from ganbats_sampler.samplers.network import BaseNetworkSampler

if TYPE_CHECKING:
    from typing_extensions import Self


class Form(NamedTuple):
    """The parts that distinguish one GAN from another.

    Attributes
    ----------
    generator, discriminator : type
        The classes of the two modules.
    conditional : bool
        Whether one network is trained on all classes, and both modules receive the class of each
        series as an input. If False, one network is trained on each class.
    target_share : float or None
        Share of each batch that is sampled from the classes to over-sample, for conditional
        modules. None samples all series with the same probability.
    space : type
        The space that the networks work in.
    """

    generator: type[nn.Module]
    discriminator: type[nn.Module]
    conditional: bool = False
    target_share: float | None = None
    space: type[Space] = SeriesSpace


class BaseAdversarialSampler(BaseNetworkSampler):
    """Over-sample classes with generators that are trained against a discriminator.

    A subclass implements ``__init__``, :meth:`_least_updates` and :meth:`_module_options`, and sets
    :attr:`_form` and :attr:`_published`.
    """

    _parameter_constraints: dict[str, Any] = {
        **BaseNetworkSampler._parameter_constraints,
        "recipe": [StrOptions(set(RECIPES)), Recipe, None],
    }

    _to_keep_outliers = "; if they are correct, use recipe__robust_scaling=False"
    #: The published training, which ``recipe=None`` uses.
    _published: Recipe
    recipe: str | Recipe | None

    @property
    @abstractmethod
    def _form(self) -> Form:
        """The networks of the GAN; a subclass may set an attribute instead."""

    @abstractmethod
    def _least_updates(self, n_samples: int) -> int:
        """Return the least number of updates of a network that is trained on `n_samples` series."""

    @abstractmethod
    def _module_options(self) -> tuple[dict[str, Any], dict[str, Any]]:
        """Return the parameters of both modules, except `n_classes` and those that a space sets."""

    # -- the recipe and its parts as parameters ---------------------------------------------

    def _recipe(self) -> Any:
        """Look up the recipe. Before parameters are validated, it can be any object."""
        if self.recipe is None:
            return self._published
        return RECIPES.get(self.recipe) if isinstance(self.recipe, str) else self.recipe

    def get_params(self, deep: bool = True) -> dict[str, Any]:
        """Get parameters, with ``deep=True`` also the parts of the recipe as ``recipe__<part>``.

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
        if isinstance(recipe, Recipe):  # fitting refuses anything else
            params |= {f"recipe__{name}": value for name, value in recipe.parameters().items()}
        return params

    def set_params(self, **params: Any) -> Self:
        """Set parameters; ``recipe__<part>`` replaces a part of the recipe.

        Parameters
        ----------
        **params
            Names and values as in :meth:`get_params`.

        Returns
        -------
        self : object

        Raises
        ------
        ValueError
            If the recipe is not valid, if it has no such part, or if its learning rate is set while
            `lr` is not None.
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

    @property
    def _conditional(self) -> bool:
        return self._form.conditional

    @property
    def _min_class_size(self) -> int:
        return self._recipe().min_class_size

    @property
    def _robust_scaling(self) -> bool:
        return self._recipe().robust_scaling

    def _training(self, group: TrainingGroup) -> Training:
        return self._training_by(group, self._recipe())

    def _training_by(self, group: TrainingGroup, recipe: Recipe) -> Training:
        """Return the training settings for a group, with a recipe."""
        form = self._form
        common = {"n_classes": group.n_classes} if form.conditional else {}
        generator, discriminator = self._module_options()
        net_options: dict[str, Any] = {
            **recipe.net_options(),
            "module": form.generator,
            **{f"module__{k}": v for k, v in (common | generator).items()},
            "discriminator": form.discriminator,
            **{f"discriminator__{k}": v for k, v in (common | discriminator).items()},
            "discriminator__batch_norm": recipe.batch_norm,
            "device": resolve_device(self.device),
        }
        if self.lr is not None:
            net_options |= {"lr": self.lr, "discriminator_lr": None}
        min_updates = self._least_updates(len(group.series))
        return Training(
            net=AdversarialNet,
            net_options=net_options,
            space=form.space,
            batch_size=self.batch_size,
            max_epochs=self.max_epochs,
            min_updates=min_updates,
            robust_scaling=recipe.robust_scaling,
            validation_fraction=self.validation_fraction,
            target_share=form.target_share,
            callbacks=recipe.callbacks(min_updates if self.max_epochs is None else 0),
        )

    def _attempts(self, group: TrainingGroup) -> list[Training]:
        attempts = super()._attempts(group)
        stops = self.on_failure != "warn"
        return [replace(training, stop_on_collapse=stops) for training in attempts]

    def _second_recipe(self) -> tuple[Recipe, str]:
        """Return the recipe of the second attempt, and the change as a part of a message."""
        return self._recipe(), "from another seed"

    def _second_training(self, group: TrainingGroup) -> Training:
        recipe, change = self._second_recipe()
        return replace(self._training_by(group, recipe), change=change)
