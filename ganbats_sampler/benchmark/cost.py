"""What a piece of work costs: seconds, and memory, PyTorch's included."""

from __future__ import annotations

import threading
import time

#: Seconds between two looks.
INTERVAL_S = 0.01


class Cost:
    """Watch the clock, and how far the memory of this process grows while the block runs.

    Attributes
    ----------
    seconds : float
        How long it took.
    megabytes : float
        The most resident memory at any look, less what there was at the start. What the process
        had freed and takes again is not seen, nor a GPU's memory; other threads' work is.

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

        self._process = psutil.Process()
        self._first = self._peak = self._process.memory_info().rss
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self._thread.start()
        self._start = time.perf_counter()
        return self

    def __exit__(self, *exception: object) -> None:
        self.seconds = time.perf_counter() - self._start
        self._stop.set()
        self._thread.join()
        self._look()
        self.megabytes = (self._peak - self._first) / 1e6

    def _watch(self) -> None:
        while not self._stop.wait(INTERVAL_S):
            self._look()

    def _look(self) -> None:
        self._peak = max(self._peak, self._process.memory_info().rss)
