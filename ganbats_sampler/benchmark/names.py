"""Arguments that are a list of entries, or a single entry."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any


def as_list(given: Any, kind: type | tuple[type, ...] = ()) -> list[Any]:
    """Return a list of entries; a single entry becomes a list of one.

    An entry is a name, an object of type `kind`, or a pair of a name and another object. A mapping
    becomes a list of such pairs.

    Examples
    --------
    >>> as_list("smote"), as_list(("smote", "arc")), as_list({"mine": 3}), as_list(("mine", 3))
    (['smote'], ['smote', 'arc'], [('mine', 3)], [('mine', 3)])
    """
    if isinstance(given, Mapping):
        return list(given.items())
    is_pair = isinstance(given, tuple) and len(given) == 2 and isinstance(given[0], str)
    if isinstance(given, (str, kind)) or (is_pair and not isinstance(given[1], (str, tuple, kind))):
        return [given]
    return list(given) if isinstance(given, Iterable) else [given]
