"""The generator and the discriminator of DCGAN, in one dimension."""

import torch
from torch import Tensor, nn

from ganbats_sampler.networks.classes import append_class

#: Convolutions that double or halve the time axis, and their kernel: both are the paper's. An even
#: stride with an odd kernel keeps a series twice as long as the layer before it.
N_LAYERS, KERNEL_SIZE = 4, 5


class ConvolutionalGenerator(nn.Module):
    """Turn noise into a series by fractionally-strided convolutions ([1]_, figure 1).

    The noise is projected to a short series of many channels. Four transposed convolutions of
    stride 2 follow, each with half the channels of the one before; batch norm and ReLU after each
    but the last, and a tanh after that. What is longer than a series is cut off.

    Parameters
    ----------
    n_channels, n_timepoints : int
        Shape of a generated series.
    hidden_size : int, default=32
        Channels of the last hidden layer; the first has eight times as many. The paper has 128.
    latent_size : int, default=100
        Values of noise for a series. They are Gaussian; the paper's uniform noise in [-1, 1] is
        made of them.
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

    Four convolutions of stride 2, each with twice the channels of the one before, a leaky ReLU
    after each, and batch norm before it in all but the first; then one linear unit. Without batch
    norm it is the critic of WGAN-GP.

    Parameters
    ----------
    n_channels, n_timepoints : int
        Shape of a series.
    hidden_size : int, default=32
        Channels of the first layer; the last has eight times as many.
    batch_norm : bool, default=True
        Whether there is batch norm.
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
    """Transposed convolution to exactly twice as many time steps."""
    return nn.ConvTranspose1d(
        n_in, n_out, KERNEL_SIZE, stride=2, padding=KERNEL_SIZE // 2, output_padding=1
    )


def _halve(n_in: int, n_out: int) -> nn.Module:
    """Convolution to half as many time steps, rounded up."""
    return nn.Conv1d(n_in, n_out, KERNEL_SIZE, stride=2, padding=KERNEL_SIZE // 2)


def initialize(module: nn.Module) -> None:
    """Draw weights from a normal of deviation .02, as the paper's section 4 says."""
    if isinstance(module, nn.Conv1d | nn.ConvTranspose1d | nn.Linear):
        nn.init.normal_(module.weight, 0.0, 0.02)
        if module.bias is not None:
            nn.init.zeros_(module.bias)
    elif isinstance(module, nn.BatchNorm1d):
        nn.init.normal_(module.weight, 1.0, 0.02)
