"""Training on a group of series: the budget, and the attempts until the watch is passed."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import torch

from ganbats_sampler.adversarial.callbacks import (
    KeepBest,
    ShowProgress,
    StopOnCollapse,
    StopOnDivergence,
    WatchSpread,
)
from ganbats_sampler.adversarial.net import AdversarialNet
from ganbats_sampler.adversarial.recipes import Recipe
from ganbats_sampler.metrics.spread import spread_ratio
from ganbats_sampler.metrics.two_sample import maximum_mean_discrepancy
from ganbats_sampler.samplers.groups import TrainingGroup
from ganbats_sampler.samplers.watch import N_WATCHED, Failure, find_failure
from ganbats_sampler.series import RangeScaler

#: Looks at the held-out series without a better generator, after which training stops.
PATIENCE = 10


@dataclass(frozen=True)
class Training:
    """How networks are trained on a group, whichever it is.

    Parameters
    ----------
    recipe : Recipe
        The parts of the training loop.
    net_options : dict
        Parameters of :class:`AdversarialNet` beyond the recipe: networks, rates, device.
    batch_size, max_epochs, min_updates : int
        The budget: `max_epochs` epochs, or as many as make `min_updates` updates.
    validation_fraction : float or None
        Share of a class to hold out, for the best generator to be kept; None for none.
    target_share : float or None
        Share of a batch that is drawn from the targets of a group of several classes; None draws
        all its series alike.
    stop_on_collapse : bool
        End early, after half of the budget, when the generator has clearly collapsed. A net that
        several classes are drawn from is trained to the end: only one of them may have collapsed.
    retry : str
        Of a further attempt, what is other than in the first, as messages say it.
    """

    recipe: Recipe
    net_options: dict[str, Any]
    batch_size: int
    max_epochs: int
    min_updates: int
    validation_fraction: float | None = None
    target_share: float | None = None
    stop_on_collapse: bool = False
    retry: str = ""

    def epochs(self, n_samples: int) -> int:
        """Epochs over `n_samples` series."""
        return max(self.max_epochs, math.ceil(self.min_updates / self.updates(n_samples)))

    def updates(self, n_samples: int) -> int:
        """Count the updates of the generator in an epoch over `n_samples` series."""
        batches = n_samples // min(self.batch_size, n_samples)
        return math.ceil(batches / self.recipe.n_critic)

    def net(self, group: TrainingGroup, seed: int, show_progress: bool) -> AdversarialNet:
        """Make an untrained net for a group."""
        n_samples = len(group.series)
        epochs = self.epochs(n_samples)
        labels = [label for label in group.targets.values() if label is not None]
        callbacks: list = [WatchSpread(spread_ratio, labels)]
        if show_progress:
            callbacks.append(ShowProgress(epochs * self.updates(n_samples), group.name))
        # those that may stop come last: the others are to have seen the epoch
        if group.held_out:
            callbacks.append(KeepBest(discrepancy, group.held_out, patience=PATIENCE))
        if self.stop_on_collapse and len(group.targets) == 1:
            callbacks.append(StopOnCollapse(epochs * self.updates(n_samples) // 2))
        callbacks += [StopOnDivergence(), *self.recipe.callbacks(self.min_updates)]
        return AdversarialNet(
            **self.net_options,
            **self.recipe.net_options(),
            batch_size=self.batch_size,
            max_epochs=epochs,
            callbacks=callbacks,
            target_share=self.target_share,
            targets=labels,
            seed=seed,
        )


@dataclass
class TrainedGenerator:
    """A trained net that draws series of a class in the units of the data, and what is wrong.

    Attributes
    ----------
    net : AdversarialNet
        Of the first attempt that the watch passed for this class, or of the last.
    label : int or None
        The class, as the net knows it.
    scaler, of_class : RangeScaler
        Of the group the net was trained on, and of the class.
    failure : Failure or None
        Why the watch did not pass it; None if it did.
    retry : str
        What was other than in the first attempt; empty for a net of the first.
    first_failure : Failure or None
        Why the watch did not pass the first attempt, if this is of a further one.
    """

    net: AdversarialNet
    label: int | None
    scaler: RangeScaler
    of_class: RangeScaler
    failure: Failure | None = None
    retry: str = ""
    first_failure: Failure | None = None

    @property
    def attempts(self) -> str:
        """What came of each attempt that failed, and what was other in the next."""
        first, last = self.first_failure, self.failure
        messages = [failure.message for failure in (first, last) if failure is not None]
        return f"; trained again {self.retry}: ".join(messages)

    @property
    def history(self) -> list[dict[str, float]]:
        """A row an epoch."""
        return [{k: v for k, v in row.items() if k != "batches"} for row in self.net.history]

    def draw(self, n_samples: int, seed: int) -> Iterator[np.ndarray]:
        """Yield series in chunks, (n, n_channels, n_timepoints), float64."""
        chunks = self.net.draw(n_samples, seed, self.label)
        while True:
            with one_thread():  # not round the yield: the caller's own work is not ours to slow
                scaled = next(chunks, None)
            if scaled is None:
                return
            yield self.of_class.clip(self.scaler.inverse_transform(scaled.numpy()))


def train(
    group: TrainingGroup, trainings: Sequence[Training], show_progress: bool = False
) -> dict[Any, TrainedGenerator]:
    """Train on a group until every class passes the watch or the attempts are used up.

    Parameters
    ----------
    group : TrainingGroup
        In the units of the data.
    trainings : sequence of Training
        One for each attempt; each is from another seed.
    show_progress : bool, default=False
        Whether to show a progress bar for each.

    Returns
    -------
    dict of label to TrainedGenerator
        One for each of the group's targets.
    """
    scaler = RangeScaler.fit(group.series)
    scaled = replace(group, series=scaler.transform(group.series))
    scaled = scaled.hold_out(trainings[0].validation_fraction)
    trained: dict[Any, TrainedGenerator] = {}
    with one_thread():
        for attempt, training in enumerate(trainings):
            net = training.net(scaled, group.seed + attempt, show_progress)
            net.fit(scaled.series, scaled.labels)
            for target, label in group.targets.items():
                before = trained.get(target)
                if before is not None and before.failure is None:
                    continue
                of_class = RangeScaler.fit(group.of_class(label))
                generator = TrainedGenerator(net, label, scaler, of_class, retry=training.retry)
                generator.failure = _watch(generator, group.of_class(label))
                if before is not None:
                    generator.first_failure = before.first_failure or before.failure
                trained[target] = generator
            if all(generator.failure is None for generator in trained.values()):
                break
    return trained


def discrepancy(held_out: np.ndarray, generated: np.ndarray) -> float:
    """Say how far generated series are from held-out ones."""
    return maximum_mean_discrepancy(held_out, generated, n_permutations=0).statistic


def _watch(trained: TrainedGenerator, real: np.ndarray) -> Failure | None:
    """Say what is wrong with what is generated for a class, or None if nothing is."""
    net, last = trained.net, trained.net.history[-1]
    if not math.isfinite(last["generator_loss"] + last["discriminator_loss"]):
        return Failure("diverged", f"training diverged after {net.n_updates_} updates")
    generated = net.generate(N_WATCHED, net.seed, trained.label).numpy()
    # in the scale of the class: other classes of its group may be far larger
    generated = trained.of_class.transform(trained.scaler.inverse_transform(generated))
    return find_failure(trained.of_class.transform(real), generated)


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
