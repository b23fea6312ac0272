"""The class of a series as an input of a network."""

import torch
from torch import Tensor, nn
from torch.nn.functional import one_hot


def append_class(inputs: Tensor, label: Tensor | None, n_classes: int) -> Tensor:
    """Append the class of each series as one-hot channels.

    Mirza, M., Osindero, S. (2014). Conditional generative adversarial nets. arXiv:1411.1784,
    section 3.2.

    Parameters
    ----------
    inputs : Tensor of shape (batch, n_inputs) or (batch, n_inputs, n_timepoints)
        The features of each series that the network receives.
    label : Tensor of shape (batch,), dtype=int64, or None
        The class of each series, from 0. None returns the inputs as they are.
    n_classes : int
        Number of classes.

    Returns
    -------
    Tensor of shape (batch, n_inputs + n_classes) or (batch, n_inputs + n_classes, n_timepoints)
        The inputs and the class.
    """
    if label is None:
        return inputs
    classes = one_hot(label, n_classes).to(inputs.dtype)  # (batch, n_classes)
    if inputs.ndim == 3:
        classes = classes.unsqueeze(2).expand(-1, -1, inputs.shape[2])
    return torch.cat([inputs, classes], dim=1)


class ProjectionDiscriminator(nn.Module):
    """Score the features of a series, f(x), with or without its class y.

    The score is ``linear(f(x))``, and with classes ``linear(f(x)) + <embedding(y), f(x)>`` (Miyato,
    T., Koyama, M. (2018). cGANs with projection discriminator. ICLR, section 3). Subclasses
    implement :meth:`pool`, and call :meth:`add_score` in their constructor.
    """

    def add_score(self, width: int, n_classes: int) -> None:
        """Add the layers that score `width` features; `n_classes` is 0 without classes."""
        self.score = nn.Linear(width, 1)
        if n_classes:
            self.embedding = nn.Embedding(n_classes, width)
            # as in the authors' code; PyTorch's unit normal would outweigh the linear unit
            nn.init.xavier_uniform_(self.embedding.weight)

    def pool(self, series: Tensor) -> Tensor:
        """Turn series or components into features, (batch, width)."""
        raise NotImplementedError

    def forward(self, series: Tensor, label: Tensor | None = None) -> Tensor:
        """Score series, (batch, n_channels, n_timepoints): one logit each, (batch,).

        A series with a logit above 0 is taken for real. A discriminator with classes also takes the
        class of each series, (batch,), from 0, and scores how real the series looks for its class.
        """
        features = self.pool(series)
        score = self.score(features).squeeze(-1)
        if label is None:
            return score
        return score + (self.embedding(label) * features).sum(dim=1)
