"""The kinds of objects that a file can hold: how their state is read, and how they are rebuilt."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import is_dataclass
from importlib import import_module
from typing import Any, NamedTuple

State = dict[str, Any]


class Kind(NamedTuple):
    """A class whose objects can be saved, with functions that get their state and rebuild them."""

    cls: type
    get_state: Callable[[Any], State]
    build: Callable[[State], Any]


_KINDS: dict[str, Kind] = {}
#: The module and the class name of estimators that are saved by their parameters, by name.
_FOREIGN: dict[str, tuple[str, str]] = {}

#: The names of samplers that are registered when their module is first imported.
_LATER: set[str] = set()


def register(
    cls: Any,
    get_state: Callable[[Any], State] | None = None,
    build: Callable[[State], Any] | None = None,
) -> None:
    """Register a class, so that files can hold its objects under the name of the class.

    By default, the state of an object is its attributes. Dataclasses and named tuples are rebuilt
    by their constructor, and objects of other classes without it.
    """

    def fill(state: State) -> Any:
        made = cls.__new__(cls)
        vars(made).update(state)
        return made

    is_tuple = hasattr(cls, "_fields")
    by_constructor = is_tuple or is_dataclass(cls)
    _KINDS[cls.__name__] = Kind(
        cls,
        get_state or (lambda made: made._asdict() if is_tuple else dict(vars(made))),
        build or ((lambda state: cls(**state)) if by_constructor else fill),
    )


def register_foreign(library: str, module: str, names: Sequence[str]) -> None:
    """Register estimators, so that files can hold their parameters, but not what they learned.

    Parameters
    ----------
    library : str
        The prefix of the names in a file, which is the package that defines the classes.
    module : str
        The module from which the classes are imported.
    names : sequence of str
        The names of the classes.
    """
    _FOREIGN.update({f"{library}.{name}": (module, name) for name in names})


def register_later(names: Sequence[str]) -> None:
    """Add names of samplers that are registered when their module is first imported."""
    _LATER.update(names)


def kind_of(value: Any) -> tuple[str, Kind] | None:
    """Return the name and the kind of an object, or None if its class is not registered."""
    cls = type(value)
    for name in (cls.__name__, f"{cls.__module__.split('.')[0]}.{cls.__name__}"):
        if name in _KINDS or name in _FOREIGN:
            kind = get_kind(name)
            if kind.cls is cls:
                return name, kind
    return None


def get_kind(name: str) -> Kind:
    """Return the kind with this name; raise a KeyError if it is not registered."""
    if name in _LATER:
        getattr(import_module("ganbats_sampler.samplers"), name)
    if name not in _FOREIGN:
        return _KINDS[name]
    module, own_name = _FOREIGN[name]
    cls = getattr(import_module(module), own_name)
    return Kind(cls, lambda made: made.get_params(deep=False), lambda state: cls(**state))
