"""Callbacks of the training loop: schedule, stopping, divergence, diversity, quality, progress."""

from __future__ import annotations

import copy
import math
import multiprocessing
import os
import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
from skorch.callbacks import Callback

from ganbats_sampler.adversarial.loop import StopTraining
from ganbats_sampler.metrics.diversity import diversity_ratio, has_collapsed


class HalveLearningRates(Callback):
    """Halve both learning rates every so many epochs (Liu et al. 2023, section 4.2)."""

    def __init__(self, every: int = 50):
        self.every = every

    def on_epoch_end(self, net, **kwargs):
        """Halve them, if it is time to."""
        if len(net.history) % self.every == 0:
            for optimizer in (net.optimizer_, net.discriminator_optimizer_):
                for group in optimizer.param_groups:
                    group["lr"] *= 0.5


class StopWhenUndecided(Callback):
    """Stop when the discriminator can no longer tell (Liu et al. 2023, section 3, step 3).

    Its accuracy, which every epoch records, has to stay within `tolerance` of one half for
    `patience` epochs. Epochs count once the discriminator has been able to tell, for an untrained
    one cannot either, and once `min_updates` updates are done.
    """

    state = ("undecided_epochs_", "could_tell_")

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


class StopWithParent(Callback):
    """End a worker process whose parent was killed: nobody waits for what it trains."""

    def on_train_begin(self, net, X=None, y=None, **kwargs):
        """Look who the parent is; a process that is no worker may well survive it."""
        self.parent_ = os.getppid() if multiprocessing.parent_process() else None

    def on_epoch_end(self, net, **kwargs):
        """Look whether it is still there: an orphan gets another parent."""
        if self.parent_ is not None and os.getppid() != self.parent_:
            os._exit(1)  # an exception would only reach joblib, whose workers wait for more work


class StopInTime(Callback):
    """Stop at the end of the last epoch before a time.

    Parameters
    ----------
    deadline : float
        The time, as :func:`time.monotonic` measures it.
    """

    def __init__(self, deadline: float):
        self.deadline = deadline

    def on_epoch_begin(self, net, **kwargs):
        """Start the clock."""
        self.start_ = time.monotonic()

    def on_epoch_end(self, net, **kwargs):
        """Stop if the next epoch would end too late."""
        now = time.monotonic()
        if now + (now - self.start_) > self.deadline:
            raise StopTraining


class StopOnDivergence(Callback):
    """Stop when a loss is no longer finite; the caller sees it in the last row of the history."""

    def on_epoch_end(self, net, **kwargs):
        """Look at this epoch's losses."""
        if net.has_diverged:
            raise StopTraining


class Evaluate(Callback):
    """Record a figure of the generator now and then; a subclass writes :meth:`evaluate`.

    The rows of the history between two evaluations have NaN. The last row is always evaluated.

    Parameters
    ----------
    every : int
        Updates between two evaluations.
    """

    #: The name of the figure in the history.
    name: str
    #: What a checkpoint keeps of a callback.
    state: tuple[str, ...] = ("next_look_",)

    def __init__(self, every: int):
        self.every = every

    def evaluate(self, net) -> float:
        """Compute the figure; NaN if it is not defined."""
        raise NotImplementedError

    def on_train_begin(self, net, X=None, y=None, **kwargs):
        """Start counting."""
        self.next_look_ = self.every

    def on_epoch_end(self, net, **kwargs):
        """Evaluate, if it is time to."""
        value = float("nan")
        if net.n_updates_ >= self.next_look_:
            self.next_look_ = net.n_updates_ + self.every
            value = self.evaluate(net)
        net.history.record(self.name, value)

    def on_train_end(self, net, X=None, y=None, **kwargs):
        """Evaluate the final generator; an epoch that was interrupted has no entry yet."""
        if math.isnan(net.history[-1].get(self.name, 0.0)):
            net.history.record(self.name, self.evaluate(net))


class WatchDiversity(Evaluate):
    """Record how varied generated series are, as a share of the real ones: ``diversity``.

    Parameters
    ----------
    labels : sequence of int, default=()
        The classes to evaluate, of a net that was fitted with classes; the least is recorded.
    every : int, default=50
        Updates between two evaluations.
    n_samples : int, default=64
        Number of series to generate, and of real ones to compare with.
    """

    name = "diversity"

    def __init__(self, labels: Sequence[int] = (), every: int = 50, n_samples: int = 64):
        super().__init__(every)
        self.labels = labels
        self.n_samples = n_samples

    def on_train_begin(self, net, X=None, y=None, **kwargs):
        """Keep some of the real series of each class to compare with."""
        super().on_train_begin(net, X, y, **kwargs)
        classes = {None: X} if y is None else {label: X[y == label] for label in self.labels}
        self.real_ = {
            label: np.asarray(series[:: math.ceil(len(series) / self.n_samples)])
            for label, series in classes.items()
        }

    def evaluate(self, net) -> float:
        """Compute the diversity ratio."""
        return float(np.min([self._of_class(net, *item) for item in self.real_.items()]))

    def _of_class(self, net, label: int | None, real: np.ndarray) -> float:
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

    state = ("collapsed_looks_",)

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


class KeepBest(Evaluate):
    """Record how far generated series are from held-out ones, and keep the best generator.

    After training the generator has the weights that it had at the best evaluation, the least
    ``discrepancy`` in the history.

    Parameters
    ----------
    discrepancy : callable
        ``(held_out, synthetic) -> float``; less is better.
    held_out : dict of label to object
        Real series that are not trained on, as `discrepancy` takes them, by class as the net knows
        it (None for a net that was fitted without classes). As many series are generated as their
        length says. The mean over the classes is recorded.
    every : int, default=50
        Updates between two evaluations.
    patience : int or None, default=None
        Evaluations in a row without a better one after which training stops; None never stops.
    """

    name = "discrepancy"
    state = (*Evaluate.state, "least_", "best_weights_", "worse_looks_")

    def __init__(
        self,
        discrepancy: Callable[[Any, np.ndarray], float],
        held_out: Mapping[int | None, Any],
        every: int = 50,
        patience: int | None = None,
    ):
        super().__init__(every)
        self.discrepancy = discrepancy
        self.held_out = held_out
        self.patience = patience

    def on_train_begin(self, net, X=None, y=None, **kwargs):
        """Start anew."""
        super().on_train_begin(net, X, y, **kwargs)
        self.least_ = math.inf
        self.best_weights_ = None
        self.worse_looks_ = 0

    def on_epoch_end(self, net, **kwargs):
        """Evaluate, if it is time to; stop if the last evaluations were no better."""
        super().on_epoch_end(net, **kwargs)
        if self.patience is not None and self.worse_looks_ >= self.patience:
            raise StopTraining

    def on_train_end(self, net, X=None, y=None, **kwargs):
        """Evaluate the final generator, and restore the best weights."""
        super().on_train_end(net, X, y, **kwargs)
        if self.best_weights_ is not None:
            net.drawing_module.load_state_dict(self.best_weights_)
        del self.best_weights_  # else pickled with the net, and on the device it was trained on

    def evaluate(self, net) -> float:
        """Compute the discrepancy, and keep the weights if it is the least so far."""
        found = []
        for label, held_out in self.held_out.items():
            generated = net.generate(len(held_out), label, random_state=net.random_state)
            if not generated.isfinite().all():
                return float("nan")
            found.append(self.discrepancy(held_out, generated.numpy()))
        discrepancy = float(np.mean(found))
        self.worse_looks_ += 1
        if discrepancy < self.least_:
            self.least_, self.worse_looks_ = discrepancy, 0
            self.best_weights_ = copy.deepcopy(net.drawing_module.state_dict())
        return discrepancy


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
        losses = {
            name[0].upper(): f"{value:.2f}" for name, value in row.items() if name.endswith("_loss")
        }
        self.bar_.set_postfix(losses, refresh=False)

    def on_train_end(self, net, X=None, y=None, **kwargs):
        """Close the bar; it cannot be pickled with the net."""
        self.bar_.close()
        del self.bar_
