"""Constraints on the discriminator's weights, set right again after each of its updates."""

import torch
from torch import nn


@torch.no_grad()
def clip_weights(discriminator: nn.Module, limit: float = 0.01) -> None:
    """Clip every weight to ``[-limit, limit]``, in place.

    Arjovsky, M., Chintala, S., Bottou, L. (2017). Wasserstein generative adversarial networks.
    ICML, algorithm 1, line 7: it bounds how steep the critic can be, which makes the difference of
    its mean scores a multiple of a distance between distributions.
    """
    for weight in discriminator.parameters():
        weight.clamp_(-limit, limit)
