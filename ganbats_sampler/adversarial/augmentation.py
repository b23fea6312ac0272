"""Differentiable augmentation of what the discriminator sees, real and generated alike."""

import torch
from torch import Tensor

#: Largest shift and length of the cut-out, as shares of the series; scale and jitter are in
#: units of the scaled series, which lie in [-1, 1].
MAX_SHIFT, MAX_SCALE, MAX_JITTER, CUT_OUT = 0.05, 0.1, 0.02, 0.125


def shift_scale_jitter_cut(series: Tensor, rng: torch.Generator) -> Tensor:
    """Shift, scale, jitter and cut out a stretch of each series, each at random.

    Zhao, S. et al. (2020). Differentiable augmentation for data-efficient GAN training.
    NeurIPS 33: with a few real series the discriminator learns them by heart; augmenting both
    sides alike hinders that without teaching the generator the augmentations.

    Parameters
    ----------
    series : Tensor of shape (batch, n_channels, n_timepoints)
        Series in ``[-1, 1]``.
    rng : torch.Generator
        On the device of `series`.

    Returns
    -------
    Tensor of shape (batch, n_channels, n_timepoints)
        Differentiable with respect to `series`.
    """
    batch, _, length = series.shape
    device, dtype = series.device, series.dtype

    def uniform(*shape: int) -> Tensor:  # in [-1, 1)
        return torch.rand(*shape, generator=rng, device=device, dtype=dtype) * 2 - 1

    steps = torch.arange(length, device=device)
    shift = (uniform(batch, 1) * (MAX_SHIFT * length + 0.5)).trunc().long()
    index = (steps + shift).clamp(0, length - 1)  # (batch, time): the edges are held
    series = series.gather(2, index.unsqueeze(1).expand_as(series))
    series = series * (1 + MAX_SCALE * uniform(batch, 1, 1))
    series = series + MAX_JITTER * torch.randn(
        series.shape, generator=rng, device=device, dtype=dtype
    )
    width = int(CUT_OUT * length)
    start = ((uniform(batch, 1) + 1) / 2 * (length - width + 1)).long()
    keep = (steps < start) | (steps >= start + width)  # (batch, time)
    return series * keep.unsqueeze(1)
