"""Callbacks of the training loop: schedule, stopping, divergence, diversity, quality, progress."""

from __future__ import annotations

import copy
import math
from collections.abc import Callable, Mapping, Sequence

import numpy as np
from skorch.callbacks import Callback
from torch.optim.lr_scheduler import StepLR

from ganbats_sampler.adversarial.net import StopTraining
from ganbats_sampler.metrics.diversity import diversity_ratio, has_collapsed


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


class WatchDiversity(Callback):
    """Record how varied generated series are, as a share of the real ones: ``diversity``.

    Parameters
    ----------
    labels : sequence of int, default=()
        Of a net that was fitted with classes, those to look at; the least spread is recorded.
    every : int, default=50
        Updates between two looks; a row of the history between them has NaN. The last row is always
        looked at.
    n_samples : int, default=64
        Series to generate, and real ones to take, at a look.
    """

    def __init__(self, labels: Sequence[int] = (), every: int = 50, n_samples: int = 64):
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
        diversity = float("nan")
        if net.n_updates_ >= self.next_look_:
            diversity = self._look(net)
            self.next_look_ = net.n_updates_ + self.every
        net.history.record("diversity", diversity)

    def on_train_end(self, net, X=None, y=None, **kwargs):
        """Look at what came out in the end; an epoch that was interrupted has no entry yet."""
        if math.isnan(net.history[-1].get("diversity", 0.0)):
            net.history.record("diversity", self._look(net))

    def _look(self, net) -> float:
        ratios = [self._diversity(net, label, real) for label, real in self.real_.items()]
        return float(np.min(ratios))

    def _diversity(self, net, label: int | None, real: np.ndarray) -> float:
        generated = net.generate(self.n_samples, label, random_state=net.random_state).numpy()
        if not np.isfinite(generated).all():
            return float("nan")
        return diversity_ratio(real, generated)


class StopOnCollapse(Callback):
    """Stop when the generator has clearly collapsed, and the discriminator has won.

    Training stops when, at `patience` evaluations of :class:`WatchDiversity` in a row, the
    diversity has clearly collapsed and the discriminator was right in at least `min_accuracy` of
    its decisions over the epoch. A generator that collapses early may recover, and so may one that
    the discriminator cannot tell from real series. Evaluations therefore count after `min_updates`
    updates, and only where both conditions hold. This callback comes after :class:`WatchDiversity`.

    Parameters
    ----------
    min_updates : int, default=0
        Updates before the first look that counts.
    margin : float, default=4
        The diversity has collapsed clearly where so many times as much would be a collapse too.
    min_accuracy : float, default=0.95
        One half is guessing. It is read in place of the loss, for it means the same with any loss.
    patience : int, default=2
        Looks in a row.
    """

    def __init__(
        self,
        min_updates: int = 0,
        margin: float = 4,
        min_accuracy: float = 0.95,
        patience: int = 2,
    ):
        self.min_updates = min_updates
        self.margin = margin
        self.min_accuracy = min_accuracy
        self.patience = patience

    def on_train_begin(self, net, X=None, y=None, **kwargs):
        """Start counting."""
        self.collapsed_looks_ = 0

    def on_epoch_end(self, net, **kwargs):
        """Count this look, if there was one, or start again."""
        row = net.history[-1]
        if math.isnan(row["diversity"]) or row["update"] < self.min_updates:
            return
        has_won = row["discriminator_accuracy"] >= self.min_accuracy
        collapsed = has_collapsed(self.margin * row["diversity"]) and has_won
        self.collapsed_looks_ = self.collapsed_looks_ + 1 if collapsed else 0
        if self.collapsed_looks_ >= self.patience:
            raise StopTraining


class KeepBest(Callback):
    """Record how far generated series are from held-out ones, and keep the best generator.

    After training the generator has the weights it had at the best look: ``discrepancy`` in the
    history, the least of which it is.

    Parameters
    ----------
    discrepancy : callable
        ``(held_out, synthetic) -> float``; less is better.
    held_out : dict of label to ndarray of shape (n_samples, n_channels, n_timepoints)
        Real series that are not trained on, by class as the net knows it (None for a net that was
        fitted without classes). Over the classes the mean is recorded.
    every : int, default=50
        Updates between two looks; a row of the history between them has NaN. The last row is always
        looked at.
    patience : int or None, default=None
        Looks in a row without a better one after which to stop; None never stops.
    """

    def __init__(
        self,
        discrepancy: Callable[[np.ndarray, np.ndarray], float],
        held_out: Mapping[int | None, np.ndarray],
        every: int = 50,
        patience: int | None = None,
    ):
        self.discrepancy = discrepancy
        self.held_out = held_out
        self.every = every
        self.patience = patience

    def on_train_begin(self, net, X=None, y=None, **kwargs):
        """Start anew."""
        self.least_ = math.inf
        self.best_weights_ = None
        self.worse_looks_ = 0
        self.next_look_ = self.every

    def on_epoch_end(self, net, **kwargs):
        """Look, if it is time to; stop, if it was in vain often enough."""
        net.history.record("discrepancy", float("nan"))
        if net.n_updates_ < self.next_look_:
            return
        self.next_look_ = net.n_updates_ + self.every
        self._look(net)
        if self.patience is not None and self.worse_looks_ >= self.patience:
            raise StopTraining

    def on_train_end(self, net, X=None, y=None, **kwargs):
        """Look at what came out in the end, and give the generator its best weights back."""
        if math.isnan(net.history[-1].get("discrepancy", 0.0)):
            self._look(net)
        if self.best_weights_ is not None:
            net.drawing_module.load_state_dict(self.best_weights_)
        del self.best_weights_  # else pickled with the net, and on the device it was trained on

    def _look(self, net) -> None:
        found = []
        for label, held_out in self.held_out.items():
            generated = net.generate(len(held_out), label, random_state=net.random_state)
            generated = generated.numpy()
            if not np.isfinite(generated).all():
                return
            found.append(self.discrepancy(held_out, generated))
        discrepancy = float(np.mean(found))
        net.history.record("discrepancy", discrepancy)
        self.worse_looks_ += 1
        if discrepancy < self.least_:
            self.least_, self.worse_looks_ = discrepancy, 0
            self.best_weights_ = copy.deepcopy(net.drawing_module.state_dict())


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
