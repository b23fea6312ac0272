"""The generator and the discriminator of DCGAN, in one dimension."""

import torch
from torch import Tensor, nn

from ganbats_sampler.networks.classes import append_class

#: Number of convolutions that double or halve the time axis, and their kernel size, as in the
#: paper.
N_LAYERS, KERNEL_SIZE = 4, 5


class ConvolutionalGenerator(nn.Module):
    """Turn noise into a series by fractionally-strided convolutions ([1]_, figure 1).

    The noise is projected to a short series of many channels. Four transposed convolutions of
    stride 2 follow, and the first three halve the number of channels. Batch norm and a ReLU follow
    every layer but the last, which a tanh follows. The output is cut to the length of a series.

    Parameters
    ----------
    n_channels, n_timepoints : int
        Shape of a generated series.
    hidden_size : int, default=32
        Channels of the last hidden layer; the first has eight times as many. The paper uses 128.
    latent_size : int, default=100
        Number of Gaussian noise values for a series. The network turns them into the paper's
        uniform noise in [-1, 1].
    n_classes : int, default=0
        Number of classes, if the network receives the class of each series; 0 if it does not.

    Attributes
    ----------
    noise_shape : tuple of int
        Shape of the noise for one series.

    References
    ----------
    .. [1] Radford, A., Metz, L., Chintala, S. (2016). Unsupervised representation learning with
       deep convolutional generative adversarial networks. ICLR.

    Examples
    --------
    >>> import torch
    >>> ConvolutionalGenerator(n_channels=2, n_timepoints=50)(torch.randn(3, 100)).shape
    torch.Size([3, 2, 50])
    """

    def __init__(
        self,
        n_channels: int,
        n_timepoints: int,
        hidden_size: int = 32,
        latent_size: int = 100,
        n_classes: int = 0,
    ):
        super().__init__()
        self.noise_shape = (latent_size,)
        self.n_classes = n_classes
        self.n_timepoints = n_timepoints
        width = hidden_size * 2 ** (N_LAYERS - 1)
        self.start = (width, -(-n_timepoints // 2**N_LAYERS))
        n_latent = latent_size + n_classes
        self.project = nn.Linear(n_latent, self.start[0] * self.start[1], bias=False)
        layers: list[nn.Module] = [nn.BatchNorm1d(width), nn.ReLU()]
        for _ in range(N_LAYERS - 1):
            layers += [_double(width, width // 2), nn.BatchNorm1d(width // 2), nn.ReLU()]
            width //= 2
        self.layers = nn.Sequential(*layers, _double(width, n_channels), nn.Tanh())
        self.apply(initialize)

    def forward(self, noise: Tensor, label: Tensor | None = None) -> Tensor:
        """Turn noise, (batch, latent_size), into series, (batch, n_channels, n_timepoints).

        A generator with classes also takes the class of each series, (batch,), from 0.
        """
        latent = append_class(self.to_uniform(noise), label, self.n_classes)
        features = self.project(latent).unflatten(1, self.start)  # (batch, width, time / 16)
        return self.layers(features)[:, :, : self.n_timepoints]

    @staticmethod
    def to_uniform(noise: Tensor) -> Tensor:
        """Turn Gaussian noise into noise that is uniform in [-1, 1]."""
        return 2 * torch.special.ndtr(noise) - 1


class ConvolutionalDiscriminator(nn.Module):
    """Score how real a series looks, by strided convolutions [1]_.

    Four convolutions of stride 2, each with twice the channels of the one before, lead to one
    linear unit. A leaky ReLU follows each convolution, after batch norm in all but the first.
    Without batch norm, the network is the critic of WGAN-GP.

    Parameters
    ----------
    n_channels, n_timepoints : int
        Shape of a series.
    hidden_size : int, default=32
        Channels of the first layer; the last has eight times as many.
    batch_norm : bool, default=True
        Whether to use batch norm.
    n_classes : int, default=0
        Number of classes, if the network receives the class of each series; 0 if it does not.

    References
    ----------
    .. [1] Radford, A., Metz, L., Chintala, S. (2016). Unsupervised representation learning with
       deep convolutional generative adversarial networks. ICLR.

    Examples
    --------
    >>> import torch
    >>> ConvolutionalDiscriminator(n_channels=2, n_timepoints=50)(torch.randn(3, 2, 50)).shape
    torch.Size([3])
    """

    def __init__(
        self,
        n_channels: int,
        n_timepoints: int,
        hidden_size: int = 32,
        batch_norm: bool = True,
        n_classes: int = 0,
    ):
        super().__init__()
        self.n_classes = n_classes
        layers: list[nn.Module] = [_halve(n_channels + n_classes, hidden_size), nn.LeakyReLU(0.2)]
        width = hidden_size
        for _ in range(N_LAYERS - 1):
            layers.append(_halve(width, 2 * width))
            if batch_norm:
                layers.append(nn.BatchNorm1d(2 * width))
            layers.append(nn.LeakyReLU(0.2))
            width *= 2
        self.layers = nn.Sequential(*layers)
        self.score = nn.Linear(width * -(-n_timepoints // 2**N_LAYERS), 1)
        self.apply(initialize)

    def forward(self, series: Tensor, label: Tensor | None = None) -> Tensor:
        """Score series, (batch, n_channels, n_timepoints): one logit each, (batch,).

        A discriminator with classes also takes the class of each series, (batch,), from 0.
        """
        inputs = append_class(series, label, self.n_classes)
        return self.score(self.layers(inputs).flatten(1)).squeeze(1)


def _double(n_in: int, n_out: int) -> nn.Module:
    """Make a transposed convolution that doubles the number of time steps."""
    return nn.ConvTranspose1d(
        n_in, n_out, KERNEL_SIZE, stride=2, padding=KERNEL_SIZE // 2, output_padding=1
    )


def _halve(n_in: int, n_out: int) -> nn.Module:
    """Make a convolution that halves the number of time steps, rounded up."""
    return nn.Conv1d(n_in, n_out, KERNEL_SIZE, stride=2, padding=KERNEL_SIZE // 2)


def initialize(module: nn.Module) -> None:
    """Draw weights from a normal distribution of standard deviation .02 (the paper, section 4)."""
    if isinstance(module, nn.Conv1d | nn.ConvTranspose1d | nn.Linear):
        nn.init.normal_(module.weight, 0.0, 0.02)
        if module.bias is not None:
            nn.init.zeros_(module.bias)
    elif isinstance(module, nn.BatchNorm1d):
        nn.init.normal_(module.weight, 1.0, 0.02)
