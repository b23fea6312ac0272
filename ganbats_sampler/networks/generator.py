"""The generator of GANBATS: a Bi-LSTM, three G-parts, an output convolution."""

from torch import Tensor, nn

# Odd, so that "same" padding is symmetric; the paper does not state its kernel size.
KERNEL_SIZE = 5


class GANBATSGenerator(nn.Module):
    """Turn a sequence of noise into a series [1]_, section 3.1.

    A two-layer Bi-LSTM reads one Gaussian value per time step. Three G-parts (convolution, batch
    norm, ReLU) of decreasing width follow, then the output structure: a convolution to the
    channels of the series and a tanh, so that series come out in ``[-1, 1]``.

    Parameters
    ----------
    n_channels : int
        Channels of a generated series.
    hidden_size : int, default=64
        Hidden units of each direction of the LSTM; the G-parts have this width, a half and a
        quarter of it.
    bilstm : bool, default=True
        Without it the noise goes straight to the G-parts (the ablation of the paper's tables 2
        and 3).

    References
    ----------
    .. [1] Liu, S. et al. (2023). Research on data augmentation algorithm for time series based
       on deep learning. KSII Transactions on Internet and Information Systems, 17(6).

    Examples
    --------
    >>> import torch
    >>> GANBATSGenerator(n_channels=2)(torch.randn(3, 50, 1)).shape
    torch.Size([3, 2, 50])
    """

    def __init__(self, n_channels: int, hidden_size: int = 64, bilstm: bool = True):
        super().__init__()
        self.lstm = (
            nn.LSTM(1, hidden_size, num_layers=2, batch_first=True, bidirectional=True)
            if bilstm
            else None
        )
        width = 2 * hidden_size if bilstm else 1
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

    def forward(self, noise: Tensor) -> Tensor:
        """Generate a series from each sequence of noise.

        Parameters
        ----------
        noise : Tensor of shape (batch, n_timepoints, 1)
            Standard Gaussian noise.

        Returns
        -------
        Tensor of shape (batch, n_channels, n_timepoints)
            Series in ``[-1, 1]``.
        """
        features = noise if self.lstm is None else self.lstm(noise)[0]  # (batch, time, width)
        return self.output(self.parts(features.transpose(1, 2)))  # (batch, channels, time)
