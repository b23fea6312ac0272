"""The registry of samplers by name, which :mod:`ganbats_sampler.samplers.catalogue` fills."""

from __future__ import annotations

from collections.abc import Callable
from importlib.util import find_spec
from typing import Any

from ganbats_sampler.samplers.adapters import FlatSampler
from ganbats_sampler.samplers.base import BaseSeriesOverSampler

_FACTORIES: dict[str, Callable[..., BaseSeriesOverSampler]] = {}
_NEEDS_AEON: set[str] = set()


def register(
    name: str, factory: Callable[..., BaseSeriesOverSampler], *, needs_aeon: bool = False
) -> None:
    """Register a sampler, so that :func:`get_sampler` can make it by name.

    `factory` is a class, or another callable that takes keyword parameters and returns a new
    sampler. With `needs_aeon`, :func:`get_sampler_names` omits the name if aeon is not installed.
    """
    _FACTORIES[name] = factory
    if needs_aeon:
        _NEEDS_AEON.add(name)


def get_sampler_names() -> list[str]:
    """List the samplers that :func:`get_sampler` can make.

    The samplers of aeon are included if aeon is installed.

    Returns
    -------
    list of str
        The names.

    Examples
    --------
    >>> from ganbats_sampler.samplers import get_sampler_names
    >>> get_sampler_names()[:4]
    ['ganbats', 'ganbats_series', 'ganbats_paper', 'flow_matching']
    """
    has_aeon = find_spec("aeon") is not None
    return [name for name in _FACTORIES if has_aeon or name not in _NEEDS_AEON]


def get_sampler(name: str, **parameters: Any) -> BaseSeriesOverSampler:
    """Make a sampler by its name.

    All samplers support series in two or three dimensions, lists, arrays and frames, exact counts,
    ``synthetic_mask_`` and ``generate``. The same `random_state` gives the same rows.

    Parameters
    ----------
    name : str
        One of :func:`get_sampler_names`: a GAN, a transform, a recombination, the herded sampler,
        or a wrapped sampler of imbalanced-learn or aeon.
    **parameters
        Parameters of the sampler. All samplers have `sampling_strategy`, `n_channels`, `constrain`,
        `drop` and `random_state`.

    Returns
    -------
    BaseSeriesOverSampler
        A new sampler.

    Raises
    ------
    ValueError
        If there is no such sampler.
    ImportError
        If the sampler needs aeon, and aeon is not installed.

    Examples
    --------
    >>> from ganbats_sampler.samplers import get_sampler
    >>> get_sampler("window_warp", random_state=0)
    RandomTransformSampler(random_state=0)
    """
    if name not in _FACTORIES:
        raise ValueError(f"There is no sampler {name!r}; choose from {list(_FACTORIES)}.")
    return _FACTORIES[name](**parameters)


def as_series_sampler(sampler: Any) -> BaseSeriesOverSampler:
    """Make a sampler by its name, wrap one of imbalanced-learn, or return one of this package."""
    if isinstance(sampler, str):
        return get_sampler(sampler)
    return sampler if isinstance(sampler, BaseSeriesOverSampler) else FlatSampler(sampler)
