"""Random transforms of series, for data augmentation.

A transform is a callable ``(series, rng) -> series`` that makes one new series from each. It
receives series of shape (n_samples, n_channels, n_timepoints) and a
:class:`numpy.random.Generator`. You can pass any such function. Series are standardised by channel,
which is the unit of the transforms' defaults; :class:`~ganbats_sampler.RandomTransformSampler`
scales them back.

Iwana, B. K., Uchida, S. (2021). An empirical survey of data augmentation for time series
classification with neural networks. PLoS ONE 16(7), compares most of them.
"""

from collections.abc import Callable
from typing import Any

import numpy as np

from ganbats_sampler.transforms.fourier import FourierPerturbation
from ganbats_sampler.transforms.jitter import Jitter
from ganbats_sampler.transforms.permutation import Permutation
from ganbats_sampler.transforms.rotation import Rotation
from ganbats_sampler.transforms.scaling import Scaling
from ganbats_sampler.transforms.slicing import Slicing
from ganbats_sampler.transforms.time_warp import TimeWarp
from ganbats_sampler.transforms.window_warp import WindowWarp

Transform = Callable[[np.ndarray, np.random.Generator], np.ndarray]

#: The transforms by name, with their defaults.
TRANSFORMS: dict[str, Transform] = {
    "jitter": Jitter(),
    "scaling": Scaling(),
    "rotation": Rotation(),
    "slicing": Slicing(),
    "window_warp": WindowWarp(),
    "time_warp": TimeWarp(),
    "smooth_time_warp": TimeWarp(smooth=True),
    "permutation": Permutation(),
    "fourier": FourierPerturbation(),
}


def look_up_transforms(transforms: Any) -> list[Transform]:
    """Turn a name, a transform or a sequence of both into transforms.

    Raises
    ------
    ValueError
        If one is neither a known name nor a function, or there is none.
    """
    given = transforms if isinstance(transforms, list | tuple | np.ndarray) else [transforms]
    found: list = [TRANSFORMS.get(t) if isinstance(t, str) else t for t in given]
    if not found or not all(callable(t) and not isinstance(t, type) for t in found):
        raise ValueError(
            f"transforms={transforms!r} was given; each must be a function of (series, rng), as an "
            f"instance of a class in ganbats_sampler.transforms is, or one of {list(TRANSFORMS)}, "
            "and there must be at least one."
        )
    return found


__all__ = [
    "TRANSFORMS",
    "FourierPerturbation",
    "Jitter",
    "Permutation",
    "Rotation",
    "Scaling",
    "Slicing",
    "TimeWarp",
    "Transform",
    "WindowWarp",
    "look_up_transforms",
]
