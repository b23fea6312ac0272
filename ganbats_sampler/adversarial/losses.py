"""Adversarial losses: pure functions of the discriminator's scores.

Each loss is an :class:`AdversarialLoss`. It has the objectives that the discriminator and the
generator minimise, the accuracy of the discriminator, which the stopping rules use, and which
generated series it takes for real, which are replayed. Scores have shape (batch,). There may be
more fake than real ones when series are replayed. In the formulas, D is the sigmoid of the score, x
a real series and G(z) a generated one.
"""

from collections.abc import Callable
from typing import NamedTuple

import torch
from torch import Tensor
from torch.nn.functional import softplus

Scores = Callable[[Tensor, Tensor], Tensor]


def _pair(real: Tensor, fake: Tensor) -> Tensor:
    """Repeat the scores of real series in turn, until there is one for each fake score."""
    return real[torch.arange(len(fake), device=real.device) % len(real)]


def above_its_pair(real: Tensor, fake: Tensor) -> Tensor:
    """Find the fake series that score above their real one."""
    return fake > _pair(real, fake)


class AdversarialLoss(NamedTuple):
    """The objectives of both networks, each a function of (real scores, fake scores).

    Attributes
    ----------
    discriminator, generator : callable
        ``(real, fake) -> scalar Tensor``, to be minimised.
    accuracy : callable
        ``(real, fake) -> scalar Tensor``, the share of the discriminator's correct decisions.
    fooled : callable
        ``(real, fake) -> bool Tensor`` of shape (n_fake,), the fake series it takes for real. By
        default, those that score above a real one.
    generator_sees_real : bool
        Whether the generator's objective depends on the scores of real series.
    """

    discriminator: Scores
    generator: Scores
    accuracy: Scores
    fooled: Scores = above_its_pair
    generator_sees_real: bool = False

    def __repr__(self) -> str:
        """Name the two objectives."""
        return f"AdversarialLoss({self.discriminator.__name__}, {self.generator.__name__})"


def logistic_discriminator(real: Tensor, fake: Tensor) -> Tensor:
    """Cross-entropy of real against fake series: -log D(x) - log(1 - D(G(z)))."""
    return softplus(-real).mean() + softplus(fake).mean()


def non_saturating_generator(real: Tensor, fake: Tensor) -> Tensor:
    """Non-saturating objective, which keeps a gradient if D wins: -log D(G(z))."""
    return softplus(-fake).mean()


def logit_accuracy(real: Tensor, fake: Tensor) -> Tensor:
    """Balanced accuracy, where a logit above 0 means that a series is taken for real."""
    return ((real > 0).float().mean() + (fake <= 0).float().mean()) / 2


def above_zero(real: Tensor, fake: Tensor) -> Tensor:
    """Find the fake series with a logit above 0."""
    return fake > 0


def relativistic_discriminator(real: Tensor, fake: Tensor) -> Tensor:
    """Mean of -log sigmoid(real - fake) over pairs of scores: real ones should be higher."""
    return softplus(fake - _pair(real, fake)).mean()


def relativistic_generator(real: Tensor, fake: Tensor) -> Tensor:
    """Mean of -log sigmoid(fake - real) over pairs of scores: fake ones should be higher."""
    return softplus(_pair(real, fake) - fake).mean()


def wasserstein_discriminator(real: Tensor, fake: Tensor) -> Tensor:
    """Mean fake score minus mean real score: the negative of the estimated distance."""
    return fake.mean() - real.mean()


def wasserstein_generator(real: Tensor, fake: Tensor) -> Tensor:
    """Negative of the mean fake score."""
    return -fake.mean()


def pairwise_accuracy(real: Tensor, fake: Tensor) -> Tensor:
    """Share of pairs in which the real series scores above the fake one; ties count half."""
    difference = _pair(real, fake) - fake
    return ((difference > 0).float() + 0.5 * (difference == 0).float()).mean()


#: Goodfellow, I. et al. (2014). Generative adversarial nets. NeurIPS 27, eq. 1, with the
#: non-saturating objective of its section 3 for the generator.
NON_SATURATING = AdversarialLoss(
    logistic_discriminator, non_saturating_generator, logit_accuracy, above_zero
)

#: Jolicoeur-Martineau, A. (2019). The relativistic discriminator. ICLR; in the pairing form of
#: Huang, N. et al. (2024). The GAN is dead; long live the GAN! A modern baseline GAN. NeurIPS 37.
RELATIVISTIC = AdversarialLoss(
    relativistic_discriminator,
    relativistic_generator,
    pairwise_accuracy,
    generator_sees_real=True,
)

#: Arjovsky, M., Chintala, S., Bottou, L. (2017). Wasserstein generative adversarial networks. ICML,
#: eq. 2 and 3. A constraint or a penalty must keep the discriminator smooth.
WASSERSTEIN = AdversarialLoss(wasserstein_discriminator, wasserstein_generator, pairwise_accuracy)
