"""The network of flow matching, which predicts the velocity from noise to components."""

from __future__ import annotations

import math

import torch
from torch import Tensor, nn

#: Number of sines, and of cosines, of the time that the network receives.
N_FREQUENCIES = 8


class VelocityNetwork(nn.Module):
    """Predict the velocity of components at a time between 0 (noise) and 1 (data).

    Three layers with SiLU read the components, and sines and cosines of the time.

    Parameters
    ----------
    n_components : int
        Number of components.
    hidden_size : int, default=256
        Width of the layers.

    Attributes
    ----------
    noise_shape : tuple of int
        Shape of the noise for one series.

    Examples
    --------
    >>> import torch
    >>> VelocityNetwork(n_components=12)(torch.randn(3, 1, 12), torch.rand(3)).shape
    torch.Size([3, 1, 12])
    """

    frequencies: Tensor

    def __init__(self, n_components: int, hidden_size: int = 256):
        super().__init__()
        self.noise_shape = (1, n_components)
        self.register_buffer("frequencies", math.pi * torch.arange(1, N_FREQUENCIES + 1))
        layers: list[nn.Module] = []
        width = n_components + 2 * N_FREQUENCIES
        for _ in range(3):
            layers += [nn.Linear(width, hidden_size), nn.SiLU()]
            width = hidden_size
        self.layers = nn.Sequential(*layers, nn.Linear(width, n_components))

    def forward(self, values: Tensor, time: Tensor) -> Tensor:
        """Turn components, (batch, 1, n_components), and times, (batch,), into velocities."""
        angles = time[:, None] * self.frequencies
        features = torch.cat([values[:, 0], angles.sin(), angles.cos()], dim=1)
        return self.layers(features).unsqueeze(1)
