"""Exponential moving average of the generator's weights."""

from itertools import chain, compress

import torch
from torch import nn
from torch.optim.swa_utils import get_ema_multi_avg_fn


@torch.no_grad()
def move_average(averaged: nn.Module, current: nn.Module, decay: float, n_updates: int) -> None:
    """Update an exponential moving average of a network's weights, in place.

    With a fixed decay, the random initial weights would keep a large share of the average after a
    short training: at .995, 37% after 200 updates. The decay in use is therefore
    ``min(decay, (1 + n_updates) / (10 + n_updates))``. Floating-point buffers, such as the running
    statistics of batch norm, are averaged like weights. Counters are copied.

    Parameters
    ----------
    averaged, current : Module
        The averaged network, which is changed, and the current one, of the same architecture.
    decay : float in [0, 1)
        Largest share of the old average that an update keeps.
    n_updates : int
        Number of updates averaged so far.

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
