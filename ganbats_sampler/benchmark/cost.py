"""Measure what a block of code costs: seconds, and memory including PyTorch's."""

from __future__ import annotations

import threading
import time

#: Seconds between two measurements.
INTERVAL_S = 0.01


class Cost:
    """Measure the time of a block, and how far the memory of this process grows in it.

    Attributes
    ----------
    seconds : float
        The wall-clock time.
    megabytes : float
        The peak of the resident memory minus its value at the start, in units of 1e6 bytes. Memory
        of other threads is counted. Memory of a GPU is not, nor memory that the process had freed
        before and uses again.

    Examples
    --------
    >>> import numpy as np, time
    >>> with Cost() as cost:
    ...     filled = np.ones(10_000_000)
    ...     time.sleep(0.1)
    >>> cost.megabytes > 60, cost.seconds > 0.09
    (True, True)
    """

    def __enter__(self) -> Cost:
        import psutil

        self._memory = psutil.Process().memory_info
        self._first = self._peak = self._memory().rss
        self._end = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self._thread.start()
        self._start = time.perf_counter()
        return self

    def __exit__(self, *exception: object) -> None:
        self.seconds = time.perf_counter() - self._start
        self._end.set()
        self._thread.join()
        self.megabytes = (max(self._peak, self._memory().rss) - self._first) / 1e6

    def _watch(self) -> None:
        while not self._end.wait(INTERVAL_S):
            self._peak = max(self._peak, self._memory().rss)
