"""How a pair of networks is trained: the parts of the training loop, put together and named."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import torch

from ganbats_sampler.adversarial.augmentation import shift_scale_jitter_cut
from ganbats_sampler.adversarial.callbacks import HalveLearningRates, StopWhenUndecided
from ganbats_sampler.adversarial.losses import NON_SATURATING, RELATIVISTIC, AdversarialLoss
from ganbats_sampler.adversarial.net import Augmentation, Constraint, Penalty
from ganbats_sampler.adversarial.penalties import zero_centered_penalty


@dataclass(frozen=True)
class Recipe:
    """The exchangeable parts of adversarial training.

    Change one part with :func:`dataclasses.replace`, and pass the result as ``recipe=`` to a
    sampler.

    Parameters
    ----------
    loss : AdversarialLoss
        See :mod:`ganbats_sampler.adversarial.losses`.
    penalty : callable or None
        See :mod:`ganbats_sampler.adversarial.penalties`; it needs ``batch_norm=False``.
    penalty_weight : float
        Factor of the penalty.
    penalty_every : int
        Updates between two computations of the penalty.
    augmentation : callable or None
        See :mod:`ganbats_sampler.adversarial.augmentation`.
    average_decay : float or None
        Decay of the moving average of the generator's weights; None to generate with the weights
        of the last update.
    constraint : callable or None
        See :mod:`ganbats_sampler.adversarial.constraints`.
    n_critic : int
        Updates of the discriminator for one of the generator.
    replay : bool
        Show the discriminator the series that fooled it once more.
    batch_norm : bool
        Batch norm in the discriminator, for samplers that build it with or without.
    optimizer : type
        Of both networks; one of :mod:`torch.optim`.
    optimizer_options : dict
        Its parameters beside the learning rate.
    halve_lr_every : int or None
        Epochs between two halvings of the learning rates.
    stop_when_undecided : bool
        Stop, once the least number of updates is done, when the discriminator could tell and its
        accuracy stays near one half.
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
    halve_lr_every: int | None = None
    stop_when_undecided: bool = False

    def __post_init__(self) -> None:
        if self.penalty is not None and self.batch_norm:
            raise ValueError(
                "A gradient penalty is defined on the score of one series, which batch norm makes "
                "depend on the whole batch: use batch_norm=False with a penalty."
            )

    def net_options(self) -> dict[str, Any]:
        """Translate to the parameters of :class:`~ganbats_sampler.adversarial.AdversarialNet`."""
        return {
            "loss": self.loss,
            "penalty": self.penalty,
            "penalty_weight": self.penalty_weight,
            "penalty_every": self.penalty_every,
            "augmentation": self.augmentation,
            "average_decay": self.average_decay,
            "constraint": self.constraint,
            "n_critic": self.n_critic,
            "replay": self.replay,
            "optimizer": self.optimizer,
            "discriminator_optimizer": self.optimizer,
            **{f"optimizer__{k}": v for k, v in self.optimizer_options.items()},
            **{f"discriminator_optimizer__{k}": v for k, v in self.optimizer_options.items()},
        }

    def callbacks(self, min_updates: int) -> list:
        """Make the callbacks the recipe asks for, anew for each training."""
        callbacks: list = []
        if self.halve_lr_every is not None:
            callbacks.append(HalveLearningRates(every=self.halve_lr_every))
        if self.stop_when_undecided:
            callbacks.append(StopWhenUndecided(min_updates=min_updates))
        return callbacks


#: Liu et al. (2023), section 3 and 4.2: exactly what the paper states.
PAPER = Recipe(replay=True, halve_lr_every=50, stop_when_undecided=True)

#: What keeps a small class from collapsing, see the user guide for the measurements: Huang, N. et
#: al. (2024), "The GAN is dead; long live the GAN!", NeurIPS 37 (relativistic loss, R1 and R2, no
#: batch norm in the discriminator), with augmentation and averaged weights.
STABLE = Recipe(
    loss=RELATIVISTIC,
    penalty=zero_centered_penalty,
    penalty_every=4,
    augmentation=shift_scale_jitter_cut,
    average_decay=0.995,
    batch_norm=False,
    optimizer_options={"betas": (0.0, 0.99)},
)

RECIPES = {"paper": PAPER, "stable": STABLE}
