"""Training on a group of series: the budget, and the attempts until the failure checks pass."""

from __future__ import annotations

import math
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from skorch.callbacks import Callback
from threadpoolctl import threadpool_limits

from ganbats_sampler.adversarial.callbacks import (
    KeepBest,
    ShowProgress,
    StopInTime,
    StopOnCollapse,
    StopOnDivergence,
    StopWithParent,
    WatchDiversity,
)
from ganbats_sampler.adversarial.checkpoints import CheckpointFiles, KeepCheckpoint
from ganbats_sampler.adversarial.devices import own_settings
from ganbats_sampler.adversarial.failures import N_CHECKED, Failure, find_failure
from ganbats_sampler.adversarial.groups import TrainingGroup
from ganbats_sampler.adversarial.loop import GeneratorNet
from ganbats_sampler.adversarial.spaces import Space, fit_range
from ganbats_sampler.metrics.two_sample import maximum_mean_discrepancy
from ganbats_sampler.series import RangeScaler

#: The updates of a network on components, by class size. A small class does not gain from more of
#: them: its synthetic series only move nearer to the real ones.
UPDATES_PER_SERIES, MAX_UPDATES = 10, 3000
#: Epochs over a class whose `min_updates` are reached sooner.
MIN_EPOCHS = 10
#: Fewest updates that are timed for an estimate, and seconds that may be spent on a few more.
UPDATES_PROBED, SECONDS_PROBED = 10, 1.0
#: The most held-out series of a class that generated ones are compared with.
MAX_HELD_OUT = 200
#: Evaluations on held-out series without a better generator after which training stops.
PATIENCE = 10


def updates_by_size(n_samples: int, least: int) -> int:
    """Return the updates of a network on the components of a class: ten for each series."""
    return min(max(UPDATES_PER_SERIES * n_samples, least), MAX_UPDATES)


@dataclass(frozen=True)
class Training:
    """The settings of a training on a group of series.

    Parameters
    ----------
    net : type
        The kind of net.
    net_options : dict
        Its parameters: networks, losses, learning rate, device.
    space : type
        The space that networks work in.
    batch_size : int
        Series in an update.
    max_epochs : int or None
        Number of epochs; None for as many as make `min_updates` updates, and at least ten.
    min_updates : int
        Number of generator updates.
    robust_scaling : bool
        Whether outliers are left out of the range of each channel, and clipped to it.
    validation_fraction : float or None
        Share of a class to hold out for choosing the best generator; None for none.
    target_share : float or None
        Share of a batch that is drawn from the targets of a group of several classes; None draws
        all its series alike.
    callbacks : sequence of Callback
        Further callbacks.
    stop_on_collapse : bool
        Whether to end early, after half of the budget, when the generator has clearly collapsed. A
        network that generates several classes is trained to the end: perhaps one alone collapsed.
    change : str
        The change of a further attempt, in the words of a message.
    """

    net: type[GeneratorNet]
    net_options: dict[str, Any]
    space: type[Space]
    batch_size: int
    max_epochs: int | None
    min_updates: int
    robust_scaling: bool = True
    validation_fraction: float | None = None
    target_share: float | None = None
    callbacks: Sequence[Callback] = ()
    stop_on_collapse: bool = False
    change: str = ""

    def epochs(self, n_samples: int) -> int:
        """Count the epochs over `n_samples` series."""
        if self.max_epochs is not None:
            return self.max_epochs
        return max(MIN_EPOCHS, math.ceil(self.min_updates / self.updates(n_samples)))

    def updates(self, n_samples: int) -> int:
        """Count the generator updates in an epoch over `n_samples` series."""
        batches = n_samples // min(self.batch_size, n_samples)
        return math.ceil(batches / self.net_options.get("n_critic", self.net.n_critic))

    def make_net(
        self,
        group: TrainingGroup,
        space: Space,
        seed: int,
        show_progress: bool,
        checkpoint: Path | None,
        held_out: dict[int | None, HeldOut] | None = None,
        deadline: float | None = None,
    ) -> GeneratorNet:
        """Make an untrained net for a group in a space.

        The state of training is kept in a file, and training ends before the deadline, if there is
        one.
        """
        n_samples = len(group.series)
        epochs = self.epochs(n_samples)
        n_updates = epochs * self.updates(n_samples)
        codes = [code for code in group.targets.values() if code is not None]
        callbacks: list = [WatchDiversity(codes)]
        if show_progress:
            callbacks.append(ShowProgress(n_updates, group.name))
        # Callbacks that may stop training come last, so that the others see the whole epoch.
        if held_out:
            callbacks.append(KeepBest(discrepancy, held_out, patience=PATIENCE))
        if self.stop_on_collapse and len(group.targets) == 1:
            callbacks.append(StopOnCollapse(n_updates // 2))
        if deadline is not None:
            callbacks.append(StopInTime(deadline))
        callbacks += [StopOnDivergence(), *self.callbacks, StopWithParent()]
        if checkpoint is not None:
            callbacks.append(KeepCheckpoint(checkpoint))
        of_space = {
            f"{module}__{name}": value
            for module, options in zip(self.net.modules, space.network_options(), strict=False)
            for name, value in options.items()
        }
        return self.net(
            **self.net_options,
            **of_space,
            batch_size=self.batch_size,
            max_epochs=epochs,
            callbacks=callbacks,
            target_share=self.target_share,
            targets=codes,
            random_state=seed,
        )


@dataclass(frozen=True)
class Trained:
    """The result of a training for one class.

    Parameters
    ----------
    net : GeneratorNet
        The net of the first attempt that passed the checks for this class, or of the last attempt.
    code : int or None
        The class, as the net knows it.
    space : Space
        The space that the net was trained in, for this class.
    range : RangeScaler
        The range of the class, which its series do not leave.
    failures : tuple of Failure
        Why each attempt failed the checks, in their order.
    passed : bool
        Whether the net passed them.
    change : str
        The change of the last attempt; empty for the first.
    """

    net: GeneratorNet
    code: int | None
    space: Space
    range: RangeScaler
    failures: tuple[Failure, ...] = ()
    passed: bool = True
    change: str = ""

    @property
    def message(self) -> str:
        """Why each attempt failed, and what the next one changed; empty if the first passed."""
        return f"; trained again {self.change}: ".join(f.message for f in self.failures)

    @property
    def history(self) -> list[dict[str, float]]:
        """One row for each epoch."""
        return self.net.rows


def train(
    group: TrainingGroup,
    trainings: Sequence[Training],
    show_progress: bool = False,
    files: CheckpointFiles | None = None,
    max_time: float | None = None,
    before: Trained | None = None,
) -> dict[Any, Trained]:
    """Train on a group until every class passes the failure checks or no attempt is left.

    There is one training for each attempt, and each attempt uses a different seed. The state of
    each is kept in one of the `files`. All attempts together take at most `max_time` seconds. The
    first goes on from the networks of an earlier training, `before`, in their space, if they are
    alike. Returned is what was made for each target of the group, by label.
    """
    trained: dict[Any, Trained] = {}
    deadline = None if max_time is None else time.monotonic() + max_time
    with own_settings(), threadpool_limits(1):  # a matrix product may depend on the number, too
        for attempt, training in enumerate(trainings):
            file = files.of_attempt(attempt) if files else None
            net, space = _train_net(
                group,
                training,
                group.seed + attempt,
                None if attempt else before,
                show_progress=show_progress,
                checkpoint=file,
                deadline=deadline,
            )
            for label, code in group.targets.items():
                last = trained.get(label)
                if last is not None and last.passed:
                    continue
                real = group.of_class(code)
                value_range = fit_range(real, training.robust_scaling)
                new = Trained(net, code, space.for_class(real), value_range, change=training.change)
                failure = check(new, real)
                failures = (*(last.failures if last else ()), *([failure] if failure else ()))
                trained[label] = replace(new, failures=failures, passed=failure is None)
            is_late = deadline is not None and time.monotonic() > deadline
            if is_late or all(of_class.passed for of_class in trained.values()):
                break
    return trained


def _train_net(
    group: TrainingGroup,
    training: Training,
    seed: int,
    before: Trained | None,
    **options: Any,
) -> tuple[GeneratorNet, Space]:
    """Train one net, from the networks of an earlier one if these are alike; return its space.

    `options` are those of :meth:`Training.make_net`.
    """
    seen = group.hold_out(training.validation_fraction)

    def make(space: Space) -> tuple[GeneratorNet, TrainingGroup]:
        """Make an untrained net in a space, and the series that it is trained on."""
        encoded = replace(seen, series=space.encode(seen.series))
        held_out = {
            code: HeldOut(space.for_class(seen.of_class(code)), some)
            for code, some in seen.held_out.items()
        }
        return training.make_net(encoded, space, seed, held_out=held_out, **options), encoded

    if before is not None:
        net, encoded = make(before.space)
        if net.initialize().start_from(before.net):
            return net.partial_fit(encoded.series, encoded.labels), before.space
    space = training.space.fit(seen.series, training.robust_scaling)
    net, encoded = make(space)
    return net.fit(encoded.series, encoded.labels), space


def estimate_seconds(group: TrainingGroup, training: Training) -> tuple[float, dict[Any, Trained]]:
    """Estimate the seconds of one training from its first updates.

    Returned is also what these made, for each target of the group, by label.
    """
    n_epochs = training.epochs(len(group.series))
    n_probed = math.ceil(UPDATES_PROBED / training.updates(len(group.series)))

    def try_out(n: int) -> tuple[float, dict[Any, Trained]]:
        start = time.perf_counter()
        trained = train(group, [replace(training, max_epochs=n)])
        return time.perf_counter() - start, trained

    if n_epochs <= 3 * n_probed:
        return try_out(n_epochs)
    first, _ = try_out(n_probed)  # slower than others, but it tells how many updates are quick
    n_probed = min(n_probed * math.ceil(SECONDS_PROBED / first), n_epochs // 2)
    seconds, trained = try_out(n_probed)
    return seconds * n_epochs / n_probed, trained


class HeldOut:
    """Series of a class that are not trained on, to compare generated ones with.

    Parameters
    ----------
    space : Space
        The space that the networks work in, for this class.
    series : ndarray of shape (n_samples, n_channels, n_timepoints)
        Series in the units of the data; of more than 200 a random part is used.
    """

    def __init__(self, space: Space, series: np.ndarray):
        if len(series) > MAX_HELD_OUT:
            rows = np.random.default_rng(0).choice(len(series), MAX_HELD_OUT, replace=False)
            series = series[rows]
        self.space = space
        self.range = RangeScaler.fit(series)
        self.series = self.range.transform(series)

    def __len__(self) -> int:
        return len(self.series)


def discrepancy(held_out: HeldOut, generated: np.ndarray) -> float:
    """Measure how far what a network generates is from held-out series, in their range."""
    synthetic = held_out.space.decode(generated, np.random.default_rng(0))
    synthetic = held_out.range.transform(synthetic)
    return maximum_mean_discrepancy(held_out.series, synthetic, n_permutations=0).statistic


def check(trained: Trained, real: np.ndarray) -> Failure | None:
    """Say what is wrong with the series that a net generates for a class; None if nothing is."""
    net = trained.net
    if net.has_diverged:
        return Failure("diverged", f"training diverged after {net.n_updates_} updates")
    synthetic = net.generate(N_CHECKED, trained.code, random_state=net.random_state).numpy()
    rng = np.random.default_rng(net.random_state)
    return find_failure(real, trained.space.decode(synthetic, rng))
