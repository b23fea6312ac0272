"""The discriminator of GANBATS: D-parts, attention, global average pooling."""

import math

import torch
from torch import Tensor, nn

from ganbats_sampler.networks.classes import ProjectionDiscriminator
from ganbats_sampler.networks.time import time_ramp

# As in the generator; the paper does not state its kernel size.
KERNEL_SIZE = 5


class DotProductAttention(nn.Module):
    """Self-attention over time with one matrix for keys and values ([1]_, eq. 4 to 6).

    The softmax is written out: the penalties need its second derivative, which PyTorch's fused
    attention does not have. Scores are divided by the square root of the width, as usual. The
    paper does not state its scale.

    References
    ----------
    .. [1] Liu, S. et al. (2023). Research on data augmentation algorithm for time series based
       on deep learning. KSII Transactions on Internet and Information Systems, 17(6).
    """

    def __init__(self, width: int):
        super().__init__()
        self.query = nn.Linear(width, width)
        self.key = nn.Linear(width, width)
        self.scale = 1 / math.sqrt(width)

    def forward(self, features: Tensor) -> Tensor:
        """Mix the time steps of `features`; input and output have shape (batch, time, width)."""
        key = self.key(features)
        scores = self.query(features) @ key.transpose(1, 2) * self.scale  # (batch, time, time)
        return scores.softmax(dim=-1) @ key


class GANBATSDiscriminator(ProjectionDiscriminator):
    """Score how real a series looks ([1]_, section 3.2).

    The network has D-parts (convolution, ReLU, batch norm, in the paper's order), attention over
    time, global average pooling, and one linear unit instead of an MLP. Each D-part halves the time
    axis, because the cost of attention is quadratic in the number of time steps. The paper does not
    state its stride.

    Parameters
    ----------
    n_channels : int
        Channels of a series.
    hidden_size : int, default=64
        Width of the D-parts and of the attention.
    attention : bool, default=True
        Whether to use attention. Without it, the output of the D-parts is pooled directly (the
        ablation of the paper's tables 2 and 3).
    n_parts : int, default=2
        Number of D-parts. The paper says two in one place and three in another.
    batch_norm : bool, default=True
        Whether D-parts have batch norm. It lets the discriminator tell real from generated series
        by the batch alone. Use False with a gradient penalty, which is defined on single series.
    positional : bool, default=False
        Whether to append a positional channel (CoordConv), the position of each time step in the
        series. The paper has none.
    n_classes : int, default=0
        Number of classes, if the network receives the class of each series; 0 if it does not.

    Notes
    -----
    With classes, this is a projection discriminator ([2]_, section 3). The score of a series x for
    its class y is ``linear(f(x)) + <embedding(y), f(x)>``, where f(x) are the features of the
    series. Classes share the features, so that a minority class adds only one vector.

    References
    ----------
    .. [1] Liu, S. et al. (2023). Research on data augmentation algorithm for time series based
       on deep learning. KSII Transactions on Internet and Information Systems, 17(6).

    .. [2] Miyato, T., Koyama, M. (2018). cGANs with projection discriminator. ICLR.

    Examples
    --------
    >>> import torch
    >>> GANBATSDiscriminator(n_channels=2)(torch.randn(3, 2, 50)).shape
    torch.Size([3])
    """

    def __init__(
        self,
        n_channels: int,
        hidden_size: int = 64,
        attention: bool = True,
        n_parts: int = 2,
        batch_norm: bool = True,
        positional: bool = False,
        n_classes: int = 0,
    ):
        super().__init__()
        self.positional = positional
        parts: list[nn.Module] = []
        width = n_channels + positional
        for _ in range(n_parts):
            parts += [
                nn.Conv1d(width, hidden_size, KERNEL_SIZE, stride=2, padding=KERNEL_SIZE // 2),
                nn.ReLU(),
            ]
            if batch_norm:
                parts.append(nn.BatchNorm1d(hidden_size))
            width = hidden_size
        self.parts = nn.Sequential(*parts)
        self.attention = DotProductAttention(width) if attention else nn.Identity()
        self.add_score(width, n_classes)

    def pool(self, series: Tensor) -> Tensor:
        """Turn series, (batch, n_channels, n_timepoints), into features, (batch, width)."""
        if self.positional:
            series = torch.cat([series, time_ramp(series)], dim=1)
        features = self.parts(series).transpose(1, 2)  # (batch, time / 2 ** n_parts, width)
        return self.attention(features).mean(dim=1)  # (batch, width)
