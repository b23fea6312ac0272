"""Over-sampling by recombination of real series."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
from imblearn.utils import Substitution
from sklearn.utils._param_validation import StrOptions

from ganbats_sampler.recombination import RECOMBINATIONS, Recombination
from ganbats_sampler.samplers._docstrings import SERIES
from ganbats_sampler.samplers.base import BaseSeriesOverSampler, SeriesGenerator
from ganbats_sampler.samplers.random_transform import look_up_transforms, transform_some
from ganbats_sampler.series import DeviationScaler, RangeScaler, pick_some
from ganbats_sampler.transforms import TRANSFORMS, Transform

#: Series to draw at a time.
CHUNK = 1024
#: Series of other classes to look at, drawn at random: enough to see how series of a class differ.
MAX_OTHERS = 1000


@Substitution(**SERIES)
class RecombinationSampler(BaseSeriesOverSampler):
    """Over-sample time series by recombining real ones.

    Each synthetic series is made of a few real ones; nothing is trained.

    Read more in the :ref:`User Guide <herding>`.

    Parameters
    ----------
    {sampling_strategy}

    {n_channels}

    method : {{"arc", "deformation", "guided_warp"}} or callable, default="arc"
        How: a name, an instance of a class in :mod:`ganbats_sampler.recombination` for other
        parameters, or any function like them.

    transforms : str, callable, sequence of them or None, default="smooth_time_warp"
        What is then done to each series: as for :class:`RandomTransformSampler`; None for nothing.

    {drop}

    {random_state}

    Attributes
    ----------
    {series_attributes}

    See Also
    --------
    HerdedSampler : Choose from what several samplers make.
    RandomTransformSampler : Transform real series one by one.

    Notes
    -----
    Before a random forest, ``method="deformation"`` was measured to help most; elsewhere
    :class:`HerdedSampler` does.

    Values stay in the range of their channel over the class. A class of one series has no
    neighbours: ``"arc"`` scales it about its mean by a few percent, and with ``"guided_warp"`` the
    transforms alone vary it.

    Multi-class targets are supported, each class is recombined by itself; for ``"deformation"`` all
    others are its others.

    Examples
    --------
    >>> from collections import Counter
    >>> import numpy as np
    >>> from ganbats_sampler import RecombinationSampler
    >>> rng = np.random.default_rng(0)
    >>> X = np.sin(np.linspace(0, 6, 24) + rng.normal(size=(60, 1)))
    >>> y = np.repeat(["normal", "abnormal"], [45, 15])
    >>> X_resampled, y_resampled = RecombinationSampler(random_state=0).fit_resample(X, y)
    >>> sorted(Counter(y_resampled.tolist()).items())
    [('abnormal', 45), ('normal', 45)]
    """

    _parameter_constraints: dict = {
        **BaseSeriesOverSampler._parameter_constraints,
        "method": [StrOptions(set(RECOMBINATIONS)), callable],
        "transforms": [StrOptions(set(TRANSFORMS)), callable, "array-like", None],
    }

    def __init__(
        self,
        *,
        sampling_strategy="auto",
        n_channels=None,
        method="arc",
        transforms="smooth_time_warp",
        drop=None,
        random_state=None,
    ):
        super().__init__(sampling_strategy=sampling_strategy)
        self.n_channels = n_channels
        self.method = method
        self.transforms = transforms
        self.drop = drop
        self.random_state = random_state

    def _fit_generators(
        self, series: np.ndarray, y: np.ndarray, targets: list, seeds: dict[Any, int]
    ) -> dict[Any, SeriesGenerator]:
        method = RECOMBINATIONS[self.method] if isinstance(self.method, str) else self.method
        if isinstance(method, type):
            raise ValueError(
                f"method={method!r} was given; pass an instance of it, {method.__name__}()."
            )
        transforms = [] if self.transforms is None else look_up_transforms(self.transforms)
        return {
            label: RecombinedGenerator(
                series[y == label],
                pick_some(series, y != label, MAX_OTHERS, seeds[label]),
                method,
                transforms,
            )
            for label in targets
        }


class RecombinedGenerator:
    """Draw recombinations of real series.

    Parameters
    ----------
    series, others : ndarray of shape (n_samples, n_channels, n_timepoints)
        The class, and all other series, in the units of the data.
    method : Recombination
    transforms : sequence of Transform
        One of them, at random, is done to each series; none if there are none.
    """

    def __init__(
        self,
        series: np.ndarray,
        others: np.ndarray,
        method: Recombination,
        transforms: Sequence[Transform] = (),
    ):
        self.range = RangeScaler.fit(series)
        self.scaler = DeviationScaler.fit(series)
        self.series = self.scaler.transform(series)
        self.others = self.scaler.transform(others)
        self.method = method
        self.transforms = transforms

    def draw(self, n_samples: int, seed: int) -> Iterator[np.ndarray]:
        """Yield series in chunks, (n, n_channels, n_timepoints), float64."""
        rng = np.random.default_rng(seed)
        for start in range(0, n_samples, CHUNK):
            n = min(CHUNK, n_samples - start)
            made = np.asarray(self.method(self.series, self.others, n, rng), dtype=np.float64)
            if made.shape != (n, *self.series.shape[1:]) or not np.isfinite(made).all():
                raise ValueError(
                    f"The recombination {self.method!r} was asked for {n} series of shape "
                    f"{self.series.shape[1:]} and returned an array of shape {made.shape}, or "
                    "values that are not finite."
                )
            if self.transforms:
                made = transform_some(made, self.transforms, rng)
            yield self.range.clip(self.scaler.inverse_transform(made))
