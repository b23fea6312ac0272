"""Convert a sampler to the content of a file, and load a file with all checks."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

from safetensors import SafetensorError, safe_open
from safetensors.numpy import save

from ganbats_sampler import __version__
from ganbats_sampler.adversarial.devices import resolve_device
from ganbats_sampler.saving.encoding import Decoder, Encoder
from ganbats_sampler.warn import warn

#: The version of the format. Raise it when older releases cannot read new files.
FORMAT = 1
#: The name of the JSON text in the metadata.
KEY = "ganbats_sampler"
#: The size of the largest header that safetensors reads, in bytes.
MAX_HEADER = 100_000_000


def to_bytes(value: Any) -> bytes:
    """Return the content of a file that holds an object.

    Raises
    ------
    TypeError
        If a part of the object is not of a kind that a file can hold.
    ValueError
        If the JSON text is too large.
    """
    encoder = Encoder()
    encoder.encode(value, type(value).__name__)
    text = {"format": FORMAT, "version": __version__, "objects": encoder.objects}
    text["sha256"] = _digest(text)
    data = save(encoder.tensors, metadata={KEY: json.dumps(text, allow_nan=False)})
    if int.from_bytes(data[:8], "little") > MAX_HEADER:
        raise ValueError(
            f"{type(value).__name__} has too many labels of a type that is saved as JSON text. Use "
            "labels that are numbers or an array of text: y.astype(str)."
        )
    return data


def load_file(path: Path, device: str | None) -> Any:
    """Rebuild the object in a file.

    Parameters
    ----------
    path : Path
        The file to load.
    device : str or None
        The device of all networks. If None, each network uses the device that it was trained on,
        or the CPU if that device is not available.

    Raises
    ------
    ValueError
        If the file does not hold an object of this package, has another format version or is
        damaged, or if the device is not available.
    OSError
        If the file cannot be read.
    ImportError
        If the file needs a library that is not installed.

    Warns
    -----
    UserWarning
        If networks are loaded on the CPU because their own device is not available.
    """
    devices = Devices(path, device)
    path.open("rb").close()  # raises Python's own error, which names the file
    try:
        with safe_open(path, framework="np") as file:
            text = (file.metadata() or {}).get(KEY)
            if text is None:
                raise _wrong(path, "it is a safetensors file, but not of a sampler")
            content = _read_text(path, text)
            tensors = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118
    except (SafetensorError, AttributeError, TypeError) as error:  # also for types that NumPy lacks
        raise _wrong(path, f"it is damaged, or not a safetensors file ({error})") from error
    try:
        return Decoder(tensors, devices).decode_objects(content["objects"])[-1]
    except (ImportError, Warning):
        raise
    except Exception as error:  # the file's content goes to classes of several libraries
        what = f"its content is damaged ({type(error).__name__}: {error})"
        raise _wrong(path, f"{what}; version {content['version']} wrote it") from error


def _read_text(path: Path, text: str) -> dict[str, Any]:
    """Parse the JSON text, and check its version and its digest."""
    try:
        content = json.loads(text)
        found, version = content["format"], content["version"]
    except (LookupError, TypeError, ValueError, RecursionError) as error:
        raise _wrong(path, f"its JSON text is damaged ({error})") from error
    if found != FORMAT:
        raise ValueError(
            f"{path} has format {found!r}, written by version {version!r} of ganbats-sampler; this "
            f"version, {__version__!r}, reads format {FORMAT}. Load it with that version, or fit "
            "and save the sampler again with this one."
        )
    digest = content.pop("sha256", None)
    if content.keys() != {"format", "version", "objects"} or digest != _digest(content):
        raise _wrong(path, "its JSON text was changed")
    return content


def _digest(content: dict[str, Any]) -> str:
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()


def _wrong(path: Path, what: str) -> ValueError:
    return ValueError(
        f"{path} cannot be loaded: {what}. Pass a file that sampler.save() wrote, copied whole, or "
        "save the sampler again."
    )


class Devices:
    """Choose the device of each network, and warn once about each device that is missing."""

    def __init__(self, path: Path, device: str | None):
        self.path = path
        self.device = None if device is None else resolve_device(device)
        self._found: dict[str, str] = {}

    def __call__(self, trained_on: str) -> str:
        """Return the requested device, else the training device if available, else the CPU."""
        if self.device is not None:
            return self.device
        if trained_on not in self._found:
            try:
                self._found[trained_on] = resolve_device(trained_on)
            except ValueError:
                self._found[trained_on] = "cpu"
                warn(
                    f"The networks in {self.path} were trained on {trained_on!r}, which is not "
                    "available here. They are loaded on the CPU, where the same seed generates "
                    'different series. Pass device="cpu" to load them there without this warning.',
                    UserWarning,
                )
        return self._found[trained_on]
