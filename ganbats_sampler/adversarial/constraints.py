"""Constraints on the discriminator's weights, applied after each of its updates."""

from dataclasses import dataclass

import torch
from torch import nn


@dataclass(frozen=True)
class ClipWeights:
    """Clip every weight to ``[-limit, limit]``, in place.

    Arjovsky, M., Chintala, S., Bottou, L. (2017). Wasserstein generative adversarial networks.
    ICML, algorithm 1, line 7. Clipping bounds the slope of the discriminator. The difference of its
    mean scores then estimates a multiple of the Wasserstein distance.

    Parameters
    ----------
    limit : float, default=0.01
        The largest absolute value of a weight.
    """

    limit: float = 0.01

    @torch.no_grad()
    def __call__(self, discriminator: nn.Module) -> None:
        """Clip the weights of a discriminator."""
        for weight in discriminator.parameters():
            weight.clamp_(-self.limit, self.limit)
