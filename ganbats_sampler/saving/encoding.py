"""Convert objects to JSON and arrays, and back."""

from __future__ import annotations

import hashlib
import math
import os
import re
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import torch

from ganbats_sampler.saving.kinds import get_kind, kind_of
from ganbats_sampler.saving.table import NAMED

#: Types of arrays that can be saved: numbers and text. The bytes of text become a tensor.
_DTYPE = re.compile(r"[<>|=]([biuf][1248]|[SU]\d+)")


def _digest(tensor: np.ndarray) -> str:
    """Return the name of a tensor: the digest of its type, shape and content."""
    digest = hashlib.sha256(f"{tensor.dtype.str} {tensor.shape}".encode())
    digest.update(tensor.tobytes())
    return digest.hexdigest()


class Encoder:
    """Convert an object and all of its parts to JSON values and tensors.

    Attributes
    ----------
    objects : list of [str, object]
        The kind and the state of each object and array. A state refers to earlier objects by their
        index, so an object that several others share is saved once.
    tensors : dict of str to ndarray
        The tensors by name. A name is the digest of the type, shape and content of its tensor.
    """

    def __init__(self) -> None:
        self.objects: list[list[Any]] = []
        self.tensors: dict[str, np.ndarray] = {}
        self._known: dict[int, tuple[int, Any]] = {}  # keeps objects alive, so that ids stay unique

    def encode(self, value: Any, where: str) -> Any:
        """Return the JSON value of an object; `where` is its name in error messages."""
        if value is None or type(value) in (bool, int, str):
            return value
        if type(value) is float:
            return value if math.isfinite(value) else {"float": repr(value)}
        if type(value) is list:
            return [self.encode(part, f"{where}[{i}]") for i, part in enumerate(value)]
        if type(value) is tuple:
            return {"tuple": self.encode(list(value), where)}
        if isinstance(value, Mapping):
            items = value.items()
            return {
                "dict": [
                    [self.encode(k, where), self.encode(v, f"{where}[{k!r}]")] for k, v in items
                ]
            }
        if isinstance(value, os.PathLike):
            return os.fspath(value)
        if isinstance(value, np.dtype) and _DTYPE.fullmatch(value.str):
            return {"dtype": value.str}
        if isinstance(value, np.generic) and _DTYPE.fullmatch(value.dtype.str):
            return {"scalar": self.encode(np.array(value), where)}
        if isinstance(value, torch.device):
            return {"device": str(value)}
        name = getattr(value, "__name__", None)
        if isinstance(name, str) and NAMED.get(name) is value:
            return {"name": name}
        if id(value) not in self._known:
            entry = (
                self._array(value, where)
                if type(value) is np.ndarray
                else self._object(value, where)
            )
            self.objects.append(entry)
            self._known[id(value)] = len(self.objects) - 1, value
        return {"object": self._known[id(value)][0]}

    def _object(self, value: Any, where: str) -> list[Any]:
        found = kind_of(value)
        if found is None:
            named = value if hasattr(value, "__qualname__") else type(value)
            what = f"{named.__module__}.{named.__qualname__}"
            raise TypeError(
                f"{where} cannot be saved: it is {what}, which is not a part of this package that "
                "a file can hold. pickle and skops can save your own objects."
            )
        name, kind = found
        state = kind.get_state(value)
        return [name, {key: self.encode(part, f"{where}.{key}") for key, part in state.items()}]

    def _array(self, array: np.ndarray, where: str) -> list[Any]:
        shape = list(array.shape)
        if array.dtype.kind == "O":
            return ["objects", [shape, self.encode(array.ravel().tolist(), where)]]
        array = array.astype(array.dtype.newbyteorder("="), copy=False)
        if not _DTYPE.fullmatch(array.dtype.str):
            raise TypeError(f"{where} cannot be saved: it is an array of type {array.dtype}.")
        # The memory order is kept, because the rounding of sums depends on it.
        is_fortran = array.flags.f_contiguous and not array.flags.c_contiguous
        tensor = np.asarray(array.T if is_fortran else array, order="C")
        if tensor.dtype.kind in "SU":
            tensor = np.frombuffer(tensor.tobytes(), dtype=np.uint8)
        name = _digest(tensor)
        self.tensors[name] = tensor
        return ["array", [name, array.dtype.str, shape, is_fortran]]


class Decoder:
    """Convert JSON values and tensors back to an object.

    Damaged content can raise any exception. The caller adds the name of the file to it.
    """

    def __init__(self, tensors: Mapping[str, np.ndarray], find_device: Callable[[str], str]):
        self._tensors = dict(tensors)
        self._find_device = find_device
        self._objects: list[Any] = []
        self._used: set[str] = set()

    def decode_objects(self, entries: list[Any]) -> list[Any]:
        """Rebuild all objects, and return them in order."""
        for name, state in entries:
            if name == "objects":
                self._objects.append(self._object_array(*state))
            elif name == "array":
                self._objects.append(self._array(*state))
            else:
                kind = get_kind(name)
                decoded = {key: self.decode(part) for key, part in state.items()}
                self._objects.append(kind.build(decoded))
        if unused := self._tensors.keys() - self._used:
            raise ValueError(f"nothing refers to tensor {min(unused)}")
        return self._objects

    def decode(self, value: Any) -> Any:
        """Return the object of a JSON value."""
        if isinstance(value, list):
            return [self.decode(part) for part in value]
        if not isinstance(value, dict):
            return value
        ((tag, content),) = value.items()
        if tag == "object":
            if content < 0:
                raise IndexError(content)
            return self._objects[content]
        if tag == "tuple":
            return tuple(self.decode(content))
        if tag == "dict":
            return {self.decode(key): self.decode(of_key) for key, of_key in content}
        if tag == "float":
            return {"nan": math.nan, "inf": math.inf, "-inf": -math.inf}[content]
        if tag == "dtype":
            return _dtype(content)
        if tag == "scalar":
            return self.decode(content)[()]
        if tag == "device":
            return self._find_device(content)
        return {"name": NAMED}[tag][content]

    def _array(self, name: str, dtype: str, shape: list[int], is_fortran: bool) -> np.ndarray:
        tensor = self._tensors[name]
        if name not in self._used and _digest(tensor) != name:
            raise ValueError(f"tensor {name} is damaged")
        array = tensor.copy() if name in self._used else tensor
        self._used.add(name)
        if _dtype(dtype).kind in "SU":
            array = array.view(_dtype(dtype)).reshape(shape)
        array = array.T if is_fortran else array
        if array.dtype != _dtype(dtype) or list(array.shape) != shape:
            raise ValueError(
                f"tensor {name} is {array.dtype} of shape {array.shape}, not {dtype} of {shape}"
            )
        return array

    def _object_array(self, shape: list[int], values: list[Any]) -> np.ndarray:
        array = np.empty(len(values), dtype=object)
        array[:] = self.decode(values)
        return array.reshape(shape)


def _dtype(text: str) -> np.dtype:
    if not _DTYPE.fullmatch(text):
        raise ValueError(f"{text!r} is not a type of array that can be saved")
    return np.dtype(text)
