"""Average of the generator's weights over its updates."""

from itertools import chain, compress

import torch
from torch import nn
from torch.optim.swa_utils import get_ema_multi_avg_fn


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
        Networks of the same architecture.
    decay : float in [0, 1)
        Share of the old average kept at an update.
    n_updates : int
        Updates averaged so far.

    References
    ----------
    Yazıcı, Y. et al. (2019). The unusual effectiveness of averaging in GAN training. ICLR.
    """
    in_force = min(decay, (1 + n_updates) / (10 + n_updates))
    means, values = (list(chain(net.parameters(), net.buffers())) for net in (averaged, current))
    is_float = [mean.is_floating_point() for mean in means]
    floats = (list(compress(tensors, is_float)) for tensors in (means, values))
    get_ema_multi_avg_fn(in_force)(*floats, n_updates)
    for mean, value in zip(means, values, strict=True):
        if not mean.is_floating_point():
            mean.copy_(value)
