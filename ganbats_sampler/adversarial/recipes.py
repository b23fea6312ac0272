"""Recipes: named combinations of the parts of adversarial training."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from typing import Any

import torch
from skorch.callbacks import Callback

from ganbats_sampler.adversarial.augmentation import shift_scale_jitter_cut
from ganbats_sampler.adversarial.callbacks import HalveLearningRates, StopWhenUndecided
from ganbats_sampler.adversarial.constraints import ClipWeights
from ganbats_sampler.adversarial.losses import (
    NON_SATURATING,
    RELATIVISTIC,
    WASSERSTEIN,
    AdversarialLoss,
)
from ganbats_sampler.adversarial.net import Augmentation, Constraint, Penalty
from ganbats_sampler.adversarial.penalties import one_centered_penalty, zero_centered_penalty


@dataclass(frozen=True, repr=False)
class Recipe:
    """The exchangeable parts of adversarial training.

    Pass a recipe to a sampler as ``recipe=``. Change a part with :func:`dataclasses.replace`, or in
    a grid search by its name: ``resample__recipe__penalty_weight``.

    Parameters
    ----------
    loss : AdversarialLoss, default=NON_SATURATING
        The objectives of both networks; see :mod:`ganbats_sampler.adversarial.losses`.
    penalty : callable, default=None
        The gradient penalty; see :mod:`ganbats_sampler.adversarial.penalties`. It needs
        ``batch_norm=False``.
    penalty_weight : float, default=1.0
        The factor of the penalty.
    penalty_every : int, default=1
        The number of generator updates between two computations of the penalty. The penalty is
        multiplied by this number, which keeps its strength.
    augmentation : callable, default=None
        The augmentation of all series that the discriminator sees; see
        :mod:`ganbats_sampler.adversarial.augmentation`.
    average_decay : float, default=None
        The decay of the exponential moving average of the generator's weights. None generates with
        the weights of the last update.
    constraint : callable, default=None
        The constraint on the discriminator after each of its updates; see
        :mod:`ganbats_sampler.adversarial.constraints`.
    n_critic : int, default=1
        The number of discriminator updates for each generator update.
    replay : bool, default=False
        Whether to show the discriminator, at its next update, the generated series that it took for
        real.
    batch_norm : bool, default=True
        Whether the discriminator has batch norm.
    optimizer : type, default=torch.optim.Adam
        The optimiser of both networks, from :mod:`torch.optim`.
    optimizer_options : dict, default={}
        The parameters of the optimisers other than the learning rate.
    lr : float, default=1e-4
        The learning rate of the generator.
    discriminator_lr : float, default=None
        The learning rate of the discriminator. None uses `lr`.
    halve_lr_every : int, default=None
        The number of epochs between two halvings of both learning rates. None never halves them.
    stop_when_undecided : bool, default=False
        Whether to stop when the discriminator's accuracy falls to one half and stays there; see
        :class:`~ganbats_sampler.adversarial.callbacks.StopWhenUndecided`.
    min_class_size : int, default=5
        The smallest number of series of a class to train on. For a smaller class, samplers fall
        back on recombined series.
    robust_scaling : bool, default=True
        Whether to leave outliers out of the range that is scaled to [-1, 1], and to clip them to
        it.

    Raises
    ------
    ValueError
        If a penalty is given with ``batch_norm=True``.
    """

    loss: AdversarialLoss = NON_SATURATING
    penalty: Penalty | None = None
    penalty_weight: float = 1.0
    penalty_every: int = 1
    augmentation: Augmentation | None = None
    average_decay: float | None = None
    constraint: Constraint | None = None
    n_critic: int = 1
    replay: bool = False
    batch_norm: bool = True
    optimizer: type[torch.optim.Optimizer] = torch.optim.Adam
    optimizer_options: Mapping[str, Any] = field(default_factory=dict)
    lr: float = 1e-4
    discriminator_lr: float | None = None
    halve_lr_every: int | None = None
    stop_when_undecided: bool = False
    min_class_size: int = 5
    robust_scaling: bool = True

    def __post_init__(self) -> None:
        if self.penalty is not None and self.batch_norm:
            raise ValueError(
                "A gradient penalty is defined on the score of one series. With batch norm, the "
                "score depends on the whole batch. Use batch_norm=False with a penalty."
            )

    def __repr__(self) -> str:
        """Name the parts that differ from the defaults."""
        changed = {k: v for k, v in self.parameters().items() if v != DEFAULTS[k]}
        parts = [f"{k}={getattr(v, '__name__', repr(v))}" for k, v in changed.items()]
        return f"Recipe({', '.join(parts)})"

    def parameters(self) -> dict[str, Any]:
        """Return the parts by name, not copied."""
        return {part.name: getattr(self, part.name) for part in fields(self)}

    def net_options(self) -> dict[str, Any]:
        """Return the parameters of :class:`~ganbats_sampler.adversarial.AdversarialNet`."""
        of_samplers = (
            "batch_norm",
            "optimizer_options",
            "halve_lr_every",
            "stop_when_undecided",
            "min_class_size",
            "robust_scaling",
        )
        options = {k: v for k, v in self.parameters().items() if k not in of_samplers}
        for name in ("optimizer", "discriminator_optimizer"):
            options[name] = self.optimizer
            options |= {f"{name}__{k}": v for k, v in self.optimizer_options.items()}
        return options

    def callbacks(self, min_updates: int) -> list[Callback]:
        """Make new callbacks for a training with this recipe."""
        callbacks: list[Callback] = []
        if self.halve_lr_every is not None:
            callbacks.append(HalveLearningRates(every=self.halve_lr_every))
        if self.stop_when_undecided:
            callbacks.append(StopWhenUndecided(min_updates=min_updates))
        return callbacks


DEFAULTS = Recipe().parameters()

#: Liu et al. (2023), sections 3 and 4.2, with the learning rate of their ECG and battery data.
PAPER = Recipe(
    replay=True,
    halve_lr_every=50,
    stop_when_undecided=True,
    lr=1e-4,
    min_class_size=2,
    robust_scaling=False,
)

#: A recipe that keeps small classes from collapsing: Huang, N. et al. (2024), "The GAN is dead;
#: long live the GAN!", NeurIPS 37 (relativistic loss, R1 and R2, no batch norm in the
#: discriminator), with augmentation and averaged weights.
STABLE = Recipe(
    loss=RELATIVISTIC,
    penalty=zero_centered_penalty,
    penalty_every=4,
    augmentation=shift_scale_jitter_cut,
    average_decay=0.995,
    batch_norm=False,
    optimizer_options={"betas": (0.0, 0.99)},
    lr=5e-4,
)

#: The stable recipe for components: without augmentation, and with a higher learning rate.
COMPONENTS = replace(STABLE, augmentation=None, lr=1e-3)

#: Radford, A., Metz, L., Chintala, S. (2016). Unsupervised representation learning with deep
#: convolutional generative adversarial networks. ICLR, section 4.
DCGAN = Recipe(optimizer_options={"betas": (0.5, 0.999)}, lr=2e-4)

#: Arjovsky, M., Chintala, S., Bottou, L. (2017). Wasserstein generative adversarial networks. ICML,
#: algorithm 1.
WGAN = Recipe(
    loss=WASSERSTEIN,
    constraint=ClipWeights(limit=0.01),
    n_critic=5,
    optimizer=torch.optim.RMSprop,
    lr=5e-5,
)

#: Gulrajani, I. et al. (2017). Improved training of Wasserstein GANs. NeurIPS 30, algorithm 1.
WGAN_GP = Recipe(
    loss=WASSERSTEIN,
    penalty=one_centered_penalty,
    penalty_weight=10.0,
    n_critic=5,
    batch_norm=False,
    optimizer_options={"betas": (0.0, 0.9)},
    lr=1e-4,
)

#: The recipes by name, as samplers take them.
RECIPES = {
    "paper": PAPER,
    "stable": STABLE,
    "components": COMPONENTS,
    "dcgan": DCGAN,
    "wgan": WGAN,
    "wgan_gp": WGAN_GP,
}
