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
    """Halve both learning rates at fixed intervals (Liu et al. 2023, section 4.2).

    Parameters
    ----------
    every : int, default=50
        Number of epochs between two halvings.
    """

    def __init__(self, every: int = 50):
        self.every = every

    def on_epoch_end(self, net: Any, **kwargs: Any) -> None:
        """Halve the learning rates if the interval has passed."""
        if len(net.history) % self.every == 0:
            for optimizer in (net.optimizer_, net.discriminator_optimizer_):
                for group in optimizer.param_groups:
                    group["lr"] *= 0.5


class StopWhenUndecided(Callback):
    """Stop when the discriminator no longer tells real from generated series.

    This is the stopping rule of Liu et al. (2023), section 3, step 3.

    Parameters
    ----------
    min_updates : int, default=0
        Number of updates after which epochs begin to count.
    tolerance : float, default=0.05
        Largest difference of the discriminator's accuracy from one half. Epochs count only after
        the accuracy has once been higher, because an untrained discriminator is near one half, too.
    patience : int, default=5
        Number of epochs in a row within the tolerance after which training stops.
    """

    state = ("undecided_epochs_", "could_tell_")

    def __init__(self, min_updates: int = 0, tolerance: float = 0.05, patience: int = 5):
        self.min_updates = min_updates
        self.tolerance = tolerance
        self.patience = patience

    def on_train_begin(self, net: Any, X: Any = None, y: Any = None, **kwargs: Any) -> None:
        """Set the count to zero."""
        self.undecided_epochs_ = 0
        self.could_tell_ = False

    def on_epoch_end(self, net: Any, **kwargs: Any) -> None:
        """Count this epoch, or reset the count."""
        row = net.history[-1]
        lead = row["discriminator_accuracy"] - 0.5
        self.could_tell_ = self.could_tell_ or lead > self.tolerance
        undecided = abs(lead) <= self.tolerance
        counts = undecided and self.could_tell_ and row["update"] > self.min_updates
        self.undecided_epochs_ = self.undecided_epochs_ + 1 if counts else 0
        if self.undecided_epochs_ >= self.patience:
            raise StopTraining


class StopWithParent(Callback):
    """End a worker process whose parent was killed, because nobody waits for its result."""

    def on_train_begin(self, net: Any, X: Any = None, y: Any = None, **kwargs: Any) -> None:
        """Store the parent of a worker. Other processes may outlive their parent."""
        self.parent_ = os.getppid() if multiprocessing.parent_process() else None

    def on_epoch_end(self, net: Any, **kwargs: Any) -> None:
        """End the process if it has a new parent, because the first one has ended."""
        if self.parent_ is not None and os.getppid() != self.parent_:
            os._exit(1)  # an exception would only reach joblib, whose workers wait for more work


class StopInTime(Callback):
    """Stop before an epoch that would end after a deadline.

    Parameters
    ----------
    deadline : float
        The deadline, in seconds of :func:`time.monotonic`.
    """

    def __init__(self, deadline: float):
        self.deadline = deadline

    def on_epoch_begin(self, net: Any, **kwargs: Any) -> None:
        """Store the time at which the epoch starts."""
        self.start_ = time.monotonic()

    def on_epoch_end(self, net: Any, **kwargs: Any) -> None:
        """Stop if the next epoch would end too late."""
        now = time.monotonic()
        if now + (now - self.start_) > self.deadline:
            raise StopTraining


class StopOnDivergence(Callback):
    """Stop when a loss is not finite, which the last row of the history shows."""

    def on_epoch_end(self, net: Any, **kwargs: Any) -> None:
        """Check the losses of this epoch."""
        if net.has_diverged:
            raise StopTraining


class Evaluate(Callback):
    """Record a metric of the generator at intervals. Subclasses implement :meth:`evaluate`.

    The history has NaN in the rows between two evaluations. The last row is always evaluated.

    Parameters
    ----------
    every : int
        Number of updates between two evaluations.
    """

    #: The name of the metric in the history.
    name: str
    #: The attributes that a checkpoint saves.
    state: tuple[str, ...] = ("next_evaluation_",)

    def __init__(self, every: int):
        self.every = every

    def evaluate(self, net: Any) -> float:
        """Compute the metric; NaN if it is not defined."""
        raise NotImplementedError

    def on_train_begin(self, net: Any, X: Any = None, y: Any = None, **kwargs: Any) -> None:
        """Schedule the first evaluation."""
        self.next_evaluation_ = self.every

    def on_epoch_end(self, net: Any, **kwargs: Any) -> None:
        """Record the metric if an evaluation is due, and NaN otherwise."""
        value = float("nan")
        if net.n_updates_ >= self.next_evaluation_:
            self.next_evaluation_ = net.n_updates_ + self.every
            value = self.evaluate(net)
        net.history.record(self.name, value)

    def on_train_end(self, net: Any, X: Any = None, y: Any = None, **kwargs: Any) -> None:
        """Evaluate the final generator, unless its epoch was evaluated or interrupted."""
        if math.isnan(net.history[-1].get(self.name, 0.0)):
            net.history.record(self.name, self.evaluate(net))


class WatchDiversity(Evaluate):
    """Record the diversity ratio of generated series, ``diversity`` in the history.

    Parameters
    ----------
    labels : sequence of int, default=()
        The classes to evaluate, for a net that was fitted with classes. The least ratio is
        recorded.
    every : int, default=50
        Number of updates between two evaluations.
    n_samples : int, default=64
        Number of series to generate, and largest number of real ones to compare with.
    """

    name = "diversity"

    def __init__(self, labels: Sequence[int] = (), every: int = 50, n_samples: int = 64):
        super().__init__(every)
        self.labels = labels
        self.n_samples = n_samples

    def on_train_begin(self, net: Any, X: Any = None, y: Any = None, **kwargs: Any) -> None:
        """Keep some real series of each class to compare with."""
        super().on_train_begin(net, X, y, **kwargs)
        classes = {None: X} if y is None else {label: X[y == label] for label in self.labels}
        self.real_ = {
            label: np.asarray(series[:: math.ceil(len(series) / self.n_samples)])
            for label, series in classes.items()
        }

    def evaluate(self, net: Any) -> float:
        """Compute the diversity ratio."""
        return float(np.min([self._of_class(net, *item) for item in self.real_.items()]))

    def _of_class(self, net: Any, label: int | None, real: np.ndarray) -> float:
        generated = net.generate(self.n_samples, label, random_state=net.random_state).numpy()
        if not np.isfinite(generated).all():
            return float("nan")
        return diversity_ratio(real, generated)


class StopOnCollapse(Callback):
    """Stop when the generator has clearly collapsed, and the discriminator has won.

    An evaluation of :class:`WatchDiversity` counts if both conditions hold: the diversity has
    clearly collapsed, and the discriminator's accuracy over the epoch is high. One condition alone
    is not enough, because the generator may still recover. Evaluations count only after
    `min_updates` updates, because an early collapse may also recover. This callback must come after
    :class:`WatchDiversity`.

    Parameters
    ----------
    min_updates : int, default=0
        Number of updates before the first evaluation that counts.
    margin : float, default=4
        The collapse is clear if `margin` times the diversity would still be a collapse.
    min_accuracy : float, default=0.95
        Least accuracy at which the discriminator has won; one half is guessing. Unlike a loss, the
        accuracy means the same for every :class:`~ganbats_sampler.adversarial.AdversarialLoss`.
    patience : int, default=2
        Number of evaluations in a row that count, after which training stops.
    """

    state = ("n_collapsed_",)

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

    def on_train_begin(self, net: Any, X: Any = None, y: Any = None, **kwargs: Any) -> None:
        """Set the count to zero."""
        self.n_collapsed_ = 0

    def on_epoch_end(self, net: Any, **kwargs: Any) -> None:
        """Count the evaluation of this epoch, if there was one, or reset the count."""
        row = net.history[-1]
        if math.isnan(row["diversity"]) or row["update"] < self.min_updates:
            return
        has_won = row["discriminator_accuracy"] >= self.min_accuracy
        collapsed = has_collapsed(self.margin * row["diversity"]) and has_won
        self.n_collapsed_ = self.n_collapsed_ + 1 if collapsed else 0
        if self.n_collapsed_ >= self.patience:
            raise StopTraining


class KeepBest(Evaluate):
    """Record how far generated series are from held-out ones, and keep the best generator.

    After training, the generator has the weights of the best evaluation, which has the least
    ``discrepancy`` in the history.

    Parameters
    ----------
    discrepancy : callable
        ``(held_out, synthetic) -> float``, where less is better.
    held_out : dict of int or None to object
        The held-out series that `discrepancy` receives, by the class code of the net (None for a
        net that was fitted without classes). For each class, the net generates ``len(held_out)``
        series. The mean over the classes is recorded.
    every : int, default=50
        Number of updates between two evaluations.
    patience : int or None, default=None
        Number of evaluations in a row without improvement after which training stops. None never
        stops it.
    """

    name = "discrepancy"
    state = (*Evaluate.state, "least_", "best_weights_", "n_worse_")

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

    def on_train_begin(self, net: Any, X: Any = None, y: Any = None, **kwargs: Any) -> None:
        """Forget the best evaluation."""
        super().on_train_begin(net, X, y, **kwargs)
        self.least_ = math.inf
        self.best_weights_ = None
        self.n_worse_ = 0

    def on_epoch_end(self, net: Any, **kwargs: Any) -> None:
        """Evaluate if it is due, and stop after `patience` evaluations without improvement."""
        super().on_epoch_end(net, **kwargs)
        if self.patience is not None and self.n_worse_ >= self.patience:
            raise StopTraining

    def on_train_end(self, net: Any, X: Any = None, y: Any = None, **kwargs: Any) -> None:
        """Evaluate the final generator, and restore the best weights."""
        super().on_train_end(net, X, y, **kwargs)
        if self.best_weights_ is not None:
            net.drawing_module.load_state_dict(self.best_weights_)
        del self.best_weights_  # they would be pickled with the net, on its device

    def evaluate(self, net: Any) -> float:
        """Compute the discrepancy, and keep the weights if it is the least so far."""
        found = []
        for label, held_out in self.held_out.items():
            generated = net.generate(len(held_out), label, random_state=net.random_state)
            if not generated.isfinite().all():
                return float("nan")
            found.append(self.discrepancy(held_out, generated.numpy()))
        discrepancy = float(np.mean(found))
        self.n_worse_ += 1
        if discrepancy < self.least_:
            self.least_, self.n_worse_ = discrepancy, 0
            self.best_weights_ = copy.deepcopy(net.drawing_module.state_dict())
        return discrepancy


class ShowProgress(Callback):
    """Show a progress bar of the generator updates, with the losses.

    D is the loss of the discriminator, and G that of the generator.

    Parameters
    ----------
    total : int
        Number of updates of the whole training.
    description : str, default=""
        The label of the bar.
    """

    def __init__(self, total: int, description: str = ""):
        self.total = total
        self.description = description

    def on_train_begin(self, net: Any, X: Any = None, y: Any = None, **kwargs: Any) -> None:
        """Show the empty bar."""
        from tqdm.auto import tqdm

        self.bar_ = tqdm(total=self.total, desc=self.description, unit="update", mininterval=0.5)

    def on_epoch_end(self, net: Any, **kwargs: Any) -> None:
        """Move the bar to the number of updates so far."""
        row = net.history[-1]
        self.bar_.update(row["update"] - self.bar_.n)
        losses = {
            name[0].upper(): f"{value:.2f}" for name, value in row.items() if name.endswith("_loss")
        }
        self.bar_.set_postfix(losses, refresh=False)

    def on_train_end(self, net: Any, X: Any = None, y: Any = None, **kwargs: Any) -> None:
        """Close and delete the bar, which cannot be pickled with the net."""
        self.bar_.close()
        del self.bar_
