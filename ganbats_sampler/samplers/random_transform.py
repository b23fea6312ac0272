"""Over-sampling by random transforms of real series."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from imblearn.utils import Substitution
from sklearn.utils._param_validation import StrOptions

from ganbats_sampler.generators.protocol import Generator, RealSeries
from ganbats_sampler.generators.transform import TransformGenerator
from ganbats_sampler.samplers._docstrings import SERIES
from ganbats_sampler.samplers._hints import Constrain, Drop, SamplingStrategy, Seed
from ganbats_sampler.samplers.base import BaseSeriesOverSampler
from ganbats_sampler.transforms import TRANSFORMS, Transform, look_up_transforms


@Substitution(**SERIES)
class RandomTransformSampler(BaseSeriesOverSampler):
    """Over-sample time series by random transforms of real ones.

    For each synthetic series, a real series of its class and one of the transforms are chosen at
    random, and the transform is applied to the series. Nothing is trained. A survey compares most
    of these transforms [1]_.

    Read more in the :ref:`User Guide <comparison_set>`.

    Parameters
    ----------
    {sampling_strategy}

    {n_channels}

    transforms : str, callable or sequence of them, default="window_warp"
        One transform or several. Each is a name ("jitter", "scaling", "rotation", "slicing",
        "window_warp", "time_warp", "smooth_time_warp", "permutation", "fourier"), an instance of a
        class in :mod:`ganbats_sampler.transforms`, to set its parameters, or any function with the
        same arguments. They receive series that are standardised by channel over the class.

    {constrain}

    {drop}

    {random_state}

    Attributes
    ----------
    {series_attributes}

    See Also
    --------
    GANBATSSampler : Over-sample with a GAN.

    Notes
    -----
    Which transforms keep a series in its class depends on the data. An inverted heartbeat
    (``"rotation"``) is no longer a heartbeat, and with ``"permutation"`` it may beat twice.

    Multi-class targets are supported. Each class is transformed separately.

    References
    ----------
    .. [1] Iwana, B. K., Uchida, S. (2021). An empirical survey of data augmentation for time
       series classification with neural networks. PLoS ONE 16(7).

    Examples
    --------
    >>> from collections import Counter
    >>> import numpy as np
    >>> from ganbats_sampler import RandomTransformSampler
    >>> from ganbats_sampler.transforms import Jitter
    {example_data}
    >>> sampler = RandomTransformSampler(transforms=["window_warp", Jitter(sigma=0.1)])
    >>> X_resampled, y_resampled = sampler.fit_resample(X, y)
    >>> sorted(Counter(y_resampled.tolist()).items())
    [('abnormal', 45), ('normal', 45)]
    """

    _parameter_constraints: dict[str, Any] = {
        **BaseSeriesOverSampler._parameter_constraints,
        "transforms": [StrOptions(set(TRANSFORMS)), callable, "array-like"],
    }

    def __init__(
        self,
        *,
        sampling_strategy: SamplingStrategy = "auto",
        n_channels: int | None = None,
        transforms: str | Transform | Sequence[str | Transform] = "window_warp",
        constrain: Constrain = "whole",
        drop: Drop = None,
        random_state: Seed = None,
    ):
        super().__init__(sampling_strategy=sampling_strategy)
        self.n_channels = n_channels
        self.transforms = transforms
        self.constrain = constrain
        self.drop = drop
        self.random_state = random_state

    def _fit_generators(
        self, series: np.ndarray, y: np.ndarray, targets: list[Any], seeds: dict[Any, int]
    ) -> dict[Any, Generator]:
        transforms = look_up_transforms(self.transforms)
        return {
            label: TransformGenerator(RealSeries.select(series, y == label), transforms)
            for label in targets
        }
