"""Over-sampling by random transforms of real series."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
from imblearn.utils import Substitution
from sklearn.utils._param_validation import StrOptions

from ganbats_sampler.samplers._docstrings import SERIES
from ganbats_sampler.samplers.base import BaseSeriesOverSampler, SeriesGenerator
from ganbats_sampler.series import DeviationScaler
from ganbats_sampler.transforms import TRANSFORMS, Transform

#: Series to draw at a time.
CHUNK = 1024


@Substitution(**SERIES)
class RandomTransformSampler(BaseSeriesOverSampler):
    """Over-sample time series by random transforms of real ones.

    Each synthetic series is a real series of its class, picked at random, with a transform, picked
    at random from those given. Nothing is trained.

    Read more in the :ref:`User Guide <comparison_set>`.

    Parameters
    ----------
    {sampling_strategy}

    {n_channels}

    transforms : str, callable or sequence of them, default="window_warp"
        A name ("jitter", "scaling", "rotation", "slicing", "window_warp", "time_warp",
        "smooth_time_warp", "permutation", "fourier"), an instance of a class in
        :mod:`ganbats_sampler.transforms` for other parameters, any function like them, or several,
        of which one is drawn at random for each synthetic series. They are given series in units of
        the standard deviation of their channel over the class, about its mean.

    {drop}

    {random_state}

    Attributes
    ----------
    {series_attributes}

    See Also
    --------
    GANBATSSampler : Over-sample by a GAN.

    Notes
    -----
    Which transforms leave a series in its class, the data decide: where a heartbeat points
    downwards, ``"rotation"`` makes something else of it, and ``"permutation"`` has it beat twice.

    Multi-class targets are supported, each class is transformed by itself.

    References
    ----------
    .. [1] Iwana, B. K., Uchida, S. (2021). An empirical survey of data augmentation for time
       series classification with neural networks. PLoS ONE 16(7). Each transform names its own
       source.

    Examples
    --------
    >>> from collections import Counter
    >>> import numpy as np
    >>> from ganbats_sampler import RandomTransformSampler
    >>> from ganbats_sampler.transforms import Jitter
    >>> rng = np.random.default_rng(0)
    >>> X = np.sin(np.linspace(0, 6, 24) + rng.normal(size=(60, 1)))
    >>> y = np.repeat(["normal", "abnormal"], [45, 15])
    >>> sampler = RandomTransformSampler(transforms=["window_warp", Jitter(sigma=0.1)])
    >>> X_resampled, y_resampled = sampler.fit_resample(X, y)
    >>> sorted(Counter(y_resampled.tolist()).items())
    [('abnormal', 45), ('normal', 45)]
    """

    _parameter_constraints: dict = {
        **BaseSeriesOverSampler._parameter_constraints,
        "transforms": [StrOptions(set(TRANSFORMS)), callable, "array-like"],
    }

    def __init__(
        self,
        *,
        sampling_strategy="auto",
        n_channels=None,
        transforms="window_warp",
        drop=None,
        random_state=None,
    ):
        super().__init__(sampling_strategy=sampling_strategy)
        self.n_channels = n_channels
        self.transforms = transforms
        self.drop = drop
        self.random_state = random_state

    def _fit_generators(
        self, series: np.ndarray, y: np.ndarray, targets: list, seeds: dict[Any, int]
    ) -> dict[Any, SeriesGenerator]:
        transforms = look_up_transforms(self.transforms)
        return {label: TransformGenerator(series[y == label], transforms) for label in targets}


def look_up_transforms(transforms: Any) -> list[Transform]:
    """Turn names, transforms or a mixture of them into transforms."""
    given = transforms if isinstance(transforms, list | tuple | np.ndarray) else [transforms]
    found: list = [TRANSFORMS.get(t) if isinstance(t, str) else t for t in given]
    if not found or not all(callable(t) and not isinstance(t, type) for t in found):
        raise ValueError(
            f"transforms={transforms!r} was given; each must be a function of (series, rng), as an "
            f"instance of a class in ganbats_sampler.transforms is, or one of {list(TRANSFORMS)}, "
            "and there must be at least one."
        )
    return found


class TransformGenerator:
    """Draw transformed copies of real series.

    Parameters
    ----------
    series : ndarray of shape (n_samples, n_channels, n_timepoints)
        The class, in the units of the data.
    transforms : sequence of Transform
        One of them, at random, is done to each copy.
    """

    def __init__(self, series: np.ndarray, transforms: Sequence[Transform]):
        self.series = series
        self.transforms = transforms
        self.scaler = DeviationScaler.fit(series)

    def draw(self, n_samples: int, seed: int) -> Iterator[np.ndarray]:
        """Yield series in chunks, (n, n_channels, n_timepoints), float64."""
        rng = np.random.default_rng(seed)
        for start in range(0, n_samples, CHUNK):
            n = min(CHUNK, n_samples - start)
            picked = self.series[rng.integers(len(self.series), size=n)]
            drawn = transform_some(self.scaler.transform(picked), self.transforms, rng)
            yield self.scaler.inverse_transform(drawn)


def transform_some(
    series: np.ndarray, transforms: Sequence[Transform], rng: np.random.Generator
) -> np.ndarray:
    """Do to each series, in place, one of the transforms, at random."""
    which = rng.integers(len(transforms), size=len(series))
    for i, transform in enumerate(transforms):
        if (which == i).any():
            series[which == i] = _apply(transform, series[which == i], rng)
    return series


def _apply(transform: Transform, series: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Transform series, and check what came of them: the transform may be the user's own."""
    made = np.asarray(transform(series, rng), dtype=np.float64)
    if made.shape != series.shape or not np.isfinite(made).all():
        what = f"shape {made.shape}" if made.shape != series.shape else "values that are not finite"
        raise ValueError(
            f"The transform {transform!r} was given series of shape {series.shape} and returned "
            f"{what}; it must return as many finite values."
        )
    return made
