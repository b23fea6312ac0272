"""Child processes made by a fork, in which some libraries hang where they use several threads."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager

from threadpoolctl import threadpool_limits

_imported_in = os.getpid()


@contextmanager
def one_thread_after_fork() -> Iterator[None]:
    """Keep OpenMP to one thread in a forked child; anywhere else do nothing.

    Once the parent has run OpenMP, as scikit-learn's search for neighbours does, GNU's OpenMP waits
    in the child for threads that the fork has not copied.
    """
    if os.getpid() == _imported_in:
        yield
        return
    with threadpool_limits(1, user_api="openmp"):
        yield
