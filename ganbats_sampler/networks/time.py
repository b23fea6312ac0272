"""The positional channel (CoordConv)."""

import torch
from torch import Tensor


def time_ramp(series: Tensor) -> Tensor:
    """Make a channel that rises from -1 at the first time step to 1 at the last.

    Convolutions followed by an average over time detect what is in a series, but not where: a
    shifted series has the same score. A positional channel solves that (Liu, R. et al. 2018, An
    intriguing failing of convolutional neural networks and the CoordConv solution, NeurIPS 31).

    Parameters
    ----------
    series : Tensor of shape (batch, n_channels, n_timepoints)
        The series, which set the batch size, length, type and device.

    Returns
    -------
    Tensor of shape (batch, 1, n_timepoints)
        The channel, the same for every series.
    """
    batch, _, length = series.shape
    ramp = torch.linspace(-1, 1, length, dtype=series.dtype, device=series.device)
    return ramp.expand(batch, 1, length)
