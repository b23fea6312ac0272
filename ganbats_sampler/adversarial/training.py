"""Training on a group of series: the budget, and attempts until the failure checks pass."""

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

#: Number of updates of a network on components for each series of a class, and largest number of
#: updates. A small class gains nothing from more: its synthetic series only move nearer to the
#: real ones.
UPDATES_PER_SERIES, MAX_UPDATES = 10, 3000
#: Smallest number of epochs, even if `min_updates` is reached sooner.
MIN_EPOCHS = 10
#: Smallest number of updates to time for an estimate, and seconds to spend on further ones.
UPDATES_PROBED, SECONDS_PROBED = 10, 1.0
#: Largest number of held-out series of a class to compare generated ones with.
MAX_HELD_OUT = 200
#: Number of evaluations on held-out series without improvement after which training stops.
PATIENCE = 10


def updates_by_size(n_samples: int, least: int) -> int:
    """Return the number of updates on components: ten per series, from `least` to 3000."""
    return min(max(UPDATES_PER_SERIES * n_samples, least), MAX_UPDATES)


@dataclass(frozen=True)
class Training:
    """The settings of a training on a group of series.

    Parameters
    ----------
    net : type
        The class of the net.
    net_options : dict
        The parameters of the net: networks, losses, learning rate, device.
    space : type
        The class of the space that the networks work in.
    batch_size : int
        Number of series in a batch.
    max_epochs : int or None
        Number of epochs. None chooses as many as `min_updates` needs, and at least ten.
    min_updates : int
        Least number of generator updates if `max_epochs` is None.
    robust_scaling : bool
        Whether to leave outliers out of the range of each channel, and to clip them to it.
    validation_fraction : float or None
        Share of a class to hold out for the choice of the best generator. None holds out none.
    target_share : float or None
        Share of a batch that is drawn from the targets of a group of several classes. None draws
        from all its series at random.
    callbacks : sequence of Callback
        Further callbacks.
    stop_on_collapse : bool
        Whether to stop, in the second half of the updates, when the generator has clearly
        collapsed. A network that generates several classes does not stop, because one alone may
        have collapsed.
    change : str
        The change from the previous attempt, as a part of a message.
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

        The training keeps its state in the file `checkpoint`. It stops before an epoch that would
        end after `deadline`, in seconds of :func:`time.monotonic`.
        """
        n_samples = len(group.series)
        epochs = self.epochs(n_samples)
        n_updates = epochs * self.updates(n_samples)
        codes = [code for code in group.targets.values() if code is not None]
        callbacks: list[Callback] = [WatchDiversity(codes)]
        if show_progress:
            callbacks.append(ShowProgress(n_updates, group.name))
        # Callbacks that may stop training come last, so that the others see every epoch.
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
        The code of the class that the net receives.
    space : Space
        The space that the net was trained in, for this class.
    range : RangeScaler
        The range of the class, to which its synthetic series are clipped.
    failures : tuple of Failure
        The failure of each attempt that did not pass the checks, in order.
    passed : bool
        Whether the net passed the checks.
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
        """Why each attempt failed, and the change before the second; empty if the first passed."""
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

    There is one training for each attempt, and each attempt uses a different seed. Each attempt
    keeps its state in one of the `files`. An attempt stops before an epoch that would end after
    `max_time` seconds from the start of the first attempt, and no attempt starts after that time.
    The first attempt continues from the networks of an earlier training, `before`, in their space,
    if the networks have the same shapes. The result has one item for each target of the group, by
    label.
    """
    trained: dict[Any, Trained] = {}
    deadline = None if max_time is None else time.monotonic() + max_time
    # one BLAS thread, because the last digits of a product depend on the number of threads
    with own_settings(), threadpool_limits(1):
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
    """Train one net, from the networks of `before` if possible; return it and its space.

    `options` are those of :meth:`Training.make_net`.
    """
    seen = group.hold_out(training.validation_fraction)

    def make(space: Space) -> tuple[GeneratorNet, TrainingGroup]:
        """Make an untrained net in a space, and the group of encoded series to train it on."""
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

    Also return the result of these updates for each target of the group, by label.
    """
    n_epochs = training.epochs(len(group.series))
    n_probed = math.ceil(UPDATES_PROBED / training.updates(len(group.series)))

    def try_out(n: int) -> tuple[float, dict[Any, Trained]]:
        start = time.perf_counter()
        trained = train(group, [replace(training, max_epochs=n)])
        return time.perf_counter() - start, trained

    if n_epochs <= 3 * n_probed:
        return try_out(n_epochs)
    # the first updates are slower; they only show how many more to time
    first, _ = try_out(n_probed)
    n_probed = min(n_probed * math.ceil(SECONDS_PROBED / first), n_epochs // 2)
    seconds, trained = try_out(n_probed)
    return seconds * n_epochs / n_probed, trained


class HeldOut:
    """Held-out series of a class, to compare generated ones with.

    Parameters
    ----------
    space : Space
        The space that the networks work in, for this class.
    series : ndarray of shape (n_samples, n_channels, n_timepoints)
        The series, in the units of the data. If there are more than 200, 200 are chosen at random.
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
    """Compute the maximum mean discrepancy of generated and held-out series, scaled alike."""
    synthetic = held_out.space.decode(generated, np.random.default_rng(0))
    synthetic = held_out.range.transform(synthetic)
    return maximum_mean_discrepancy(held_out.series, synthetic, n_permutations=0).statistic


def check(trained: Trained, real: np.ndarray) -> Failure | None:
    """Check the series that a net generates for a class, and return the failure or None."""
    net = trained.net
    if net.has_diverged:
        return Failure("diverged", f"training diverged after {net.n_updates_} updates")
    synthetic = net.generate(N_CHECKED, trained.code, random_state=net.random_state).numpy()
    rng = np.random.default_rng(net.random_state)
    return find_failure(real, trained.space.decode(synthetic, rng))
