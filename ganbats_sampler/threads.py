"""The number of threads to use, and limits to one thread."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from functools import cache

from sklearn.utils._openmp_helpers import _openmp_effective_n_threads
from threadpoolctl import ThreadpoolController, threadpool_limits

#: Number of products of floats that one thread computes in about a tenth of a second.
FEW_PRODUCTS = 10**9

_imported_in = os.getpid()


@contextmanager
def one_thread_after_fork() -> Iterator[None]:
    """Limit OpenMP to one thread in a forked child process; elsewhere, do nothing.

    If the parent has used OpenMP, as scikit-learn's search for neighbours does, GNU OpenMP in the
    child waits for threads that the fork did not copy.
    """
    if os.getpid() == _imported_in:
        yield
        return
    with threadpool_limits(1, user_api="openmp"):
        yield


def one_blas_thread() -> AbstractContextManager[object]:
    """Limit NumPy's matrix products to one thread, because more would change the order of sums."""
    return _controller().limit(limits=1, user_api="blas")


def threads_for(n_products: int) -> AbstractContextManager[object]:
    """Limit OpenMP to one thread if there are so few products that threads only wait."""
    return _controller().limit(limits=1 if n_products < FEW_PRODUCTS else None, user_api="openmp")


def count_threads() -> int:
    """Return the number of threads that OpenMP uses, which joblib sets in its workers."""
    return _openmp_effective_n_threads()


@cache
def _controller() -> ThreadpoolController:
    """Find the libraries with threads, once only, because it takes milliseconds."""
    return ThreadpoolController()
