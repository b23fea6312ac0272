"""The networks of GANBATS, told the class of each series."""

import torch
from torch import Tensor, nn
from torch.nn.functional import one_hot

from ganbats_sampler.networks.discriminator import GANBATSDiscriminator
from ganbats_sampler.networks.generator import GANBATSGenerator


class ConditionalGANBATSGenerator(nn.Module):
    """Turn a sequence of noise and a class into a series.

    The class, one value of 0 or 1 for each there is, is joined to the noise of every time step
    ([1]_, section 3.2); the rest is :class:`GANBATSGenerator`.

    Parameters
    ----------
    n_channels, n_timepoints : int
        Shape of a generated series.
    n_classes : int
        Number of classes.
    hidden_size, bilstm, positional
        As in :class:`GANBATSGenerator`.

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
    >>> generator = ConditionalGANBATSGenerator(n_channels=2, n_timepoints=50, n_classes=3)
    >>> generator(torch.randn(4, 50, 1), torch.tensor([0, 1, 2, 0])).shape
    torch.Size([4, 2, 50])
    """

    def __init__(
        self,
        n_channels: int,
        n_timepoints: int,
        n_classes: int,
        hidden_size: int = 64,
        bilstm: bool = True,
        positional: bool = False,
    ):
        super().__init__()
        self.noise_shape = (n_timepoints, 1)
        self.n_classes = n_classes
        self.generator = GANBATSGenerator(
            n_channels, n_timepoints, hidden_size, bilstm, positional, n_conditions=n_classes
        )

    def forward(self, noise: Tensor, label: Tensor) -> Tensor:
        """Generate a series of a class from each sequence of noise.

        Parameters
        ----------
        noise : Tensor of shape (batch, n_timepoints, 1)
            Standard Gaussian noise.
        label : Tensor of shape (batch,), dtype=int64
            Class of each series, from 0.

        Returns
        -------
        Tensor of shape (batch, n_channels, n_timepoints)
            Series in ``[-1, 1]``.
        """
        classes = one_hot(label, self.n_classes).to(noise.dtype)  # (batch, n_classes)
        classes = classes.unsqueeze(1).expand(-1, noise.shape[1], -1)
        return self.generator.decode(
            torch.cat([self.generator.add_position(noise), classes], dim=2)
        )


class ProjectionDiscriminator(nn.Module):
    """Score how real a series looks for its class, by projection ([1]_, section 3).

    With the features f(x) of :class:`GANBATSDiscriminator` and its linear unit, the score is

        ``linear(f(x)) + <embedding(y), f(x)>``

    What is real in any class and what is of the class are added up, and the features are shared: a
    rare class adds no more than a vector of its own.

    Parameters
    ----------
    n_channels : int
        Channels of a series.
    n_classes : int
        Number of classes.
    hidden_size, attention, n_parts, batch_norm, positional
        As in :class:`GANBATSDiscriminator`.

    References
    ----------
    .. [1] Miyato, T., Koyama, M. (2018). cGANs with projection discriminator. ICLR.

    Examples
    --------
    >>> import torch
    >>> discriminator = ProjectionDiscriminator(n_channels=2, n_classes=3)
    >>> discriminator(torch.randn(4, 2, 50), torch.tensor([0, 1, 2, 0])).shape
    torch.Size([4])
    """

    def __init__(
        self,
        n_channels: int,
        n_classes: int,
        hidden_size: int = 64,
        attention: bool = True,
        n_parts: int = 2,
        batch_norm: bool = True,
        positional: bool = False,
    ):
        super().__init__()
        self.discriminator = GANBATSDiscriminator(
            n_channels, hidden_size, attention, n_parts, batch_norm, positional
        )
        self.embedding = nn.Embedding(n_classes, self.discriminator.n_features)
        # as in the authors' code; PyTorch's unit normal would drown the linear unit
        nn.init.xavier_uniform_(self.embedding.weight)

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
            Logits: above 0 the series is taken for a real one of its class.
        """
        features = self.discriminator.pool(series)  # (batch, n_features)
        real = self.discriminator.score(features).squeeze(-1)
        return real + (self.embedding(label) * features).sum(dim=1)
