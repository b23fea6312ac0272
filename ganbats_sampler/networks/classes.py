"""The class of a series as an input of a network."""

import torch
from torch import Tensor
from torch.nn.functional import one_hot


def append_class(inputs: Tensor, label: Tensor | None, n_classes: int) -> Tensor:
    """Append the class of each series as channels, of which that of the class is 1 and others 0.

    Mirza, M., Osindero, S. (2014). Conditional generative adversarial nets. arXiv:1411.1784,
    section 3.2.

    Parameters
    ----------
    inputs : Tensor of shape (batch, n_inputs) or (batch, n_inputs, n_timepoints)
        What the network is given of each series.
    label : Tensor of shape (batch,), dtype=int64, or None
        The class of each series, from 0; None for a network that is not conditional.
    n_classes : int
        Number of classes.

    Returns
    -------
    Tensor of shape (batch, n_inputs + n_classes) or (batch, n_inputs + n_classes, n_timepoints)
    """
    if label is None:
        return inputs
    classes = one_hot(label, n_classes).to(inputs.dtype)  # (batch, n_classes)
    if inputs.ndim == 3:
        classes = classes.unsqueeze(2).expand(-1, -1, inputs.shape[2])
    return torch.cat([inputs, classes], dim=1)
