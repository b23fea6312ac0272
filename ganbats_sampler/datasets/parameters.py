"""Checks of the loaders' parameters, which name the parameter and what it may be."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from numbers import Integral, Real
from typing import Any

import numpy as np


def chosen(
    parameter: str,
    given: Any,
    allowed: Collection,
    sets: Mapping[str, Iterable] | None = None,
) -> list:
    """Return the entries that a parameter names, each of which it may name once.

    It has one name or several. A number may be given as a string, and a name may be that of a set.

    Examples
    --------
    >>> chosen("records", "100", [100, 101])
    [100]
    >>> chosen("records", ["DS1", 100], [100, 101], {"DS1": [101]})
    [101, 100]
    """
    entries_of = {name: list(entries) for name, entries in (sets or {}).items()}
    entries_of.update({str(entry): [entry] for entry in allowed})
    if isinstance(given, np.ndarray):
        given = given.tolist()  # an array without dimensions is one name
    is_one = isinstance(given, str) or not isinstance(given, Iterable)
    names = [given] if is_one else list(given)
    unknown = [name for name in names if str(name) not in entries_of]
    if unknown or not names:
        raise ValueError(
            f"{parameter}={given if is_one else names!r} was given; choose from "
            f"{[*(sets or {}), *allowed]}, one or a list of them."
        )
    entries = [entry for name in names for entry in entries_of[str(name)]]
    if twice := [entry for entry, n in Counter(entries).items() if n > 1]:
        raise ValueError(
            f"{parameter} names {twice} more than once, and their samples would count twice; name "
            "each once."
        )
    return entries


def check_whole(name: str, value: Any, least: int = 1, most: float = math.inf) -> None:
    """Raise a ValueError for a parameter that is no whole number from `least` to `most`."""
    is_whole = isinstance(value, Integral) and not isinstance(value, (bool, np.bool_))
    if not is_whole or not least <= value <= most:
        upper = "up" if most == math.inf else f"to {most}"
        raise ValueError(
            f"{name}={value!r} was given; it must be a whole number from {least} {upper}, of type "
            "int."
        )


def check_real(name: str, value: Any, least: float, most: float, unit: str) -> None:
    """Raise a ValueError for a parameter that is no number from `least` to `most`."""
    if not isinstance(value, Real) or not least <= float(value) <= most:  # NaN is neither
        raise ValueError(
            f"{name}={value!r} was given; it must be a number from {least} to {most}{unit}."
        )
