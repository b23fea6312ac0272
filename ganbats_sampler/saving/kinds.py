"""The kinds of objects that a file can hold: their state, its types, and how to rebuild them."""

from __future__ import annotations

import types
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, is_dataclass
from importlib import import_module
from numbers import Integral, Real
from typing import Any, Union, get_args, get_origin, get_type_hints

import numpy as np


@dataclass(frozen=True)
class Kind:
    """A class whose objects can be saved.

    Parameters
    ----------
    cls : type
        The class.
    types : mapping of str to type, or None
        The names in the state of an object, and the types of the values. None allows any state.
    get_state : callable
        Maps an object to its state, a dict.
    build : callable
        Maps a state to an object.
    """

    cls: type
    types: Mapping[str, Any] | None
    get_state: Callable[[Any], dict[str, Any]]
    build: Callable[[dict[str, Any]], Any]

    def check(self, state: dict[str, Any]) -> dict[str, Any]:
        """Return a state, or raise a TypeError if a name is missing or unknown, or a type wrong."""
        if self.types is not None:
            if missing := sorted(self.types.keys() - state.keys()):
                raise TypeError(f"{self.cls.__name__} has no {missing}")
            check_types(self.cls, state, self.types)
        return state


_KINDS: dict[str, Kind] = {}
#: The numbers that parameters accept, by the type in a hint.
_NUMBERS: dict[Any, Any] = {float: Real, int: Integral, bool: (bool, np.bool_)}
#: Classes of other libraries, by name: the module that has them, and their name there.
_FOREIGN: dict[str, tuple[str, str]] = {}


def register(
    cls: type,
    types: Mapping[str, Any] | None = None,
    get_state: Callable[[Any], dict[str, Any]] | None = None,
    build: Callable[[dict[str, Any]], Any] | None = None,
) -> None:
    """Let objects of a class be saved, under the name of the class.

    By default the state of a dataclass or named tuple are its fields, and it is rebuilt by its
    constructor. That of another class are its attributes, whose types are given here.
    """
    if is_dataclass(cls) or hasattr(cls, "_fields"):
        types, build = types or get_type_hints(cls), build or (lambda state: cls(**state))
    as_tuple = hasattr(cls, "_fields")
    get_state = get_state or (lambda obj: obj._asdict() if as_tuple else dict(vars(obj)))
    _KINDS[cls.__name__] = Kind(cls, types, get_state, build or (lambda state: _fill(cls, state)))


def _fill(cls: Any, state: dict[str, Any]) -> Any:
    """Make an object without its constructor."""
    made = cls.__new__(cls)
    vars(made).update(state)
    return made


def register_foreign(library: str, module: str, names: Sequence[str]) -> None:
    """Let estimators of another library be saved by their parameters; what they learned is not."""
    _FOREIGN.update({f"{library}.{name}": (module, name) for name in names})


def kind_of(value: Any) -> tuple[str, Kind] | None:
    """Find the name and the kind of an object; None if its class is not registered."""
    cls = type(value)
    kind = _KINDS.get(cls.__name__)
    if kind is not None and kind.cls is cls:
        return cls.__name__, kind
    name = f"{cls.__module__.split('.')[0]}.{cls.__name__}"
    if name in _FOREIGN and get_kind(name).cls is cls:
        return name, get_kind(name)
    return None


def get_kind(name: str) -> Kind:
    """Look a kind up; a KeyError if it is not registered."""
    if name not in _FOREIGN:
        return _KINDS[name]
    module, own_name = _FOREIGN[name]
    cls = getattr(import_module(module), own_name)
    return Kind(cls, None, lambda obj: obj.get_params(deep=False), lambda state: cls(**state))


def check_types(cls: type, values: Mapping[str, Any], types: Mapping[str, Any]) -> None:
    """Raise a TypeError if one of the named values is not known, or not of its type."""
    for name, value in values.items():
        if name not in types:
            raise TypeError(f"{cls.__name__} has an unknown attribute {name!r}")
        if not _fits(value, types[name]):
            raise TypeError(
                f"{cls.__name__}.{name} is of type {type(value).__name__}, or its parts are of "
                f"other types than {types[name]}"
            )


def _fits(value: Any, hint: Any) -> bool:
    """Say whether a value is of the type that a hint names, as far as this package uses hints."""
    origin, parts = get_origin(hint), get_args(hint)
    if hint is Any:
        return True
    if hint in _NUMBERS:
        return isinstance(value, _NUMBERS[hint])
    if origin in (Union, types.UnionType):
        return any(_fits(value, part) for part in parts)
    if origin is type:
        return isinstance(value, type) and issubclass(value, parts[0])
    if origin is not None and issubclass(origin, Mapping):
        return isinstance(value, Mapping) and all(
            _fits(key, parts[0]) and _fits(of_key, parts[1]) for key, of_key in value.items()
        )
    if origin is not None and issubclass(origin, Sequence):
        if not isinstance(value, list | tuple | np.ndarray):
            return False
        if origin is tuple and parts[-1] is not Ellipsis:
            return len(value) == len(parts) and all(map(_fits, value, parts))
        return all(_fits(part, parts[0]) for part in value)
    return isinstance(value, origin or hint)
