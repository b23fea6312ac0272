"""The device, the CPU threads and PyTorch's global settings for training."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from inspect import signature

import torch


class _DefaultType:
    """Make float32 PyTorch's default type, which all threads share, while any thread needs it."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.n_users = 0
        self.before = torch.float32

    @contextmanager
    def hold(self) -> Iterator[None]:
        """Use float32 inside the block. The last thread to leave restores the previous type."""
        with self.lock:
            if self.n_users == 0:
                self.before = torch.get_default_dtype()
                torch.set_default_dtype(torch.float32)
            self.n_users += 1
        try:
            yield
        finally:
            with self.lock:
                self.n_users -= 1
                if self.n_users == 0:
                    torch.set_default_dtype(self.before)


_default_type = _DefaultType()


@contextmanager
def own_settings() -> Iterator[None]:
    """Use one thread and PyTorch's default settings inside the block, then restore the user's.

    The order of a sum depends on the number of threads. With several threads, the same seed would
    give different rows on another machine or with another n_jobs. If there are more threads than
    free cores, a small LSTM is also many times slower.
    """
    n_threads = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        with ExitStack() as settings:
            settings.enter_context(_default_type.hold())
            if torch.empty(0).device.type != "cpu":  # a device context slows down every call
                settings.enter_context(torch.device("cpu"))
            settings.enter_context(torch.inference_mode(False))
            settings.enter_context(torch.enable_grad())
            for kind in ("cpu", "cuda"):
                if torch.is_autocast_enabled(kind):
                    settings.enter_context(torch.autocast(kind, enabled=False))
            yield
    finally:
        torch.set_num_threads(n_threads)


def can_fuse(optimizer: type[torch.optim.Optimizer], device: str) -> bool:
    """Return whether an optimiser can update all weights in one call, ``fused=True``."""
    takes_it = "fused" in signature(optimizer).parameters
    return takes_it and torch.device(device).type in ("cpu", "cuda")


def resolve_device(device: str) -> str:
    """Turn "auto" into the best device available, and check that a named device exists."""
    if device == "auto":
        if torch.cuda.is_available():
            return "cuda"
        return "mps" if torch.backends.mps.is_available() else "cpu"
    try:
        torch.empty(0, device=device)
    except (RuntimeError, AssertionError, NotImplementedError) as error:
        reason = str(error).splitlines()[0]
        raise ValueError(
            f'device={device!r} cannot be used here: {reason}. Use "auto", "cpu", "cuda", '
            '"cuda:<number>" or "mps", whichever the machine has.'
        ) from error
    return device
