"""Over-sampling by recombination of real series."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from imblearn.utils import Substitution
from sklearn.utils._param_validation import StrOptions

from ganbats_sampler.generators.protocol import Generator, RealSeries, joint_seed
from ganbats_sampler.generators.recombined import RecombinedGenerator
from ganbats_sampler.recombination import RECOMBINATIONS, Recombination
from ganbats_sampler.samplers._docstrings import SERIES
from ganbats_sampler.samplers._hints import Constrain, Drop, SamplingStrategy, Seed
from ganbats_sampler.samplers.base import BaseSeriesOverSampler
from ganbats_sampler.transforms import TRANSFORMS, Transform, look_up_transforms

#: Most series of other classes that are used, chosen at random. They are enough to show how series
#: of one class differ.
MAX_OTHERS = 1000


@Substitution(**SERIES)
class RecombinationSampler(BaseSeriesOverSampler):
    """Over-sample time series by recombining real ones.

    Each synthetic series is made from a few real ones. Nothing is trained.

    Read more in the :ref:`User Guide <herding>`.

    Parameters
    ----------
    {sampling_strategy}

    {n_channels}

    method : {{"arc", "deformation", "guided_warp"}} or callable, default="arc"
        The recombination: a name, an instance of a class in :mod:`ganbats_sampler.recombination`,
        to set its parameters, or any function with the same arguments.

    transforms : str, callable, sequence of them or None, default="smooth_time_warp"
        The transforms, as for :class:`RandomTransformSampler`. One of them, chosen at random, is
        applied to each recombined series. None applies no transform.

    {constrain}

    {drop}

    {random_state}

    Attributes
    ----------
    {series_attributes}

    See Also
    --------
    HerdedSampler : Choose among the series of several samplers.
    RandomTransformSampler : Transform real series one by one.

    Notes
    -----
    Values stay within the range of their channel over the class. A class of one series has no
    neighbours. ``"arc"`` then scales the series about its mean by up to 5%, and with
    ``"guided_warp"`` only the transforms vary it.

    Multi-class targets are supported. Each class is recombined separately. ``"deformation"`` also
    uses the series of all other classes.

    Examples
    --------
    >>> from collections import Counter
    >>> import numpy as np
    >>> from ganbats_sampler import RecombinationSampler
    {example_data}
    >>> X_resampled, y_resampled = RecombinationSampler(random_state=0).fit_resample(X, y)
    >>> sorted(Counter(y_resampled.tolist()).items())
    [('abnormal', 45), ('normal', 45)]
    """

    _parameter_constraints: dict[str, Any] = {
        **BaseSeriesOverSampler._parameter_constraints,
        "method": [StrOptions(set(RECOMBINATIONS)), callable],
        "transforms": [StrOptions(set(TRANSFORMS)), callable, "array-like", None],
    }

    def __init__(
        self,
        *,
        sampling_strategy: SamplingStrategy = "auto",
        n_channels: int | None = None,
        method: str | Recombination = "arc",
        transforms: str | Transform | Sequence[str | Transform] | None = "smooth_time_warp",
        constrain: Constrain = "whole",
        drop: Drop = None,
        random_state: Seed = None,
    ):
        super().__init__(sampling_strategy=sampling_strategy)
        self.n_channels = n_channels
        self.method = method
        self.transforms = transforms
        self.constrain = constrain
        self.drop = drop
        self.random_state = random_state

    def _fit_generators(
        self, series: np.ndarray, y: np.ndarray, targets: list[Any], seeds: dict[Any, int]
    ) -> dict[Any, Generator]:
        method = RECOMBINATIONS[self.method] if isinstance(self.method, str) else self.method
        if isinstance(method, type):
            raise ValueError(
                f"method={method!r} was given; pass an instance of it, {method.__name__}()."
            )
        transforms = [] if self.transforms is None else look_up_transforms(self.transforms)
        n_others = MAX_OTHERS if getattr(method, "uses_others", True) else 0
        others = RealSeries.select_others(series, y, targets, n_others, joint_seed(seeds))
        return {
            label: RecombinedGenerator(
                RealSeries.select(series, y == label), others[label], method, transforms
            )
            for label in targets
        }
