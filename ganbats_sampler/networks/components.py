"""The networks of GANBATS on principal components: a Bi-LSTM, and attention over segments."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor, nn

from ganbats_sampler.networks.classes import ProjectionDiscriminator, append_class
from ganbats_sampler.networks.discriminator import DotProductAttention

#: Number of steps that the Bi-LSTM reads, and of noise values in each step.
NOISE_SHAPE = (8, 4)
#: Number of equal segments of a series for attention, and of features of each segment.
N_SEGMENTS, SEGMENT_WIDTH = 16, 32
#: The slope of leaky ReLUs below 0.
SLOPE = 0.2


def make_layers(width: int, hidden: int, n_layers: int, batch_norm: bool = False) -> nn.Sequential:
    """Make linear layers of `hidden` units, each with a leaky ReLU and optional batch norm."""
    layers: list[nn.Module] = []
    for _ in range(n_layers):
        layers += [nn.Linear(width, hidden), nn.LeakyReLU(SLOPE)]
        if batch_norm:
            layers.append(nn.BatchNorm1d(hidden))
        width = hidden
    return nn.Sequential(*layers)


class ComponentGenerator(nn.Module):
    """Turn a short sequence of noise into principal components.

    A Bi-LSTM reads eight steps of four noise values. Two layers of ``4 * hidden_size`` units and a
    linear layer turn its outputs at all steps into the components, which are unbounded.

    Parameters
    ----------
    n_components : int
        Number of components.
    hidden_size : int, default=64
        Number of hidden units in both directions of the LSTM together.
    bilstm : bool, default=True
        Whether to use the Bi-LSTM. Without it, the noise goes directly to the layers.
    n_classes : int, default=0
        Number of classes, if every step receives the class of the series; 0 if it does not.

    Attributes
    ----------
    noise_shape : tuple of int
        Shape of the noise for one series.

    Examples
    --------
    >>> import torch
    >>> ComponentGenerator(n_components=12)(torch.randn(3, 8, 4)).shape
    torch.Size([3, 1, 12])
    """

    noise_shape = NOISE_SHAPE

    def __init__(
        self, n_components: int, hidden_size: int = 64, bilstm: bool = True, n_classes: int = 0
    ):
        super().__init__()
        self.n_classes = n_classes
        n_steps, width = NOISE_SHAPE
        width += n_classes
        self.lstm = None
        if bilstm:
            half = max(hidden_size // 2, 1)
            self.lstm = nn.LSTM(width, half, batch_first=True, bidirectional=True)
            width = 2 * half
        self.layers = make_layers(n_steps * width, 4 * hidden_size, 2)
        self.output = nn.Linear(4 * hidden_size, n_components)

    def forward(self, noise: Tensor, label: Tensor | None = None) -> Tensor:
        """Turn noise, (batch, 8, 4), into components, (batch, 1, n_components).

        A generator with classes also takes the class of each series, (batch,), from 0.
        """
        steps = append_class(noise.transpose(1, 2), label, self.n_classes).transpose(1, 2)
        if self.lstm is not None:
            steps = self.lstm(steps)[0]
        return self.output(self.layers(steps.flatten(1))).unsqueeze(1)


class ComponentDiscriminator(ProjectionDiscriminator):
    """Score how real principal components look, and the series that they stand for.

    Three layers read the components. In parallel, the components are turned into series and cut
    into 16 segments. Attention mixes the segments, and their mean joins the features of the layers.

    Parameters
    ----------
    axes : array-like of shape (n_components, n_values)
        The series that each component stands for, over all channels.
    hidden_size : int, default=64
        A quarter of the number of units in a layer.
    attention : bool, default=True
        Whether to use attention. Without it, the network has only the layers on the components.
    batch_norm : bool, default=False
        Whether the layers have batch norm.
    n_classes : int, default=0
        Number of classes, if the network receives the class of each series; 0 if it does not.

    Examples
    --------
    >>> import torch
    >>> ComponentDiscriminator(torch.ones(12, 50))(torch.randn(3, 1, 12)).shape
    torch.Size([3])
    """

    axes: Tensor
    positions: nn.Parameter

    def __init__(
        self,
        axes: Any,
        hidden_size: int = 64,
        attention: bool = True,
        batch_norm: bool = False,
        n_classes: int = 0,
    ):
        super().__init__()
        axes = torch.as_tensor(axes, dtype=torch.float32)
        n_components, n_values = axes.shape
        width = 4 * hidden_size
        self.layers = make_layers(n_components, width, 3, batch_norm)
        self.attention = None
        if attention:
            length = -(-n_values // N_SEGMENTS)
            padding = length * N_SEGMENTS - n_values
            self.register_buffer("axes", nn.functional.pad(axes, (0, padding)))
            self.positions = nn.Parameter(0.1 * torch.randn(N_SEGMENTS, SEGMENT_WIDTH))
            self.embed = nn.Linear(length, SEGMENT_WIDTH)
            self.attention = DotProductAttention(SEGMENT_WIDTH)
            self.mix = nn.Linear(SEGMENT_WIDTH, SEGMENT_WIDTH)
            width += SEGMENT_WIDTH
        self.add_score(width, n_classes)

    def pool(self, series: Tensor) -> Tensor:
        """Turn components, (batch, 1, n_components), into features, (batch, width)."""
        components = series[:, 0]
        features = self.layers(components)
        if self.attention is None:
            return features
        series = components @ self.axes  # (batch, values)
        segments = series.reshape(len(series), N_SEGMENTS, -1)  # (batch, segment, length)
        embedded = nn.functional.leaky_relu(self.embed(segments) + self.positions, SLOPE)
        mixed = self.mix(embedded + self.attention(embedded))  # (batch, segment, width)
        pooled = nn.functional.leaky_relu(mixed, SLOPE).mean(dim=1)
        return torch.cat([features, pooled], dim=1)
