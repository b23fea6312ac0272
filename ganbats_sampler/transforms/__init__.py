"""Random transforms of series: what a time-series classifier's training data are varied with.

A transform is a callable ``(series, rng) -> series`` that makes one new series of each, with series
of shape (n_samples, n_channels, n_timepoints) and a :class:`numpy.random.Generator`; any such
function can stand beside those here. They take series in units of their standard deviation about
their mean, which is what their defaults are in; :class:`~ganbats_sampler.RandomTransformSampler`
scales to that and back.

Iwana, B. K., Uchida, S. (2021). An empirical survey of data augmentation for time series
classification with neural networks. PLoS ONE 16(7), compares most of them.
"""

from collections.abc import Callable

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
]
