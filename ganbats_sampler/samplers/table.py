"""The table of samplers: everything there is to compare, by name."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from importlib.util import find_spec
from typing import Any

from imblearn.over_sampling import (
    ADASYN,
    SMOTE,
    BorderlineSMOTE,
    KMeansSMOTE,
    RandomOverSampler,
)

from ganbats_sampler.recombination import RECOMBINATIONS
from ganbats_sampler.samplers.adapters import AeonSampler, FlatSampler
from ganbats_sampler.samplers.base import BaseSeriesOverSampler
from ganbats_sampler.samplers.cgan import CGANSampler
from ganbats_sampler.samplers.dcgan import DCGANSampler
from ganbats_sampler.samplers.ganbats import GANBATSSampler
from ganbats_sampler.samplers.herded import HerdedSampler
from ganbats_sampler.samplers.random_transform import RandomTransformSampler
from ganbats_sampler.samplers.recombination import RecombinationSampler
from ganbats_sampler.samplers.wgan import WGANSampler
from ganbats_sampler.samplers.wgan_gp import WGANGPSampler
from ganbats_sampler.transforms import TRANSFORMS


def _flat(sampler: Callable[[], Any], **parameters: Any) -> FlatSampler:
    """Wrap one of imbalanced-learn's over-samplers, each time another one."""
    return FlatSampler(sampler(), **parameters)


def _from_aeon(name: str, **parameters: Any) -> AeonSampler:
    """Wrap one of aeon's over-samplers."""
    try:
        from aeon.transformations.collection import imbalance
    except ImportError as error:
        raise ImportError('This sampler is aeon\'s: pip install "ganbats-sampler[data]"') from error
    return AeonSampler(getattr(imbalance, name)(), **parameters)


_OF_AEON: dict[str, Callable[..., BaseSeriesOverSampler]] = {
    f"aeon_{name.lower()}": partial(_from_aeon, name)
    for name in ("ADASYN", "SMOTE", "ESMOTE", "OHIT")
}

_TABLE: dict[str, Callable[..., BaseSeriesOverSampler]] = {
    "ganbats": GANBATSSampler,
    "ganbats_paper": partial(GANBATSSampler.from_preset, "ecg-mit"),
    "cgan": CGANSampler,
    "dcgan": DCGANSampler,
    "wgan": WGANSampler,
    "wgan_gp": WGANGPSampler,
    **{name: partial(RandomTransformSampler, transforms=name) for name in TRANSFORMS},
    **{name: partial(RecombinationSampler, method=name) for name in RECOMBINATIONS},
    "herded": HerdedSampler,
    "random_over_sampler": partial(_flat, RandomOverSampler),
    "smote": partial(_flat, SMOTE),
    "borderline_smote": partial(_flat, BorderlineSMOTE),
    "adasyn": partial(_flat, ADASYN),
    "kmeans_smote": partial(_flat, KMeansSMOTE),
    **_OF_AEON,
}


def get_sampler_names() -> list[str]:
    """List the samplers that :func:`get_sampler` can make here.

    Those of aeon are among them where aeon is installed.

    Examples
    --------
    >>> from ganbats_sampler.samplers import get_sampler_names
    >>> get_sampler_names()[:6]
    ['ganbats', 'ganbats_paper', 'cgan', 'dcgan', 'wgan', 'wgan_gp']
    """
    has_aeon = find_spec("aeon") is not None
    return [name for name in _TABLE if has_aeon or name not in _OF_AEON]


def get_sampler(name: str, **parameters: Any) -> BaseSeriesOverSampler:
    """Make a sampler by its name.

    All of them keep the same contract: series in two or three dimensions, every container, exact
    counts, ``synthetic_mask_``, ``generate``, and the same rows for the same `random_state`.

    Parameters
    ----------
    name : str
        One of :func:`get_sampler_names`: a GAN, a transform, a recombination, the herded sampler,
        or a sampler of imbalanced-learn or aeon, wrapped.
    **parameters
        Parameters of the sampler; all take `sampling_strategy`, `n_channels` and `random_state`.

    Raises
    ------
    ValueError
        If there is no such sampler.
    ImportError
        If it is aeon's, and aeon is not installed.

    Examples
    --------
    >>> from ganbats_sampler.samplers import get_sampler
    >>> get_sampler("window_warp", random_state=0)
    RandomTransformSampler(random_state=0)
    """
    if name not in _TABLE:
        raise ValueError(f"There is no sampler {name!r}; choose from {list(_TABLE)}.")
    return _TABLE[name](**parameters)
