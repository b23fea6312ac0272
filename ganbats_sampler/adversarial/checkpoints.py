"""Checkpoints: the state of a training on disk, from which a killed training resumes."""

from __future__ import annotations

import hashlib
import io
import pickle
import time
from os import PathLike
from pathlib import Path
from typing import Any

import joblib
import torch
from skorch.callbacks import Callback

from ganbats_sampler import __version__
from ganbats_sampler.files import check_destination, write_file
from ganbats_sampler.warn import warn

#: Largest share of the training time that is spent on writing.
MAX_SHARE = 0.05
#: Size of the checksum at the start of a checkpoint, in bytes.
CHECKSUM_SIZE = hashlib.sha256().digest_size


class CheckpointFiles:
    """The checkpoint files of a group's trainings, one for each attempt.

    Their names begin with a digest of everything that the result depends on.

    Parameters
    ----------
    folder : path-like
        The folder of the files, which is created if needed.
    parts : object
        The group and the settings of its trainings.

    Raises
    ------
    ValueError
        If a part, such as a user-defined function, cannot be pickled. The digest is computed from
        pickles.
    OSError
        If the folder cannot be written to.
    """

    def __init__(self, folder: str | PathLike[str], *parts: Any):
        self.folder = Path(folder).expanduser()
        self.digest = compute_digest("checkpoint", *parts)
        check_destination(self.of_attempt(0))

    def of_attempt(self, attempt: int) -> Path:
        """Return the path of an attempt's file."""
        return self.folder / f"{self.digest}-{attempt}.checkpoint"

    def remove(self) -> None:
        """Remove the files of all attempts."""
        for path in self.folder.glob(f"{self.digest}-*.checkpoint"):
            path.unlink(missing_ok=True)


def compute_digest(option: str, *parts: Any) -> str:
    """Compute a digest of everything that the result of a training depends on.

    Parameters
    ----------
    option : str
        The parameter that needs the digest, for the error message.
    *parts : object
        The objects that the result depends on, besides the versions of PyTorch and this package.

    Raises
    ------
    ValueError
        If a part cannot be pickled.
    """
    try:
        return joblib.hash((parts, torch.__version__, __version__))
    except (pickle.PicklingError, AttributeError, TypeError) as error:
        raise ValueError(
            f"{option} was given, but a part of the recipe cannot be pickled ({error}), so that "
            "another process could not recognise the same training. Define the part at the top of "
            f"a module, or use {option}=None."
        ) from error


class KeepCheckpoint(Callback):
    """Write the state of a training after epochs, and resume from a state in the file.

    A resumed training gives the same result as an uninterrupted one. States are written so rarely
    that writing takes at most a twentieth of the time. A state includes the attributes that each
    callback names in ``state``. This callback must come last, so that all others have seen the
    epoch.

    Parameters
    ----------
    path : Path
        The checkpoint file.
    """

    def __init__(self, path: Path):
        self.path = path

    def on_train_begin(self, net: Any, X: Any = None, y: Any = None, **kwargs: Any) -> None:
        """Restore the state if the file has one."""
        self.next_write_ = 0.0
        state = self._read()
        if state is not None:
            net.restore_training_state(state)
            for (_, callback), its_state in zip(net.callbacks_, state["callbacks"], strict=True):
                vars(callback).update(its_state)

    def on_epoch_end(self, net: Any, **kwargs: Any) -> None:
        """Write the state if it is due. Training continues if it cannot be written."""
        start = time.monotonic()
        if start < self.next_write_:
            return
        state = net.training_state()
        state["callbacks"] = [
            {name: getattr(callback, name) for name in getattr(callback, "state", ())}
            for _, callback in net.callbacks_
        ]
        content = io.BytesIO()
        torch.save(state, content)
        checksum = hashlib.sha256(content.getbuffer()).digest()
        try:
            write_file(self.path, checksum + content.getvalue())
        except OSError as error:
            warn(f"Training continues without a checkpoint: {error}", UserWarning)
            self.next_write_ = float("inf")
        else:
            now = time.monotonic()
            self.next_write_ = now + (now - start) * (1 / MAX_SHARE - 1)

    def _read(self) -> dict[str, Any] | None:
        """Return the state, or None if there is no file or, with a warning, if it is damaged."""
        if not self.path.exists():
            return None
        content = self.path.read_bytes()
        checksum, content = content[:CHECKSUM_SIZE], content[CHECKSUM_SIZE:]
        if hashlib.sha256(content).digest() != checksum:
            warn(f"The checkpoint {self.path} is damaged: training starts anew.", UserWarning)
            return None
        return torch.load(io.BytesIO(content), map_location="cpu", weights_only=True)
