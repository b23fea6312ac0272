"""How much memory a piece of work takes, PyTorch's included."""

from __future__ import annotations

import threading

#: Seconds between two looks.
INTERVAL_S = 0.01


class PeakMemory:
    """Watch how far the memory of this process grows while the block runs.

    Attributes
    ----------
    megabytes : float
        The most resident memory at any look, less what there was at the start.

    Examples
    --------
    >>> import numpy as np, time
    >>> with PeakMemory() as memory:
    ...     filled = np.ones(10_000_000)
    ...     time.sleep(0.1)
    >>> memory.megabytes > 60
    True
    """

    def __enter__(self) -> PeakMemory:
        try:
            import psutil
        except ImportError as error:
            raise ImportError(
                'The benchmark needs psutil: pip install "ganbats-sampler[benchmark]"'
            ) from error
        self._process = psutil.Process()
        self._start = self._peak = self._process.memory_info().rss
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *exception: object) -> None:
        self._stop.set()
        self._thread.join()
        self._look()

    def _watch(self) -> None:
        while not self._stop.wait(INTERVAL_S):
            self._look()

    def _look(self) -> None:
        self._peak = max(self._peak, self._process.memory_info().rss)

    @property
    def megabytes(self) -> float:
        """The growth so far."""
        return (self._peak - self._start) / 1e6
