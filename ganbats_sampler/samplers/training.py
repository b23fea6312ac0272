"""Training on one class: the budget, the attempts, and the watch over what comes out."""

from __future__ import annotations

import math
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
import torch
from scipy.spatial.distance import cdist, pdist, squareform

from ganbats_sampler.adversarial.callbacks import ShowProgress, StopOnDivergence, WatchSpread
from ganbats_sampler.adversarial.net import AdversarialNet
from ganbats_sampler.adversarial.recipes import Recipe
from ganbats_sampler.metrics.spread import spread_ratio
from ganbats_sampler.series import RangeScaler

#: Below this share of the real series' spread a generator counts as collapsed.
MIN_SPREAD = 0.2
#: Below this share of real series' distance to their nearest, generated ones repeat each other.
MIN_APART = 0.05
#: Above this multiple of it, generated series are too far from the real ones.
MAX_OFFSET = 5.0
#: Root mean square difference, in scaled units, up to which series pass for the same.
SAME = 0.01
#: Series looked at to judge a generator, generated ones and, at most, real ones. As many of the
#: latter for every size of class, for the distance to the nearest hangs on how many there are.
N_WATCHED = 128


@dataclass(frozen=True)
class Training:
    """How networks are trained on a class, whichever class it is.

    Parameters
    ----------
    recipe : Recipe
        The parts of the training loop.
    net_options : dict
        Parameters of :class:`AdversarialNet` beyond the recipe: networks, rates, device.
    batch_size, max_epochs, min_updates : int
        The budget: `max_epochs` epochs, or as many as make `min_updates` updates.
    max_attempts : int
        Trainings, each from another seed, before a failure is final.
    """

    recipe: Recipe
    net_options: dict[str, Any]
    batch_size: int
    max_epochs: int
    min_updates: int
    max_attempts: int

    def epochs(self, n_samples: int) -> int:
        """Epochs for a class of `n_samples` series."""
        return max(self.max_epochs, math.ceil(self.min_updates / self.batches(n_samples)))

    def batches(self, n_samples: int) -> int:
        """Batches, and so updates, in an epoch over `n_samples` series."""
        return n_samples // min(self.batch_size, n_samples)

    def net(self, n_samples: int, seed: int, progress: str | None) -> AdversarialNet:
        """Make an untrained net for a class of `n_samples` series."""
        epochs = self.epochs(n_samples)
        callbacks = [WatchSpread(spread_ratio)]
        if progress is not None:
            callbacks.append(ShowProgress(epochs * self.batches(n_samples), progress))
        # those that may stop come last: the others are to have seen the epoch
        callbacks += [StopOnDivergence(), *self.recipe.callbacks(self.min_updates)]
        return AdversarialNet(
            **self.net_options,
            **self.recipe.net_options(),
            batch_size=self.batch_size,
            max_epochs=epochs,
            callbacks=callbacks,
            seed=seed,
        )


class Failure(NamedTuple):
    """What is wrong with a generator: a kind ("diverged", "collapsed" or "off"), and a sentence."""

    kind: str
    message: str


@dataclass
class TrainedGenerator:
    """A trained net that draws series in the units of the data, and what is wrong with it.

    Attributes
    ----------
    net : AdversarialNet
        Of the last attempt.
    scaler : RangeScaler
        Of the class.
    n_timepoints : int
        Length of a series.
    failure : Failure or None
        Why the watch did not pass it; None if it did.
    """

    net: AdversarialNet
    scaler: RangeScaler
    n_timepoints: int
    failure: Failure | None

    @property
    def history(self) -> list[dict[str, float]]:
        """A row an epoch of the last attempt."""
        return [{k: v for k, v in row.items() if k != "batches"} for row in self.net.history]

    def draw(self, n_samples: int, seed: int) -> Iterator[np.ndarray]:
        """Yield series in chunks, (n, n_channels, n_timepoints), float64."""
        chunks = self.net.draw(n_samples, self.n_timepoints, seed)
        while True:
            with one_thread():  # not round the yield: the caller's own work is not ours to slow
                scaled = next(chunks, None)
            if scaled is None:
                return
            yield self.scaler.inverse_transform(scaled.numpy())


def train(
    series: np.ndarray, training: Training, seed: int, progress: str | None = None
) -> TrainedGenerator:
    """Train on one class until a generator passes the watch or the attempts are used up.

    Parameters
    ----------
    series : ndarray of shape (n_samples, n_channels, n_timepoints)
        The class, in the units of the data; at least two series.
    training : Training
        How to train.
    seed : int
        Of the class; each further attempt adds one.
    progress : str or None
        What a progress bar is labelled with; None for no bar.
    """
    scaler = RangeScaler.fit(series)
    scaled = scaler.transform(series)
    with one_thread():
        for attempt in range(training.max_attempts):
            net = training.net(len(series), seed + attempt, progress).fit(scaled)
            failure = find_failure(scaled, net)
            if failure is None:
                break
    return TrainedGenerator(net, scaler, series.shape[2], failure)


def find_failure(real: np.ndarray, net: AdversarialNet) -> Failure | None:
    """Say what is wrong with what a net generates, or None if nothing is.

    - It *diverged* if a loss or a generated value is not finite.
    - It *collapsed* if its series are less than a fifth as varied as the real ones (mean distance
      between two of them), or are the same few again and again: each has another within a
      twentieth of the distance that real ones have to their nearest.
    - It is *off the class* if its series lie further from the nearest real one, on average, than
      two real ones lie from each other, or than five times as far as real ones lie from their
      nearest.

    Distances are Euclidean, between scaled series.

    Parameters
    ----------
    real : ndarray of shape (n_samples, n_channels, n_timepoints)
        The series it was trained on, scaled.
    net : AdversarialNet
        Trained.
    """
    last = net.history[-1]
    generated = net.generate(N_WATCHED, real.shape[2], seed=net.seed).numpy()
    if not (
        math.isfinite(last["generator_loss"] + last["discriminator_loss"])
        and np.isfinite(generated).all()
    ):
        return Failure("diverged", f"training diverged after {net.n_updates_} updates")
    real = real[:: math.ceil(len(real) / N_WATCHED)].reshape(-1, real[0].size)
    generated = generated.reshape(N_WATCHED, -1)
    spread = spread_ratio(real, generated)
    if spread < MIN_SPREAD:
        return Failure(
            "collapsed",
            f"the generator collapsed: its series are {spread:.3f} times as varied as real ones",
        )
    n = min(len(real), N_WATCHED)
    apart, real_apart = _to_nearest_other(generated[:n]), _to_nearest_other(real[:n])
    if apart < MIN_APART * real_apart:
        return Failure("collapsed", "the generator collapsed: it repeats a few series")
    offset = cdist(generated, real).min(axis=1).mean()
    limit = min(pdist(real).mean(), MAX_OFFSET * _to_nearest_other(real))
    limit = max(limit, SAME * math.sqrt(real.shape[1]))  # where real series are all alike
    if offset > limit:
        return Failure(
            "off",
            f"generated series left the class: their distance to the nearest real one is "
            f"{offset / limit:.1f} times what it may be",
        )
    return None


def _to_nearest_other(flat: np.ndarray) -> float:
    """Mean distance of each row from the nearest of the other rows."""
    distances = squareform(pdist(flat))
    np.fill_diagonal(distances, np.inf)
    return float(distances.min(axis=1).mean())


@contextmanager
def one_thread() -> Iterator[None]:
    """Keep PyTorch to one thread in the calling thread, and give back what it had.

    The order of a sum hangs on the number of threads, so with more than one the same seed would
    give other rows on another machine, or under another n_jobs. And where there are more threads
    than free cores, an LSTM of this size is many times slower.
    """
    n_threads = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        yield
    finally:
        torch.set_num_threads(n_threads)


def resolve_device(device: str) -> str:
    """Turn "auto" into the best device there is; check that a device that is named exists."""
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
