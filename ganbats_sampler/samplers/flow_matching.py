"""Flow matching on the principal components of a class."""

from __future__ import annotations

from numbers import Integral, Real
from os import PathLike
from typing import Any

import torch
from imblearn.utils import Substitution
from sklearn.utils._param_validation import Interval

from ganbats_sampler.adversarial.devices import can_fuse, resolve_device
from ganbats_sampler.adversarial.groups import TrainingGroup
from ganbats_sampler.adversarial.spaces import ComponentSpace
from ganbats_sampler.adversarial.training import Training, updates_by_size
from ganbats_sampler.flow_matching import FlowNet
from ganbats_sampler.networks import VelocityNetwork
from ganbats_sampler.samplers._docstrings import FLOW_MATCHING
from ganbats_sampler.samplers._hints import (
    Constrain,
    Drop,
    Memory,
    OnFailure,
    SamplingStrategy,
    Seed,
)
from ganbats_sampler.samplers.network import BaseNetworkSampler

#: The fewest updates of a network.
MIN_UPDATES = 600


@Substitution(**FLOW_MATCHING)
class FlowMatchingSampler(BaseNetworkSampler):
    """Over-sample time series by flow matching on the principal components of each class.

    A network learns the velocity at which Gaussian noise becomes the components of real series
    [1]_. There is no discriminator, so training takes less time than a GAN's and cannot collapse.
    The components are those of ``GANBATSSampler(space="components")``: the fewest that explain .95
    of the variance of the class, and at most 32. The residual, which they do not explain, is taken
    from a real neighbour.

    Read more in the :ref:`User Guide <flow_matching>`.

    Parameters
    ----------
    {sampling_strategy}

    {n_channels}

    hidden_size : int, default=256
        Width of the three layers of the network.

    {training}

    Attributes
    ----------
    {attributes}

    See Also
    --------
    GANBATSSampler : A GAN on the same components.
    HerdedSampler : Start with it. It trains nothing, and can choose among a network's series.

    Notes
    -----
    Multi-class targets are supported. One network is trained on each class alone.

    References
    ----------
    .. [1] Lipman, Y., Chen, R. T. Q., Ben-Hamu, H., Nickel, M., Le, M. (2023). Flow matching for
       generative modeling. ICLR.

    Examples
    --------
    >>> from collections import Counter
    >>> import numpy as np
    >>> from ganbats_sampler import FlowMatchingSampler
    {example_data}
    >>> X_resampled, y_resampled = FlowMatchingSampler(random_state=0).fit_resample(X, y)
    >>> sorted(Counter(y_resampled.tolist()).items())
    [('abnormal', 45), ('normal', 45)]
    """

    _parameter_constraints: dict[str, Any] = {
        **BaseNetworkSampler._parameter_constraints,
        "hidden_size": [Interval(Integral, 1, None, closed="left")],
        "min_updates": [Interval(Integral, 0, None, closed="left"), None],
        "lr": [Interval(Real, 0, None, closed="neither")],
        "n_jobs": [Integral, None],
    }

    def __init__(
        self,
        *,
        sampling_strategy: SamplingStrategy = "auto",
        n_channels: int | None = None,
        hidden_size: int = 256,
        max_epochs: int | None = None,
        min_updates: int | None = None,
        batch_size: int = 256,
        lr: float = 2e-3,
        validation_fraction: float | None = None,
        on_failure: OnFailure = "fallback",
        constrain: Constrain = "whole",
        drop: Drop = None,
        checkpoint: str | PathLike[str] | None = None,
        memory: Memory = None,
        max_time: float | None = None,
        warm_start: bool = False,
        device: str = "auto",
        n_jobs: int | None = None,
        random_state: Seed = None,
        verbose: bool | int = False,
    ):
        super().__init__(sampling_strategy=sampling_strategy)
        self.n_channels = n_channels
        self.hidden_size = hidden_size
        self.max_epochs = max_epochs
        self.min_updates = min_updates
        self.batch_size = batch_size
        self.lr = lr
        self.validation_fraction = validation_fraction
        self.on_failure = on_failure
        self.constrain = constrain
        self.drop = drop
        self.checkpoint = checkpoint
        self.memory = memory
        self.max_time = max_time
        self.warm_start = warm_start
        self.device = device
        self.n_jobs = n_jobs
        self.random_state = random_state
        self.verbose = verbose

    def _training(self, group: TrainingGroup) -> Training:
        device = resolve_device(self.device)
        by_size = updates_by_size(len(group.series), MIN_UPDATES)
        return Training(
            net=FlowNet,
            net_options={
                "module": VelocityNetwork,
                "module__hidden_size": self.hidden_size,
                "optimizer__fused": can_fuse(torch.optim.Adam, device),
                "lr": self.lr,
                "device": device,
            },
            space=ComponentSpace,
            batch_size=self.batch_size,
            max_epochs=self.max_epochs,
            min_updates=by_size if self.min_updates is None else self.min_updates,
            validation_fraction=self.validation_fraction,
        )
