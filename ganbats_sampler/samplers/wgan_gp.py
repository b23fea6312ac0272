"""WGAN-GP: the Wasserstein loss, and a penalty on the critic's gradient."""

from __future__ import annotations

from numbers import Integral, Real
from typing import Any

from imblearn.utils import Substitution
from sklearn.utils._param_validation import Interval

from ganbats_sampler.adversarial import WASSERSTEIN, Recipe
from ganbats_sampler.adversarial.penalties import one_centered_penalty
from ganbats_sampler.networks import ConvolutionalDiscriminator, ConvolutionalGenerator
from ganbats_sampler.samplers._docstrings import ADVERSARIAL
from ganbats_sampler.samplers.adversarial import BaseAdversarialSampler


@Substitution(**ADVERSARIAL)
class WGANGPSampler(BaseAdversarialSampler):
    """Over-sample time series with WGAN-GP, a GAN with the Wasserstein loss and a gradient penalty.

    As :class:`WGANSampler`, but the critic is kept smooth by a penalty on the norm of its gradient,
    of each series by itself, at points between real and generated ones, and has no batch norm,
    which would tie series together [1]_.

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
        Least number of updates of the generator; the critic has `n_critic` times as many.

    batch_size : int, default=32
        Series in an update; a smaller class is one batch. The paper has 64.

    lr : float, default=1e-4
        Learning rate of both Adam optimisers, whose betas are 0 and .9.

    n_critic : int, default=5
        Updates of the critic for one of the generator.

    penalty_weight : float, default=10.0
        Factor of the gradient penalty.

    {failure}

    {n_jobs}

    {random_state}

    Attributes
    ----------
    {attributes}

    See Also
    --------
    GANBATSSampler : A GAN with Bi-LSTM and attention.
    WGANSampler : With weight clipping in place of the penalty.

    References
    ----------
    .. [1] Gulrajani, I., Ahmed, F., Arjovsky, M., Dumoulin, V., Courville, A. (2017). Improved
       training of Wasserstein GANs. NeurIPS 30.

    Examples
    --------
    >>> from collections import Counter
    >>> import numpy as np
    >>> from ganbats_sampler import WGANGPSampler
    >>> rng = np.random.default_rng(0)
    >>> X = np.sin(np.linspace(0, 6, 24) + rng.normal(size=(60, 1)))
    >>> y = np.repeat(["normal", "abnormal"], [45, 15])
    >>> sampler = WGANGPSampler(hidden_size=16, lr=1e-3, min_updates=150, random_state=0)
    >>> X_resampled, y_resampled = sampler.fit_resample(X, y)
    >>> sorted(Counter(y_resampled.tolist()).items())
    [('abnormal', 45), ('normal', 45)]
    """

    _parameter_constraints: dict = {
        **BaseAdversarialSampler._parameter_constraints,
        "hidden_size": [Interval(Integral, 1, None, closed="left")],
        "latent_size": [Interval(Integral, 1, None, closed="left")],
        "n_critic": [Interval(Integral, 1, None, closed="left")],
        "penalty_weight": [Interval(Real, 0, None, closed="left")],
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
        lr=1e-4,
        n_critic=5,
        penalty_weight=10.0,
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
        self.n_critic = n_critic
        self.penalty_weight = penalty_weight

    def _recipe(self) -> Recipe:
        return Recipe(
            loss=WASSERSTEIN,
            penalty=one_centered_penalty,
            penalty_weight=self.penalty_weight,
            n_critic=self.n_critic,
            batch_norm=False,
            optimizer_options={"betas": (0.0, 0.9)},
        )

    def _networks(self, n_classes: int) -> dict[str, Any]:
        return {
            "module": ConvolutionalGenerator,
            "module__n_channels": self.n_channels_,
            "module__n_timepoints": self.n_timepoints_,
            "module__hidden_size": self.hidden_size,
            "module__latent_size": self.latent_size,
            "discriminator": ConvolutionalDiscriminator,
            "discriminator__n_channels": self.n_channels_,
            "discriminator__n_timepoints": self.n_timepoints_,
            "discriminator__hidden_size": self.hidden_size,
            "discriminator__batch_norm": False,
        }
