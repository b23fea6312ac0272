"""Series from a trained network."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from ganbats_sampler.adversarial.devices import own_settings
from ganbats_sampler.adversarial.spaces import ComponentSpace
from ganbats_sampler.adversarial.training import Trained
from ganbats_sampler.generators.protocol import Draw, without_parents


class TrainedGenerator:
    """Generate series of a class with a trained network, in the units of the data."""

    def __init__(self, trained: Trained):
        self.trained = trained

    @property
    def needs_real_series(self) -> bool:
        """Whether generating series needs real ones."""
        return isinstance(self.trained.space, ComponentSpace)

    def draw(self, n_samples: int, seed: int) -> Iterator[Draw]:
        """Yield series in chunks, in float64 and within the range of the class."""
        chunks = self.trained.net.draw(n_samples, self.trained.code, random_state=seed)
        rng = np.random.default_rng(seed)
        while True:
            with own_settings():  # not around the yield: the caller may use all its threads
                values = next(chunks, None)
            if values is None:
                return
            series = self.trained.space.decode(values.numpy(), rng)
            yield without_parents(self.trained.range.clip(series))
