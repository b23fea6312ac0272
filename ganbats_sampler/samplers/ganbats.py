"""GANBATS: a Bi-LSTM generator against a discriminator with attention."""

from __future__ import annotations

from dataclasses import replace
from numbers import Integral
from os import PathLike
from typing import Any, Literal

from imblearn.utils import Substitution
from sklearn.utils._param_validation import Interval, StrOptions

from ganbats_sampler.adversarial.devices import can_fuse
from ganbats_sampler.adversarial.groups import TrainingGroup
from ganbats_sampler.adversarial.recipes import COMPONENTS, STABLE, Recipe
from ganbats_sampler.adversarial.spaces import ComponentSpace
from ganbats_sampler.adversarial.training import Training, updates_by_size
from ganbats_sampler.networks import (
    ComponentDiscriminator,
    ComponentGenerator,
    GANBATSDiscriminator,
    GANBATSGenerator,
)
from ganbats_sampler.samplers._docstrings import GANBATS
from ganbats_sampler.samplers._hints import (
    Constrain,
    Drop,
    Memory,
    OnFailure,
    SamplingStrategy,
    Seed,
)
from ganbats_sampler.samplers.adversarial import BaseAdversarialSampler, Form

#: The networks of each space, if they are not conditional.
FORMS = {
    "series": Form(GANBATSGenerator, GANBATSDiscriminator),
    "components": Form(ComponentGenerator, ComponentDiscriminator, space=ComponentSpace),
}
#: The default recipe of each space.
TRAININGS = {"series": STABLE, "components": COMPONENTS}
#: The fewest updates of a network on components.
MIN_UPDATES = 500

#: The paper's training for each of its data sets (section 4.2): 100 epochs. For a class that fits
#: into one batch, these are 100 updates.
PRESETS: dict[str, dict[str, Any]] = {
    name: {
        "space": "series",
        "recipe": "paper",
        "positional": False,
        "max_epochs": 100,
        "min_updates": 0,
        "on_failure": "warn",
        **own,
    }
    for name, own in {
        "ecg-mit": {"lr": 1e-4, "batch_size": 128},
        "nasa-battery": {"lr": 1e-4, "batch_size": 32},
        "xjtu-sy": {"lr": 1e-3, "batch_size": 128},
    }.items()
}


@Substitution(**GANBATS)
class GANBATSSampler(BaseAdversarialSampler):
    """Over-sample time series with GANBATS, a GAN with a Bi-LSTM and attention.

    For each class to over-sample, a generator with a Bi-LSTM is trained against a discriminator
    with attention on the series of that class alone [1]_. By default, the networks model the
    principal components of the class. With ``space="series"`` they model the series themselves, as
    in the paper, and the default recipe keeps small classes from collapsing. For the model and the
    training of the paper, use ``GANBATSSampler.from_preset("ecg-mit")``.

    Read more in the :ref:`User Guide <networks_concept>`.

    Parameters
    ----------
    {sampling_strategy}

    {n_channels}

    space : {{"components", "series"}}, default="components"
        The values that the networks model. ``"components"`` are the principal components of the
        class. The Bi-LSTM then reads eight steps of noise, and attention mixes 16 segments of the
        series that the components form. The residual, which they do not explain, is taken from a
        real neighbour. Series that are not aligned, such as windows of a vibration, are shifted in
        time first if the components then explain much more. ``"series"`` are the values of the
        series, as in the paper.

    hidden_size : int, default=64
        Number of hidden units of each direction of the Bi-LSTM, and width of the discriminator. On
        components, it is the number for both directions together, and the other layers are four
        times as wide.

    bilstm : bool, default=True
        Whether the generator has a Bi-LSTM.

    attention : bool, default=True
        Whether the discriminator has attention.

    n_parts : int, default=2
        Number of D-parts, the convolutional blocks of the discriminator. Not used on components.

    positional : bool, default=True
        Whether both networks receive the position of each time step as an input channel
        (CoordConv), and the generator also four noise values for the whole series. Without the
        position, as in the paper, a discriminator that averages over time cannot distinguish a beat
        from the same beat at another time. Not used on components.

    conditional : bool, default=False
        Whether one network is trained on all classes and receives the class of each series. The
        generator receives it as an input at every step, and the discriminator by projection [2]_.
        The generator can then learn from other classes what a minority class shares with them. Half
        of every batch is sampled from the classes to over-sample, with repeats if they have fewer
        series. The rows of a class then depend on which other classes are over-sampled.

    recipe : str or Recipe, default=None
        The training recipe: losses, penalties, augmentation, averaging, replay, learning rates,
        schedule and stopping; see :class:`~ganbats_sampler.adversarial.Recipe`. A name uses one of
        :data:`~ganbats_sampler.adversarial.RECIPES`. You can search over its parts by name, as in
        ``resample__recipe__penalty_weight``. None uses ``"components"``, or ``"stable"`` if
        ``space="series"``. If a recipe with another name fails, the second attempt (see
        `on_failure`) uses this default. A Recipe object is used again unchanged. On components, the
        augmentation of the recipe is not used, because it applies to series.

    {training}

    Attributes
    ----------
    {attributes}

    See Also
    --------
    HerdedSampler : Start with it. It trains nothing, and can choose among a network's series.
    FlowMatchingSampler : Model the same components without a discriminator, in less time.
    imblearn.over_sampling.SMOTE : Interpolate between neighbours, without a network.

    Notes
    -----
    The paper prints its objective (eq. 2) with min and max exchanged. Here the discriminator
    maximises it. With the paper's recipe, the generator minimises its non-saturating form.

    Multi-class targets are supported. One network is trained on each class alone, unless
    `conditional` is True.

    References
    ----------
    .. [1] Liu, S., Qiao, H., Yuan, L., Yuan, Y., Liu, J. (2023). Research on data augmentation
       algorithm for time series based on deep learning. KSII Transactions on Internet and
       Information Systems, 17(6).

    .. [2] Miyato, T., Koyama, M. (2018). cGANs with projection discriminator. ICLR.

    Examples
    --------
    >>> from collections import Counter
    >>> import numpy as np
    >>> from ganbats_sampler import GANBATSSampler
    {example_data}
    >>> sampler = GANBATSSampler(hidden_size=16, lr=1e-3, random_state=0)
    >>> X_resampled, y_resampled = sampler.fit_resample(X, y)
    >>> sorted(Counter(y_resampled.tolist()).items())
    [('abnormal', 45), ('normal', 45)]
    >>> sampler.generate(3, "abnormal").shape
    (3, 24)
    """

    _parameter_constraints: dict[str, Any] = {
        **BaseAdversarialSampler._parameter_constraints,
        "min_updates": [Interval(Integral, 0, None, closed="left"), None],
        "space": [StrOptions(set(FORMS))],
        "hidden_size": [Interval(Integral, 1, None, closed="left")],
        "bilstm": ["boolean"],
        "attention": ["boolean"],
        "positional": ["boolean"],
        "conditional": ["boolean"],
        "n_parts": [Interval(Integral, 1, None, closed="left")],
        "n_jobs": [Integral, None],
    }

    def __init__(
        self,
        *,
        sampling_strategy: SamplingStrategy = "auto",
        n_channels: int | None = None,
        space: Literal["components", "series"] = "components",
        hidden_size: int = 64,
        bilstm: bool = True,
        attention: bool = True,
        n_parts: int = 2,
        positional: bool = True,
        conditional: bool = False,
        recipe: str | Recipe | None = None,
        max_epochs: int | None = None,
        min_updates: int | None = None,
        batch_size: int = 32,
        lr: float | None = None,
        validation_fraction: float | None = None,
        on_failure: OnFailure = "fallback",
        constrain: Constrain = "whole",
        drop: Drop = None,
        checkpoint: str | PathLike[str] | None = None,
        memory: Memory = None,
        max_time: float | None = None,
        warm_start: bool = False,
        device: str = "auto",
        n_jobs: int | None = None,
        random_state: Seed = None,
        verbose: bool | int = False,
    ):
        super().__init__(sampling_strategy=sampling_strategy)
        self.n_channels = n_channels
        self.recipe = recipe
        self.max_epochs = max_epochs
        self.min_updates = min_updates
        self.batch_size = batch_size
        self.lr = lr
        self.validation_fraction = validation_fraction
        self.on_failure = on_failure
        self.constrain = constrain
        self.drop = drop
        self.checkpoint = checkpoint
        self.memory = memory
        self.max_time = max_time
        self.warm_start = warm_start
        self.device = device
        self.random_state = random_state
        self.verbose = verbose
        self.space = space
        self.hidden_size = hidden_size
        self.bilstm = bilstm
        self.attention = attention
        self.n_parts = n_parts
        self.positional = positional
        self.conditional = conditional
        self.n_jobs = n_jobs

    @classmethod
    def from_preset(cls, name: str, **parameters: Any) -> GANBATSSampler:
        """Make a sampler with the paper's training for one of its data sets.

        Parameters
        ----------
        name : {"ecg-mit", "nasa-battery", "xjtu-sy"}
            The data set, as the paper names it.
        **parameters
            The parameters that differ from the preset. With `min_updates`, the `max_epochs` of the
            preset is not used.

        Returns
        -------
        GANBATSSampler
            A new sampler.

        Raises
        ------
        ValueError
            If there is no such preset.

        Examples
        --------
        >>> from ganbats_sampler import GANBATSSampler
        >>> GANBATSSampler.from_preset("xjtu-sy", random_state=0).lr
        0.001
        """
        if name not in PRESETS:
            raise ValueError(f"There is no preset {name!r}; choose from {sorted(PRESETS)}.")
        preset = dict(PRESETS[name])
        if "min_updates" in parameters:  # a budget in updates replaces the preset's epochs
            preset["max_epochs"] = None
        return cls(**{**preset, **parameters})

    @property
    def _form(self) -> Form:
        form = FORMS[self.space]
        return form._replace(conditional=True, target_share=0.5) if self.conditional else form

    def _recipe(self) -> Any:
        return TRAININGS.get(self.space) if self.recipe is None else super()._recipe()

    def _least_updates(self, n_samples: int) -> int:
        if self.min_updates is not None:
            return self.min_updates
        if self.space == "series":
            return 300
        return updates_by_size(n_samples, MIN_UPDATES)

    def _training_by(self, group: TrainingGroup, recipe: Recipe) -> Training:
        if self.space == "components":  # augmentation applies to series only
            recipe = replace(recipe, augmentation=None)
        training = super()._training_by(group, recipe)
        if self.space == "components" and can_fuse(
            recipe.optimizer, training.net_options["device"]
        ):
            fused = {"optimizer__fused": True, "discriminator_optimizer__fused": True}
            training = replace(training, net_options=training.net_options | fused)
        return training

    def _module_options(self) -> tuple[dict[str, Any], dict[str, Any]]:
        common: dict[str, Any] = {"hidden_size": self.hidden_size}
        generator: dict[str, Any] = {"bilstm": self.bilstm}
        discriminator: dict[str, Any] = {"attention": self.attention}
        if self.space == "series":
            common["positional"] = self.positional
            generator["n_timepoints"] = self.n_timepoints_
            discriminator["n_parts"] = self.n_parts
        return common | generator, common | discriminator

    def _second_recipe(self) -> tuple[Recipe, str]:
        default = TRAININGS[self.space]
        if isinstance(self.recipe, str) and self._recipe() is not default:
            return default, "with the default recipe"
        return super()._second_recipe()
