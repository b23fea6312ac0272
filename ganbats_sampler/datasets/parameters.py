"""Check the parameters of loaders; errors name the parameter and the values that it allows."""

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
    allowed: Collection[Any],
    sets: Mapping[str, Iterable[Any]] | None = None,
) -> list[Any]:
    """Return the entries that a parameter names.

    `given` is one name or several. A number may be given as a string, and a name of `sets` stands
    for all entries of the set. A name that is unknown, or an entry that is named twice, raises a
    ValueError.

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
        given = given.tolist()  # a zero-dimensional array is one name
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
    """Raise a ValueError unless a parameter is a whole number from `least` to `most`."""
    is_whole = isinstance(value, Integral) and not isinstance(value, (bool, np.bool_))
    if not is_whole or not least <= value <= most:
        upper = "up" if most == math.inf else f"to {most}"
        raise ValueError(
            f"{name}={value!r} was given; it must be a whole number from {least} {upper}, of type "
            "int."
        )


def check_real(name: str, value: Any, least: float, most: float, unit: str) -> None:
    """Raise a ValueError unless a parameter is a number from `least` to `most`."""
    if not isinstance(value, Real) or not least <= float(value) <= most:  # refuses NaN
        raise ValueError(
            f"{name}={value!r} was given; it must be a number from {least} to {most}{unit}."
        )
