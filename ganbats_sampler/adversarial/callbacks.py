"""Callbacks of the training loop: schedule, stopping, divergence, spread, progress."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from skorch.callbacks import Callback
from torch.optim.lr_scheduler import StepLR

from ganbats_sampler.adversarial.net import StopTraining


class HalveLearningRates(Callback):
    """Halve both learning rates every so many epochs (Liu et al. 2023, section 4.2)."""

    def __init__(self, every: int = 50):
        self.every = every

    def on_train_begin(self, net, X=None, y=None, **kwargs):
        """Attach a schedule to each optimiser."""
        self.schedules_ = [
            StepLR(optimizer, self.every, gamma=0.5)
            for optimizer in (net.optimizer_, net.discriminator_optimizer_)
        ]

    def on_epoch_end(self, net, **kwargs):
        """Take one step of the schedules."""
        for schedule in self.schedules_:
            schedule.step()

    def on_train_end(self, net, X=None, y=None, **kwargs):
        """Let go of the optimisers: pickled here, their tensors could not change device."""
        del self.schedules_


class StopWhenUndecided(Callback):
    """Stop when the discriminator can no longer tell (Liu et al. 2023, section 3, step 3).

    Its accuracy, which every epoch records, has to stay within `tolerance` of one half for
    `patience` epochs. Epochs count once the discriminator has been able to tell, for an untrained
    one cannot either, and once `min_updates` updates are done.
    """

    def __init__(self, min_updates: int = 0, tolerance: float = 0.05, patience: int = 5):
        self.min_updates = min_updates
        self.tolerance = tolerance
        self.patience = patience

    def on_train_begin(self, net, X=None, y=None, **kwargs):
        """Start counting."""
        self.undecided_epochs_ = 0
        self.could_tell_ = False

    def on_epoch_end(self, net, **kwargs):
        """Count this epoch, or start again."""
        row = net.history[-1]
        lead = row["discriminator_accuracy"] - 0.5
        self.could_tell_ = self.could_tell_ or lead > self.tolerance
        undecided = abs(lead) <= self.tolerance
        counts = undecided and self.could_tell_ and row["update"] > self.min_updates
        self.undecided_epochs_ = self.undecided_epochs_ + 1 if counts else 0
        if self.undecided_epochs_ >= self.patience:
            raise StopTraining


class StopOnDivergence(Callback):
    """Stop when a loss is no longer finite; the caller sees it in the last row of the history."""

    def on_epoch_end(self, net, **kwargs):
        """Look at this epoch's losses."""
        row = net.history[-1]
        if not math.isfinite(row["generator_loss"] + row["discriminator_loss"]):
            raise StopTraining


class WatchSpread(Callback):
    """Record how varied generated series are, as a share of the real ones: ``spread``.

    Parameters
    ----------
    spread_ratio : callable
        ``(real, synthetic) -> float``.
    labels : sequence of int, default=()
        Of a net that was fitted with classes, those to look at; the least spread is recorded.
    every : int, default=50
        Updates between two looks; a row of the history between them has NaN. The last row is always
        looked at.
    n_samples : int, default=64
        Series to generate, and real ones to take, at a look.
    """

    def __init__(
        self, spread_ratio, labels: Sequence[int] = (), every: int = 50, n_samples: int = 64
    ):
        self.spread_ratio = spread_ratio
        self.labels = labels
        self.every = every
        self.n_samples = n_samples

    def on_train_begin(self, net, X=None, y=None, **kwargs):
        """Keep some of the real series of each class to compare with."""
        classes = {None: X} if y is None else {label: X[y == label] for label in self.labels}
        self.real_ = {
            label: np.asarray(series[:: math.ceil(len(series) / self.n_samples)])
            for label, series in classes.items()
        }
        self.next_look_ = self.every

    def on_epoch_end(self, net, **kwargs):
        """Look, if it is time to."""
        spread = float("nan")
        if net.n_updates_ >= self.next_look_:
            spread = self._look(net)
            self.next_look_ = net.n_updates_ + self.every
        net.history.record("spread", spread)

    def on_train_end(self, net, X=None, y=None, **kwargs):
        """Look at what came out in the end; an epoch that was interrupted has no entry yet."""
        if math.isnan(net.history[-1].get("spread", 0.0)):
            net.history.record("spread", self._look(net))

    def _look(self, net) -> float:
        spreads = [self._spread(net, label, real) for label, real in self.real_.items()]
        return float(np.min(spreads))

    def _spread(self, net, label: int | None, real: np.ndarray) -> float:
        generated = net.generate(self.n_samples, net.seed, label).numpy()
        if not np.isfinite(generated).all():
            return float("nan")
        return self.spread_ratio(real, generated)


class ShowProgress(Callback):
    """A progress bar over the updates of the generator, with the losses beside it."""

    def __init__(self, total: int, description: str = ""):
        self.total = total
        self.description = description

    def on_train_begin(self, net, X=None, y=None, **kwargs):
        """Draw the empty bar."""
        from tqdm.auto import tqdm

        self.bar_ = tqdm(total=self.total, desc=self.description, unit="update", mininterval=0.5)

    def on_epoch_end(self, net, **kwargs):
        """Move the bar to the updates done."""
        row = net.history[-1]
        self.bar_.update(row["update"] - self.bar_.n)
        self.bar_.set_postfix(
            D=f"{row['discriminator_loss']:.2f}", G=f"{row['generator_loss']:.2f}", refresh=False
        )

    def on_train_end(self, net, X=None, y=None, **kwargs):
        """Close the bar; it cannot be pickled with the net."""
        self.bar_.close()
        del self.bar_
