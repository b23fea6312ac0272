"""GANBATS: a Bi-LSTM generator against a discriminator with attention."""

from __future__ import annotations

from dataclasses import replace
from numbers import Integral
from typing import Any

import numpy as np
from imblearn.utils import Substitution
from sklearn.utils._param_validation import Interval, StrOptions

from ganbats_sampler.adversarial.recipes import RECIPES, STABLE, Recipe
from ganbats_sampler.networks import (
    ConditionalGANBATSGenerator,
    GANBATSDiscriminator,
    GANBATSGenerator,
    ProjectionDiscriminator,
)
from ganbats_sampler.samplers._docstrings import ADVERSARIAL
from ganbats_sampler.samplers.adversarial import BaseAdversarialSampler
from ganbats_sampler.samplers.groups import TrainingGroup, group_all_classes
from ganbats_sampler.samplers.training import Training

#: Share of the classes to over-sample in a batch of the one net of all classes.
TARGET_SHARE = 0.5

#: The training of the paper, section 4.2, by data set. Its 100 epochs are all there is: on a class
#: that fits in one batch they are 100 updates.
PRESETS: dict[str, dict[str, Any]] = {
    name: {
        "recipe": "paper",
        "anchored": False,
        "max_epochs": 100,
        "min_updates": 0,
        "min_class_size": 2,
        "on_failure": "warn",
        **own,
    }
    for name, own in {
        "ecg-mit": {"lr": 1e-4, "batch_size": 128},
        "nasa-battery": {"lr": 1e-4, "batch_size": 32},
        "xjtu-sy": {"lr": 1e-3, "batch_size": 128},
    }.items()
}


@Substitution(**ADVERSARIAL)
class GANBATSSampler(BaseAdversarialSampler):
    """Over-sample time series with GANBATS, a GAN with Bi-LSTM and attention.

    For each class to over-sample, a generator (Bi-LSTM and convolutions) is trained against a
    discriminator (convolutions and attention) on the series of that class alone [1]_. The default
    trains the paper's networks, with two inputs more, by a recipe that keeps small classes from
    collapsing. The paper's own model and training are ``GANBATSSampler.from_preset("ecg-mit")``.

    Read more in the :ref:`User Guide <user_guide>`.

    Parameters
    ----------
    {sampling_strategy}

    {n_channels}

    hidden_size : int, default=64
        Hidden units of each direction of the Bi-LSTM, and width of the discriminator.

    bilstm : bool, default=True
        Whether the generator has its Bi-LSTM.

    attention : bool, default=True
        Whether the discriminator has its attention.

    n_parts : int, default=2
        D-parts of the discriminator.

    anchored : bool, default=True
        Whether both networks also see where in the series each step is, and the generator four
        noise values that hold for a whole series. The paper's networks do not: a discriminator
        that averages over time cannot tell a beat from the same beat moved.

    conditional : bool, default=False
        Whether one net is trained on the series of all classes, and told the class of each: the
        generator as a further input of every step, the discriminator by projection [2]_. What a
        rare class shares with the others, the generator can learn from them. Half of every batch is
        drawn from the classes to over-sample, with repeats where they have fewer series; so, unlike
        with one net a class, the rows of a class depend on which others are over-sampled.

    recipe : {{"stable", "paper"}} or Recipe, default="stable"
        How to train: losses, penalties, augmentation, averaging, replay, schedule and stopping;
        see :class:`~ganbats_sampler.adversarial.Recipe`. Where another one than ``"stable"``
        failed, the second training (see `on_failure`) is by the stable one.

    {max_epochs}

    min_updates : int, default=300
        Least number of updates of the generator. An epoch over a class of 20 series is one
        update, so a small class needs many.

    batch_size : int, default=32
        Series in an update; a smaller class is one batch.

    lr : float, default=5e-4
        Learning rate of both Adam optimisers.

    {failure}

    {n_jobs}

    {random_state}

    Attributes
    ----------
    {attributes}

    See Also
    --------
    HerdedSampler : What to start with: it trains nothing, and a GAN may stand in its pool.
    imblearn.over_sampling.SMOTE : Interpolate between neighbours, without a network.

    Notes
    -----
    The paper prints the objective with min and max exchanged. Here the discriminator maximises
    its eq. 2 and, with the paper's recipe, the generator the non-saturating form of it.

    One-vs.-rest encoded and multi-class targets are supported; each class is trained on alone,
    unless `conditional`.

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
    >>> rng = np.random.default_rng(0)
    >>> X = np.sin(np.linspace(0, 6, 24) + rng.normal(size=(60, 1)))
    >>> y = np.repeat(["normal", "abnormal"], [45, 15])
    >>> sampler = GANBATSSampler(hidden_size=16, lr=1e-3, random_state=0)
    >>> X_resampled, y_resampled = sampler.fit_resample(X, y)
    >>> sorted(Counter(y_resampled.tolist()).items())
    [('abnormal', 45), ('normal', 45)]
    >>> sampler.generate(3, "abnormal").shape
    (3, 24)
    """

    _parameter_constraints: dict = {
        **BaseAdversarialSampler._parameter_constraints,
        "hidden_size": [Interval(Integral, 1, None, closed="left")],
        "bilstm": ["boolean"],
        "attention": ["boolean"],
        "anchored": ["boolean"],
        "conditional": ["boolean"],
        "n_parts": [Interval(Integral, 1, None, closed="left")],
        "recipe": [StrOptions(set(RECIPES)), Recipe],
    }

    def __init__(
        self,
        *,
        sampling_strategy="auto",
        n_channels=None,
        hidden_size=64,
        bilstm=True,
        attention=True,
        n_parts=2,
        anchored=True,
        conditional=False,
        recipe="stable",
        max_epochs=10,
        min_updates=300,
        batch_size=32,
        lr=5e-4,
        validation_fraction=None,
        min_class_size=5,
        on_failure="fallback",
        drop=None,
        device="auto",
        n_jobs=None,
        random_state=None,
        verbose=False,
    ):
        super().__init__(
            sampling_strategy=sampling_strategy,
            n_channels=n_channels,
            max_epochs=max_epochs,
            min_updates=min_updates,
            batch_size=batch_size,
            lr=lr,
            validation_fraction=validation_fraction,
            min_class_size=min_class_size,
            on_failure=on_failure,
            drop=drop,
            device=device,
            n_jobs=n_jobs,
            random_state=random_state,
            verbose=verbose,
        )
        self.hidden_size = hidden_size
        self.bilstm = bilstm
        self.attention = attention
        self.n_parts = n_parts
        self.anchored = anchored
        self.conditional = conditional
        self.recipe = recipe

    @classmethod
    def from_preset(cls, name: str, **parameters: Any) -> GANBATSSampler:
        """Make a sampler with the paper's training for one of its data sets.

        Parameters
        ----------
        name : {"ecg-mit", "nasa-battery", "xjtu-sy"}
            The data set, as the paper names it.
        **parameters
            Parameters that differ from the preset.

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
        return cls(**{**PRESETS[name], **parameters})

    def _recipe(self) -> Recipe:
        return RECIPES[self.recipe] if isinstance(self.recipe, str) else self.recipe

    def _groups(
        self, series: np.ndarray, y: np.ndarray, targets: list, seeds: dict[Any, int]
    ) -> list[TrainingGroup]:
        if not self.conditional:
            return super()._groups(series, y, targets, seeds)
        # in the order they appear in: what is held out of each is drawn in turn
        in_order = sorted(targets, key=lambda label: int(np.argmax(y == label)))
        return group_all_classes(series, y, in_order, seeds)

    def _training(self, n_classes: int) -> Training:
        training = super()._training(n_classes)
        return replace(training, target_share=TARGET_SHARE) if self.conditional else training

    def _retry(self, training: Training) -> Training:
        if training.recipe == STABLE:
            return super()._retry(training)
        without_batch_norm = {"discriminator__batch_norm": STABLE.batch_norm}
        return replace(
            training,
            recipe=STABLE,
            net_options=training.net_options | without_batch_norm,
            retry="with the stable recipe",
        )

    def _networks(self, n_classes: int) -> dict[str, Any]:
        networks = {
            "module": GANBATSGenerator,
            "module__n_channels": self.n_channels_,
            "module__n_timepoints": self.n_timepoints_,
            "module__hidden_size": self.hidden_size,
            "module__bilstm": self.bilstm,
            "module__anchored": self.anchored,
            "discriminator": GANBATSDiscriminator,
            "discriminator__n_channels": self.n_channels_,
            "discriminator__hidden_size": self.hidden_size,
            "discriminator__attention": self.attention,
            "discriminator__n_parts": self.n_parts,
            "discriminator__batch_norm": self._recipe().batch_norm,
            "discriminator__anchored": self.anchored,
        }
        if not self.conditional:
            return networks
        return networks | {
            "module": ConditionalGANBATSGenerator,
            "module__n_classes": n_classes,
            "discriminator": ProjectionDiscriminator,
            "discriminator__n_classes": n_classes,
        }
