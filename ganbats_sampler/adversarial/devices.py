"""Where networks are trained: the device, and the threads on a CPU."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import torch


@contextmanager
def one_thread() -> Iterator[None]:
    """Keep PyTorch to one thread in the calling thread, and restore the previous number.

    The order of a sum depends on the number of threads, so with several threads the same seed would
    give different rows on another machine or with another n_jobs. Where threads outnumber free
    cores, an LSTM of this size is also many times slower.
    """
    n_threads = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        yield
    finally:
        torch.set_num_threads(n_threads)


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
