"""The generator of GANBATS: a Bi-LSTM, three G-parts, an output convolution."""

import torch
from torch import Tensor, nn

from ganbats_sampler.networks.classes import append_class
from ganbats_sampler.networks.time import time_ramp

# Odd, so that "same" padding is symmetric; the paper does not state its kernel size.
KERNEL_SIZE = 5
#: Number of noise values that all steps of a series share, in a generator with `positional`.
N_SERIES_NOISE = 4


class GANBATSGenerator(nn.Module):
    """Turn a sequence of noise into a series ([1]_, section 3.1).

    A two-layer Bi-LSTM reads one Gaussian value per time step. Three G-parts (convolution, batch
    norm, ReLU) of decreasing width follow. The output structure is a convolution to the channels
    of the series and a tanh, so that values lie in ``[-1, 1]``.

    Parameters
    ----------
    n_channels, n_timepoints : int
        Shape of a generated series.
    hidden_size : int, default=64
        Number of hidden units in each direction of the LSTM. The G-parts have this width, a half
        and a quarter of it.
    bilstm : bool, default=True
        Whether to use the Bi-LSTM. Without it, the noise goes directly to the G-parts (the ablation
        of the paper's tables 2 and 3).
    positional : bool, default=False
        Whether every time step also receives its position in the series, and four noise values that
        all steps of the series share. The shared values are the noise of the first steps. The paper
        has neither.
    n_classes : int, default=0
        Number of classes, if every time step receives the class of the series; 0 if it does not.

    Attributes
    ----------
    noise_shape : tuple of int
        Shape of the noise for one series.

    References
    ----------
    .. [1] Liu, S. et al. (2023). Research on data augmentation algorithm for time series based
       on deep learning. KSII Transactions on Internet and Information Systems, 17(6).

    Examples
    --------
    >>> import torch
    >>> GANBATSGenerator(n_channels=2, n_timepoints=50)(torch.randn(3, 50, 1)).shape
    torch.Size([3, 2, 50])
    """

    def __init__(
        self,
        n_channels: int,
        n_timepoints: int,
        hidden_size: int = 64,
        bilstm: bool = True,
        positional: bool = False,
        n_classes: int = 0,
    ):
        super().__init__()
        self.noise_shape = (n_timepoints, 1)
        self.positional = positional
        self.n_classes = n_classes
        width = (2 + N_SERIES_NOISE if positional else 1) + n_classes
        self.lstm = None
        if bilstm:
            self.lstm = nn.LSTM(
                width, hidden_size, num_layers=2, batch_first=True, bidirectional=True
            )
            width = 2 * hidden_size
        parts: list[nn.Module] = []
        for out_width in (hidden_size, max(hidden_size // 2, 1), max(hidden_size // 4, 1)):
            parts += [
                nn.Conv1d(width, out_width, KERNEL_SIZE, padding="same"),
                nn.BatchNorm1d(out_width),
                nn.ReLU(),
            ]
            width = out_width
        self.parts = nn.Sequential(*parts)
        self.output = nn.Sequential(
            nn.Conv1d(width, n_channels, KERNEL_SIZE, padding="same"), nn.Tanh()
        )

    def forward(self, noise: Tensor, label: Tensor | None = None) -> Tensor:
        """Turn noise, (batch, n_timepoints, 1), into series, (batch, n_channels, n_timepoints).

        A generator with classes also takes the class of each series, (batch,), from 0.
        """
        inputs = self.add_position(noise).transpose(1, 2)  # (batch, inputs, time)
        inputs = append_class(inputs, label, self.n_classes)
        if self.lstm is not None:
            inputs = self.lstm(inputs.transpose(1, 2))[0].transpose(1, 2)
        return self.output(self.parts(inputs))  # (batch, channels, time)

    def add_position(self, noise: Tensor) -> Tensor:
        """Append the position and the shared noise to the noise of each step, if `positional`."""
        if not self.positional:
            return noise
        batch, length, _ = noise.shape
        ramp = time_ramp(noise.transpose(1, 2)).transpose(1, 2)  # (batch, time, 1)
        of_series = noise[:, torch.arange(N_SERIES_NOISE) % length, 0]  # (batch, n)
        of_series = of_series.unsqueeze(1).expand(batch, length, N_SERIES_NOISE)
        return torch.cat([noise, ramp, of_series], dim=2)
