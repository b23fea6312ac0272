"""Where in a series a step is, as an input of its own."""

import torch
from torch import Tensor


def time_ramp(series: Tensor) -> Tensor:
    """Channel that rises from -1 at the first time step to 1 at the last.

    Convolutions followed by an average over time see what is in a series, but not where; the same
    series shifted scores the same. A channel that tells the place mends that (Liu, R. et al. 2018,
    An intriguing failing of convolutional neural networks and the CoordConv solution, NeurIPS 31).

    Parameters
    ----------
    series : Tensor of shape (batch, n_channels, n_timepoints)
        Gives batch, length, type and device.

    Returns
    -------
    Tensor of shape (batch, 1, n_timepoints)
    """
    batch, _, length = series.shape
    ramp = torch.linspace(-1, 1, length, dtype=series.dtype, device=series.device)
    return ramp.expand(batch, 1, length)
