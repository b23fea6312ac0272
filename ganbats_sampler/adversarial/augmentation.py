"""Differentiable augmentation of the real and generated series that the discriminator sees."""

import torch
from torch import Tensor

#: The largest shift and the length of the cut-out are shares of the length of a series. MAX_SCALE
#: is the largest relative change of scale. JITTER is the standard deviation of the jitter, in
#: scaled units.
MAX_SHIFT, MAX_SCALE, JITTER, CUT_OUT = 0.05, 0.1, 0.02, 0.125


def shift_scale_jitter_cut(series: Tensor, rng: torch.Generator) -> Tensor:
    """Shift, scale and jitter each series at random, and set a random stretch of it to zero.

    A discriminator can memorise the real series if there are few. Augmenting real and generated
    series alike hinders that, and the generator does not learn the augmentations.

    Parameters
    ----------
    series : Tensor of shape (batch, n_channels, n_timepoints)
        Series in ``[-1, 1]``.
    rng : torch.Generator
        The random number generator, on the device of `series`.

    Returns
    -------
    Tensor of shape (batch, n_channels, n_timepoints)
        The augmented series, differentiable with respect to `series`.

    References
    ----------
    Zhao, S. et al. (2020). Differentiable augmentation for data-efficient GAN training. NeurIPS 33.
    """
    batch, _, length = series.shape
    device, dtype = series.device, series.dtype

    def uniform(*shape: int) -> Tensor:  # in [-1, 1)
        return torch.rand(*shape, generator=rng, device=device, dtype=dtype) * 2 - 1

    steps = torch.arange(length, device=device)
    shift = (uniform(batch, 1) * (MAX_SHIFT * length + 0.5)).trunc().long()
    index = (steps + shift).clamp(0, length - 1)  # (batch, time); end values repeat
    series = series.gather(2, index.unsqueeze(1).expand_as(series))
    series = series * (1 + MAX_SCALE * uniform(batch, 1, 1))
    series = series + JITTER * torch.randn(series.shape, generator=rng, device=device, dtype=dtype)
    width = int(CUT_OUT * length)
    start = ((uniform(batch, 1) + 1) / 2 * (length - width + 1)).long()
    keep = (steps < start) | (steps >= start + width)  # (batch, time)
    return series * keep.unsqueeze(1)
