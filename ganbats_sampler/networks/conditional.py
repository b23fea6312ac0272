"""The convolutional networks, told the class of each series as CGAN tells it."""

import torch
from torch import Tensor, nn
from torch.nn.functional import one_hot

from ganbats_sampler.networks.convolutional import (
    ConvolutionalDiscriminator,
    ConvolutionalGenerator,
)


class ConditionalGenerator(nn.Module):
    """Turn noise and a class into a series: the class is joined to the noise ([1]_, section 3.2).

    Parameters
    ----------
    n_channels, n_timepoints : int
        Shape of a generated series.
    n_classes : int
        Number of classes.
    hidden_size, latent_size : int
        As in :class:`ConvolutionalGenerator`.

    Attributes
    ----------
    noise_shape : tuple of int
        Shape of the noise for one series.

    References
    ----------
    .. [1] Mirza, M., Osindero, S. (2014). Conditional generative adversarial nets.
       arXiv:1411.1784.

    Examples
    --------
    >>> import torch
    >>> generator = ConditionalGenerator(n_channels=2, n_timepoints=50, n_classes=3)
    >>> generator(torch.randn(4, 100), torch.tensor([0, 1, 2, 0])).shape
    torch.Size([4, 2, 50])
    """

    def __init__(
        self,
        n_channels: int,
        n_timepoints: int,
        n_classes: int,
        hidden_size: int = 32,
        latent_size: int = 100,
    ):
        super().__init__()
        self.noise_shape = (latent_size,)
        self.n_classes = n_classes
        self.generator = ConvolutionalGenerator(
            n_channels, n_timepoints, hidden_size, latent_size + n_classes
        )

    def forward(self, noise: Tensor, label: Tensor) -> Tensor:
        """Generate a series of a class from each vector of noise.

        Parameters
        ----------
        noise : Tensor of shape (batch, latent_size)
            Standard Gaussian noise.
        label : Tensor of shape (batch,), dtype=int64
            Class of each series, from 0.

        Returns
        -------
        Tensor of shape (batch, n_channels, n_timepoints)
            Series in ``[-1, 1]``.
        """
        classes = one_hot(label, self.n_classes).to(noise.dtype)
        latent = torch.cat([self.generator.to_uniform(noise), classes], dim=1)
        return self.generator.decode(latent)


class ConditionalDiscriminator(nn.Module):
    """Score how real a series looks for its class: channels that tell it are joined to the series.

    Parameters
    ----------
    n_channels, n_timepoints : int
        Shape of a series.
    n_classes : int
        Number of classes: as many channels more, of which that of the class is 1 and others are 0.
    hidden_size : int, default=32
        As in :class:`ConvolutionalDiscriminator`.
    batch_norm : bool, default=True
        Whether there is batch norm.

    References
    ----------
    .. [1] Mirza, M., Osindero, S. (2014). Conditional generative adversarial nets.
       arXiv:1411.1784.

    Examples
    --------
    >>> import torch
    >>> discriminator = ConditionalDiscriminator(n_channels=2, n_timepoints=50, n_classes=3)
    >>> discriminator(torch.randn(4, 2, 50), torch.tensor([0, 1, 2, 0])).shape
    torch.Size([4])
    """

    def __init__(
        self,
        n_channels: int,
        n_timepoints: int,
        n_classes: int,
        hidden_size: int = 32,
        batch_norm: bool = True,
    ):
        super().__init__()
        self.n_classes = n_classes
        self.discriminator = ConvolutionalDiscriminator(
            n_channels + n_classes, n_timepoints, hidden_size, batch_norm
        )

    def forward(self, series: Tensor, label: Tensor) -> Tensor:
        """Score each series.

        Parameters
        ----------
        series : Tensor of shape (batch, n_channels, n_timepoints)
            Series in ``[-1, 1]``.
        label : Tensor of shape (batch,), dtype=int64
            Class of each series, from 0.

        Returns
        -------
        Tensor of shape (batch,)
        """
        classes = one_hot(label, self.n_classes).to(series.dtype)  # (batch, n_classes)
        channels = classes.unsqueeze(2).expand(-1, -1, series.shape[2])
        return self.discriminator(torch.cat([series, channels], dim=1))
