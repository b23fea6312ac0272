"""CGAN: one conditional GAN of all classes."""

from __future__ import annotations

from numbers import Integral
from typing import Any

import numpy as np
from imblearn.utils import Substitution
from sklearn.utils._param_validation import Interval

from ganbats_sampler.adversarial import NON_SATURATING, Recipe
from ganbats_sampler.networks import ConditionalDiscriminator, ConditionalGenerator
from ganbats_sampler.samplers._docstrings import ADVERSARIAL
from ganbats_sampler.samplers.adversarial import BaseAdversarialSampler
from ganbats_sampler.samplers.groups import TrainingGroup, group_all_classes


@Substitution(**ADVERSARIAL)
class CGANSampler(BaseAdversarialSampler):
    """Over-sample time series with CGAN, one conditional GAN of all classes.

    One generator is trained against one discriminator on the series of all classes, and both are
    told the class of each series [1]_. What a rare class shares with the others, the generator can
    learn from them; but as few of the series in a batch are of that class as of the data.

    Read more in the :ref:`User Guide <comparison_set>`.

    Parameters
    ----------
    {sampling_strategy}

    {n_channels}

    hidden_size : int, default=32
        Channels of the discriminator's first and the generator's last hidden layer; at their other
        end both have eight times as many.

    latent_size : int, default=100
        Values of noise for a series.

    {max_epochs}

    min_updates : int, default=500
        Least number of updates of the generator.

    batch_size : int, default=32
        Series in an update; a smaller class is one batch. The paper has 100.

    lr : float, default=2e-4
        Learning rate of both Adam optimisers, whose first beta is .5.

    {failure}

    n_jobs : int, default=None
        Not used, for there is one net; it is here for all GANs to be called alike.

    {random_state}

    Attributes
    ----------
    {attributes}

    See Also
    --------
    GANBATSSampler : A GAN with Bi-LSTM and attention.
    DCGANSampler : The same networks, for each class by itself and not told of others.

    Notes
    -----
    The paper conditions perceptrons, which make images of 28 x 28. Here its conditioning is that of
    the networks and the optimiser of :class:`DCGANSampler`, for the perceptrons, trained as the
    paper does or with Adam, collapsed on series: the user guide has the figures.

    References
    ----------
    .. [1] Mirza, M., Osindero, S. (2014). Conditional generative adversarial nets.
       arXiv:1411.1784.

    Examples
    --------
    >>> from collections import Counter
    >>> import numpy as np
    >>> from ganbats_sampler import CGANSampler
    >>> rng = np.random.default_rng(0)
    >>> X = np.sin(np.linspace(0, 6, 24) + rng.normal(size=(60, 1)))
    >>> y = np.repeat(["normal", "abnormal"], [45, 15])
    >>> sampler = CGANSampler(hidden_size=16, lr=1e-3, min_updates=100, random_state=0)
    >>> X_resampled, y_resampled = sampler.fit_resample(X, y)
    >>> sorted(Counter(y_resampled.tolist()).items())
    [('abnormal', 45), ('normal', 45)]
    """

    _parameter_constraints: dict = {
        **BaseAdversarialSampler._parameter_constraints,
        "hidden_size": [Interval(Integral, 1, None, closed="left")],
        "latent_size": [Interval(Integral, 1, None, closed="left")],
    }

    def __init__(
        self,
        *,
        sampling_strategy="auto",
        n_channels=None,
        hidden_size=32,
        latent_size=100,
        max_epochs=10,
        min_updates=500,
        batch_size=32,
        lr=2e-4,
        validation_fraction=None,
        min_class_size=5,
        on_failure="fallback",
        drop=None,
        device="auto",
        n_jobs=None,
        random_state=None,
        verbose=False,
    ):
        super().__init__(
            sampling_strategy=sampling_strategy,
            n_channels=n_channels,
            max_epochs=max_epochs,
            min_updates=min_updates,
            batch_size=batch_size,
            lr=lr,
            validation_fraction=validation_fraction,
            min_class_size=min_class_size,
            on_failure=on_failure,
            drop=drop,
            device=device,
            n_jobs=n_jobs,
            random_state=random_state,
            verbose=verbose,
        )
        self.hidden_size = hidden_size
        self.latent_size = latent_size

    def _recipe(self) -> Recipe:
        return Recipe(loss=NON_SATURATING, optimizer_options={"betas": (0.5, 0.999)})

    def _groups(
        self, series: np.ndarray, y: np.ndarray, targets: list, seeds: dict[Any, int]
    ) -> list[TrainingGroup]:
        return group_all_classes(series, y, targets, seeds)

    def _networks(self, n_classes: int) -> dict[str, Any]:
        return {
            "module": ConditionalGenerator,
            "module__n_channels": self.n_channels_,
            "module__n_timepoints": self.n_timepoints_,
            "module__n_classes": n_classes,
            "module__hidden_size": self.hidden_size,
            "module__latent_size": self.latent_size,
            "discriminator": ConditionalDiscriminator,
            "discriminator__n_channels": self.n_channels_,
            "discriminator__n_timepoints": self.n_timepoints_,
            "discriminator__n_classes": n_classes,
            "discriminator__hidden_size": self.hidden_size,
        }
