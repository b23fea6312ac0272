"""Average of the generator's weights over its updates."""

import torch
from torch import nn


@torch.no_grad()
def move_average(averaged: nn.Module, current: nn.Module, decay: float, n_updates: int) -> None:
    """Move `averaged` towards `current`: one step of an exponential moving average, in place.

    A fixed decay would leave the random initial weights a large share of a short training's
    average (at .995, 37% after 200 updates), so the decay in force is
    ``min(decay, (1 + n_updates) / (10 + n_updates))``. Floating-point buffers, the running
    statistics of batch norm, are averaged like weights; counters are copied.

    Parameters
    ----------
    averaged, current : Module
        Of the same architecture.
    decay : float in [0, 1)
        Share of the old average kept at an update.
    n_updates : int
        Updates averaged so far.

    References
    ----------
    Yazıcı, Y. et al. (2019). The unusual effectiveness of averaging in GAN training. ICLR.
    """
    step = 1 - min(decay, (1 + n_updates) / (10 + n_updates))
    for mean, value in zip(
        averaged.state_dict().values(), current.state_dict().values(), strict=True
    ):
        if mean.is_floating_point():
            mean.lerp_(value, step)
        else:
            mean.copy_(value)
