"""The state of a training on disk, so that one that was killed goes on where it stopped."""

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

#: At most this share of the time is spent on writing.
MAX_SHARE = 0.05
#: Bytes of the checksum that a checkpoint begins with.
CHECKSUM_SIZE = hashlib.sha256().digest_size


class CheckpointFiles:
    """The files of a group's trainings, one for each attempt, named by all that they depend on.

    Parameters
    ----------
    folder : path-like
        It is made, and checked.
    parts : object
        The group and its trainings.

    Raises
    ------
    ValueError
        If a part, such as a function of the user's own, cannot be pickled, which the name needs.
    OSError
        If the folder cannot be written to.
    """

    def __init__(self, folder: str | PathLike, *parts: Any):
        self.folder = Path(folder).expanduser()
        self.digest = compute_digest("checkpoint", *parts)
        check_destination(self.of_attempt(0))

    def of_attempt(self, attempt: int) -> Path:
        """Name the file of an attempt."""
        return self.folder / f"{self.digest}-{attempt}.checkpoint"

    def remove(self) -> None:
        """Remove the files of all attempts."""
        for path in self.folder.glob(f"{self.digest}-*.checkpoint"):
            path.unlink(missing_ok=True)


def compute_digest(option: str, *parts: Any) -> str:
    """Compute a digest of all that a training depends on, for an option that needs it.

    Raises
    ------
    ValueError
        If a part cannot be pickled; the message names the option.
    """
    try:
        return joblib.hash((parts, torch.__version__, __version__))
    except (pickle.PicklingError, AttributeError, TypeError) as error:
        raise ValueError(
            f"{option} was given, but a part of the recipe cannot be pickled ({error}), so that "
            "another process could not tell whether it is the same: define it at the top of a "
            f"module, or use {option}=None."
        ) from error


class KeepCheckpoint(Callback):
    """Write the state of a training after epochs, and begin with a state that was written before.

    The training then ends as if it had never stopped. A state is written when the last one is so
    long ago that writing takes at most a twentieth of the time. This callback comes last: what the
    others did at the end of the epoch is part of its state, their attributes that ``state`` names.

    Parameters
    ----------
    path : Path
        The file.
    """

    def __init__(self, path: Path):
        self.path = path

    def on_train_begin(self, net, X=None, y=None, **kwargs):
        """Restore the state, if there is one."""
        self.next_write_ = 0.0
        state = self._read()
        if state is not None:
            net.restore_training_state(state)
            for (_, callback), its_state in zip(net.callbacks_, state["callbacks"], strict=True):
                vars(callback).update(its_state)

    def on_epoch_end(self, net, **kwargs):
        """Write the state, if it is time to; where it cannot be written, training goes on."""
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
            warn(f"The training goes on, but without a checkpoint: {error}", UserWarning)
            self.next_write_ = float("inf")
        else:
            now = time.monotonic()
            self.next_write_ = now + (now - start) * (1 / MAX_SHARE - 1)

    def _read(self) -> dict[str, Any] | None:
        """Read the state; None if there is none, or with a warning if it is damaged."""
        if not self.path.exists():
            return None
        content = self.path.read_bytes()
        checksum, content = content[:CHECKSUM_SIZE], content[CHECKSUM_SIZE:]
        if hashlib.sha256(content).digest() != checksum:
            warn(f"The checkpoint {self.path} is damaged: training starts anew.", UserWarning)
            return None
        return torch.load(io.BytesIO(content), map_location="cpu", weights_only=True)
