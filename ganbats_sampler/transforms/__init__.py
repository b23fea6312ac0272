"""Random transforms of series, for data augmentation.

A transform is a callable ``(series, rng) -> series`` that makes one new series from each. It
receives series of shape (n_samples, n_channels, n_timepoints) and a
:class:`numpy.random.Generator`. You can pass any such function. Series are standardised by channel,
and the default parameters fit that scale. :class:`~ganbats_sampler.RandomTransformSampler` scales
series back.

For a comparison of most of them, see Iwana, B. K., Uchida, S. (2021). An empirical survey of data
augmentation for time series classification with neural networks. PLoS ONE 16(7).
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
    """Return the transforms for a name, a transform or a sequence of both.

    Raises
    ------
    ValueError
        If an item is neither a known name nor a function, or if there is no item.
    """
    given = transforms if isinstance(transforms, list | tuple | np.ndarray) else [transforms]
    found: list[Any] = [TRANSFORMS.get(t) if isinstance(t, str) else t for t in given]
    if not found or not all(callable(t) and not isinstance(t, type) for t in found):
        raise ValueError(
            f"transforms={transforms!r} was given; pass at least one transform. Each must be a "
            f"name in {list(TRANSFORMS)} or a function of (series, rng), such as an instance of a "
            "class in ganbats_sampler.transforms."
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
